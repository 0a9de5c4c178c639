//! Just-in-time provisioning: from what the IdP says to what changes in the directory.
//!
//! Pure steps: a [`Reading`] makes [`Claims`] of the assertion's values, [`Lookup`] says what of
//! the directory matters to them, [`plan()`] compares the two by the [`Rules`]. Nothing is changed
//! here; whoever applies a [`Plan`] does so in one transaction. By the default rules no group is
//! created and no membership removed.

mod claims;
mod excerpt;
mod existing;
mod pattern;
mod plan;
mod reading;
mod refusal;
mod rules;
mod transformation;

pub use claims::{ClaimedGroup, Claims, GroupClaim, Incomplete, Joined, NameId};
pub use existing::{Binding, Existing, HeldMembership, KnownUser, Lookup};
pub use pattern::NamePattern;
pub use plan::{
    Mark, Plan, PlanLine, PlannedGroup, PlannedMembership, Provenance, UserChange, UserUpdate, plan,
};
pub use reading::{
    AbsentGroups, GroupNames, GroupReading, GroupSeparator, Reading, Source, Template,
    TemplateError, ValueRule,
};
pub use refusal::Refusal;
pub use rules::{
    AccessEffect, AccessRule, Condition, CustomerRules, FindBy, GroupRules, Inactivity,
    MissingEmail, Origin, Removal, Rules, Unbound,
};
pub use transformation::{NoMatch, Replacement, ReplacementError, Step, Transformation};
