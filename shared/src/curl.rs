//! A request that was sent, as a command for `curl` in a POSIX shell.
//!
//! What is masked becomes a variable of the shell, named after where it stands: whoever runs the
//! command sets it first.

use std::fmt::Write as _;

use crate::engine::SentRequest;
use crate::mask::MASK;

/// The command, an option a line. Secrets stand as `"$TOKEN"` and the like.
pub fn curl(request: &SentRequest) -> String {
    let body = request.body.as_deref().unwrap_or_default();
    let mut command = String::from("curl");
    match request.method.as_str() {
        "GET" if body.is_empty() => {}
        // Asked for by its name, curl would wait for a body that does not come.
        "HEAD" => command.push_str(" --head"),
        method => {
            command.push_str(" --request ");
            command.push_str(&word(method, |_| "METHOD".to_owned()));
        }
    }
    if request.url.contains(['[', ']', '{', '}']) {
        // They would be a pattern of several addresses.
        command.push_str(" --globoff");
    }
    command.push(' ');
    command.push_str(&word(&request.url, |before| variable(parameter(before))));
    for (name, value) in &request.headers {
        // A header that ends with its colon would be left out.
        let header = if value.is_empty() {
            format!("{name};")
        } else {
            format!("{name}: {value}")
        };
        command.push_str(" \\\n  --header ");
        command.push_str(&word(&header, |_| variable(name)));
    }
    if !body.is_empty() {
        command.push_str(" \\\n  --data-raw ");
        command.push_str(&word(body, |_| "SECRET".to_owned()));
    }
    command
}

/// The query parameter in whose value an address breaks off; nothing where that is none.
fn parameter(before: &str) -> &str {
    let query = before.split_once('?').map_or("", |(_, query)| query);
    let pair = query.rsplit('&').next().unwrap_or_default();
    pair.split('=').next().unwrap_or_default()
}

/// The name of the shell's variable for a secret that stands under this name.
fn variable(name: &str) -> String {
    if name.eq_ignore_ascii_case("authorization") {
        return "TOKEN".to_owned();
    }
    if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return "SECRET".to_owned();
    }
    name.chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect::<String>()
        .to_ascii_uppercase()
}

/// A text as one word of a POSIX shell. `secret` names the variable for a mask from what stands before it.
fn word(text: &str, secret: impl Fn(&str) -> String) -> String {
    let mut word = String::new();
    let mut at = 0;
    for (start, mask) in text.match_indices(MASK) {
        let before = text.get(..start).unwrap_or_default();
        quote(&mut word, text.get(at..start).unwrap_or_default());
        // Writing to a string cannot fail.
        let _ = write!(word, "\"${{{}}}\"", secret(before));
        at = start + mask.len();
    }
    let rest = text.get(at..).unwrap_or_default();
    if word.is_empty() && rest.is_empty() {
        return "''".to_owned();
    }
    quote(&mut word, rest);
    word
}

fn quote(word: &mut String, text: &str) {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':');
    if text.chars().all(is_plain) {
        word.push_str(text);
        return;
    }
    word.push('\'');
    // A word of a shell cannot hold a NUL.
    for c in text.chars().filter(|c| *c != '\0') {
        match c {
            '\'' => word.push_str(r"'\''"),
            c => word.push(c),
        }
    }
    word.push('\'');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> SentRequest {
        SentRequest {
            method: method.to_owned(),
            url: url.to_owned(),
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            body: body.map(str::to_owned),
        }
    }

    #[test]
    fn a_command_says_what_was_sent_and_names_its_secrets() {
        for (request, command) in [
            (
                request("GET", "https://a.example/b", &[], None),
                "curl https://a.example/b",
            ),
            (
                request(
                    "GET",
                    "https://a.example/?q=1&api_key=••••••&x=2",
                    &[],
                    None,
                ),
                "curl 'https://a.example/?q=1&api_key='\"${API_KEY}\"'&x=2'",
            ),
            (
                request(
                    "HEAD",
                    "https://a.example/••••••/x",
                    &[("X-Empty", "")],
                    None,
                ),
                "curl --head https://a.example/\"${SECRET}\"/x \\\n  --header 'X-Empty;'",
            ),
            (
                request("GET", "https://a.example/", &[], Some("{}")),
                "curl --request GET https://a.example/ \\\n  --data-raw '{}'",
            ),
            (
                request(
                    "POST",
                    "https://a.example/?ids[]=1",
                    &[("Authorization", "Bearer ••••••"), ("X-Api-Key", "••••••")],
                    Some(r#"{"it's": "••••••"}"#),
                ),
                "curl --request POST --globoff 'https://a.example/?ids[]=1' \\\n  --header 'Authorization: Bearer '\"${TOKEN}\" \\\n  --header 'X-Api-Key: '\"${X_API_KEY}\" \\\n  --data-raw '{\"it'\\''s\": \"'\"${SECRET}\"'\"}'",
            ),
            (
                request(
                    "DELETE",
                    "https://a.example/",
                    &[("1-Key", "••••••")],
                    Some(""),
                ),
                "curl --request DELETE https://a.example/ \\\n  --header '1-Key: '\"${SECRET}\"",
            ),
        ] {
            assert_eq!(curl(&request), command);
        }
    }
}
