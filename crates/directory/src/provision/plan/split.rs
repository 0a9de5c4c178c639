//! What a plan says of values that name several groups: which were split, and which look as if an
//! IdP had joined them although nothing splits them.

use std::borrow::Cow;
use std::collections::HashSet;

use super::{Mark, Plan};
use crate::name_key;
use crate::provision::claims::{ClaimedGroup, GroupClaim};
use crate::provision::excerpt::excerpt;
use crate::provision::existing::Existing;

impl Plan {
    /// Says which values became several groups, so that nobody wonders where a right comes from.
    pub(super) fn say_what_was_split(&mut self, claimed: &GroupClaim) {
        let parts =
            claimed.groups().iter().filter_map(|group| Some((group.part_of.as_ref()?, group)));
        let parts: Vec<(&String, &ClaimedGroup)> = parts.collect();
        let values: Vec<_> =
            parts.chunk_by(|a, b| a.0 == b.0 && a.1.attribute == b.1.attribute).collect();
        for parts in values.iter().take(MOST_LINES) {
            let [(value, first), ..] = parts else { continue };
            let what = format!("read {} groups from one value", parts.len());
            let why = format!(
                "{} = {value}; split as provisioning.groups.separator says",
                first.attribute
            );
            self.say(Mark::Kept, what, &why);
        }
    }

    /// A value that names no group, though its parts would, is probably several groups that the IdP
    /// joined. Only an administrator can tell, so the plan names the setting and changes nothing.
    pub(super) fn say_what_looks_joined(&mut self, claimed: &GroupClaim, existing: &Existing) {
        let there: HashSet<Cow<'_, str>> =
            existing.groups.iter().map(|(_, name)| name_key(name)).collect();
        let is_there = |name: &str| there.contains(&name_key(name));
        let mut lines = 0;
        for group in claimed.groups().iter().filter(|group| !is_there(&group.name)) {
            let Some(joined) = &group.joined else { continue };
            let found: Vec<&str> =
                joined.groups.iter().map(String::as_str).filter(|name| is_there(name)).collect();
            if found.is_empty() || lines == MOST_LINES {
                continue;
            }
            lines += 1;
            self.joined_with = Some(joined.separator);
            let named: Vec<String> = found.iter().take(5).map(|name| excerpt(name)).collect();
            let why = format!(
                "there is no such group, but parts of it are groups ({}); if this IdP joins several \
                 groups in one value, set provisioning.groups.separator to \"{}\"",
                named.join(", "),
                joined.separator
            );
            self.say(Mark::Kept, format!("read {} as one group", group.value), &why);
        }
    }
}

const MOST_LINES: usize = 10;
