-- Failed attempts to sign in, of a name (known or not) or from an address: every server slows them alike.
CREATE TABLE sign_in_failures (
    -- `account:` or `address:` and a hash: somebody may have typed a password in place of the name.
    id TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at TIMESTAMP NOT NULL,
    blocked_until TIMESTAMP
);
CREATE INDEX sign_in_failures_last ON sign_in_failures (last_at);
