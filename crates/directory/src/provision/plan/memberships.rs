//! Which groups the user joins and leaves.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::{Mark, Plan};
use crate::provision::claims::{Claims, GroupClaim};
use crate::provision::excerpt::excerpt;
use crate::provision::existing::{Existing, HeldMembership, KnownUser, Wanted, wanted};
use crate::provision::pattern::{NamePattern, any_matches};
use crate::provision::rules::{GroupRules, Origin, Rules};
use crate::{MembershipSource, NameError, check_group_name, name_key};

/// A membership that a plan changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedMembership {
    /// The group.
    pub group: PlannedGroup,
    /// The group's name.
    pub name: String,
    /// Whose membership it is. Of the user's memberships in the group only this one changes.
    pub source: MembershipSource,
    /// Where the change comes from.
    pub provenance: Provenance,
}

/// A group that a plan speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlannedGroup {
    /// One that is there, by its ID.
    Existing(String),
    /// One of the plan's own new groups, by its name.
    Created,
}

/// Where a membership, or its end, comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// The attribute of this Name holds this value (cut to what a person reads).
    Claim {
        /// The attribute.
        attribute: String,
        /// Its value.
        value: String,
    },
    /// The User Groups.
    UserGroups,
    /// The groups of service desk customers.
    CustomerGroups,
    /// No value of the group attribute names the group any more.
    NotNamed,
}

impl std::fmt::Display for Provenance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Provenance::Claim { attribute, value } => {
                write!(f, "the group attribute names it: {attribute} = {value}")
            }
            Provenance::UserGroups => f.write_str("it is among the User Groups"),
            Provenance::CustomerGroups => {
                f.write_str("it is among the groups of service desk customers")
            }
            Provenance::NotNamed => f.write_str("the group attribute no longer names it"),
        }
    }
}

impl HeldMembership {
    fn planned(&self, provenance: Provenance) -> PlannedMembership {
        PlannedMembership {
            group: PlannedGroup::Existing(self.group_id.clone()),
            name: self.group.clone(),
            source: self.source,
            provenance,
        }
    }
}

impl Wanted<'_> {
    fn provenance(&self) -> Provenance {
        match (self.claimed, self.source) {
            (Some(claimed), _) => Provenance::Claim {
                attribute: claimed.attribute.clone(),
                value: claimed.value.clone(),
            },
            (None, MembershipSource::CustomerGroups) => Provenance::CustomerGroups,
            (None, _) => Provenance::UserGroups,
        }
    }
}

impl Plan {
    pub(super) fn change_memberships(
        &mut self,
        claims: &Claims,
        origin: Origin,
        rules: &Rules,
        existing: &Existing,
        found: Option<&KnownUser>,
    ) {
        match &claims.groups {
            GroupClaim::Values(_) => claims.groups_as_none.iter().for_each(|name| {
                let what = format!("read no groups from the attribute {name}");
                let why = "the IdP did not send it, which means none (provisioning.groups.absent)";
                self.say(Mark::Kept, what, why);
            }),
            GroupClaim::Absent => self.say(
                Mark::Kept,
                "leave groups of the attribute".to_owned(),
                "the IdP sent none: nothing is known",
            ),
            GroupClaim::Incomplete(why, _) => self.say(
                Mark::Kept,
                "leave groups that the attribute does not name".to_owned(),
                &why.to_string(),
            ),
        }
        self.say_what_was_split(&claims.groups);
        self.say_what_looks_joined(&claims.groups, existing);
        let held = found.map_or(&[][..], |known| &known.memberships);
        let mut wanted = wanted(claims, origin, rules);
        let creates = self.creates(&wanted, rules, existing);
        if found.is_some() && rules.user_groups_for_new_users_only {
            wanted.retain(|wanted| wanted.source != MembershipSource::UserGroups);
        }
        self.join(&wanted, creates, rules, existing, held);
        if claims.groups.is_complete() {
            self.part(claims, rules, held);
        }
        let portal = origin == Origin::Portal;
        let user_groups =
            (!portal || rules.customers.user_groups_too) && !rules.user_groups_for_new_users_only;
        let told = |source| match source {
            MembershipSource::Manual => false,
            MembershipSource::GroupAttribute => claims.groups.is_complete(),
            MembershipSource::UserGroups => user_groups,
            MembershipSource::CustomerGroups => portal,
        };
        self.note_lapses(&wanted, told, held);
    }

    /// What a source no longer gives is marked, once, so that of every membership it is known when
    /// it was confirmed last. `told`: whether this sign-in says all that the source gives.
    fn note_lapses(
        &mut self,
        wanted: &[Wanted<'_>],
        told: impl Fn(MembershipSource) -> bool,
        held: &[HeldMembership],
    ) {
        let given: HashMap<(Cow<'_, str>, MembershipSource), &Wanted<'_>> =
            wanted.iter().map(|wanted| ((name_key(wanted.name), wanted.source), wanted)).collect();
        for held in held {
            match given.get(&(name_key(&held.group), held.source)) {
                Some(wanted) if held.lapsed => {
                    let planned = held.planned(wanted.provenance());
                    let what = format!("confirm group {} again", held.group);
                    self.say(Mark::Changed, what, &planned.provenance.to_string());
                    self.renew.push(planned);
                }
                None if !held.lapsed && told(held.source) => {
                    let planned = held.planned(Provenance::NotNamed);
                    if !self.remove.contains(&planned) {
                        let why = "its source no longer gives it, and nothing ends it";
                        let what = format!("no longer confirm group {}", held.group);
                        self.say(Mark::Changed, what, why);
                        self.lapse.push(planned);
                    }
                }
                Some(_) | None => {}
            }
        }
    }

    fn join(
        &mut self,
        wanted: &[Wanted<'_>],
        creates: bool,
        rules: &Rules,
        existing: &Existing,
        held: &[HeldMembership],
    ) {
        let groups: HashMap<Cow<'_, str>, &(String, String)> =
            existing.groups.iter().map(|group| (name_key(&group.1), group)).collect();
        let mut held: HashSet<(&str, MembershipSource)> =
            held.iter().map(|held| (held.group_id.as_str(), held.source)).collect();
        let mut new = HashMap::new();
        let mut ignored = Ignored::default();
        for wanted in wanted {
            // One of that name may be there from before: it is not the IdP's to give.
            if wanted.claimed.is_some()
                && let Err(error) = check_group_name(wanted.name)
            {
                ignored.add(self, wanted.name, &impossible(error));
                continue;
            }
            let key = name_key(wanted.name);
            let (group, name) = match groups.get(&key) {
                Some((id, name)) if held.insert((id, wanted.source)) => {
                    (PlannedGroup::Existing(id.clone()), name.clone())
                }
                Some(_) => continue,
                None => match unfit(wanted.name, rules, creates) {
                    Some(reason) => {
                        ignored.add(self, wanted.name, &reason);
                        continue;
                    }
                    None => {
                        let (name, sources) =
                            new.entry(key).or_insert((wanted.name, HashSet::new()));
                        if sources.is_empty() {
                            let why = format!("there is none yet; {}", wanted.provenance());
                            self.say(Mark::Added, format!("create group {name}"), &why);
                            self.create_groups.push((*name).to_owned());
                        }
                        if !sources.insert(wanted.source) {
                            continue;
                        }
                        (PlannedGroup::Created, (*name).to_owned())
                    }
                },
            };
            let provenance = wanted.provenance();
            if let Some(pattern) = shut(&rules.groups, &name) {
                let why = format!(
                    "groups like {pattern} are protected; provisioning.groups.add_to_protected lets \
                     sign-ins add to the groups that it names"
                );
                self.say(Mark::Kept, format!("do not add to group {name}"), &why);
                continue;
            }
            self.say(Mark::Added, format!("add to group {name}"), &provenance.to_string());
            self.add.push(PlannedMembership { group, name, source: wanted.source, provenance });
        }
        ignored.say_rest(self);
    }

    /// Whether missing groups are created: not when they are suspiciously many, those counted that
    /// only new users get, so that the next sign-in comes to the same answer.
    fn creates(&mut self, wanted: &[Wanted<'_>], rules: &Rules, existing: &Existing) -> bool {
        if !rules.groups.create_missing {
            return false;
        }
        let there: HashSet<Cow<'_, str>> =
            existing.groups.iter().map(|(_, n)| name_key(n)).collect();
        let missing: HashSet<Cow<'_, str>> = wanted
            .iter()
            .filter(|wanted| unfit(wanted.name, rules, true).is_none())
            .map(|wanted| name_key(wanted.name))
            .filter(|key| !there.contains(key))
            .collect();
        if missing.len() <= rules.groups.most_created {
            return true;
        }
        let why = format!("one sign-in creates at most {}", rules.groups.most_created);
        self.say(Mark::Kept, format!("create none of {} missing groups", missing.len()), &why);
        false
    }

    /// Memberships end only where the rules manage them, and only up to the limit.
    fn part(&mut self, claims: &Claims, rules: &Rules, held: &[HeldMembership]) {
        let removal = &rules.groups.removal;
        let named: HashSet<Cow<'_, str>> =
            claims.groups.groups().iter().map(|group| name_key(&group.name)).collect();
        let mut held: Vec<&HeldMembership> = held
            .iter()
            .filter(|held| match held.source {
                MembershipSource::GroupAttribute => true,
                MembershipSource::Manual => removal.manual_too || held.awaits_removal,
                MembershipSource::UserGroups | MembershipSource::CustomerGroups => false,
            })
            .collect();
        held.sort_by_cached_key(|held| (name_key(&held.group), held.source));
        for held in held {
            let planned = || held.planned(Provenance::NotNamed);
            match stays(held, rules, &named) {
                Some(why) if held.awaits_removal => {
                    let what = format!("stay in group {}, without approval", held.group);
                    self.say(Mark::Changed, what, &why);
                    self.forget_removal.push(planned());
                }
                Some(why) => {
                    let managed = any_matches(&removal.managed, &held.group).is_some();
                    if managed && !named.contains(&name_key(&held.group)) {
                        self.say(Mark::Kept, format!("stay in group {}", held.group), &why);
                    }
                }
                None if held.awaits_removal => {
                    let what = format!("stay in group {}", held.group);
                    self.say(Mark::Waits, what, "the removal waits for approval");
                }
                None if removal.most.is_none_or(|most| self.remove.len() < most) => {
                    let what = format!("remove from group {}", held.group);
                    self.say(Mark::Removed, what, &Provenance::NotNamed.to_string());
                    self.remove.push(planned());
                }
                None => {
                    let most = removal.most.unwrap_or_default();
                    let why = format!("one sign-in removes at most {most}; the rest is held");
                    let what = format!("ask to remove from group {}", held.group);
                    self.say(Mark::Waits, what, &why);
                    self.await_removal.push(planned());
                }
            }
        }
    }
}

/// Why a membership stays; None: it ends.
fn stays(
    held: &HeldMembership,
    rules: &Rules,
    named: &HashSet<Cow<'_, str>>,
) -> Option<Cow<'static, str>> {
    let groups = &rules.groups;
    if named.contains(&name_key(&held.group)) {
        return Some("the group attribute names it".into());
    }
    if any_matches(&groups.removal.managed, &held.group).is_none() {
        return Some("it is no managed group".into());
    }
    if held.source == MembershipSource::Manual && !groups.removal.manual_too {
        return Some("an administrator added it".into());
    }
    if let Some(pattern) = any_matches(&groups.protected, &held.group) {
        return Some(format!("groups like {pattern} are protected").into());
    }
    let pattern = any_matches(&groups.removal.keep, &held.group)?;
    Some(format!("groups like {pattern} are kept").into())
}

/// The pattern of the protected groups that keeps sign-ins from adding anybody to this one.
fn shut<'a>(groups: &'a GroupRules, name: &str) -> Option<&'a NamePattern> {
    if !groups.protect_additions || any_matches(&groups.add_to_protected, name).is_some() {
        return None;
    }
    any_matches(&groups.protected, name)
}

/// Why a group that is not there is not created either.
fn unfit(name: &str, rules: &Rules, creates: bool) -> Option<String> {
    if let Err(error) = check_group_name(name) {
        return Some(impossible(error));
    }
    if !creates {
        return Some("there is no such group".to_owned());
    }
    let pattern = any_matches(&rules.groups.protected, name)?;
    Some(format!("there is no such group, and groups like {pattern} are protected"))
}

fn impossible(error: NameError) -> String {
    format!("no group can have this name: {error}")
}

/// Groups ignored: the first ones by name, the others as a number.
#[derive(Default)]
struct Ignored {
    count: usize,
}

impl Ignored {
    fn add(&mut self, plan: &mut Plan, name: &str, reason: &str) {
        self.count += 1;
        if self.count <= IGNORED_BY_NAME {
            plan.say(Mark::Kept, format!("ignore group {}", excerpt(name)), reason);
        }
    }

    fn say_rest(self, plan: &mut Plan) {
        let rest = self.count.saturating_sub(IGNORED_BY_NAME);
        if rest > 0 {
            let why = "there are no such groups, or they cannot be created";
            plan.say(Mark::Kept, format!("ignore {rest} more groups"), why);
        }
    }
}

const IGNORED_BY_NAME: usize = 100;
