-- One schema for both databases: only the types' spelling differs (see migrations/README.md).

CREATE TABLE jurisdictions (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    code TEXT COLLATE "C" NOT NULL UNIQUE,
    name_vi TEXT COLLATE "C" NOT NULL,
    name_en TEXT COLLATE "C",
    level TEXT COLLATE "C" NOT NULL CHECK (level IN ('commune', 'province', 'country')),
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('ward', 'commune', 'special_zone', 'province', 'city', 'country')),
    parent TEXT COLLATE "C" REFERENCES jurisdictions (code),
    plan_order TEXT COLLATE "C" NOT NULL,
    fold TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX jurisdictions_parent ON jurisdictions (parent);

CREATE TABLE plans (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    jurisdiction TEXT COLLATE "C" NOT NULL REFERENCES jurisdictions (code),
    code TEXT COLLATE "C" NOT NULL,
    title_vi TEXT COLLATE "C" NOT NULL,
    title_en TEXT COLLATE "C",
    start_year INTEGER NOT NULL,
    end_year INTEGER NOT NULL,
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('draft', 'active', 'closed')),
    content TEXT COLLATE "C" NOT NULL,
    fold TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    CHECK (start_year <= end_year),
    UNIQUE (jurisdiction, code)
);

CREATE TABLE goals (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    plan_id TEXT COLLATE "C" NOT NULL REFERENCES plans (id),
    jurisdiction TEXT COLLATE "C" NOT NULL REFERENCES jurisdictions (code),
    code TEXT COLLATE "C" NOT NULL,
    ordinal INTEGER NOT NULL,
    letter TEXT COLLATE "C",
    field_vi TEXT COLLATE "C" NOT NULL,
    field_en TEXT COLLATE "C",
    title_vi TEXT COLLATE "C" NOT NULL,
    title_en TEXT COLLATE "C",
    editorial_note TEXT COLLATE "C",
    source TEXT COLLATE "C",
    transcription TEXT COLLATE "C",
    plan_order TEXT COLLATE "C" NOT NULL,
    fold TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (plan_id, code)
);
CREATE INDEX goals_jurisdiction ON goals (jurisdiction, plan_order);

CREATE TABLE plan_indicators (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    plan_id TEXT COLLATE "C" NOT NULL REFERENCES plans (id),
    jurisdiction TEXT COLLATE "C" NOT NULL REFERENCES jurisdictions (code),
    goal_id TEXT COLLATE "C" NOT NULL REFERENCES goals (id),
    code TEXT COLLATE "C" NOT NULL,
    label TEXT COLLATE "C" NOT NULL,
    statement_vi TEXT COLLATE "C" NOT NULL,
    statement_en TEXT COLLATE "C",
    editorial_note TEXT COLLATE "C",
    source TEXT COLLATE "C",
    transcription TEXT COLLATE "C",
    plan_order TEXT COLLATE "C" NOT NULL,
    fold TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (plan_id, code)
);
CREATE INDEX plan_indicators_goal ON plan_indicators (goal_id);
CREATE INDEX plan_indicators_jurisdiction ON plan_indicators (jurisdiction, plan_order);

CREATE TABLE dimensions (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    plan_id TEXT COLLATE "C" NOT NULL REFERENCES plans (id),
    jurisdiction TEXT COLLATE "C" NOT NULL REFERENCES jurisdictions (code),
    code TEXT COLLATE "C" NOT NULL,
    name_vi TEXT COLLATE "C" NOT NULL,
    name_en TEXT COLLATE "C",
    dimension_values TEXT COLLATE "C" NOT NULL,
    note TEXT COLLATE "C",
    transcription TEXT COLLATE "C",
    plan_order TEXT COLLATE "C" NOT NULL,
    fold TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (plan_id, code)
);
CREATE INDEX dimensions_jurisdiction ON dimensions (jurisdiction, plan_order);

CREATE TABLE units (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    jurisdiction TEXT COLLATE "C" NOT NULL REFERENCES jurisdictions (code),
    parent_id TEXT COLLATE "C" REFERENCES units (id),
    code TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    name_vi TEXT COLLATE "C" NOT NULL,
    name_en TEXT COLLATE "C",
    short_name TEXT COLLATE "C",
    is_group BOOLEAN NOT NULL,
    reports BOOLEAN NOT NULL,
    active BOOLEAN NOT NULL,
    agency_code TEXT COLLATE "C" UNIQUE,
    editorial_note TEXT COLLATE "C",
    source TEXT COLLATE "C",
    transcription TEXT COLLATE "C",
    plan_order TEXT COLLATE "C" NOT NULL,
    fold TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (jurisdiction, code)
);
CREATE INDEX units_parent ON units (parent_id);

CREATE TABLE indicators (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    plan_id TEXT COLLATE "C" NOT NULL REFERENCES plans (id),
    jurisdiction TEXT COLLATE "C" NOT NULL REFERENCES jurisdictions (code),
    goal_id TEXT COLLATE "C" NOT NULL REFERENCES goals (id),
    plan_indicator_id TEXT COLLATE "C" NOT NULL REFERENCES plan_indicators (id),
    code TEXT COLLATE "C" NOT NULL,
    frequency TEXT COLLATE "C" NOT NULL CHECK (frequency IN ('annual', 'quarterly', 'monthly')),
    restricted BOOLEAN NOT NULL,
    definition TEXT COLLATE "C" NOT NULL,
    definition_version INTEGER NOT NULL,
    plan_order TEXT COLLATE "C" NOT NULL,
    fold TEXT COLLATE "C" NOT NULL,
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
    indicator_id TEXT COLLATE "C" NOT NULL REFERENCES indicators (id) ON DELETE CASCADE,
    definition_version INTEGER NOT NULL,
    definition TEXT COLLATE "C" NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (indicator_id, definition_version)
);

CREATE TABLE indicator_units (
    indicator_id TEXT COLLATE "C" NOT NULL REFERENCES indicators (id) ON DELETE CASCADE,
    unit_id TEXT COLLATE "C" NOT NULL REFERENCES units (id),
    duty TEXT COLLATE "C" NOT NULL CHECK (duty IN ('report', 'support')),
    basis TEXT COLLATE "C" NOT NULL,
    why TEXT COLLATE "C",
    position INTEGER NOT NULL,
    PRIMARY KEY (indicator_id, unit_id)
);
CREATE INDEX indicator_units_unit ON indicator_units (unit_id);

CREATE TABLE indicator_dimensions (
    indicator_id TEXT COLLATE "C" NOT NULL REFERENCES indicators (id) ON DELETE CASCADE,
    dimension_id TEXT COLLATE "C" NOT NULL REFERENCES dimensions (id),
    additive BOOLEAN NOT NULL,
    expected BOOLEAN NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (indicator_id, dimension_id)
);
CREATE INDEX indicator_dimensions_dimension ON indicator_dimensions (dimension_id);

CREATE TABLE tasks (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    plan_id TEXT COLLATE "C" NOT NULL REFERENCES plans (id),
    jurisdiction TEXT COLLATE "C" NOT NULL REFERENCES jurisdictions (code),
    code TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('task', 'solution', 'assignment')),
    text_vi TEXT COLLATE "C" NOT NULL,
    text_en TEXT COLLATE "C",
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('not_started', 'in_progress', 'done', 'cancelled')),
    percent_complete INTEGER NOT NULL CHECK (percent_complete BETWEEN 0 AND 100),
    starts_on DATE,
    due_on DATE,
    recurrence TEXT COLLATE "C",
    budget TEXT COLLATE "C" NOT NULL,
    editorial_note TEXT COLLATE "C",
    source TEXT COLLATE "C",
    transcription TEXT COLLATE "C",
    plan_order TEXT COLLATE "C" NOT NULL,
    fold TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (plan_id, code)
);
CREATE INDEX tasks_jurisdiction ON tasks (jurisdiction, plan_order);

CREATE TABLE task_goals (
    task_id TEXT COLLATE "C" NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    goal_id TEXT COLLATE "C" NOT NULL REFERENCES goals (id),
    position INTEGER NOT NULL,
    PRIMARY KEY (task_id, goal_id)
);
CREATE INDEX task_goals_goal ON task_goals (goal_id);

CREATE TABLE task_indicators (
    task_id TEXT COLLATE "C" NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    indicator_id TEXT COLLATE "C" NOT NULL REFERENCES indicators (id),
    position INTEGER NOT NULL,
    PRIMARY KEY (task_id, indicator_id)
);
CREATE INDEX task_indicators_indicator ON task_indicators (indicator_id);

CREATE TABLE task_assignments (
    task_id TEXT COLLATE "C" NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    unit_id TEXT COLLATE "C" NOT NULL REFERENCES units (id),
    role TEXT COLLATE "C" NOT NULL CHECK (role IN ('lead', 'coordinate', 'participate')),
    position INTEGER NOT NULL,
    PRIMARY KEY (task_id, unit_id, role)
);
CREATE INDEX task_assignments_unit ON task_assignments (unit_id);

CREATE TABLE accounts (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('user', 'client')),
    -- A user's name as typed, or a client's client_id; compared in lower case.
    login TEXT COLLATE "C" NOT NULL,
    login_key TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT COLLATE "C" NOT NULL,
    email TEXT COLLATE "C",
    phone TEXT COLLATE "C",
    secret_hash TEXT COLLATE "C" NOT NULL,
    must_change_password BOOLEAN NOT NULL,
    active BOOLEAN NOT NULL,
    expires_at TIMESTAMP,
    allowed_addresses TEXT COLLATE "C" NOT NULL,
    -- Raised whenever what earlier tokens say no longer holds.
    auth_version BIGINT NOT NULL,
    fold TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);

CREATE TABLE grants (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_id TEXT COLLATE "C" NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    role TEXT COLLATE "C" NOT NULL CHECK (role IN ('admin', 'coordinator', 'leader', 'reporter', 'supervisor', 'province')),
    jurisdiction TEXT COLLATE "C" NOT NULL REFERENCES jurisdictions (code),
    unit_id TEXT COLLATE "C" REFERENCES units (id),
    scopes TEXT COLLATE "C" NOT NULL,
    position INTEGER NOT NULL
);
CREATE INDEX grants_account ON grants (account_id);
CREATE INDEX grants_unit ON grants (unit_id);
CREATE INDEX grants_jurisdiction ON grants (jurisdiction);

CREATE TABLE sessions (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account_id TEXT COLLATE "C" NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    address TEXT COLLATE "C" NOT NULL,
    user_agent TEXT COLLATE "C",
    created_at TIMESTAMP NOT NULL,
    last_used_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP
);
CREATE INDEX sessions_account ON sessions (account_id);

CREATE TABLE refresh_tokens (
    -- SHA-256 of the token in hex: a stolen database yields no token.
    token_hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    session_id TEXT COLLATE "C" NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    issued_at TIMESTAMP NOT NULL,
    spent_at TIMESTAMP
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);

CREATE TABLE signing_keys (
    kid TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    public_key TEXT COLLATE "C" NOT NULL,
    -- PKCS#8 in base64; null once retired.
    private_key TEXT COLLATE "C",
    created_at TIMESTAMP NOT NULL,
    retired_at TIMESTAMP
);

CREATE TABLE idempotency_keys (
    account_id TEXT COLLATE "C" NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    method TEXT COLLATE "C" NOT NULL,
    path TEXT COLLATE "C" NOT NULL,
    idempotency_key TEXT COLLATE "C" NOT NULL,
    fingerprint TEXT COLLATE "C" NOT NULL,
    -- Null while the request runs.
    answer TEXT COLLATE "C",
    claimed_until TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    PRIMARY KEY (account_id, method, path, idempotency_key)
);
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);

CREATE TABLE leases (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    holder TEXT COLLATE "C" NOT NULL,
    held_until TIMESTAMP NOT NULL
);

CREATE TABLE audit_events (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    at TIMESTAMP NOT NULL,
    actor_id TEXT COLLATE "C",
    actor_kind TEXT COLLATE "C" NOT NULL,
    actor_name TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    resource TEXT COLLATE "C" NOT NULL,
    resource_id TEXT COLLATE "C" NOT NULL,
    jurisdiction TEXT COLLATE "C",
    before TEXT COLLATE "C",
    after TEXT COLLATE "C",
    reason TEXT COLLATE "C",
    purpose TEXT COLLATE "C",
    address TEXT COLLATE "C",
    request_id TEXT COLLATE "C"
);
CREATE INDEX audit_events_resource ON audit_events (resource, resource_id);
CREATE INDEX audit_events_actor ON audit_events (actor_id);

CREATE TABLE changes (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    at TIMESTAMP NOT NULL,
    type TEXT COLLATE "C" NOT NULL,
    resource TEXT COLLATE "C" NOT NULL,
    resource_id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    jurisdiction TEXT COLLATE "C"
);

CREATE TABLE reporting_periods (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    plan_id TEXT COLLATE "C" NOT NULL REFERENCES plans (id),
    jurisdiction TEXT COLLATE "C" NOT NULL REFERENCES jurisdictions (code),
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('periodic', 'thematic', 'ad_hoc')),
    frequency TEXT COLLATE "C" CHECK (frequency IN ('annual', 'quarterly', 'monthly')),
    label TEXT COLLATE "C" NOT NULL,
    title_vi TEXT COLLATE "C",
    title_en TEXT COLLATE "C",
    instructions TEXT COLLATE "C",
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    data_cutoff DATE,
    opens_at TIMESTAMP NOT NULL,
    due_at TIMESTAMP NOT NULL,
    consolidated_due_at TIMESTAMP,
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('planned', 'open', 'closed')),
    -- Whether units and indicators were given by hand, or follow the plan until the period opens.
    units_given BOOLEAN NOT NULL,
    indicators_given BOOLEAN NOT NULL,
    frozen BOOLEAN NOT NULL,
    requested_by TEXT COLLATE "C",
    request_id TEXT COLLATE "C",
    fold TEXT COLLATE "C" NOT NULL,
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
    period_id TEXT COLLATE "C" NOT NULL REFERENCES reporting_periods (id) ON DELETE CASCADE,
    unit_id TEXT COLLATE "C" NOT NULL REFERENCES units (id),
    position INTEGER NOT NULL,
    PRIMARY KEY (period_id, unit_id)
);
CREATE INDEX period_units_unit ON period_units (unit_id);

CREATE TABLE period_indicators (
    period_id TEXT COLLATE "C" NOT NULL REFERENCES reporting_periods (id) ON DELETE CASCADE,
    indicator_id TEXT COLLATE "C" NOT NULL REFERENCES indicators (id),
    position INTEGER NOT NULL,
    PRIMARY KEY (period_id, indicator_id)
);
CREATE INDEX period_indicators_indicator ON period_indicators (indicator_id);

CREATE TABLE period_extensions (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    period_id TEXT COLLATE "C" NOT NULL REFERENCES reporting_periods (id) ON DELETE CASCADE,
    unit_id TEXT COLLATE "C" NOT NULL REFERENCES units (id),
    due_at TIMESTAMP NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    given_by TEXT COLLATE "C",
    given_by_name TEXT COLLATE "C" NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX period_extensions_period ON period_extensions (period_id);
CREATE INDEX period_extensions_unit ON period_extensions (unit_id);

CREATE TABLE reports (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    jurisdiction TEXT COLLATE "C" NOT NULL REFERENCES jurisdictions (code),
    plan_id TEXT COLLATE "C" NOT NULL REFERENCES plans (id),
    period_id TEXT COLLATE "C" NOT NULL REFERENCES reporting_periods (id),
    unit_id TEXT COLLATE "C" NOT NULL REFERENCES units (id),
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('draft', 'submitted', 'returned', 'accepted', 'consolidated')),
    revision INTEGER NOT NULL,
    round INTEGER NOT NULL,
    due_at TIMESTAMP NOT NULL,
    -- The first submission that was not withdrawn: on time or late is judged by it.
    first_submitted_at TIMESTAMP,
    submitted_at TIMESTAMP,
    submitted_by TEXT COLLATE "C",
    submitted_by_name TEXT COLLATE "C",
    on_behalf BOOLEAN NOT NULL,
    accepted_at TIMESTAMP,
    narrative TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (period_id, unit_id)
);
CREATE INDEX reports_jurisdiction ON reports (jurisdiction, status);
CREATE INDEX reports_unit ON reports (unit_id);
CREATE INDEX reports_plan ON reports (plan_id);

CREATE TABLE observations (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    jurisdiction TEXT COLLATE "C" NOT NULL REFERENCES jurisdictions (code),
    plan_id TEXT COLLATE "C" NOT NULL REFERENCES plans (id),
    period_id TEXT COLLATE "C" NOT NULL REFERENCES reporting_periods (id),
    report_id TEXT COLLATE "C" NOT NULL REFERENCES reports (id),
    unit_id TEXT COLLATE "C" NOT NULL REFERENCES units (id),
    indicator_id TEXT COLLATE "C" NOT NULL REFERENCES indicators (id),
    -- Canonical JSON, keys sorted: {} for the total.
    disaggregation TEXT COLLATE "C" NOT NULL,
    -- Exact decimals, scaled by 10000.
    numerator BIGINT,
    denominator BIGINT,
    answer BOOLEAN,
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('estimate', 'final')),
    not_applicable TEXT COLLATE "C",
    note TEXT COLLATE "C",
    extra TEXT COLLATE "C",
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
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    report_id TEXT COLLATE "C" NOT NULL REFERENCES reports (id),
    at TIMESTAMP NOT NULL,
    by_id TEXT COLLATE "C",
    by_name TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    revision INTEGER NOT NULL,
    round INTEGER NOT NULL,
    reason TEXT COLLATE "C",
    remarks TEXT COLLATE "C" NOT NULL
);
CREATE INDEX report_events_report ON report_events (report_id);

-- What a report said when a round was submitted; the last round of a revision is that revision.
CREATE TABLE report_rounds (
    report_id TEXT COLLATE "C" NOT NULL REFERENCES reports (id),
    round INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    submitted_at TIMESTAMP NOT NULL,
    PRIMARY KEY (report_id, round)
);

CREATE TABLE task_updates (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    task_id TEXT COLLATE "C" NOT NULL REFERENCES tasks (id),
    report_id TEXT COLLATE "C" REFERENCES reports (id),
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('not_started', 'in_progress', 'done', 'cancelled')),
    percent_complete INTEGER NOT NULL CHECK (percent_complete BETWEEN 0 AND 100),
    note TEXT COLLATE "C",
    by_id TEXT COLLATE "C",
    by_name TEXT COLLATE "C" NOT NULL,
    at TIMESTAMP NOT NULL
);
CREATE INDEX task_updates_task ON task_updates (task_id);
CREATE INDEX task_updates_report ON task_updates (report_id);

CREATE TABLE consolidated_reports (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    jurisdiction TEXT COLLATE "C" NOT NULL REFERENCES jurisdictions (code),
    plan_id TEXT COLLATE "C" NOT NULL REFERENCES plans (id),
    period_id TEXT COLLATE "C" NOT NULL REFERENCES reporting_periods (id),
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('draft', 'approved', 'sent', 'acknowledged', 'returned')),
    revision INTEGER NOT NULL,
    reason TEXT COLLATE "C",
    narrative TEXT COLLATE "C" NOT NULL,
    resolutions TEXT COLLATE "C" NOT NULL,
    -- Results, completeness, task summary and warnings as last computed.
    computed TEXT COLLATE "C" NOT NULL,
    computed_at TIMESTAMP NOT NULL,
    prepared_by TEXT COLLATE "C",
    prepared_by_name TEXT COLLATE "C" NOT NULL,
    approved_by TEXT COLLATE "C",
    approved_by_name TEXT COLLATE "C",
    approved_at TIMESTAMP,
    sent_at TIMESTAMP,
    acknowledged_at TIMESTAMP,
    returned_at TIMESTAMP,
    return_reason TEXT COLLATE "C",
    supersedes TEXT COLLATE "C" REFERENCES consolidated_reports (id),
    document_number TEXT COLLATE "C",
    document_date DATE,
    -- Frozen at approval: the full version, and the one for readers without the right to restricted figures.
    content_full TEXT COLLATE "C",
    digest_full TEXT COLLATE "C",
    signature_full TEXT COLLATE "C",
    content_public TEXT COLLATE "C",
    digest_public TEXT COLLATE "C",
    signature_public TEXT COLLATE "C",
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
    consolidated_id TEXT COLLATE "C" NOT NULL REFERENCES consolidated_reports (id) ON DELETE CASCADE,
    report_id TEXT COLLATE "C" NOT NULL REFERENCES reports (id),
    revision INTEGER NOT NULL,
    PRIMARY KEY (consolidated_id, report_id)
);
CREATE INDEX consolidated_members_report ON consolidated_members (report_id);

CREATE TABLE consolidated_events (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    consolidated_id TEXT COLLATE "C" NOT NULL REFERENCES consolidated_reports (id) ON DELETE CASCADE,
    at TIMESTAMP NOT NULL,
    by_id TEXT COLLATE "C",
    by_name TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C"
);
CREATE INDEX consolidated_events_consolidated ON consolidated_events (consolidated_id);

-- The figures inside a consolidated report as approved: what the public and the province read, whatever is
-- corrected in the units' reports meanwhile.
CREATE TABLE frozen_observations (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    consolidated_id TEXT COLLATE "C" NOT NULL REFERENCES consolidated_reports (id) ON DELETE CASCADE,
    jurisdiction TEXT COLLATE "C" NOT NULL REFERENCES jurisdictions (code),
    plan_id TEXT COLLATE "C" NOT NULL REFERENCES plans (id),
    period_id TEXT COLLATE "C" NOT NULL REFERENCES reporting_periods (id),
    report_id TEXT COLLATE "C" NOT NULL REFERENCES reports (id),
    unit_id TEXT COLLATE "C" NOT NULL REFERENCES units (id),
    indicator_id TEXT COLLATE "C" NOT NULL REFERENCES indicators (id),
    disaggregation TEXT COLLATE "C" NOT NULL,
    numerator BIGINT,
    denominator BIGINT,
    answer BOOLEAN,
    status TEXT COLLATE "C" NOT NULL,
    not_applicable TEXT COLLATE "C",
    note TEXT COLLATE "C",
    extra TEXT COLLATE "C",
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
