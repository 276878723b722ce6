-- A ward may move to another province: what it sent before stays with the former one.
ALTER TABLE jurisdictions ADD COLUMN parent_from DATE;

-- To what an administrative unit belonged before, until which day; without a first day since ever.
CREATE TABLE former_parents (
    jurisdiction TEXT NOT NULL REFERENCES jurisdictions (code) ON DELETE CASCADE,
    parent TEXT NOT NULL REFERENCES jurisdictions (code),
    since DATE,
    until DATE NOT NULL,
    PRIMARY KEY (jurisdiction, until)
);
CREATE INDEX former_parents_parent ON former_parents (parent);
