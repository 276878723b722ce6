//! People and machines: signing in, what they may do, and how it ends.

use crate::access::execute;
use crate::house::json::{list, mark, pointers, text};
use crate::house::{Actor, Answer, Grant, NOBODY, TestApp};
use serde_json::{Value, json};

on_both![
    signing_in_answers_alike_for_a_wrong_name_and_a_wrong_password,
    a_refresh_token_used_twice_ends_its_family,
    me_says_who_is_signed_in,
    a_new_password_ends_the_other_sessions,
    a_one_time_password_must_be_changed,
    sessions_are_listed_and_ended,
    users_are_written_and_read,
    an_account_that_has_acted_stays,
    the_last_administrator_stays,
    an_administrator_sees_his_own_reach,
    machines_take_tokens,
    machines_are_refused_as_rfc_6749_says,
    a_machine_is_bound_to_its_addresses_and_its_time,
    tokens_are_revoked_and_asked_about,
    oauth_is_found_by_its_metadata,
    accounts_are_added_from_the_command_line,
    guesses_are_slowed_and_never_locked_out,
    machines_that_guess_are_slowed,
    a_list_of_people_shows_second_factors,
    an_account_keeps_a_grant,
    an_account_has_at_most_two_hundred_grants,
    nobody_gives_himself_the_scope,
    a_grant_that_reads_figures_is_told_in_the_trail,
    accounts_are_sorted_by_the_name_that_is_shown,
];

const PASSWORD: &str = "Hoa sen trong ao 2026";

async fn login(app: &TestApp, username: &str, password: &str) -> Answer {
    app.anonymous().post("/auth/login", &json!({"username": username, "password": password})).await
}

/// A request with the access token of an answer of the sign-in.
async fn with_token(app: &TestApp, method: &str, path: &str, session: &Value, body: Option<&Value>) -> Answer {
    let call = app.anonymous().call(method, path).header("Authorization", &format!("Bearer {}", text(session, "access_token")));
    match body {
        Some(body) => call.json(body).send().await,
        None => call.send().await,
    }
}

fn user(grants: &Value) -> Value {
    json!({"username": format!("u-{}", mark().to_lowercase()), "display_name": "Nguyễn Thị Lan", "grants": grants})
}

fn supervisor() -> Value {
    json!([{"role": "supervisor", "jurisdiction": "09385"}])
}

/// A new person who has changed the one-time password, and its session.
async fn person(app: &TestApp, admin: &Actor, grants: &Value) -> (Value, Value) {
    let made = admin.post("/users", &user(grants)).await.with_status(201);
    let once = text(&made, "one_time_password");
    let session = login(app, text(&made, "username"), once).await.ok();
    let change = json!({"current_password": once, "new_password": PASSWORD});
    with_token(app, "PUT", "/me/password", &session, Some(&change)).await.with_status(204);
    (made, session)
}

async fn signing_in_answers_alike_for_a_wrong_name_and_a_wrong_password(app: TestApp) {
    let (made, _) = person(&app, &app.admin().await, &supervisor()).await;
    let name = text(&made, "username");
    let tokens = login(&app, &name.to_uppercase(), PASSWORD).await.ok();
    assert_eq!((text(&tokens, "token_type"), &tokens["expires_in"], &tokens["refresh_expires_in"]), ("Bearer", &json!(600), &json!(43200)));
    let wrong = login(&app, name, "x").await.problem(401, "login.failed");
    let unknown = login(&app, "nobody-of-this-name", "x").await.problem(401, "login.failed");
    for member in ["title", "detail", "type"] {
        assert_eq!(wrong[member], unknown[member]);
    }
}

async fn a_refresh_token_used_twice_ends_its_family(app: TestApp) {
    let (made, _) = person(&app, &app.admin().await, &supervisor()).await;
    let first = login(&app, text(&made, "username"), PASSWORD).await.ok();
    let other = login(&app, text(&made, "username"), PASSWORD).await.ok();
    let refresh = async |session: &Value| app.anonymous().post("/auth/refresh", &json!({"refresh_token": session["refresh_token"]})).await;
    let second = refresh(&first).await.ok();
    let third = refresh(&second).await.ok();
    with_token(&app, "GET", "/me", &third, None).await.ok();
    refresh(&first).await.problem(401, "token.reused");
    refresh(&third).await.refused(401);
    with_token(&app, "GET", "/me", &third, None).await.problem(401, "token.invalid");
    with_token(&app, "GET", "/me", &other, None).await.ok();
    refresh(&json!({"refresh_token": "bdr_nothing"})).await.problem(401, "token.invalid");
}

async fn me_says_who_is_signed_in(app: TestApp) {
    let u5 = app.someone(Grant::of("reporter").unit("U5").restricted().another(41)).await;
    let me = u5.get("/me").await.ok();
    assert_eq!((text(&me, "kind"), text(&me, "username")), ("user", u5.session().username.as_str()));
    let grant = &list(&me, "grants")[0];
    assert_eq!((text(grant, "role"), text(grant, "jurisdiction"), text(&grant["unit"], "code")), ("reporter", "09385", "U5"));
    assert_eq!(grant["scopes"], json!(["restricted:read"]));
    let may = |operation: &str| list(&me, "permissions").iter().any(|p| p == operation);
    assert!(may("submit_report") && may("list_goals") && may("restricted:read") && !may("create_goal"));
    let machine = app.province_machine().await.get("/me").await.ok();
    assert_eq!(text(&machine, "kind"), "client");
    app.anonymous().get("/me").await.problem(401, "auth.required");
}

async fn a_new_password_ends_the_other_sessions(app: TestApp) {
    let (made, _) = person(&app, &app.admin().await, &supervisor()).await;
    let name = text(&made, "username");
    let (own, other) = (login(&app, name, PASSWORD).await.ok(), login(&app, name, PASSWORD).await.ok());
    let change = async |current: &str, new: &str| {
        with_token(&app, "PUT", "/me/password", &own, Some(&json!({"current_password": current, "new_password": new}))).await
    };
    let problem = change("wrong", "short").await.refused(422);
    assert_eq!(pointers(&problem), ["/new_password", "/current_password"]);
    change("wrong", "Con mèo trắng nằm ngủ").await.problem(422, "password.wrong");
    change(PASSWORD, "password123456").await.problem(422, "password.weak");
    change(PASSWORD, "Con mèo trắng nằm ngủ").await.with_status(204);
    with_token(&app, "GET", "/me", &own, None).await.ok();
    with_token(&app, "GET", "/me", &other, None).await.problem(401, "token.invalid");
    login(&app, name, PASSWORD).await.problem(401, "login.failed");
    login(&app, name, "Con mèo trắng nằm ngủ").await.ok();
}

async fn a_one_time_password_must_be_changed(app: TestApp) {
    let admin = app.admin().await;
    let made = admin.post("/users", &user(&supervisor())).await.with_status(201);
    assert_eq!(made["must_change_password"], true);
    let path = format!("/users/{}", text(&made, "id"));
    assert!(admin.get(&path).await.ok().get("one_time_password").is_none(), "it is told once");
    let session = login(&app, text(&made, "username"), text(&made, "one_time_password")).await.ok();
    with_token(&app, "GET", "/me", &session, None).await.ok();
    for path in ["/reports", "/me/sessions"] {
        with_token(&app, "GET", path, &session, None).await.problem(403, "password.change_required");
    }
    let reset = admin.post(&format!("{path}/reset-password"), &json!({})).await.with_status(200);
    with_token(&app, "GET", "/me", &session, None).await.problem(401, "token.invalid");
    login(&app, text(&made, "username"), text(&made, "one_time_password")).await.problem(401, "login.failed");
    login(&app, text(&made, "username"), text(&reset, "one_time_password")).await.ok();
}

async fn sessions_are_listed_and_ended(app: TestApp) {
    let admin = app.admin().await;
    let (made, own) = person(&app, &admin, &supervisor()).await;
    let other = login(&app, text(&made, "username"), PASSWORD).await.ok();
    let sessions = with_token(&app, "GET", "/me/sessions", &own, None).await.ok();
    let current: Vec<bool> = list(&sessions, "items").iter().map(|s| s["current"] == true).collect();
    assert_eq!(current, [true, false]);
    let ended = format!("/me/sessions/{}", text(&sessions["items"][1], "id"));
    with_token(&app, "DELETE", &ended, &own, None).await.with_status(204);
    with_token(&app, "GET", "/me", &other, None).await.problem(401, "token.invalid");
    with_token(&app, "DELETE", &ended, &own, None).await.refused(404);
    let path = format!("/users/{}/sessions", text(&made, "id"));
    let left = admin.items(&path, &[]).await;
    assert_eq!(left.len(), 1);
    admin.call("DELETE", &format!("{path}/{}", text(&left[0], "id"))).send().await.with_status(204);
    with_token(&app, "GET", "/me", &own, None).await.problem(401, "token.invalid");
    app.reporter("U5").await.get(&path).await.problem(403, "access.denied");
}

async fn users_are_written_and_read(app: TestApp) {
    let admin = app.admin().await;
    let body = user(&json!([{"role": "reporter", "jurisdiction": "09385", "unit": "U5"}]));
    let answer = admin.post("/users", &body).await;
    let made = answer.with_status(201);
    assert_eq!(answer.header("location"), format!("/api/v1/users/{}", text(&made, "id")));
    admin.post("/users", &body).await.problem(409, "user.username_taken");
    let path = format!("/users/{}", text(&made, "id"));
    let changed = admin.patch(&path, &json!({"phone": "+84 222 3831 234", "email": "lan@ward.example"})).await.with_status(200);
    assert_eq!((text(&changed, "email"), text(&changed["grants"][0]["unit"], "code")), ("lan@ward.example", "U5"));
    assert_eq!(admin.patch(&path, &json!({"email": null})).await.with_status(200)["email"], Value::Null);
    admin.call("PATCH", &path).json(&json!({"active": false})).send().await.problem(428, "version.required");
    admin.call("PATCH", &path).if_match("\"1\"").json(&json!({"active": false})).send().await.problem(412, "version.stale");
    let name = text(&made, "username");
    for query in [("q", name), ("role", "reporter"), ("jurisdiction", "09385"), ("active", "true")] {
        assert!(admin.items("/users", &[query]).await.iter().any(|u| u["id"] == made["id"]), "{query:?}");
    }
    assert!(admin.items("/users", &[("q", name), ("active", "false")]).await.is_empty());
    admin.get("/users?role=king").await.refused(400);
    let wrong = json!([{"role": "leader", "jurisdiction": "77777"}, {"role": "reporter", "jurisdiction": "09385", "unit": "U999"}]);
    let problem = admin.post("/users", &user(&wrong)).await.problem(422, "reference.unknown");
    assert_eq!(pointers(&problem), ["/grants/0/jurisdiction", "/grants/1/unit"]);
    admin.delete(&path).await.with_status(204);
    admin.get(&path).await.refused(404);
    admin.get(&format!("/users/{NOBODY}")).await.problem(404, "resource.not_found");
}

async fn an_account_that_has_acted_stays(app: TestApp) {
    let admin = app.admin().await;
    let (made, _) = person(&app, &admin, &supervisor()).await;
    let path = format!("/users/{}", text(&made, "id"));
    assert_eq!(admin.get(&path).await.ok()["_actions"]["delete"]["allowed"], false);
    admin.delete(&path).await.problem(409, "user.in_use");
    admin.patch(&path, &json!({"active": false})).await.with_status(200);
    login(&app, text(&made, "username"), PASSWORD).await.problem(401, "login.failed");
}

async fn the_last_administrator_stays(app: TestApp) {
    let admin = app.admin().await;
    let own = format!("/users/{}", text(&admin.get("/me").await.ok(), "id"));
    for other in admin.items("/users", &[("role", "admin"), ("jurisdiction", "VN"), ("active", "true")]).await {
        let path = format!("/users/{}", text(&other, "id"));
        if path != own {
            admin.patch(&path, &json!({"active": false})).await.with_status(200);
        }
    }
    for change in [
        json!({"active": false}),
        json!({"grants": [{"role": "supervisor", "jurisdiction": "VN"}]}),
        json!({"grants": [{"role": "admin", "jurisdiction": "24"}]}),
    ] {
        admin.patch(&own, &change).await.problem(409, "user.last_admin");
    }
    admin.delete(&own).await.problem(409, "user.last_admin");
}

async fn an_administrator_sees_his_own_reach(app: TestApp) {
    let (country, ward) = (app.admin().await, app.someone(Grant::of("admin")).await);
    let above = country.post("/users", &user(&json!([{"role": "leader", "jurisdiction": "24"}]))).await.with_status(201);
    let both = json!([{"role": "leader", "jurisdiction": "24"}, {"role": "leader", "jurisdiction": "09385"}]);
    let shared = country.post("/users", &user(&both)).await.with_status(201);
    let seen = ward.items("/users", &[]).await;
    assert!(seen.iter().all(|u| u["id"] != above["id"]) && seen.iter().any(|u| u["id"] == shared["id"]));
    ward.get(&format!("/users/{}", text(&above, "id"))).await.refused(404);
    let path = format!("/users/{}", text(&shared, "id"));
    assert_eq!(ward.get(&path).await.ok()["_actions"]["update"]["allowed"], false);
    ward.patch(&path, &json!({"active": false})).await.problem(403, "access.denied");
    ward.post(&format!("{path}/reset-password"), &json!({})).await.problem(403, "access.denied");
    ward.post("/clients", &json!({"name": "x", "grants": [{"role": "province", "jurisdiction": "24"}]}))
        .await
        .problem(403, "access.denied");
}

async fn oauth(app: &TestApp, path: &str, form: &str) -> Answer {
    app.anonymous().call("POST", path).raw("application/x-www-form-urlencoded", form).send().await
}

fn credentials(client: &Value) -> String {
    format!("client_id={}&client_secret={}", text(client, "client_id"), text(client, "client_secret"))
}

async fn machine(app: &TestApp, more: &Value) -> Value {
    let mut body = json!({"name": format!("m-{}", mark()), "grants": [{"role": "province", "jurisdiction": "24"}]});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    app.admin().await.post("/clients", &body).await.with_status(201)
}

async fn token(app: &TestApp, client: &Value) -> Value {
    oauth(app, "/oauth/token", &format!("grant_type=client_credentials&{}", credentials(client))).await.ok()
}

async fn machines_take_tokens(app: TestApp) {
    let client = machine(&app, &json!({})).await;
    let answer = oauth(&app, "/oauth/token", &format!("grant_type=client_credentials&{}", credentials(&client))).await;
    let got = answer.ok();
    assert_eq!((text(&got, "token_type"), &got["expires_in"]), ("Bearer", &json!(600)));
    assert!(answer.header_list("cache-control").contains(&"no-store".to_owned()));
    let me = with_token(&app, "GET", "/me", &got, None).await.ok();
    assert_eq!((text(&me, "kind"), &me["username"]), ("client", &client["client_id"]));
    let admin = app.admin().await;
    let path = format!("/clients/{}", text(&client, "id"));
    let rotated = admin.post(&format!("{path}/rotate-secret"), &json!({})).await.with_status(200);
    with_token(&app, "GET", "/me", &got, None).await.problem(401, "token.invalid");
    oauth(&app, "/oauth/token", &format!("grant_type=client_credentials&{}", credentials(&client))).await.with_status(401);
    token(&app, &rotated).await;
    admin.patch(&path, &json!({"active": false})).await.with_status(200);
    oauth(&app, "/oauth/token", &format!("grant_type=client_credentials&{}", credentials(&rotated))).await.with_status(401);
    admin.delete(&path).await.with_status(204);
}

async fn machines_are_refused_as_rfc_6749_says(app: TestApp) {
    let client = machine(&app, &json!({})).await;
    let own = credentials(&client);
    for (form, status, error) in [
        (format!("grant_type=client_credentials&scope=restricted:read&{own}"), 400, "invalid_scope"),
        (format!("grant_type=client_credentials&scope=bogus&{own}"), 400, "invalid_scope"),
        (format!("grant_type=password&{own}"), 400, "unsupported_grant_type"),
        (own.clone(), 400, "invalid_request"),
        (format!("grant_type=client_credentials&grant_type=client_credentials&{own}"), 400, "invalid_request"),
        ("grant_type=client_credentials".to_owned(), 401, "invalid_client"),
        (format!("grant_type=client_credentials&client_id={}&client_secret=x", text(&client, "client_id")), 401, "invalid_client"),
        ("grant_type=client_credentials&client_id=bdc_nobody&client_secret=x".to_owned(), 401, "invalid_client"),
    ] {
        let answer = oauth(&app, "/oauth/token", &form).await;
        assert_eq!(text(&answer.with_status(status), "error"), error, "{form}");
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("www-authenticate").starts_with("Basic "), status == 401, "{form}");
    }
}

async fn a_machine_is_bound_to_its_addresses_and_its_time(app: TestApp) {
    let admin = app.admin().await;
    let client = machine(&app, &json!({"allowed_addresses": ["127.0.0.0/8"]})).await;
    let path = format!("/clients/{}", text(&client, "id"));
    let got = token(&app, &client).await;
    admin.patch(&path, &json!({"allowed_addresses": ["192.0.2.1"]})).await.with_status(200);
    with_token(&app, "GET", "/me", &got, None).await.problem(401, "token.invalid");
    let ask = format!("grant_type=client_credentials&{}", credentials(&client));
    assert_eq!(text(&oauth(&app, "/oauth/token", &ask).await.with_status(401), "error"), "invalid_client");
    admin.patch(&path, &json!({"allowed_addresses": ["192.0.2.1/33"]})).await.problem(422, "field.format");
    admin.patch(&path, &json!({"allowed_addresses": null, "expires_at": "2026-01-01T00:00:00Z"})).await.with_status(200);
    assert_eq!(text(&oauth(&app, "/oauth/token", &ask).await.with_status(401), "error"), "invalid_client");
    admin.patch(&path, &json!({"expires_at": null})).await.with_status(200);
    token(&app, &client).await;
}

async fn tokens_are_revoked_and_asked_about(app: TestApp) {
    let (one, other) = (machine(&app, &json!({})).await, machine(&app, &json!({})).await);
    let got = token(&app, &one).await;
    let token = text(&got, "access_token");
    let ask = async || oauth(&app, "/oauth/introspect", &format!("token={token}&{}", credentials(&other))).await.with_status(200);
    let told = ask().await;
    assert_eq!((&told["active"], &told["client_id"], &told["roles"]), (&json!(true), &one["client_id"], &json!(["province"])));
    oauth(&app, "/oauth/introspect", &format!("token={token}")).await.with_status(401);
    oauth(&app, "/oauth/revoke", &format!("token={token}&{}", credentials(&other))).await.with_status(400);
    with_token(&app, "GET", "/me", &got, None).await.ok();
    oauth(&app, "/oauth/revoke", &format!("token={token}&{}", credentials(&one))).await.with_status(200);
    with_token(&app, "GET", "/me", &got, None).await.problem(401, "token.invalid");
    assert_eq!(ask().await, json!({"active": false}));
    oauth(&app, "/oauth/revoke", &format!("token=nonsense&{}", credentials(&one))).await.with_status(200);
}

async fn oauth_is_found_by_its_metadata(app: TestApp) {
    let public = app.anonymous();
    let metadata = public.get("/.well-known/oauth-authorization-server").await.ok();
    let issuer = text(&metadata, "issuer").to_owned();
    assert_eq!(text(&metadata, "token_endpoint"), format!("{issuer}/oauth/token"));
    assert_eq!(text(&metadata, "jwks_uri"), format!("{issuer}/.well-known/jwks.json"));
    let keys = public.get("/.well-known/jwks.json").await.ok();
    assert!(list(&keys, "keys").iter().all(|k| k["kty"] == "OKP" && k["crv"] == "Ed25519" && k.get("d").is_none()));
}

async fn accounts_are_added_from_the_command_line(app: TestApp) {
    let name = format!("c-{}", mark().to_lowercase());
    let arguments = ["user", "add", "--username", &name, "--role", "reporter", "--jurisdiction", "09385", "--unit", "U5"];
    let told: Value = serde_json::from_str(&app.cli(&arguments, "")).expect("JSON");
    let session = login(&app, &name, text(&told, "one_time_password")).await.ok();
    with_token(&app, "GET", "/reports", &session, None).await.problem(403, "password.change_required");
    let told: Value = serde_json::from_str(&app.cli(&["user", "reset-password", "--username", &name], "")).expect("JSON");
    with_token(&app, "GET", "/me", &session, None).await.problem(401, "token.invalid");
    login(&app, &name, text(&told, "one_time_password")).await.ok();
    for (arguments, names) in [
        (&["user", "add", "--username", "x", "--role", "reporter", "--jurisdiction", "77777"][..], "--jurisdiction"),
        (&["user", "add", "--username", "x", "--role", "reporter", "--jurisdiction", "09385", "--unit", "U999"], "--unit"),
        (&["user", "add", "--username", "x", "--role", "king", "--jurisdiction", "09385"], "--role"),
        (&["client", "add", "--name", "x", "--role", "province", "--jurisdiction", "24", "--scope", "all"], "--scope"),
        (&["user", "add", "--username", "x", "--role", "leader", "--jurisdiction", "09385", "--password-stdin"], "--password-stdin"),
        (&["user", "reset-password", "--username", "nobody-of-this-name"], "--username"),
    ] {
        let output = app.try_cli(arguments, "short");
        assert!(!output.status.success(), "{arguments:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(names), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

async fn guesses_are_slowed_and_never_locked_out(app: TestApp) {
    let (made, _) = person(&app, &app.admin().await, &supervisor()).await;
    for name in [text(&made, "username"), "nobody-of-this-name"] {
        for _ in 0..5 {
            login(&app, name, "wrong").await.problem(401, "login.failed");
        }
        let slowed = login(&app, name, PASSWORD).await;
        slowed.problem(429, "rate.limited");
        let wait: u64 = slowed.header("retry-after").parse().expect("seconds");
        assert!((1..=300).contains(&wait), "{wait}");
        assert!(slowed.header("ratelimit").contains("r=0") && slowed.header("ratelimit-policy").contains("q=5"));
    }
    // Others at the same address are not held up.
    person(&app, &app.admin().await, &supervisor()).await;
    tokio::time::sleep(std::time::Duration::from_secs(5)).await;
    login(&app, text(&made, "username"), PASSWORD).await.ok();
}

async fn machines_that_guess_are_slowed(app: TestApp) {
    let (client, other) = (machine(&app, &json!({})).await, machine(&app, &json!({})).await);
    let ask = |id: &str, secret: &str| format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    let mut told = Vec::new();
    for id in [text(&client, "client_id"), "bdc_nobody"] {
        for _ in 0..5 {
            let answer = oauth(&app, "/oauth/token", &ask(id, "bds_wrong")).await;
            told.push((answer.with_status(401), answer.header("www-authenticate").to_owned()));
        }
        for (path, form) in [("/oauth/token", ask(id, "bds_wrong")), ("/oauth/introspect", format!("{}&token=x", ask(id, "bds_wrong")))] {
            let slowed = oauth(&app, path, &form).await;
            assert_eq!(text(&slowed.with_status(429), "error"), "temporarily_unavailable");
            assert_eq!(slowed.header("content-type"), "application/json");
            assert!((1..=300).contains(&slowed.header("retry-after").parse::<u64>().expect("seconds")), "{}", slowed.header("retry-after"));
            assert!(slowed.header("ratelimit").contains("r=0") && slowed.header("ratelimit-policy").contains("q=5"));
        }
    }
    assert!(told.iter().all(|t| *t == told[0]), "an unknown name and a wrong secret are answered alike");
    // The right secret waits as well, and the other machine does not.
    oauth(&app, "/oauth/token", &ask(text(&client, "client_id"), text(&client, "client_secret"))).await.with_status(429);
    token(&app, &other).await;
    // Signing out by the client without a secret is nobody's guess.
    oauth(&app, "/oauth/revoke", "client_id=binhdang&token=x").await.with_status(200);
    tokio::time::sleep(std::time::Duration::from_secs(5)).await;
    token(&app, &client).await;
    // A success forgets.
    for _ in 0..4 {
        oauth(&app, "/oauth/token", &ask(text(&client, "client_id"), "bds_wrong")).await.with_status(401);
    }
    token(&app, &client).await;
    oauth(&app, "/oauth/token", &ask(text(&client, "client_id"), "bds_wrong")).await.with_status(401);
}

async fn a_list_of_people_shows_second_factors(app: TestApp) {
    let admin = app.admin().await;
    let (made, session) = person(&app, &admin, &supervisor()).await;
    let path = format!("/users/{}", text(&made, "id"));
    let shown = async || {
        let one = admin.get(&path).await.ok();
        let all = admin.find("/users", &[("q", text(&made, "username"))]).await.ok();
        assert_eq!(list(&all, "items")[0]["totp"], one["totp"]);
        (one["totp"].clone(), one["_actions"]["reset_totp"]["allowed"].clone())
    };
    let setup = with_token(&app, "POST", "/me/totp", &session, None).await.ok();
    assert_eq!(shown().await, (json!(false), json!(false)), "not before it is confirmed");
    let bytes = totp_rs::Secret::Encoded(text(&setup, "secret").to_owned()).to_bytes().expect("base32");
    let totp = totp_rs::TOTP::new(totp_rs::Algorithm::SHA1, 6, 1, 30, bytes, None, String::new()).expect("a secret");
    let code = json!({"code": totp.generate_current().expect("a clock")});
    with_token(&app, "POST", "/me/totp/confirm", &session, Some(&code)).await.ok();
    assert_eq!(shown().await, (json!(true), json!(true)));
    admin.call("DELETE", &format!("{path}/totp")).send().await.with_status(204);
    assert_eq!(shown().await, (json!(false), json!(false)));
    let told = admin.find("/audit-events", &[("action", "user.totp_reset"), ("resource_id", text(&made, "id"))]).await.ok();
    assert_eq!(list(&told, "items").len(), 1);
}

async fn an_account_keeps_a_grant(app: TestApp) {
    let admin = app.admin().await;
    let refused = |answer: Answer| assert_eq!(pointers(&answer.problem(422, "grant.required")), ["/grants"]);
    refused(admin.post("/users", &user(&json!([]))).await);
    refused(admin.post("/clients", &json!({"name": "x", "grants": []})).await);
    let person = admin.post("/users", &user(&supervisor())).await.with_status(201);
    let client = admin.post("/clients", &json!({"name": "x", "grants": supervisor()})).await.with_status(201);
    let paths = [format!("/users/{}", text(&person, "id")), format!("/clients/{}", text(&client, "id"))];
    for path in &paths {
        refused(admin.patch(path, &json!({"grants": []})).await);
    }
    // Accounts without a grant, as there were once, are the country's: he finds them, puts them out of use or gives a grant.
    let ward = app.someone(Grant::of("admin")).await;
    for (made, path) in [(&person, &paths[0]), (&client, &paths[1])] {
        execute(&app, &format!("DELETE FROM grants WHERE account_id = '{}'", text(made, "id")));
        let collection = path.rsplit_once('/').expect("a path").0;
        assert!(admin.items(collection, &[]).await.iter().any(|a| a["id"] == made["id"]));
        ward.get(path).await.problem(404, "resource.not_found");
        admin.patch(path, &json!({"active": false})).await.with_status(200);
        admin.patch(path, &json!({"active": true, "grants": supervisor()})).await.with_status(200);
        refused(admin.patch(path, &json!({"grants": []})).await);
    }
}

async fn an_account_has_at_most_two_hundred_grants(app: TestApp) {
    let admin = app.admin().await;
    let grants = |count: usize| json!(vec![json!({"role": "supervisor", "jurisdiction": "09385"}); count]);
    let problem = admin.post("/users", &user(&grants(201))).await.problem(422, "field.length");
    assert_eq!(pointers(&problem), ["/grants"]);
    // So many are looked at one by one.
    admin.post("/users", &user(&grants(200))).await.problem(422, "field.conflict");
}

async fn nobody_gives_himself_the_scope(app: TestApp) {
    let scoped = |role: &str, at: &str| json!({"role": role, "jurisdiction": at, "scopes": ["restricted:read"]});
    let office = json!({"role": "admin", "jurisdiction": "VN"});
    let admin = app.someone(Grant::of("admin").at("VN").another(1)).await;
    let own = format!("/users/{}", text(&admin.get("/me").await.ok(), "id"));
    for more in [json!([office, scoped("supervisor", "09385")]), json!([scoped("admin", "VN")])] {
        let problem = admin.patch(&own, &json!({"grants": more})).await.problem(403, "access.denied");
        assert!(text(&problem, "detail").contains("restricted:read"), "{problem}");
    }
    // The role alone he may, and it is told; the scope he gives to others, without having it.
    admin.patch(&own, &json!({"grants": [office, {"role": "supervisor", "jurisdiction": "09385"}]})).await.with_status(200);
    let admin = app.again(&admin).await;
    admin.post("/users", &user(&json!([scoped("leader", "24")]))).await.with_status(201);
    // What another gave him he keeps when he changes something else, and can move it nowhere.
    let held = json!([office, scoped("supervisor", "09385")]);
    app.admin().await.patch(&own, &json!({"grants": held})).await.with_status(200);
    let admin = app.again(&admin).await;
    admin.patch(&own, &json!({"display_name": "Tên khác", "grants": held})).await.with_status(200);
    for moved in [scoped("supervisor", "24"), scoped("leader", "09385")] {
        admin.patch(&own, &json!({"grants": [office, moved]})).await.problem(403, "access.denied");
    }
    // A machine that administers does not either.
    let machine = app.machine(Grant::of("admin").at("VN")).await;
    let own = format!("/clients/{}", text(&machine.get("/me").await.ok(), "id"));
    machine.patch(&own, &json!({"grants": [scoped("admin", "VN")]})).await.problem(403, "access.denied");
}

async fn a_grant_that_reads_figures_is_told_in_the_trail(app: TestApp) {
    let admin = app.admin().await;
    let told = async |id: &str| {
        let found = admin.items("/audit-events", &[("action", "grant.added"), ("resource_id", id)]).await;
        found.iter().map(|e| (e["after"].clone(), text(&e["actor"], "kind").to_owned())).collect::<Vec<_>>()
    };
    let grant = |role: &str, scopes: Value| json!({"role": role, "jurisdiction": "09385", "unit": null, "scopes": scopes});
    let grants = json!([grant("supervisor", json!([])), grant("admin", json!([]))]);
    let made = admin.post("/users", &user(&grants)).await.with_status(201);
    let (id, path) = (text(&made, "id"), format!("/users/{}", text(&made, "id")));
    // An administrator's reads no figures.
    assert_eq!(told(id).await, [(grant("supervisor", json!([])), "user".to_owned())]);
    admin.patch(&path, &json!({"display_name": "Tên khác"})).await.with_status(200);
    assert_eq!(told(id).await.len(), 1, "nothing was added");
    let scoped = json!([grant("supervisor", json!(["restricted:read"])), grant("admin", json!([]))]);
    admin.patch(&path, &json!({"grants": scoped})).await.with_status(200);
    admin.patch(&path, &json!({"grants": grants})).await.with_status(200);
    let all = told(id).await;
    assert_eq!(all.len(), 2, "taking the scope away adds nothing: {all:?}");
    assert!(all.iter().any(|(after, _)| *after == grant("supervisor", json!(["restricted:read"]))), "{all:?}");
    let client = admin.post("/clients", &json!({"name": "x", "grants": [grant("province", json!([]))]})).await.with_status(201);
    assert_eq!(told(text(&client, "id")).await.len(), 1);
    // On the command line the service itself acts.
    let name = format!("c-{}", mark().to_lowercase());
    app.cli(&["user", "add", "--username", &name, "--role", "leader", "--jurisdiction", "09385"], "");
    let added = &admin.items("/users", &[("q", &name)]).await[0];
    assert_eq!(told(text(added, "id")).await, [(grant("leader", json!([])), "system".to_owned())]);
}

async fn accounts_are_sorted_by_the_name_that_is_shown(app: TestApp) {
    let admin = app.admin().await;
    let mark = mark().to_lowercase();
    let names = [("c", "Ánh"), ("a", "Đào Thị Bình"), ("d", "Bùi Văn Ất"), ("b", "ân")];
    for (username, shown) in names {
        let body = json!({"username": format!("{username}-{mark}"), "display_name": format!("{shown} {mark}"), "grants": supervisor()});
        admin.post("/users", &body).await.with_status(201);
        admin.post("/clients", &json!({"name": format!("{shown} {mark}"), "grants": supervisor()})).await.with_status(201);
    }
    for (path, member) in [("/users", "display_name"), ("/clients", "name")] {
        let sorted = async |sort: &str| {
            let query = [("q", mark.as_str()), ("sort", sort), ("limit", "3")];
            let first = admin.find(path, &query).await.ok();
            let rest = admin.find(path, &[&query[..], &[("cursor", text(&first, "next_cursor"))]].concat()).await.ok();
            let all = list(&first, "items").iter().chain(list(&rest, "items"));
            all.map(|a| text(a, member).trim_end_matches(&mark).trim().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(sorted("name").await, ["ân", "Ánh", "Bùi Văn Ất", "Đào Thị Bình"], "{path}");
        assert_eq!(sorted("-name").await, ["Đào Thị Bình", "Bùi Văn Ất", "Ánh", "ân"], "{path}");
    }
}
