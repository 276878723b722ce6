ALTER TABLE consolidated_reports DROP COLUMN published_until;
DROP INDEX frozen_observations_jurisdiction;
ALTER TABLE frozen_observations DROP COLUMN until;
ALTER TABLE frozen_observations DROP COLUMN since;
ALTER TABLE frozen_observations DROP COLUMN indicator_code;
ALTER TABLE frozen_observations DROP COLUMN unit_code;
CREATE INDEX frozen_observations_jurisdiction ON frozen_observations (jurisdiction, indicator_id);
DELETE FROM observations WHERE until IS NOT NULL;
CREATE TABLE observations_old (
    id TEXT NOT NULL PRIMARY KEY,
    jurisdiction TEXT NOT NULL REFERENCES jurisdictions (code),
    plan_id TEXT NOT NULL REFERENCES plans (id),
    period_id TEXT NOT NULL REFERENCES reporting_periods (id),
    report_id TEXT NOT NULL REFERENCES reports (id),
    unit_id TEXT NOT NULL REFERENCES units (id),
    indicator_id TEXT NOT NULL REFERENCES indicators (id),
    disaggregation TEXT NOT NULL,
    numerator BIGINT,
    denominator BIGINT,
    answer BOOLEAN,
    status TEXT NOT NULL CHECK (status IN ('estimate', 'final')),
    not_applicable TEXT,
    note TEXT,
    extra TEXT,
    definition_version INTEGER NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (report_id, indicator_id, disaggregation)
);
INSERT INTO observations_old
SELECT id, jurisdiction, plan_id, period_id, report_id, unit_id, indicator_id, disaggregation, numerator, denominator, answer, status,
    not_applicable, note, extra, definition_version, updated_at FROM observations;
DROP TABLE observations;
ALTER TABLE observations_old RENAME TO observations;
CREATE INDEX observations_plan ON observations (plan_id, indicator_id);
CREATE INDEX observations_indicator ON observations (indicator_id);
CREATE INDEX observations_period ON observations (period_id);
CREATE INDEX observations_unit ON observations (unit_id);
CREATE INDEX observations_jurisdiction ON observations (jurisdiction, indicator_id);
ALTER TABLE period_extensions DROP COLUMN until;
DROP TABLE period_excusals;
DROP TABLE period_transfers;
DROP TABLE period_obligations;
ALTER TABLE period_units DROP COLUMN excused_reason;
ALTER TABLE period_units DROP COLUMN excused_at;
ALTER TABLE period_indicators DROP COLUMN dimensions;
ALTER TABLE period_indicators DROP COLUMN counterpart;
ALTER TABLE period_indicators DROP COLUMN definition_version;
DROP INDEX indicator_definitions_counterpart;
DROP INDEX indicator_definitions_plan_indicator;
DROP INDEX indicator_definitions_goal;
ALTER TABLE indicator_definitions DROP COLUMN changed_by_name;
ALTER TABLE indicator_definitions DROP COLUMN changed_by;
ALTER TABLE indicator_definitions DROP COLUMN dimensions;
ALTER TABLE indicator_definitions DROP COLUMN restricted;
ALTER TABLE indicator_definitions DROP COLUMN counterpart;
ALTER TABLE indicator_definitions DROP COLUMN plan_indicator_id;
ALTER TABLE indicator_definitions DROP COLUMN goal_id;
ALTER TABLE indicator_definitions DROP COLUMN effective_from;
DROP INDEX indicators_counterpart;
DROP INDEX indicators_continues;
ALTER TABLE indicators DROP COLUMN counterpart;
ALTER TABLE indicators DROP COLUMN continues;
ALTER TABLE indicators DROP COLUMN last_year;
ALTER TABLE indicators DROP COLUMN effective_from;
