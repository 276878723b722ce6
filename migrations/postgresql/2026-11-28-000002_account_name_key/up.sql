-- The displayed name as accounts are sorted by it: folded, as in the second line of the search column.
ALTER TABLE accounts ADD COLUMN name_key TEXT COLLATE "C" NOT NULL DEFAULT '';
UPDATE accounts SET name_key = split_part(fold, E'\n', 2);
