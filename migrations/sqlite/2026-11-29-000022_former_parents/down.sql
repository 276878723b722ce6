DROP TABLE former_parents;
ALTER TABLE jurisdictions DROP COLUMN parent_from;
