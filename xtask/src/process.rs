//! Running other programs: quietly with a log, or aloud with their lines read along.

use std::{
    fs,
    io::{self, BufRead, BufReader},
    process::{Command, ExitStatus, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use crate::{failure::Failure, layout::Layout, stage};

/// How often a long quiet stage says that it is still at work.
const SIGN_OF_LIFE: Duration = Duration::from_secs(30);
/// How much of the log is shown when a program failed.
const SHOWN_LINES: usize = 60;

/// Runs a program whose output matters only when it fails: then the end of it is shown.
pub fn quietly(
    layout: &Layout,
    stage: &str,
    doing: &str,
    mut command: Command,
    advice: Option<&'static str>,
) -> Result<(), Failure> {
    let log = layout.own().join("log").join(format!("{stage}.log"));
    let open = || {
        fs::create_dir_all(layout.own().join("log"))?;
        let file = fs::File::create(&log)?;
        Ok((file.try_clone()?, file))
    };
    let (out, err) = open().map_err(Failure::path("write", &log))?;
    command.stdin(Stdio::null()).stdout(out).stderr(err);
    let status = with_signs_of_life(stage, || command.status()).map_err(Failure::io(format!(
        "run `{}`",
        command.get_program().display()
    )))?;
    if status.success() {
        return Ok(());
    }
    let text = fs::read(&log).map_err(Failure::path("read", &log))?;
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    for line in &lines[lines.len().saturating_sub(SHOWN_LINES)..] {
        eprintln!("  {line}");
    }
    Err(Failure::Program {
        doing: doing.to_owned(),
        log: Some(log),
        advice,
    })
}

fn with_signs_of_life<T>(stage: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let (done, wait) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            while let Err(RecvTimeoutError::Timeout) = wait.recv_timeout(SIGN_OF_LIFE) {
                stage::say(
                    stage,
                    format_args!("… {:.0} s", start.elapsed().as_secs_f64()),
                );
            }
        });
        let result = work();
        drop(done);
        result
    })
}

/// Runs a program with its output passed on; `read` sees each line of its standard output.
pub fn aloud(mut command: Command, mut read: impl FnMut(&str)) -> Result<ExitStatus, Failure> {
    let name = command.get_program().display().to_string();
    let mut run = || -> io::Result<ExitStatus> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        if let Some(out) = child.stdout.take() {
            for line in BufReader::new(out).split(b'\n') {
                let line = line?;
                let line = String::from_utf8_lossy(&line);
                println!("{line}");
                read(&line);
            }
        }
        child.wait()
    };
    run().map_err(Failure::io(format!("run `{name}`")))
}

/// What a program prints, when it succeeds.
pub fn output(mut command: Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
