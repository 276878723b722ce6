-- Wards come and go: an administrative unit exists from the one day until the other, both included.
ALTER TABLE jurisdictions ADD COLUMN valid_from DATE;
ALTER TABLE jurisdictions ADD COLUMN valid_until DATE;

-- That one is dissolved or will be; `done_at` says when its later periods were closed.
CREATE TABLE jurisdiction_dissolutions (
    jurisdiction TEXT NOT NULL PRIMARY KEY REFERENCES jurisdictions (code) ON DELETE CASCADE,
    dissolves_on DATE NOT NULL,
    reason TEXT NOT NULL,
    by_id TEXT,
    by_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    done_at TIMESTAMP
);
CREATE INDEX jurisdiction_dissolutions_waiting ON jurisdiction_dissolutions (dissolves_on) WHERE done_at IS NULL;

-- The administrative units that take its place.
CREATE TABLE jurisdiction_successors (
    jurisdiction TEXT NOT NULL REFERENCES jurisdiction_dissolutions (jurisdiction) ON DELETE CASCADE,
    successor TEXT NOT NULL REFERENCES jurisdictions (code),
    position INTEGER NOT NULL,
    PRIMARY KEY (jurisdiction, successor)
);
CREATE INDEX jurisdiction_successors_successor ON jurisdiction_successors (successor);
