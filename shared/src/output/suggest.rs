//! What somebody meant who wrote a path as other languages have it.

use super::display::Name;
use super::parse::parse_plain;

/// Longer texts are no slip of the pen.
const LONGEST: usize = 500;

/// Between names elsewhere; in JSON Pointer it is a slash.
const STEPS: [&str; 5] = ["?.", "->", "::", ".", "^"];

/// A path that parses and says what `text` seems to mean.
pub(super) fn suggest(root: &str, text: &str) -> Option<String> {
    if text.len() > LONGEST {
        return None;
    }
    let suggestion = translate(root, text.trim())?;
    if suggestion == text || parse_plain(root, &suggestion).ok()?.segments().is_empty() {
        return None;
    }
    Some(suggestion)
}

/// The text with its word at `start` replaced by the nearest of `words`.
pub(super) fn suggest_part(text: &str, start: usize, words: &[&str]) -> Option<String> {
    if text.len() > LONGEST {
        return None;
    }
    let (before, rest) = text.split_at_checked(start)?;
    let end = rest.find(['[', '!', '.', '^']).unwrap_or(rest.len());
    let (written, after) = rest.split_at(end);
    let written = written.to_lowercase();
    let nearest = words
        .iter()
        .map(|word| (strsim::osa_distance(word, &written), word))
        .filter(|(distance, word)| *distance <= 2 || written.starts_with(**word))
        .min_by_key(|(distance, _)| *distance)?;
    Some(format!("{before}{}{after}", nearest.1))
}

/// Reads `JSONPath`, JavaScript, `JMESPath` and JSON Pointer, as far as they say what a
/// path can say too.
fn translate(root: &str, text: &str) -> Option<String> {
    let mut rest = without_root(root, text);
    // Something beside a body, or a slip of it.
    if rest.split(['.', '^', '[']).next()?.contains('@') {
        return None;
    }
    let mut path = Name::child(root).to_string();
    let pointer = rest.starts_with('/');
    let steps: &[&str] = if pointer { &["/"] } else { &STEPS };
    // The first name may stand without a step before it.
    let mut stepped = !rest.starts_with(['!', '[']);
    while !rest.is_empty() {
        if rest == "!" {
            path.push('!');
            return Some(path);
        }
        if let Some(after) = steps.iter().find_map(|step| rest.strip_prefix(step)) {
            rest = after;
            stepped = true;
        }
        if let Some(bracket) = rest.strip_prefix('[').filter(|_| !pointer) {
            let (content, after) = bracket_content(bracket)?;
            path.push_str(&translate_bracket(content)?);
            rest = after;
            stepped = rest.starts_with(char::is_alphanumeric);
        } else if stepped {
            let (name, after) = rest.split_at(name_end(rest, steps));
            path.push_str(&translate_name(name)?);
            rest = after;
            stepped = false;
        } else {
            return None;
        }
    }
    Some(path)
}

/// Where a name ends: at a step, a bracket, or the mark at the end.
fn name_end(text: &str, steps: &[&str]) -> usize {
    let pointer = steps == ["/"];
    text.char_indices()
        .map(|(at, _)| at)
        .find(|at| {
            let rest = text.get(*at..).unwrap_or_default();
            steps.iter().any(|step| rest.starts_with(step))
                || !pointer && (rest.starts_with('[') || rest == "!")
        })
        .unwrap_or(text.len())
}

fn translate_name(name: &str) -> Option<String> {
    match name {
        "" => None,
        "*" => Some("[*]".to_owned()),
        index if index.bytes().all(|byte| byte.is_ascii_digit()) => Some(format!("[{index}]")),
        name => Some(format!("^{}", Name::child(name))),
    }
}

fn without_root<'t>(root: &str, text: &'t str) -> &'t str {
    if let Some(rest) = text.strip_prefix('$') {
        return rest;
    }
    let end = text
        .find(|next: char| !next.is_alphanumeric() && next != '_' && next != ' ')
        .unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let (word, root) = (word.to_lowercase(), root.to_lowercase());
    // `respone` is a slip, and `is` is no other word for `id`.
    let slips = if root.chars().count() > 4 { 2 } else { 0 };
    if strsim::osa_distance(&word, &root) <= slips {
        rest
    } else {
        text
    }
}

/// What stands up to the bracket's end, quotes minded, and what follows it.
fn bracket_content(text: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (None, ']') => return Some((text.get(..at)?, text.get(at + 1..)?)),
            (None, '"' | '\'' | '`') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            _ => {}
        }
    }
    None
}

fn translate_bracket(content: &str) -> Option<String> {
    let content = content.trim();
    if content == "*" || content.is_empty() {
        return Some("[*]".to_owned());
    }
    for quote in ['\'', '"'] {
        if let Some(name) = content
            .strip_prefix(quote)
            .and_then(|rest| rest.strip_suffix(quote))
        {
            return (!name.is_empty()).then(|| format!("^{}", Name::child(name)));
        }
    }
    let digits = content.strip_prefix('-').unwrap_or(content);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(if digits.bytes().all(|byte| byte == b'0') {
            "[0]".to_owned()
        } else {
            format!("[{content}]")
        });
    }
    let word = |next: char| next.is_alphanumeric() || next == '_';
    if content.chars().all(word) {
        return Some(format!("^{content}"));
    }
    let Some(test) = content.strip_prefix('?') else {
        return Some(format!("[{content}]"));
    };
    // JSONPath's [?(@.id == 7 && @.a == 'x')] and JMESPath's [?id == `7`], which take
    // every element that passes.
    let test = test.trim();
    let test = test
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
        .unwrap_or(test);
    let tests: Option<Vec<String>> = test.split("&&").map(translate_test).collect();
    Some(format!("[*{}]", tests?.join("&")))
}

fn translate_test(test: &str) -> Option<String> {
    let operator = test.find(['=', '!', '<', '>'])?;
    let (property, rest) = test.split_at(operator);
    let value = rest.trim_start_matches(['=', '!', '<', '>']);
    let operator = match rest.get(..rest.len() - value.len())? {
        "==" | "===" => "=",
        "!==" => "!=",
        other => other,
    };
    let property = property.trim();
    let property = property.strip_prefix("@.").unwrap_or(property);
    let names: Vec<String> = property
        .split('.')
        .map(|name| Name::in_test(name).to_string())
        .collect();
    let value = value.trim();
    // In backquotes JMESPath has JSON, in quotes it has text.
    let value = value
        .strip_prefix('`')
        .and_then(|rest| rest.strip_suffix('`'))
        .map_or_else(|| value.replace('\'', "\""), ToOwned::to_owned);
    Some(format!("{}{operator}{value}", names.join("^")))
}
