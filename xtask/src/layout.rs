//! Where everything lies: in the repository, and in the user's cache.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use crate::failure::Failure;

/// Raise it whenever a version in `setup::tools` changes, so that two clones of different age do not
/// undo each other's tools.
const TOOLS_GENERATION: &str = "2";

/// The repository's folders.
#[derive(Debug, Clone)]
pub struct Layout {
    root: PathBuf,
}

impl Layout {
    /// The repository this program was compiled from.
    pub fn of_repository() -> Self {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        Self {
            root: manifest.parent().unwrap_or(manifest).to_owned(),
        }
    }

    /// The repository's root.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The built worker: `index.js` and `index_bg.wasm`.
    pub fn worker(&self) -> PathBuf {
        self.root.join("build")
    }

    /// The built app, with compressed twins and `assets.json`.
    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The data folder used when none is named.
    pub fn data(&self) -> PathBuf {
        self.root.join("data")
    }

    /// Logs, stamps and generated configuration.
    pub fn own(&self) -> PathBuf {
        self.root.join("target/nimbus")
    }

    /// A program that came with the Node packages.
    pub fn node_program(&self, name: &str) -> PathBuf {
        self.root.join("node_modules/.bin").join(name)
    }

    /// Cloudflare's runtime, the program itself rather than the Node script around it.
    pub fn workerd(&self) -> PathBuf {
        let system = if cfg!(target_os = "macos") {
            "darwin"
        } else {
            "linux"
        };
        let processor = if cfg!(target_arch = "aarch64") {
            "arm64"
        } else {
            "64"
        };
        self.root.join(format!(
            "node_modules/@cloudflare/workerd-{system}-{processor}/bin/workerd"
        ))
    }

    /// `program`, to be run in the repository's root with the pinned tools before all others.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Result<Command, Failure> {
        let mut folders = vec![self.root.join("node_modules/.bin"), tools()?.join("bin")];
        folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
        let path = env::join_paths(folders).map_err(|_| Failure::Unexpected {
            what: "The path of the repository or of the cache contains a colon".to_owned(),
            advice: "Move the clone to a folder without one.",
        })?;
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("PATH", path);
        Ok(command)
    }

    /// The `cargo` that runs this program.
    pub fn cargo(&self) -> Result<Command, Failure> {
        self.command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
    }
}

/// The folder of the user's cache which holds the pinned build tools, shared by all clones.
pub fn tools() -> Result<PathBuf, Failure> {
    let cache = match env::var_os("XDG_CACHE_HOME").filter(|value| !value.is_empty()) {
        Some(cache) => PathBuf::from(cache),
        None => env::home_dir()
            .ok_or(Failure::Unexpected {
                what: "Your home folder is unknown".to_owned(),
                advice: "Set HOME, or XDG_CACHE_HOME to a folder for caches.",
            })?
            .join(".cache"),
    };
    Ok(cache.join("nimbus/tools").join(TOOLS_GENERATION))
}

/// The first program of that name on PATH.
pub fn on_path(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())
}
