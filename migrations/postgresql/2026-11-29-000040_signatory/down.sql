ALTER TABLE consolidated_reports DROP COLUMN signatory;
ALTER TABLE accounts DROP COLUMN position;
