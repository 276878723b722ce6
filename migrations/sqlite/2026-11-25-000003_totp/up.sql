-- The second factor of a person's sign-in (RFC 6238). One that is not confirmed yet asks for nothing.
CREATE TABLE second_factors (
    account_id TEXT NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    -- In base32. A server must be able to compute the codes, so it is no hash: whoever reads the database reads it.
    secret TEXT NOT NULL,
    confirmed_at TIMESTAMP,
    -- The last interval of 30 seconds whose code was taken: no code is taken twice.
    last_step BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL
);

CREATE TABLE recovery_codes (
    -- SHA-256 of the code in hex.
    code_hash TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    used_at TIMESTAMP
);
CREATE INDEX recovery_codes_account ON recovery_codes (account_id);
