//! A key with what is held down beside it.

/// A combination of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// Ctrl, or the command key where there is one.
    pub ctrl: bool,
    pub alt: bool,
    /// Only counts for keys that do not change with it: Shift and `/` is `?` on one keyboard and another key elsewhere.
    pub shift: bool,
    /// As the browser names it, letters in lower case.
    pub key: String,
}

impl Keys {
    /// Reads "Ctrl Shift Enter": the names held down, then the key.
    pub fn read(text: &str) -> Self {
        let mut keys = Self {
            ctrl: false,
            alt: false,
            shift: false,
            key: String::new(),
        };
        for word in text.split_whitespace() {
            match word {
                "Ctrl" => keys.ctrl = true,
                "Alt" => keys.alt = true,
                "Shift" => keys.shift = true,
                "Space" => " ".clone_into(&mut keys.key),
                key => keys.key = key.to_lowercase(),
            }
        }
        keys
    }

    /// What a keyboard event says was pressed.
    pub fn pressed(key: &str, ctrl: bool, alt: bool, shift: bool) -> Self {
        let is_sign =
            key.chars().count() == 1 && !key.chars().all(|key| key.is_alphabetic() || key == ' ');
        Self {
            ctrl,
            alt,
            shift: shift && !is_sign,
            key: key.to_lowercase(),
        }
    }

    /// What stands on the keys, for people.
    pub fn names(&self, command: bool) -> Vec<String> {
        let held = [
            (self.ctrl, if command { "⌘" } else { "Ctrl" }),
            (self.alt, "Alt"),
            (self.shift, "Shift"),
        ];
        let mut names: Vec<String> = held
            .into_iter()
            .filter(|(held, _)| *held)
            .map(|(_, name)| name.to_owned())
            .collect();
        names.push(match self.key.as_str() {
            " " => "Space".to_owned(),
            "arrowleft" => "←".to_owned(),
            "arrowright" => "→".to_owned(),
            "arrowup" => "↑".to_owned(),
            "arrowdown" => "↓".to_owned(),
            "escape" => "Esc".to_owned(),
            key => {
                let mut letters = key.chars();
                letters
                    .next()
                    .map(|first| first.to_uppercase().chain(letters).collect())
                    .unwrap_or_default()
            }
        });
        names
    }
}

#[cfg(test)]
mod tests {
    use super::Keys;

    #[test]
    fn what_is_written_is_what_is_pressed() {
        let cases = [
            ("Ctrl Enter", ("Enter", true, false, false), true),
            ("Ctrl Enter", ("Enter", false, false, false), false),
            ("A", ("a", false, false, false), true),
            ("A", ("A", false, false, true), false),
            ("Shift A", ("A", false, false, true), true),
            ("?", ("?", false, false, true), true),
            ("Ctrl Shift Z", ("Z", true, false, true), true),
            ("Space", (" ", false, false, false), true),
        ];
        for (written, (key, ctrl, alt, shift), same) in cases {
            assert_eq!(
                Keys::read(written) == Keys::pressed(key, ctrl, alt, shift),
                same,
                "{written} and {key}"
            );
        }
    }

    #[test]
    fn names_are_those_on_the_keyboard() {
        let cases = [
            ("Ctrl Enter", "Ctrl Enter"),
            ("ArrowLeft", "←"),
            ("Shift a", "Shift A"),
            ("Delete", "Delete"),
        ];
        for (written, names) in cases {
            assert_eq!(Keys::read(written).names(false).join(" "), names);
        }
    }
}
