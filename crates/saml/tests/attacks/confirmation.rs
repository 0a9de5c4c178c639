//! confirmation
