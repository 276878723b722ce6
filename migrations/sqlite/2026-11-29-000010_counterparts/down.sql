DROP INDEX period_indicators_counterpart;
ALTER TABLE period_indicators DROP COLUMN counterpart_id;
