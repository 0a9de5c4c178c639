//! Samlgate: SAML single sign-on and just-in-time users for Jira, Confluence and anything with a
//! Crowd client, from outside the application.
//!
//! This crate composes: it owns the listeners, the settings, the story of a sign-in and the pages.
//! It does not verify signatures (`saml`), decide what a sign-in changes (`directory`), know the
//! Crowd wire format (`crowd`), write SQL (`store`) or copy bytes to an app (`gateway`).
//!
//! A newcomer's way in: [`gate`] (a request at the front door), [`signin`] (the main job, top to
//! bottom), [`opener`] (how the app learns who it is), [`rest`] (the app asks back).

pub mod access;
pub mod address;
pub mod answer;
pub mod authorities;
pub mod choice;
pub mod cli;
pub mod config;
pub mod console;
pub mod cookie_map;
pub mod fetch;
pub mod form;
pub mod front;
pub mod gate;
pub mod inactivity;
pub mod jobs;
pub mod metadata;
pub mod moment;
pub mod node;
pub mod open;
pub mod opener;
pub mod operations;
pub mod page;
pub mod password;
pub mod pending;
pub mod people;
pub mod reference;
pub mod refusal;
pub mod rest;
pub mod runtime;
pub mod secrets;
pub mod sending;
pub mod session;
pub mod setting_key;
pub mod settings;
pub mod signin;
pub mod signout;
pub mod sp_keys;
pub mod ticket;
pub mod tracker;
pub mod trust;
pub mod verifier;
mod visit;
