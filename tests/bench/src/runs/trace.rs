//! What the runtime asks of the disk, seen by `strace`. A commit of `SQLite` ends with a frame in its write-ahead log
//! whose header says how large the database is afterwards; the other frames have 0 there.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use xtask::layout;

use crate::Outcome;

/// The databases in which the runtime itself keeps when alarms ring.
pub(super) const ALARMS: &str = "metadata";

/// The size of a frame's header.
const FRAME_HEADER_BYTES: &str = " = 24";

/// Where the program is, if it is installed.
pub(super) fn program() -> Option<PathBuf> {
    layout::on_path("strace")
}

/// The file that is written while a worker runs.
#[derive(Debug)]
pub(super) struct Trace(PathBuf);

/// How often that happened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) commits: usize,
    pub(super) fsyncs: usize,
}

/// By kind of object, or [`ALARMS`].
#[derive(Debug, Default)]
pub(super) struct Counts(BTreeMap<String, Count>);

impl Trace {
    pub(super) fn new(file: PathBuf) -> Self {
        Self(file)
    }

    /// What runs a worker so that it is seen. The tracer is a process beside it, so that the worker can be killed;
    /// and only the calls that are looked for are stopped at.
    pub(super) fn command(&self, strace: &Path) -> Vec<String> {
        let options = [
            "-D",
            "-f",
            "-qq",
            "--seccomp-bpf",
            "-y",
            "-xx",
            "-s",
            "8",
            "-e",
            "trace=fsync,fdatasync,pwrite64",
            "-o",
        ];
        let words = [strace.to_string_lossy().into_owned()].into_iter();
        let words = words.chain(options.map(str::to_owned));
        words
            .chain([self.0.to_string_lossy().into_owned()])
            .collect()
    }

    pub(super) fn counts(&self) -> Outcome<Counts> {
        let text = fs::read_to_string(&self.0)?;
        let mut counts = Counts::default();
        for line in text.lines() {
            counts.add(line);
        }
        Ok(counts)
    }
}

impl Counts {
    pub(super) fn sum(&self, what: fn(&Count) -> usize, whose: Option<&str>) -> usize {
        let all = self.0.iter();
        let meant = all.filter(|(name, _)| whose.is_none_or(|whose| whose == name.as_str()));
        meant.map(|(_, count)| what(count)).sum()
    }

    fn add(&mut self, line: &str) {
        let Some((call, path, rest)) = parts(line) else {
            return;
        };
        let Some(owner) = owner(&path) else { return };
        let count = self.0.entry(owner).or_default();
        match call {
            "fsync" | "fdatasync" => count.fsyncs += 1,
            "pwrite64" if path.ends_with("-wal") && is_commit(rest) => count.commits += 1,
            _ => {}
        }
    }
}

/// The name of a call, the file that it is about, and what follows: `12 fsync(36</data/x>) = 0`.
fn parts(line: &str) -> Option<(&str, String, &str)> {
    let (head, rest) = line.split_once('<')?;
    let (path, rest) = rest.split_once('>')?;
    let (call, _) = head.split_once('(')?;
    let call = call.rsplit(' ').next()?;
    Some((
        call,
        String::from_utf8_lossy(&bytes(path)).into_owned(),
        rest,
    ))
}

/// Whose database it is: files are `…/objects/KIND/ID.sqlite-wal`.
fn owner(path: &str) -> Option<String> {
    let path = Path::new(path);
    let name = path.file_name()?.to_str()?;
    if name.starts_with(ALARMS) {
        return Some(ALARMS.to_owned());
    }
    let kind = path.parent()?.file_name()?.to_str()?;
    name.contains(".sqlite").then(|| kind.to_owned())
}

fn is_commit(rest: &str) -> bool {
    let written = rest.split('"').nth(1).map(bytes).unwrap_or_default();
    rest.ends_with(FRAME_HEADER_BYTES)
        && written
            .get(4..8)
            .is_some_and(|size| size.iter().any(|byte| *byte != 0))
}

/// Reads `\x41\x42`; what is not written like that is nothing.
fn bytes(text: &str) -> Vec<u8> {
    let digits = text.split("\\x").skip(1);
    digits
        .filter_map(|digits| u8::from_str_radix(digits.get(..2)?, 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> String {
        text.bytes()
            .fold(String::new(), |text, byte| format!("{text}\\x{byte:02x}"))
    }

    #[test]
    fn commits_and_fsyncs_are_told_apart() {
        let wal = hex("/d/objects/runner/0f.sqlite-wal");
        let database = hex("/d/objects/runner/0f.sqlite");
        let alarms = hex("/d/objects/runner/metadata.sqlite-wal");
        let mut counts = Counts::default();
        for line in [
            // A page, a frame in the midst of a commit, and the last one of it.
            format!(
                r#"7 pwrite64(3<{wal}>, "\x0a\x00\x00\x00\x08\x0e\x58\x00"..., 4096, 32) = 4096"#
            ),
            format!(r#"7 pwrite64(3<{wal}>, "\x00\x00\x00\x0e\x00\x00\x00\x00"..., 24, 32) = 24"#),
            format!(r#"7 pwrite64(3<{wal}>, "\x00\x00\x00\x11\x00\x00\x00\x18"..., 24, 32) = 24"#),
            format!("7 fsync(3<{wal}>) = 0"),
            format!("7 fdatasync(4<{database}>) = 0"),
            format!("7 fsync(5<{alarms}>) = 0"),
            "7 +++ killed by SIGKILL +++".to_owned(),
        ] {
            counts.add(&line);
        }
        let expected = Count {
            commits: 1,
            fsyncs: 2,
        };
        assert_eq!(counts.0["runner"], expected);
        assert_eq!(counts.sum(|count| count.fsyncs, Some(ALARMS)), 1);
        assert_eq!(counts.sum(|count| count.fsyncs, None), 3);
    }
}
