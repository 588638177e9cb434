-- Which report the answer is a version of, where the answer does not say it.
ALTER TABLE tasks ADD COLUMN provider_report_id TEXT;
