//! `dist`: every file under a name that carries the hash of its contents, so that browsers may keep it for ever,
//! and the page that names them.

use std::{collections::BTreeMap, fs, path::Path};

use sha2::{Digest, Sha256};

use crate::{failure::Failure, layout::Layout, stamp};

/// How the scripts call the first file; `index.html` calls it `nimbus.wasm`.
const MAIN: (&str, &str) = ("nimbus_bg.wasm", "nimbus.wasm");
/// Names the WebAssembly, so it gets its own name after it.
const SCRIPT: &str = "nimbus.js";
/// By as many digits, `assets` knows a name that carries a hash.
const HASH_DIGITS: usize = 16;

/// Fills `dist` from the folder of files that are ready.
pub(super) fn write(layout: &Layout, ready: &Path) -> Result<(), Failure> {
    let mut files = BTreeMap::new();
    for path in stamp::sorted(ready)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let contents = fs::read(&path).map_err(Failure::path("read", &path))?;
        files.insert(name.into_owned(), contents);
    }
    let page = layout.root().join("index.html");
    let page = fs::read_to_string(&page).map_err(Failure::path("read", &page))?;
    let dist = layout.dist();
    if dist.exists() {
        fs::remove_dir_all(&dist).map_err(Failure::path("remove", &dist))?;
    }
    fs::create_dir_all(&dist).map_err(Failure::path("make the folder", &dist))?;
    for (name, contents) in named(&page, files)? {
        let path = dist.join(name);
        fs::write(&path, contents).map_err(Failure::path("write", &path))?;
    }
    Ok(())
}

/// The files under their final names, with every mention of one another and the page's mentions put right.
fn named(
    page: &str,
    mut files: BTreeMap<String, Vec<u8>>,
) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
    let script = files.remove(SCRIPT).unwrap_or_default();
    let mut script = text(SCRIPT, script)?;
    let mut page = page.to_owned();
    let mut done = BTreeMap::new();
    for (name, contents) in files {
        let called = if name == MAIN.0 { MAIN.1 } else { &name };
        let hashed = with_hash(called, &contents);
        if is_wasm(&name) {
            script = renamed(&script, &name, &hashed)?;
        }
        if !is_part(&name) {
            page = renamed(&page, called, &hashed)?;
        }
        done.insert(hashed, contents);
    }
    let hashed = with_hash(SCRIPT, script.as_bytes());
    page = renamed(&page, SCRIPT, &hashed)?;
    done.insert(hashed, script.into_bytes());
    done.insert("index.html".to_owned(), page.into_bytes());
    Ok(done)
}

/// Whether the file is fetched by a script, when a page needs it.
fn is_part(name: &str) -> bool {
    is_wasm(name) && name != MAIN.0
}

fn is_wasm(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|end| end == "wasm")
}

/// The text with the quoted name replaced; a file that nothing names would never be loaded.
fn renamed(text: &str, name: &str, hashed: &str) -> Result<String, Failure> {
    let mut found = false;
    let mut out = text.to_owned();
    for quoted in [format!("\"{name}\""), format!("\"./{name}\"")] {
        if out.contains(&quoted) {
            found = true;
            out = out.replace(&quoted, &format!("\"/{hashed}\""));
        }
    }
    if found {
        Ok(out)
    } else {
        Err(Failure::Unexpected {
            what: format!("Nothing in the app names its file {name}"),
            advice: "Name it in index.html, or do not build it.",
        })
    }
}

/// `main.css` becomes `main-0123456789abcdef.css`.
fn with_hash(name: &str, contents: &[u8]) -> String {
    let mut hash = stamp::hex(&Sha256::digest(contents));
    hash.truncate(HASH_DIGITS);
    match name.rsplit_once('.') {
        Some((stem, end)) => format!("{stem}-{hash}.{end}"),
        None => format!("{name}-{hash}"),
    }
}

fn text(name: &str, contents: Vec<u8>) -> Result<String, Failure> {
    String::from_utf8(contents).map_err(|_| Failure::Unexpected {
        what: format!("The app's file {name} is no text"),
        advice: "Remove target/nimbus/app and build again.",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(all: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
        all.iter()
            .map(|(name, contents)| ((*name).to_owned(), contents.as_bytes().to_vec()))
            .collect()
    }

    #[test]
    fn files_are_named_by_their_contents_and_by_those_who_load_them() {
        let page = r#"<link href="nimbus.wasm"><script src="nimbus.js">"#;
        let done = named(
            page,
            files(&[
                ("nimbus.js", r#"a("nimbus_bg.wasm");b("./chunk_1.wasm")"#),
                ("nimbus_bg.wasm", "main"),
                ("chunk_1.wasm", "part"),
            ]),
        )
        .unwrap();
        let one = |start: &str, end: &str| {
            let is_it = |name: &&String| name.starts_with(start) && name.ends_with(end);
            done.keys().find(is_it).unwrap().as_str()
        };
        let (main, part) = (one("nimbus-", ".wasm"), one("chunk_1-", ".wasm"));
        let script = one("nimbus-", ".js");
        let page = String::from_utf8_lossy(&done["index.html"]).into_owned();
        assert_eq!(
            page,
            format!(r#"<link href="/{main}"><script src="/{script}">"#)
        );
        assert_eq!(
            done[script],
            format!(r#"a("/{main}");b("/{part}")"#).into_bytes()
        );
        assert_eq!(done.len(), 4);
    }

    #[test]
    fn a_file_that_nothing_names_is_told() {
        let page = r#"<script src="nimbus.js">"#;
        let built = files(&[("nimbus.js", ""), ("chunk_1.wasm", "part")]);
        assert!(named(page, built).is_err());
    }

    #[test]
    fn other_contents_are_another_name() {
        assert_ne!(with_hash("a.css", b"1"), with_hash("a.css", b"2"));
        assert_eq!(with_hash("a.css", b"1"), "a-6b86b273ff34fce1.css");
    }
}
