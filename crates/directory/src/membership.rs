//! Why somebody is in a group.

/// The source of one membership. Sources are independent: a user may be in a group by several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MembershipSource {
    /// An administrator added it.
    Manual,
    /// The IdP's group attribute named it.
    GroupAttribute,
    /// It is among the IdP's User Groups, which everybody gets.
    UserGroups,
    /// It is among the groups that customers of a service desk get.
    CustomerGroups,
}

impl MembershipSource {
    const ALL: [(Self, &'static str); 4] = [
        (MembershipSource::Manual, "manual"),
        (MembershipSource::GroupAttribute, "group_attribute"),
        (MembershipSource::UserGroups, "user_groups"),
        (MembershipSource::CustomerGroups, "customer_groups"),
    ];

    /// The stable name in the database and in output.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(source, _)| *source == self).map_or("", |(_, name)| name)
    }

    /// The source of that stable name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(source, _)| *source)
    }
}
