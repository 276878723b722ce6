//! The words of a ward clerk: how texts in both languages are put together, and what members, values, and whatever refers
//! to a resource are called. What a client must write stands in «…», or in brackets behind its name.

use super::Language;
use super::vocabulary::{CHOICES, FORMS, MEMBERS, REFERRERS};
use crate::values::text::Bilingual;

/// A text in both languages of the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Vietnamese, the default.
    pub vi: String,
    /// English.
    pub en: String,
}

/// A text in both languages.
pub fn said(vi: impl Into<String>, en: impl Into<String>) -> Said {
    Said { vi: vi.into(), en: en.into() }
}

/// Something's name in both languages, as a table has it.
pub type Called = (&'static str, &'static str);

impl Said {
    /// The text in one language.
    #[must_use]
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Vi => &self.vi,
            Language::En => &self.en,
        }
    }

    /// This sentence and another one.
    #[must_use]
    pub fn and(self, next: &Self) -> Self {
        said(format!("{} {}", self.vi, next.vi), format!("{} {}", self.en, next.en))
    }

    /// The same in brackets, behind a blank; nothing of an empty text.
    #[must_use]
    pub fn bracketed(&self) -> Self {
        let bracket = |text: &str| if text.is_empty() { String::new() } else { format!(" ({text})") };
        said(bracket(&self.vi), bracket(&self.en))
    }
}

/// A name as people gave it: where there is no English one, the Vietnamese one.
impl From<&Bilingual> for Said {
    fn from(name: &Bilingual) -> Self {
        said(name.vi.clone(), name.en.clone().unwrap_or_else(|| name.vi.clone()))
    }
}

impl From<Called> for Said {
    fn from((vi, en): Called) -> Self {
        said(vi, en)
    }
}

/// How many things a sentence names before it says that there are more.
const MOST: usize = 30;

/// Things one after the other.
pub fn listed(things: impl IntoIterator<Item = Said>) -> Said {
    let (mut vi, mut en): (Vec<String>, Vec<String>) = things.into_iter().take(MOST + 1).map(|it| (it.vi, it.en)).unzip();
    for words in [&mut vi, &mut en] {
        if words.len() > MOST {
            words.truncate(MOST);
            words.push("…".to_owned());
        }
    }
    said(vi.join(", "), en.join(", "))
}

/// Things of which one will do.
pub fn either(things: impl IntoIterator<Item = Said>) -> Said {
    let (vi, en): (Vec<String>, Vec<String>) = things.into_iter().map(|it| (it.vi, it.en)).unzip();
    let join = |words: &[String], or: &str| match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} {or} {last}", rest.join(", ")),
        _ => words.concat(),
    };
    said(join(&vi, "hoặc"), join(&en, "or"))
}

/// Names that are the same in both languages: codes, labels.
pub fn codes<'a>(names: impl IntoIterator<Item = &'a str>) -> Said {
    listed(names.into_iter().map(|name| said(name, name)))
}

/// A value that a client may write, with its meaning.
#[must_use]
pub fn value(written: &str, meaning: &Said) -> Said {
    let meaning = meaning.bracketed();
    said(format!("«{written}»{}", meaning.vi), format!("'{written}'{}", meaning.en))
}

/// A number as it is written on paper: with a comma in Vietnamese.
pub fn number(number: impl std::fmt::Display) -> Said {
    let en = number.to_string();
    said(en.replace('.', ","), en)
}

/// Who takes the step that would help: the caller himself, or whom he has to ask.
#[derive(Debug, Clone, Copy)]
pub struct Helper {
    /// Whether the caller can do it.
    pub himself: bool,
    /// What the one who can is called.
    pub called: Called,
}

impl Helper {
    /// The advice to do it, or to ask for it; `en` begins with the verb.
    #[must_use]
    pub fn please(&self, vi: &str, en: &str) -> Said {
        if self.himself {
            return said(format!("Hãy {vi}."), format!("{}.", capital(en)));
        }
        let (who_vi, who_en) = self.called;
        said(format!("Hãy đề nghị {who_vi} {vi}."), format!("Ask the {who_en} to {en}."))
    }
}

/// Why a step is not possible: what is in which state, what was asked for, and what can be done in that state.
#[must_use]
pub fn not_now(what: Called, state: Called, step: Called, allowed: &[Said]) -> Said {
    let refused = said(
        format!("{} {} nên không {} được.", what.0, state.0, step.0),
        format!("{} {}, so it is not possible to {} it.", what.1, state.1, step.1),
    );
    if allowed.is_empty() {
        return refused;
    }
    let now = either(allowed.iter().cloned());
    refused.and(&said(format!("Bây giờ có thể {}.", now.vi), format!("What can be done now: {}.", now.en)))
}

/// What refers to a resource, with how many there are.
#[must_use]
pub fn counted(kind: &str, count: i64) -> Said {
    let (vi, en) = REFERRERS.iter().find(|(name, _)| *name == kind).map_or((kind, kind), |(_, called)| *called);
    let s = if count == 1 { "" } else { "s" };
    said(format!("{count} {vi}"), format!("{count} {en}{s}"))
}

/// The place that a pointer names: the member, and which line of its list it stands in.
#[must_use]
pub fn place(pointer: &str) -> Said {
    let parts: Vec<&str> = pointer.split('/').skip(1).collect();
    let line = parts.iter().rev().find_map(|part| part.parse::<usize>().ok()).map(|at| at + 1);
    let named =
        parts.iter().rev().find(|part| part.parse::<usize>().is_err()).map_or_else(|| said("nội dung", "the body"), |name| member(name));
    let Some(line) = line else { return said(capital(&named.vi), named.en) };
    said(format!("{}, dòng {line}", capital(&named.vi)), format!("{}, line {line}", named.en))
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// The form that a text must have.
#[must_use]
pub fn form(pattern: &str) -> Said {
    match FORMS.iter().find(|(known, _)| *known == pattern) {
        Some((_, called)) => Said::from(*called),
        None => said(format!("Phải theo dạng «{pattern}»."), format!("Must have the form {pattern}.")),
    }
}

/// A member of a body or a query by the name that a clerk knows, with the one that a client writes.
#[must_use]
pub fn member(name: &str) -> Said {
    match MEMBERS.iter().find(|(known, _)| *known == name) {
        Some((_, vi)) => said(format!("{vi} («{name}»)"), name),
        None => said(format!("mục «{name}»"), name),
    }
}

/// A value that may be chosen, with its meaning where there is one to tell.
#[must_use]
pub fn choice(written: &str) -> Said {
    let meaning = CHOICES.iter().find(|(known, _)| *known == written).map_or("", |(_, vi)| *vi);
    said(format!("«{written}»{}", said(meaning, "").bracketed().vi), written)
}
