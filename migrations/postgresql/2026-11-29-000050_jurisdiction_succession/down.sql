DROP TABLE jurisdiction_successors;
DROP TABLE jurisdiction_dissolutions;
ALTER TABLE jurisdictions DROP COLUMN valid_until;
ALTER TABLE jurisdictions DROP COLUMN valid_from;
