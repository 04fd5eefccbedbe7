//! What somebody meant who wrote a path as other languages have it.

use super::display::Name;
use super::parse::parse_plain;

/// Longer texts are no slip of the pen.
const LONGEST: usize = 500;

/// A path that parses and says what `text` seems to mean.
pub(super) fn suggest(root: &str, text: &str) -> Option<String> {
    if text.len() > LONGEST {
        return None;
    }
    let suggestion = translate(root, text.trim())?;
    if suggestion == text || suggestion == root {
        return None;
    }
    parse_plain(root, &suggestion).ok()?;
    Some(suggestion)
}

/// Reads `JSONPath`, JavaScript, `JMESPath` and JSON Pointer, as far as they say what a
/// path can say too.
fn translate(root: &str, text: &str) -> Option<String> {
    let mut rest = without_root(root, text);
    let mut path = Name::child(root).to_string();
    let pointer = rest.starts_with('/');
    while !rest.is_empty() {
        if rest == "!" {
            path.push('!');
            break;
        }
        let after_step = if pointer {
            rest.strip_prefix('/')
        } else {
            ["?.", "->", "..^", ".", "^"]
                .into_iter()
                .find_map(|step| rest.strip_prefix(step))
        };
        if let Some(bracket) = rest.strip_prefix('[').or(match after_step {
            Some(step) if rest.starts_with("?.") => step.strip_prefix('['),
            _ => None,
        }) {
            let (content, after) = bracket_content(bracket)?;
            path.push_str(&translate_bracket(content)?);
            rest = after;
            continue;
        }
        // The first name may stand without anything before it.
        let step = after_step.or((path.len() == root.len()).then_some(rest))?;
        let end = step
            .find(|next| match next {
                '/' => pointer,
                '.' | '[' | '^' | '!' => !pointer,
                '?' | '-' => !pointer && is_step(step, next),
                _ => false,
            })
            .unwrap_or(step.len());
        let (name, after) = step.split_at(end);
        if name.is_empty() {
            return None;
        }
        if name.bytes().all(|byte| byte.is_ascii_digit()) {
            path.extend(["[", name, "]"]);
        } else if name == "*" {
            path.push_str("[*]");
        } else {
            path.extend(["^", &Name::child(name).to_string()]);
        }
        rest = after;
    }
    Some(path)
}

fn is_step(text: &str, first: char) -> bool {
    match first {
        '?' => text.contains("?."),
        _ => text.contains("->"),
    }
}

fn without_root<'t>(root: &str, text: &'t str) -> &'t str {
    if let Some(rest) = text.strip_prefix('$') {
        return rest;
    }
    match text.split_at_checked(root.len()) {
        Some((start, rest))
            if start.eq_ignore_ascii_case(root)
                && !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_') =>
        {
            rest
        }
        _ => text,
    }
}

/// What stands up to the bracket's end, quotes minded, and what follows it.
fn bracket_content(text: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (None, ']') => return Some((text.get(..at)?, text.get(at + 1..)?)),
            (None, '"' | '\'') => quote = Some(character),
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
    let index = content.strip_prefix('-').unwrap_or(content);
    if !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(format!("[{content}]"));
    }
    // JSONPath's [?(@.id==7)] and JMESPath's [?id==`7`] take every element.
    if let Some(test) = content.strip_prefix('?') {
        let test = test.trim().trim_start_matches('(').trim_end_matches(')');
        let test = test.trim().trim_start_matches("@.").replace("@.", "");
        let test = test.replace("===", "=").replace("==", "=");
        let test = test.replace("&&", "&").replace(['\'', '`'], "\"");
        return Some(format!("[*{}]", test.replace('.', "^")));
    }
    Some(format!("[{content}]"))
}
