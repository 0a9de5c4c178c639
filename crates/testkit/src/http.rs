//! HTTP/1.1 spoken as bytes: apps, clients and a reader of messages that share no code with the
//! product or the libraries it uses, so that what one end sends can be compared with what the
//! other end saw.

mod app;
mod client;
mod message;

pub use app::{App, Caller, answering, app, ok, showing};
pub use client::Client;
pub use message::{Message, Reader};
