-- How what was approved looks back: of each indicator of the period (JSON: [{"indicator", "name", "target", "final_target", "year_result",
-- "previous_value", "change", "pace"}]), with all figures and without the hidden ones. It is what the content says, kept apart so that
-- those of many wards are read at once.
ALTER TABLE consolidated_reports ADD COLUMN looking_back_full TEXT;
ALTER TABLE consolidated_reports ADD COLUMN looking_back_public TEXT;

-- Which members a consolidated report has: 1 lacks these and coverage, breakdowns and year_result of its results, which the service fills
-- in at its next start from the content and from the rows as they stand. What is frozen keeps its bytes.
ALTER TABLE consolidated_reports ADD COLUMN results_version INTEGER NOT NULL DEFAULT 2;
UPDATE consolidated_reports SET results_version = 1 WHERE content_full IS NOT NULL OR computed NOT LIKE '%"coverage"%';
CREATE INDEX consolidated_reports_results_version ON consolidated_reports (id) WHERE results_version < 2;

-- What is read of a quarter or month that was sent with its own report and with that of its year: the year's alone.
UPDATE frozen_observations SET until = (
    SELECT max(y.sent_at) FROM consolidated_reports y
        JOIN reporting_periods yp ON yp.id = y.period_id
        JOIN reporting_periods qp ON qp.id = frozen_observations.period_id
    WHERE y.published = TRUE AND yp.plan_id = qp.plan_id AND yp.kind = 'periodic' AND yp.frequency = 'annual'
        AND qp.kind = 'periodic' AND qp.label LIKE yp.label || '-%')
WHERE since IS NOT NULL AND until IS NULL
    AND consolidated_id IN (SELECT k.id FROM consolidated_reports k WHERE k.period_id = frozen_observations.period_id);
