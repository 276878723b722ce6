-- Who signs the paper of a consolidated report, and in what office people sign.
ALTER TABLE accounts ADD COLUMN position TEXT;
-- JSON: {"name", "position", "signing_capacity": [{"kind", "of"}]}, from approval on.
ALTER TABLE consolidated_reports ADD COLUMN signatory TEXT;
UPDATE consolidated_reports SET signatory = json_object('name', approved_by_name, 'position', NULL, 'signing_capacity', json('[]'))
WHERE approved_by_name IS NOT NULL;
