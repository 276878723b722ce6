//! The demonstration: what happens in two made-up years of phường Đồng Nguyên and its province, told through the rooms' own functions in
//! the names of made-up accounts, so that every rule of the service holds for it too. Everything says that it is made up.
//!
//! Nothing of it lies in the future: where the story runs ahead of the clock, it is told as if it had happened just now.

mod cast;
mod play;
mod stage;
mod story;
mod turns;

pub use cast::{Held, PASSWORD, Person};

use crate::actor::Actor;
use crate::app_state::AppState;
use crate::problem::Result;
use crate::values::clock::UtcTime;
use secrecy::SecretString;
use std::sync::Arc;

/// By what every text that belongs to the demonstration is known.
const MARK: &str = "Số liệu minh hoạ (made up).";
/// How many events of the story are written at once.
const AT_ONCE: usize = 12;

/// What the one who looks at it needs to know.
pub struct Demo {
    /// The people who can sign in, each with [`PASSWORD`].
    pub people: Vec<&'static Person>,
    /// The id and the secret of the province's machine.
    pub machine: (String, SecretString),
}

/// Fills an empty installation as of `now`. `told` is called again and again with how much of how much is done.
///
/// # Errors
/// If the database fails or a rule refuses something of the story.
pub async fn make(app: &AppState, now: UtcTime, mut told: impl FnMut(usize, usize)) -> Result<Demo> {
    let story = story::read(now)?;
    let whole = story.events.len();
    told(0, whole);
    let actor = Actor::system(&app.config, "demo").at(story.begins);
    let setting = actor.clone();
    let stage = app.db.write(move |c| stage::set(c, &setting)).await?;
    let machine = stage.machine.clone();
    let stage = Arc::new(stage);
    let mut done = 0;
    for events in story.events.chunks(AT_ONCE) {
        let (actor, secrets, stage, events) = (actor.clone(), app.auth.secrets.clone(), stage.clone(), events.to_vec());
        done += events.len();
        app.db.write(move |c| events.iter().try_for_each(|event| play::perform(c, &actor, &secrets, &stage, event))).await?;
        told(done, whole);
    }
    Ok(Demo { people: cast::PEOPLE.iter().collect(), machine })
}
