DROP INDEX plans_replaces;
ALTER TABLE plans DROP COLUMN replaces_id;
