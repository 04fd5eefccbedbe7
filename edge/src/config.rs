//! What the deployment is told by its surroundings; read once per isolate.

use std::cell::OnceCell;
use std::fmt;
use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use shared::request::address::Allow;
use url::Url;
use worker::Env;

use crate::error::Failure;
use crate::seal::MasterKey;

/// The settings of the deployment.
pub struct Config {
    /// What links are built from, without a slash at the end.
    pub public_url: String,
    /// The same, parsed.
    pub public_address: Url,
    /// What requests may reach.
    pub networks: Allow,
    /// Whether a fresh workspace gets the worked example, and the demo service answers.
    pub seed: bool,
    /// Whether the clock may be moved, as tests do.
    pub movable_clock: bool,
    pub version: String,
    /// Good as a bearer token for everything. Never empty.
    pub admin_token: String,
    /// Seals what must not be read.
    pub master_key: MasterKey,
}

thread_local! {
    static CONFIG: OnceCell<Rc<Config>> = const { OnceCell::new() };
}

impl Config {
    /// The settings, from the bindings of the worker's configuration.
    pub fn read(env: &Env) -> Result<Rc<Self>, Failure> {
        CONFIG.with(|config| {
            if let Some(config) = config.get() {
                return Ok(Rc::clone(config));
            }
            let read = Rc::new(
                Self::from_bindings(&|name| {
                    Ok(env.var(name).map_err(|_| Broken(name))?.to_string())
                })
                .map_err(|broken| Failure::internal("configuration", &broken))?,
            );
            Ok(Rc::clone(config.get_or_init(|| read)))
        })
    }

    fn from_bindings(
        binding: &dyn Fn(&'static str) -> Result<String, Broken>,
    ) -> Result<Self, Broken> {
        let broken = |name| move || Broken(name);
        let public_url = binding(PUBLIC_URL)?.trim_end_matches('/').to_owned();
        let public_address = Url::parse(&public_url).map_err(|_| Broken(PUBLIC_URL))?;
        if !matches!(public_address.scheme(), "http" | "https") {
            return Err(Broken(PUBLIC_URL));
        }
        let admin_token = binding(ADMIN_TOKEN)?;
        if admin_token.is_empty() {
            return Err(Broken(ADMIN_TOKEN));
        }
        Ok(Self {
            networks: Allow::parse(&binding(ALLOW)?).map_err(|_| Broken(ALLOW))?,
            seed: binding(SEED)? == "true",
            // A deployment of its own need not name it.
            movable_clock: binding(MOVABLE_CLOCK).is_ok_and(|movable| movable == "true"),
            version: binding(VERSION)?,
            master_key: STANDARD
                .decode(binding(MASTER_KEY)?.trim())
                .ok()
                .and_then(|key| key.try_into().ok())
                .map(MasterKey::new)
                .ok_or_else(broken(MASTER_KEY))?,
            public_url,
            public_address,
            admin_token,
        })
    }

    /// Whether pages come over TLS.
    pub fn is_secure(&self) -> bool {
        self.public_address.scheme() == "https"
    }

    /// Whether the deployment is on this very machine.
    pub fn is_local(&self) -> bool {
        match self.public_address.host() {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
    }

    /// Whether the demo completions service answers: in a seeded workspace of one's own machine.
    pub fn has_demo(&self) -> bool {
        self.seed && self.is_local()
    }
}

const PUBLIC_URL: &str = "NIMBUS_PUBLIC_URL";
const ALLOW: &str = "NIMBUS_ALLOW";
const SEED: &str = "NIMBUS_SEED";
const MOVABLE_CLOCK: &str = "NIMBUS_MOVABLE_CLOCK";
const VERSION: &str = "NIMBUS_VERSION";
const ADMIN_TOKEN: &str = "NIMBUS_ADMIN_TOKEN";
const MASTER_KEY: &str = "NIMBUS_MASTER_KEY";

/// A binding that is missing or means nothing. Its value is not told: it may be a secret.
#[derive(Debug, PartialEq, Eq)]
struct Broken(&'static str);

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the binding {} is missing or not understood", self.0)
    }
}

/// Shows no secrets.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("public_url", &self.public_url)
            .field("networks", &self.networks)
            .field("seed", &self.seed)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    const KEY: &str = "bWFzdGVyLWtleS1tYXN0ZXIta2V5LW1hc3Rlci1rZXk=";

    fn value(name: &str) -> &'static str {
        match name {
            PUBLIC_URL => "http://127.0.0.1:8787/",
            ALLOW => "public,local",
            SEED => "true",
            VERSION => "1.2.3",
            ADMIN_TOKEN => "admin-token",
            _ => KEY,
        }
    }

    /// Settings as a local start makes them, at this address.
    pub(crate) fn config_at(public_url: &str) -> Config {
        Config::from_bindings(&|name| {
            Ok(if name == PUBLIC_URL {
                public_url
            } else {
                value(name)
            }
            .to_owned())
        })
        .unwrap()
    }

    #[test]
    fn settings_are_read_and_show_no_secrets() {
        let config = config_at("http://127.0.0.1:8787/");
        assert_eq!(config.public_url, "http://127.0.0.1:8787");
        assert!(config.networks.local && config.networks.public && !config.networks.private);
        assert!(config.is_local() && config.has_demo() && !config.is_secure());
        assert!(!format!("{config:?}").contains("admin-token"));
        let config = config_at("https://nimbus.example");
        assert!(config.is_secure() && !config.has_demo());
        assert!(!config.movable_clock);
    }

    #[test]
    fn broken_settings_are_named() {
        for (name, wrong) in [
            (PUBLIC_URL, "nimbus"),
            (PUBLIC_URL, "ftp://nimbus.example"),
            (ALLOW, "public,everything"),
            (ADMIN_TOKEN, ""),
            (MASTER_KEY, "c2hvcnQ="),
        ] {
            let read = Config::from_bindings(&|asked| {
                Ok(if asked == name { wrong } else { value(asked) }.to_owned())
            });
            assert_eq!(read.unwrap_err(), Broken(name), "{name} = {wrong}");
        }
    }
}
