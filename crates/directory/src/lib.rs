//! Users, groups and memberships, and what a sign-in changes in them, as a plan.
//!
//! Pure: no database, no clock, no randomness, no network. Whoever stores or serves the directory
//! depends on this crate, never the other way round.
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod group;
mod membership;
mod name;
pub mod provision;
mod user;

pub use group::Group;
pub use membership::MembershipSource;
pub use name::{
    NameError, check_group_name, check_known_group_name, check_user_name, name_key,
    warning_for_confluence,
};
pub use user::User;
