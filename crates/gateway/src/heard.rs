//! Whether an app has said anything to a request: what it has not even begun to answer may be asked
//! again on another connection (RFC 9110 §9.2.2), anything else may not.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::noted::Reads;

/// Whether a byte has come since the last request was sent.
#[derive(Clone, Default)]
pub(crate) struct Heard(Arc<AtomicBool>);

impl Heard {
    /// A request is about to be sent.
    pub(crate) fn nothing(&self) {
        self.0.store(false, Ordering::Relaxed);
    }

    /// Whether a byte has come.
    pub(crate) fn anything(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Reads for Heard {
    fn came(&self, bytes: usize) {
        if bytes > 0 {
            self.0.store(true, Ordering::Relaxed);
        }
    }
}
