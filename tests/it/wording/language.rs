//! What of a Vietnamese text is no Vietnamese. A Vietnamese word is one syllable, and a syllable has few forms, so that hardly
//! an English word looks like one.

use unicode_normalization::UnicodeNormalization;

/// Names that a clerk meets as they are: abbreviations of offices and of the trade.
const KNOWN: [&str; 14] = ["ASCII", "HTTP", "HĐND", "IP", "JSON", "MTTQ", "RFC", "SDMX", "UTF", "UUID", "VN", "byte", "header", "web"];

const ONSETS: [&str; 27] = [
    "ngh", "ng", "nh", "gh", "gi", "kh", "ph", "th", "tr", "ch", "qu", "b", "c", "d", "đ", "g", "h", "k", "l", "m", "n", "p", "r", "s",
    "t", "v", "x",
];
const VOWELS: &str = "aăâeêioôơuưy";
const CODAS: [&str; 9] = ["", "ng", "nh", "ch", "c", "m", "n", "p", "t"];

fn is_syllable(word: &str) -> bool {
    let small = word.to_lowercase();
    let toneless = small.nfd().filter(|c| !matches!(c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}'));
    let plain: String = toneless.nfc().collect();
    let rhyme = |rest: &str| {
        let coda = rest.trim_start_matches(|c| VOWELS.contains(c));
        let vowels = rest.chars().count() - coda.chars().count();
        (1..=3).contains(&vowels) && CODAS.contains(&coda)
    };
    // A letter of a list: "đ)".
    plain == "đ" || rhyme(&plain) || ONSETS.iter().any(|onset| plain.strip_prefix(onset).is_some_and(rhyme))
}

/// The words of a Vietnamese text that are none. What stands in «…» is written so by clients, what stands in {…} is filled in.
pub fn foreign(text: &str) -> Vec<String> {
    let mut plain = String::new();
    let mut depth = 0_u32;
    for c in text.chars() {
        match c {
            '«' | '{' => depth += 1,
            '»' | '}' => depth = depth.saturating_sub(1),
            c if depth == 0 => plain.push(c),
            _ => {}
        }
        if matches!(c, '»' | '}') {
            plain.push(' ');
        }
    }
    let words = plain.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| w.chars().next().is_some_and(char::is_alphabetic));
    let code = |word: &str| word.chars().any(|c| c.is_ascii_digit());
    let known = |word: &str| KNOWN.iter().any(|known| known.eq_ignore_ascii_case(word));
    words.filter(|word| !code(word) && !known(word) && !is_syllable(word)).map(str::to_owned).collect()
}

fn is_vietnamese(text: &str) -> bool {
    text.chars().any(|c| c.is_alphabetic() && (('\u{c0}'..='\u{1b0}').contains(&c) || ('\u{1ea0}'..='\u{1ef9}').contains(&c)))
}

/// The Vietnamese string literals of a source, those in attributes and comments apart.
pub fn texts(code: &str) -> Vec<String> {
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    let mut rest = lines.as_str();
    while let Some(at) = rest.find(['"', '#', '\'']) {
        rest = match &rest[at..] {
            attribute if attribute.starts_with("#[") => after_attribute(attribute),
            quoted if quoted.starts_with('"') => {
                let (literal, after) = literal(quoted);
                if is_vietnamese(&literal) && !after.trim_start().starts_with(':') {
                    found.push(literal);
                }
                after
            }
            character if character.starts_with("'\"'") => &character[3..],
            character if character.starts_with("'#'") => &character[3..],
            other => &other[other.chars().next().map_or(0, char::len_utf8)..],
        };
    }
    found
}

/// A string literal without its quotation marks, and what follows it.
fn literal(quoted: &str) -> (String, &str) {
    let mut escaped = false;
    for (at, c) in quoted.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return (quoted[1..at].to_owned(), &quoted[at + 1..]),
            _ => {}
        }
    }
    (String::new(), "")
}

fn after_attribute(attribute: &str) -> &str {
    let (mut depth, mut rest) = (0_u32, &attribute[1..]);
    while let Some(at) = rest.find(['[', ']', '"']) {
        match &rest[at..=at] {
            "[" => depth += 1,
            "]" if depth == 1 => return &rest[at + 1..],
            "]" => depth -= 1,
            _ => {
                rest = literal(&rest[at..]).1;
                continue;
            }
        }
        rest = &rest[at + 1..];
    }
    ""
}

#[test]
fn english_is_told_from_vietnamese() {
    assert!(
        foreign("Báo cáo đang được trả lại nên không gửi được; giá trị «draft» và {name} không tính, U5 và 3.2a cũng không.").is_empty()
    );
    assert_eq!(foreign("Báo cáo ở trạng thái draft, còn reports: 2, hãy xem field"), ["draft", "reports", "field"]);
    let code = "#[schema(example = \"Một ví dụ sample\")]\n// \"Lời bình comment\"\nlet a = (\"Chữ thật\", 'x', \"plain\"); json!({\"tên\": \"nữ \\\"x\\\"\"})";
    assert_eq!(texts(code), ["Chữ thật", "nữ \\\"x\\\""]);
}
