//! Chromium for the browser tests.

use std::{
    env,
    path::{Path, PathBuf},
};

use nix::unistd::Uid;

use crate::{
    failure::Failure,
    layout::{self, Layout},
    process, stage,
};

const STAGE: &str = "browser";
const PROGRAMS: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];
const PLACES: [&str; 4] = [
    "/usr/lib/chromium/chromium",
    "/snap/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/// Finds Chromium, or installs it where that can be done without asking.
pub fn chromium(layout: &Layout) -> Result<PathBuf, Failure> {
    if let Some(path) = find() {
        stage::say(STAGE, format_args!("found {}", path.display()));
        return Ok(path);
    }
    if Uid::effective().is_root() && layout::on_path("apt-get").is_some() {
        stage::run(STAGE, "installing Debian's Chromium", || install(layout))?;
        if let Some(path) = find() {
            return Ok(path);
        }
    }
    Err(Failure::Missing {
        program: "chromium",
        advice: "The browser tests need it. Install it (on Debian: apt-get install chromium), or set CHROME to the path of a Chromium or Chrome.",
    })
}

fn find() -> Option<PathBuf> {
    let named = env::var_os("CHROME")
        .map(PathBuf::from)
        .filter(|path| path.is_file());
    named
        .or_else(|| PROGRAMS.iter().find_map(|program| layout::on_path(program)))
        .or_else(|| PLACES.iter().map(PathBuf::from).find(|path| path.is_file()))
        .or_else(|| downloaded(&env::home_dir()?))
}

/// What `npx playwright install chromium` leaves.
fn downloaded(home: &Path) -> Option<PathBuf> {
    [".cache/ms-playwright", "Library/Caches/ms-playwright"]
        .iter()
        .filter_map(|cache| home.join(cache).read_dir().ok())
        .flat_map(|entries| entries.filter_map(Result::ok))
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("chromium-"))
        .flat_map(|entry| {
            ["chrome-linux/chrome", "chrome-linux64/chrome"]
                .map(|program| entry.path().join(program))
        })
        .find(|path| path.is_file())
}

fn install(layout: &Layout) -> Result<(), Failure> {
    for arguments in [
        &["update"][..],
        // The fonts keep the screenshots from being full of boxes.
        &[
            "install",
            "--yes",
            "--no-install-recommends",
            "chromium",
            "fonts-dejavu-core",
        ][..],
    ] {
        let mut command = layout.command("apt-get")?;
        command
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(arguments);
        let advice = "Install it by hand, or set CHROME to the path of a Chromium or Chrome.";
        process::quietly(layout, STAGE, "install Chromium", command, Some(advice))?;
    }
    Ok(())
}
