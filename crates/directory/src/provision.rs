//! Just-in-time provisioning: from what the IdP says to what changes in the directory.
//!
//! Two pure steps: [`claims`] reads the assertion's values as the settings say, [`plan`] compares
//! them with what is there. Nothing is changed here; whoever applies a [`Plan`] does so in one
//! transaction. Groups are never created and memberships never removed.

mod claims;
mod excerpt;
mod plan;
mod refusal;
mod rules;

pub use claims::{Claims, GroupClaim, claims};
pub use plan::{Existing, Plan, PlanLine, UserChange, plan, wanted_groups};
pub use refusal::Refusal;
pub use rules::{GroupSeparator, Mapping, MissingEmail, Rules, UserIdLocation};
