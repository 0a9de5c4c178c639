//! The gateway between a raw client and a raw app, both on loopback and both speaking bytes: what
//! one sends is compared with what the other sees.

mod body;
mod failures;
mod front;
mod headers;
mod random;
mod streaming;
mod tunnel;
