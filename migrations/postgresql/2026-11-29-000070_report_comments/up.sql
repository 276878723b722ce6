-- What a unit, the coordinator and the leader say to each other about a report. The remarks with which reports were returned are such comments:
-- those of reports that have been accepted since count as resolved.
CREATE TABLE report_comments (
    id TEXT NOT NULL PRIMARY KEY,
    report_id TEXT NOT NULL REFERENCES reports (id),
    jurisdiction TEXT NOT NULL,
    indicator_id TEXT REFERENCES indicators (id) ON DELETE SET NULL,
    text TEXT NOT NULL,
    by_id TEXT,
    by_name TEXT NOT NULL,
    resolved_at TIMESTAMP,
    resolved_by_id TEXT,
    resolved_by_name TEXT,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX report_comments_report ON report_comments (report_id);
CREATE INDEX report_comments_indicator ON report_comments (indicator_id);

INSERT INTO report_comments (id, report_id, jurisdiction, indicator_id, text, by_id, by_name, resolved_at, version, created_at, updated_at)
SELECT
    gen_random_uuid()::text,
    r.id, r.jurisdiction, i.id, remark.value ->> 'remark', e.by_id, e.by_name,
    CASE WHEN r.status IN ('accepted', 'consolidated') THEN COALESCE(r.accepted_at, r.updated_at) END, 1, e.at, e.at
FROM report_events e
JOIN reports r ON r.id = e.report_id
CROSS JOIN LATERAL jsonb_array_elements(e.remarks::jsonb) AS remark (value)
JOIN indicators i ON i.id = remark.value -> 'indicator' ->> 'id';
