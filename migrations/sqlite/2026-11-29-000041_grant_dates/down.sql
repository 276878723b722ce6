ALTER TABLE grants DROP COLUMN valid_until;
ALTER TABLE grants DROP COLUMN valid_from;
