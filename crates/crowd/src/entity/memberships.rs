//! All direct memberships, written group by group. XML only, whatever the client accepts: clients
//! special-case this answer. It is the largest of a synchronisation, so it is written in parts.

use crate::xml::Writer;

/// The beginning of the document.
pub fn open() -> String {
    let mut xml = Writer::document();
    xml.open("memberships", &[]);
    xml.finish()
}

/// The membership of one group: its direct users and direct child groups, by name. To be written
/// for every group, also for one without members, and always with both lists: a client fails where
/// one is missing.
pub fn membership<'a>(
    group: &str,
    users: impl IntoIterator<Item = &'a str>,
    groups: impl IntoIterator<Item = &'a str>,
) -> String {
    let mut xml = Writer::part();
    xml.open("membership", &[("group", group)]);
    names(&mut xml, "users", "user", users);
    names(&mut xml, "groups", "group", groups);
    xml.close("membership");
    xml.finish()
}

/// The end of the document.
pub fn close() -> &'static str {
    "</memberships>"
}

fn names<'a>(xml: &mut Writer, list: &str, member: &str, names: impl IntoIterator<Item = &'a str>) {
    xml.open(list, &[]);
    for name in names {
        xml.empty(member, &[("name", name)]);
    }
    xml.close(list);
}
