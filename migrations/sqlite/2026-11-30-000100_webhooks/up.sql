-- Webhooks: where changes are sent to. `secret` and `previous_secret` are sealed; `position` is the place in the feed up to which
-- deliveries were made.
CREATE TABLE webhooks (
    id TEXT NOT NULL PRIMARY KEY,
    jurisdiction TEXT NOT NULL REFERENCES jurisdictions (code) ON DELETE CASCADE,
    url TEXT NOT NULL,
    types TEXT NOT NULL,
    description TEXT,
    active BOOLEAN NOT NULL,
    disabled_because TEXT,
    secret TEXT NOT NULL,
    previous_secret TEXT,
    previous_until TIMESTAMP,
    position BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX webhooks_jurisdiction ON webhooks (jurisdiction);

-- What is to be sent, and what became of it. `payload` is the very text that is signed; `attempt_log` is JSON. Whoever sends one holds it
-- until `held_until`.
CREATE TABLE webhook_deliveries (
    id TEXT NOT NULL PRIMARY KEY,
    webhook_id TEXT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    change_type TEXT NOT NULL,
    payload TEXT NOT NULL,
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    attempt_log TEXT NOT NULL,
    next_attempt_at TIMESTAMP,
    held_until TIMESTAMP NOT NULL,
    created_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP,
    UNIQUE (webhook_id, position)
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_id, next_attempt_at) WHERE status = 'pending';
CREATE INDEX webhook_deliveries_finished ON webhook_deliveries (finished_at) WHERE finished_at IS NOT NULL;
