-- Imports that are worked on after their request was answered. `tally` and `problem` are JSON; whoever works on one holds it until
-- `held_until`.
CREATE TABLE imports (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    status TEXT NOT NULL,
    mode TEXT NOT NULL,
    dry_run BOOLEAN NOT NULL,
    row_count BIGINT NOT NULL,
    done BIGINT NOT NULL,
    tally TEXT NOT NULL,
    problem TEXT,
    cancel_requested BOOLEAN NOT NULL,
    holder TEXT NOT NULL,
    held_until TIMESTAMP NOT NULL,
    created_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP
);
CREATE INDEX imports_account ON imports (account_id);
CREATE INDEX imports_unfinished ON imports (held_until) WHERE finished_at IS NULL;
CREATE INDEX imports_finished ON imports (finished_at) WHERE finished_at IS NOT NULL;
