-- The audit trail's chain. An event is written with its effect and waits in audit_pending; the chain takes it up right after, in
-- the order in which it finds what was committed. Events and links are never changed: the triggers refuse it.
CREATE TABLE audit_chain (
    sequence BIGINT NOT NULL PRIMARY KEY,
    event_id TEXT COLLATE "C" NOT NULL UNIQUE REFERENCES audit_events (id),
    -- SHA-256 in hex over the hash before and the event.
    hash TEXT COLLATE "C" NOT NULL
);

CREATE TABLE audit_pending (
    event_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES audit_events (id)
);

-- How long the chain is and how it ends, signed: a last link that was cut off is missed here.
CREATE TABLE audit_head (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    sequence BIGINT NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    signed_at TIMESTAMP,
    signature TEXT COLLATE "C"
);
INSERT INTO audit_head (id, sequence, hash) VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO audit_pending (event_id) SELECT id FROM audit_events;

CREATE INDEX audit_events_at ON audit_events (at);
CREATE INDEX audit_events_request ON audit_events (request_id);

CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only';
END
$$;
CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_chain_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_chain FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
