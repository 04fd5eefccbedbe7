//! The keys which the worker gets through its environment, never through its configuration.

use std::{
    env, fmt, fs,
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};

use crate::failure::Failure;

const MASTER_KEY: &str = "NIMBUS_MASTER_KEY";
const ADMIN_TOKEN: &str = "NIMBUS_ADMIN_TOKEN";

/// What must not be seen by others.
#[derive(Clone)]
pub struct Secrets {
    /// Base64 of the 32 bytes that seal stored secrets.
    master_key: String,
    /// Good as a bearer token for everything.
    admin_token: String,
}

impl Secrets {
    /// Secrets known beforehand: `master_key` is the base64 of 32 bytes.
    pub fn new(master_key: String, admin_token: String) -> Self {
        Self {
            master_key,
            admin_token,
        }
    }

    /// Finds or makes the secrets of a data folder.
    ///
    /// The master key is the environment's, else the folder's (mode 0600, made at the first start). The admin
    /// token is the one given, else the environment's, else a new one.
    pub fn of(data: &Path, admin_token: Option<String>) -> Result<Self, Failure> {
        let master_key = match env::var(MASTER_KEY) {
            Ok(key) => checked(&key, MASTER_KEY)?,
            Err(_) => kept(data)?,
        };
        let admin_token = match admin_token.or_else(|| env::var(ADMIN_TOKEN).ok()) {
            Some(token) if token.is_empty() => {
                return Err(Failure::Unexpected {
                    what: "The admin token is empty".to_owned(),
                    advice: "Leave it out for a random one.",
                });
            }
            Some(token) => token,
            None => URL_SAFE_NO_PAD.encode(random()?),
        };
        Ok(Self {
            master_key,
            admin_token,
        })
    }

    /// The token that may do everything.
    pub fn admin_token(&self) -> &str {
        &self.admin_token
    }

    /// The environment variables which hand the secrets to the worker.
    pub fn environment(&self) -> [(&'static str, &str); 2] {
        [
            (MASTER_KEY, &self.master_key),
            (ADMIN_TOKEN, &self.admin_token),
        ]
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets").finish_non_exhaustive()
    }
}

/// Makes a folder that only its owner can read.
pub fn private_folder(folder: &Path) -> Result<(), Failure> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(Failure::path("make the folder", folder))
}

fn random() -> Result<[u8; 32], Failure> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| Failure::Unexpected {
        what: format!("The system gives no random bytes ({error})"),
        advice: "Start again when it does.",
    })?;
    Ok(bytes)
}

fn kept(data: &Path) -> Result<String, Failure> {
    let path = data.join("master.key");
    if path.exists() {
        let key = fs::read_to_string(&path).map_err(Failure::path("read", &path))?;
        return checked(&key, &path.display().to_string());
    }
    let key = STANDARD.encode(random()?);
    let write = || {
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)?;
        writeln!(file, "{key}")?;
        file.sync_all()
    };
    write().map_err(Failure::path("write", &path))?;
    Ok(key)
}

fn checked(key: &str, place: &str) -> Result<String, Failure> {
    let key = key.trim();
    match STANDARD.decode(key) {
        Ok(bytes) if bytes.len() == 32 => Ok(key.to_owned()),
        _ => Err(Failure::Unexpected {
            what: format!("{place} does not hold the base64 of 32 bytes"),
            advice: "Put the right key back: without it, stored secrets cannot be read.",
        }),
    }
}
