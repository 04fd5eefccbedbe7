//! The worker on Cloudflare's own runtime, workerd, with a data folder.

mod configuration;
mod console;
mod process;

use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{failure::Failure, layout::Layout, networks::Networks, secrets};

use process::Process;
pub use process::Signals;

/// The longest that the worker may take to answer for the first time.
const PATIENCE: Duration = Duration::from_mins(1);
/// The pause between two looks whether it answers.
const PAUSE: Duration = Duration::from_millis(20);

/// How a worker is run.
#[derive(Debug, Clone)]
pub struct Options {
    /// On 127.0.0.1.
    pub port: u16,
    /// Where the objects are kept; made when missing.
    pub data: PathBuf,
    /// What outbound requests may reach.
    pub networks: Networks,
    /// What links begin with, without a slash at the end.
    pub public_url: String,
    /// Whether an empty data folder gets the worked example.
    pub seed: bool,
    /// Whether its clock may be moved, as tests do.
    pub movable_clock: bool,
    /// Keys and tokens.
    pub secrets: secrets::Secrets,
}

/// A running worker. Dropping it kills it.
#[derive(Debug)]
pub struct Runtime {
    process: Process,
    options: Options,
    // Held as long as the worker runs, so that no second one works on the same data.
    _lock: Lock,
}

impl Runtime {
    /// Starts the worker; it may not answer yet. Its output goes to `output`, else to ours.
    pub fn start(layout: &Layout, options: Options, output: Option<File>) -> Result<Self, Failure> {
        Self::start_under(layout, options, output, &[])
    }

    /// As [`Runtime::start`], run by another program that becomes it; named with its arguments.
    pub fn start_under(
        layout: &Layout,
        options: Options,
        output: Option<File>,
        program: &[String],
    ) -> Result<Self, Failure> {
        check(layout)?;
        secrets::private_folder(&options.data.join(configuration::OBJECTS))?;
        let lock = lock(&options.data)?;
        let file = configuration::write(layout, &options)?;
        let workerd = layout.workerd();
        let mut command = match program {
            [] => Process::command(&workerd),
            [outer, arguments @ ..] => {
                let mut command = Process::command(Path::new(outer));
                command.args(arguments).arg(&workerd);
                command
            }
        };
        // The configuration names its modules by absolute paths, which are looked up from here.
        command.args(["serve", "--import-path=/"]).arg(file);
        command
            .envs(options.secrets.environment())
            .stdin(Stdio::null());
        if let Some(output) = output {
            let twin = output
                .try_clone()
                .map_err(Failure::io("write the runtime's log"))?;
            command.stdout(output).stderr(twin);
        }
        let process = Process::spawn(command).map_err(Failure::io("start workerd"))?;
        Ok(Self {
            process,
            options,
            _lock: lock,
        })
    }

    /// Waits until the worker answers.
    pub fn wait_until_healthy(&mut self) -> Result<(), Failure> {
        let start = Instant::now();
        loop {
            if console::is_healthy(&self.options) {
                return Ok(());
            }
            if let Some(status) = self.process.ended().map_err(Failure::io("watch workerd"))? {
                return Err(Failure::Unexpected {
                    what: format!("workerd ended ({status}) before the worker answered"),
                    advice: "The lines above say why.",
                });
            }
            if start.elapsed() > PATIENCE {
                return Err(Failure::Unexpected {
                    what: format!("The worker did not answer within {} s", PATIENCE.as_secs()),
                    advice: "The lines above may say why.",
                });
            }
            thread::sleep(PAUSE);
        }
    }

    /// Asks for a one-time link that signs in to the console.
    pub fn sign_in_link(&self) -> Result<String, Failure> {
        console::sign_in_link(&self.options)
    }

    /// For signals from another thread, while this one waits.
    pub fn signals(&self) -> Signals {
        self.process.signals()
    }

    /// Waits until the worker ends.
    pub fn wait(&mut self) -> Result<ExitStatus, Failure> {
        self.process.wait().map_err(Failure::io("watch workerd"))
    }

    /// Kills the worker at once, as a crash would, and waits until it is gone.
    pub fn kill(&mut self) -> Result<(), Failure> {
        self.process.kill().map_err(Failure::io("kill workerd"))
    }

    /// The number of its process.
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// What it was started with.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Where it listens, whatever the public URL says.
    pub fn local_url(&self) -> String {
        local_url(self.options.port)
    }
}

/// The address of a worker on this machine.
pub fn local_url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

fn check(layout: &Layout) -> Result<(), Failure> {
    let parts = [
        layout.workerd(),
        layout.worker().join("index.js"),
        layout.dist().join("assets.json"),
    ];
    match parts.iter().find(|part| !part.exists()) {
        None => Ok(()),
        Some(part) => Err(Failure::Unexpected {
            what: format!("{} is not there", part.display()),
            advice: "Run `cargo xtask build` first.",
        }),
    }
}

/// The right to work on a data folder.
#[derive(Debug)]
struct Lock(File);

impl Drop for Lock {
    /// Closing the file is not enough: a program that another thread is just starting has a copy of it
    /// for a moment.
    fn drop(&mut self) {
        // Then it is closed all the same.
        let _ = self.0.unlock();
    }
}

fn lock(data: &Path) -> Result<Lock, Failure> {
    let path = data.join("lock");
    let file = File::create(&path).map_err(Failure::path("write", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(file)),
        Err(TryLockError::WouldBlock) => Err(Failure::DataInUse {
            data: data.to_owned(),
        }),
        Err(TryLockError::Error(source)) => Err(Failure::path("lock", &path)(source)),
    }
}

#[cfg(test)]
mod tests {
    use std::{env, fs};

    use super::lock;

    #[test]
    fn a_data_folder_is_free_again_though_a_copy_of_its_lock_is_open() {
        let data = env::temp_dir().join(format!("nimbus-lock-{}", std::process::id()));
        fs::create_dir_all(&data).unwrap();
        let held = lock(&data).unwrap();
        assert!(lock(&data).is_err());
        let copy = held.0.try_clone().unwrap();
        drop(held);
        assert!(lock(&data).is_ok());
        drop(copy);
        fs::remove_dir_all(&data).unwrap();
    }
}
