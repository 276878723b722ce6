//! Vietnamese text: one composed form in the database, one folded form for searching.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

/// A text in Vietnamese, which is authoritative, and in English, which is a courtesy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"vi": "Trạm y tế phường", "en": "Ward Health Station"}))]
pub struct Bilingual {
    /// The Vietnamese text.
    #[schema(min_length = 1, max_length = 8000)]
    pub vi: String,
    /// The English text, if there is one.
    #[schema(required = false, min_length = 1, max_length = 8000)]
    pub en: Option<String>,
}

impl Bilingual {
    /// A text with both languages.
    #[must_use]
    pub fn new(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { vi: vi.into(), en: Some(en.into()) }
    }
}

/// A longer text in Vietnamese and in English, such as a note or a definition: it may have line breaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(from = "StoredProse", deny_unknown_fields)]
#[schema(example = json!({"vi": "Kế hoạch không nêu năm của số gốc.", "en": "The plan gives no year for the baseline."}))]
pub struct Prose {
    /// The Vietnamese text.
    #[schema(min_length = 1, max_length = 8000, extensions(("x-multiline" = json!(true))))]
    pub vi: String,
    /// The English text, if there is one.
    #[schema(required = false, min_length = 1, max_length = 8000, extensions(("x-multiline" = json!(true))))]
    pub en: Option<String>,
}

/// What stands for a [`Prose`] in the database and in frozen definitions. A plain text was stored when such texts had one
/// language only; a body that has one is refused before, by the document.
#[derive(Deserialize)]
#[serde(untagged)]
enum StoredProse {
    Vietnamese(String),
    Both(Bilingual),
}

impl From<StoredProse> for Prose {
    fn from(stored: StoredProse) -> Self {
        match stored {
            StoredProse::Vietnamese(vi) => Self { vi, en: None },
            StoredProse::Both(Bilingual { vi, en }) => Self { vi, en },
        }
    }
}

impl Prose {
    /// A text with both languages.
    #[must_use]
    pub fn new(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { vi: vi.into(), en: Some(en.into()) }
    }

    /// The text of two columns, of which the first is null if there is none.
    #[must_use]
    pub fn of_columns(vi: Option<String>, en: Option<String>) -> Option<Self> {
        vi.map(|vi| Self { vi, en })
    }

    /// What the two columns of a text hold.
    #[must_use]
    pub fn columns(text: Option<&Self>) -> (Option<String>, Option<String>) {
        text.map_or((None, None), |text| (Some(text.vi.clone()), text.en.clone()))
    }
}

/// The form that is stored: NFC and without white space at either end. macOS and some editors send decomposed
/// Vietnamese, which would otherwise differ from the same word typed elsewhere.
#[must_use]
pub fn normalise(text: &str) -> String {
    text.nfc().collect::<String>().trim().to_owned()
}

/// The form that is searched: no case, no marks, `đ` as `d`, dashes and underscores as blanks. It makes `hoá` and
/// `hóa` equal, since only the place of a mark differs.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfd() {
        match c {
            '\u{0300}'..='\u{036f}' => {}
            'đ' | 'Đ' | 'Ð' | 'ð' | 'Ɖ' | 'ɖ' => folded.push('d'),
            '-' | '–' | '—' | '‑' | '_' => push_blank(&mut folded),
            c if c.is_whitespace() => push_blank(&mut folded),
            c => folded.extend(c.to_lowercase()),
        }
    }
    folded.trim_end().to_owned()
}

fn push_blank(folded: &mut String) {
    if !folded.is_empty() && !folded.ends_with(' ') {
        folded.push(' ');
    }
}

/// The search column of a row: every text that `q` looks at, folded, one a line.
#[must_use]
pub fn fold_all<'a>(texts: impl IntoIterator<Item = Option<&'a str>>) -> String {
    texts.into_iter().flatten().map(fold).collect::<Vec<_>>().join("\n")
}

/// The text of both languages for [`fold_all`].
#[must_use]
pub fn both(text: &Bilingual) -> [Option<&str>; 2] {
    [Some(text.vi.as_str()), text.en.as_deref()]
}

/// A `LIKE` pattern (escape character `\`) that finds the folded text anywhere.
#[must_use]
pub fn like_pattern(text: &str) -> String {
    let folded = fold(text).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{folded}%")
}

/// Whether a character may never stand in an input text; `prose` allows line breaks and tabs.
#[must_use]
pub fn is_forbidden(c: char, prose: bool) -> bool {
    c.is_control() && !(prose && matches!(c, '\n' | '\r' | '\t'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn folding_finds_what_a_clerk_types() {
        assert_eq!(fold("Bình đẳng giới"), "binh dang gioi");
        assert_eq!(fold("Phòng Văn hoá-Xã hội"), fold("phòng văn hóa – xã hội"));
        assert_eq!(fold("Uỷ ban"), fold("Ủy  ban"));
        assert_eq!(fold("ĐÀO TẠO"), "dao tao");
    }

    #[test]
    fn normalising_composes_and_trims() {
        assert_eq!(normalise("  Tru\u{031b}\u{01a1}\u{0300}ng "), normalise("Tru\u{031b}ờng"));
    }

    #[test]
    fn like_patterns_escape_their_wildcards() {
        assert_eq!(like_pattern("100% a\\b"), "%100\\% a\\\\b%");
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,40}") {
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }

        #[test]
        fn composed_and_decomposed_fold_alike(text in "[a-zA-Zàảãáạăằđêếôộơớưứỷ ]{0,30}") {
            let decomposed: String = text.nfd().collect();
            prop_assert_eq!(fold(&decomposed), fold(&text));
        }
    }
}
