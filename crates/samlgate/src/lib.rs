//! Samlgate: SAML single sign-on and just-in-time users for Jira, Confluence and anything with a
//! Crowd client, from outside the application.
//!
//! This crate composes: it is the front door with the story of a sign-in, the command line, the node
//! that opens the listeners, and the jobs. It does not verify signatures (`saml`), decide what a
//! sign-in changes (`directory`), write SQL (`store`), copy bytes to an app (`gateway`), keep settings
//! (`installation`), answer the apps' questions (`crowd_server`) or the administrator's (`console`).
//!
//! A newcomer's way in: [`front::gate`] (a request at the front door), [`front::signin`] (the main
//! job, top to bottom), [`front::opener`] (how the app learns who it is).

pub mod cli;
pub mod front;
pub mod jobs;
pub mod node;
