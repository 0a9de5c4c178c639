//! The front door as browsers and apps meet it: the listener, the gate and the gateway together,
//! between a client and an app that both speak bytes.

mod authorities;
mod crowded;
mod forwarded;
mod framing;
mod http2;
mod limits;
mod memory;
mod passing;
mod sessions;
mod site;
mod size;
mod slow;
mod tls;
mod to_https;
mod websocket;
