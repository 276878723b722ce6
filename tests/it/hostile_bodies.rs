//! Bodies and values that are sent to hurt, or that cannot be kept: each is refused with its reason, and costs little.

use crate::house::json::{fault_codes, pointers, text};
use crate::house::{NOBODY, TestApp};
use serde_json::json;

on_both![a_coded_body_is_refused_as_such, an_array_too_long_is_refused_at_its_pointer, times_that_cannot_be_kept_are_refused];

async fn a_coded_body_is_refused_as_such(app: TestApp) {
    let by = app.coordinator().await;
    let sent = |coding: &str, body: Vec<u8>| by.call("POST", "/goals").header("Content-Encoding", coding).raw("application/json", body);
    for (language, word) in [("vi", "nén"), ("en", "coded")] {
        for coding in ["gzip", "br", "identity, zstd", "x-unknown"] {
            let answer = sent(coding, vec![0x1f, 0x8b, 8, 0]).header("Accept-Language", language).send().await;
            let problem = answer.problem(415, "media_type.unsupported");
            assert!(text(&problem, "detail").contains(word), "{problem}");
            assert_eq!(answer.header("accept-encoding"), "identity");
        }
    }
    // 413 comes before, 406 after.
    sent("gzip", vec![b'x'; 3_000_000]).send().await.problem(413, "body.too_large");
    sent("gzip", vec![0x1f, 0x8b]).header("Accept", "image/png").send().await.problem(415, "media_type.unsupported");
    sent("identity", b"{}".to_vec()).send().await.problem(422, "body.invalid");
}

async fn an_array_too_long_is_refused_at_its_pointer(app: TestApp) {
    let by = app.reporter("U5").await;
    let path = format!("/reports/{NOBODY}/observations");
    let zeros = vec![0; 480_000];
    let call = by.call("PATCH", &path).if_match("\"1\"").json(&json!({"observations": zeros, "bogus": zeros[..9].to_vec()}));
    let problem = call.header("Accept-Language", "en").send().await.problem(422, "body.invalid");
    assert_eq!(pointers(&problem), ["/observations", "/bogus"]);
    assert_eq!(fault_codes(&problem), ["field.length", "field.unknown"]);
    assert_eq!(problem["errors"][0]["detail"], "At most 5000 items. Split the list into several requests.");
}

async fn times_that_cannot_be_kept_are_refused(app: TestApp) {
    let by = app.coordinator().await;
    for time in ["2026-11-24T12:00:60Z", "2026-11-24T24:00:00Z", "2026-02-30T12:00:00Z", "2026-11-24T12:00:00.1234567Z"] {
        let problem = by.find("/goals", &[("updated_since", time)]).await.problem(400, "query.invalid");
        assert_eq!(pointers(&problem), ["updated_since"], "{time}");
        let period = json!({"opens_at": time});
        let problem = by.call("PATCH", &format!("/reporting-periods/{NOBODY}")).if_match("\"1\"").json(&period).send().await.refused(422);
        assert_eq!(pointers(&problem), ["/opens_at"], "{time}");
    }
    by.find("/goals", &[("updated_since", "2026-11-24T12:00:59.123456Z")]).await.ok();
}
