//! times
