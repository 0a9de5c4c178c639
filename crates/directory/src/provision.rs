//! Just-in-time provisioning: from what the IdP says to what changes in the directory.
//!
//! Pure steps: a [`Reading`] makes [`Claims`] of the assertion's values, [`Lookup`] says what of
//! the directory matters to them, [`plan()`] compares the two by the [`Rules`]. Nothing is changed
//! here; whoever applies a [`Plan`] does so in one transaction. By the default rules no group is
//! created and no membership removed.

mod access;
mod bound;
mod claims;
mod excerpt;
mod existing;
mod pattern;
mod plan;
mod reading;
mod refusal;
mod rules;
mod transformation;

pub use access::{AccessEffect, AccessRule, Condition};
pub use bound::{Binding, Unbound};
pub use claims::{ClaimedGroup, Claims, GroupClaim, Incomplete, Joined};
pub use existing::{Existing, HeldMembership, KnownUser, Lookup};
pub use pattern::NamePattern;
pub use plan::{
    Mark, Plan, PlanLine, PlannedGroup, PlannedMembership, Provenance, UserChange, UserUpdate, plan,
};
pub use reading::{GroupNames, GroupReading, Reading, Source, Template, TemplateError, ValueRule};
pub use refusal::Refusal;
pub use rules::{
    CustomerRules, FindBy, GroupRules, GroupSeparator, Inactivity, MissingEmail, Origin, Removal,
    Rules,
};
pub use transformation::{NoMatch, Replacement, ReplacementError, Step, Transformation};
