-- Of a draft that is still there the last rejected approval stays known, without figures: it then counts as having shown none.
UPDATE consolidated_reports SET hidden = (
    SELECT a.hidden FROM rejected_approvals a WHERE a.consolidated_id = consolidated_reports.id ORDER BY a.approved_at DESC LIMIT 1
)
WHERE content_full IS NULL;
DROP TABLE rejected_approvals;
