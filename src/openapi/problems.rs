//! The refusals of every operation. What any request may be told, whatever it asks for, is said once, by the answer
//! `default`; an operation lists what follows from its path and `If-Match`, and what its handler names in `x-problems`.
//!
//! Every answer has an example for each of its codes. One that operations share is called after its status, the form of
//! the operations that have it and the problems that it tells, so that a name stays as long as the answer does.

use super::answers::refer_to_headers;
use super::strings;
use crate::problem::codes::{self, Code};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// What problems have beside the members of every problem: `pointer`s of their faults, `current`, `allowed` and the like.
static MEMBERS: LazyLock<Map<String, Value>> =
    LazyLock::new(|| serde_json::from_str(include_str!("problem_members.json")).unwrap_or_default());

/// The answers that several operations have in common, each described once.
#[derive(Default)]
pub(super) struct Shared {
    responses: BTreeMap<String, Value>,
    examples: BTreeSet<(String, u16)>,
}

impl Shared {
    /// A reference to the answer of this name, which tells one of these problems.
    fn refer(&mut self, name: String, status: u16, told: &BTreeSet<&str>) -> Value {
        let reference = json!({"$ref": format!("#/components/responses/{name}")});
        self.examples.extend(told.iter().map(|code| ((*code).to_owned(), status)));
        self.responses.entry(name).or_insert_with(|| response(status, told));
        reference
    }

    /// The answer of one operation, which tells one of these problems.
    fn own(&mut self, status: u16, told: &BTreeSet<&str>) -> Value {
        self.examples.extend(told.iter().map(|code| ((*code).to_owned(), status)));
        response(status, told)
    }

    /// Puts them into the components: the answers, and an example of every problem.
    pub(super) fn place(mut self, components: &mut Value) {
        self.examples.extend(of_any().into_iter().filter_map(|name| codes::find(name)).map(|code| (code.code.to_owned(), code.status)));
        let examples = self.examples.iter().filter_map(|(name, status)| {
            let code = codes::find(name)?;
            Some((example_name(code, *status), json!({"value": example(code, *status)})))
        });
        components["examples"] = Value::Object(examples.collect());
        self.responses.insert(REFUSED.to_owned(), refused());
        components["responses"] = Value::Object(self.responses.into_iter().collect());
    }
}

/// A problem of a field is a 400 where it is met in a query; its example is another then.
fn example_name(code: &Code, status: u16) -> String {
    if status == code.status { code.code.to_owned() } else { format!("{}.in_query", code.code) }
}

fn refer_to_example(name: &str) -> (String, Value) {
    (name.to_owned(), json!({"$ref": format!("#/components/examples/{name}")}))
}

fn response(status: u16, told: &BTreeSet<&str>) -> Value {
    let examples = told.iter().filter_map(|name| Some(refer_to_example(&example_name(codes::find(name)?, status))));
    json!({
        "description": word(status).1,
        "content": {"application/problem+json": {
            "schema": {"$ref": "#/components/schemas/Problem"},
            "examples": Value::Object(examples.collect())
        }}
    })
}

/// The answer that stands for what any request may be told, whatever it asks for.
const REFUSED: &str = "Refused";

/// The statuses that mean the same whatever was asked.
const OF_ANY: [u16; 8] = [405, 406, 408, 413, 414, 415, 429, 500];

fn of_any() -> BTreeSet<&'static str> {
    let by_status = codes::ALL.iter().filter(|code| OF_ANY.contains(&code.status)).map(|code| code.code);
    by_status.chain(BY_FORM).chain(FAULTS).collect()
}

fn refused() -> Value {
    let examples = of_any().into_iter().map(refer_to_example);
    let mut answer = response(500, &BTreeSet::new());
    answer["description"] = json!("What any request may be told; its examples say with which status.");
    answer["headers"] =
        refer_to_headers(["Allow", "Retry-After", "RateLimit", "RateLimit-Policy", "Accept-Encoding", "WWW-Authenticate", "X-Request-Id"]);
    answer["content"]["application/problem+json"]["examples"] = Value::Object(examples.collect());
    answer
}

/// A status as a name and in words.
fn word(status: u16) -> (&'static str, &'static str) {
    match status {
        400 => ("BadRequest", "The query, a header or the JSON is malformed."),
        401 => ("Unauthorized", "No access token, or one that does not count."),
        403 => ("Forbidden", "This account may not do this."),
        404 => ("NotFound", "There is no such thing, or this account may not read it."),
        409 => ("Conflict", "The present state stands against it."),
        410 => ("Gone", "It was there once and is no longer kept."),
        412 => ("PreconditionFailed", "`If-Match` names an older version."),
        422 => ("Unprocessable", "It is not valid; `errors` says where."),
        428 => ("PreconditionRequired", "`If-Match` is missing."),
        501 => ("NotImplemented", "The standard has it, this service does not."),
        503 => ("Unavailable", "The database or the server cannot do it now; try again after `Retry-After`."),
        _ => ("Failed", "The service failed; its log knows this `request_id`."),
    }
}

/// The problems of other statuses that follow from the form of a request: from its query, its body, its headers, its caller.
const BY_FORM: [&str; 20] = [
    "access.denied",
    "audit.unavailable",
    "auth.required",
    "body.invalid",
    "cursor.invalid",
    "database.busy",
    "database.full",
    "database.unavailable",
    "header.invalid",
    "idempotency.in_progress",
    "idempotency.key_invalid",
    "idempotency.key_reused",
    "json.malformed",
    "password.change_required",
    "query.invalid",
    "query.unknown",
    "server.busy",
    "server.draining",
    "token.invalid",
    "totp.setup_required",
];

/// What a body may be told for one fault alone, whatever it is for.
const FAULTS: [&str; 14] = [
    "field.unknown",
    "field.missing",
    "field.type",
    "field.value",
    "field.length",
    "field.format",
    "field.range",
    "field.control_character",
    "field.immutable",
    "field.required",
    "field.conflict",
    "reference.unknown",
    "reference.ambiguous",
    "value.decimal",
];

/// Problems that many handlers name: answers that tell no rarer one are called after them, in the order of this list.
const USUAL: [(&str, &str); 10] = [
    ("code.taken", "Taken"),
    ("field.conflict", "Conflict"),
    ("field.immutable", "Immutable"),
    ("field.required", "Required"),
    ("jurisdiction.dissolved", "Dissolved"),
    ("period.closed", "Closed"),
    ("period.not_open", "NotOpen"),
    ("plan.closed", "PlanClosed"),
    ("reference.ambiguous", "Ambiguous"),
    ("reference.unknown", "Reference"),
];

/// The longest name of a component.
const LONGEST_NAME: usize = 60;

/// Adds the problems of an operation to its answers.
pub(super) fn describe(method: &str, operation: &mut Value, shared: &mut Shared) {
    // A fault of one field is told by the body's problem or by itself; in a query it is 400.
    let status_of = |code: &Code| if method == "get" && code.status == 422 { 400 } else { code.status };
    let has = |place: &str, name: &str| {
        let mut all = operation["parameters"].as_array().into_iter().flatten();
        all.any(|p| p["in"] == place && (name.is_empty() || p["name"] == name))
    };
    let mut own = strings(operation.get("x-problems"));
    // A name that may fit nothing may fit several.
    if own.iter().any(|code| code == "reference.unknown") {
        own.push("reference.ambiguous".to_owned());
    }
    let own: Vec<&Code> = own.iter().filter_map(|name| codes::find(name)).filter(|code| !OF_ANY.contains(&code.status)).collect();
    let mut listed: BTreeMap<u16, BTreeSet<&str>> = own.iter().map(|code| (status_of(code), BTreeSet::new())).collect();
    if has("path", "") {
        listed.entry(404).or_default().insert(codes::NOT_FOUND.code);
    }
    if has("header", "If-Match") {
        listed.entry(412).or_default().insert(codes::VERSION_STALE.code);
        listed.entry(428).or_default().insert(codes::VERSION_REQUIRED.code);
    }
    if let Some(told) = listed.get_mut(&422) {
        told.insert(codes::BODY_INVALID.code);
    }
    let mut answers = Map::new();
    for (status, mut told) in listed {
        let mut name = word(status).0.to_owned();
        let mut rare = false;
        for code in codes::ALL.iter().filter(|code| own.contains(code) && status_of(code) == status) {
            let usual = USUAL.iter().find(|(known, _)| *known == code.code);
            if told.insert(code.code) {
                rare |= usual.is_none();
                name.push_str(usual.map_or("", |(_, short)| short));
            }
        }
        let answer = if rare || name.len() > LONGEST_NAME { shared.own(status, &told) } else { shared.refer(name, status, &told) };
        answers.insert(status.to_string(), answer);
    }
    answers.insert("default".to_owned(), json!({"$ref": format!("#/components/responses/{REFUSED}")}));
    if let Some(members) = operation.as_object_mut() {
        members.shift_remove("x-problems");
        // Extensions come in no order of their own.
        if let Some(most) = members.shift_remove("x-max-body-bytes") {
            members.insert("x-max-body-bytes".to_owned(), most);
        }
        if let Some(responses) = members.entry("responses").or_insert_with(|| json!({})).as_object_mut() {
            responses.extend(answers);
        }
    }
}

/// The collections whose problems begin with these words.
const COLLECTIONS: [(&str, &str); 13] = [
    ("report.", "reports"),
    ("round.", "reports"),
    ("consolidated_report.", "consolidated-reports"),
    ("period.", "reporting-periods"),
    ("extension.", "reporting-periods"),
    ("plan.", "plans"),
    ("plan_indicator.", "plan-indicators"),
    ("indicator.", "indicators"),
    ("disaggregation.in_use", "disaggregations"),
    ("unit.", "units"),
    ("task.", "tasks"),
    ("user.", "users"),
    ("client.", "clients"),
];

/// A problem as the server tells it.
fn example(code: &Code, status: u16) -> Value {
    let collection = COLLECTIONS.iter().find(|(begins, _)| code.code.starts_with(begins)).map_or("goals", |(_, collection)| collection);
    let instance = format!("/api/v1/{collection}");
    let mut problem = json!({
        "type": format!("/problems/{}", code.code), "title": code.title_vi, "status": status, "detail": first_sentence(code.cure_vi), "instance": instance,
        "code": code.code, "request_id": "r-27"
    });
    for (name, value) in MEMBERS.get(code.code).and_then(Value::as_object).into_iter().flatten() {
        match name.as_str() {
            // The one fault of a body or query, in the words of the problem.
            "pointer" => problem["errors"] = json!([fault(code, value)]),
            "parameter" if status == 400 => problem["errors"] = json!([fault(code, value)]),
            "parameter" => {}
            // What is told beside others only.
            "faults" => {
                let each = value.as_object().into_iter().flatten();
                let each = each.filter_map(|(name, pointer)| Some(fault(codes::find(name)?, pointer)));
                problem["errors"] = each.collect();
            }
            _ => problem[name] = value.clone(),
        }
    }
    problem
}

fn fault(code: &Code, pointer: &Value) -> Value {
    json!({"pointer": pointer, "code": code.code, "detail": first_sentence(code.cure_vi)})
}

/// What is wrong; what to do about it stands on the problem's page.
fn first_sentence(text: &str) -> &str {
    text.find(". ").map_or(text, |end| text.get(..=end).unwrap_or(text))
}

/// The schemas of problems.
pub(super) fn schemas() -> Map<String, Value> {
    let known: Vec<&str> = codes::ALL.iter().map(|code| code.code).collect();
    let text = |description: &str| json!({"type": "string", "description": description});
    let made = json!({
        "ProblemCode": {
            "description": "The stable name of a problem or of one fault; never translated. More may come: treat one that you do not know by its status.",
            "anyOf": [{"type": "string", "enum": known}, {"type": "string"}],
            "example": "report.not_editable"
        },
        "ProblemFault": {
            "type": "object", "description": "One thing that is wrong with a body or a query.", "required": ["pointer", "code", "detail"],
            "properties": {
                "pointer": text("RFC 6901 pointer into the body, or the name of a query parameter."),
                "code": {"$ref": "#/components/schemas/ProblemCode"},
                "detail": text("The fault in words."),
                "indicator": {"$ref": "#/components/schemas/Ref", "description": "The indicator that it is about, if it is about one."}
            },
            "example": {"pointer": "/observations/3/numerator", "code": "value.negative", "detail": first_sentence(codes::VALUE_NEGATIVE.cure_vi)}
        },
        "Problem": {
            "type": "object",
            "description": "What went wrong and how to mend it (RFC 9457). Some problems have further members, which their examples show.",
            "required": ["type", "title", "status", "detail", "instance", "code", "request_id"],
            "properties": {
                "type": text("The page that explains it."),
                "title": text("What is wrong, in the reader's language."),
                "status": {"type": "integer", "description": "The HTTP status."},
                "detail": text("What is wrong here and what to do about it."),
                "instance": text("The path asked for."),
                "code": {"$ref": "#/components/schemas/ProblemCode"},
                "request_id": text("Names this request in the log."),
                "errors": {"type": "array", "description": "Every field that is wrong.", "items": {"$ref": "#/components/schemas/ProblemFault"}},
                "current": text("Where the resource stands now, if its state stands against it."),
                "allowed": {"type": "array", "description": "What can be done with it in that state.", "items": {"type": "string"}},
                "referrers": {"type": "object", "description": "How many of each kind refer to it, if it is in use.", "additionalProperties": {"type": "integer"}},
                "indicators": {"type": "array", "description": "The codes of the indicators that it is about.", "items": {"type": "string"}},
                "plan": {"$ref": "#/components/schemas/Ref", "description": "The plan that stands against it."},
                "first_free_year": {"type": "integer", "description": "The first year for which it can be done."},
                "last_year": {"type": "integer", "description": "The last year for which it can be done."},
                "limit": {"type": "integer", "description": "The longest body that is taken, in bytes."},
                "line": {"type": "integer", "description": "The line at which the JSON breaks off, from 1."},
                "column": {"type": "integer", "description": "The place in that line, from 1."}
            },
            "example": example(codes::REPORT_NOT_EDITABLE, codes::REPORT_NOT_EDITABLE.status)
        }
    });
    match made {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
