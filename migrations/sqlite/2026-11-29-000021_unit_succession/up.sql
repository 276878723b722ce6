-- Units come and go: a unit is in force when it is active and the day lies between these two, both included.
ALTER TABLE units ADD COLUMN valid_from DATE;
ALTER TABLE units ADD COLUMN valid_until DATE;
-- Whether today lies between them, as the service last noted.
ALTER TABLE units ADD COLUMN in_force BOOLEAN NOT NULL DEFAULT TRUE;

-- That a unit is dissolved or will be; `done_at` says when its work was handed over.
CREATE TABLE unit_dissolutions (
    unit_id TEXT NOT NULL PRIMARY KEY REFERENCES units (id) ON DELETE CASCADE,
    dissolves_on DATE NOT NULL,
    reason TEXT NOT NULL,
    by_id TEXT,
    by_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    done_at TIMESTAMP
);
CREATE INDEX unit_dissolutions_waiting ON unit_dissolutions (dissolves_on) WHERE done_at IS NULL;

-- The units that take its place.
CREATE TABLE unit_successors (
    unit_id TEXT NOT NULL REFERENCES unit_dissolutions (unit_id) ON DELETE CASCADE,
    successor_id TEXT NOT NULL REFERENCES units (id),
    position INTEGER NOT NULL,
    PRIMARY KEY (unit_id, successor_id)
);
CREATE INDEX unit_successors_successor ON unit_successors (successor_id);
