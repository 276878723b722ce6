DROP INDEX changes_unplaced;
DROP INDEX changes_position;
ALTER TABLE changes DROP COLUMN position;
ALTER TABLE changes DROP COLUMN insertion;
DROP TABLE change_counter;
