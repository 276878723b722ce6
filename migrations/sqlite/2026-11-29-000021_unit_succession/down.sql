DROP TABLE unit_successors;
DROP TABLE unit_dissolutions;
ALTER TABLE units DROP COLUMN in_force;
ALTER TABLE units DROP COLUMN valid_until;
ALTER TABLE units DROP COLUMN valid_from;
