-- Attempts to prove a password or a code that are under way: they count as failures until their outcome is known.
CREATE TABLE sign_in_attempts (
    id TEXT NOT NULL PRIMARY KEY,
    -- The row of sign_in_failures that a failure will be counted in.
    failures_id TEXT NOT NULL,
    -- From this instant on it no longer counts, whatever became of it: its server may have crashed.
    until TIMESTAMP NOT NULL
);
CREATE INDEX sign_in_attempts_failures ON sign_in_attempts (failures_id, until);
CREATE INDEX sign_in_attempts_until ON sign_in_attempts (until);

-- From where somebody has signed in to an account: there failures elsewhere do not slow it.
CREATE TABLE sign_in_places (
    -- `place:` and a hash of name and address, as sign_in_failures counts them.
    id TEXT NOT NULL PRIMARY KEY,
    last_at TIMESTAMP NOT NULL
);
CREATE INDEX sign_in_places_last ON sign_in_places (last_at);

-- Of a token that was spent, what its successor is derived by, from the token itself; sealed where there is a key.
ALTER TABLE refresh_tokens ADD COLUMN successor_salt TEXT;

-- What is behind the deletion of what need not be kept.
CREATE INDEX refresh_tokens_issued ON refresh_tokens (issued_at);
CREATE INDEX sessions_expiry ON sessions (expires_at);
