DROP INDEX changes_transaction;
ALTER TABLE changes DROP COLUMN transaction_id;
