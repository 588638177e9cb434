-- An order that turned out to be another one under a further name leads to that one.
ALTER TABLE orders ADD COLUMN merged_into BYTEA;
