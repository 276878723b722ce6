-- The first and the last day on which a grant holds, in local time; null for no bound.
ALTER TABLE grants ADD COLUMN valid_from DATE;
ALTER TABLE grants ADD COLUMN valid_until DATE;
