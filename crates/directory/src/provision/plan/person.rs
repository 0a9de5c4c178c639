//! Which user it is, and what happens to that user.

use super::access::{Verdict, judge};
use super::{Mark, Plan, UserChange, UserUpdate, bound};
use crate::provision::claims::{Claims, sent};
use crate::provision::excerpt::excerpt;
use crate::provision::existing::{Binding, Existing, KnownUser};
use crate::provision::pattern::any_matches;
use crate::provision::refusal::Refusal;
use crate::provision::rules::{FindBy, MissingEmail, Rules};
use crate::{User, name_key, warning_for_confluence};

/// The user whom the claims mean, if there is one.
pub(super) fn find<'a>(
    claims: &Claims,
    rules: &Rules,
    existing: &'a Existing,
) -> Result<Option<&'a KnownUser>, Refusal> {
    let named = existing.named(&claims.user_id);
    match rules.find_by {
        FindBy::UserId => Ok(named),
        FindBy::Email => {
            let address = claims.email.as_deref().filter(|email| !email.is_empty());
            let email = address.ok_or_else(|| email_missing(claims))?;
            let key = name_key(email);
            let mut hits = existing.users.iter().filter(|k| name_key(&k.user.email) == key);
            match (hits.next(), hits.next(), named) {
                (Some(_), Some(_), _) => Err(Refusal::EmailAmbiguous { email: email.to_owned() }),
                (None, _, Some(named)) => Err(Refusal::NameTaken { name: named.user.name.clone() }),
                (hit, ..) => Ok(hit),
            }
        }
        FindBy::IdpId => {
            let missing = || Refusal::IdpIdMissing { sent: came(claims) };
            let id = claims.idp_id.as_deref().ok_or_else(missing)?;
            if claims.idp_id_is_transient {
                return Err(transient("IdP id", id));
            }
            let ours = |known: &KnownUser| known.user.idp.as_ref() == Some(&rules.idp);
            let known = existing
                .users
                .iter()
                .find(|known| ours(known) && known.idp_id.as_deref() == Some(id));
            match (known, named) {
                (None, Some(named)) if ours(named) && named.idp_id.is_some() => {
                    Err(Refusal::IdpIdDiffers { name: named.user.name.clone() })
                }
                (known, named) => Ok(known.or(named)),
            }
        }
    }
}

impl Plan {
    /// There is no such user. Says whether groups are planned too.
    pub(super) fn create(&mut self, claims: &Claims, rules: &Rules, existing: &Existing) -> bool {
        let user_id = claims.user_id.clone();
        let refusal = match judge(&rules.access, claims, &[]) {
            Verdict::Refuse(reason) | Verdict::Deactivate(reason) => {
                Some(Refusal::NotAllowed { user_id: user_id.clone(), reason })
            }
            _ if claims.user_id_is_transient => Some(transient("user id", &user_id)),
            _ if !rules.create_or_update => {
                Some(Refusal::UserNotFound { user_id: user_id.clone() })
            }
            Verdict::Drop(reason) => Some(Refusal::Dropped { user_id: user_id.clone(), reason }),
            Verdict::Admit => None,
        };
        if let Some(refusal) = refusal {
            self.refuse(refusal);
            return false;
        }
        let sent = claims.email.clone().filter(|email| !email.is_empty());
        let email = match (sent, &rules.missing_email) {
            (Some(email), _) => email,
            (None, MissingEmail::Placeholder) => placeholder(&user_id),
            (None, MissingEmail::Refuse) => {
                self.refuse(email_missing(claims));
                return false;
            }
        };
        let full_name = claims.full_name.clone().filter(|name| !name.is_empty());
        let full_name = full_name.unwrap_or_else(|| user_id.clone());
        let why = "no user of that name, and creation is on";
        self.say(Mark::Added, format!("create user {}", excerpt(&user_id)), why);
        self.warn_of_name(&user_id);
        self.warn_of_address(&email, None, existing);
        let idp_id = claims.idp_id.clone().filter(|_| rules.find_by == FindBy::IdpId);
        let idp = rules.idp.clone();
        self.user = UserChange::Create { name: user_id, full_name, email, idp, idp_id };
        self.bind = Some(Binding::to(rules));
        true
    }

    /// The user is there. Says whether groups are planned too.
    pub(super) fn meet(
        &mut self,
        known: &KnownUser,
        claims: &Claims,
        rules: &Rules,
        existing: &Existing,
    ) -> bool {
        let user = &known.user;
        let binds = match bound::claimed(known, rules) {
            Ok(binds) => binds,
            Err(refusal) => {
                self.refuse(refusal);
                return false;
            }
        };
        let tagged = user.idp.as_ref() == Some(&rules.idp);
        let updated =
            rules.create_or_update && (tagged || rules.update_existing || rules.adopt_existing);
        let dropped = match judge(&rules.access, claims, &known.memberships) {
            Verdict::Deactivate(reason) => {
                self.deactivate(known, reason, updated, rules);
                return false;
            }
            Verdict::Refuse(reason) => {
                self.refuse(Refusal::NotAllowed { user_id: claims.user_id.clone(), reason });
                return false;
            }
            Verdict::Drop(reason) => Some(reason),
            Verdict::Admit => None,
        };
        let reactivated = rules.reactivate && updated && dropped.is_none();
        if !user.active && !reactivated {
            self.refuse(Refusal::Inactive { name: user.name.clone() });
            return false;
        }
        let left = if !rules.create_or_update {
            Some("creation and update are off".to_owned())
        } else if !updated {
            Some(
                "the user has no tag of this IdP: only users that its sign-ins created are updated"
                    .to_owned(),
            )
        } else {
            dropped
        };
        self.bind_to(binds, known, rules);
        if let Some(reason) = left {
            self.say(Mark::Kept, format!("leave user {}", user.name), &reason);
            return false;
        }
        match self.update(known, claims, rules, existing) {
            Ok(()) => true,
            Err(refusal) => {
                self.lines.clear();
                self.bind = None;
                self.refuse(refusal);
                false
            }
        }
    }

    fn bind_to(&mut self, binding: Option<Binding>, known: &KnownUser, rules: &Rules) {
        let Some(binding) = binding.filter(|_| !rules.dry_run) else { return };
        let what = format!("bind user {} to {}", known.user.name, rules.idp);
        let why = match known.bound {
            None => "the first sign-in: from now on no other IdP signs this user in",
            Some(_) => "the IdP's entity ID is remembered",
        };
        self.say(Mark::Changed, what, why);
        self.bind = Some(binding);
    }

    fn update(
        &mut self,
        known: &KnownUser,
        claims: &Claims,
        rules: &Rules,
        existing: &Existing,
    ) -> Result<(), Refusal> {
        let user = &known.user;
        let mut update = UserUpdate::default();
        if !user.active {
            update.reactivate = true;
            let what = format!("activate user {}", user.name);
            self.say(Mark::Changed, what, "a sign-in reactivates");
        }
        if user.idp.is_none() && rules.adopt_existing {
            update.idp = Some(rules.idp.clone());
            let what = format!("tag user {} with {}", user.name, rules.idp);
            self.say(Mark::Changed, what, "users without a tag are adopted");
        }
        if rules.find_by == FindBy::IdpId
            && (user.idp.as_ref() == Some(&rules.idp) || update.idp.is_some())
        {
            self.follow(known, claims, existing, &mut update)?;
        }
        self.describe(user, claims, rules, &mut update);
        if let Some(email) = &update.email {
            self.warn_of_address(email, Some(user), existing);
        }
        if update != UserUpdate::default() {
            self.user = UserChange::Update(update);
        }
        Ok(())
    }

    /// The id that never changes is stored, and a rename followed.
    fn follow(
        &mut self,
        known: &KnownUser,
        claims: &Claims,
        existing: &Existing,
        update: &mut UserUpdate,
    ) -> Result<(), Refusal> {
        if known.idp_id != claims.idp_id
            && let Some(id) = &claims.idp_id
        {
            update.idp_id = Some(id.clone());
            let what = format!("store the IdP id {}", excerpt(id));
            self.say(Mark::Changed, what, "renames are followed by it");
        }
        if name_key(&known.user.name) != name_key(&claims.user_id) {
            if let Some(other) = existing.named(&claims.user_id) {
                return Err(Refusal::NameTaken { name: other.user.name.clone() });
            }
            if claims.user_id_is_transient {
                return Err(transient("user id", &claims.user_id));
            }
            update.name = Some(claims.user_id.clone());
            let what = format!("rename user {} to {}", known.user.name, claims.user_id);
            self.say(Mark::Changed, what, "the IdP sends another user id for the same IdP id");
            self.warn_of_name(&claims.user_id);
        }
        Ok(())
    }

    fn warn_of_name(&mut self, name: &str) {
        if let Some(warning) = warning_for_confluence(name) {
            let what = format!("warn of the name {}", excerpt(name));
            self.say(Mark::Warning, what, &warning);
        }
    }

    /// Two users of one address are often one person, of whom the IdP now sends another user id. Only
    /// an administrator can tell, so nobody is taken for somebody else because of it.
    fn warn_of_address(&mut self, email: &str, of: Option<&User>, existing: &Existing) {
        let key = name_key(email);
        let same =
            existing.users.iter().map(|known| &known.user).filter(|user| {
                name_key(&user.email) == key && of.is_none_or(|of| of.id != user.id)
            });
        let Some(first) = same.filter(|_| !key.is_empty()).min_by_key(|user| user.created_at)
        else {
            return;
        };
        let what =
            format!("warn of a shared e-mail address: {} has {}", first.name, excerpt(email));
        let why = "these stay two users; if they are one person, let provisioning.find_by find users \
                   by another value than the user id, and remove one of the two";
        self.say(Mark::Warning, what, why);
    }

    /// Full name and e-mail address. What was not sent stays; what is cleared becomes what a new
    /// user without it has.
    fn describe(&mut self, user: &User, claims: &Claims, rules: &Rules, update: &mut UserUpdate) {
        let name = update.name.clone().unwrap_or_else(|| user.name.clone());
        let cleared_email = match rules.missing_email {
            MissingEmail::Refuse => String::new(),
            MissingEmail::Placeholder => placeholder(&name),
        };
        let mut changed = |what, sent: &Option<String>, cleared: String, old: &str| {
            let sent = sent.as_ref()?;
            let clears = sent.is_empty();
            let new = if clears { cleared } else { sent.clone() };
            let why = if clears { "a step clears it" } else { "the IdP sends another value" };
            if new == old {
                return None;
            }
            self.say(Mark::Changed, format!("set {what} to {}", excerpt(&new)), why);
            Some(new)
        };
        update.full_name = changed("full name", &claims.full_name, name, &user.full_name);
        update.email = changed("e-mail", &claims.email, cleared_email, &user.email);
    }

    fn deactivate(&mut self, known: &KnownUser, reason: String, updated: bool, rules: &Rules) {
        let name = known.user.name.clone();
        let protected = known
            .memberships
            .iter()
            .find(|m| any_matches(&rules.groups.protected, &m.group).is_some());
        let change = updated && known.user.active && protected.is_none();
        if change {
            self.say(Mark::Changed, format!("deactivate user {name}"), &reason);
        } else if let Some(membership) = protected {
            let why = format!("the user is in the protected group {}", membership.group);
            self.say(Mark::Kept, format!("leave user {name} active"), &why);
        }
        let refusal = Refusal::Deactivated { name, reason };
        self.refuse(refusal.clone());
        if change {
            self.user = UserChange::Deactivate(refusal);
        }
    }
}

/// An address that no mail ever reaches (RFC 2606, section 2).
fn placeholder(name: &str) -> String {
    format!("{name}@invalid")
}

fn email_missing(claims: &Claims) -> Refusal {
    Refusal::EmailMissing {
        user_id: excerpt(&claims.user_id),
        location: claims.email_location.clone(),
        sent: came(claims),
    }
}

fn came(claims: &Claims) -> String {
    sent(claims.attributes.iter().map(|(name, _)| name.as_str()))
}

fn transient(what: &'static str, value: &str) -> Refusal {
    Refusal::TransientUserId { what, value: excerpt(value) }
}
