//! The app's files as the worker serves them: compressed beforehand, with a list that says how.
//!
//! `dist/assets.json` looks like this; `edge` reads it.
//! ```json
//! {
//!   "files": {
//!     "/index.html": {
//!       "media_type": "text/html; charset=utf-8",
//!       "immutable": false,
//!       "hash": "base64 of the contents' SHA-256, for ETag",
//!       "bytes": 1433,
//!       "brotli": 512,
//!       "gzip": 640
//!     }
//!   }
//! }
//! ```
//! `brotli` and `gzip` are the sizes of the twins `/index.html.br` and `/index.html.gz`, which are there unless
//! the media type is compressed already (then `null`). `immutable` files carry a hash in their name.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{failure::Failure, layout::Layout, process, stamp};

/// The list's name in `dist`.
pub const LIST: &str = "assets.json";

/// The contents of `dist/assets.json`.
#[derive(Debug, Serialize, Deserialize)]
pub struct Assets {
    /// By path, with a slash first.
    pub files: BTreeMap<String, Asset>,
}

/// One file.
#[derive(Debug, Serialize, Deserialize)]
pub struct Asset {
    /// For `Content-Type`.
    pub media_type: String,
    /// Whether the name carries a hash, so that the file never changes.
    pub immutable: bool,
    /// Base64 of the contents' SHA-256.
    pub hash: String,
    /// Size as it is.
    pub bytes: u64,
    /// Size of the twin with `.br` at its end.
    pub brotli: Option<u64>,
    /// Size of the twin with `.gz` at its end.
    pub gzip: Option<u64>,
}

impl Assets {
    /// Reads the list.
    pub fn read(layout: &Layout) -> Result<Self, Failure> {
        let path = layout.dist().join(LIST);
        let text = fs::read(&path).map_err(Failure::path("read", &path))?;
        serde_json::from_slice(&text).map_err(|error| Failure::Unexpected {
            what: format!("{} is broken ({error})", path.display()),
            advice: "Remove it and run `cargo xtask build`.",
        })
    }

    /// What a first visit loads beside the page itself, compressed with brotli, in bytes: the code and the style
    /// that `page` names. The rest is fetched by pages that are opened later.
    pub fn first_load(&self, page: &str) -> u64 {
        let code = |name: &str| {
            [".wasm", ".js", ".css"]
                .iter()
                .any(|end| name.ends_with(end))
        };
        self.files
            .iter()
            .filter(|(name, _)| code(name) && page.contains(&format!("\"{name}\"")))
            .map(|(_, file)| file.brotli.unwrap_or(file.bytes))
            .sum()
    }
}

/// Writes the compressed twins.
pub(crate) fn compress(layout: &Layout) -> Result<(), Failure> {
    let mut command = layout.command(layout.node_program("node"))?;
    command.arg(layout.root().join("xtask/compress.mjs"));
    command.args(
        files(layout)?
            .iter()
            .filter(|file| media_type(file).is_some_and(|(_, shrinks)| shrinks)),
    );
    process::quietly(layout, "compress", "compress the app", command, None)
}

/// Writes `dist/assets.json`.
pub(crate) fn write_list(layout: &Layout) -> Result<(), Failure> {
    let mut assets = Assets {
        files: BTreeMap::new(),
    };
    for path in files(layout)? {
        let contents = fs::read(&path).map_err(Failure::path("read", &path))?;
        let name = path.strip_prefix(layout.dist()).unwrap_or(&path).display();
        let (media_type, _) = media_type(&path).ok_or_else(|| Failure::Unexpected {
            what: format!("The app has a file {name} of an unknown kind"),
            advice: "Name its media type in xtask/src/assets.rs.",
        })?;
        let asset = Asset {
            media_type: media_type.to_owned(),
            immutable: has_hash(&path),
            hash: sha256(&contents),
            bytes: contents.len() as u64,
            brotli: twin_size(&path, "br"),
            gzip: twin_size(&path, "gz"),
        };
        assets.files.insert(format!("/{name}"), asset);
    }
    let path = layout.dist().join(LIST);
    let text = serde_json::to_vec_pretty(&assets).map_err(|error| Failure::Unexpected {
        what: format!("The list of the app's files cannot be written ({error})"),
        advice: "This is a mistake in xtask.",
    })?;
    fs::write(&path, text).map_err(Failure::path("write", &path))
}

/// All files of the app, without the twins and the list.
fn files(layout: &Layout) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    let mut folders = vec![layout.dist()];
    while let Some(folder) = folders.pop() {
        for path in stamp::sorted(&folder)? {
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_none_or(|end| end != "br" && end != "gz")
                && !path.ends_with(LIST)
            {
                files.push(path);
            }
        }
    }
    Ok(files)
}

/// The media type by the name's ending, and whether compressing makes such a file smaller.
fn media_type(path: &Path) -> Option<(&'static str, bool)> {
    Some(match path.extension()?.to_str()? {
        "html" => ("text/html; charset=utf-8", true),
        "css" => ("text/css; charset=utf-8", true),
        "js" => ("text/javascript; charset=utf-8", true),
        "json" => ("application/json", true),
        "wasm" => ("application/wasm", true),
        "svg" => ("image/svg+xml", true),
        "txt" => ("text/plain; charset=utf-8", true),
        "png" => ("image/png", false),
        "woff2" => ("font/woff2", false),
        _ => return None,
    })
}

/// Whether the build put a hash (16 hexadecimal digits after a hyphen) into the name.
fn has_hash(path: &Path) -> bool {
    path.file_stem()
        .and_then(|stem| stem.to_str())
        .is_some_and(|stem| {
            stem.split(['-', '_', '.'])
                .any(|part| part.len() == 16 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
        })
}

fn twin_size(path: &Path, end: &str) -> Option<u64> {
    let mut twin = path.as_os_str().to_owned();
    twin.push(".");
    twin.push(end);
    fs::metadata(twin).ok().map(|twin| twin.len())
}

fn sha256(bytes: &[u8]) -> String {
    STANDARD.encode(Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::has_hash;

    #[test]
    fn names_with_a_hash_never_change() {
        let cases = [
            ("nimbus-app-adcc9aede4856ff3_bg.wasm", true),
            ("main-7835240c7f8132ac.css", true),
            ("index.html", false),
            ("a-very-long-ordinary-name.svg", false),
        ];
        for (name, expected) in cases {
            assert_eq!(has_hash(Path::new(name)), expected, "{name}");
        }
    }
}
