-- What was reported, judged and published stays as it was: meanings have years, periods keep what they asked, and what was sent
-- keeps its results.

-- Versions of meaning. Figures that exist were judged by the newest one so far, in every year.
ALTER TABLE indicators ADD COLUMN effective_from INTEGER NOT NULL DEFAULT 0;
ALTER TABLE indicators ADD COLUMN last_year INTEGER;
ALTER TABLE indicators ADD COLUMN continues TEXT REFERENCES indicators (id);
ALTER TABLE indicators ADD COLUMN counterpart TEXT REFERENCES indicators (id);
CREATE INDEX indicators_continues ON indicators (continues);
CREATE INDEX indicators_counterpart ON indicators (counterpart);
UPDATE indicators SET effective_from = (SELECT p.start_year FROM plans p WHERE p.id = indicators.plan_id);

ALTER TABLE indicator_definitions ADD COLUMN effective_from INTEGER NOT NULL DEFAULT 0;
ALTER TABLE indicator_definitions ADD COLUMN goal_id TEXT REFERENCES goals (id);
ALTER TABLE indicator_definitions ADD COLUMN plan_indicator_id TEXT REFERENCES plan_indicators (id);
ALTER TABLE indicator_definitions ADD COLUMN counterpart TEXT REFERENCES indicators (id);
ALTER TABLE indicator_definitions ADD COLUMN restricted BOOLEAN NOT NULL DEFAULT FALSE;
-- The dimensions as JSON: [{"dimension": {"id", "code"}, "additive", "expected"}].
ALTER TABLE indicator_definitions ADD COLUMN dimensions TEXT NOT NULL DEFAULT '[]';
ALTER TABLE indicator_definitions ADD COLUMN changed_by TEXT;
ALTER TABLE indicator_definitions ADD COLUMN changed_by_name TEXT;
CREATE INDEX indicator_definitions_goal ON indicator_definitions (goal_id);
CREATE INDEX indicator_definitions_plan_indicator ON indicator_definitions (plan_indicator_id);
CREATE INDEX indicator_definitions_counterpart ON indicator_definitions (counterpart);
UPDATE indicator_definitions SET
    effective_from = (SELECT i.effective_from FROM indicators i WHERE i.id = indicator_id),
    goal_id = (SELECT i.goal_id FROM indicators i WHERE i.id = indicator_id),
    plan_indicator_id = (SELECT i.plan_indicator_id FROM indicators i WHERE i.id = indicator_id),
    restricted = (SELECT i.restricted FROM indicators i WHERE i.id = indicator_id);
UPDATE indicator_definitions SET dimensions = coalesce((SELECT json_group_array(json_object('dimension', json_object('id', s.id, 'code', s.code), 'additive', json(iif(s.additive, 'true', 'false')), 'expected', json(iif(s.expected, 'true', 'false')))) FROM (SELECT d.id, d.code, x.additive, x.expected FROM indicator_dimensions x JOIN dimensions d ON d.id = x.dimension_id WHERE x.indicator_id = indicator_definitions.indicator_id ORDER BY x.position) s), '[]');

-- What a period asked when it was opened: in which version, and with which values of each dimension (JSON).
ALTER TABLE period_indicators ADD COLUMN definition_version INTEGER;
ALTER TABLE period_indicators ADD COLUMN counterpart TEXT;
ALTER TABLE period_indicators ADD COLUMN dimensions TEXT;
UPDATE period_indicators SET
    definition_version = (SELECT i.definition_version FROM indicators i WHERE i.id = indicator_id),
    dimensions = coalesce((SELECT json_group_array(json_object('code', s.code, 'additive', json(iif(s.additive, 'true', 'false')), 'expected', json(iif(s.expected, 'true', 'false')), 'values', json(s.dimension_values))) FROM (SELECT d.code, x.additive, x.expected, d.dimension_values FROM indicator_dimensions x JOIN dimensions d ON d.id = x.dimension_id WHERE x.indicator_id = period_indicators.indicator_id ORDER BY x.position) s), '[]')
WHERE period_id IN (SELECT p.id FROM reporting_periods p WHERE p.frozen);

ALTER TABLE period_units ADD COLUMN excused_at TIMESTAMP;
ALTER TABLE period_units ADD COLUMN excused_reason TEXT;

-- Who owes what in an opened period, from when until when.
CREATE TABLE period_obligations (
    period_id TEXT NOT NULL REFERENCES reporting_periods (id) ON DELETE CASCADE,
    unit_id TEXT NOT NULL REFERENCES units (id),
    indicator_id TEXT NOT NULL REFERENCES indicators (id),
    -- The group for which the unit owes it.
    via_group TEXT REFERENCES units (id),
    since TIMESTAMP NOT NULL,
    until TIMESTAMP,
    PRIMARY KEY (period_id, unit_id, indicator_id, since)
);
CREATE UNIQUE INDEX period_obligations_held ON period_obligations (period_id, unit_id, indicator_id) WHERE until IS NULL;
CREATE INDEX period_obligations_unit ON period_obligations (unit_id);
CREATE INDEX period_obligations_indicator ON period_obligations (indicator_id);
CREATE INDEX period_obligations_via_group ON period_obligations (via_group);

-- The rule by which it was decided so far, applied to every opened period once for all: naming a member overrides its group, a
-- group is replaced by the members that take part.
INSERT INTO period_obligations (period_id, unit_id, indicator_id, via_group, since)
SELECT pu.period_id, pu.unit_id, pi.indicator_id,
    CASE WHEN EXISTS (SELECT 1 FROM indicator_units n WHERE n.indicator_id = pi.indicator_id AND n.unit_id = u.id AND n.duty = 'report')
        THEN NULL ELSE u.parent_id END,
    coalesce((SELECT r.created_at FROM reports r WHERE r.period_id = pu.period_id AND r.unit_id = pu.unit_id), p.updated_at)
FROM reporting_periods p
JOIN period_units pu ON pu.period_id = p.id
JOIN period_indicators pi ON pi.period_id = p.id
JOIN units u ON u.id = pu.unit_id
WHERE p.frozen AND (
    EXISTS (SELECT 1 FROM reports r JOIN observations o ON o.report_id = r.id
        WHERE r.period_id = p.id AND r.unit_id = u.id AND o.indicator_id = pi.indicator_id AND r.status IN ('accepted', 'consolidated'))
    OR (EXISTS (SELECT 1 FROM indicator_units n WHERE n.indicator_id = pi.indicator_id AND n.unit_id = u.id AND n.duty = 'report')
        AND NOT EXISTS (SELECT 1 FROM indicator_units n JOIN units m ON m.id = n.unit_id
            WHERE n.indicator_id = pi.indicator_id AND n.duty = 'report' AND m.parent_id = u.id)
        AND NOT (u.is_group AND EXISTS (SELECT 1 FROM period_units q JOIN units m ON m.id = q.unit_id
            WHERE q.period_id = p.id AND m.parent_id = u.id)))
    OR (EXISTS (SELECT 1 FROM indicator_units n JOIN units g ON g.id = n.unit_id
            WHERE n.indicator_id = pi.indicator_id AND n.duty = 'report' AND g.id = u.parent_id AND g.is_group)
        AND NOT EXISTS (SELECT 1 FROM indicator_units n JOIN units m ON m.id = n.unit_id
            WHERE n.indicator_id = pi.indicator_id AND n.duty = 'report' AND m.parent_id = u.parent_id)));

CREATE TABLE period_transfers (
    id TEXT NOT NULL PRIMARY KEY,
    period_id TEXT NOT NULL REFERENCES reporting_periods (id) ON DELETE CASCADE,
    indicator_id TEXT NOT NULL REFERENCES indicators (id),
    from_unit TEXT REFERENCES units (id),
    to_unit TEXT NOT NULL REFERENCES units (id),
    reason TEXT NOT NULL,
    by_id TEXT,
    by_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX period_transfers_period ON period_transfers (period_id);
CREATE INDEX period_transfers_indicator ON period_transfers (indicator_id);
CREATE INDEX period_transfers_from_unit ON period_transfers (from_unit);
CREATE INDEX period_transfers_to_unit ON period_transfers (to_unit);

CREATE TABLE period_excusals (
    id TEXT NOT NULL PRIMARY KEY,
    period_id TEXT NOT NULL REFERENCES reporting_periods (id) ON DELETE CASCADE,
    unit_id TEXT NOT NULL REFERENCES units (id),
    reason TEXT NOT NULL,
    by_id TEXT,
    by_name TEXT NOT NULL,
    since TIMESTAMP NOT NULL,
    until TIMESTAMP
);
CREATE UNIQUE INDEX period_excusals_held ON period_excusals (period_id, unit_id) WHERE until IS NULL;
CREATE INDEX period_excusals_period ON period_excusals (period_id);
CREATE INDEX period_excusals_unit ON period_excusals (unit_id);

-- Until when an extension was the one that counted.
ALTER TABLE period_extensions ADD COLUMN until TIMESTAMP;
UPDATE period_extensions SET until = (SELECT min(later.created_at) FROM period_extensions later
    WHERE later.period_id = period_extensions.period_id AND later.unit_id = period_extensions.unit_id
        AND (later.created_at > period_extensions.created_at
            OR (later.created_at = period_extensions.created_at AND later.id > period_extensions.id)));

-- A figure bears since when it counts, and until when it did; what a reopened report said stays as a row of its own. One that its
-- unit no longer owes is not counted.
CREATE TABLE observations_new (
    id TEXT NOT NULL PRIMARY KEY,
    jurisdiction TEXT NOT NULL REFERENCES jurisdictions (code),
    plan_id TEXT NOT NULL REFERENCES plans (id),
    period_id TEXT NOT NULL REFERENCES reporting_periods (id),
    report_id TEXT NOT NULL REFERENCES reports (id),
    unit_id TEXT NOT NULL REFERENCES units (id),
    indicator_id TEXT NOT NULL REFERENCES indicators (id),
    -- Canonical JSON, keys sorted: {} for the total.
    disaggregation TEXT NOT NULL,
    -- Exact decimals, scaled by 10000.
    numerator BIGINT,
    denominator BIGINT,
    answer BOOLEAN,
    status TEXT NOT NULL CHECK (status IN ('estimate', 'final')),
    not_applicable TEXT,
    note TEXT,
    extra TEXT,
    definition_version INTEGER NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    counted BOOLEAN NOT NULL DEFAULT TRUE,
    since TIMESTAMP,
    until TIMESTAMP
);
INSERT INTO observations_new
SELECT o.*, TRUE, CASE WHEN r.status IN ('accepted', 'consolidated') THEN coalesce(r.accepted_at, r.updated_at) END, NULL
FROM observations o JOIN reports r ON r.id = o.report_id;
DROP TABLE observations;
ALTER TABLE observations_new RENAME TO observations;
CREATE INDEX observations_plan ON observations (plan_id, indicator_id);
CREATE INDEX observations_indicator ON observations (indicator_id);
CREATE INDEX observations_period ON observations (period_id);
CREATE INDEX observations_unit ON observations (unit_id);
UPDATE observations SET counted = FALSE WHERE NOT EXISTS (SELECT 1 FROM period_obligations o
    WHERE o.period_id = observations.period_id AND o.unit_id = observations.unit_id AND o.indicator_id = observations.indicator_id);
CREATE INDEX observations_jurisdiction ON observations (jurisdiction, since, id);
CREATE UNIQUE INDEX observations_present ON observations (report_id, indicator_id, disaggregation) WHERE until IS NULL;
CREATE INDEX observations_report ON observations (report_id);

ALTER TABLE frozen_observations ADD COLUMN unit_code TEXT;
ALTER TABLE frozen_observations ADD COLUMN indicator_code TEXT;
ALTER TABLE frozen_observations ADD COLUMN since TIMESTAMP;
ALTER TABLE frozen_observations ADD COLUMN until TIMESTAMP;
DROP INDEX frozen_observations_jurisdiction;
CREATE INDEX frozen_observations_jurisdiction ON frozen_observations (jurisdiction, since, id);
UPDATE frozen_observations SET
    unit_code = (SELECT u.code FROM units u WHERE u.id = unit_id),
    indicator_code = (SELECT i.code FROM indicators i WHERE i.id = indicator_id),
    since = (SELECT coalesce(k.sent_at, k.updated_at) FROM consolidated_reports k WHERE k.id = consolidated_id AND k.published);

-- Until when it was the one that the public read.
ALTER TABLE consolidated_reports ADD COLUMN published_until TIMESTAMP;
