-- What an approved consolidated report hides from readers without the scope restricted:read, as JSON. It stays null in
-- those approved before the rule: they hid every restricted figure.
ALTER TABLE consolidated_reports ADD COLUMN hidden TEXT;
