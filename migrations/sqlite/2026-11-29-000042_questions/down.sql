ALTER TABLE consolidated_reports DROP COLUMN sent_due_at;
DROP TABLE consolidation_deadlines;
ALTER TABLE reports DROP COLUMN answers;
ALTER TABLE reporting_periods DROP COLUMN questions;
