//! The commands and their options.

use std::{ffi::OsString, path::PathBuf, str::FromStr};

use lexopt::{
    Arg::{Long, Short, Value},
    Parser, ValueExt,
};
use xtask::{failure::Failure, networks::Networks};

use crate::test::Check;

pub(crate) const HELP: &str = "\
cargo xtask start    set everything up, build what changed, and run Nimbus until Ctrl-C
    --port PORT          listen on 127.0.0.1:PORT (8787; 0 takes a free one)
    --data DIR           keep everything there (data)
    --admin-token TOKEN  a token that may do everything (NIMBUS_ADMIN_TOKEN, else a new one)
    --allow NETWORKS     what outbound requests may reach: public,private,local or some of them (public)
    --public-url URL     what links begin with (http://127.0.0.1:PORT)
    --empty              leave an empty data folder empty, without the worked example
    --movable-clock      let `POST /console/clock` move the clock, as tests do
cargo xtask test     set everything up and run every check
    CHECK…               only these: format, lint, unit, size, wrangler, edge, clients, browser
    -- ARGUMENTS         passed on to the test programs of unit, edge or browser
cargo xtask build    leave a deployable worker in build/ and the app in dist/
cargo xtask bench NAME   build, and measure one of these; benches/README.md says how to read it
    desk                 how fast a full desk answers
    edge                 the worked example over the public start, beside Node-RED and a worker by hand
    runs                 commits and fsyncs of a run, starts with many past runs, the size of the data
cargo xtask deploy   build, and deploy to Cloudflare
    -- ARGUMENTS         passed on to `wrangler deploy`
";

/// What is to be done.
#[derive(Debug)]
pub(crate) enum Order {
    Help,
    Start(StartOptions),
    Test {
        checks: Vec<Check>,
        arguments: Vec<OsString>,
    },
    Build,
    /// Measure; what, the benchmark itself knows.
    Bench {
        arguments: Vec<OsString>,
    },
    Deploy {
        arguments: Vec<OsString>,
    },
}

/// The options of `start`; what was not named is `None`.
#[derive(Debug)]
pub(crate) struct StartOptions {
    pub(crate) port: u16,
    pub(crate) data: Option<PathBuf>,
    pub(crate) admin_token: Option<String>,
    pub(crate) networks: Networks,
    pub(crate) public_url: Option<String>,
    pub(crate) empty: bool,
    pub(crate) movable_clock: bool,
}

/// Reads the command line.
pub(crate) fn read(mut parser: Parser) -> Result<Order, Failure> {
    let command = match parser.next().map_err(usage)? {
        None | Some(Short('h') | Long("help")) => return Ok(Order::Help),
        Some(Value(command)) => command.string().map_err(usage)?,
        Some(other) => return Err(usage(other.unexpected())),
    };
    match command.as_str() {
        "help" => Ok(Order::Help),
        "start" => start(&mut parser).map(Order::Start),
        "test" => {
            let (checks, arguments) = names_and_arguments(&mut parser)?;
            let checks = checks
                .iter()
                .map(|name| name.parse().map_err(Failure::Usage))
                .collect::<Result<_, _>>()?;
            Ok(Order::Test { checks, arguments })
        }
        "build" => match parser.next().map_err(usage)? {
            None => Ok(Order::Build),
            Some(other) => Err(usage(other.unexpected())),
        },
        "bench" => Ok(Order::Bench {
            arguments: parser.raw_args().map_err(usage)?.collect(),
        }),
        "deploy" => match names_and_arguments(&mut parser)? {
            (names, arguments) if names.is_empty() => Ok(Order::Deploy { arguments }),
            (names, _) => Err(Failure::Usage(format!(
                "`{}` is not understood",
                names.join(" ")
            ))),
        },
        other => Err(Failure::Usage(format!("There is no command `{other}`"))),
    }
}

fn start(parser: &mut Parser) -> Result<StartOptions, Failure> {
    let mut options = StartOptions {
        port: 8787,
        data: None,
        admin_token: None,
        networks: Networks::default(),
        public_url: None,
        empty: false,
        movable_clock: false,
    };
    while let Some(argument) = parser.next().map_err(usage)? {
        match argument {
            Long("port") => options.port = value(parser)?,
            Long("data") => options.data = Some(parser.value().map_err(usage)?.into()),
            Long("admin-token") => options.admin_token = Some(value(parser)?),
            Long("allow") => options.networks = value(parser)?,
            Long("public-url") => options.public_url = Some(public_url(&value::<String>(parser)?)?),
            Long("empty") => options.empty = true,
            Long("movable-clock") => options.movable_clock = true,
            other => return Err(usage(other.unexpected())),
        }
    }
    Ok(options)
}

/// Links are made by appending to it.
fn public_url(url: &str) -> Result<String, Failure> {
    let url = url.trim_end_matches('/');
    let host = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    if host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', '@'])) {
        Ok(url.to_owned())
    } else {
        Err(Failure::Usage(format!(
            "`{url}` is not an address such as https://nimbus.example.com"
        )))
    }
}

/// Words, and what stands after `--`.
fn names_and_arguments(parser: &mut Parser) -> Result<(Vec<String>, Vec<OsString>), Failure> {
    let raw: Vec<OsString> = parser.raw_args().map_err(usage)?.collect();
    let mut parts = raw.splitn(2, |argument| argument == "--");
    let names = parts
        .next()
        .unwrap_or_default()
        .iter()
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    Ok((names, parts.next().unwrap_or_default().to_vec()))
}

fn value<T: FromStr<Err: Into<Box<dyn std::error::Error + Send + Sync>>>>(
    parser: &mut Parser,
) -> Result<T, Failure> {
    parser
        .value()
        .and_then(|value| value.parse())
        .map_err(usage)
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
fn usage(error: lexopt::Error) -> Failure {
    Failure::Usage(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::{Order, read};

    fn order(line: &str) -> Result<Order, String> {
        read(lexopt::Parser::from_args(line.split_whitespace()))
            .map_err(|failure| failure.to_string())
    }

    #[test]
    fn the_options_of_start_are_read() {
        let Ok(Order::Start(options)) = order(
            "start --port 0 --data=d --allow public,local --public-url https://n.example/ --empty --movable-clock",
        ) else {
            panic!("not a start");
        };
        assert_eq!(options.port, 0);
        assert_eq!(options.data.unwrap(), std::path::Path::new("d"));
        assert_eq!(options.networks.to_string(), "public,local");
        assert_eq!(options.public_url.unwrap(), "https://n.example");
        assert!(options.empty && options.movable_clock);
    }

    #[test]
    fn arguments_after_two_hyphens_are_passed_on() {
        let Ok(Order::Test { checks, arguments }) = order("test edge unit -- --nocapture health")
        else {
            panic!("not a test");
        };
        assert_eq!(checks.len(), 2);
        assert_eq!(arguments, ["--nocapture", "health"]);
    }

    #[test]
    fn what_is_not_understood_is_named() {
        let cases = [
            ("strat", "strat"),
            ("start --prot 1", "--prot"),
            ("start --port x", "x"),
            ("start --allow all", "all"),
            ("start --public-url nimbus.example", "nimbus.example"),
            (
                "start --public-url https://a.example/b",
                "https://a.example/b",
            ),
            ("test everything", "everything"),
            ("build fast", "fast"),
            ("deploy now", "now"),
        ];
        for (line, named) in cases {
            let message = order(line).unwrap_err();
            assert!(
                message.contains(&format!("`{named}`")) || message.contains(named),
                "{line}: {message}"
            );
        }
    }
}
