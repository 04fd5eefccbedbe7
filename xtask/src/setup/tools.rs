//! The build tools that are Rust programs, in a folder of the user's cache which all clones share.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{failure::Failure, layout, layout::Layout, process, stage};

const STAGE: &str = "tools";

/// A package and what is taken of it.
struct Tool {
    package: &'static str,
    version: &'static str,
    program: &'static str,
    /// The feature of the package that has the program, where it is not there by itself.
    feature: Option<&'static str>,
}

/// They work together; `layout` says what else to change with them.
const TOOLS: [Tool; 3] = [
    Tool {
        package: "wasm-bindgen-cli",
        version: "0.2.129",
        program: "wasm-bindgen",
        feature: None,
    },
    Tool {
        package: "worker-build",
        version: "0.8.7",
        program: "worker-build",
        feature: None,
    },
    // Of the same minor version as `wasm_split_helpers` in `app`.
    Tool {
        package: "wasm_split_cli_support",
        version: "0.2.4",
        program: "wasm-split-cli",
        feature: Some("build-binary"),
    },
];

/// Compiling quickly matters more here than running quickly.
const CHEAP_PROFILE: [(&str, &str); 3] = [
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"),
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
];

/// A line that names every tool and version, for the stamps of what they build.
pub(super) fn versions() -> String {
    TOOLS
        .map(|tool| format!("{} {}", tool.package, tool.version))
        .join(", ")
}

pub(super) fn run(layout: &Layout) -> Result<(), Failure> {
    let folder = layout::tools()?;
    if missing(&folder).is_empty() {
        stage::say(STAGE, "up to date");
        return Ok(());
    }
    fs::create_dir_all(&folder).map_err(Failure::path("make the folder", &folder))?;
    // Another clone may be at it.
    let lock = folder.join("lock");
    let file = fs::File::create(&lock).map_err(Failure::path("write", &lock))?;
    file.lock().map_err(Failure::path("lock", &lock))?;
    for tool in missing(&folder) {
        let (package, version) = (tool.package, tool.version);
        let minutes = "a few minutes, once for all clones";
        stage::run(
            STAGE,
            format_args!("installing {package} {version} ({minutes})"),
            || install(layout, &folder, &tool),
        )?;
    }
    let target = target(&folder);
    if target.exists() {
        fs::remove_dir_all(&target).map_err(Failure::path("remove", &target))?;
    }
    Ok(())
}

/// Tools that are not installed in their version, as `cargo install` keeps record.
fn missing(folder: &Path) -> Vec<Tool> {
    let installed = fs::read_to_string(folder.join(".crates.toml")).unwrap_or_default();
    TOOLS
        .into_iter()
        .filter(|tool| {
            !installed.contains(&format!("\"{} {} ", tool.package, tool.version))
                || !folder.join("bin").join(tool.program).is_file()
        })
        .collect()
}

/// One folder for all, so that what they have in common is compiled once.
fn target(folder: &Path) -> PathBuf {
    folder.join("target")
}

fn install(layout: &Layout, folder: &Path, tool: &Tool) -> Result<(), Failure> {
    let (package, version) = (tool.package, tool.version);
    let mut command = layout.cargo()?;
    // It knows no features.
    let binstall = tool.feature.is_none() && layout::on_path("cargo-binstall").is_some();
    if binstall {
        command.args(["binstall", "--no-confirm", "--locked", "--version", version]);
    } else {
        command.args(["install", "--locked", "--version", version]);
    }
    if let Some(feature) = tool.feature {
        command.args(["--features", feature]);
    }
    command.arg("--root").arg(folder).arg(package);
    command
        .env("CARGO_TARGET_DIR", target(folder))
        .envs(CHEAP_PROFILE);
    let advice = "Its sources are downloaded and compiled: that takes a network and a C compiler (on Debian: apt-get install gcc libc6-dev).";
    process::quietly(
        layout,
        STAGE,
        &format!("install {package}"),
        command,
        Some(advice),
    )
}
