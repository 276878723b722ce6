DROP TRIGGER audit_chain_append_only ON audit_chain;
DROP TRIGGER audit_events_append_only ON audit_events;
DROP FUNCTION audit_is_append_only();
DROP INDEX audit_events_request;
DROP INDEX audit_events_at;
DROP TABLE audit_head;
DROP TABLE audit_pending;
DROP TABLE audit_chain;
