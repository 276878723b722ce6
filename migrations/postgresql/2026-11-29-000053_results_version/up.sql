-- Which members the results of a consolidated report have: 1 lacks coverage, breakdowns and year_result, which the service fills in at
-- its next start from the rows as they stand. What is frozen keeps its bytes.
ALTER TABLE consolidated_reports ADD COLUMN results_version INTEGER NOT NULL DEFAULT 2;
UPDATE consolidated_reports SET results_version = 1 WHERE computed NOT LIKE '%"coverage"%';
CREATE INDEX consolidated_reports_results_version ON consolidated_reports (id) WHERE results_version < 2;
