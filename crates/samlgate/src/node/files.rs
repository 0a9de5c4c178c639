//! How many files the process may have open, and what of them each listener gets.
//!
//! A connection is a file, and so is the database. Were they shared without a plan, anybody could take
//! them all by opening connections and saying nothing, and the apps could not ask for a password any
//! more. So each has its own.

use std::io;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Connections at once, derived from how many files there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shares {
    pub(super) public: usize,
    /// Requests at the apps at once; each may leave a connection that is kept.
    pub(super) upstream: usize,
    pub(super) crowd: usize,
    pub(super) console: usize,
    pub(super) operations: usize,
    pub(super) redirect: usize,
}

impl Shares {
    /// Of `files` in all. What is left is for the database, sign-ins at the apps and the IdPs.
    pub(super) fn of(files: u64) -> Self {
        let rest = usize::try_from(files).unwrap_or(usize::MAX).saturating_sub(OWN);
        let share = |part: usize, most: usize| (rest / part).clamp(1, most);
        Shares {
            public: share(2, 10_000),
            upstream: share(8, 4_000),
            crowd: share(8, 1_000),
            console: share(16, 200),
            operations: share(32, 50),
            redirect: share(32, 500),
        }
    }
}

/// Raises the limit of this process as far as is useful and the system allows; gives what it is then.
pub(super) fn raise_limit() -> u64 {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let now = current.unwrap_or(USEFUL);
    let wanted = maximum.map_or(USEFUL, |maximum| maximum.min(USEFUL));
    if now >= wanted {
        return now;
    }
    match setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum }) {
        Ok(()) => wanted,
        Err(error) => {
            let error = io::Error::from(error);
            tracing::warn!(error = %error, "the limit of open files stays at {now}");
            now
        }
    }
}

/// The program's own: database, log, timers, listeners.
const OWN: usize = 128;

/// With so many each listener has all that it may have.
const USEFUL: u64 = 32_768;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_enough_files_each_has_all_that_it_may_have() {
        let all = Shares {
            public: 10_000,
            upstream: 4_000,
            crowd: 1_000,
            console: 200,
            operations: 50,
            redirect: 500,
        };
        for files in [USEFUL, USEFUL * 2, u64::MAX] {
            assert_eq!(Shares::of(files), all, "{files}");
        }
    }

    #[test]
    fn however_few_files_there_are_all_shares_together_leave_some() {
        for files in (0..40_000).step_by(7) {
            let shares = Shares::of(files);
            let Shares { public, upstream, crowd, console, operations, redirect } = shares;
            let taken = public + upstream * 2 + crowd + console + operations + redirect;
            assert!(taken as u64 + 100 <= files.max(107), "{taken} of {files}");
        }
    }

    #[test]
    fn the_limit_is_raised_and_never_lowered() {
        let before = getrlimit(Resource::Nofile).current.unwrap();
        let raised = raise_limit();
        assert!(raised >= before);
        assert_eq!(getrlimit(Resource::Nofile).current, Some(raised));
        assert_eq!(raise_limit(), raised);
    }
}
