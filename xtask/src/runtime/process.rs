//! A child process that does not outlive us.

use std::{
    io,
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{LazyLock, mpsc},
    thread,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

/// A child process; dropping it kills it.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
}

impl Process {
    /// A command that runs `program` and, on Linux, gets SIGTERM when we are killed ourselves.
    pub(super) fn command(program: &Path) -> Command {
        if !*CAN_DIE_WITH_PARENT {
            return Command::new(program);
        }
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "TERM"]).arg(program);
        command
    }

    /// Starts a command in a process group of its own, so that a Ctrl-C at the terminal reaches only us, and we
    /// decide how the child ends.
    pub(super) fn spawn(mut command: Command) -> io::Result<Self> {
        command.process_group(0);
        let (reply, answer) = mpsc::channel();
        let gone = || io::Error::other("the thread that starts processes has ended");
        SPAWNER.send((command, reply)).map_err(|_| gone())?;
        Ok(Self {
            child: answer.recv().map_err(|_| gone())??,
        })
    }

    /// A handle for sending signals from another thread, while this one waits.
    pub(super) fn signals(&self) -> Signals {
        // Process ids of Linux and macOS fit in 31 bits.
        Signals(self.child.id().try_into().map(Pid::from_raw).ok())
    }

    /// Its number, as `/proc` knows it.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it has.
    pub(super) fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        self.child.try_wait()
    }

    /// Waits until it ends.
    pub(super) fn wait(&mut self) -> io::Result<ExitStatus> {
        self.child.wait()
    }

    /// Kills it with SIGKILL and waits until it is gone.
    pub(super) fn kill(&mut self) -> io::Result<()> {
        self.child.kill()?;
        self.child.wait().map(drop)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already, and there is nobody to tell.
        let _ = self.kill();
    }
}

/// Sends signals to a process.
#[derive(Debug, Clone, Copy)]
pub struct Signals(Option<Pid>);

impl Signals {
    /// Asks the process to finish what it is answering, and to end.
    pub fn terminate(self) {
        self.send(Signal::SIGTERM);
    }

    /// Ends the process at once.
    pub fn kill(self) {
        self.send(Signal::SIGKILL);
    }

    fn send(self, signal: Signal) {
        if let Some(pid) = self.0 {
            // The process may just have ended, which is what was wanted.
            let _ = kill(pid, signal);
        }
    }
}

type Order = (Command, mpsc::Sender<io::Result<Child>>);

/// Linux sends a child's parent-death signal when the *thread* that started it ends, so all are started by one
/// thread that lives as long as we do.
static SPAWNER: LazyLock<mpsc::Sender<Order>> = LazyLock::new(|| {
    let (orders, inbox) = mpsc::channel::<Order>();
    thread::spawn(move || {
        for (mut command, reply) in inbox {
            // Nobody waiting for the answer means that nobody wants the child: dropping it is right.
            let _ = reply.send(command.spawn());
        }
    });
    orders
});

/// The system call behind it is unsafe code, so a program which Linux distributions bring along makes it.
static CAN_DIE_WITH_PARENT: LazyLock<bool> = LazyLock::new(|| {
    let probe = Command::new("setpriv")
        .args(["--pdeathsig", "TERM", "true"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    probe.is_ok_and(|status| status.success())
});
