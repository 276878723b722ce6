//! What bodies are refused, and with which faults.

use super::*;
use crate::problem::FieldError;
use proptest::prelude::*;

fn document() -> Value {
    json!({"components": {"schemas": {
        "Bilingual": {
            "type": "object", "required": ["vi"], "additionalProperties": false,
            "properties": {
                "vi": {"type": "string", "minLength": 1, "maxLength": 20},
                "en": {"type": ["string", "null"], "minLength": 1, "maxLength": 20}
            }
        },
        "Direction": {"type": "string", "enum": ["at_least", "at_most"]},
        "Decimal4": {"type": "number", "format": "decimal", "exclusiveMinimum": -100_000_000_000_i64, "exclusiveMaximum": 100_000_000_000_i64},
        "TargetValue": {"oneOf": [{"$ref": "#/components/schemas/Decimal4"}, {"type": "boolean"}]},
        "Tree": {
            "type": "object", "required": ["name"], "additionalProperties": false,
            "properties": {
                "name": {"type": "string"},
                "children": {"type": "array", "maxItems": 3, "items": {"$ref": "#/components/schemas/Tree"}},
                "twin": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Tree"}]}
            }
        },
        "GoalIn": {
            "type": "object", "required": ["code", "title", "plan"], "additionalProperties": false, "example": {"code": "G1"},
            "properties": {
                "code": {"type": "string", "pattern": "^[A-Z][0-9]$", "description": "Its code"},
                "plan": {"type": "string", "maxLength": 64},
                "title": {"$ref": "#/components/schemas/Bilingual", "description": "Its title"},
                "ordinal": {"type": ["integer", "null"], "format": "int32", "minimum": 1, "maximum": 999},
                "direction": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Direction"}], "description": "Which way"},
                "note": {"type": ["string", "null"], "x-multiline": true},
                "subtitle": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Bilingual"}]},
                "transcription": {"type": ["object", "null"], "additionalProperties": {}},
                "lines": {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "integer", "format": "int32"}, "default": []},
                "active": {"type": "boolean", "default": true}
            }
        }
    }}})
}

fn faults_of(schema: &Value, body: &Value) -> Vec<FieldError> {
    JsonSchema::compile(&document(), schema).unwrap().check(body)
}

fn told(schema: &Value, body: &Value) -> Vec<(String, &'static str)> {
    faults_of(schema, body).into_iter().map(|fault| (fault.pointer, fault.code.code)).collect()
}

fn of(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// The code of the only fault of a value at the top, or "" if it has none.
#[track_caller]
fn verdict(schema: &Value, body: &Value) -> &'static str {
    match told(schema, body).as_slice() {
        [] => "",
        [(pointer, code)] if pointer.is_empty() => code,
        several => panic!("{body}: {several:?}"),
    }
}

fn number(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn goal() -> Value {
    json!({"code": "G1", "plan": "P", "title": {"vi": "Mục tiêu"}})
}

fn goal_with(name: &str, value: Value) -> Value {
    let mut goal = goal();
    goal[name] = value;
    goal
}

#[test]
fn all_faults_of_a_body_are_told_at_once() {
    let body = json!({
        "code": "g", "title": {"vi": "", "fr": "x"}, "ordinal": 1000, "direction": "up", "note": 3, "lines": [1], "active": "yes", "a/b~c": 1,
        "subtitle": {"en": "x\u{7}"}, "transcription": {"k": ["\u{0}"]}
    });
    let mut told = told(&of("GoalIn"), &body);
    told.sort();
    let told: Vec<(&str, &str)> = told.iter().map(|(pointer, code)| (pointer.as_str(), *code)).collect();
    assert_eq!(
        told,
        [
            ("/active", "field.type"),
            ("/a~1b~0c", "field.unknown"),
            ("/code", "field.format"),
            ("/direction", "field.value"),
            ("/lines", "field.length"),
            ("/note", "field.type"),
            ("/ordinal", "field.range"),
            ("/plan", "field.missing"),
            ("/subtitle/en", "field.control_character"),
            ("/subtitle/vi", "field.missing"),
            ("/title/fr", "field.unknown"),
            ("/title/vi", "field.length"),
            ("/transcription/k/0", "field.control_character"),
        ]
    );
    assert_eq!(faults_of(&of("GoalIn"), &goal()).len(), 0);
}

#[test]
fn a_body_of_another_kind_is_told_at_the_top() {
    for body in [json!([]), json!(null), json!("x"), json!(1)] {
        assert_eq!(told(&of("GoalIn"), &body), [(String::new(), "field.type")]);
    }
}

#[test]
fn an_empty_body_takes_no_fields() {
    let schema = json!({"type": "object", "additionalProperties": false});
    assert_eq!(verdict(&schema, &json!({})), "");
    assert_eq!(told(&schema, &json!({"a": 1, "b": 2})), [("/a".to_owned(), "field.unknown"), ("/b".to_owned(), "field.unknown")]);
    assert_eq!(told(&json!({"properties": {"a": false}, "type": "object"}), &json!({"a": 1})), [("/a".to_owned(), "field.unknown")]);
}

#[test]
fn decimals_are_judged_by_their_digits() {
    for good in ["0.10000", "99999999999.9999", "-1e2", "0", "-99999999999.9999", "12345e-4"] {
        assert_eq!(verdict(&of("Decimal4"), &number(good)), "", "{good}");
    }
    for bad in ["0.00001", "1e400", "-1e400", "100000000000", "1e-400", "1e99999999999999999999", "0.30000000000000000000001"] {
        assert_eq!(verdict(&of("Decimal4"), &number(bad)), "value.decimal", "{bad}");
    }
    let bounded = json!({"type": "number", "format": "decimal", "minimum": 0, "maximum": 0.1});
    assert_eq!(verdict(&bounded, &number("-0.0001")), "field.range");
    assert_eq!(verdict(&bounded, &number("0.1")), "");
    assert_eq!(verdict(&bounded, &number("0.1001")), "field.range");
    assert_eq!(verdict(&bounded, &json!("0.1")), "field.type");
    assert_eq!(verdict(&json!({"type": "number", "format": "double"}), &number("1e400")), "field.range");
}

#[test]
fn whole_numbers_have_bounds() {
    let small = json!({"type": "integer", "format": "int32"});
    for (text, code) in [
        ("2147483647", ""),
        ("-2147483648", ""),
        ("2147483648", "field.range"),
        ("1e400", "field.range"),
        ("1.5", "field.type"),
        ("1e-400", "field.type"),
        ("3.0", ""),
    ] {
        assert_eq!(verdict(&small, &number(text)), code, "{text}");
    }
    let large = json!({"type": "integer", "format": "int64", "minimum": 0, "exclusiveMaximum": 9});
    for (text, code) in [("-1", "field.range"), ("8", ""), ("9", "field.range"), ("99999999999999999999", "field.range")] {
        assert_eq!(verdict(&large, &number(text)), code, "{text}");
    }
}

#[test]
fn what_passes_reads_into_rust_integers() {
    let mut body = number("[3.0, 1e2, -0.0, -7.00, 1.5, 0.10, 1e400]");
    normalise(&mut body);
    assert_eq!(body.to_string(), "[3,100,0,-7,1.5,0.10,1e+400]");
    assert_eq!(serde_json::from_value::<i32>(body[1].clone()).unwrap(), 100);
}

#[test]
fn alternatives_are_told_apart_by_kind_value_or_tag() {
    for (text, code) in [("1.5", ""), ("true", ""), ("1.23456", "value.decimal"), ("\"1\"", "field.type"), ("null", "field.type")] {
        assert_eq!(verdict(&of("TargetValue"), &number(text)), code, "{text}");
    }
    let nullable = json!({"oneOf": [{"type": "null"}, of("Decimal4"), {"type": "boolean"}]});
    assert_eq!((verdict(&nullable, &json!(null)), verdict(&nullable, &json!("x"))), ("", "field.type"));
    let values = json!({"oneOf": [{"type": "string", "enum": ["a"]}, {"type": "string", "const": "b"}]});
    assert_eq!(
        (verdict(&values, &json!("b")), verdict(&values, &json!("c")), verdict(&values, &json!(1))),
        ("", "field.value", "field.type")
    );
    let tagged = json!({"oneOf": [
        {"type": "object", "required": ["kind", "n"], "additionalProperties": false,
         "properties": {"kind": {"type": "string", "enum": ["count"]}, "n": {"type": "integer"}}},
        {"type": "object", "required": ["kind"], "additionalProperties": false, "properties": {"kind": {"type": "string", "enum": ["none"]}}}
    ]});
    assert_eq!(verdict(&tagged, &json!({"kind": "count", "n": 1})), "");
    assert_eq!(told(&tagged, &json!({"kind": "count", "n": "x"})), [("/n".to_owned(), "field.type")]);
    assert_eq!(told(&tagged, &json!({"kind": "none", "n": 1})), [("/n".to_owned(), "field.unknown")]);
    assert_eq!(told(&tagged, &json!({"kind": "other"})), [("/kind".to_owned(), "field.value")]);
    assert_eq!(told(&tagged, &json!({})), [("/kind".to_owned(), "field.missing")]);
    assert_eq!(verdict(&tagged, &json!(7)), "field.type");
    let vague = json!({"oneOf": [of("Bilingual"), of("Tree")]});
    assert_eq!((verdict(&vague, &json!({"vi": "x"})), verdict(&vague, &json!({}))), ("", "field.type"));
}

#[test]
fn formats_are_asserted() {
    let with = |format: &str| json!({"type": "string", "format": format});
    for (format, good, bad) in [
        (
            "date",
            vec!["2024-02-29", "1900-01-01"],
            vec!["2026-02-29", "2026-2-1", "1899-12-31", "2201-01-01", "2026-01-01T00:00:00Z", "+026-01-01", ""],
        ),
        (
            "date-time",
            vec!["2026-11-25T00:00:00+07:00", "2026-11-24T17:00:00.123Z", "2026-11-24t17:00:00z"],
            vec![
                "2026-11-24 17:00:00Z",
                "2026-11-24T17:00:00",
                "2026-11-24",
                "2026-11-24T25:00:00Z",
                "1800-11-24T17:00:00Z",
                "2026-11-24T17:00:00 07:00",
                "2026-11-24T12:00:60Z",
                "2026-11-24T24:00:00Z",
                "2026-02-30T12:00:00Z",
                "0000-11-24T12:00:00Z",
                "2026-11-24T12:00:00+99:99",
                "2026-11-24T12:00:00.1234567Z",
            ],
        ),
        (
            "uuid",
            vec!["0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a63"],
            vec!["0199a0f45a0e7c3b9f2e6d1f0c8b7a63", "x", "{0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a6}"],
        ),
        ("email", vec!["an.tran+x@dongnguyen.bacninh.gov.vn", "a@b"], vec!["a", "@b", "a@", "a b@c", "a..b@c", "a@-b", "a@b@c", "án@b"]),
        (
            "uri",
            vec!["https://example.vn/hook?x=1", "HTTP://a:8080"],
            vec!["ftp://a", "/a", "https:/a", "http://", "https://a b", "javascript:alert(1)"],
        ),
    ] {
        for text in good {
            assert_eq!(verdict(&with(format), &json!(text)), "", "{format} {text}");
        }
        for text in bad {
            assert_eq!(verdict(&with(format), &json!(text)), "field.format", "{format} {text}");
        }
    }
    assert_eq!(verdict(&with("password"), &json!("anything")), "");
}

#[test]
fn texts_are_bounded_and_hold_no_control_characters() {
    let line = json!({"type": "string"});
    let prose = json!({"type": "string", "x-multiline": true, "maxLength": 9000});
    for (text, in_line, in_prose) in [
        ("a\nb\tc", "field.control_character", ""),
        ("a\u{0}", "field.control_character", "field.control_character"),
        ("\u{85}", "field.control_character", "field.control_character"),
    ] {
        assert_eq!((verdict(&line, &json!(text)), verdict(&prose, &json!(text))), (in_line, in_prose), "{text:?}");
    }
    assert_eq!((verdict(&line, &json!("ế".repeat(8000))), verdict(&line, &json!("ế".repeat(8001)))), ("", "field.length"));
    assert_eq!((verdict(&prose, &json!("ế".repeat(9000))), verdict(&prose, &json!("ế".repeat(9001)))), ("", "field.length"));
    assert_eq!(verdict(&json!({"type": "string", "minLength": 3, "maxLength": 3}), &json!("ếếế")), "");
}

#[test]
fn what_no_schema_describes_still_keeps_the_rules_of_text() {
    let map = json!({"type": "object", "additionalProperties": {}});
    assert_eq!(verdict(&map, &json!({"a": [1, {"b": "line\nline"}], "c": null})), "");
    assert_eq!(told(&map, &json!({"a": [{"b": "x".repeat(8001)}]})), [("/a/0/b".to_owned(), "field.length")]);
    assert_eq!(told(&map, &json!({"a\u{0}": 1})), [("/a\u{0}".to_owned(), "field.control_character")]);
    assert_eq!(told(&json!(true), &json!({"a": {"b\u{1}": 1}})), [("/a/b\u{1}".to_owned(), "field.control_character")]);
    let typed = json!({"type": "object", "propertyNames": {"pattern": "^[a-z]+$"}, "additionalProperties": {"type": "integer"}});
    assert_eq!(told(&typed, &json!({"A": 1, "b": "x"})).len(), 2);
    let named = json!({"type": "object", "propertyNames": {"type": "string"}, "additionalProperties": {"type": "string"}});
    assert_eq!(told(&named, &json!({"a\u{0}": "x"})), [("/a\u{0}".to_owned(), "field.control_character")]);
}

#[test]
fn lists_are_judged_whole_and_item_by_item() {
    let schema = json!({"type": "array", "minItems": 1, "maxItems": 3, "uniqueItems": true, "items": {"type": "string"}});
    assert_eq!(verdict(&schema, &json!([])), "field.length");
    assert_eq!(verdict(&schema, &json!(["a", "b", "c", "d"])), "field.length");
    assert_eq!(verdict(&schema, &json!(["a", "a"])), "field.value");
    assert_eq!(told(&schema, &json!(["a", 1])), [("/1".to_owned(), "field.type")]);
    let deep = json!({"name": "a", "children": [{"name": "b", "children": [{"nam": "c"}]}]});
    assert_eq!(told(&of("Tree"), &deep).len(), 2);
    assert!(told(&of("Tree"), &deep).contains(&("/children/0/children/0/name".to_owned(), "field.missing")));
}

#[test]
fn details_help_and_do_not_echo() {
    let fault = |name: &str, value: Value| faults_of(&of("GoalIn"), &goal_with(name, value)).remove(0).detail;
    assert_eq!(fault("direction", json!("x")).en, "Allowed values: at_least, at_most.");
    assert_eq!(
        fault("direction", json!("x")).vi,
        "Giá trị này không dùng được; chỉ được dùng «at_least» (ít nhất), «at_most» (nhiều nhất)."
    );
    assert_eq!(fault("ordinal", json!(0)).en, "Must be 1 or more.");
    assert_eq!(fault("note", json!(1)).en, "Must be a string or null, not a number.");
    assert_eq!(fault("lines", json!([1])).en, "Needs at least 2 items.");
    let long = faults_of(&of("GoalIn"), &goal_with(&"n".repeat(5000), json!(1))).remove(0);
    assert!(long.detail.en.chars().count() < 140 && long.pointer.chars().count() < 210);
}

#[test]
fn the_deepest_body_that_is_parsed_can_be_checked() {
    let list: Value = serde_json::from_str(&format!("{}1{}", "[".repeat(126), "]".repeat(126))).unwrap();
    assert_eq!(verdict(&json!(true), &list), "");
    let tree = (0..60).fold(json!({"name": 1}), |inner, _| json!({"name": "x", "twin": inner}));
    assert_eq!(told(&of("Tree"), &tree), [(format!("{}/name", "/twin".repeat(60)), "field.type")]);
}

#[test]
fn at_most_a_hundred_faults_are_told() {
    let schema = json!({"type": "array", "items": {"type": "string"}});
    assert_eq!(told(&schema, &json!(vec![1; 500])).len(), 100);
}

fn written(schema: &Value, text: &str) -> Result<Value, Vec<(String, String)>> {
    let json_schema = JsonSchema::compile(&document(), schema).unwrap();
    let told = |faults: Vec<FieldError>| faults.into_iter().map(|f| (f.pointer, f.code.code.to_owned())).collect();
    json_schema.accept(json_schema.parse(text.as_bytes()).unwrap()).map_err(told)
}

/// How many values a hostile body costs.
fn built(schema: &Value, text: &str) -> usize {
    let frame = frame::Frame::of(&document(), schema);
    parse::parse(&frame, text.as_bytes()).unwrap().values
}

#[test]
fn what_the_schema_has_no_room_for_is_not_built() {
    let (tree, goal) = (of("Tree"), of("GoalIn"));
    let zeros = format!("[{}0]", "0,".repeat(480_000));
    let hostile = [
        (&tree, format!("{{\"name\": \"a\", \"children\": {zeros}}}"), 6, "/children", "field.length"),
        (&tree, format!("{{\"name\": {zeros}}}"), 2, "/name", "field.type"),
        (&tree, format!("{{\"name\": \"a\", \"bogus\": {zeros}}}"), 2, "/bogus", "field.unknown"),
        (&goal, zeros.clone(), 1, "", "field.type"),
        (&goal, format!("{{\"transcription\": {{\"a\": {zeros}}}}}"), 1003, "/transcription/a", "field.length"),
        (&goal, format!("{{\"ordinal\": {}}}", "9".repeat(500_000)), 2, "/ordinal", "value.decimal"),
    ];
    for (schema, text, most, pointer, code) in hostile {
        assert!(built(schema, &text) <= most, "{pointer}: {} values", built(schema, &text));
        let faults = written(schema, &text).unwrap_err();
        assert!(faults.contains(&(pointer.to_owned(), code.to_owned())), "{faults:?}");
    }
}

#[test]
fn a_body_has_so_many_values_and_members_at_most() {
    let goal = of("GoalIn");
    let map = |members: usize| (0..members).map(|n| format!("\"k{n}\": 0")).collect::<Vec<_>>().join(",");
    let members = format!("{{\"transcription\": {{{}}}}}", map(100_000));
    assert!(built(&goal, &members) <= 1003);
    assert!(written(&goal, &members).unwrap_err().contains(&("/transcription".to_owned(), "field.length".to_owned())));
    let unknown = format!("{{{}}}", map(100_000));
    assert_eq!(built(&goal, &unknown), 1);
    assert_eq!(written(&goal, &unknown).unwrap_err().len(), 100);
    let many = format!("[{}[]]", format!("[{}0],", "0,".repeat(900)).repeat(500));
    assert!(built(&json!(true), &many) <= 60_001);
    assert!(written(&json!(true), &many).unwrap_err().contains(&(String::new(), "field.length".to_owned())));
    let again = format!("{{\"transcription\": {{{}\"a\": 0}}}}", "\"a\": 0,".repeat(100_000));
    assert!(built(&goal, &again) <= 1003);
}

#[test]
fn other_faults_are_told_beside_an_array_too_long() {
    let text = r#"{"name": 1, "bogus": {"deep": [1]}, "children": [{}, {}, {}, {}]}"#;
    let faults = written(&of("Tree"), text).unwrap_err();
    let named: Vec<_> = faults.iter().map(|(pointer, code)| (pointer.as_str(), code.as_str())).collect();
    assert_eq!(named.len(), 3, "{named:?}");
    for fault in [("/children", "field.length"), ("/name", "field.type"), ("/bogus", "field.unknown")] {
        assert!(named.contains(&fault), "{named:?}");
    }
}

#[test]
fn a_body_is_read_as_it_is_written() {
    for text in [
        r#"{"name": "a", "twin": {"name": "b", "children": [{"name": "c"}]}, "children": []}"#,
        r#"{"code": "G1", "plan": "P", "title": {"vi": "Mục tiêu", "en": null}, "transcription": {"x": [1.50, -2e3, {"y": true}]}, "lines": [1, 2]}"#,
    ] {
        let whole: Value = serde_json::from_str(text).unwrap();
        let schema = if text.contains("code") { of("GoalIn") } else { of("Tree") };
        assert_eq!(parse::parse(&frame::Frame::of(&document(), &schema), text.as_bytes()).unwrap().body, whole);
        assert_eq!(parse::parse(&frame::Frame::of(&document(), &json!({})), text.as_bytes()).unwrap().body, whole);
    }
    let json_schema = JsonSchema::compile(&document(), &of("Tree")).unwrap();
    for text in ["{", "{} x", "[1,]", "{\"bogus\": [1, }", "{\"bogus\": 01}", "{\"name\": \"\u{1}\"}"] {
        assert!(json_schema.parse(text.as_bytes()).is_err(), "{text}");
    }
    for depth in [200, 200_000] {
        let deep = format!("{{\"bogus\": {}{}}}", "[".repeat(depth), "]".repeat(depth));
        assert!(json_schema.parse(deep.as_bytes()).is_err(), "{depth}");
    }
}

#[test]
fn a_document_without_the_component_is_refused() {
    assert!(JsonSchema::compile(&document(), &of("Nowhere")).unwrap_err().contains("Nowhere"));
    assert!(JsonSchema::compile(&document(), &json!({"type": "object", "properties": {"a": of("Nowhere")}})).is_err());
    assert!(JsonSchema::compile(&document(), &json!({"type": "string", "pattern": "("})).is_err());
}

#[test]
fn normalising_composes_and_trims_all_but_secrets() {
    let mut body =
        json!({"a": [" e\u{302}\u{301} "], "password": " e\u{302} ", "new_password": ["  x "], "grants": {"client_secret": " s "}});
    normalise(&mut body);
    assert_eq!(body, json!({"a": ["ế"], "password": " e\u{302} ", "new_password": ["x"], "grants": {"client_secret": " s "}}));
}

/// The patch of a schema, with the patches of its parts in the place of the references to them.
fn patch(schema: &Value) -> Value {
    let mut made = Map::new();
    let patch = patch_schema(&document(), schema, &mut made);
    whole(&patch, &made)
}

fn whole(schema: &Value, made: &Map<String, Value>) -> Value {
    match schema {
        Value::Object(members) => {
            let part = members.get("$ref").and_then(Value::as_str).and_then(|r| made.get(r.rsplit('/').next().unwrap_or_default()));
            let Some(part) = part else { return members.iter().map(|(name, value)| (name.clone(), whole(value, made))).collect() };
            let mut part = whole(part, made);
            let beside = members.iter().filter(|(name, _)| *name != "$ref").map(|(name, value)| (name.clone(), value.clone()));
            part.as_object_mut().unwrap().extend(beside);
            part
        }
        Value::Array(items) => items.iter().map(|item| whole(item, made)).collect(),
        other => other.clone(),
    }
}

#[test]
fn a_patch_may_leave_out_everything_and_remove_what_is_optional() {
    let patch = patch(&document()["components"]["schemas"]["GoalIn"]);
    for good in [
        json!({}),
        json!({"code": "G2"}),
        json!({"title": {"en": null}}),
        json!({"title": {"vi": "Khác"}, "note": null, "ordinal": null, "direction": null, "lines": null, "active": null, "transcription": null}),
        json!({"subtitle": null}),
        json!({"subtitle": {"en": "x"}}),
    ] {
        assert_eq!(told(&patch, &good), [], "{good}");
    }
    for (bad, pointer, code) in [
        (json!({"code": null}), "/code", "field.type"),
        (json!({"title": null}), "/title", "field.type"),
        (json!({"title": {"vi": null}}), "/title/vi", "field.type"),
        (json!({"title": {"fr": null}}), "/title/fr", "field.unknown"),
        (json!({"subtitle": {"vi": ""}}), "/subtitle/vi", "field.length"),
        (json!({"lines": [1]}), "/lines", "field.length"),
        (json!({"direction": "x"}), "/direction", "field.value"),
        (json!({"nothing": 1}), "/nothing", "field.unknown"),
        (json!([]), "", "field.type"),
    ] {
        assert_eq!(told(&patch, &bad), [(pointer.to_owned(), code)], "{bad}");
    }
    assert!(patch.get("required").is_none() && patch["properties"]["active"].get("default").is_none());
    assert_eq!(patch["properties"]["active"]["type"], json!(["boolean", "null"]));
    assert_eq!(
        (&patch["properties"]["code"]["description"], &patch["properties"]["title"]["description"]),
        (&json!("Its code"), &json!("Its title"))
    );
}

#[test]
fn a_patch_of_a_tree_ends() {
    let patch = patch(&of("Tree"));
    assert_eq!(told(&patch, &json!({"twin": {"twin": {"name": "x"}}, "children": [{"name": "y"}]})), []);
    assert_eq!(told(&patch, &json!({"children": [{}]})), [("/children/0/name".to_owned(), "field.missing")]);
}

#[test]
fn a_patch_refuses_null_where_a_required_field_was_nullable() {
    let schema = json!({"type": "object", "required": ["a", "b", "c"], "properties": {
        "a": {"type": ["string", "null"]}, "b": {"oneOf": [{"type": "null"}, of("Direction")]}, "c": {}
    }});
    let patch = patch(&schema);
    assert_eq!(told(&patch, &json!({"a": null, "b": null, "c": null})).len(), 3);
    assert_eq!(told(&patch, &json!({"a": "x", "b": "at_most", "c": [1]})), []);
}

#[test]
fn a_patch_refuses_null_where_a_member_is_never_removed() {
    let schema = json!({"type": "object", "properties": {"a": {"type": "boolean", "x-never-removed": true}, "b": {"type": "boolean"}}});
    let patch = patch(&schema);
    assert_eq!(told(&patch, &json!({"a": null, "b": null})), [("/a".to_owned(), "field.type")]);
    assert_eq!(told(&patch, &json!({"a": false})), []);
}

fn any_json() -> impl Strategy<Value = Value> {
    let names = prop_oneof![
        "[a-z]{0,3}",
        Just("code".to_owned()),
        Just("title".to_owned()),
        Just("vi".to_owned()),
        Just("children".to_owned()),
        Just("name".to_owned()),
        "\\PC{0,5}",
        any::<String>()
    ];
    let numbers = "-?(0|[1-9][0-9]{0,12})(\\.[0-9]{1,30})?([eE][-+]?[0-9]{1,22})?"
        .prop_map(|text| serde_json::from_str(&text).unwrap_or(Value::Null));
    let leaf = prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::Bool), numbers, any::<String>().prop_map(Value::String)];
    leaf.prop_recursive(5, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::vec((names.clone(), inner), 0..6).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_body_breaks_the_check(mut body in any_json()) {
        static SHAPES: std::sync::OnceLock<Vec<JsonSchema>> = std::sync::OnceLock::new();
        let shapes = SHAPES.get_or_init(|| {
            let document = document();
            let odd = json!({"type": "object", "additionalProperties": {"oneOf": [
                {"type": "array", "uniqueItems": true, "items": {"enum": [1, 2.5, "a", null, 1e300]}}, {"type": "number", "multipleOf": 0.1}, of("Tree")
            ]}});
            let schemas = [of("GoalIn"), of("Tree"), of("TargetValue"), odd, json!(true), patch(&of("GoalIn"))];
            schemas.iter().map(|schema| JsonSchema::compile(&document, schema).unwrap()).collect()
        });
        for json_schema in shapes {
            prop_assert!(json_schema.check(&body).len() <= 100);
        }
        normalise(&mut body);
        let once = body.clone();
        normalise(&mut body);
        prop_assert_eq!(&body, &once);
        for json_schema in shapes {
            for fault in json_schema.check(&body) {
                let parent = fault.pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
                prop_assert!(body.pointer(parent).is_some(), "{}", fault.pointer);
                prop_assert!(!fault.detail.vi.is_empty() && !fault.detail.en.is_empty());
            }
        }
    }
}
