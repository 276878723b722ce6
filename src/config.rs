//! Settings: from the environment (`BINHDANG_*`, `DATABASE_URL`) and an optional TOML file. A wrong or unknown setting
//! stops the start with a message that names it; a value that may be secret is never shown.

use crate::db::Target;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Every setting by its environment name, with its meaning.
pub const KNOWN: &[(&str, &str)] = &[
    ("BINHDANG_LISTEN", "address and port to listen on (127.0.0.1:8080)"),
    ("BINHDANG_DATA_DIR", "folder of the embedded database (./data)"),
    ("DATABASE_URL", "postgres://… instead of the embedded database (PostgreSQL 15 or later)"),
    ("BINHDANG_PUBLIC_URL", "address by which clients reach the service; issuer of tokens"),
    ("BINHDANG_CORS_ORIGINS", "origins of front-ends, comma-separated"),
    ("BINHDANG_LOG", "log filter (info)"),
    ("BINHDANG_SEED", "dong-nguyen or none: the plan of a new installation"),
    ("BINHDANG_CONFIG", "an optional TOML file with these settings in lower case without the prefix"),
    ("BINHDANG_WORKERS", "threads that serve requests (number of processors)"),
    ("BINHDANG_CONNECTIONS", "database connections (16)"),
    ("BINHDANG_MAX_BODY_BYTES", "largest request body (1048576)"),
    ("BINHDANG_BODY_SECONDS", "time in which the head of a request, and then its body, must arrive (20)"),
    ("BINHDANG_WRITE_SECONDS", "time in which a client must take something of the answer that waits for it (20)"),
    ("BINHDANG_UNSENT_BYTES", "bytes that may wait in all for clients that do not read; above, those that wait longest are cut (67108864)"),
    ("BINHDANG_CLIENTS", "connections of clients; those idle longest make room (10000, or what the limit of open files allows)"),
    ("BINHDANG_FOLLOWERS", "clients that may wait for changes at once, at most half of the connections (500)"),
    ("BINHDANG_WEBHOOK_ALLOW_PRIVATE", "true: webhooks may lead into private networks and to this machine (false)"),
    ("BINHDANG_DRAIN_SECONDS", "time that running requests get at SIGTERM (15)"),
    ("BINHDANG_ANNUAL_LAST_DAY", "last acceptable day of the annual report, MM-DD (11-24)"),
    ("BINHDANG_TLS_CERT", "PEM file of the certificate and its chain; with BINHDANG_TLS_KEY the service speaks TLS itself"),
    ("BINHDANG_TLS_KEY", "PEM file of the certificate's private key"),
    ("BINHDANG_TRUSTED_PROXIES", "addresses and ranges of proxies whose X-Forwarded-For is believed, comma-separated"),
    ("BINHDANG_RATE_LIMIT", "requests a minute of an account, 20 times that of an address; 0 for no limit (0)"),
    ("BINHDANG_SIGN_IN_FAILURES", "failures to sign in that are free to a name, 20 times that to an address (5)"),
    ("BINHDANG_SIGN_IN_WAIT_SECONDS", "longest wait after failures to sign in (300)"),
    ("BINHDANG_SMALLEST_COUNT", "smallest count of restricted figures that everybody may see; smaller ones but 0 are hidden (5)"),
    ("BINHDANG_TOTP_ROLES", "roles whose people must set up a second factor, comma-separated"),
    (
        "BINHDANG_SEAL_KEY",
        "32 bytes in base64 that seal the secrets in the database; the same at every server (SQLite: <data folder>/seal.key, made at the first start; PostgreSQL: none)",
    ),
    ("BINHDANG_PERIODIC_LAST_DAY", "last acceptable day, in the following month, of quarterly and monthly reports (10)"),
];

/// What the service was told.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Folder of the embedded database and of `first-admin.txt`.
    pub data_dir: PathBuf,
    /// Address by which clients reach it, without a slash at the end; also the issuer of its tokens.
    pub public_url: String,
    /// Origins of front-ends that may call it.
    pub cors_origins: Vec<String>,
    /// Log filter.
    pub log: String,
    /// Whether a new installation gets the plan of phường Đồng Nguyên.
    pub seed: bool,
    /// The data.
    pub database: Target,
    /// Threads that serve requests.
    pub workers: usize,
    /// Database connections.
    pub connections: u32,
    /// Largest request body, in bytes.
    pub max_body: usize,
    /// Time in which the head of a request must arrive, and then its body.
    pub body_time: Duration,
    /// Time in which a client must take something of the answer that waits for it.
    pub write_time: Duration,
    /// Bytes that may wait in all for clients that do not read.
    pub unsent: usize,
    /// Connections of clients, if the limit of open files allows so many.
    pub clients: usize,
    /// Clients that may wait for changes at once.
    pub followers: usize,
    /// Whether webhooks may lead into private networks and to this machine.
    pub webhook_allow_private: bool,
    /// Time that running requests get when the server is told to stop.
    pub drain_time: Duration,
    /// When the periods that a plan implies open and fall due.
    pub schedule: crate::values::period::Schedule,
    /// Certificate and private key, if the service speaks TLS itself.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Proxies whose `X-Forwarded-For` is believed: addresses and ranges.
    pub trusted_proxies: Vec<String>,
    /// Requests a minute of an account; 0 for no limit.
    pub rate_limit: u32,
    /// How guesses at sign-in are slowed.
    pub sign_in: SignIn,
    /// Names of the roles whose people must have a second factor.
    pub totp_roles: Vec<String>,
    /// The key to the secrets in the database, if it is not in the data folder.
    pub seal_key: Option<SecretSlice<u8>>,
    /// The first count of a restricted indicator that everybody may see; smaller ones, but 0, are hidden.
    pub smallest_count: u32,
}

/// How guesses at sign-in are slowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignIn {
    /// Failures that are free to a name.
    pub failures: i32,
    /// The longest wait after more, in seconds.
    pub longest_wait: i64,
}

/// Why the service cannot start: names the setting, never a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{setting}: {why}")]
pub struct Wrong {
    /// The setting.
    pub setting: String,
    /// What is wrong with it.
    pub why: String,
}

fn wrong(setting: &str, why: impl Into<String>) -> Wrong {
    Wrong { setting: setting.to_owned(), why: why.into() }
}

impl Config {
    /// Where files go that are too large for memory, for as long as a request or a job takes: beside the data, which has the room, or where the
    /// system has it if there is no such folder.
    #[must_use]
    pub fn spool_folder(&self) -> PathBuf {
        if self.data_dir.is_dir() { self.data_dir.clone() } else { std::env::temp_dir() }
    }

    /// Reads the process's environment and the file it names.
    ///
    /// # Errors
    /// The first setting that is unknown or wrong.
    pub fn from_environment() -> Result<Self, Wrong> {
        let mut settings = BTreeMap::new();
        for (name, value) in std::env::vars_os() {
            let (Some(name), value) = (name.to_str(), value) else { continue };
            if !name.starts_with("BINHDANG_") && !matches!(name, "DATABASE_URL" | "DATABASE_URL_FILE") {
                continue;
            }
            let value = value.into_string().map_err(|_| wrong(name, "is not UTF-8"))?;
            settings.insert(name.to_owned(), SecretString::from(value));
        }
        Self::from_settings(settings)
    }

    /// Reads settings given by name.
    ///
    /// # Errors
    /// The first setting that is unknown or wrong.
    pub fn from_settings(mut settings: BTreeMap<String, SecretString>) -> Result<Self, Wrong> {
        // Set by the test harness for its own use.
        settings.retain(|name, _| !name.starts_with("BINHDANG_TEST_"));
        if let Some(path) = settings.get("BINHDANG_CONFIG") {
            for (name, value) in read_file(path.expose_secret())? {
                settings.entry(name).or_insert(value);
            }
        }
        from_files(&mut settings)?;
        for name in settings.keys() {
            if !KNOWN.iter().any(|(known, _)| known == name) {
                let known = KNOWN.iter().map(|(k, _)| *k).collect::<Vec<_>>().join(", ");
                return Err(wrong(name, format!("is not a setting; known are {known}, DATABASE_URL, and each with _FILE")));
            }
        }
        Reader(settings).config()
    }
}

/// Any setting may be given as `<NAME>_FILE`: the path of a file that holds it, as container platforms hand out secrets.
fn from_files(settings: &mut BTreeMap<String, SecretString>) -> Result<(), Wrong> {
    let named: Vec<String> = settings.keys().filter(|name| name.ends_with("_FILE")).cloned().collect();
    for name in named {
        let Some(path) = settings.remove(&name) else { continue };
        let text = std::fs::read_to_string(path.expose_secret()).map_err(|e| wrong(&name, format!("cannot be read: {}", e.kind())))?;
        let plain = name.trim_end_matches("_FILE").to_owned();
        if settings.insert(plain.clone(), SecretString::from(text.trim_end_matches(['\r', '\n']).to_owned())).is_some() {
            return Err(wrong(&name, format!("must not be given together with {plain}")));
        }
    }
    Ok(())
}

fn read_file(path: &str) -> Result<Vec<(String, SecretString)>, Wrong> {
    let text = std::fs::read_to_string(path).map_err(|e| wrong("BINHDANG_CONFIG", format!("cannot be read: {e}")))?;
    // The parser's message quotes the line, which may hold a password: only the place is told.
    let table: toml::Table = text.parse().map_err(|e: toml::de::Error| {
        let line = e.span().map_or(0, |s| text.get(..s.start).unwrap_or_default().lines().count().max(1));
        wrong("BINHDANG_CONFIG", format!("is not TOML (line {line})"))
    })?;
    table
        .into_iter()
        .map(|(key, value)| {
            let name = if key == "database_url" { "DATABASE_URL".to_owned() } else { format!("BINHDANG_{}", key.to_uppercase()) };
            let text = match value {
                toml::Value::String(s) => s,
                toml::Value::Integer(n) => n.to_string(),
                toml::Value::Array(list) => list.iter().filter_map(toml::Value::as_str).collect::<Vec<_>>().join(","),
                _ => return Err(wrong(&name, "must be text, a whole number or a list of texts")),
            };
            Ok((name, SecretString::from(text)))
        })
        .collect()
}

struct Reader(BTreeMap<String, SecretString>);

impl Reader {
    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|v| v.expose_secret().trim()).filter(|v| !v.is_empty())
    }

    fn number<T: std::str::FromStr + PartialOrd + std::fmt::Display>(&self, name: &str, default: T, least: T, most: T) -> Result<T, Wrong> {
        let Some(text) = self.text(name) else { return Ok(default) };
        match text.parse::<T>() {
            Ok(n) if n >= least && n <= most => Ok(n),
            _ => Err(wrong(name, format!("must be a whole number from {least} to {most}"))),
        }
    }

    fn config(&self) -> Result<Config, Wrong> {
        let listen: SocketAddr = self
            .text("BINHDANG_LISTEN")
            .unwrap_or("127.0.0.1:8080")
            .parse()
            .map_err(|_| wrong("BINHDANG_LISTEN", "must be an address and a port, such as 127.0.0.1:8080"))?;
        let data_dir = PathBuf::from(self.text("BINHDANG_DATA_DIR").unwrap_or("./data"));
        let public_url = match self.text("BINHDANG_PUBLIC_URL") {
            Some(text) => origin_or_path("BINHDANG_PUBLIC_URL", text)?,
            None if self.text("BINHDANG_TLS_CERT").is_some() => format!("https://{listen}"),
            None => format!("http://{listen}"),
        };
        let processors = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Ok(Config {
            listen,
            database: self.database(&data_dir)?,
            data_dir,
            public_url,
            cors_origins: self.origins()?,
            log: self.log()?,
            seed: match self.text("BINHDANG_SEED").unwrap_or("dong-nguyen") {
                "dong-nguyen" => true,
                "none" => false,
                _ => return Err(wrong("BINHDANG_SEED", "must be dong-nguyen or none")),
            },
            workers: self.number("BINHDANG_WORKERS", processors, 1, 256)?,
            connections: self.number("BINHDANG_CONNECTIONS", 16, 2, 1000)?,
            max_body: self.number("BINHDANG_MAX_BODY_BYTES", 1_048_576, 1024, 1_073_741_824)?,
            body_time: Duration::from_secs(self.number("BINHDANG_BODY_SECONDS", 20, 1, 600)?),
            write_time: Duration::from_secs(self.number("BINHDANG_WRITE_SECONDS", 20, 1, 600)?),
            unsent: self.number("BINHDANG_UNSENT_BYTES", 67_108_864, 1_048_576, 17_179_869_184)?,
            clients: self.number("BINHDANG_CLIENTS", 10_000, 16, 1_000_000)?,
            webhook_allow_private: match self.text("BINHDANG_WEBHOOK_ALLOW_PRIVATE").unwrap_or("false") {
                "true" => true,
                "false" => false,
                _ => return Err(wrong("BINHDANG_WEBHOOK_ALLOW_PRIVATE", "must be true or false")),
            },
            followers: self.number("BINHDANG_FOLLOWERS", 500, 0, 1_000_000)?,
            drain_time: Duration::from_secs(self.number("BINHDANG_DRAIN_SECONDS", 15, 0, 600)?),
            schedule: self.schedule()?,
            tls: self.tls()?,
            trusted_proxies: self.list("BINHDANG_TRUSTED_PROXIES"),
            rate_limit: self.number("BINHDANG_RATE_LIMIT", 0, 0, 100_000_000)?,
            sign_in: SignIn {
                failures: self.number("BINHDANG_SIGN_IN_FAILURES", 5, 1, 1000)?,
                longest_wait: self.number("BINHDANG_SIGN_IN_WAIT_SECONDS", 300, 1, 86_400)?,
            },
            totp_roles: self.list("BINHDANG_TOTP_ROLES"),
            seal_key: self.seal_key()?,
            smallest_count: self.number("BINHDANG_SMALLEST_COUNT", 5, 2, 1000)?,
        })
    }

    fn database(&self, data_dir: &std::path::Path) -> Result<Target, Wrong> {
        match self.text("DATABASE_URL") {
            None => Ok(Target::in_folder(data_dir)),
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => Ok(Target::Postgres(url.to_owned())),
            Some(_) => Err(wrong("DATABASE_URL", "must start with postgres:// (leave it out for the embedded database)")),
        }
    }

    fn list(&self, name: &str) -> Vec<String> {
        let text = self.text(name).unwrap_or_default();
        text.split(',').map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned).collect()
    }

    fn seal_key(&self) -> Result<Option<SecretSlice<u8>>, Wrong> {
        let read = |text| {
            seal_key(text).ok_or_else(|| wrong("BINHDANG_SEAL_KEY", "must be 32 bytes in base64, such as of `openssl rand -base64 32`"))
        };
        self.text("BINHDANG_SEAL_KEY").map(read).transpose()
    }

    fn tls(&self) -> Result<Option<(PathBuf, PathBuf)>, Wrong> {
        match (self.text("BINHDANG_TLS_CERT"), self.text("BINHDANG_TLS_KEY")) {
            (None, None) => Ok(None),
            (Some(certificate), Some(key)) => Ok(Some((certificate.into(), key.into()))),
            (Some(_), None) => Err(wrong("BINHDANG_TLS_KEY", "must be given with BINHDANG_TLS_CERT")),
            (None, Some(_)) => Err(wrong("BINHDANG_TLS_CERT", "must be given with BINHDANG_TLS_KEY")),
        }
    }

    fn origins(&self) -> Result<Vec<String>, Wrong> {
        let list = self.text("BINHDANG_CORS_ORIGINS").unwrap_or_default();
        list.split(',')
            .map(str::trim)
            .filter(|o| !o.is_empty())
            .map(|o| {
                let parsed = url::Url::parse(o).ok().filter(|u| matches!(u.scheme(), "http" | "https") && u.has_host());
                match parsed.map(|u| u.origin().ascii_serialization()) {
                    Some(origin) if origin.eq_ignore_ascii_case(o.trim_end_matches('/')) => Ok(origin),
                    _ => Err(wrong("BINHDANG_CORS_ORIGINS", "must be origins such as https://front.example, separated by commas")),
                }
            })
            .collect()
    }

    fn log(&self) -> Result<String, Wrong> {
        let filter = self.text("BINHDANG_LOG").unwrap_or("info");
        // A word alone that is no level would be taken for the name of a module, and everything else be silenced.
        let plain =
            |part: &str| part.contains('=') || (!part.is_empty() && part.parse::<tracing_subscriber::filter::LevelFilter>().is_ok());
        let fits = filter.split(',').map(str::trim).all(plain);
        match filter.parse::<tracing_subscriber::filter::targets::Targets>() {
            Ok(_) if fits => Ok(filter.to_owned()),
            _ => Err(wrong("BINHDANG_LOG", "must be error, warn, info, debug, trace, or a list such as info,binhdang=debug")),
        }
    }

    fn schedule(&self) -> Result<crate::values::period::Schedule, Wrong> {
        let mut schedule = crate::values::period::Schedule::default();
        if let Some(text) = self.text("BINHDANG_ANNUAL_LAST_DAY") {
            let day = chrono::NaiveDate::parse_from_str(&format!("2027-{text}"), "%Y-%m-%d")
                .map_err(|_| wrong("BINHDANG_ANNUAL_LAST_DAY", "must be a day of the year as MM-DD, such as 11-24"))?;
            schedule.annual_last_day = (chrono::Datelike::month(&day), chrono::Datelike::day(&day));
            let (month, day) = schedule.annual_opens;
            if schedule.annual_last_day < schedule.annual_opens {
                let why = format!("must not be before {month:02}-{day:02}, the day on which annual reports open");
                return Err(wrong("BINHDANG_ANNUAL_LAST_DAY", why));
            }
        }
        schedule.due_day = self.number("BINHDANG_PERIODIC_LAST_DAY", schedule.due_day, 1, 28)?;
        Ok(schedule)
    }
}

/// The key that a text holds: 32 bytes in base64, of either alphabet.
#[must_use]
pub fn seal_key(text: &str) -> Option<SecretSlice<u8>> {
    let alphabets = [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD];
    let bytes: SecretSlice<u8> = alphabets.iter().find_map(|alphabet| alphabet.decode(text.trim()).ok())?.into();
    (bytes.expose_secret().len() == 32).then_some(bytes)
}

fn origin_or_path(setting: &str, text: &str) -> Result<String, Wrong> {
    let parsed = url::Url::parse(text).ok().filter(|u| matches!(u.scheme(), "http" | "https") && u.has_host());
    match parsed {
        Some(u) if u.query().is_none() && u.fragment().is_none() && u.username().is_empty() && u.password().is_none() => {
            Ok(text.trim_end_matches('/').to_owned())
        }
        _ => Err(wrong(setting, "must be an address such as https://binhdang.example")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Config, Wrong> {
        Config::from_settings(pairs.iter().map(|(k, v)| ((*k).to_owned(), SecretString::from((*v).to_owned()))).collect())
    }

    #[test]
    fn nothing_at_all_is_enough() {
        let config = read(&[]).expect("defaults");
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert!(config.seed);
    }

    #[test]
    fn a_setting_may_stand_in_a_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("url");
        std::fs::write(&path, "postgres://host/db\n").expect("a file");
        let path = path.to_string_lossy();
        let config = read(&[("DATABASE_URL_FILE", path.as_ref())]).expect("settings");
        assert!(matches!(config.database, Target::Postgres(url) if url == "postgres://host/db"));
        let both = read(&[("DATABASE_URL_FILE", path.as_ref()), ("DATABASE_URL", "postgres://other/db")]);
        assert_eq!(both.expect_err("both").setting, "DATABASE_URL_FILE");
        assert_eq!(read(&[("BINHDANG_BOGUS_FILE", path.as_ref())]).expect_err("unknown").setting, "BINHDANG_BOGUS");
        assert_eq!(read(&[("BINHDANG_TLS_CERT", "a.pem")]).expect_err("half").setting, "BINHDANG_TLS_KEY");
    }

    #[test]
    fn a_log_filter_names_levels() {
        for filter in ["info", "WARN", "off", "info,binhdang=debug", " warn , actix_web=info ", "binhdang::db=trace"] {
            assert!(read(&[("BINHDANG_LOG", filter)]).is_ok(), "{filter}");
        }
        for filter in ["verbose", "binhdang", "info,verbose", "binhdang=loud", ","] {
            assert_eq!(read(&[("BINHDANG_LOG", filter)]).expect_err(filter).setting, "BINHDANG_LOG");
        }
    }

    #[test]
    fn annual_reports_are_not_due_before_they_open() {
        for (day, fits) in [("11-24", true), ("11-01", true), ("12-31", true), ("10-31", false), ("03-15", false), ("02-29", false)] {
            assert_eq!(read(&[("BINHDANG_ANNUAL_LAST_DAY", day)]).is_ok(), fits, "{day}");
        }
    }

    #[test]
    fn a_seal_key_is_32_bytes_in_base64() {
        for text in [STANDARD.encode([0xfb; 32]), URL_SAFE_NO_PAD.encode([0xfb; 32]), format!("{}\n", STANDARD.encode([0xfb; 32]))] {
            let config = read(&[("BINHDANG_SEAL_KEY", &text)]).expect("a key");
            assert_eq!(config.seal_key.as_ref().expect("a key").expose_secret(), [0xfb; 32]);
            assert!(!format!("{config:?}").contains("251"), "{config:?}");
        }
        for text in [STANDARD.encode([1; 31]), STANDARD.encode([1; 33]), "%".repeat(44)] {
            assert_eq!(read(&[("BINHDANG_SEAL_KEY", &text)]).expect_err("no key").setting, "BINHDANG_SEAL_KEY");
        }
    }

    #[test]
    fn a_wrong_setting_is_named_and_its_value_is_not_shown() {
        for (name, value) in [
            ("BINHDANG_LISTEN", "hunter2"),
            ("BINHDANG_BOGUS", "hunter2"),
            ("DATABASE_URL", "mysql://root:hunter2@host/db"),
            ("BINHDANG_SEED", "elsewhere-hunter2"),
            ("BINHDANG_WEBHOOK_ALLOW_PRIVATE", "hunter2"),
            ("BINHDANG_CORS_ORIGINS", "front.hunter2"),
            ("BINHDANG_PUBLIC_URL", "ftp://hunter2"),
            ("BINHDANG_CONFIG", "/nowhere/hunter2.toml"),
            ("DATABASE_URL_FILE", "/nowhere/hunter2"),
            ("BINHDANG_RATE_LIMIT", "-hunter2"),
            ("BINHDANG_SEAL_KEY", "hunter2"),
            ("BINHDANG_LOG", "hunter2"),
            ("BINHDANG_LOG", "info,hunter2"),
            ("BINHDANG_LOG", "binhdang=hunter2"),
            ("BINHDANG_ANNUAL_LAST_DAY", "hunter2"),
        ] {
            let error = read(&[(name, value)]).expect_err(name);
            assert_eq!(error.setting, name);
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }
}
