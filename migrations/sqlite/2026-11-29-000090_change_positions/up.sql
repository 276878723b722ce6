-- The place of a change in the feed: what is visible has the places up to `change_counter.position`, without gaps, and what is
-- committed later comes later. SQLite commits one transaction at a time, so that the place is given with the row; `insertion`
-- is for PostgreSQL. Rows from before are placed by their ids, which are in the order of their making. `forgotten` is the last
-- place whose change is no longer kept.
CREATE TABLE change_counter (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    position BIGINT NOT NULL,
    forgotten BIGINT NOT NULL
);
ALTER TABLE changes ADD COLUMN insertion BIGINT;
ALTER TABLE changes ADD COLUMN position BIGINT;

UPDATE changes SET position = placed.place
FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM changes) AS placed
WHERE placed.id = changes.id;
INSERT INTO change_counter (id, position, forgotten) SELECT 1, count(*), 0 FROM changes;

CREATE UNIQUE INDEX changes_position ON changes (position);
CREATE INDEX changes_unplaced ON changes (insertion) WHERE position IS NULL;

CREATE TRIGGER changes_placed AFTER INSERT ON changes WHEN NEW.position IS NULL BEGIN
    UPDATE change_counter SET position = position + 1 WHERE id = 1;
    UPDATE changes SET position = (SELECT position FROM change_counter WHERE id = 1) WHERE rowid = NEW.rowid;
END;
