-- Which transaction a change belongs to: a server that keeps answers asks what was committed since it last looked, and
-- that is not what has come into being since. Rows from before have none. Not a rewrite of the table: the default comes after
-- the column.
ALTER TABLE changes ADD COLUMN transaction_id BIGINT;
ALTER TABLE changes ALTER COLUMN transaction_id SET DEFAULT (pg_current_xact_id()::text::bigint);
CREATE INDEX changes_transaction ON changes (transaction_id) WHERE transaction_id IS NOT NULL;
