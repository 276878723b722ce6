//! Passwords of people: Argon2id (RFC 9106) with the crate's recommended parameters, kept as PHC strings, and what
//! counts as too easy to guess (NIST SP 800-63B section 5.1.1.2: length and a list, no rules of composition).

use super::secret;
use crate::problem::{Error, FieldError, Problem, Result, codes};
use crate::values::text;
use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Block, Params, RECOMMENDED_SALT_LEN, Version};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use tokio::sync::{Semaphore, oneshot};
use unicode_normalization::UnicodeNormalization;

/// Fewest characters of a password.
pub const SHORTEST: usize = 12;
/// Most characters of a password.
pub const LONGEST: usize = 256;
/// Characters that must stand beside a user name held in a password.
const BESIDE_USERNAME: usize = 8;
/// Characters that must remain when common words and sequences are taken out.
const REMAINDER: usize = 3;

/// Hashes and checks passwords on a few threads of their own. A hash takes 19 MiB and tens of milliseconds of a
/// processor: each thread keeps its memory for the next one, only so many requests wait, and the rest is refused at once.
#[derive(Clone)]
pub struct Passwords {
    jobs: mpsc::Sender<Job>,
    admitted: Arc<Semaphore>,
}

type Job = Box<dyn FnOnce(&mut Memory) + Send>;

impl Passwords {
    /// With so many threads (at least one), and at most `queue` hashes that wait. The threads end when the last clone of
    /// this is gone.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub fn new(threads: usize, queue: usize) -> io::Result<Self> {
        let threads = threads.max(1);
        let (sender, jobs) = mpsc::channel::<Job>();
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..threads {
            let jobs = jobs.clone();
            let next = move || jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
            std::thread::Builder::new().name("passwords".to_owned()).spawn(move || {
                let mut memory = Memory::default();
                while let Ok(job) = next() {
                    job(&mut memory);
                }
            })?;
        }
        let admitted = threads.saturating_add(queue).min(Semaphore::MAX_PERMITS);
        Ok(Self { jobs: sender, admitted: Arc::new(Semaphore::new(admitted)) })
    }

    /// The PHC string of a password, with a fresh salt.
    ///
    /// # Errors
    /// 503 `server.busy` if too many wait already.
    pub async fn hash(&self, password: SecretString) -> Result<String> {
        self.run(move |memory| hashed(&password, memory)).await
    }

    /// Whether the password fits the PHC string. `None` stands for an account that does not exist: it takes the same
    /// time and the answer is no.
    ///
    /// # Errors
    /// 503 `server.busy` if too many wait already; an internal error if the stored string is broken.
    pub async fn verify(&self, password: SecretString, hash: Option<String>) -> Result<bool> {
        self.run(move |memory| match hash {
            Some(hash) => fits(&password, &hash, memory),
            None => fits(&password, &dummy(), memory).map(|_| false),
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce(&mut Memory) -> Result<T> + Send + 'static) -> Result<T> {
        let place = self.admitted.clone().try_acquire_owned().map_err(|_| busy())?;
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |memory| {
            let result = catch_unwind(AssertUnwindSafe(|| work(memory))).unwrap_or_else(|_| Err(Error::internal("a hash panicked")));
            // Held by the work, not by the request: a client that hangs up does not stop a hash that has begun.
            drop(place);
            let _ = answer.send(result);
        });
        self.jobs.send(job).map_err(Error::internal)?;
        answered.await.map_err(Error::internal)?
    }
}

fn busy() -> Error {
    Problem::new(codes::SERVER_BUSY).header("Retry-After", "1").into()
}

/// What Argon2 works in. Taken at the first hash and kept: given back, each would stay in its thread's part of the heap.
#[derive(Default)]
struct Memory(Vec<Block>);

impl Memory {
    fn of(&mut self, params: &Params) -> &mut [Block] {
        let needed = params.block_count();
        if self.0.len() < needed {
            self.0.resize(needed, Block::new());
        }
        self.0.get_mut(..needed).unwrap_or_default()
    }
}

/// The PHC string of a password, on the calling thread: for the command line.
///
/// # Errors
/// If the system has no randomness left.
pub fn hash_blocking(password: &SecretString) -> Result<String> {
    hashed(password, &mut Memory::default())
}

fn hashed(password: &SecretString, memory: &mut Memory) -> Result<String> {
    let argon2 = Argon2::default();
    let salt = secret::random_bytes::<RECOMMENDED_SALT_LEN>()?;
    let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
    compute(&argon2, password, &salt, &mut output, memory)?;
    let hash = PasswordHash {
        algorithm: ARGON2ID_IDENT,
        version: Some(Version::default().into()),
        params: ParamsString::try_from(argon2.params()).map_err(Error::internal)?,
        salt: Some(Salt::new(&salt).map_err(Error::internal)?),
        hash: Some(Output::new(&output).map_err(Error::internal)?),
    };
    Ok(hash.to_string())
}

fn fits(password: &SecretString, hash: &str, memory: &mut Memory) -> Result<bool> {
    // The parser's message could quote the hash.
    let broken = || Error::internal("a stored password hash is not a PHC string of Argon2");
    let hash = PasswordHash::new(hash).map_err(|_| broken())?;
    let (Some(salt), Some(expected)) = (hash.salt, hash.hash) else { return Err(broken()) };
    let algorithm = Algorithm::try_from(hash.algorithm.as_str()).map_err(|_| broken())?;
    let version = hash.version.map(Version::try_from).transpose().map_err(|_| broken())?.unwrap_or_default();
    let argon2 = Argon2::new(algorithm, version, Params::try_from(&hash).map_err(|_| broken())?);
    let mut output = vec![0; expected.len()];
    compute(&argon2, password, &salt, &mut output, memory)?;
    Ok(secret::equal(output, expected))
}

fn compute(argon2: &Argon2<'_>, password: &SecretString, salt: &[u8], output: &mut [u8], memory: &mut Memory) -> Result<()> {
    let password = composed(password);
    let memory = memory.of(argon2.params());
    argon2.hash_password_into_with_memory(password.expose_secret().as_bytes(), salt, output, memory).map_err(Error::internal)
}

/// A PHC string with today's parameters that no known password fits: checking against it costs what a real one costs.
fn dummy() -> String {
    let params = Params::default();
    let (salt, output) = (STANDARD_NO_PAD.encode([0; 16]), STANDARD_NO_PAD.encode([0; Params::DEFAULT_OUTPUT_LEN]));
    format!("$argon2id$v=19$m={},t={},p={}${salt}${output}", params.m_cost(), params.t_cost(), params.p_cost())
}

/// One composed form, since keyboards differ in how they send `ậ`. White space counts.
fn composed(password: &SecretString) -> SecretString {
    password.expose_secret().nfc().collect::<String>().into()
}

/// Refuses a password that is too short or easily guessed.
///
/// # Errors
/// `password.weak` at the pointer, with the reason.
pub fn check_strength(password: &str, username: &str, pointer: &str) -> std::result::Result<(), FieldError> {
    let weak = |vi: String, en: String| Err(FieldError::new(pointer, codes::PASSWORD_WEAK).saying(vi, en));
    let length = password.nfc().count();
    if length < SHORTEST {
        return weak(
            format!("Mật khẩu cần ít nhất {SHORTEST} ký tự. Hãy dùng một câu dài dễ nhớ."),
            format!("A password has at least {SHORTEST} characters. A long phrase is easy to remember."),
        );
    }
    if length > LONGEST {
        return weak(
            format!("Mật khẩu có nhiều nhất {LONGEST} ký tự. Hãy rút ngắn."),
            format!("A password has at most {LONGEST} characters. Shorten it."),
        );
    }
    let (squeezed, name) = (squeeze(password), squeeze(username));
    if name.chars().count() >= 4 && squeezed.contains(&name) && squeezed.replace(&name, "").chars().count() < BESIDE_USERNAME {
        return weak(
            "Mật khẩu gần như chỉ là tên đăng nhập. Hãy dùng một câu dài dễ nhớ.".to_owned(),
            "The password is little more than the user name. A long phrase is easy to remember.".to_owned(),
        );
    }
    if is_common(&squeezed) || repeats(&squeezed) || remainder(&squeezed, &name) < REMAINDER {
        return weak(
            "Mật khẩu này quá phổ biến hoặc dễ đoán (từ thông dụng, dãy số, dãy phím, ký tự lặp). Hãy dùng một câu dài dễ nhớ.".to_owned(),
            "The password is common or easy to guess (a usual word, a sequence, repeated characters). A long phrase is easy to remember."
                .to_owned(),
        );
    }
    Ok(())
}

/// Without case, marks and separators: those add nothing for somebody who guesses.
fn squeeze(text: &str) -> String {
    text::fold(text).chars().filter(|c| *c != ' ' && *c != '.').collect()
}

fn is_common(squeezed: &str) -> bool {
    COMMON.split_ascii_whitespace().any(|c| c == squeezed)
}

/// One character, or a group of up to four, again and again.
fn repeats(squeezed: &str) -> bool {
    let all: Vec<char> = squeezed.chars().collect();
    (1..=4).any(|group| all.len() > group && all.iter().skip(group).eq(all.iter().take(all.len() - group)))
}

/// How many characters remain when words, sequences, years and repetitions are taken out.
fn remainder(squeezed: &str, name: &str) -> usize {
    let all: Vec<char> = squeezed.chars().collect();
    let mut rest = all.as_slice();
    let mut count: usize = 0;
    while !rest.is_empty() {
        let known = [word(rest, name), sequence(rest), same(rest), year(rest)].into_iter().max().unwrap_or(0);
        if known == 0 {
            count += 1;
        }
        rest = rest.get(known.max(1)..).unwrap_or_default();
    }
    count
}

fn word(rest: &[char], name: &str) -> usize {
    let own = Some(name).filter(|n| n.len() >= 4);
    let begins = |word: &&str| word.len() <= rest.len() && word.chars().zip(rest).all(|(w, c)| w == *c || w == plain(*c));
    WORDS.split_ascii_whitespace().chain(own).filter(begins).map(|w| w.chars().count()).max().unwrap_or(0)
}

/// The letter that a digit or sign commonly stands for: `p@ssw0rd`.
fn plain(c: char) -> char {
    match c {
        '@' | '4' => 'a',
        '3' => 'e',
        '1' | '!' => 'i',
        '0' => 'o',
        '$' | '5' => 's',
        other => other,
    }
}

/// Length of a run of at least three along the alphabet, the digits or the keyboard, either way.
fn sequence(rest: &[char]) -> usize {
    let longest = |row: &[char]| {
        let run = |start: usize| row.iter().skip(start).zip(rest).take_while(|(a, b)| a == b).count();
        (0..row.len()).map(run).max().unwrap_or(0)
    };
    let runs = ROWS.iter().flat_map(|row| {
        let forward: Vec<char> = row.chars().collect();
        let backward: Vec<char> = row.chars().rev().collect();
        [longest(&forward), longest(&backward)]
    });
    runs.max().filter(|n| *n >= 3).unwrap_or(0)
}

/// Length of a run of one letter or digit (at least three) or sign (at least two).
fn same(rest: &[char]) -> usize {
    let Some(first) = rest.first() else { return 0 };
    let count = rest.iter().take_while(|c| *c == first).count();
    if count >= 3 || (count == 2 && !first.is_alphanumeric()) { count } else { 0 }
}

fn year(rest: &[char]) -> usize {
    match rest {
        ['1', '9', a, b, ..] | ['2', '0', a, b, ..] if a.is_ascii_digit() && b.is_ascii_digit() => 4,
        _ => 0,
    }
}

const ROWS: &[&str] = &[
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "!@#$%^&*()",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
    "qazwsxedcrfvtgbyhnujm",
    "1a2b3c4d5e6f7g8h9i0j",
];

/// Words that passwords are commonly built from, in Vietnamese and English.
const WORDS: &str = "
    admin administrator anhyeuem bacninh baseball binhdang binhdanggioi changeme chucmung congchua default dongnguyen dragon emyeuanh
    football giadinh guest hanhphuc hanoi hdnd hello iloveyou khongbiet letmein login master matkhau monkey mttq password phuong
    princess quantri quantrivien root saigon sunshine superman ubnd user vietnam welcome xinchao yeuanh yeuem";

/// Common passwords of twelve characters or more that are not built from [`WORDS`] and [`ROWS`].
const COMMON: &str = "
    alexandrina1 anhnhoemnhieu battlefield1 bismillah123 blackberry12 bobthebuilder bongdavietnam butterfly123 californication
    callofduty12 charlesdickens chelseafc123 chocolate123 christopher1 cogiaothao123 constantine1 correcthorsebatterystaple
    cristianoronaldo dangcongsan123 demcodon1234 doimatkhau123 enterprise12 everything12 fuckyou12345 harrypotter1 hoahongxanh123
    hochiminh123 imagination1 internet1234 jesuschrist1 jesusislord1 jordan231234 justinbieber khongcomatkhau leonardo1234
    lifeisbeautiful linkinpark12 liverpool123 liverpoolfc1 lovelovelove manchesterunited metallica123 michaeljackson michaeljordan
    microsoft123 motherfucker mothersday12 mustang12345 mynameiskhan myspace12345 newyorkcity1 nguyenvanan1 onedirection philadelphia
    pokemon12345 realmadrid12 scoobydoo123 shadow123456 slipknot1234 spiderman123 spongebob123 starwars1234 test12345678 testtesttest
    thienthan123 thunderbird1 toilanguoivietnam toiyeuvietnam transformers trustno1trustno1 tuilatui1234 unbelievable volleyball12
    washington12 whatever1234 windows12345 yeunhieulam123";

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn secret(text: &str) -> SecretString {
        text.to_owned().into()
    }

    fn accepted(password: &str) -> bool {
        check_strength(password, "lan.nguyen", "/new_password").is_ok()
    }

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let passwords = Passwords::new(2, 4).expect("threads");
        let hash = passwords.hash(secret("Trường học số 7 ở đầu làng")).await.expect("hash");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        let decomposed: String = "Trường học số 7 ở đầu làng".nfd().collect();
        assert!(passwords.verify(secret(&decomposed), Some(hash.clone())).await.expect("verify"));
        assert!(!passwords.verify(secret("Trường học số 8 ở đầu làng"), Some(hash)).await.expect("verify"));
        assert!(passwords.verify(secret("x"), Some("broken".to_owned())).await.is_err());
    }

    #[tokio::test]
    async fn an_unknown_account_is_checked_against_a_real_hash() {
        let parsed = PasswordHash::new(&dummy()).expect("PHC string");
        let (ours, todays) = (Params::try_from(&parsed).expect("parameters"), Params::default());
        assert_eq!((ours.m_cost(), ours.t_cost(), ours.p_cost()), (todays.m_cost(), todays.t_cost(), todays.p_cost()));
        let real = PasswordHash::new(&hash_blocking(&secret("x")).expect("hash")).expect("PHC string");
        let sizes = |h: &PasswordHash| (h.salt.map(|s| s.len()), h.hash.map(|o| o.len()));
        assert_eq!(sizes(&parsed), sizes(&real));
        assert!(!Passwords::new(1, 1).expect("a thread").verify(secret("Correct-Horse-1a2b3c4d"), None).await.expect("verify"));
    }

    #[test]
    fn hashes_are_those_of_the_crate_whatever_the_memory_held() {
        use argon2::{PasswordHasher, PasswordVerifier};
        let (mut memory, password) = (Memory::default(), "Trường học số 7");
        for _ in 0..2 {
            let ours = hashed(&secret(password), &mut memory).expect("hash");
            assert!(Argon2::default().verify_password(password.as_bytes(), ours.as_str()).is_ok(), "{ours}");
            let small = Argon2::from(Params::new(64, 3, 2, Some(24)).expect("parameters"));
            for argon2 in [Argon2::default(), small] {
                let theirs = argon2.hash_password(password.as_bytes()).expect("hash").to_string();
                assert!(fits(&secret(password), &theirs, &mut memory).expect("a check"), "{theirs}");
                assert!(!fits(&secret("Trường học số 8"), &theirs, &mut memory).expect("a check"), "{theirs}");
            }
        }
        assert_eq!(memory.0.len(), Params::default().block_count(), "taken once");
    }

    #[tokio::test]
    async fn a_full_queue_refuses_at_once_and_empties_again() {
        let passwords = Passwords::new(1, 1).expect("a thread");
        let [a, b, c] = ["a", "b", "c"].map(|text| passwords.hash(secret(text)));
        let answers = tokio::join!(a, b, c);
        let answers = [answers.0, answers.1, answers.2];
        assert_eq!(answers.iter().filter(|r| r.is_ok()).count(), 2);
        let refused = answers.into_iter().find_map(std::result::Result::err).expect("one refused").into_problem();
        assert_eq!(refused.code(), codes::SERVER_BUSY);
        assert_eq!(refused.headers(), [("Retry-After", "1".to_owned())]);
        assert!(passwords.hash(secret("d")).await.is_ok());
    }

    #[test]
    fn long_phrases_are_accepted() {
        for good in [
            "Correct-Horse-1a2b3c4d",
            "New-Password-1234",
            "con mèo nằm trên mái ngói",
            "7gT#kq9!xZ2m",
            "}{|:?><~)(*&^",
            "lan.nguyen thích hoa sen",
            &"dài ơi là dài ".repeat(18),
        ] {
            assert!(accepted(good), "{good}");
        }
    }

    #[test]
    fn easy_ones_are_refused() {
        for bad in [
            "",
            "Ab1!Ab2?Ab3",
            "aaaaaaaaaaaa",
            "abababababab",
            "123456789012",
            "210987654321",
            "qwertyuiop[]",
            "1q2w3e4r5t6y",
            "matkhau123456",
            "Mật Khẩu 123456",
            "Matkhau@2026!!",
            "P@ssw0rd12345",
            "Admin-Password-2026",
            "lan.nguyen2026",
            "Lan-Nguyen-Lan-Nguyen-1",
            "TRANSFORMERS",
            "abcabcabcabcabc",
            "            ",
            &"dài ơi là dài ".repeat(20),
        ] {
            let fault = check_strength(bad, "lan.nguyen", "/new_password").expect_err(bad);
            assert_eq!((fault.pointer.as_str(), fault.code), ("/new_password", codes::PASSWORD_WEAK));
        }
    }

    #[test]
    fn the_lists_hold_what_is_compared() {
        for entry in COMMON.split_ascii_whitespace().chain(WORDS.split_ascii_whitespace()) {
            assert_eq!(squeeze(entry), entry);
        }
        for entry in COMMON.split_ascii_whitespace() {
            assert!(entry.len() >= SHORTEST && !accepted(entry), "{entry}");
        }
    }

    proptest! {
        #[test]
        fn any_text_gets_an_answer(password in "\\PC{0,60}", username in "\\PC{0,10}") {
            let _ = check_strength(&password, &username, "");
        }
    }
}
