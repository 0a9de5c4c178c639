//! Both ends of the wire: the listeners that take connections ([`listen`]), and the reverse proxy that
//! gives a request to an app and streams the answer back.
//!
//! It knows requests and bytes, not people: no sessions, no settings, no SAML. It never collects a
//! body, except where a caller asks for a few kilobytes ([`peek`], [`collect`]), and it never
//! limits the whole of a request: only its phases ([`Timeouts`]).
//!
//! What passes is untouched but for what RFC 9110 §7.6 asks of every intermediary, headers that say
//! who or where the sender is, addresses that only the gateway can reach, and cookies of its own.
//! Trailers and interim answers (103) end here, as at most proxies.

mod answer;
mod body;
mod error;
mod exchange;
mod forward;
mod framing;
mod heard;
mod inject;
mod link;
pub mod listen;
mod location;
mod network;
mod noted;
mod patience;
mod pool;
mod room;
mod sender;
mod turns;
mod upgrade;
mod upstream;

pub use body::{Body, BoxError, boxed, collect, empty, full, peek};
pub use error::{GatewayError, Phase};
pub use forward::forward;
pub use inject::{Insertion, Obstacle, Report, inject, prepare_injection};
pub use network::network_of;
pub use patience::patient;
pub use sender::{CLAIMS, ForwardContext, is_claim, is_told};
pub use turns::Turns;
pub use upgrade::Tunnel;
pub use upstream::{Timeouts, Upstream};
