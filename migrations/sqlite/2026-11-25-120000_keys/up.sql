-- The keys that packed values may be under, by their names (gateway/src/store/keys.rs). A statement
-- is sealed under its key; those of an earlier build's keys have none yet.
CREATE TABLE keys (
    name BLOB PRIMARY KEY NOT NULL,
    statement BLOB
);

-- A packed value starts with its format, 2 and 3 are sealed; in 3 the id of a dictionary stands
-- before the name of the key (gateway/src/store/seal.rs).
INSERT INTO keys (name)
SELECT DISTINCT
    CASE substr(packed, 1, 1) WHEN x'02' THEN substr(packed, 2, 4) ELSE substr(packed, 6, 4) END
FROM (
    SELECT content AS packed FROM webhooks
    UNION ALL SELECT document FROM orders
    UNION ALL SELECT document FROM appointments
    UNION ALL SELECT document FROM reports
) AS everything
WHERE substr(packed, 1, 1) IN (x'02', x'03') AND length(packed) > 9;
