-- What was learnt stays: nobody could tell any more what a ward has changed since.
SELECT 1;
