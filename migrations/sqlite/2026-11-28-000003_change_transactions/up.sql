-- Which transaction a change belongs to. SQLite commits one at a time, in the order of the rows, and needs none.
ALTER TABLE changes ADD COLUMN transaction_id BIGINT;
CREATE INDEX changes_transaction ON changes (transaction_id) WHERE transaction_id IS NOT NULL;
