ALTER TABLE orders DROP COLUMN merged_into;
