-- One schema for both databases: only the types' spelling differs (see migrations/README.md).

CREATE TABLE jurisdictions (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name_vi TEXT NOT NULL,
    name_en TEXT,
    level TEXT NOT NULL CHECK (level IN ('commune', 'province', 'country')),
    kind TEXT NOT NULL CHECK (kind IN ('ward', 'commune', 'special_zone', 'province', 'city', 'country')),
    parent TEXT REFERENCES jurisdictions (code),
    plan_order TEXT NOT NULL,
    fold TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX jurisdictions_parent ON jurisdictions (parent);

CREATE TABLE plans (
    id TEXT NOT NULL PRIMARY KEY,
    jurisdiction TEXT NOT NULL REFERENCES jurisdictions (code),
    code TEXT NOT NULL,
    title_vi TEXT NOT NULL,
    title_en TEXT,
    start_year INTEGER NOT NULL,
    end_year INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('draft', 'active', 'closed')),
    content TEXT NOT NULL,
    fold TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    CHECK (start_year <= end_year),
    UNIQUE (jurisdiction, code)
);

CREATE TABLE goals (
    id TEXT NOT NULL PRIMARY KEY,
    plan_id TEXT NOT NULL REFERENCES plans (id),
    jurisdiction TEXT NOT NULL REFERENCES jurisdictions (code),
    code TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    letter TEXT,
    field_vi TEXT NOT NULL,
    field_en TEXT,
    title_vi TEXT NOT NULL,
    title_en TEXT,
    editorial_note TEXT,
    source TEXT,
    transcription TEXT,
    plan_order TEXT NOT NULL,
    fold TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (plan_id, code)
);
CREATE INDEX goals_jurisdiction ON goals (jurisdiction, plan_order);

CREATE TABLE plan_indicators (
    id TEXT NOT NULL PRIMARY KEY,
    plan_id TEXT NOT NULL REFERENCES plans (id),
    jurisdiction TEXT NOT NULL REFERENCES jurisdictions (code),
    goal_id TEXT NOT NULL REFERENCES goals (id),
    code TEXT NOT NULL,
    label TEXT NOT NULL,
    statement_vi TEXT NOT NULL,
    statement_en TEXT,
    editorial_note TEXT,
    source TEXT,
    transcription TEXT,
    plan_order TEXT NOT NULL,
    fold TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (plan_id, code)
);
CREATE INDEX plan_indicators_goal ON plan_indicators (goal_id);
CREATE INDEX plan_indicators_jurisdiction ON plan_indicators (jurisdiction, plan_order);

CREATE TABLE dimensions (
    id TEXT NOT NULL PRIMARY KEY,
    plan_id TEXT NOT NULL REFERENCES plans (id),
    jurisdiction TEXT NOT NULL REFERENCES jurisdictions (code),
    code TEXT NOT NULL,
    name_vi TEXT NOT NULL,
    name_en TEXT,
    dimension_values TEXT NOT NULL,
    note TEXT,
    transcription TEXT,
    plan_order TEXT NOT NULL,
    fold TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (plan_id, code)
);
CREATE INDEX dimensions_jurisdiction ON dimensions (jurisdiction, plan_order);

CREATE TABLE units (
    id TEXT NOT NULL PRIMARY KEY,
    jurisdiction TEXT NOT NULL REFERENCES jurisdictions (code),
    parent_id TEXT REFERENCES units (id),
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    name_vi TEXT NOT NULL,
    name_en TEXT,
    short_name TEXT,
    is_group BOOLEAN NOT NULL,
    reports BOOLEAN NOT NULL,
    active BOOLEAN NOT NULL,
    agency_code TEXT UNIQUE,
    editorial_note TEXT,
    source TEXT,
    transcription TEXT,
    plan_order TEXT NOT NULL,
    fold TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (jurisdiction, code)
);
CREATE INDEX units_parent ON units (parent_id);

CREATE TABLE indicators (
    id TEXT NOT NULL PRIMARY KEY,
    plan_id TEXT NOT NULL REFERENCES plans (id),
    jurisdiction TEXT NOT NULL REFERENCES jurisdictions (code),
    goal_id TEXT NOT NULL REFERENCES goals (id),
    plan_indicator_id TEXT NOT NULL REFERENCES plan_indicators (id),
    code TEXT NOT NULL,
    frequency TEXT NOT NULL CHECK (frequency IN ('annual', 'quarterly', 'monthly')),
    restricted BOOLEAN NOT NULL,
    definition TEXT NOT NULL,
    definition_version INTEGER NOT NULL,
    plan_order TEXT NOT NULL,
    fold TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (plan_id, code)
);
CREATE INDEX indicators_goal ON indicators (goal_id);
CREATE INDEX indicators_plan_indicator ON indicators (plan_indicator_id);
CREATE INDEX indicators_jurisdiction ON indicators (jurisdiction, plan_order);

-- The wording and measure under which figures were computed, kept when an indicator's definition changes.
CREATE TABLE indicator_definitions (
    indicator_id TEXT NOT NULL REFERENCES indicators (id) ON DELETE CASCADE,
    definition_version INTEGER NOT NULL,
    definition TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (indicator_id, definition_version)
);

CREATE TABLE indicator_units (
    indicator_id TEXT NOT NULL REFERENCES indicators (id) ON DELETE CASCADE,
    unit_id TEXT NOT NULL REFERENCES units (id),
    duty TEXT NOT NULL CHECK (duty IN ('report', 'support')),
    basis TEXT NOT NULL,
    why TEXT,
    position INTEGER NOT NULL,
    PRIMARY KEY (indicator_id, unit_id)
);
CREATE INDEX indicator_units_unit ON indicator_units (unit_id);

CREATE TABLE indicator_dimensions (
    indicator_id TEXT NOT NULL REFERENCES indicators (id) ON DELETE CASCADE,
    dimension_id TEXT NOT NULL REFERENCES dimensions (id),
    additive BOOLEAN NOT NULL,
    expected BOOLEAN NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (indicator_id, dimension_id)
);
CREATE INDEX indicator_dimensions_dimension ON indicator_dimensions (dimension_id);

CREATE TABLE tasks (
    id TEXT NOT NULL PRIMARY KEY,
    plan_id TEXT NOT NULL REFERENCES plans (id),
    jurisdiction TEXT NOT NULL REFERENCES jurisdictions (code),
    code TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('task', 'solution', 'assignment')),
    text_vi TEXT NOT NULL,
    text_en TEXT,
    status TEXT NOT NULL CHECK (status IN ('not_started', 'in_progress', 'done', 'cancelled')),
    percent_complete INTEGER NOT NULL CHECK (percent_complete BETWEEN 0 AND 100),
    starts_on DATE,
    due_on DATE,
    recurrence TEXT,
    budget TEXT NOT NULL,
    editorial_note TEXT,
    source TEXT,
    transcription TEXT,
    plan_order TEXT NOT NULL,
    fold TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (plan_id, code)
);
CREATE INDEX tasks_jurisdiction ON tasks (jurisdiction, plan_order);

CREATE TABLE task_goals (
    task_id TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    goal_id TEXT NOT NULL REFERENCES goals (id),
    position INTEGER NOT NULL,
    PRIMARY KEY (task_id, goal_id)
);
CREATE INDEX task_goals_goal ON task_goals (goal_id);

CREATE TABLE task_indicators (
    task_id TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    indicator_id TEXT NOT NULL REFERENCES indicators (id),
    position INTEGER NOT NULL,
    PRIMARY KEY (task_id, indicator_id)
);
CREATE INDEX task_indicators_indicator ON task_indicators (indicator_id);

CREATE TABLE task_assignments (
    task_id TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    unit_id TEXT NOT NULL REFERENCES units (id),
    role TEXT NOT NULL CHECK (role IN ('lead', 'coordinate', 'participate')),
    position INTEGER NOT NULL,
    PRIMARY KEY (task_id, unit_id, role)
);
CREATE INDEX task_assignments_unit ON task_assignments (unit_id);

CREATE TABLE accounts (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('user', 'client')),
    -- A user's name as typed, or a client's client_id; compared in lower case.
    login TEXT NOT NULL,
    login_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    email TEXT,
    phone TEXT,
    secret_hash TEXT NOT NULL,
    must_change_password BOOLEAN NOT NULL,
    active BOOLEAN NOT NULL,
    expires_at TIMESTAMP,
    allowed_addresses TEXT NOT NULL,
    -- Raised whenever what earlier tokens say no longer holds.
    auth_version BIGINT NOT NULL,
    fold TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);

CREATE TABLE grants (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('admin', 'coordinator', 'leader', 'reporter', 'supervisor', 'province')),
    jurisdiction TEXT NOT NULL REFERENCES jurisdictions (code),
    unit_id TEXT REFERENCES units (id),
    scopes TEXT NOT NULL,
    position INTEGER NOT NULL
);
CREATE INDEX grants_account ON grants (account_id);
CREATE INDEX grants_unit ON grants (unit_id);
CREATE INDEX grants_jurisdiction ON grants (jurisdiction);

CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    address TEXT NOT NULL,
    user_agent TEXT,
    created_at TIMESTAMP NOT NULL,
    last_used_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP
);
CREATE INDEX sessions_account ON sessions (account_id);

CREATE TABLE refresh_tokens (
    -- SHA-256 of the token in hex: a stolen database yields no token.
    token_hash TEXT NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    issued_at TIMESTAMP NOT NULL,
    spent_at TIMESTAMP
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);

CREATE TABLE signing_keys (
    kid TEXT NOT NULL PRIMARY KEY,
    public_key TEXT NOT NULL,
    -- PKCS#8 in base64; null once retired.
    private_key TEXT,
    created_at TIMESTAMP NOT NULL,
    retired_at TIMESTAMP
);

CREATE TABLE idempotency_keys (
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    -- Null while the request runs.
    answer TEXT,
    claimed_until TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    PRIMARY KEY (account_id, method, path, idempotency_key)
);
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);

CREATE TABLE leases (
    name TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    held_until TIMESTAMP NOT NULL
);

CREATE TABLE audit_events (
    id TEXT NOT NULL PRIMARY KEY,
    at TIMESTAMP NOT NULL,
    actor_id TEXT,
    actor_kind TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    action TEXT NOT NULL,
    resource TEXT NOT NULL,
    resource_id TEXT NOT NULL,
    jurisdiction TEXT,
    before TEXT,
    after TEXT,
    reason TEXT,
    purpose TEXT,
    address TEXT,
    request_id TEXT
);
CREATE INDEX audit_events_resource ON audit_events (resource, resource_id);
CREATE INDEX audit_events_actor ON audit_events (actor_id);

CREATE TABLE changes (
    id TEXT NOT NULL PRIMARY KEY,
    at TIMESTAMP NOT NULL,
    type TEXT NOT NULL,
    resource TEXT NOT NULL,
    resource_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    jurisdiction TEXT
);

CREATE TABLE reporting_periods (
    id TEXT NOT NULL PRIMARY KEY,
    plan_id TEXT NOT NULL REFERENCES plans (id),
    jurisdiction TEXT NOT NULL REFERENCES jurisdictions (code),
    kind TEXT NOT NULL CHECK (kind IN ('periodic', 'thematic', 'ad_hoc')),
    frequency TEXT CHECK (frequency IN ('annual', 'quarterly', 'monthly')),
    label TEXT NOT NULL,
    title_vi TEXT,
    title_en TEXT,
    instructions TEXT,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    data_cutoff DATE,
    opens_at TIMESTAMP NOT NULL,
    due_at TIMESTAMP NOT NULL,
    consolidated_due_at TIMESTAMP,
    status TEXT NOT NULL CHECK (status IN ('planned', 'open', 'closed')),
    -- Whether units and indicators were given by hand, or follow the plan until the period opens.
    units_given BOOLEAN NOT NULL,
    indicators_given BOOLEAN NOT NULL,
    frozen BOOLEAN NOT NULL,
    requested_by TEXT,
    request_id TEXT,
    fold TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    CHECK (starts_on <= ends_on)
);
CREATE UNIQUE INDEX reporting_periods_periodic ON reporting_periods (plan_id, frequency, label) WHERE kind = 'periodic';
CREATE INDEX reporting_periods_jurisdiction ON reporting_periods (jurisdiction, label);
CREATE INDEX reporting_periods_plan ON reporting_periods (plan_id);
CREATE INDEX reporting_periods_opening ON reporting_periods (status, opens_at);

CREATE TABLE period_units (
    period_id TEXT NOT NULL REFERENCES reporting_periods (id) ON DELETE CASCADE,
    unit_id TEXT NOT NULL REFERENCES units (id),
    position INTEGER NOT NULL,
    PRIMARY KEY (period_id, unit_id)
);
CREATE INDEX period_units_unit ON period_units (unit_id);

CREATE TABLE period_indicators (
    period_id TEXT NOT NULL REFERENCES reporting_periods (id) ON DELETE CASCADE,
    indicator_id TEXT NOT NULL REFERENCES indicators (id),
    position INTEGER NOT NULL,
    PRIMARY KEY (period_id, indicator_id)
);
CREATE INDEX period_indicators_indicator ON period_indicators (indicator_id);

CREATE TABLE period_extensions (
    id TEXT NOT NULL PRIMARY KEY,
    period_id TEXT NOT NULL REFERENCES reporting_periods (id) ON DELETE CASCADE,
    unit_id TEXT NOT NULL REFERENCES units (id),
    due_at TIMESTAMP NOT NULL,
    reason TEXT NOT NULL,
    given_by TEXT,
    given_by_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX period_extensions_period ON period_extensions (period_id);
CREATE INDEX period_extensions_unit ON period_extensions (unit_id);

CREATE TABLE reports (
    id TEXT NOT NULL PRIMARY KEY,
    jurisdiction TEXT NOT NULL REFERENCES jurisdictions (code),
    plan_id TEXT NOT NULL REFERENCES plans (id),
    period_id TEXT NOT NULL REFERENCES reporting_periods (id),
    unit_id TEXT NOT NULL REFERENCES units (id),
    status TEXT NOT NULL CHECK (status IN ('draft', 'submitted', 'returned', 'accepted', 'consolidated')),
    revision INTEGER NOT NULL,
    round INTEGER NOT NULL,
    due_at TIMESTAMP NOT NULL,
    -- The first submission that was not withdrawn: on time or late is judged by it.
    first_submitted_at TIMESTAMP,
    submitted_at TIMESTAMP,
    submitted_by TEXT,
    submitted_by_name TEXT,
    on_behalf BOOLEAN NOT NULL,
    accepted_at TIMESTAMP,
    narrative TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (period_id, unit_id)
);
CREATE INDEX reports_jurisdiction ON reports (jurisdiction, status);
CREATE INDEX reports_unit ON reports (unit_id);
CREATE INDEX reports_plan ON reports (plan_id);

CREATE TABLE observations (
    id TEXT NOT NULL PRIMARY KEY,
    jurisdiction TEXT NOT NULL REFERENCES jurisdictions (code),
    plan_id TEXT NOT NULL REFERENCES plans (id),
    period_id TEXT NOT NULL REFERENCES reporting_periods (id),
    report_id TEXT NOT NULL REFERENCES reports (id),
    unit_id TEXT NOT NULL REFERENCES units (id),
    indicator_id TEXT NOT NULL REFERENCES indicators (id),
    -- Canonical JSON, keys sorted: {} for the total.
    disaggregation TEXT NOT NULL,
    -- Exact decimals, scaled by 10000.
    numerator BIGINT,
    denominator BIGINT,
    answer BOOLEAN,
    status TEXT NOT NULL CHECK (status IN ('estimate', 'final')),
    not_applicable TEXT,
    note TEXT,
    extra TEXT,
    definition_version INTEGER NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (report_id, indicator_id, disaggregation)
);
CREATE INDEX observations_jurisdiction ON observations (jurisdiction, indicator_id);
CREATE INDEX observations_plan ON observations (plan_id, indicator_id);
CREATE INDEX observations_indicator ON observations (indicator_id);
CREATE INDEX observations_period ON observations (period_id);
CREATE INDEX observations_unit ON observations (unit_id);

CREATE TABLE report_events (
    id TEXT NOT NULL PRIMARY KEY,
    report_id TEXT NOT NULL REFERENCES reports (id),
    at TIMESTAMP NOT NULL,
    by_id TEXT,
    by_name TEXT NOT NULL,
    action TEXT NOT NULL,
    status TEXT NOT NULL,
    revision INTEGER NOT NULL,
    round INTEGER NOT NULL,
    reason TEXT,
    remarks TEXT NOT NULL
);
CREATE INDEX report_events_report ON report_events (report_id);

-- What a report said when a round was submitted; the last round of a revision is that revision.
CREATE TABLE report_rounds (
    report_id TEXT NOT NULL REFERENCES reports (id),
    round INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    content TEXT NOT NULL,
    submitted_at TIMESTAMP NOT NULL,
    PRIMARY KEY (report_id, round)
);

CREATE TABLE task_updates (
    id TEXT NOT NULL PRIMARY KEY,
    task_id TEXT NOT NULL REFERENCES tasks (id),
    report_id TEXT REFERENCES reports (id),
    status TEXT NOT NULL CHECK (status IN ('not_started', 'in_progress', 'done', 'cancelled')),
    percent_complete INTEGER NOT NULL CHECK (percent_complete BETWEEN 0 AND 100),
    note TEXT,
    by_id TEXT,
    by_name TEXT NOT NULL,
    at TIMESTAMP NOT NULL
);
CREATE INDEX task_updates_task ON task_updates (task_id);
CREATE INDEX task_updates_report ON task_updates (report_id);

CREATE TABLE consolidated_reports (
    id TEXT NOT NULL PRIMARY KEY,
    jurisdiction TEXT NOT NULL REFERENCES jurisdictions (code),
    plan_id TEXT NOT NULL REFERENCES plans (id),
    period_id TEXT NOT NULL REFERENCES reporting_periods (id),
    status TEXT NOT NULL CHECK (status IN ('draft', 'approved', 'sent', 'acknowledged', 'returned')),
    revision INTEGER NOT NULL,
    reason TEXT,
    narrative TEXT NOT NULL,
    resolutions TEXT NOT NULL,
    -- Results, completeness, task summary and warnings as last computed.
    computed TEXT NOT NULL,
    computed_at TIMESTAMP NOT NULL,
    prepared_by TEXT,
    prepared_by_name TEXT NOT NULL,
    approved_by TEXT,
    approved_by_name TEXT,
    approved_at TIMESTAMP,
    sent_at TIMESTAMP,
    acknowledged_at TIMESTAMP,
    returned_at TIMESTAMP,
    return_reason TEXT,
    supersedes TEXT REFERENCES consolidated_reports (id),
    document_number TEXT,
    document_date DATE,
    -- Frozen at approval: the full version, and the one for readers without the right to restricted figures.
    content_full TEXT,
    digest_full TEXT,
    signature_full TEXT,
    content_public TEXT,
    digest_public TEXT,
    signature_public TEXT,
    -- Whether this is what the public reads of its period now.
    published BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (period_id, revision)
);
CREATE INDEX consolidated_reports_jurisdiction ON consolidated_reports (jurisdiction, status);
CREATE INDEX consolidated_reports_plan ON consolidated_reports (plan_id);
CREATE INDEX consolidated_reports_supersedes ON consolidated_reports (supersedes);

CREATE TABLE consolidated_members (
    consolidated_id TEXT NOT NULL REFERENCES consolidated_reports (id) ON DELETE CASCADE,
    report_id TEXT NOT NULL REFERENCES reports (id),
    revision INTEGER NOT NULL,
    PRIMARY KEY (consolidated_id, report_id)
);
CREATE INDEX consolidated_members_report ON consolidated_members (report_id);

CREATE TABLE consolidated_events (
    id TEXT NOT NULL PRIMARY KEY,
    consolidated_id TEXT NOT NULL REFERENCES consolidated_reports (id) ON DELETE CASCADE,
    at TIMESTAMP NOT NULL,
    by_id TEXT,
    by_name TEXT NOT NULL,
    action TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT
);
CREATE INDEX consolidated_events_consolidated ON consolidated_events (consolidated_id);

-- The figures inside a consolidated report as approved: what the public and the province read, whatever is
-- corrected in the units' reports meanwhile.
CREATE TABLE frozen_observations (
    id TEXT NOT NULL PRIMARY KEY,
    consolidated_id TEXT NOT NULL REFERENCES consolidated_reports (id) ON DELETE CASCADE,
    jurisdiction TEXT NOT NULL REFERENCES jurisdictions (code),
    plan_id TEXT NOT NULL REFERENCES plans (id),
    period_id TEXT NOT NULL REFERENCES reporting_periods (id),
    report_id TEXT NOT NULL REFERENCES reports (id),
    unit_id TEXT NOT NULL REFERENCES units (id),
    indicator_id TEXT NOT NULL REFERENCES indicators (id),
    disaggregation TEXT NOT NULL,
    numerator BIGINT,
    denominator BIGINT,
    answer BOOLEAN,
    status TEXT NOT NULL,
    not_applicable TEXT,
    note TEXT,
    extra TEXT,
    definition_version INTEGER NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (consolidated_id, report_id, indicator_id, disaggregation)
);
CREATE INDEX frozen_observations_jurisdiction ON frozen_observations (jurisdiction, indicator_id);
CREATE INDEX frozen_observations_plan ON frozen_observations (plan_id, indicator_id);
CREATE INDEX frozen_observations_period ON frozen_observations (period_id);
CREATE INDEX frozen_observations_report ON frozen_observations (report_id);
CREATE INDEX frozen_observations_unit ON frozen_observations (unit_id);
CREATE INDEX frozen_observations_indicator ON frozen_observations (indicator_id);
