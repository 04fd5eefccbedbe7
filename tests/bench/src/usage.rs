//! What a process has used of the machine, as `/proc` tells it.

use std::{fs, time::Duration};

use crate::Outcome;

/// Of a second; the kernel tells all programs so, whatever its own clock.
const TICKS: u64 = 100;

/// What a process has used.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Usage {
    /// Of all its threads, in user and kernel mode.
    pub(crate) cpu: Duration,
    /// In memory, what it shares with others counted in parts.
    pub(crate) pss_bytes: u64,
    /// The most that it ever had in memory.
    pub(crate) peak_bytes: u64,
}

impl Usage {
    pub(crate) fn of(process: u32) -> Outcome<Self> {
        let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
        let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup"))?;
        let status = fs::read_to_string(format!("/proc/{process}/status"))?;
        Ok(Self {
            cpu: cpu(&stat).ok_or("`/proc/…/stat` is not understood")?,
            pss_bytes: kilobytes(&rollup, "Pss:").ok_or("`smaps_rollup` is not understood")?,
            peak_bytes: kilobytes(&status, "VmHWM:").ok_or("`status` is not understood")?,
        })
    }
}

/// Fields 14 and 15. The name in field 2 may hold spaces and parentheses.
fn cpu(stat: &str) -> Option<Duration> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let kernel: u64 = fields.next()?.parse().ok()?;
    Some(Duration::from_millis((user + kernel) * 1000 / TICKS))
}

fn kilobytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let number: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(number * 1024)
}

pub(crate) fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes / 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_kernel_writes_is_read() {
        let stat = "12 (a ) b) S 1 12 12 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 8 0 1 1 1";
        assert_eq!(cpu(stat), Some(Duration::from_secs(3)));
        assert_eq!(cpu("12 (a) S 1"), None);
        assert_eq!(
            kilobytes("Rss: 9 kB\nPss:   7 kB\n", "Pss:"),
            Some(7 * 1024)
        );
        assert_eq!(kilobytes("", "Pss:"), None);
    }

    #[test]
    fn this_very_process_has_used_something() {
        let usage = Usage::of(std::process::id()).unwrap();
        assert!(usage.pss_bytes > 0 && usage.peak_bytes >= usage.pss_bytes / 2);
    }
}
