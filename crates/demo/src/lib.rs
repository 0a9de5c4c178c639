//! The other side of every protocol that Samlgate speaks: an IdP, and doubles of Jira and Confluence
//! with a Crowd client of their own. `samlgate-demo` and the tests share them.
//!
//! What this crate does not do: it verifies no SAML message, stores nothing on disk, guards no
//! secret, and shares no code with Samlgate's own Crowd side. That two programs agree here proves
//! that both follow the same notes, not that a real Jira does. The marks of those notes are kept:
//! [C] published by the maker, [S] seen in third-party copies, [I] inferred, [U] not found out.

mod app;
mod confluence;
mod idp;
mod jira;
mod people;
mod process;
mod serving;

pub use app::crowd_client::WireFormat;
pub use app::profile::Profile;
pub use app::{AppOptions, CrowdSettings, InternalUser, RunningApp, start_app};
pub use idp::{IdpOptions, RunningIdp, ServiceProvider, start_idp};
pub use people::{PEOPLE, Person, person};
