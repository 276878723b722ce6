DROP INDEX consolidated_reports_results_version;
ALTER TABLE consolidated_reports DROP COLUMN results_version;
ALTER TABLE consolidated_reports DROP COLUMN looking_back_public;
ALTER TABLE consolidated_reports DROP COLUMN looking_back_full;
