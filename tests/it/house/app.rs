//! A server of one's own: the real binary on a copy of the template, on a free port, killed when the test ends.

use super::actor::{Actor, Session};
use super::contract::Document;
use super::postgres::OwnDatabase;
use super::{PROVINCE, WARD};
use serde_json::Value;
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// Said when the surroundings that `tests/run` makes are missing.
pub const HOW_TO_RUN: &str = "run the tests by `tests/run`: it starts the throw-away PostgreSQL and prepares the templates that they need";

/// The database under test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// The embedded one.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

impl Backend {
    fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// What an account is given.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Grant {
    role: String,
    jurisdiction: String,
    unit: Option<String>,
    scope: Option<String>,
    /// Tells people with the same grant apart.
    number: u32,
}

impl Grant {
    /// This role in phường Đồng Nguyên.
    pub fn of(role: &str) -> Self {
        Self { role: role.to_owned(), jurisdiction: WARD.to_owned(), unit: None, scope: None, number: 0 }
    }

    /// Elsewhere.
    pub fn at(self, jurisdiction: &str) -> Self {
        Self { jurisdiction: jurisdiction.to_owned(), ..self }
    }

    /// Bound to one unit.
    pub fn unit(self, unit: &str) -> Self {
        Self { unit: Some(unit.to_owned()), ..self }
    }

    /// Shown restricted figures.
    pub fn restricted(self) -> Self {
        Self { scope: Some("restricted:read".to_owned()), ..self }
    }

    /// Another person with the same grant.
    pub fn another(self, number: u32) -> Self {
        Self { number, ..self }
    }

    fn arguments(&self) -> Vec<&str> {
        let mut list = vec!["--role", &self.role, "--jurisdiction", &self.jurisdiction];
        list.extend(self.unit.iter().flat_map(|u| ["--unit", u.as_str()]));
        list.extend(self.scope.iter().flat_map(|s| ["--scope", s.as_str()]));
        list
    }
}

/// A running server. Clones are the same server.
#[derive(Clone)]
pub struct TestApp(Arc<House>);

struct House {
    backend: Backend,
    folder: TempDir,
    database: Option<OwnDatabase>,
    port: u16,
    settings: Mutex<Vec<(String, String)>>,
    process: Mutex<Option<Child>>,
    http: reqwest::Client,
    sessions: tokio::sync::Mutex<HashMap<Grant, Arc<Session>>>,
    document: OnceCell<Arc<Document>>,
}

impl TestApp {
    /// A server on a copy of the template: migrated, seeded, nothing else.
    pub async fn start(backend: Backend) -> Self {
        let database = (backend == Backend::Postgres).then(OwnDatabase::of_template);
        let app = Self::prepared(backend, database);
        copy(&templates().join(backend.name()), &app.data());
        if backend == Backend::Postgres {
            // SQLite's template has one; servers that share a database are given theirs.
            app.give_seal_key();
        }
        app.launch().await;
        app
    }

    /// Another server on the same PostgreSQL, with a data folder of its own and the same keys and public address. SQLite
    /// has one server: there it is that one.
    pub async fn beside(&self) -> Self {
        let Some(url) = self.database_url() else { return self.clone() };
        let other = Self::prepared(self.0.backend, None);
        let settings = self.0.settings.lock().unwrap().clone();
        other.0.settings.lock().unwrap().extend(settings);
        other.set(&[("DATABASE_URL", &url), ("BINHDANG_PUBLIC_URL", &self.base())]);
        copy(&self.data(), &other.data());
        other.launch().await;
        other
    }

    /// Puts a key for sealed secrets into the data folder.
    pub fn give_seal_key(&self) {
        let path = self.data().join("seal.key");
        fs::write(&path, "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n").expect("a key");
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("its mode");
    }

    /// A server on an empty folder or database, as a new installation finds it.
    pub async fn start_anew(backend: Backend, settings: &[(&str, &str)]) -> Self {
        let database = (backend == Backend::Postgres).then(OwnDatabase::empty);
        let app = Self::prepared(backend, database);
        app.set(settings);
        app.launch().await;
        app
    }

    fn prepared(backend: Backend, database: Option<OwnDatabase>) -> Self {
        let folder = tempfile::Builder::new().prefix("binhdang-test-").tempdir().expect("a folder");
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            // Reading all the machine's certificates takes longer than most tests' requests.
            .tls_certs_only([])
            .timeout(Duration::from_secs(60))
            .build()
            .expect("an HTTP client");
        let house = House {
            backend,
            folder,
            database,
            port: free_port(),
            settings: Mutex::default(),
            process: Mutex::default(),
            http,
            sessions: tokio::sync::Mutex::default(),
            document: OnceCell::new(),
        };
        fs::create_dir(house.folder.path().join("data")).expect("a data folder");
        Self(Arc::new(house))
    }

    /// Which database it runs on.
    pub fn backend(&self) -> Backend {
        self.0.backend
    }

    /// Its data folder.
    pub fn data(&self) -> PathBuf {
        self.0.folder.path().join("data")
    }

    /// `http://127.0.0.1:<port>`.
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.0.port)
    }

    /// Its port, for requests written by hand.
    pub fn port(&self) -> u16 {
        self.0.port
    }

    /// The client that all actors share.
    pub fn http(&self) -> &reqwest::Client {
        &self.0.http
    }

    /// The PostgreSQL database it runs on.
    pub fn database_url(&self) -> Option<String> {
        self.0.database.as_ref().map(OwnDatabase::url)
    }

    /// What it has written to its log so far.
    pub fn log(&self) -> String {
        fs::read(self.0.folder.path().join("log")).map(|b| String::from_utf8_lossy(&b).into_owned()).unwrap_or_default()
    }

    /// The document that it serves.
    pub async fn document(&self) -> Arc<Document> {
        let load = || async {
            let answer = self.0.http.get(format!("{}/openapi.json", self.base())).send().await.expect("/openapi.json");
            let text = answer.text().await.expect("/openapi.json");
            Arc::new(Document::new(serde_json::from_str(&text).expect("the document is JSON")))
        };
        self.0.document.get_or_init(load).await.clone()
    }

    fn set(&self, settings: &[(&str, &str)]) {
        let mut all = self.0.settings.lock().unwrap();
        all.extend(settings.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
    }

    /// The binary with the settings of this server and no others.
    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_binhdang"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("BINHDANG_") || name.to_string_lossy().starts_with("DATABASE_") {
                command.env_remove(name);
            }
        }
        command
            .current_dir(self.0.folder.path())
            .env("BINHDANG_LISTEN", format!("127.0.0.1:{}", self.0.port))
            .env("BINHDANG_DATA_DIR", self.data())
            .env("BINHDANG_WORKERS", "2")
            .env("BINHDANG_CONNECTIONS", "6")
            .envs(self.0.database.iter().map(|d| ("DATABASE_URL", d.url())))
            .envs(self.0.settings.lock().unwrap().iter().cloned());
        command
    }

    /// Starts it with further settings, whether or not it can be asked over plain HTTP.
    pub fn launch_unasked(&self, settings: &[(&str, &str)]) {
        self.set(settings);
        self.spawn();
    }

    fn spawn(&self) {
        let log = File::options().create(true).append(true).open(self.0.folder.path().join("log")).expect("a log");
        let child = self.command().arg("serve").stdin(Stdio::null()).stdout(log.try_clone().expect("a log")).stderr(log).spawn();
        *self.0.process.lock().unwrap() = Some(child.expect("the server starts"));
    }

    async fn launch(&self) {
        self.spawn();
        let until = Instant::now() + Duration::from_secs(30);
        loop {
            let ended = self.0.process.lock().unwrap().as_mut().and_then(|c| c.try_wait().expect("a process"));
            assert!(ended.is_none(), "the server ended with {ended:?}");
            let asked = self.0.http.get(format!("{}/readyz", self.base())).timeout(Duration::from_secs(2)).send().await;
            if asked.is_ok_and(|a| a.status().as_u16() == 200) {
                return;
            }
            assert!(Instant::now() < until, "the server is not ready after 30 s");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// How much memory it holds, in bytes.
    pub fn memory(&self) -> usize {
        let id = self.0.process.lock().unwrap().as_ref().map(Child::id).expect("it runs");
        let told = fs::read_to_string(format!("/proc/{id}/status")).expect("its state");
        let held = told.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
        held.trim().trim_end_matches(" kB").parse::<usize>().expect("a number") * 1024
    }

    /// `kill -9`: nothing is finished, nothing is flushed.
    pub fn kill_hard(&self) {
        if let Some(mut child) = self.0.process.lock().unwrap().take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// SIGTERM, and waits for its end.
    pub fn stop(&self) {
        let Some(mut child) = self.0.process.lock().unwrap().take() else { return };
        let sent = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
        assert!(sent.is_ok_and(|s| s.success()), "SIGTERM was not sent");
        let until = Instant::now() + Duration::from_secs(20);
        while child.try_wait().expect("a process").is_none() {
            assert!(Instant::now() < until, "the server does not stop");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Starts it again on the same data and the same port, after `kill_hard`, `stop` or neither.
    pub async fn restart(&self) {
        self.stop();
        self.launch().await;
    }

    /// The same with further settings.
    pub async fn restart_with(&self, settings: &[(&str, &str)]) {
        self.set(settings);
        self.restart().await;
    }

    /// Runs a command of the binary with this server's settings.
    pub fn try_cli(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = self
            .command()
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command starts");
        // A command that needs no input may have closed it already.
        let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
        child.wait_with_output().expect("the command ends")
    }

    /// The same with other settings; killed if it takes longer than this.
    pub fn try_cli_with(&self, arguments: &[&str], settings: &[(&str, &str)], most: Duration) -> Output {
        let mut command = self.command();
        command.args(arguments).envs(settings.iter().copied()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the command starts");
        let until = Instant::now() + most;
        while child.try_wait().expect("a process").is_none() {
            if Instant::now() > until {
                child.kill().expect("it is killed");
                break;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        child.wait_with_output().expect("the command ends")
    }

    /// The same; it must succeed. Its standard output.
    pub fn cli(&self, arguments: &[&str], input: &str) -> String {
        let output = self.try_cli(arguments, input);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "binhdang {} ended with {}: {told}", arguments.join(" "), output.status);
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    // ------------------------------------------------------------ people and machines

    /// Somebody with this grant, signed in. Made once per server.
    pub async fn someone(&self, grant: Grant) -> Actor {
        let mut sessions = self.0.sessions.lock().await;
        if let Some(session) = sessions.get(&grant) {
            return Actor::signed_in(self, session.clone());
        }
        let (username, password) = self.account(&grant);
        let session = Arc::new(Session::of_person(self, &username, &password).await);
        sessions.insert(grant, session.clone());
        Actor::signed_in(self, session)
    }

    fn account(&self, grant: &Grant) -> (String, String) {
        let known = fs::read_to_string(templates().join(format!("{}.accounts", self.0.backend.name()))).unwrap_or_default();
        let key = format!(
            "{} {} {} {} ",
            grant.role,
            grant.unit.as_deref().unwrap_or("-"),
            grant.scope.as_deref().unwrap_or("-"),
            grant.jurisdiction
        );
        let prepared = known.lines().filter(|_| grant.number == 0).find_map(|l| l.strip_prefix(&key)?.split_once(' '));
        if let Some((username, password)) = prepared {
            return (username.to_owned(), password.to_owned());
        }
        let (username, password) = (format!("n-{}", super::json::mark().to_lowercase()), "Correct-Horse-Battery-9".to_owned());
        let mut arguments = vec!["user", "add", "--username", &username, "--password-stdin"];
        arguments.extend(grant.arguments());
        self.cli(&arguments, &password);
        (username, password)
    }

    /// The same person, signed in anew.
    pub async fn again(&self, person: &Actor) -> Actor {
        self.sign_in(&person.session().username, &person.session().password).await
    }

    /// Whoever has this name and password, signed in.
    pub async fn sign_in(&self, username: &str, password: &str) -> Actor {
        Actor::signed_in(self, Arc::new(Session::of_person(self, username, password).await))
    }

    /// The machine with these credentials, signed in.
    pub async fn sign_in_machine(&self, id: &str, secret: &str) -> Actor {
        Actor::signed_in(self, Arc::new(Session::of_machine(self, id, secret).await))
    }

    /// A machine with this grant, signed in by client credentials.
    pub async fn machine(&self, grant: Grant) -> Actor {
        let mut sessions = self.0.sessions.lock().await;
        let key = Grant { number: grant.number + 1000, ..grant.clone() };
        if let Some(session) = sessions.get(&key) {
            return Actor::signed_in(self, session.clone());
        }
        let name = format!("m-{}", super::json::mark().to_lowercase());
        let mut arguments = vec!["client", "add", "--name", &name];
        arguments.extend(grant.arguments());
        let made: Value = serde_json::from_str(&self.cli(&arguments, "")).expect("client add prints JSON");
        let session = Session::of_machine(self, super::json::text(&made, "client_id"), super::json::text(&made, "client_secret")).await;
        let session = Arc::new(session);
        sessions.insert(key, session.clone());
        Actor::signed_in(self, session)
    }

    /// IT of the People's Committee.
    pub async fn admin(&self) -> Actor {
        self.someone(Grant::of("admin").at("VN")).await
    }

    /// Phòng Văn hoá - Xã hội, with the scope for restricted figures.
    pub async fn coordinator(&self) -> Actor {
        self.someone(Grant::of("coordinator").restricted()).await
    }

    /// The same in several administrative units, each by a grant of its own.
    pub async fn coordinator_of(&self, places: &[&str]) -> Actor {
        let key = Grant::of("coordinator").at(&places.join(" ")).restricted();
        if let Some(session) = self.0.sessions.lock().await.get(&key) {
            return Actor::signed_in(self, session.clone());
        }
        let grants = |place: &&str| serde_json::json!({"role": "coordinator", "jurisdiction": place, "scopes": ["restricted:read"]});
        let body = serde_json::json!({
            "username": format!("n-{}", super::json::mark().to_lowercase()), "display_name": "Phòng Văn hoá - Xã hội",
            "must_change_password": false, "grants": places.iter().map(grants).collect::<Vec<_>>(),
        });
        let made = self.admin().await.post("/users", &body).await.with_status(201);
        let (name, password) = (super::json::text(&made, "username"), super::json::text(&made, "one_time_password"));
        let session = Arc::new(Session::of_person(self, name, password).await);
        self.0.sessions.lock().await.insert(key, session.clone());
        Actor::signed_in(self, session)
    }

    /// A Vice Chairperson, with the scope for restricted figures.
    pub async fn leader(&self) -> Actor {
        self.someone(Grant::of("leader").restricted()).await
    }

    /// Somebody of this unit.
    pub async fn reporter(&self, unit: &str) -> Actor {
        self.someone(Grant::of("reporter").unit(unit)).await
    }

    /// The Fatherland Front as supervisor.
    pub async fn supervisor(&self) -> Actor {
        self.someone(Grant::of("supervisor")).await
    }

    /// Sở Nội vụ's system.
    pub async fn province_machine(&self) -> Actor {
        self.machine(Grant::of("province").at(PROVINCE)).await
    }

    /// The public.
    pub fn anonymous(&self) -> Actor {
        Actor::anonymous(self)
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if let Some(mut child) = self.process.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner).take() {
            let _ = child.kill();
            let _ = child.wait();
        }
        if std::thread::panicking() {
            let log = fs::read(self.folder.path().join("log")).unwrap_or_default();
            let log = String::from_utf8_lossy(&log);
            let lines: Vec<&str> = log.lines().collect();
            let tail = &lines[lines.len().saturating_sub(60)..];
            eprintln!(
                "---- the server's log on {} (last {} of {} lines)\n{}",
                self.backend.name(),
                tail.len(),
                lines.len(),
                tail.join("\n")
            );
        }
    }
}

fn templates() -> PathBuf {
    std::env::var_os("BINHDANG_TEST_TEMPLATES").map(PathBuf::from).unwrap_or_else(|| panic!("{HOW_TO_RUN}"))
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap_or_else(|e| panic!("{}: {e}; {HOW_TO_RUN}", from.display())) {
        let entry = entry.expect("a folder entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a file type").is_dir() {
            fs::create_dir_all(&target).expect("a folder");
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

/// A port that nobody listens on now.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port()
}
