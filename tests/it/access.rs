//! What keeps strangers out: forged and old tokens, second factors, limits, proxies, TLS.

use crate::house::json::{list, mark, text};
use crate::house::{Answer, Backend, Grant, TestApp};
use crate::migrations::file_of;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use binhdang::auth::keys::SigningKey;
use binhdang::auth::secret_encryption::{SecretCipher, of_second_factor, of_signing_key};
use binhdang::config::seal_key;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

on_both![
    a_token_without_a_signature_is_refused,
    a_token_signed_by_the_public_key_as_a_secret_is_refused,
    a_token_of_another_key_is_refused,
    a_token_of_another_issuer_or_audience_is_refused,
    a_cut_signature_is_refused,
    a_token_that_names_its_own_key_is_refused,
    odd_headers_and_claims_are_refused_though_rightly_signed,
    a_signature_is_good_in_one_form_only,
    a_new_key_signs_at_once_and_the_old_one_vouches_for_a_while,
    a_second_factor_is_asked_for_and_each_code_is_good_once,
    guessing_codes_is_slowed,
    an_administrator_takes_a_lost_second_factor_away,
    a_role_may_have_to_set_up_a_second_factor,
    requests_are_limited_if_the_operator_wants,
    a_forwarded_address_is_believed_from_trusted_proxies,
    secrets_are_told_once_and_never_logged,
    no_secret_lies_open_in_the_database,
    what_lay_open_is_sealed_at_the_next_start,
    a_server_without_the_key_does_not_start,
    a_lost_key_is_not_the_end,
    the_log_names_who_was_refused,
];

const PASSWORD: &str = "Hoa sen trong ao 2026";

#[derive(QueryableByName)]
struct Key {
    #[diesel(sql_type = Text)]
    kid: String,
    #[diesel(sql_type = Text)]
    public_key: String,
    #[diesel(sql_type = Text)]
    private_key: String,
}

const KEY: &str = "SELECT kid, public_key, private_key FROM signing_keys WHERE private_key IS NOT NULL";

/// What opens the secrets in the database.
fn vault(app: &TestApp) -> SecretCipher {
    let text = std::fs::read_to_string(app.data().join("seal.key")).unwrap();
    SecretCipher::new(seal_key(&text).unwrap().expose_secret()).unwrap()
}

/// The key that signs, as whoever stole the database and the key to its secrets has it.
fn stolen_key(app: &TestApp) -> SigningKey {
    let key: Key = match app.database_url() {
        Some(url) => diesel::sql_query(KEY).get_result(&mut PgConnection::establish(&url).unwrap()).unwrap(),
        None => diesel::sql_query(KEY).get_result(&mut file_of(app)).unwrap(),
    };
    let private = vault(app).open(&of_signing_key(&key.kid), &key.private_key).unwrap();
    SigningKey::from_stored(&key.kid, &key.public_key, private.expose_secret()).unwrap()
}

/// Changes the database behind the server's back.
pub fn execute(app: &TestApp, sql: &str) {
    match app.database_url() {
        Some(url) => PgConnection::establish(&url).unwrap().batch_execute(sql).unwrap(),
        None => file_of(app).batch_execute(sql).unwrap(),
    }
}

fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

/// Header and claims of a token.
fn parts(token: &str) -> (Value, Value) {
    let part = |n: usize| serde_json::from_slice(&B64.decode(token.split('.').nth(n).unwrap()).unwrap()).unwrap();
    (part(0), part(1))
}

fn message(header: &Value, claims: &Value) -> String {
    format!("{}.{}", B64.encode(header.to_string()), B64.encode(claims.to_string()))
}

fn signed(key: &SigningKey, header: &Value, claims: &Value) -> String {
    let message = message(header, claims);
    format!("{message}.{}", B64.encode(key.sign(message.as_bytes()).unwrap()))
}

async fn me(app: &TestApp, token: &str) -> Answer {
    app.anonymous().call("GET", "/me").header("Authorization", &format!("Bearer {token}")).send().await
}

async fn refused(app: &TestApp, token: &str) {
    let answer = me(app, token).await;
    answer.problem(401, "token.invalid");
    assert!(answer.header("www-authenticate").contains("error=\"invalid_token\""));
}

async fn a_token_without_a_signature_is_refused(app: TestApp) {
    let (header, claims) = parts(app.supervisor().await.token());
    for alg in ["none", "None", "NONE", "nOnE", " none", "none\0", ""] {
        let mut header = header.clone();
        header["alg"] = json!(alg);
        let message = message(&header, &claims);
        refused(&app, &format!("{message}.")).await;
        refused(&app, &message).await;
    }
}

async fn a_token_signed_by_the_public_key_as_a_secret_is_refused(app: TestApp) {
    let (mut header, claims) = parts(app.supervisor().await.token());
    header["alg"] = json!("HS256");
    let message = message(&header, &claims);
    let x = text(&list(&app.anonymous().get("/.well-known/jwks.json").await.ok(), "keys")[0], "x").to_owned();
    for secret in [B64.decode(&x).unwrap(), x.into_bytes()] {
        let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, &secret);
        refused(&app, &format!("{message}.{}", B64.encode(aws_lc_rs::hmac::sign(&key, message.as_bytes())))).await;
    }
}

async fn a_token_of_another_key_is_refused(app: TestApp) {
    let (mut header, claims) = parts(app.supervisor().await.token());
    let stranger = SigningKey::generate().unwrap();
    refused(&app, &signed(&stranger, &header, &claims)).await;
    header["kid"] = json!(stranger.kid());
    refused(&app, &signed(&stranger, &header, &claims)).await;
}

async fn a_token_of_another_issuer_or_audience_is_refused(app: TestApp) {
    let (header, claims) = parts(app.supervisor().await.token());
    let key = stolen_key(&app);
    me(&app, &signed(&key, &header, &claims)).await.ok();
    for name in ["iss", "aud"] {
        let mut claims = claims.clone();
        claims[name] = json!("https://elsewhere.example");
        refused(&app, &signed(&key, &header, &claims)).await;
    }
    refused(&app, &ended(&app, app.supervisor().await.token())).await;
}

/// What a good token says, rightly signed, but ended a second ago.
pub fn ended(app: &TestApp, token: &str) -> String {
    let (header, mut claims) = parts(token);
    claims["exp"] = json!(now() - 1);
    signed(&stolen_key(app), &header, &claims)
}

async fn a_cut_signature_is_refused(app: TestApp) {
    let token = app.supervisor().await.token().to_owned();
    let whole = token.rsplit_once('.').unwrap().1.len();
    for cut in [1, 2, 20, whole] {
        refused(&app, &token[..token.len() - cut]).await;
    }
}

async fn a_token_that_names_its_own_key_is_refused(app: TestApp) {
    let (header, claims) = parts(app.supervisor().await.token());
    let (own, stranger) = (stolen_key(&app), SigningKey::generate().unwrap());
    let jwk =
        |key: &SigningKey| json!({"kty": "OKP", "crv": "Ed25519", "x": key.public_b64(), "kid": key.kid(), "use": "sig", "alg": "EdDSA"});
    for (name, value) in [
        ("jwk", jwk(&stranger)),
        ("jwk", jwk(&own)),
        ("jku", json!("https://evil.example/jwks.json")),
        ("jku", json!(format!("{}/.well-known/jwks.json", app.base()))),
        ("x5u", json!("https://evil.example/x5u.pem")),
        ("x5c", json!(["MIIB"])),
    ] {
        let mut header = header.clone();
        header[name] = value;
        for key in [&own, &stranger] {
            refused(&app, &signed(key, &header, &claims)).await;
        }
    }
    // Names of keys that a careless server would look up in its files or its database.
    for kid in ["../../../../../../dev/null", "/dev/null", "' UNION SELECT 'key'--", "*", "", " ", "%00"] {
        let mut header = header.clone();
        header["kid"] = json!(kid);
        refused(&app, &signed(&own, &header, &claims)).await;
        header["alg"] = json!("HS256");
        let message = message(&header, &claims);
        for secret in [&b""[..], b"\0", b"key"] {
            let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret);
            refused(&app, &format!("{message}.{}", B64.encode(aws_lc_rs::hmac::sign(&key, message.as_bytes())))).await;
        }
    }
}

/// What only this service could have signed, and never signs.
async fn odd_headers_and_claims_are_refused_though_rightly_signed(app: TestApp) {
    let (header, claims) = parts(app.supervisor().await.token());
    let key = stolen_key(&app);
    let raw = |header: &str, claims: &str| {
        let message = format!("{}.{}", B64.encode(header), B64.encode(claims));
        format!("{message}.{}", B64.encode(key.sign(message.as_bytes()).unwrap()))
    };
    me(&app, &raw(&header.to_string(), &claims.to_string())).await.ok();
    for (name, value) in [
        ("crit", json!(["b64"])),
        ("crit", json!([])),
        ("crit", json!(["exp"])),
        ("alg", json!("ES256")),
        ("alg", json!("EdDSA ")),
        ("alg", json!(["EdDSA"])),
        ("kid", json!(7)),
        ("kid", json!([header["kid"]])),
        ("typ", json!("JWT")),
        ("typ", Value::Null),
    ] {
        let mut header = header.clone();
        header["b64"] = json!(false);
        header[name] = value;
        refused(&app, &raw(&header.to_string(), &claims.to_string())).await;
    }
    for (name, value) in [
        ("exp", json!(1e300)),
        ("exp", json!(u64::MAX)),
        ("exp", json!("9999999999")),
        ("exp", json!(-1)),
        ("nbf", json!(now() + 3600)),
        ("iat", json!(now() + 3600)),
        ("iss", json!([claims["iss"]])),
        ("aud", json!([claims["aud"], "https://elsewhere.example"])),
        ("sub", json!({"$ne": null})),
        ("roles", json!("admin")),
    ] {
        let mut claims = claims.clone();
        claims[name] = value;
        refused(&app, &raw(&header.to_string(), &claims.to_string())).await;
    }
    // The same member twice: two readers could take it differently.
    let twice = |object: &Value, member: &str| object.to_string().replacen('{', &format!("{{{member},"), 1);
    let (sub, kid) = (format!("\"sub\":{}", claims["sub"]), format!("\"kid\":{}", header["kid"]));
    refused(&app, &raw(&header.to_string(), &twice(&claims, &sub))).await;
    refused(&app, &raw(&twice(&header, &kid), &claims.to_string())).await;
    // A token inside a token, and what is no object.
    let inner = raw(&header.to_string(), &claims.to_string());
    let mut nested = header.clone();
    nested["cty"] = json!("JWT");
    for claims in [inner.as_str(), &json!(inner).to_string(), "[]", "null", "", "{}"] {
        refused(&app, &raw(&nested.to_string(), claims)).await;
    }
}

/// The order of Ed25519's group, as a signature's second half is written.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0x10,
];

async fn a_signature_is_good_in_one_form_only(app: TestApp) {
    let token = app.supervisor().await.token().to_owned();
    let (message, signature) = token.rsplit_once('.').unwrap();
    let bytes = B64.decode(signature).unwrap();
    // As of a verifier that takes nothing for a proof.
    for psychic in [vec![0; 64], vec![0; 32], vec![0; 1], [&[1][..], &[0; 63]].concat(), vec![0xff; 64]] {
        refused(&app, &format!("{message}.{}", B64.encode(psychic))).await;
    }
    // RFC 8032 section 5.1.7: the second half is below the group's order.
    let mut malleated = bytes.clone();
    let mut carry = 0;
    for (byte, order) in malleated[32..].iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        (*byte, carry) = (sum.to_le_bytes()[0], sum >> 8);
    }
    refused(&app, &format!("{message}.{}", B64.encode(malleated))).await;
    // The last sign holds four bits that say nothing.
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let last = alphabet.find(signature.chars().last().unwrap()).unwrap();
    for spare in 1..16 {
        let sign = alphabet.chars().nth(last + spare).unwrap();
        refused(&app, &format!("{message}.{}{sign}", &signature[..signature.len() - 1])).await;
    }
    let standard = base64::engine::general_purpose::STANDARD_NO_PAD;
    let odd_forms = [
        format!("{token}="),
        format!("{token}=="),
        format!("{token}."),
        format!("{token}.{signature}"),
        format!("{token}A"),
        format!("{token}%00"),
        format!("{token} {token}"),
        format!("{token},{token}"),
        format!("{message}. {signature}"),
        format!("{message}\t.{signature}"),
        token.replacen('.', "..", 1),
        format!("{message}.{}", hex(&bytes)),
        format!("\"{token}\""),
        json!({"payload": token.split('.').nth(1), "signatures": [{"protected": token.split('.').next(), "signature": signature}]})
            .to_string(),
        format!("{token}.e30.e30"),
    ];
    for odd in odd_forms {
        refused(&app, &odd).await;
    }
    // Signed by this service, in the other alphabet: tokens are asked for until a signature tells the two apart.
    for _ in 0..20 {
        let again = app.again(&app.supervisor().await).await;
        let (message, signature) = again.token().rsplit_once('.').unwrap();
        let other = standard.encode(B64.decode(signature).unwrap());
        if other != signature {
            return refused(&app, &format!("{message}.{other}")).await;
        }
    }
    panic!("twenty signatures without - and _");
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

async fn a_new_key_signs_at_once_and_the_old_one_vouches_for_a_while(app: TestApp) {
    let before = app.supervisor().await;
    let (header, mut claims) = parts(before.token());
    let old = stolen_key(&app);
    // Whoever stole the key makes a token that would live for a day, and it has been seen before.
    claims["exp"] = json!(now() + 86_400);
    let forged = signed(&old, &header, &claims);
    me(&app, &forged).await.ok();
    let told: Value = serde_json::from_str(&app.cli(&["keys", "rotate"], "")).unwrap();
    assert_eq!(told["retired"], json!([old.kid()]));
    assert_ne!(text(&told, "kid"), old.kid());
    let keys = app.anonymous().get("/.well-known/jwks.json").await.ok();
    let kids: Vec<&str> = list(&keys, "keys").iter().map(|k| text(k, "kid")).collect();
    assert_eq!(kids, [old.kid(), text(&told, "kid")]);
    let again = app.again(&before).await;
    assert_eq!(parts(again.token()).0["kid"], told["kid"]);
    for token in [before.token(), &forged, again.token()] {
        me(&app, token).await.ok();
    }
    // A quarter of an hour later.
    execute(&app, "UPDATE signing_keys SET retired_at = '2026-01-01 00:00:00' WHERE retired_at IS NOT NULL");
    refused(&app, &forged).await;
    refused(&app, before.token()).await;
    me(&app, again.token()).await.ok();
    // The private half is gone, and the audit knows who did it.
    assert_eq!(stolen_key(&app).kid(), text(&told, "kid"));
}

async fn login(app: &TestApp, name: &str, code: Option<&str>) -> Answer {
    let mut body = json!({"username": name, "password": PASSWORD});
    if let Some(code) = code {
        body["totp"] = json!(code);
    }
    app.anonymous().post("/auth/login", &body).await
}

async fn with_token(app: &TestApp, method: &str, path: &str, session: &Value, body: &Value) -> Answer {
    let call = app.anonymous().call(method, path).header("Authorization", &format!("Bearer {}", text(session, "access_token")));
    if body.is_null() { call.send().await } else { call.json(body).send().await }
}

fn person(app: &TestApp, role: &str) -> String {
    let name = format!("f-{}", mark().to_lowercase());
    app.cli(&["user", "add", "--username", &name, "--role", role, "--jurisdiction", "09385", "--password-stdin"], PASSWORD);
    name
}

/// Sets up a second factor: its secret and the recovery codes.
async fn set_up(app: &TestApp, session: &Value) -> (String, Vec<String>) {
    let made = with_token(app, "POST", "/me/totp", session, &Value::Null).await;
    assert!(made.header_list("cache-control").contains(&"no-store".to_owned()), "{}", made.header("cache-control"));
    let made = made.ok();
    let secret = text(&made, "secret").to_owned();
    assert!(text(&made, "otpauth_url").starts_with("otpauth://totp/") && text(&made, "otpauth_url").contains(&secret));
    with_token(app, "POST", "/me/totp/confirm", session, &json!({"code": "abcdef"})).await.problem(422, "totp.wrong");
    // The code of the interval before, so that the present one is left to sign in with. It must not be the one before that on arrival.
    while now() % 30 >= 25 {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let told = with_token(app, "POST", "/me/totp/confirm", session, &json!({"code": oath(&secret, -1)})).await.ok();
    (secret, list(&told, "recovery_codes").iter().map(|c| c.as_str().unwrap().to_owned()).collect())
}

/// The code that an app shows, computed apart from the service.
fn oath(secret: &str, interval: i64) -> String {
    let bytes = totp_rs::Secret::Encoded(secret.to_owned()).to_bytes().unwrap();
    let totp = totp_rs::TOTP::new(totp_rs::Algorithm::SHA1, 6, 1, 30, bytes, None, String::new()).unwrap();
    totp.generate(u64::try_from((now() / 30 + interval) * 30).unwrap())
}

async fn a_second_factor_is_asked_for_and_each_code_is_good_once(app: TestApp) {
    let name = person(&app, "leader");
    let session = login(&app, &name, None).await.ok();
    assert_eq!(with_token(&app, "GET", "/me", &session, &Value::Null).await.ok()["totp"], false);
    with_token(&app, "DELETE", "/me/totp", &session, &json!({"code": "123456"})).await.problem(409, "totp.not_enabled");
    let (secret, recovery) = set_up(&app, &session).await;
    assert_eq!(recovery.len(), 10);
    assert_eq!(with_token(&app, "GET", "/me", &session, &Value::Null).await.ok()["totp"], true);
    with_token(&app, "POST", "/me/totp", &session, &Value::Null).await.problem(409, "totp.enabled");
    login(&app, &name, None).await.problem(401, "totp.required");
    login(&app, &name, Some("abcdef")).await.problem(401, "totp.invalid");
    let code = oath(&secret, 0);
    login(&app, &name, Some(&code)).await.ok();
    login(&app, &name, Some(&code)).await.problem(401, "totp.invalid");
    login(&app, &name, Some(&recovery[0].to_uppercase())).await.ok();
    login(&app, &name, Some(&recovery[0])).await.problem(401, "totp.invalid");
    with_token(&app, "DELETE", "/me/totp", &session, &json!({"code": recovery[1]})).await.with_status(204);
    login(&app, &name, None).await.ok();
}

async fn guessing_codes_is_slowed(app: TestApp) {
    let name = person(&app, "leader");
    let session = login(&app, &name, None).await.ok();
    set_up(&app, &session).await;
    // The one wrong code of the set-up was forgotten by nothing yet.
    let mut answers = Vec::new();
    for _ in 0..6 {
        answers.push(login(&app, &name, Some("abcdef")).await.status);
    }
    assert_eq!(answers.iter().filter(|s| **s == 401).count(), 4, "{answers:?}");
    assert_eq!(answers.last(), Some(&429));
    with_token(&app, "DELETE", "/me/totp", &session, &json!({"code": "123456"})).await.problem(429, "rate.limited");
}

async fn an_administrator_takes_a_lost_second_factor_away(app: TestApp) {
    let name = person(&app, "leader");
    let session = login(&app, &name, None).await.ok();
    set_up(&app, &session).await;
    let path = format!("/users/{}/totp", text(&with_token(&app, "GET", "/me", &session, &Value::Null).await.ok(), "id"));
    app.leader().await.call("DELETE", &path).send().await.problem(403, "access.denied");
    let admin = app.admin().await;
    admin.call("DELETE", &path).send().await.with_status(204);
    admin.call("DELETE", &path).send().await.problem(409, "totp.not_enabled");
    with_token(&app, "GET", "/me", &session, &Value::Null).await.problem(401, "token.invalid");
    login(&app, &name, None).await.ok();
}

async fn a_role_may_have_to_set_up_a_second_factor(app: TestApp) {
    app.restart_with(&[("BINHDANG_TOTP_ROLES", "leader, admin")]).await;
    let (leader, other) = (person(&app, "leader"), person(&app, "supervisor"));
    let free = login(&app, &other, None).await.ok();
    with_token(&app, "GET", "/reports", &free, &Value::Null).await.ok();
    let session = login(&app, &leader, None).await.ok();
    with_token(&app, "GET", "/reports", &session, &Value::Null).await.problem(403, "totp.setup_required");
    with_token(&app, "GET", "/me/sessions", &session, &Value::Null).await.ok();
    set_up(&app, &session).await;
    with_token(&app, "GET", "/reports", &session, &Value::Null).await.ok();
    // Machines have none.
    app.machine(Grant::of("leader")).await.get("/reports").await.ok();
}

async fn requests_are_limited_if_the_operator_wants(app: TestApp) {
    assert_eq!(app.supervisor().await.get("/me").await.header("ratelimit"), "");
    app.restart_with(&[("BINHDANG_RATE_LIMIT", "10")]).await;
    let (one, other) = (app.reporter("U5").await, app.reporter("U6").await);
    for left in (0..10).rev() {
        let answer = one.get("/me").await;
        answer.ok();
        assert!(answer.header("ratelimit").starts_with(&format!("\"account\";r={left};t=")), "{}", answer.header("ratelimit"));
        assert_eq!(answer.header("ratelimit-policy"), "\"account\";q=10;w=60");
    }
    let held = one.get("/me").await;
    held.problem(429, "rate.limited");
    assert!((1..=7).contains(&held.header("retry-after").parse::<u32>().unwrap()), "{}", held.header("retry-after"));
    other.get("/me").await.ok();
    assert!(app.anonymous().get("/plans").await.header("ratelimit-policy").contains("\"address\";q=200"));
    assert_eq!(app.anonymous().get("/healthz").await.header("ratelimit"), "");
}

async fn a_forwarded_address_is_believed_from_trusted_proxies(app: TestApp) {
    let name = person(&app, "supervisor");
    let from = async |session: &Value| {
        let sessions = with_token(&app, "GET", "/me/sessions", session, &Value::Null).await.ok();
        list(&sessions, "items").iter().find(|s| s["current"] == true).map(|s| text(s, "address").to_owned()).unwrap()
    };
    let sign_in = async || {
        let body = json!({"username": name, "password": PASSWORD});
        let call = app.anonymous().call("POST", "/auth/login").header("X-Forwarded-For", "192.0.2.1, 198.51.100.7");
        call.json(&body).send().await.ok()
    };
    assert_eq!(from(&sign_in().await).await, "127.0.0.1");
    app.restart_with(&[("BINHDANG_TRUSTED_PROXIES", "127.0.0.0/8,10.0.0.0/8")]).await;
    assert_eq!(from(&sign_in().await).await, "198.51.100.7");
}

async fn secrets_are_told_once_and_never_logged(app: TestApp) {
    let admin = app.admin().await;
    let body = json!({"username": format!("u-{}", mark().to_lowercase()), "display_name": "Lan", "grants": [{"role": "supervisor", "jurisdiction": "09385"}]});
    let made = admin.post("/users", &body).await;
    assert!(made.header_list("cache-control").contains(&"no-store".to_owned()), "{}", made.header("cache-control"));
    let name = person(&app, "leader");
    let session = login(&app, &name, None).await.ok();
    let (secret, recovery) = set_up(&app, &session).await;
    let log = app.log();
    for word in [text(&made.with_status(201), "one_time_password"), PASSWORD, &secret, &recovery[0], text(&session, "access_token")] {
        assert!(!log.contains(word));
    }
}

#[derive(QueryableByName)]
struct Lying {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    secret: String,
}

/// The secrets as they lie in the database: of signing keys and of second factors.
fn lying(app: &TestApp) -> Vec<Lying> {
    let query = "SELECT kid AS id, private_key AS secret FROM signing_keys WHERE private_key IS NOT NULL \
                 UNION ALL SELECT account_id, secret FROM second_factors";
    match app.database_url() {
        Some(url) => diesel::sql_query(query).load(&mut PgConnection::establish(&url).unwrap()).unwrap(),
        None => diesel::sql_query(query).load(&mut file_of(app)).unwrap(),
    }
}

async fn no_secret_lies_open_in_the_database(app: TestApp) {
    let name = person(&app, "leader");
    let (secret, _) = set_up(&app, &login(&app, &name, None).await.ok()).await;
    let sealed = lying(&app);
    assert_eq!(sealed.len(), 2);
    assert!(sealed.iter().all(|s| s.secret.starts_with("v1.") && !s.secret.contains(&secret)));
    // Nobody gets in by putting his own secret into another's row.
    let other = person(&app, "admin");
    let (own, _) = set_up(&app, &login(&app, &other, None).await.ok()).await;
    execute(
        &app,
        &format!(
            "UPDATE second_factors SET last_step = 0, secret = (SELECT s.secret FROM second_factors s JOIN accounts a ON a.id = s.account_id WHERE a.login = '{other}')"
        ),
    );
    login(&app, &name, Some(&oath(&own, 0))).await.problem(500, "internal");
    login(&app, &other, Some(&oath(&own, 0))).await.ok();
    let told = app.try_cli(&["doctor"], "");
    assert!(String::from_utf8_lossy(&told.stdout).contains("WRONG BINHDANG_SEAL_KEY"), "{told:?}");
}

async fn what_lay_open_is_sealed_at_the_next_start(app: TestApp) {
    let name = person(&app, "leader");
    let before = login(&app, &name, None).await.ok();
    let (secret, _) = set_up(&app, &before).await;
    app.stop();
    // As an older version left it.
    let vault = vault(&app);
    for Lying { id, secret } in lying(&app) {
        let open = |place: &str| vault.open(place, &secret).map(|s| s.expose_secret().to_owned());
        match open(&of_signing_key(&id)) {
            Ok(key) => execute(&app, &format!("UPDATE signing_keys SET private_key = '{key}' WHERE kid = '{id}'")),
            Err(_) => execute(
                &app,
                &format!("UPDATE second_factors SET secret = '{}' WHERE account_id = '{id}'", open(&of_second_factor(&id)).unwrap()),
            ),
        }
    }
    std::fs::remove_file(app.data().join("seal.key")).unwrap();
    assert!(lying(&app).iter().all(|s| !s.secret.starts_with("v1.")));
    if app.database_url().is_some() {
        // Servers that share a database make no key, which would lock the others out: they wait for one.
        app.restart().await;
        assert!(lying(&app).iter().all(|s| !s.secret.starts_with("v1.")) && !app.data().join("seal.key").exists());
        login(&app, &name, None).await.problem(401, "totp.required");
        app.stop();
        app.give_seal_key();
    }
    app.restart().await;
    assert!(lying(&app).iter().all(|s| s.secret.starts_with("v1.")));
    with_token(&app, "GET", "/me", &before, &Value::Null).await.ok();
    login(&app, &name, Some(&oath(&secret, 0))).await.ok();
    let mode = std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(app.data().join("seal.key")).unwrap());
    assert_eq!(mode & 0o777, 0o600);
    assert!(String::from_utf8(app.try_cli(&["doctor"], "").stdout).unwrap().contains("ok    the sealed secrets can be opened"));
}

async fn a_server_without_the_key_does_not_start(app: TestApp) {
    let path = app.data().join("seal.key");
    let key = std::fs::read_to_string(&path).unwrap();
    let refused = || {
        let ended = app.try_cli(&["seed"], "");
        let told = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert!(!ended.status.success() && told.contains("BINHDANG_SEAL_KEY"), "{told}");
        assert!(!told.contains(key.trim()));
    };
    app.stop();
    std::fs::remove_file(&path).unwrap();
    refused();
    assert!(!path.exists(), "no other key is made beside what is sealed");
    std::fs::write(&path, base64::engine::general_purpose::STANDARD.encode([9; 32])).unwrap();
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    refused();
    std::fs::write(&path, &key).unwrap();
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    refused();
    // Another server, with the same key from the setting.
    std::fs::remove_file(&path).unwrap();
    app.restart_with(&[("BINHDANG_SEAL_KEY", key.trim())]).await;
    app.supervisor().await.get("/me").await.ok();
    assert!(!path.exists() && !app.log().contains(key.trim()));
}

async fn a_lost_key_is_not_the_end(app: TestApp) {
    let name = person(&app, "leader");
    set_up(&app, &login(&app, &name, None).await.ok()).await;
    let nothing = app.try_cli(&["keys", "start-over"], "");
    assert!(!nothing.status.success() && String::from_utf8_lossy(&nothing.stderr).contains("nothing is lost"));
    let before = app.supervisor().await;
    app.stop();
    std::fs::remove_file(app.data().join("seal.key")).unwrap();
    let told: Value = serde_json::from_str(&app.cli(&["keys", "start-over"], "")).unwrap();
    assert_eq!(told["second_factors_removed"], 1);
    app.restart().await;
    login(&app, &name, None).await.ok();
    me(&app, before.token()).await.ok();
    assert_eq!(parts(app.again(&before).await.token()).0["kid"], told["kid"]);
    let events = app.admin().await.find("/audit-events", &[("action", "signing_key.started_over")]).await.ok();
    assert_eq!(list(&events, "items").len(), 1);
    assert!(app.cli(&["audit", "verify"], "").starts_with("ok"));
}

async fn the_log_names_who_was_refused(app: TestApp) {
    let leader = app.leader().await;
    let id = text(&leader.get("/me").await.ok(), "id").to_owned();
    let refused = leader.get("/users").await;
    refused.problem(403, "access.denied");
    let (request, log) = (refused.header("x-request-id").to_owned(), app.log());
    let line = log.lines().find(|line| line.contains(&request)).unwrap();
    let line: Value = serde_json::from_str(line).unwrap();
    assert_eq!((text(&line, "account.id"), &line["http.status"], text(&line, "client.address")), (id.as_str(), &json!(403), "127.0.0.1"));
}

/// A certificate for 127.0.0.1 that signs itself, and its key, as PEM files in the data folder.
fn certificate(app: &TestApp) -> rcgen::CertifiedKey<rcgen::KeyPair> {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    std::fs::write(app.data().join("cert.pem"), made.cert.pem()).unwrap();
    std::fs::write(app.data().join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    made
}

#[test]
fn it_speaks_tls_itself() {
    crate::house::run(Backend::Sqlite, |app| async move {
        let made = certificate(&app);
        let path = |name: &str| app.data().join(name).to_string_lossy().into_owned();
        app.stop();
        app.launch_unasked(&[("BINHDANG_TLS_CERT", &path("cert.pem")), ("BINHDANG_TLS_KEY", &path("key.pem"))]);
        let mut roots = rustls::RootCertStore::empty();
        roots.add(made.cert.der().clone()).unwrap();
        let builder = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()));
        let mut config = builder.with_safe_default_protocol_versions().unwrap().with_root_certificates(roots).with_no_client_auth();
        // As browsers do; they must be told which of the two it is.
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let (config, mut answer) = (Arc::new(config), String::new());
        for _ in 0..300 {
            std::thread::sleep(std::time::Duration::from_millis(100));
            let Ok(socket) = TcpStream::connect(("127.0.0.1", app.port())) else { continue };
            let session = rustls::ClientConnection::new(config.clone(), "localhost".try_into().unwrap()).unwrap();
            let mut stream = rustls::StreamOwned::new(session, socket);
            stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
            let _ = stream.read_to_string(&mut answer);
            assert_eq!(stream.conn.alpn_protocol(), Some(&b"http/1.1"[..]));
            break;
        }
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.to_lowercase().contains("strict-transport-security: max-age=31536000"), "{answer}");
    });
}
