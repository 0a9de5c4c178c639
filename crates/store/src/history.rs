//! What administrators did, in order: every change of settings with the document before and after,
//! and whatever else is noted. Nothing is ever changed or taken away here.

mod event;

pub use event::Event;

use std::time::SystemTime;

use crate::moment::{from_millis, to_millis};
use crate::{Result, Store, Tx, in_tx, reading};

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// A name: `administrator`, `command line`, `samlgate`...
    pub name: String,
    /// Where from; empty when on the machine itself.
    pub address: String,
}

impl Default for Author {
    /// The program itself, or a command on its machine.
    fn default() -> Self {
        Author { name: "samlgate".to_owned(), address: String::new() }
    }
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Counts up without gaps.
    pub number: i64,
    /// When.
    pub at: SystemTime,
    /// Who.
    pub author: Author,
    /// The stored name of what was done: an [`Event`]'s, or one that only a newer version knows.
    pub event: String,
    /// What it concerns: `idp entra`, `user camilla`, an attempt's number...
    pub subject: String,
    /// More, in words.
    pub detail: String,
    /// Of a setting: the document before; `None` when there was none.
    pub before: Option<String>,
    /// Of a setting: the document after; `None` when it was removed.
    pub after: Option<String>,
}

/// Which entries to list, newest first. An empty text fits all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryFilter {
    /// Only entries before this number.
    pub before: Option<i64>,
    /// The event's name begins so: `user.` is all of users.
    pub event: String,
    /// The author's name.
    pub author: String,
    /// The subject.
    pub subject: String,
    /// At most this many.
    pub limit: u32,
}

impl Entry {
    /// What was done, in words; the stored name when this version does not know it.
    pub fn words(&self) -> &str {
        Event::named(&self.event).map_or(&*self.event, |event| event.words())
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    number: i64,
    at: i64,
    author: String,
    address: String,
    event: String,
    subject: String,
    detail: String,
    document_before: Option<String>,
    document_after: Option<String>,
}

impl From<Row> for Entry {
    fn from(row: Row) -> Self {
        Entry {
            number: row.number,
            at: from_millis(row.at),
            author: Author { name: row.author, address: row.address },
            event: row.event,
            subject: row.subject,
            detail: row.detail,
            before: row.document_before,
            after: row.document_after,
        }
    }
}

impl Store {
    /// The newest entries first.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn history(&self, filter: &EntryFilter) -> Result<Vec<Entry>> {
        let sql = "SELECT number, at, author, address, event, subject, detail, document_before, \
                   document_after FROM history WHERE number < $1 AND ($2 = '' OR substr(event, 1, \
                   length($2)) = $2) AND ($3 = '' OR author = $3) AND ($4 = '' OR subject = $4) \
                   ORDER BY number DESC LIMIT $5";
        let rows: Vec<Row> = reading!(self, pool => {
            sqlx::query_as(sql)
                .bind(filter.before.unwrap_or(i64::MAX))
                .bind(&filter.event)
                .bind(&filter.author)
                .bind(&filter.subject)
                .bind(i64::from(filter.limit))
                .fetch_all(pool)
                .await
        })?;
        Ok(rows.into_iter().map(Entry::from).collect())
    }

    /// One entry.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn history_entry(&self, number: i64) -> Result<Option<Entry>> {
        let before = Some(number.saturating_add(1));
        let filter = EntryFilter { before, limit: 1, ..EntryFilter::default() };
        let found = self.history(&filter).await?.into_iter().next();
        Ok(found.filter(|entry| entry.number == number))
    }

    /// Notes an event in a transaction of its own.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn note(
        &self,
        author: &Author,
        event: Event,
        subject: &str,
        detail: &str,
        now: SystemTime,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        tx.author(author.clone());
        tx.note(event, subject, detail, now).await?;
        tx.commit().await
    }
}

impl Tx {
    /// Says who acts in this transaction; unsaid it is the program itself.
    pub fn author(&mut self, author: Author) {
        self.author = author;
    }

    /// Notes an event as part of this transaction.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn note(
        &mut self,
        event: Event,
        subject: &str,
        detail: &str,
        now: SystemTime,
    ) -> Result<()> {
        self.enter(event, subject, detail, (None, None), now).await
    }

    pub(crate) async fn enter(
        &mut self,
        event: Event,
        subject: &str,
        detail: &str,
        (before, after): (Option<&str>, Option<&str>),
        now: SystemTime,
    ) -> Result<()> {
        let next = "UPDATE history_number SET value = value + 1 WHERE one = 1 RETURNING value";
        let sql = "INSERT INTO history (number, at, author, address, event, subject, detail, \
                   document_before, document_after) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let author = self.author.clone();
        in_tx!(self, connection => {
            let number: i64 = sqlx::query_scalar(next).fetch_one(&mut *connection).await?;
            sqlx::query(sql)
                .bind(number)
                .bind(to_millis(now))
                .bind(&author.name)
                .bind(&author.address)
                .bind(event.name())
                .bind(subject)
                .bind(detail)
                .bind(before)
                .bind(after)
                .execute(connection)
                .await?;
        });
        Ok(())
    }
}
