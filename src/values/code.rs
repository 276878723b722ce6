//! Codes: the short names by which the plan's items are known (`G3`, `3.2a`, `U5`, `S3.2`).

/// The form of every code: ASCII, so that it can stand in an address, at most 64 characters.
pub const PATTERN: &str = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$";

/// A text whose byte order is the plan's order: `U7.2` comes before `U7.10`. Runs of digits are padded.
#[must_use]
pub fn natural_key(code: &str) -> String {
    let mut key = String::with_capacity(code.len() + 16);
    let mut digits = String::new();
    for c in code.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        flush(&mut key, &mut digits);
        key.push(c.to_ascii_lowercase());
    }
    flush(&mut key, &mut digits);
    key
}

fn flush(key: &mut String, digits: &mut String) {
    if !digits.is_empty() {
        key.push_str(&format!("{digits:0>9}"));
        digits.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::natural_key;

    #[test]
    fn numbers_in_codes_count_as_numbers() {
        let mut codes = ["U7.10", "U10", "U7.2", "U7", "3.2b", "3.2a", "10.1"];
        codes.sort_by_key(|c| natural_key(c));
        assert_eq!(codes, ["3.2a", "3.2b", "10.1", "U7", "U7.2", "U7.10", "U10"]);
    }
}
