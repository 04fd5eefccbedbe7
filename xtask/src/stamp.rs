//! Whether what a stage made is still made of what is there now.
//!
//! A stamp is the hash of everything a stage reads. Contents rather than dates are hashed, so that
//! switching branches back and forth builds nothing.

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use crate::{failure::Failure, layout::Layout};

/// The hash of a stage's inputs, while it is being gathered.
#[derive(Debug, Default)]
pub struct Inputs {
    hash: Sha256,
}

impl Inputs {
    /// Adds a version, an option, or anything else that is not a file.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        self.add(text.as_bytes());
        self
    }

    /// Adds files, and folders with everything in them; what does not exist counts as such.
    pub fn paths(mut self, root: &Path, paths: &[&str]) -> Result<Self, Failure> {
        for path in paths {
            self.path(root, &root.join(path))?;
        }
        Ok(self)
    }

    fn path(&mut self, root: &Path, path: &Path) -> Result<(), Failure> {
        if path.is_dir() {
            for entry in sorted(path)? {
                self.path(root, &entry)?;
            }
        } else if path.is_file() {
            let name = path.strip_prefix(root).unwrap_or(path);
            self.add(name.as_os_str().as_encoded_bytes());
            self.add(&fs::read(path).map_err(Failure::path("read", path))?);
        }
        Ok(())
    }

    /// Lengths keep two inputs from running into each other.
    fn add(&mut self, bytes: &[u8]) {
        self.hash.update((bytes.len() as u64).to_le_bytes());
        self.hash.update(bytes);
    }

    fn digest(self) -> String {
        hex(&self.hash.finalize())
    }
}

/// Bytes in hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The names in a folder, in an order that does not depend on the file system.
pub fn sorted(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let read = || {
        fs::read_dir(folder)?
            .map(|entry| Ok(entry?.path()))
            .collect::<std::io::Result<Vec<_>>>()
    };
    let mut paths = read().map_err(Failure::path("read", folder))?;
    paths.sort();
    Ok(paths)
}

/// A stage's stamp: the file that remembers the inputs of its last success.
#[derive(Debug)]
pub struct Stamp {
    file: PathBuf,
    digest: String,
}

impl Stamp {
    /// The stamp of `stage` for these inputs.
    pub fn new(layout: &Layout, stage: &str, inputs: Inputs) -> Self {
        Self {
            file: layout.own().join("stamps").join(stage),
            digest: inputs.digest(),
        }
    }

    /// Whether the last success had the same inputs and all that it made is still there.
    pub fn is_current(&self, outputs: &[PathBuf]) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|last| last == self.digest)
            && outputs.iter().all(|output| output.exists())
    }

    /// Remembers the success.
    pub fn set(&self) -> Result<(), Failure> {
        let write = || {
            fs::create_dir_all(self.file.parent().unwrap_or(Path::new(".")))?;
            fs::write(&self.file, &self.digest)
        };
        write().map_err(Failure::path("write", &self.file))
    }
}

#[cfg(test)]
mod tests {
    use super::Inputs;

    #[test]
    fn a_digest_depends_on_contents_names_and_bounds() {
        let digest = |texts: &[&str]| {
            texts
                .iter()
                .fold(Inputs::default(), |inputs, text| inputs.text(text))
                .digest()
        };
        assert_eq!(digest(&["ab", "c"]), digest(&["ab", "c"]));
        assert_ne!(digest(&["ab", "c"]), digest(&["a", "bc"]));
        assert_ne!(digest(&["ab"]), digest(&["ab", ""]));
    }
}
