-- One row once retention has run: the time that it went by (gateway/src/store/clock.rs).
CREATE TABLE clock (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    pruned_at BIGINT NOT NULL
);
