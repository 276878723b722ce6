-- What thematic and ad hoc periods ask beside their indicators (JSON: [{"code", "text", "type", "unit_of_measure", "required",
-- "restricted"}]), and what the units answer (JSON: value by code).
ALTER TABLE reporting_periods ADD COLUMN questions TEXT NOT NULL DEFAULT '[]';
ALTER TABLE reports ADD COLUMN answers TEXT NOT NULL DEFAULT '{}';

-- By when the wards below an administrative unit owe the province the consolidated report of the periods with a label.
CREATE TABLE consolidation_deadlines (
    jurisdiction TEXT NOT NULL REFERENCES jurisdictions (code),
    label TEXT NOT NULL,
    due_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (jurisdiction, label)
);

-- The deadline that was in force when one was sent.
ALTER TABLE consolidated_reports ADD COLUMN sent_due_at TIMESTAMP;
UPDATE consolidated_reports SET sent_due_at = (SELECT p.consolidated_due_at FROM reporting_periods p WHERE p.id = period_id)
WHERE sent_at IS NOT NULL;
