//! A value that several requests change, one after the other.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A mutex that outlives a panic of a holder: a double is better wrong than dead.
#[derive(Debug, Default)]
pub(crate) struct Guarded<T>(Mutex<T>);

impl<T> Guarded<T> {
    pub(crate) fn new(value: T) -> Self {
        Guarded(Mutex::new(value))
    }

    /// Waits for its turn. Never held while anything is awaited.
    pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
