-- One plan a year: a plan may take the place of another one of its ward from its first year on. Plans that overlap already
-- stay as they are; what is asked of a year is read from the one that held it.
ALTER TABLE plans ADD COLUMN replaces_id TEXT REFERENCES plans (id);
CREATE INDEX plans_replaces ON plans (replaces_id);
