//! The app: `app` as WebAssembly in several files, its page and its style, compressed and listed for the worker
//! that serves them.
//!
//! 1. cargo compiles it, with the relocations that say which code uses which.
//! 2. `wasm-split-cli` cuts it at the functions marked with `wasm_split`: what is needed at once stays in one
//!    file, what only some pages need goes into others, which a small script fetches.
//! 3. `wasm-bindgen` writes the scripts for the first file, `wasm-opt` makes all of them small.
//! 4. esbuild makes one script and one style; [`page`] puts everything into `dist` under names that carry a hash.

mod page;

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    assets,
    failure::Failure,
    layout::{self, Layout},
    process,
    setup::{tools, worker::COMMON_INPUTS},
    stage,
    stamp::{self, Inputs, Stamp},
};

const STAGE: &str = "app";
/// The profile of the workspace's `Cargo.toml`.
const PROFILE: &str = "app";
/// `erase_components` gives all of Leptos' views one type, which makes the app a sixth smaller.
const RUST_FLAGS: &str = "--cfg=erase_components -Clink-arg=--emit-relocs";
/// What the compiler may have used; `wasm-opt` is told, because the parts do not say it themselves.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

pub(super) fn run(layout: &Layout) -> Result<(), Failure> {
    let inputs = Inputs::default()
        .text(&tools::versions())
        .text(RUST_FLAGS)
        .paths(layout.root(), &COMMON_INPUTS)?
        .paths(layout.root(), &["shared/src", "app", "style", "index.html"])?
        .paths(
            layout.root(),
            &[
                "xtask/src/assets.rs",
                "xtask/src/setup/app.rs",
                "xtask/src/setup/app",
                "xtask/compress.mjs",
            ],
        )?;
    let stamp = Stamp::new(layout, STAGE, inputs);
    if stamp.is_current(&[
        layout.dist().join("index.html"),
        layout.dist().join(assets::LIST),
    ]) {
        stage::say(STAGE, "up to date");
        return Ok(());
    }
    stage::run(
        STAGE,
        "building (two or three minutes the first time)",
        || {
            let build = Build {
                layout,
                folder: layout.own().join("app"),
            };
            build.run()?;
            assets::compress(layout)?;
            assets::write_list(layout)
        },
    )?;
    stamp.set()
}

struct Build<'l> {
    layout: &'l Layout,
    /// For what is made on the way.
    folder: PathBuf,
}

impl Build<'_> {
    fn run(&self) -> Result<(), Failure> {
        let compiled = self.compile()?;
        let cut = self.empty_folder("cut")?;
        self.cut(&compiled, &cut)?;
        let bound = self.empty_folder("bound")?;
        self.bind(&cut.join("nimbus.wasm"), &bound)?;
        let ready = self.empty_folder("ready")?;
        self.shrink(&bound.join("nimbus_bg.wasm"), &ready)?;
        for file in stamp::sorted(&cut)? {
            let is_part =
                file.extension().is_some_and(|end| end == "wasm") && !file.ends_with("nimbus.wasm");
            if is_part {
                self.shrink(&file, &ready)?;
            } else if file.ends_with("__wasm_split.js") {
                copy(&file, &bound.join("__wasm_split.js"))?;
            }
        }
        self.bundle(&bound, &ready)?;
        page::write(self.layout, &ready)
    }

    /// Gives the compiled app.
    fn compile(&self) -> Result<PathBuf, Failure> {
        let target = self.layout.root().join("target");
        let mut command = self.layout.cargo()?;
        command
            .args(["build", "--package", "nimbus-app"])
            .args(["--target", "wasm32-unknown-unknown", "--profile", PROFILE])
            .arg("--target-dir")
            .arg(&target)
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", RUST_FLAGS);
        self.quietly("compile the app", command)?;
        Ok(target
            .join("wasm32-unknown-unknown")
            .join(PROFILE)
            .join("nimbus-app.wasm"))
    }

    fn cut(&self, compiled: &Path, out: &Path) -> Result<(), Failure> {
        let mut command = self.tool("wasm-split-cli")?;
        command
            .args(["--target", "web", "--out-name", "nimbus"])
            .arg(compiled)
            .arg(out);
        self.quietly("cut the app into parts", command)
    }

    fn bind(&self, main: &Path, out: &Path) -> Result<(), Failure> {
        let mut command = self.tool("wasm-bindgen")?;
        command
            .args(["--target", "web", "--no-typescript"])
            // The parts need the table of functions.
            .arg("--keep-lld-exports")
            .args(["--out-name", "nimbus", "--out-dir"])
            .arg(out)
            .arg(main);
        self.quietly("write the app's scripts", command)
    }

    fn shrink(&self, file: &Path, out: &Path) -> Result<(), Failure> {
        let mut command = self.layout.command(self.layout.node_program("wasm-opt"))?;
        command
            .arg("-Oz")
            // What is put into its only caller makes the file smaller, but no longer repeats itself: compressed, as it
            // travels, the file is about 1 % larger.
            .arg("--one-caller-inline-max-function-size=0")
            .args(FEATURES)
            .arg(file)
            .arg("--output")
            .arg(out.join(file.file_name().unwrap_or_default()));
        self.quietly("make the app small", command)
    }

    /// One script and one style, which the page names.
    fn bundle(&self, bound: &Path, out: &Path) -> Result<(), Failure> {
        let start = bound.join("start.js");
        fs::write(&start, "import start from \"./nimbus.js\";\nstart();\n")
            .map_err(Failure::path("write", &start))?;
        let mut script = self.esbuild()?;
        script
            .arg(&start)
            .arg("--format=esm")
            .arg(format!("--outfile={}", out.join("nimbus.js").display()));
        self.quietly("bundle the app's scripts", script)?;
        let mut style = self.esbuild()?;
        style
            .arg("style/main.css")
            .arg(format!("--outfile={}", out.join("main.css").display()));
        self.quietly("bundle the app's style", style)?;
        for name in ["theme.js", "icon.svg"] {
            copy(
                &self.layout.root().join("style").join(name),
                &out.join(name),
            )?;
        }
        Ok(())
    }

    fn esbuild(&self) -> Result<std::process::Command, Failure> {
        let mut command = self.layout.command(self.layout.node_program("esbuild"))?;
        command.args(["--bundle", "--minify", "--log-level=warning"]);
        Ok(command)
    }

    fn tool(&self, name: &str) -> Result<std::process::Command, Failure> {
        self.layout.command(layout::tools()?.join("bin").join(name))
    }

    fn quietly(&self, doing: &str, command: std::process::Command) -> Result<(), Failure> {
        process::quietly(self.layout, STAGE, doing, command, None)
    }

    fn empty_folder(&self, name: &str) -> Result<PathBuf, Failure> {
        let folder = self.folder.join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(Failure::path("remove", &folder))?;
        }
        fs::create_dir_all(&folder).map_err(Failure::path("make the folder", &folder))?;
        Ok(folder)
    }
}

fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    fs::copy(from, to)
        .map(|_| ())
        .map_err(Failure::path("copy", from))
}
