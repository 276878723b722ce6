-- To which indicator of the province's plan an opened period's indicator answered, as a reference: a year of that indicator is then
-- opened as well.
ALTER TABLE period_indicators ADD COLUMN counterpart_id TEXT REFERENCES indicators (id);
CREATE INDEX period_indicators_counterpart ON period_indicators (counterpart_id);
UPDATE period_indicators SET counterpart_id = (SELECT i.id FROM indicators i WHERE i.id = json_extract(counterpart, '$.id'))
WHERE counterpart IS NOT NULL;
