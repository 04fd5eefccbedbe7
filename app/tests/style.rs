//! The rules of the style that a reader of one file cannot see broken: colours and sizes are named in one place,
//! and what is written can be read on what it stands on, in both themes.

#![expect(
    clippy::unwrap_used,
    reason = "a sheet that cannot be read fails the test"
)]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// The folder above the crates.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn tokens() -> String {
    fs::read_to_string(root().join("style/tokens.css")).unwrap()
}

/// Every style sheet but the one that names colours and sizes.
fn sheets() -> Vec<PathBuf> {
    let mut folders = vec![root().join("style"), root().join("app/src")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "css")
                && !path.ends_with("tokens.css")
            {
                found.push(path);
            }
        }
    }
    found
}

/// The sheet without its comments.
fn uncommented(css: &str) -> String {
    let mut rest = css;
    let mut out = String::new();
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    out + rest
}

#[test]
fn colours_type_spacing_and_corners_are_named_in_one_place() {
    // A page may lay out its own columns; everything that has to be alike everywhere has a name.
    const SPACING: [&str; 6] = [
        "font",
        "border-radius",
        "padding",
        "margin",
        "gap",
        "box-shadow",
    ];
    // Belongs to hiding a text from the eye only.
    const HIDDEN: &str = "-1px";
    let mut broken = Vec::new();
    for path in sheets() {
        let css = uncommented(&fs::read_to_string(&path).unwrap());
        for line in css.lines().map(str::trim) {
            let Some((property, value)) = line.split_once(": ") else {
                continue;
            };
            let must_be_named =
                SPACING.iter().any(|name| property.starts_with(name)) || property.ends_with("gap");
            for word in
                value.split(|letter: char| letter.is_whitespace() || "(),;".contains(letter))
            {
                let is_colour = word.starts_with('#')
                    || matches!(word, "rgb" | "rgba" | "hsl" | "white" | "black");
                let is_size = ["px", "rem"].iter().any(|unit| {
                    word.strip_suffix(unit)
                        .is_some_and(|number| number.parse::<f64>().is_ok())
                });
                if is_colour || (is_size && must_be_named && word != HIDDEN) {
                    broken.push(format!("{}: {line}", path.display()));
                }
            }
        }
    }
    assert!(
        broken.is_empty(),
        "use a name of tokens.css:\n{}",
        broken.join("\n")
    );
}

#[test]
fn every_name_that_is_used_is_given() {
    let all: Vec<String> = sheets()
        .iter()
        .map(|path| uncommented(&fs::read_to_string(path).unwrap()))
        .chain([tokens()])
        .collect();
    let given: Vec<&str> = all
        .iter()
        .flat_map(|css| css.lines())
        .filter_map(|line| line.trim().split_once(':').map(|(name, _)| name))
        .filter(|name| name.starts_with("--"))
        .collect();
    let mut missing = Vec::new();
    for css in &all {
        for used in css.split("var(").skip(1) {
            // One with a fallback may be given by the view.
            let name: String = used
                .chars()
                .take_while(|letter| !matches!(letter, ')' | ','))
                .collect();
            let has_fallback = used[name.len()..].starts_with(',');
            if !has_fallback && name != "--share" && !given.contains(&name.as_str()) {
                missing.push(name);
            }
        }
    }
    assert!(missing.is_empty(), "not given anywhere: {missing:?}");
}

#[test]
fn a_class_is_dressed_by_one_sheet() {
    let mut homes = BTreeMap::<String, PathBuf>::new();
    let mut shared = Vec::new();
    for path in sheets() {
        let css = uncommented(&fs::read_to_string(&path).unwrap());
        // A rule on the class alone, not on the class somewhere.
        for name in css
            .lines()
            .filter_map(|line| line.strip_prefix('.')?.trim_end().strip_suffix([',', '{']))
            .map(str::trim)
            .filter(|name| {
                name.bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            })
        {
            match homes.get(name) {
                Some(home) if *home != path => {
                    shared.push(format!("{name}: {} and {}", home.display(), path.display()));
                }
                Some(_) => {}
                None => {
                    homes.insert(name.to_owned(), path.clone());
                }
            }
        }
    }
    assert!(
        shared.is_empty(),
        "sheets are for the whole app, so each class needs a name of its own:\n{}",
        shared.join("\n")
    );
}

/// The colours by name, light and dark.
fn colours() -> BTreeMap<String, [f64; 2]> {
    let mut colours = BTreeMap::new();
    for line in tokens().lines() {
        let Some((name, value)) = line
            .trim()
            .strip_prefix("--")
            .and_then(|line| line.split_once(": "))
        else {
            continue;
        };
        let mut both = value.split('#').skip(1).filter_map(luminance);
        if let Some(light) = both.next() {
            colours.insert(name.to_owned(), [light, both.next().unwrap_or(light)]);
        }
    }
    colours
}

/// Relative luminance of `rrggbb…`, as WCAG 2 defines it.
fn luminance(hex: &str) -> Option<f64> {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()?) / 255.0;
        Some(if value <= 0.04045 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        })
    };
    Some(0.2126 * channel(0)? + 0.7152 * channel(2)? + 0.0722 * channel(4)?)
}

#[test]
fn everything_can_be_read_in_both_themes() {
    const SURFACES: &[&str] = &[
        "surface-page",
        "surface-side",
        "surface-sunken",
        "surface-raised",
        "surface-hover",
        "surface-pressed",
        "surface-selected",
    ];
    const SOLID: &[&str] = &[
        "accent",
        "accent-hover",
        "accent-pressed",
        "bad-solid",
        "bad-solid-hover",
        "bad-solid-pressed",
    ];
    const CODE: &[&str] = &["surface-sunken", "surface-hover", "surface-selected"];
    const STATES: &[&str] = &["good-surface", "warning-surface", "bad-surface"];
    const PLAIN: &[&str] = &["surface-page", "surface-raised", "surface-hover"];
    // What stands in front, on what, and the least contrast: 4.5 for words, 3 for edges.
    let cases: &[(&[&str], &[&str], f64)] = &[
        (
            &["text", "text-muted", "text-faint", "accent-text"],
            SURFACES,
            4.5,
        ),
        (&["text", "text-muted"], STATES, 4.5),
        (&["good", "warning", "bad"], PLAIN, 4.5),
        (&["good"], &["good-surface"], 4.5),
        (&["warning"], &["warning-surface"], 4.5),
        (&["bad"], &["bad-surface"], 4.5),
        (&["on-accent"], SOLID, 4.5),
        (
            &["code-key", "code-text", "code-number", "code-word"],
            CODE,
            4.5,
        ),
        (&["text"], &["selection"], 4.5),
        (&["line-control"], &["surface-page", "surface-raised"], 3.0),
        (&["focus"], SURFACES, 3.0),
    ];
    let colours = colours();
    let mut weak = Vec::new();
    for (fronts, backs, least) in cases {
        for front in *fronts {
            for back in *backs {
                for (theme, at) in [("light", 0), ("dark", 1)] {
                    let (front_light, back_light) = (colours[*front][at], colours[*back][at]);
                    let (high, low) = (front_light.max(back_light), front_light.min(back_light));
                    let contrast = (high + 0.05) / (low + 0.05);
                    if contrast < *least {
                        weak.push(format!(
                            "{front} on {back}, {theme}: {contrast:.2} of {least}"
                        ));
                    }
                }
            }
        }
    }
    assert!(weak.is_empty(), "too little contrast:\n{}", weak.join("\n"));
}
