ALTER TABLE tasks DROP COLUMN provider_report_id;
