//! What query strings are refused, and with which faults.

use super::*;
use proptest::prelude::*;
use serde_json::json;

fn document() -> Value {
    json!({"components": {
        "parameters": {"Shared": {"name": "shared", "in": "query", "schema": {"type": "string"}}},
        "schemas": {
            "Status": {"type": "string", "enum": ["draft", "sent"]},
            "Label": {"type": "string", "pattern": "^[1-9][0-9]{3}(-Q[1-4])?$"}
        }
    }})
}

fn parameters() -> Parameters {
    let named = |name: &str, schema: Value| json!({"name": name, "in": "query", "required": false, "schema": schema});
    let operation = json!({"parameters": [
        named("limit", json!({"type": ["integer", "null"], "format": "int64", "minimum": 1, "maximum": 500})),
        named("include_total", json!({"type": ["boolean", "null"]})),
        named("q", json!({"type": ["string", "null"], "maxLength": 20})),
        named("plan", json!({"type": "string"})),
        named("status", json!({"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Status"}]})),
        named("period", json!({"$ref": "#/components/schemas/Label"})),
        named("from", json!({"type": "string", "format": "date"})),
        named("updated_since", json!({"type": ["string", "null"], "format": "date-time"})),
        named("threshold", json!({"type": "number", "format": "decimal"})),
        {"name": "disaggregation", "in": "query", "style": "form", "explode": true,
            "schema": {"type": "object", "additionalProperties": {"type": "string", "maxLength": 10}}},
        {"$ref": "#/components/parameters/Shared"},
        {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}
    ]});
    Parameters::compile(&document(), &operation).unwrap()
}

fn read(raw: &str) -> Value {
    match parameters().check(raw) {
        Ok(values) => Value::Object(values),
        Err(error) => panic!("{raw}: {:?}", error.into_problem().errors()),
    }
}

/// The code of a refusal and the names of the parameters at fault.
fn refused(raw: &str) -> (&'static str, Vec<String>) {
    match parameters().check(raw) {
        Ok(values) => panic!("{raw}: {values:?}"),
        Err(error) => {
            let problem = error.into_problem();
            assert_eq!(problem.status(), 400);
            assert!(problem.errors().iter().all(|e| e.code == problem.code()), "{raw}");
            (problem.code().code, problem.errors().iter().map(|e| e.pointer.clone()).collect())
        }
    }
}

#[track_caller]
fn invalid(raw: &str, name: &str) {
    assert_eq!(refused(raw), ("query.invalid", vec![name.to_owned()]), "{raw}");
}

#[test]
fn values_come_out_in_their_types() {
    assert_eq!(
        read(
            "limit=50&include_total=true&q=b%C3%ACnh+%C4%91%E1%BA%B3ng&plan=G3&status=sent&period=2026-Q3&from=2026-01-31&threshold=1.50&shared=x"
        ),
        json!({"limit": 50, "include_total": true, "q": "bình đẳng", "plan": "G3", "status": "sent", "period": "2026-Q3",
            "from": "2026-01-31", "threshold": serde_json::from_str::<Value>("1.50").unwrap(), "shared": "x"})
    );
    assert_eq!(read(""), json!({}));
    assert_eq!(read("&&limit=007&"), json!({"limit": 7}));
    assert_eq!(read("plan=20&q=true"), json!({"plan": "20", "q": "true"}));
    assert_eq!(read("updated_since=2026-11-25T00:00:00%2B07:00"), json!({"updated_since": "2026-11-25T00:00:00+07:00"}));
    assert_eq!(read("q=e%CC%82+"), json!({"q": "ê"}));
    assert_eq!(read("q="), json!({"q": ""}));
    assert_eq!(
        read("disaggregation.sex=female&disaggregation.age_group=all"),
        json!({"disaggregation.sex": "female", "disaggregation.age_group": "all"})
    );
}

#[test]
fn unknown_names_are_all_told() {
    assert_eq!(refused("lmit=1&plan=&x=2&x=3"), ("query.unknown", vec!["lmit".to_owned(), "x".to_owned()]));
    assert_eq!(refused("id=1").0, "query.unknown");
    assert_eq!(refused("disaggregation.=x").0, "query.unknown");
    assert_eq!(refused("disaggregation=x").0, "query.unknown");
    assert_eq!(refused("disaggregation.%3Cdimension%3E=x").0, "query.unknown");
    let long = refused(&"n".repeat(3000));
    assert!(long.1[0].chars().count() <= 41);
}

#[test]
fn all_bad_values_are_told() {
    let (code, names) = refused("limit=0&include_total=1&status=x&from=2026-02-30");
    assert_eq!((code, names), ("query.invalid", vec!["limit".into(), "include_total".into(), "status".into(), "from".into()]));
    for (raw, name) in [
        ("limit=501", "limit"),
        ("limit=1.0", "limit"),
        ("limit=1e2", "limit"),
        ("limit=%2B5", "limit"),
        ("limit=99999999999999999999999", "limit"),
        ("limit=-1", "limit"),
        ("limit=", "limit"),
        ("limit", "limit"),
        ("include_total=True", "include_total"),
        ("include_total", "include_total"),
        ("plan=", "plan"),
        ("plan=%20", "plan"),
        ("status=", "status"),
        ("status=DRAFT", "status"),
        ("period=2026-Q5", "period"),
        ("from=2026-1-1", "from"),
        ("updated_since=2026-11-25T00:00:00+07:00", "updated_since"),
        ("threshold=0.00001", "threshold"),
        ("threshold=1e400", "threshold"),
        ("threshold=x", "threshold"),
        ("disaggregation.sex=12345678901", "disaggregation.sex"),
        ("q=123456789012345678901", "q"),
    ] {
        invalid(raw, name);
    }
    invalid(&format!("plan={}", "x".repeat(1001)), "plan");
    assert_eq!(read(&format!("plan={}", "x".repeat(1000)))["plan"].as_str().map(str::len), Some(1000));
}

#[test]
fn broken_encodings_are_refused() {
    for raw in ["q=%ff%fe", "q=%", "q=%4", "q=%zz", "q=%+1", "q=%00", "q=a%0Ab", "q=%0A", "q=%C3", "q=%ED%A0%80"] {
        invalid(raw, "q");
    }
    assert_eq!(refused("%ff=1").0, "query.invalid");
}

#[test]
fn twice_is_once_too_often() {
    invalid("limit=1&limit=2", "limit");
    invalid("limit=1&%6Cimit=1", "limit");
    invalid("disaggregation.sex=a&disaggregation.sex=a", "disaggregation.sex");
}

#[test]
fn details_name_what_is_allowed() {
    let detail = |raw: &str| parameters().check(raw).unwrap_err().into_problem().errors()[0].detail.clone();
    assert_eq!(detail("status=x").en, "Allowed values: draft, sent.");
    assert_eq!(detail("include_total=x").vi, "Giá trị được phép: «true» (có), «false» (không).");
    assert_eq!(detail("limit=900").en, "Must be 500 or less.");
    assert!(detail("updated_since=2026-11-25T00:00:00+07:00").en.contains("%2B"));
}

#[test]
fn required_parameters_are_asked_for() {
    let operation = json!({"parameters": [{"name": "plan", "in": "query", "required": true, "schema": {"type": "string"}}]});
    let problem = Parameters::compile(&document(), &operation).unwrap().check("").unwrap_err().into_problem();
    assert_eq!((problem.code().code, problem.errors()[0].pointer.as_str()), ("query.invalid", "plan"));
}

#[test]
fn lists_and_unknown_references_do_not_compile() {
    for parameter in [
        json!({"name": "a", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}}),
        json!({"name": "a", "in": "query", "schema": {"$ref": "#/components/schemas/Nowhere"}}),
        json!({"$ref": "#/components/parameters/Nowhere"}),
    ] {
        assert!(Parameters::compile(&document(), &json!({"parameters": [parameter]})).is_err());
    }
    assert_eq!(Parameters::compile(&document(), &json!({})).unwrap().check("").unwrap().len(), 0);
}

proptest! {
    #[test]
    fn no_query_breaks_the_check(raw in "\\PC{0,60}", pairs in "((limit|q|plan|status|from|updated_since|threshold|disaggregation\\.[a-z]{0,2}|x)(=[-+%0-9a-fA-FT:.]{0,12})?&){0,6}") {
        static PARAMETERS: std::sync::OnceLock<Parameters> = std::sync::OnceLock::new();
        let parameters = PARAMETERS.get_or_init(parameters);
        for raw in [raw.as_str(), pairs.as_str()] {
            if let Err(error) = parameters.check(raw) {
                prop_assert!(!error.into_problem().errors().is_empty());
            }
        }
    }

    #[test]
    fn what_is_encoded_is_read_back(text in "[^\\pC]{1,20}") {
        let written = url::form_urlencoded::Serializer::new(String::new()).append_pair("plan", &text).finish();
        let expected = crate::values::text::normalise(&text);
        match parameters().check(&written) {
            Ok(values) => prop_assert_eq!(values.get("plan"), Some(&Value::String(expected))),
            Err(_) => prop_assert!(expected.is_empty()),
        }
    }
}
