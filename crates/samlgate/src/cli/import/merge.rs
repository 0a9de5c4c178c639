//! What was read, brought into the directory: new users, groups and memberships are added, what is
//! there already stays, and what contradicts is reported.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::process::ExitCode;

use directory::{User, check_group_name, check_user_name, name_key};
use installation::people::Batch;
use serde::Serialize;

use super::{Found, ImportTarget, Person};
use crate::cli::database::Database;
use crate::cli::print;

/// So many users in one transaction: a running server writes between two.
const AT_ONCE: usize = 200;

/// What changed, or would.
#[derive(Debug, Default, Serialize)]
struct Report {
    users_created: usize,
    users_updated: usize,
    users_unchanged: usize,
    groups_created: usize,
    memberships_added: usize,
    /// Users who are there with other values, which stay.
    differences: Vec<String>,
    /// Users and groups who cannot be taken over.
    collisions: Vec<String>,
    notes: Vec<String>,
}

pub(super) async fn into_directory(
    database: &Database,
    found: &Found,
    from: &str,
    into: &ImportTarget,
    entity_id: Option<String>,
) -> anyhow::Result<ExitCode> {
    let mut merge = Merge {
        database,
        into,
        entity_id,
        groups: HashMap::new(),
        report: Report { notes: found.notes.clone(), ..Report::default() },
    };
    let people = merge.without_twins(&found.people);
    let detail = format!("imported from {from}");
    let begin = || Batch::begin(&database.store, database.by(), &detail);
    let mut batch = begin().await?;
    for name in &found.groups {
        merge.group(&mut batch, name).await?;
    }
    for some in people.chunks(AT_ONCE) {
        for person in some {
            merge.person(&mut batch, person).await?;
        }
        if !into.dry_run {
            batch.commit().await?;
            batch = begin().await?;
        }
    }
    if !into.dry_run {
        batch.commit().await?;
    }
    merge.report.print(into)?;
    let clean = merge.report.collisions.is_empty();
    Ok(if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

struct Merge<'a> {
    database: &'a Database,
    into: &'a ImportTarget,
    /// Of the IdP to which new users belong.
    entity_id: Option<String>,
    /// IDs by the names' keys; none: the name is no group's.
    groups: HashMap<String, Option<String>>,
    report: Report,
}

impl Merge<'_> {
    /// Names that differ by case alone are one name here, and nobody can say whose.
    fn without_twins<'p>(&mut self, people: &'p [Person]) -> Vec<&'p Person> {
        let mut by_key: BTreeMap<String, Vec<&Person>> = BTreeMap::new();
        for person in people {
            by_key.entry(name_key(&person.name).into_owned()).or_default().push(person);
        }
        let mut single = Vec::new();
        for twins in by_key.into_values() {
            match &twins[..] {
                [person] => single.push(*person),
                _ => {
                    let names: Vec<&str> = twins.iter().map(|twin| twin.name.as_str()).collect();
                    let names = names.join(", ");
                    self.report
                        .collisions
                        .push(format!("users {names}: they differ by case alone"));
                }
            }
        }
        single
    }

    async fn person(&mut self, batch: &mut Batch, person: &Person) -> anyhow::Result<()> {
        if let Err(why) = check_user_name(&person.name) {
            self.report.collisions.push(format!("user {:?}: {why}", person.name));
            return Ok(());
        }
        let known = batch.user(&person.name).await?;
        let foreign = known.as_ref().and_then(|user| user.idp.clone());
        if let Some(owner) = foreign.filter(|owner| self.into.idp.as_ref() != Some(owner)) {
            // Without --idp everybody who is there is left as they are.
            if self.into.idp.is_some() {
                let line = format!("user {}: belongs to the IdP {owner}", person.name);
                self.report.collisions.push(line);
                return Ok(());
            }
        }
        let (user, already) = match known {
            Some(user) => {
                let user = self.meet(batch, user, person).await?;
                let already = batch.groups_of(&user.id).await?;
                (user, already)
            }
            None => (self.create(batch, person).await?, HashSet::new()),
        };
        let mut groups = Vec::new();
        for name in &person.groups {
            let Some(group) = self.group(batch, name).await? else { continue };
            if !already.contains(&group) {
                groups.push((group, name.as_str()));
            }
        }
        self.report.memberships_added += batch.put_into(&user, &groups).await?;
        Ok(())
    }

    async fn create(&mut self, batch: &mut Batch, person: &Person) -> anyhow::Result<User> {
        let now = self.database.clock.now();
        let user = User {
            id: self.database.random.id(now),
            name: person.name.clone(),
            full_name: self.full_name(person),
            email: email(person),
            active: person.active,
            idp: self.into.idp.clone(),
            created_at: now,
            updated_at: now,
        };
        batch.add_user(&user, self.entity_id.as_deref()).await?;
        self.report.users_created += 1;
        Ok(user)
    }

    /// A user who is there: left as they are, or with --update changed to what was read.
    async fn meet(
        &mut self,
        batch: &mut Batch,
        user: User,
        person: &Person,
    ) -> anyhow::Result<User> {
        let read = User {
            full_name: self.full_name(person),
            email: if person.email.is_empty() { user.email.clone() } else { email(person) },
            active: person.active,
            ..user.clone()
        };
        if read == user {
            self.report.users_unchanged += 1;
            return Ok(user);
        }
        if self.into.update {
            let read = User { updated_at: self.database.clock.now(), ..read };
            let changed = differences(&user, &read).map(|(what, ..)| what).collect::<Vec<_>>();
            batch.change_user(&read, &changed.join(", ")).await?;
            self.report.users_updated += 1;
            return Ok(read);
        }
        self.report.users_unchanged += 1;
        let fields = differences(&user, &read)
            .map(|(what, here, there)| format!("{what} {here:?} here, {there:?} there"))
            .collect::<Vec<_>>();
        self.report.differences.push(format!("user {}: {}", user.name, fields.join("; ")));
        Ok(user)
    }

    /// The group's ID; it is made when it is missing. None when no group can have this name.
    async fn group(&mut self, batch: &mut Batch, name: &str) -> anyhow::Result<Option<String>> {
        let key = name_key(name).into_owned();
        if let Some(known) = self.groups.get(&key) {
            return Ok(known.clone());
        }
        let id = match (check_group_name(name), batch.group_id(name).await?) {
            (_, Some(id)) => Some(id),
            (Err(why), None) => {
                self.report.collisions.push(format!("group {name:?}: {why}"));
                None
            }
            (Ok(()), None) => {
                let group = batch.add_group(name, self.database.random).await?;
                self.report.groups_created += 1;
                Some(group.id)
            }
        };
        self.groups.insert(key, id.clone());
        Ok(id)
    }

    /// A name of one line; applications refuse an empty one.
    fn full_name(&self, person: &Person) -> String {
        let line: String = person.full_name.chars().filter(|c| !c.is_control()).take(255).collect();
        if line.trim().is_empty() { person.name.clone() } else { line.trim().to_owned() }
    }
}

/// The values that are not the same here and there.
fn differences(
    here: &User,
    there: &User,
) -> impl Iterator<Item = (&'static str, String, String)> + use<> {
    let all = [
        ("full name", here.full_name.clone(), there.full_name.clone()),
        ("e-mail", here.email.clone(), there.email.clone()),
        ("active", here.active.to_string(), there.active.to_string()),
    ];
    all.into_iter().filter(|(_, here, there)| here != there)
}

/// An address that no mail reaches, until the first sign-in brings one.
fn email(person: &Person) -> String {
    let line: String = person.email.chars().filter(|c| !c.is_control()).take(255).collect();
    if line.is_empty() { format!("{}@invalid", person.name) } else { line }
}

impl Report {
    fn print(&self, into: &ImportTarget) -> anyhow::Result<()> {
        if into.json {
            return Ok(print::json(self)?);
        }
        for (title, lines) in [
            ("cannot be taken over", &self.collisions),
            ("there already with other values, which stay (see --update)", &self.differences),
        ] {
            if !lines.is_empty() {
                print::line(&format!("{title}:"))?;
                lines.iter().try_for_each(|line| print::line(&format!("  {line}")))?;
            }
        }
        self.notes.iter().try_for_each(|note| print::line(note))?;
        print::line(&format!(
            "users: {} new, {} updated, {} unchanged; groups: {} new; memberships: {} new",
            self.users_created,
            self.users_updated,
            self.users_unchanged,
            self.groups_created,
            self.memberships_added
        ))?;
        if into.dry_run {
            print::line("this was a dry run: nothing was changed")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use installation::runtime::{Clock, Random};
    use store::{EntryFilter, Store};

    use super::*;

    fn person(full_name: &str, groups: &[&str]) -> Found {
        let groups = groups.iter().map(|&group| group.to_owned()).collect();
        let (name, full_name) = ("camilla".to_owned(), full_name.to_owned());
        let person = Person { name, full_name, email: String::new(), active: true, groups };
        Found { people: vec![person], groups: vec!["empty".to_owned()], notes: Vec::new() }
    }

    /// Event, subject and detail, the oldest first; all by the command line.
    async fn history(store: &Store) -> Vec<(String, String, String)> {
        let filter = EntryFilter { limit: 99, ..EntryFilter::default() };
        let mut entries = store.history(&filter).await.unwrap();
        entries.reverse();
        assert!(entries.iter().all(|entry| entry.author.name == "command line"), "{entries:?}");
        entries.into_iter().map(|entry| (entry.event, entry.subject, entry.detail)).collect()
    }

    #[tokio::test]
    async fn what_an_import_makes_stands_in_the_history_once_and_a_dry_run_leaves_nothing_there() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        let store = Store::open(&url).await.unwrap();
        let clock = Clock::fixed(UNIX_EPOCH + Duration::from_secs(1_800_000_000));
        let database = Database { store, clock, random: Random };
        let import = async |found: &Found, update: bool, dry_run: bool| {
            let into = ImportTarget { idp: None, update, dry_run, json: false };
            into_directory(&database, found, "users.csv", &into, None).await.unwrap();
            history(&database.store).await
        };
        let found = person("Camilla", &["staff", "coop"]);
        assert!(import(&found, false, true).await.is_empty(), "a dry run changes nothing");

        let made = import(&found, false, false).await;
        let shown: Vec<_> = made.iter().map(|(e, s, d)| (&**e, &**s, &**d)).collect();
        let expected = [
            ("group.added", "group empty", "imported from users.csv"),
            ("user.added", "user camilla", "imported from users.csv"),
            ("group.added", "group staff", "imported from users.csv"),
            ("group.added", "group coop", "imported from users.csv"),
            ("user.groups_added", "user camilla", "staff, coop; imported from users.csv"),
        ];
        assert_eq!(shown, expected);
        assert_eq!(import(&found, false, false).await, made, "nothing was new");

        let changed = import(&person("Camilla C.", &["staff"]), true, false).await.split_off(5);
        let [(event, subject, detail)] = &changed[..] else { panic!("{changed:?}") };
        assert_eq!((&**event, &**subject), ("user.changed", "user camilla"));
        assert_eq!(detail, "full name; imported from users.csv");
    }
}
