//! How messages travel: by an HTML form, or in the query of a redirect.

mod incoming;
mod outgoing;
mod pasted;
mod post;

pub use incoming::{LogoutMessage, MessageKind};
pub use outgoing::{Outgoing, PostForm, Signer};
pub use post::RawResponse;
