//! The list of the app's files, as `cargo xtask build` writes it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::PAGE;

/// What names of files end with. A dot alone tells nothing: ids of runs have two.
const FILE_ENDINGS: [&str; 12] = [
    "br", "css", "gz", "html", "ico", "js", "json", "map", "png", "svg", "txt", "wasm",
];

/// The contents of `assets.json`.
#[derive(Debug, Deserialize)]
pub(super) struct Assets {
    /// By path, with a slash first.
    files: BTreeMap<String, Asset>,
}

/// One file.
#[derive(Debug, Deserialize)]
pub(super) struct Asset {
    pub(super) media_type: String,
    /// Whether the name carries a hash, so that the file never changes.
    pub(super) immutable: bool,
    /// Base64 of the contents' SHA-256.
    hash: String,
    /// The size of the twin compressed with brotli; none where compressing does not help.
    brotli: Option<u64>,
    gzip: Option<u64>,
}

/// How a file travels when it is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Brotli,
    Gzip,
}

impl Encoding {
    /// In `Content-Encoding` (RFC 9110, 8.4.1).
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// What the twin's name ends with.
    pub(super) fn ending(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }
}

impl Assets {
    /// The file at a path. Addresses of the app are the page itself; a name with an ending is a
    /// file's, which is there or not.
    pub(super) fn find(&self, path: &str) -> Option<(&str, &Asset)> {
        let is_file = path
            .rsplit_once('.')
            .is_some_and(|(_, ending)| FILE_ENDINGS.contains(&ending));
        let name = if is_file { path } else { PAGE };
        self.files
            .get_key_value(name)
            .map(|(name, asset)| (name.as_str(), asset))
    }
}

impl Asset {
    /// Weak, because the compressed twins have the same one (RFC 9110, 8.8.1).
    pub(super) fn tag(&self) -> String {
        format!("W/\"{}\"", self.hash)
    }

    /// The smallest form that the browser takes, by its `Accept-Encoding`.
    pub(super) fn best_encoding(&self, accepted: &str) -> Option<Encoding> {
        [(Encoding::Brotli, self.brotli), (Encoding::Gzip, self.gzip)]
            .into_iter()
            .find(|(encoding, size)| size.is_some() && accepts(accepted, encoding.name()))
            .map(|(encoding, _)| encoding)
    }
}

fn accepts(accepted: &str, name: &str) -> bool {
    accepted.split(',').any(|entry| {
        let (coding, weight) = entry.split_once(';').unwrap_or((entry, ""));
        let refused = weight
            .trim()
            .strip_prefix("q=")
            .is_some_and(|weight| weight.parse() == Ok(0.0_f32));
        coding.trim().eq_ignore_ascii_case(name) && !refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assets() -> Assets {
        serde_json::from_str(
            r#"{
                "files": {
                    "/index.html": {"media_type": "text/html; charset=utf-8", "immutable": false, "hash": "aGk=", "bytes": 9, "brotli": 5, "gzip": 6},
                    "/logo.png": {"media_type": "image/png", "immutable": false, "hash": "eA==", "bytes": 9, "brotli": null, "gzip": null}
                }
            }"#,
        )
        .unwrap()
    }

    #[test]
    fn deep_links_are_the_page_and_unknown_files_are_not() {
        let assets = assets();
        for (path, expected) in [
            ("/", Some(PAGE)),
            ("/index.html", Some(PAGE)),
            ("/runbooks/rb-1/chart", Some(PAGE)),
            ("/runs/rb-1.0.18bcfe568000000000000000007", Some(PAGE)),
            ("/logo.png", Some("/logo.png")),
            ("/missing.js", None),
            ("/assets.json", None),
            ("/index.html.br", None),
        ] {
            assert_eq!(assets.find(path).map(|(name, _)| name), expected, "{path}");
        }
    }

    #[test]
    fn the_smallest_form_that_is_accepted_is_sent() {
        let assets = assets();
        let (_, page) = assets.find("/").unwrap();
        for (accepted, expected) in [
            ("gzip, deflate, br, zstd", Some(Encoding::Brotli)),
            ("gzip", Some(Encoding::Gzip)),
            ("br;q=0, gzip;q=0.5", Some(Encoding::Gzip)),
            ("brotli", None),
            ("", None),
        ] {
            assert_eq!(page.best_encoding(accepted), expected, "{accepted}");
        }
        let (_, logo) = assets.find("/logo.png").unwrap();
        assert_eq!(logo.best_encoding("br"), None);
    }
}
