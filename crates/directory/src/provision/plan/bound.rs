//! To which IdP a user belongs. Two IdPs may give one name to two people; whoever signed in by one is
//! never the other's.

use crate::provision::existing::{Binding, KnownUser};
use crate::provision::pattern::{NamePattern, any_matches};
use crate::provision::refusal::Refusal;
use crate::provision::rules::{Rules, Unbound};

impl Binding {
    /// The binding to the IdP of these rules.
    pub(super) fn to(rules: &Rules) -> Self {
        Binding { idp: rules.idp.clone(), entity_id: Some(rules.entity_id.clone()) }
    }
}

/// Whether the IdP of `rules` may sign the user in; says what is to be remembered then.
pub(super) fn claimed(known: &KnownUser, rules: &Rules) -> Result<Option<Binding>, Refusal> {
    let (name, idp) = (known.user.name.clone(), rules.idp.clone());
    let not_linked =
        |reason: String| Err(Refusal::NotLinked { name: name.clone(), idp: idp.clone(), reason });
    match (&known.bound, &rules.unbound) {
        (Some(Binding { idp: owner, .. }), _) if *owner != idp => {
            Err(Refusal::OtherIdp { name, owner: owner.clone(), idp })
        }
        (Some(Binding { entity_id: Some(bound), .. }), _) if *bound != rules.entity_id => {
            let (bound, entity_id) = (bound.clone(), rules.entity_id.clone());
            Err(Refusal::EntityChanged { name, idp, bound, entity_id })
        }
        (Some(Binding { entity_id: Some(_), .. }), _) => Ok(None),
        (Some(_), _) | (None, Unbound::Anybody) => Ok(Some(Binding::to(rules))),
        (None, Unbound::Nobody) => not_linked("there are several IdPs".to_owned()),
        (None, Unbound::Unguarded(guarded)) => match guard(known, guarded) {
            Some(reason) => not_linked(reason),
            None => Ok(Some(Binding::to(rules))),
        },
    }
}

/// Why a name is not given to whoever comes first.
fn guard(known: &KnownUser, guarded: &[NamePattern]) -> Option<String> {
    if known.has_password {
        return Some("the user has a password of its own".to_owned());
    }
    let direct = known.memberships.iter().map(|held| &held.group);
    let group =
        direct.chain(&known.inherited).find(|group| any_matches(guarded, group).is_some())?;
    Some(format!("the user is in the protected group {group}"))
}
