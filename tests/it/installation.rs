//! An installation as its operator meets it: its folder, its port, its commands, its end.

use crate::house::TestApp;
use crate::house::{Backend, free_port};
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

on_both![
    nobody_else_can_read_what_is_kept,
    what_lay_open_is_closed_at_the_next_start,
    a_start_whose_port_is_taken_leaves_nothing_behind,
    a_wrong_setting_leaves_nothing_behind,
    a_command_in_the_wrong_place_is_refused,
    a_clean_stop_leaves_everything_in_the_database_file,
    a_second_server_on_one_folder_is_refused,
    what_is_no_database_is_named,
    a_log_filter_that_is_none_is_refused,
    a_new_installation_says_what_to_do_next,
];

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap_or_else(|e| panic!("{}: {e}", path.display())).permissions().mode() & 0o777
}

fn inside(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A command that must fail; what it says.
fn refused(app: &TestApp, folder: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> String {
    let folder = folder.to_string_lossy().into_owned();
    let settings: Vec<(&str, &str)> = settings.iter().copied().chain([("BINHDANG_DATA_DIR", folder.as_str())]).collect();
    let ended = app.try_cli_with(arguments, &settings, Duration::from_secs(20));
    assert!(!ended.status.success(), "binhdang {} succeeded", arguments.join(" "));
    told(&ended)
}

async fn nobody_else_can_read_what_is_kept(app: TestApp) {
    let here = TestApp::start_anew(app.backend(), &[]).await;
    assert_eq!(mode(&here.data()), 0o700);
    let files = inside(&here.data());
    assert!(!files.is_empty());
    for file in files {
        assert_eq!(mode(&file) & 0o077, 0, "{}", file.display());
    }
}

async fn what_lay_open_is_closed_at_the_next_start(app: TestApp) {
    app.stop();
    fs::set_permissions(app.data(), fs::Permissions::from_mode(0o755)).expect("chmod");
    let database = app.data().join("binhdang.sqlite3");
    if app.backend() == Backend::Sqlite {
        fs::set_permissions(&database, fs::Permissions::from_mode(0o644)).expect("chmod");
    }
    assert!(String::from_utf8_lossy(&app.try_cli(&["doctor"], "").stdout).contains("WRONG others can read the data folder"));
    app.restart().await;
    assert_eq!(mode(&app.data()), 0o700);
    app.cli(&["doctor"], "");
    if app.backend() == Backend::Sqlite {
        for file in inside(&app.data()).iter().filter(|f| f.to_string_lossy().contains("sqlite3")) {
            assert_eq!(mode(file), 0o600, "{}", file.display());
        }
    }
}

/// A first start that fails must not have made the administrator: nobody would know the password.
async fn a_start_whose_port_is_taken_leaves_nothing_behind(app: TestApp) {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let listen = taken.local_addr().expect("its address").to_string();
    let folder = app.data().join("not-made");
    let said = refused(&app, &folder, &["serve"], &[("BINHDANG_LISTEN", &listen)]);
    assert!(said.contains("BINHDANG_LISTEN") && said.contains(&listen), "{said}");
    assert!(!folder.exists());
}

async fn a_wrong_setting_leaves_nothing_behind(app: TestApp) {
    let (folder, listen) = (app.data().join("not-made"), format!("127.0.0.1:{}", free_port()));
    for (name, value) in [
        ("BINHDANG_TOTP_ROLES", "chairman"),
        ("BINHDANG_TRUSTED_PROXIES", "everybody"),
        ("BINHDANG_ANNUAL_LAST_DAY", "03-15"),
        ("BINHDANG_LOG", "verbose"),
    ] {
        let said = refused(&app, &folder, &["serve"], &[("BINHDANG_LISTEN", &listen), (name, value)]);
        assert!(said.contains(name), "{said}");
        assert!(inside_or_none(&folder).is_empty(), "{name}: {:?}", inside_or_none(&folder));
    }
    let missing = folder.join("no.pem").to_string_lossy().into_owned();
    let tls = [("BINHDANG_LISTEN", listen.as_str()), ("BINHDANG_TLS_CERT", &missing), ("BINHDANG_TLS_KEY", &missing)];
    assert!(refused(&app, &folder, &["serve"], &tls).contains("BINHDANG_TLS_CERT"));
    assert!(inside_or_none(&folder).is_empty());
}

fn inside_or_none(folder: &Path) -> Vec<PathBuf> {
    if folder.exists() { inside(folder) } else { Vec::new() }
}

const COMMANDS: [&[&str]; 7] = [
    &["user", "add", "--username", "an", "--role", "leader", "--jurisdiction", "09385"],
    &["user", "reset-password", "--username", "admin"],
    &["client", "add", "--name", "may", "--role", "province", "--jurisdiction", "24"],
    &["keys", "rotate"],
    &["keys", "start-over"],
    &["audit", "verify"],
    &["doctor"],
];

async fn a_command_in_the_wrong_place_is_refused(app: TestApp) {
    let folder = app.data().join("elsewhere");
    let embedded = app.backend() == Backend::Sqlite;
    let empty = (!embedded).then(crate::house::postgres::OwnDatabase::empty);
    let url = empty.as_ref().map(|database| database.url());
    let settings: Vec<(&str, &str)> = url.iter().map(|url| ("DATABASE_URL", url.as_str())).collect();
    // An empty PostgreSQL database may be prepared before the first start; a folder without a file is a wrong one.
    let preparing: &[&[&str]] = if embedded { &[&["migrate"], &["seed"]] } else { &[] };
    for command in COMMANDS.iter().chain(preparing) {
        let said = refused(&app, &folder, command, &settings);
        assert!(said.contains("no installation"), "{}: {said}", command.join(" "));
        assert!(!embedded || said.contains(&*folder.to_string_lossy()), "{}: {said}", command.join(" "));
        assert!(!folder.exists(), "{} made the folder", command.join(" "));
    }
    // At the right place they work.
    app.cli(&["audit", "verify"], "");
    app.cli(&["migrate"], "");
}

async fn a_clean_stop_leaves_everything_in_the_database_file(app: TestApp) {
    let name = "Thu-Cuoi-Cung";
    app.cli(&["user", "add", "--username", name, "--role", "leader", "--jurisdiction", "09385"], "");
    app.stop();
    if app.backend() == Backend::Sqlite {
        let log = app.data().join("binhdang.sqlite3-wal");
        assert_eq!(fs::metadata(&log).map_or(0, |m| m.len()), 0);
        let alone = tempfile::tempdir().expect("a folder");
        fs::copy(app.data().join("binhdang.sqlite3"), alone.path().join("binhdang.sqlite3")).expect("a copy");
        fs::remove_file(&log).ok();
    }
    app.restart().await;
    let found = app.admin().await.items("/users", &[("q", name)]).await;
    assert_eq!(found.len(), 1);
}

async fn a_second_server_on_one_folder_is_refused(app: TestApp) {
    let listen = format!("127.0.0.1:{}", free_port());
    let settings = [("BINHDANG_LISTEN", listen.as_str())];
    if app.backend() == Backend::Postgres {
        // There any number may run.
        let started = app.try_cli_with(&["serve"], &settings, Duration::from_secs(3));
        assert_eq!(started.status.code(), None, "{}", told(&started));
        return;
    }
    let data = app.data();
    let said = refused(&app, &data, &["serve"], &settings);
    assert!(said.contains("another server") && said.contains(&*data.to_string_lossy()), "{said}");
    // A server that was killed holds nothing.
    app.kill_hard();
    app.restart().await;
}

async fn what_is_no_database_is_named(app: TestApp) {
    let folder = app.data().join("broken");
    fs::create_dir(&folder).expect("a folder");
    let file = folder.join("binhdang.sqlite3");
    fs::write(&file, "nothing of the kind, and long enough to be looked at as if it were a header of a database file: no".repeat(20))
        .expect("a file");
    if app.backend() == Backend::Postgres {
        let away = format!("postgres://127.0.0.1:{}/nowhere", free_port());
        let said = refused(&app, &folder, &["doctor"], &[("DATABASE_URL", &away)]);
        assert!(said.contains("cannot open the database"), "{said}");
        return;
    }
    let listen = format!("127.0.0.1:{}", free_port());
    for command in [&["serve"][..], &["doctor"], &["migrate"]] {
        let said = refused(&app, &folder, command, &[("BINHDANG_LISTEN", &listen)]);
        assert!(said.contains(&*file.to_string_lossy()) && said.contains("no database"), "{}: {said}", command.join(" "));
    }
}

async fn a_log_filter_that_is_none_is_refused(app: TestApp) {
    let said = refused(&app, &app.data(), &["doctor"], &[("BINHDANG_LOG", "verbose")]);
    assert!(said.contains("BINHDANG_LOG") && said.contains("warn"), "{said}");
}

async fn a_new_installation_says_what_to_do_next(app: TestApp) {
    let anew = TestApp::start_anew(app.backend(), &[]).await;
    let said = anew.log();
    let password = fs::read_to_string(anew.data().join("first-admin.txt")).expect("the first password");
    assert!(said.contains(&format!("{}/docs/", anew.base())) && said.contains("first-admin.txt"), "{said}");
    assert!(said.contains("Việc tiếp theo") && said.contains("What to do next"), "{said}");
    let logged = said.lines().find(|line| line.contains("one-time password of the first administrator")).expect("a line of the log");
    assert!(logged.contains("first-admin.txt"), "{logged}");
    assert!(!said.contains(password.split_whitespace().last().expect("a password")));
    let help = anew.cli(&["--help"], "");
    for setting in ["BINHDANG_LISTEN", "DATABASE_URL", "BINHDANG_SMALLEST_COUNT"] {
        assert!(help.contains(setting), "{help}");
    }
}
