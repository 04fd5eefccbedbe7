//! The Node packages: the runtime, wrangler, esbuild, wasm-opt, Playwright, and a Node new enough to run them.

use std::process::Command;

use crate::{
    failure::Failure,
    layout::{self, Layout},
    process, stage,
    stamp::{Inputs, Stamp},
};

const STAGE: &str = "node";
/// What installs the packages; they bring a newer one that runs them.
const OLDEST_NODE: u32 = 20;
const ADVICE: &str =
    "Install Node 20 or newer from https://nodejs.org (npm comes with it) and try again.";

pub(super) fn run(layout: &Layout) -> Result<(), Failure> {
    let inputs = Inputs::default().paths(layout.root(), &["package.json", "package-lock.json"])?;
    let stamp = Stamp::new(layout, STAGE, inputs);
    let mut outputs: Vec<_> = ["esbuild", "node", "playwright", "wasm-opt", "wrangler"]
        .map(|name| layout.node_program(name))
        .into();
    outputs.push(layout.workerd());
    if stamp.is_current(&outputs) {
        stage::say(STAGE, "packages are up to date");
        return Ok(());
    }
    check_version()?;
    if layout::on_path("npm").is_none() {
        return Err(Failure::Missing {
            program: "npm",
            advice: ADVICE,
        });
    }
    stage::run(
        STAGE,
        "installing the packages of package-lock.json",
        || {
            let mut command = Command::new("npm");
            command.current_dir(layout.root()).args([
                "ci",
                "--no-audit",
                "--no-fund",
                "--loglevel=error",
            ]);
            let advice = "The packages are downloaded: is there a network?";
            process::quietly(
                layout,
                STAGE,
                "install the Node packages",
                command,
                Some(advice),
            )
        },
    )?;
    match outputs.iter().find(|output| !output.exists()) {
        None => stamp.set(),
        Some(output) => Err(Failure::Unexpected {
            what: format!("npm did not bring {}", output.display()),
            advice: "Does your npm's configuration forbid install scripts or optional packages? Nimbus needs both.",
        }),
    }
}

fn check_version() -> Result<(), Failure> {
    let mut question = Command::new("node");
    question.arg("--version");
    let found = process::output(question).ok_or(Failure::Missing {
        program: "node",
        advice: ADVICE,
    })?;
    let major = found
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|major| major.parse().ok());
    if major.is_some_and(|major: u32| major >= OLDEST_NODE) {
        Ok(())
    } else {
        Err(Failure::NodeTooOld { found })
    }
}
