-- The place of a change in the feed, given once it is committed (`change/order.rs`): what is visible has the places up to
-- `change_counter.position`, without gaps, and what is committed later comes later. `insertion` only orders those that wait for
-- a place. Rows from before are placed by their ids, which are in the order of their making. `forgotten` is the last place whose
-- change is no longer kept.
CREATE TABLE change_counter (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    position BIGINT NOT NULL,
    forgotten BIGINT NOT NULL
);
ALTER TABLE changes ADD COLUMN insertion BIGINT;
ALTER TABLE changes ADD COLUMN position BIGINT;

UPDATE changes SET position = placed.place, insertion = placed.place
FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM changes) AS placed
WHERE placed.id = changes.id;
INSERT INTO change_counter (id, position, forgotten) SELECT 1, count(*), 0 FROM changes;

CREATE SEQUENCE changes_insertion OWNED BY changes.insertion;
SELECT setval('changes_insertion', (SELECT position + 1 FROM change_counter), false);
ALTER TABLE changes ALTER COLUMN insertion SET DEFAULT nextval('changes_insertion');
CREATE UNIQUE INDEX changes_position ON changes (position);
CREATE INDEX changes_unplaced ON changes (insertion) WHERE position IS NULL;
