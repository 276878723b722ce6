-- What consolidated reports showed and hid that were approved and rejected again: it stays known, whether the report is approved
-- once more or its draft is deleted (`consolidated_id` then names nothing). `cells` is a list of period,
-- indicator, unit, disaggregation, numerator and denominator.
CREATE TABLE rejected_approvals (
    id TEXT NOT NULL PRIMARY KEY,
    consolidated_id TEXT NOT NULL,
    plan_id TEXT NOT NULL REFERENCES plans (id) ON DELETE CASCADE,
    approved_at TIMESTAMP NOT NULL,
    hidden TEXT,
    cells TEXT NOT NULL
);
CREATE INDEX rejected_approvals_plan ON rejected_approvals (plan_id);

INSERT INTO rejected_approvals (id, consolidated_id, plan_id, approved_at, hidden, cells)
SELECT
    k.id, k.id, k.plan_id,
    COALESCE((SELECT MAX(e.at) FROM consolidated_events e WHERE e.consolidated_id = k.id AND e.action = 'approve'), k.computed_at),
    k.hidden,
    (SELECT COALESCE(json_agg(
        json_build_array(f.period_id, f.indicator_id, f.unit_id, f.disaggregation, f.numerator, f.denominator)
    ), '[]')::text FROM frozen_observations f WHERE f.consolidated_id = k.id AND f.numerator IS NOT NULL)
FROM consolidated_reports k
WHERE k.content_full IS NULL AND k.hidden IS NOT NULL;

DELETE FROM frozen_observations WHERE consolidated_id IN (SELECT consolidated_id FROM rejected_approvals);
UPDATE consolidated_reports SET hidden = NULL WHERE content_full IS NULL;
