-- Decisions that amend a plan, and what each of them changed.
CREATE TABLE amendments (
    id TEXT NOT NULL PRIMARY KEY,
    plan_id TEXT NOT NULL REFERENCES plans (id),
    jurisdiction TEXT NOT NULL REFERENCES jurisdictions (code),
    document_number TEXT NOT NULL,
    document_date DATE NOT NULL,
    in_force_on DATE NOT NULL,
    title_vi TEXT NOT NULL,
    title_en TEXT,
    summary_vi TEXT,
    summary_en TEXT,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX amendments_plan ON amendments (plan_id);
CREATE INDEX amendments_jurisdiction ON amendments (jurisdiction);
ALTER TABLE indicators ADD COLUMN amendment_id TEXT REFERENCES amendments (id);
CREATE INDEX indicators_amendment ON indicators (amendment_id);
ALTER TABLE indicator_definitions ADD COLUMN amendment_id TEXT REFERENCES amendments (id);
CREATE INDEX indicator_definitions_amendment ON indicator_definitions (amendment_id);
ALTER TABLE goals ADD COLUMN amendment_id TEXT REFERENCES amendments (id);
CREATE INDEX goals_amendment ON goals (amendment_id);
ALTER TABLE tasks ADD COLUMN amendment_id TEXT REFERENCES amendments (id);
CREATE INDEX tasks_amendment ON tasks (amendment_id);
ALTER TABLE units ADD COLUMN amendment_id TEXT REFERENCES amendments (id);
CREATE INDEX units_amendment ON units (amendment_id);
