//! What can go wrong, as sentences that say what to do.

use std::{fmt, io, path::PathBuf};

/// Why a stage could not be done. Its `Display` is a sentence or two for the person at the terminal.
#[derive(Debug)]
pub enum Failure {
    /// The command line is not one we know.
    Usage(String),
    /// A program that has to be there is not.
    Missing {
        program: &'static str,
        advice: &'static str,
    },
    /// Node is older than the tools need.
    NodeTooOld { found: String },
    /// Another program listens on the port.
    PortInUse { port: u16 },
    /// Another Nimbus works on the data folder.
    DataInUse { data: PathBuf },
    /// A file or folder could not be read or written, or a program not be run.
    Io { doing: String, source: io::Error },
    /// A program ended with an error; its output was kept in `log`, when it was not shown.
    Program {
        doing: String,
        log: Option<PathBuf>,
        advice: Option<&'static str>,
    },
    /// Something is not as it must be.
    Unexpected { what: String, advice: &'static str },
}

impl Failure {
    /// For `map_err`: names what was being done when the system refused.
    pub fn io(doing: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let doing = doing.into();
        move |source| Self::Io { doing, source }
    }

    /// For `map_err`: as [`Failure::io`], about a path.
    pub fn path(doing: &str, path: &std::path::Path) -> impl FnOnce(io::Error) -> Self {
        Self::io(format!("{doing} {}", path.display()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(what) => write!(f, "{what}. `cargo xtask help` lists the commands."),
            Self::Missing { program, advice } => write!(f, "`{program}` was not found. {advice}"),
            Self::NodeTooOld { found } => write!(
                f,
                "Node {found} is too old: version 20 or newer is needed. Install one from https://nodejs.org and try again."
            ),
            Self::PortInUse { port } => write!(
                f,
                "Port {port} is taken by another program. Stop that program, or choose another port with `--port`."
            ),
            Self::DataInUse { data } => write!(
                f,
                "Another Nimbus is using the data folder {}. Stop it, or choose another folder with `--data`.",
                data.display()
            ),
            Self::Io { doing, source } => write!(f, "Could not {doing}: {source}."),
            Self::Program { doing, log, advice } => {
                write!(f, "Could not {doing}.")?;
                if let Some(advice) = advice {
                    write!(f, " {advice}")?;
                }
                if let Some(log) = log {
                    write!(f, " All of its output is in {}.", log.display())?;
                }
                Ok(())
            }
            Self::Unexpected { what, advice } => write!(f, "{what}. {advice}"),
        }
    }
}

impl std::error::Error for Failure {}
