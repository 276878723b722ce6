-- The audit trail's chain. An event is written with its effect and waits in audit_pending; the chain takes it up right after, in
-- the order in which it finds what was committed. Events and links are never changed: the triggers refuse it.
CREATE TABLE audit_chain (
    sequence BIGINT NOT NULL PRIMARY KEY,
    event_id TEXT NOT NULL UNIQUE REFERENCES audit_events (id),
    -- SHA-256 in hex over the hash before and the event.
    hash TEXT NOT NULL
);

CREATE TABLE audit_pending (
    event_id TEXT NOT NULL PRIMARY KEY REFERENCES audit_events (id)
);

-- How long the chain is and how it ends, signed: a last link that was cut off is missed here.
CREATE TABLE audit_head (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    sequence BIGINT NOT NULL,
    hash TEXT NOT NULL,
    signed_at TIMESTAMP,
    signature TEXT
);
INSERT INTO audit_head (id, sequence, hash) VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO audit_pending (event_id) SELECT id FROM audit_events;

CREATE INDEX audit_events_at ON audit_events (at);
CREATE INDEX audit_events_request ON audit_events (request_id);

CREATE TRIGGER audit_events_never_updated BEFORE UPDATE ON audit_events BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_events_never_deleted BEFORE DELETE ON audit_events BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_chain_never_updated BEFORE UPDATE ON audit_chain BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_chain_never_deleted BEFORE DELETE ON audit_chain BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
