//! workerd's configuration, in Cap'n Proto's text form. It holds no secrets: those come through the environment.

use std::{fmt::Write, fs, path::PathBuf};

use super::Options;
use crate::{failure::Failure, layout::Layout};

/// The folder of the objects inside the data folder; beside it lie files that the worker must not reach.
pub(super) const OBJECTS: &str = "objects";

/// The runtime's behaviour is that of this day; `wrangler.toml` names the same one.
const COMPATIBILITY_DATE: &str = "2026-04-01";

/// How large V8 lets each half of the space for young objects grow. Almost all that a run makes is gone when it has ended, so
/// that more than this is no faster; V8's own limit of 16 takes 80 MB more under load.
const YOUNG_MEGABYTES: u32 = 4;

/// Binding and class of each kind of Durable Object. The unique key is part of every stored id, so it never changes.
const OBJECT_KINDS: [(&str, &str, &str); 4] = [
    ("WORKSPACE", "Workspace", "workspace"),
    ("RUNNER", "Runner", "runner"),
    ("LOGIN", "Login", "login"),
    ("DESK", "Desk", "desk"),
];

/// Writes the configuration, and says where.
pub(super) fn write(layout: &Layout, options: &Options) -> Result<PathBuf, Failure> {
    let folder = layout.own().join("workerd");
    let file = folder.join(format!("{}.capnp", options.port));
    let write = || {
        fs::create_dir_all(&folder)?;
        fs::write(&file, text(layout, options))
    };
    write().map_err(Failure::path("write", &file))?;
    Ok(file)
}

fn text(layout: &Layout, options: &Options) -> String {
    let path = |path: PathBuf| quoted(&path.to_string_lossy());
    let networks: Vec<String> = options
        .networks
        .iter()
        .map(|network| quoted(&network.to_string()))
        .collect();
    let mut namespaces = String::new();
    let mut bindings = String::new();
    for (binding, class, key) in OBJECT_KINDS {
        // Writing to a string cannot fail.
        let _ = writeln!(
            namespaces,
            "    (className = \"{class}\", uniqueKey = \"{key}\", enableSql = true),"
        );
        let _ = writeln!(
            bindings,
            "    (name = \"{binding}\", durableObjectNamespace = \"{class}\"),"
        );
    }
    for (name, value) in variables(options) {
        let _ = writeln!(
            bindings,
            "    (name = \"{name}\", text = {}),",
            quoted(&value)
        );
    }
    if options.movable_clock {
        bindings.push_str("    (name = \"NIMBUS_MOVABLE_CLOCK\", text = \"true\"),\n");
    }
    for (name, _) in options.secrets.environment() {
        let _ = writeln!(
            bindings,
            "    (name = \"{name}\", fromEnvironment = \"{name}\"),"
        );
    }
    format!(
        "\
using Workerd = import \"/workerd/workerd.capnp\";

const config :Workerd.Config = (
  services = [
    (name = \"edge\", worker = .edge),
    (name = \"internet\", network = (allow = [{networks}], tlsOptions = (trustBrowserCas = true))),
    (name = \"objects\", disk = (path = {objects}, writable = true)),
    (name = \"assets\", disk = (path = {assets})),
  ],
  v8Flags = [\"--max-semi-space-size={YOUNG_MEGABYTES}\"],
  sockets = [(name = \"http\", address = \"127.0.0.1:{port}\", http = (), service = \"edge\")],
);

const edge :Workerd.Worker = (
  modules = [
    (name = \"index.js\", esModule = embed {script}),
    (name = \"index_bg.wasm\", wasm = embed {wasm}),
  ],
  compatibilityDate = \"{COMPATIBILITY_DATE}\",
  globalOutbound = \"internet\",
  durableObjectNamespaces = [
{namespaces}  ],
  durableObjectStorage = (localDisk = \"objects\"),
  bindings = [
    (name = \"ASSETS\", service = \"assets\"),
{bindings}  ],
);
",
        networks = networks.join(", "),
        objects = path(options.data.join(OBJECTS)),
        assets = path(layout.dist()),
        port = options.port,
        script = path(layout.worker().join("index.js")),
        wasm = path(layout.worker().join("index_bg.wasm")),
    )
}

/// The plain bindings; `wrangler.toml` has the same names.
fn variables(options: &Options) -> [(&'static str, String); 4] {
    [
        ("NIMBUS_PUBLIC_URL", options.public_url.clone()),
        ("NIMBUS_ALLOW", options.networks.to_string()),
        ("NIMBUS_SEED", options.seed.to_string()),
        ("NIMBUS_VERSION", env!("CARGO_PKG_VERSION").to_owned()),
    ]
}

/// A string of Cap'n Proto's language, which has C's escapes.
fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            c if c.is_control() => {
                let mut bytes = [0; 4];
                for byte in c.encode_utf8(&mut bytes).bytes() {
                    let _ = write!(quoted, "\\x{byte:02x}");
                }
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{COMPATIBILITY_DATE, OBJECT_KINDS, quoted, text, variables};
    use crate::{layout::Layout, networks::Networks, runtime::Options, secrets::Secrets};

    const MASTER_KEY: &str = "bWFzdGVyLWtleS1tYXN0ZXIta2V5LW1hc3Rlci1rZXk=";

    fn options() -> Options {
        Options {
            port: 1,
            data: "/a \"data\" folder".into(),
            networks: "public,local".parse::<Networks>().unwrap(),
            public_url: "https://nimbus.example".into(),
            seed: true,
            movable_clock: false,
            secrets: Secrets::new(MASTER_KEY.into(), "admin-token".into()),
        }
    }

    #[test]
    fn a_string_cannot_leave_its_quotes() {
        let cases = [
            ("plain", r#""plain""#),
            ("a\"b\\c", r#""a\"b\\c""#),
            ("a\nb", r#""a\x0ab""#),
            ("Zürich", r#""Zürich""#),
        ];
        for (input, expected) in cases {
            assert_eq!(quoted(input), expected);
        }
    }

    #[test]
    fn the_clock_can_be_moved_only_where_that_is_asked_for() {
        for movable_clock in [false, true] {
            let options = Options {
                movable_clock,
                ..options()
            };
            let text = text(&Layout::of_repository(), &options);
            assert_eq!(text.contains("NIMBUS_MOVABLE_CLOCK"), movable_clock);
        }
    }

    #[test]
    fn secrets_stay_out_of_the_configuration() {
        let text = text(&Layout::of_repository(), &options());
        assert!(text.contains("fromEnvironment = \"NIMBUS_MASTER_KEY\""));
        assert!(text.contains("allow = [\"public\", \"local\"]"));
        assert!(!text.contains(MASTER_KEY) && !text.contains("admin-token"));
    }

    /// What is stored depends on these names, so the two configurations must not drift apart.
    #[test]
    fn wrangler_knows_the_same_objects_and_variables() {
        let wrangler =
            fs::read_to_string(Layout::of_repository().root().join("wrangler.toml")).unwrap();
        for (binding, class, _) in OBJECT_KINDS {
            assert!(
                wrangler.contains(&format!(
                    "{{ name = \"{binding}\", class_name = \"{class}\" }}"
                )),
                "{class}"
            );
        }
        for (name, _) in variables(&options()) {
            assert!(wrangler.contains(&format!("\n{name} = ")), "{name}");
        }
        assert!(wrangler.contains(&format!("compatibility_date = \"{COMPATIBILITY_DATE}\"")));
        assert!(wrangler.contains(&format!(
            "NIMBUS_VERSION = \"{}\"",
            env!("CARGO_PKG_VERSION")
        )));
    }
}
