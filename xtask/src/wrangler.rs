//! Cloudflare's own tool: the check that a deployment would work, and the deployment.

use std::{
    ffi::OsString,
    process::{Command, ExitStatus},
};

use xtask::{failure::Failure, layout::Layout, process};

/// Deploys with the terminal passed on, because wrangler may ask.
pub(crate) fn deploy(layout: &Layout, arguments: &[OsString]) -> Result<(), Failure> {
    let mut command = wrangler(layout)?;
    command.arg("deploy").args(arguments);
    let status = command.status().map_err(Failure::io("run `wrangler`"))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::Program {
        doing: "deploy".to_owned(),
        log: None,
        advice: Some(
            "Wrangler says why above. The first time, `npx wrangler login` and the secrets of wrangler.toml are needed.",
        ),
    })
}

/// Everything of a deployment but the upload. It needs no network and no account.
pub(crate) fn dry_run(layout: &Layout) -> Result<ExitStatus, Failure> {
    let mut command = wrangler(layout)?;
    command
        .args(["deploy", "--dry-run", "--outdir"])
        .arg(layout.own().join("wrangler"));
    command
        .env("CI", "1")
        .env("WRANGLER_LOG_PATH", layout.own().join("log"));
    process::aloud(command, |_| ())
}

fn wrangler(layout: &Layout) -> Result<Command, Failure> {
    // Named with its Node, because the one which `#!/usr/bin/env node` finds may be too old.
    let mut command = layout.command(layout.node_program("node"))?;
    command
        .arg(layout.node_program("wrangler"))
        .env("WRANGLER_SEND_METRICS", "false");
    Ok(command)
}
