//! The gateway between a raw client and a raw app, both on loopback and both speaking bytes: what
//! one sends is compared with what the other sees.

mod app;
mod body;
mod failures;
mod front;
mod headers;
mod message;
mod random;
mod streaming;
mod tunnel;
