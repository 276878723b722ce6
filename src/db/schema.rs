//! The tables as diesel sees them: one list for both databases, compared with both catalogues by a test.

diesel::table! {
    jurisdictions (id) {
        id -> Text,
        code -> Text,
        name_vi -> Text,
        name_en -> Nullable<Text>,
        level -> Text,
        kind -> Text,
        parent -> Nullable<Text>,
        plan_order -> Text,
        fold -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        parent_from -> Nullable<Date>,
        valid_from -> Nullable<Date>,
        valid_until -> Nullable<Date>,
    }
}

diesel::table! {
    plans (id) {
        id -> Text,
        jurisdiction -> Text,
        code -> Text,
        title_vi -> Text,
        title_en -> Nullable<Text>,
        start_year -> Integer,
        end_year -> Integer,
        status -> Text,
        content -> Text,
        fold -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        replaces_id -> Nullable<Text>,
    }
}

diesel::table! {
    amendments (id) {
        id -> Text,
        plan_id -> Text,
        jurisdiction -> Text,
        document_number -> Text,
        document_date -> Date,
        in_force_on -> Date,
        title_vi -> Text,
        title_en -> Nullable<Text>,
        summary_vi -> Nullable<Text>,
        summary_en -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    goals (id) {
        id -> Text,
        plan_id -> Text,
        jurisdiction -> Text,
        code -> Text,
        ordinal -> Integer,
        letter -> Nullable<Text>,
        field_vi -> Text,
        field_en -> Nullable<Text>,
        title_vi -> Text,
        title_en -> Nullable<Text>,
        editorial_note -> Nullable<Text>,
        source -> Nullable<Text>,
        transcription -> Nullable<Text>,
        plan_order -> Text,
        fold -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        amendment_id -> Nullable<Text>,
        editorial_note_en -> Nullable<Text>,
    }
}

diesel::table! {
    plan_indicators (id) {
        id -> Text,
        plan_id -> Text,
        jurisdiction -> Text,
        goal_id -> Text,
        code -> Text,
        label -> Text,
        statement_vi -> Text,
        statement_en -> Nullable<Text>,
        editorial_note -> Nullable<Text>,
        source -> Nullable<Text>,
        transcription -> Nullable<Text>,
        plan_order -> Text,
        fold -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        editorial_note_en -> Nullable<Text>,
    }
}

diesel::table! {
    dimensions (id) {
        id -> Text,
        plan_id -> Text,
        jurisdiction -> Text,
        code -> Text,
        name_vi -> Text,
        name_en -> Nullable<Text>,
        dimension_values -> Text,
        note -> Nullable<Text>,
        transcription -> Nullable<Text>,
        plan_order -> Text,
        fold -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        note_en -> Nullable<Text>,
    }
}

diesel::table! {
    units (id) {
        id -> Text,
        jurisdiction -> Text,
        parent_id -> Nullable<Text>,
        code -> Text,
        kind -> Text,
        name_vi -> Text,
        name_en -> Nullable<Text>,
        short_name -> Nullable<Text>,
        is_group -> Bool,
        reports -> Bool,
        active -> Bool,
        agency_code -> Nullable<Text>,
        editorial_note -> Nullable<Text>,
        source -> Nullable<Text>,
        transcription -> Nullable<Text>,
        plan_order -> Text,
        fold -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        amendment_id -> Nullable<Text>,
        valid_from -> Nullable<Date>,
        valid_until -> Nullable<Date>,
        in_force -> Bool,
        editorial_note_en -> Nullable<Text>,
    }
}

diesel::table! {
    indicators (id) {
        id -> Text,
        plan_id -> Text,
        jurisdiction -> Text,
        goal_id -> Text,
        plan_indicator_id -> Text,
        code -> Text,
        frequency -> Text,
        restricted -> Bool,
        definition -> Text,
        definition_version -> Integer,
        plan_order -> Text,
        fold -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        effective_from -> Integer,
        last_year -> Nullable<Integer>,
        continues -> Nullable<Text>,
        counterpart -> Nullable<Text>,
        amendment_id -> Nullable<Text>,
    }
}

diesel::table! {
    indicator_definitions (indicator_id, definition_version) {
        indicator_id -> Text,
        definition_version -> Integer,
        definition -> Text,
        created_at -> Timestamp,
        effective_from -> Integer,
        goal_id -> Nullable<Text>,
        plan_indicator_id -> Nullable<Text>,
        counterpart -> Nullable<Text>,
        restricted -> Bool,
        dimensions -> Text,
        changed_by -> Nullable<Text>,
        changed_by_name -> Nullable<Text>,
        amendment_id -> Nullable<Text>,
    }
}

diesel::table! {
    indicator_units (indicator_id, unit_id) {
        indicator_id -> Text,
        unit_id -> Text,
        duty -> Text,
        basis -> Text,
        why -> Nullable<Text>,
        position -> Integer,
        why_en -> Nullable<Text>,
    }
}

diesel::table! {
    indicator_dimensions (indicator_id, dimension_id) {
        indicator_id -> Text,
        dimension_id -> Text,
        additive -> Bool,
        expected -> Bool,
        position -> Integer,
    }
}

diesel::table! {
    tasks (id) {
        id -> Text,
        plan_id -> Text,
        jurisdiction -> Text,
        code -> Text,
        kind -> Text,
        text_vi -> Text,
        text_en -> Nullable<Text>,
        status -> Text,
        percent_complete -> Integer,
        starts_on -> Nullable<Date>,
        due_on -> Nullable<Date>,
        recurrence -> Nullable<Text>,
        budget -> Text,
        editorial_note -> Nullable<Text>,
        source -> Nullable<Text>,
        transcription -> Nullable<Text>,
        plan_order -> Text,
        fold -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        amendment_id -> Nullable<Text>,
        editorial_note_en -> Nullable<Text>,
    }
}

diesel::table! {
    task_goals (task_id, goal_id) {
        task_id -> Text,
        goal_id -> Text,
        position -> Integer,
    }
}

diesel::table! {
    task_indicators (task_id, indicator_id) {
        task_id -> Text,
        indicator_id -> Text,
        position -> Integer,
    }
}

diesel::table! {
    task_assignments (task_id, unit_id, role) {
        task_id -> Text,
        unit_id -> Text,
        role -> Text,
        position -> Integer,
    }
}

diesel::table! {
    accounts (id) {
        id -> Text,
        kind -> Text,
        login -> Text,
        login_key -> Text,
        name -> Text,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        position -> Nullable<Text>,
        secret_hash -> Text,
        must_change_password -> Bool,
        active -> Bool,
        expires_at -> Nullable<Timestamp>,
        allowed_addresses -> Text,
        auth_version -> BigInt,
        fold -> Text,
        name_key -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    grants (id) {
        id -> Text,
        account_id -> Text,
        role -> Text,
        jurisdiction -> Text,
        unit_id -> Nullable<Text>,
        scopes -> Text,
        position -> Integer,
        valid_from -> Nullable<Date>,
        valid_until -> Nullable<Date>,
    }
}

diesel::table! {
    second_factors (account_id) {
        account_id -> Text,
        secret -> Text,
        confirmed_at -> Nullable<Timestamp>,
        last_step -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    recovery_codes (code_hash) {
        code_hash -> Text,
        account_id -> Text,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    sessions (id) {
        id -> Text,
        account_id -> Text,
        address -> Text,
        user_agent -> Nullable<Text>,
        created_at -> Timestamp,
        last_used_at -> Timestamp,
        expires_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    refresh_tokens (token_hash) {
        token_hash -> Text,
        session_id -> Text,
        issued_at -> Timestamp,
        spent_at -> Nullable<Timestamp>,
        successor_salt -> Nullable<Text>,
    }
}

diesel::table! {
    sign_in_failures (id) {
        id -> Text,
        failures -> Integer,
        last_at -> Timestamp,
        blocked_until -> Nullable<Timestamp>,
    }
}

diesel::table! {
    sign_in_attempts (id) {
        id -> Text,
        failures_id -> Text,
        until -> Timestamp,
    }
}

diesel::table! {
    sign_in_places (id) {
        id -> Text,
        last_at -> Timestamp,
    }
}

diesel::table! {
    signing_keys (kid) {
        kid -> Text,
        public_key -> Text,
        private_key -> Nullable<Text>,
        created_at -> Timestamp,
        retired_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    idempotency_keys (account_id, method, path, idempotency_key) {
        account_id -> Text,
        method -> Text,
        path -> Text,
        idempotency_key -> Text,
        fingerprint -> Text,
        answer -> Nullable<Text>,
        claimed_until -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    leases (name) {
        name -> Text,
        holder -> Text,
        held_until -> Timestamp,
    }
}

diesel::table! {
    audit_events (id) {
        id -> Text,
        at -> Timestamp,
        actor_id -> Nullable<Text>,
        actor_kind -> Text,
        actor_name -> Text,
        action -> Text,
        resource -> Text,
        resource_id -> Text,
        jurisdiction -> Nullable<Text>,
        before -> Nullable<Text>,
        after -> Nullable<Text>,
        reason -> Nullable<Text>,
        purpose -> Nullable<Text>,
        address -> Nullable<Text>,
        request_id -> Nullable<Text>,
    }
}

diesel::table! {
    audit_chain (sequence) {
        sequence -> BigInt,
        event_id -> Text,
        hash -> Text,
    }
}

diesel::table! {
    audit_pending (event_id) {
        event_id -> Text,
    }
}

diesel::table! {
    audit_head (id) {
        id -> Integer,
        sequence -> BigInt,
        hash -> Text,
        signed_at -> Nullable<Timestamp>,
        signature -> Nullable<Text>,
    }
}

diesel::table! {
    changes (id) {
        id -> Text,
        at -> Timestamp,
        #[sql_name = "type"]
        change_type -> Text,
        resource -> Text,
        resource_id -> Text,
        version -> BigInt,
        jurisdiction -> Nullable<Text>,
        transaction_id -> Nullable<BigInt>,
        insertion -> Nullable<BigInt>,
        position -> Nullable<BigInt>,
    }
}

diesel::table! {
    change_counter (id) {
        id -> Integer,
        position -> BigInt,
        forgotten -> BigInt,
    }
}

diesel::table! {
    reporting_periods (id) {
        id -> Text,
        plan_id -> Text,
        jurisdiction -> Text,
        kind -> Text,
        frequency -> Nullable<Text>,
        label -> Text,
        title_vi -> Nullable<Text>,
        title_en -> Nullable<Text>,
        instructions -> Nullable<Text>,
        starts_on -> Date,
        ends_on -> Date,
        data_cutoff -> Nullable<Date>,
        opens_at -> Timestamp,
        due_at -> Timestamp,
        consolidated_due_at -> Nullable<Timestamp>,
        status -> Text,
        units_given -> Bool,
        indicators_given -> Bool,
        frozen -> Bool,
        requested_by -> Nullable<Text>,
        request_id -> Nullable<Text>,
        fold -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        questions -> Text,
    }
}

diesel::table! {
    period_units (period_id, unit_id) {
        period_id -> Text,
        unit_id -> Text,
        position -> Integer,
        excused_at -> Nullable<Timestamp>,
        excused_reason -> Nullable<Text>,
    }
}

diesel::table! {
    period_indicators (period_id, indicator_id) {
        period_id -> Text,
        indicator_id -> Text,
        position -> Integer,
        definition_version -> Nullable<Integer>,
        counterpart -> Nullable<Text>,
        dimensions -> Nullable<Text>,
        counterpart_id -> Nullable<Text>,
    }
}

diesel::table! {
    period_extensions (id) {
        id -> Text,
        period_id -> Text,
        unit_id -> Text,
        due_at -> Timestamp,
        reason -> Text,
        given_by -> Nullable<Text>,
        given_by_name -> Text,
        created_at -> Timestamp,
        until -> Nullable<Timestamp>,
    }
}

diesel::table! {
    reports (id) {
        id -> Text,
        jurisdiction -> Text,
        plan_id -> Text,
        period_id -> Text,
        unit_id -> Text,
        status -> Text,
        revision -> Integer,
        round -> Integer,
        due_at -> Timestamp,
        first_submitted_at -> Nullable<Timestamp>,
        submitted_at -> Nullable<Timestamp>,
        submitted_by -> Nullable<Text>,
        submitted_by_name -> Nullable<Text>,
        on_behalf -> Bool,
        accepted_at -> Nullable<Timestamp>,
        narrative -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        answers -> Text,
    }
}

diesel::table! {
    observations (id) {
        id -> Text,
        jurisdiction -> Text,
        plan_id -> Text,
        period_id -> Text,
        report_id -> Text,
        unit_id -> Text,
        indicator_id -> Text,
        disaggregation -> Text,
        numerator -> Nullable<BigInt>,
        denominator -> Nullable<BigInt>,
        answer -> Nullable<Bool>,
        status -> Text,
        not_applicable -> Nullable<Text>,
        note -> Nullable<Text>,
        extra -> Nullable<Text>,
        definition_version -> Integer,
        updated_at -> Timestamp,
        counted -> Bool,
        since -> Nullable<Timestamp>,
        until -> Nullable<Timestamp>,
    }
}

diesel::table! {
    report_comments (id) {
        id -> Text,
        report_id -> Text,
        jurisdiction -> Text,
        indicator_id -> Nullable<Text>,
        text -> Text,
        by_id -> Nullable<Text>,
        by_name -> Text,
        resolved_at -> Nullable<Timestamp>,
        resolved_by_id -> Nullable<Text>,
        resolved_by_name -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    report_events (id) {
        id -> Text,
        report_id -> Text,
        at -> Timestamp,
        by_id -> Nullable<Text>,
        by_name -> Text,
        action -> Text,
        status -> Text,
        revision -> Integer,
        round -> Integer,
        reason -> Nullable<Text>,
        remarks -> Text,
    }
}

diesel::table! {
    report_rounds (report_id, round) {
        report_id -> Text,
        round -> Integer,
        revision -> Integer,
        content -> Text,
        submitted_at -> Timestamp,
    }
}

diesel::table! {
    task_updates (id) {
        id -> Text,
        task_id -> Text,
        report_id -> Nullable<Text>,
        status -> Text,
        percent_complete -> Integer,
        note -> Nullable<Text>,
        by_id -> Nullable<Text>,
        by_name -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    consolidated_reports (id) {
        id -> Text,
        jurisdiction -> Text,
        plan_id -> Text,
        period_id -> Text,
        status -> Text,
        revision -> Integer,
        reason -> Nullable<Text>,
        narrative -> Text,
        resolutions -> Text,
        computed -> Text,
        computed_at -> Timestamp,
        prepared_by -> Nullable<Text>,
        prepared_by_name -> Text,
        approved_by -> Nullable<Text>,
        approved_by_name -> Nullable<Text>,
        approved_at -> Nullable<Timestamp>,
        sent_at -> Nullable<Timestamp>,
        acknowledged_at -> Nullable<Timestamp>,
        returned_at -> Nullable<Timestamp>,
        return_reason -> Nullable<Text>,
        supersedes -> Nullable<Text>,
        document_number -> Nullable<Text>,
        document_date -> Nullable<Date>,
        content_full -> Nullable<Text>,
        digest_full -> Nullable<Text>,
        signature_full -> Nullable<Text>,
        content_public -> Nullable<Text>,
        digest_public -> Nullable<Text>,
        signature_public -> Nullable<Text>,
        hidden -> Nullable<Text>,
        published -> Bool,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        published_until -> Nullable<Timestamp>,
        signatory -> Nullable<Text>,
        sent_due_at -> Nullable<Timestamp>,
        looking_back_full -> Nullable<Text>,
        looking_back_public -> Nullable<Text>,
        results_version -> Integer,
    }
}

diesel::table! {
    consolidation_deadlines (jurisdiction, label) {
        jurisdiction -> Text,
        label -> Text,
        due_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    consolidated_members (consolidated_id, report_id) {
        consolidated_id -> Text,
        report_id -> Text,
        revision -> Integer,
    }
}

diesel::table! {
    consolidated_events (id) {
        id -> Text,
        consolidated_id -> Text,
        at -> Timestamp,
        by_id -> Nullable<Text>,
        by_name -> Text,
        action -> Text,
        status -> Text,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    frozen_observations (id) {
        id -> Text,
        consolidated_id -> Text,
        jurisdiction -> Text,
        plan_id -> Text,
        period_id -> Text,
        report_id -> Text,
        unit_id -> Text,
        indicator_id -> Text,
        disaggregation -> Text,
        numerator -> Nullable<BigInt>,
        denominator -> Nullable<BigInt>,
        answer -> Nullable<Bool>,
        status -> Text,
        not_applicable -> Nullable<Text>,
        note -> Nullable<Text>,
        extra -> Nullable<Text>,
        definition_version -> Integer,
        updated_at -> Timestamp,
        unit_code -> Nullable<Text>,
        indicator_code -> Nullable<Text>,
        since -> Nullable<Timestamp>,
        until -> Nullable<Timestamp>,
    }
}

diesel::table! {
    imports (id) {
        id -> Text,
        account_id -> Text,
        status -> Text,
        mode -> Text,
        dry_run -> Bool,
        row_count -> BigInt,
        done -> BigInt,
        tally -> Text,
        problem -> Nullable<Text>,
        cancel_requested -> Bool,
        holder -> Text,
        held_until -> Timestamp,
        created_at -> Timestamp,
        finished_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    webhooks (id) {
        id -> Text,
        jurisdiction -> Text,
        url -> Text,
        types -> Text,
        description -> Nullable<Text>,
        active -> Bool,
        disabled_because -> Nullable<Text>,
        secret -> Text,
        previous_secret -> Nullable<Text>,
        previous_until -> Nullable<Timestamp>,
        position -> BigInt,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    webhook_deliveries (id) {
        id -> Text,
        webhook_id -> Text,
        position -> BigInt,
        change_type -> Text,
        payload -> Text,
        status -> Text,
        attempts -> Integer,
        attempt_log -> Text,
        next_attempt_at -> Nullable<Timestamp>,
        held_until -> Timestamp,
        created_at -> Timestamp,
        finished_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    rejected_approvals (id) {
        id -> Text,
        consolidated_id -> Text,
        plan_id -> Text,
        approved_at -> Timestamp,
        hidden -> Nullable<Text>,
        cells -> Text,
    }
}

diesel::table! {
    period_obligations (period_id, unit_id, indicator_id, since) {
        period_id -> Text,
        unit_id -> Text,
        indicator_id -> Text,
        via_group -> Nullable<Text>,
        since -> Timestamp,
        until -> Nullable<Timestamp>,
    }
}

diesel::table! {
    period_transfers (id) {
        id -> Text,
        period_id -> Text,
        indicator_id -> Text,
        from_unit -> Nullable<Text>,
        to_unit -> Text,
        reason -> Text,
        by_id -> Nullable<Text>,
        by_name -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    period_excusals (id) {
        id -> Text,
        period_id -> Text,
        unit_id -> Text,
        reason -> Text,
        by_id -> Nullable<Text>,
        by_name -> Text,
        since -> Timestamp,
        until -> Nullable<Timestamp>,
    }
}

diesel::joinable!(amendments -> plans (plan_id));
diesel::table! {
    unit_dissolutions (unit_id) {
        unit_id -> Text,
        dissolves_on -> Date,
        reason -> Text,
        by_id -> Nullable<Text>,
        by_name -> Text,
        created_at -> Timestamp,
        done_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    unit_successors (unit_id, successor_id) {
        unit_id -> Text,
        successor_id -> Text,
        position -> Integer,
    }
}

diesel::table! {
    former_parents (jurisdiction, until) {
        jurisdiction -> Text,
        parent -> Text,
        since -> Nullable<Date>,
        until -> Date,
    }
}

diesel::table! {
    jurisdiction_dissolutions (jurisdiction) {
        jurisdiction -> Text,
        dissolves_on -> Date,
        reason -> Text,
        by_id -> Nullable<Text>,
        by_name -> Text,
        created_at -> Timestamp,
        done_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    jurisdiction_successors (jurisdiction, successor) {
        jurisdiction -> Text,
        successor -> Text,
        position -> Integer,
    }
}

diesel::joinable!(goals -> plans (plan_id));
diesel::joinable!(plan_indicators -> plans (plan_id));
diesel::joinable!(plan_indicators -> goals (goal_id));
diesel::joinable!(dimensions -> plans (plan_id));
diesel::joinable!(indicators -> plans (plan_id));
diesel::joinable!(indicators -> goals (goal_id));
diesel::joinable!(indicators -> plan_indicators (plan_indicator_id));
diesel::joinable!(indicator_definitions -> indicators (indicator_id));
diesel::joinable!(indicator_units -> indicators (indicator_id));
diesel::joinable!(indicator_units -> units (unit_id));
diesel::joinable!(indicator_dimensions -> indicators (indicator_id));
diesel::joinable!(indicator_dimensions -> dimensions (dimension_id));
diesel::joinable!(tasks -> plans (plan_id));
diesel::joinable!(task_goals -> tasks (task_id));
diesel::joinable!(task_goals -> goals (goal_id));
diesel::joinable!(task_indicators -> tasks (task_id));
diesel::joinable!(task_indicators -> indicators (indicator_id));
diesel::joinable!(task_assignments -> tasks (task_id));
diesel::joinable!(task_assignments -> units (unit_id));
diesel::joinable!(unit_dissolutions -> units (unit_id));
diesel::joinable!(unit_successors -> units (successor_id));
diesel::joinable!(grants -> accounts (account_id));
diesel::joinable!(grants -> units (unit_id));
diesel::joinable!(second_factors -> accounts (account_id));
diesel::joinable!(recovery_codes -> accounts (account_id));
diesel::joinable!(sessions -> accounts (account_id));
diesel::joinable!(refresh_tokens -> sessions (session_id));
diesel::joinable!(idempotency_keys -> accounts (account_id));
diesel::joinable!(reporting_periods -> plans (plan_id));
diesel::joinable!(period_units -> reporting_periods (period_id));
diesel::joinable!(period_units -> units (unit_id));
diesel::joinable!(period_indicators -> reporting_periods (period_id));
diesel::joinable!(period_indicators -> indicators (indicator_id));
diesel::joinable!(period_extensions -> reporting_periods (period_id));
diesel::joinable!(period_extensions -> units (unit_id));
diesel::joinable!(reports -> plans (plan_id));
diesel::joinable!(reports -> reporting_periods (period_id));
diesel::joinable!(reports -> units (unit_id));
diesel::joinable!(observations -> plans (plan_id));
diesel::joinable!(observations -> reporting_periods (period_id));
diesel::joinable!(observations -> reports (report_id));
diesel::joinable!(audit_chain -> audit_events (event_id));
diesel::joinable!(audit_pending -> audit_events (event_id));
diesel::joinable!(observations -> units (unit_id));
diesel::joinable!(observations -> indicators (indicator_id));
diesel::joinable!(report_events -> reports (report_id));
diesel::joinable!(report_comments -> reports (report_id));
diesel::joinable!(report_comments -> indicators (indicator_id));
diesel::joinable!(report_rounds -> reports (report_id));
diesel::joinable!(task_updates -> tasks (task_id));
diesel::joinable!(task_updates -> reports (report_id));
diesel::joinable!(consolidated_reports -> plans (plan_id));
diesel::joinable!(consolidated_reports -> reporting_periods (period_id));
diesel::joinable!(consolidated_members -> consolidated_reports (consolidated_id));
diesel::joinable!(consolidated_members -> reports (report_id));
diesel::joinable!(consolidated_events -> consolidated_reports (consolidated_id));
diesel::joinable!(frozen_observations -> consolidated_reports (consolidated_id));
diesel::joinable!(frozen_observations -> plans (plan_id));
diesel::joinable!(frozen_observations -> reporting_periods (period_id));
diesel::joinable!(frozen_observations -> reports (report_id));
diesel::joinable!(frozen_observations -> units (unit_id));
diesel::joinable!(frozen_observations -> indicators (indicator_id));
diesel::joinable!(webhook_deliveries -> webhooks (webhook_id));
diesel::joinable!(period_obligations -> reporting_periods (period_id));
diesel::joinable!(period_obligations -> indicators (indicator_id));

diesel::allow_tables_to_appear_in_same_query!(
    jurisdictions,
    plans,
    amendments,
    goals,
    plan_indicators,
    dimensions,
    units,
    indicators,
    indicator_definitions,
    indicator_units,
    indicator_dimensions,
    tasks,
    task_goals,
    task_indicators,
    task_assignments,
    accounts,
    grants,
    second_factors,
    recovery_codes,
    sessions,
    refresh_tokens,
    sign_in_attempts,
    sign_in_failures,
    sign_in_places,
    signing_keys,
    idempotency_keys,
    leases,
    audit_events,
    audit_chain,
    audit_pending,
    audit_head,
    changes,
    reporting_periods,
    consolidation_deadlines,
    period_units,
    period_indicators,
    period_extensions,
    reports,
    observations,
    report_comments,
    report_events,
    report_rounds,
    task_updates,
    consolidated_reports,
    consolidated_members,
    consolidated_events,
    frozen_observations,
    rejected_approvals,
    imports,
    webhooks,
    webhook_deliveries,
    period_excusals,
    period_obligations,
    period_transfers,
    unit_dissolutions,
    unit_successors,
    former_parents,
    jurisdiction_dissolutions,
    jurisdiction_successors
);
