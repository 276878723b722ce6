-- The displayed name as accounts are sorted by it: folded, as in the second line of the search column.
ALTER TABLE accounts ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
UPDATE accounts SET name_key = substr(fold, instr(fold, char(10)) + 1);
UPDATE accounts SET name_key = substr(name_key, 1, instr(name_key || char(10), char(10)) - 1);
