DROP INDEX sessions_expiry;
DROP INDEX refresh_tokens_issued;
ALTER TABLE refresh_tokens DROP COLUMN successor_salt;
DROP TABLE sign_in_places;
DROP TABLE sign_in_attempts;
