/// Turns bytes that arrive in pieces into text, never cutting a character.
#[derive(Clone, Debug, Default)]
pub struct Utf8Stream {
    pending: Vec<u8>,
}

impl Utf8Stream {
    /// The text that is complete with these bytes. What can never become a character is shown as
    /// U+FFFD.
    pub fn push(&mut self, bytes: &[u8]) -> String {
        self.pending.extend_from_slice(bytes);
        let mut text = String::new();
        loop {
            match std::str::from_utf8(&self.pending) {
                Ok(valid) => {
                    text.push_str(valid);
                    self.pending.clear();
                    return text;
                }
                Err(error) => {
                    let (valid, rest) = self.pending.split_at(error.valid_up_to());
                    text.push_str(&String::from_utf8_lossy(valid));
                    match error.error_len() {
                        Some(bad) => {
                            text.push(char::REPLACEMENT_CHARACTER);
                            self.pending = rest[bad..].to_vec();
                        }
                        None => {
                            self.pending = rest.to_vec();
                            return text;
                        }
                    }
                }
            }
        }
    }

    /// Forgets an unfinished character.
    pub fn reset(&mut self) {
        self.pending.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_whole_wherever_the_bytes_are_cut() {
        let text = "ä 椅子 🪑 é.";
        for size in 1..=5 {
            let mut stream = Utf8Stream::default();
            let pieces: Vec<String> =
                text.as_bytes().chunks(size).map(|piece| stream.push(piece)).collect();
            assert_eq!(pieces.concat(), text);
            assert!(!pieces.concat().contains(char::REPLACEMENT_CHARACTER));
        }
    }

    #[test]
    fn what_is_no_text_is_marked() {
        let mut stream = Utf8Stream::default();
        assert_eq!(stream.push(b"a\xffb"), "a\u{fffd}b");
        assert_eq!(stream.push(b"\xe6\xa4"), "");
        assert_eq!(stream.push(b"c"), "\u{fffd}c");
    }
}
