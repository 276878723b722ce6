ALTER TABLE consolidated_reports DROP COLUMN hidden;
