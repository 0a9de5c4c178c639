//! `SQLite`'s one writer: transactions take turns, and those that wait may share one commit.
//!
//! The disk is asked once for all of them, and nobody hears that a turn is lasting before it is. A
//! turn that is not committed is undone by itself; a commit that fails fails for all who share it.
//! Who shares sees what others wrote whose commit is still to come, so only those share who say
//! nothing of what they saw before their own commit; any other turn has a transaction of its own.
//! Statements cross to the connection's thread and back, so what opens and closes a turn travels
//! with its first and its last statement where it can.

use std::sync::Arc;

use sqlx::SqliteConnection;
use tokio::sync::{Mutex, OwnedMutexGuard, mpsc, oneshot};

use crate::open::PATIENCE;
use crate::{Result, StoreError};

/// So many turns share a commit at most: the first of them waits for it.
const SHARING: usize = 32;
/// So many wait in the queue; more wait before it.
const QUEUE: usize = 1024;

const BEGIN: &str = "BEGIN IMMEDIATE";
const COMMIT: &str = "COMMIT";
const SAVE: &str = "SAVEPOINT turn";
const RELEASE: &str = "RELEASE turn";

/// The queue before the one connection that writes. A clone is another way into the same queue; the
/// connection closes when the last is gone.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    queue: mpsc::Sender<Asks>,
}

/// Somebody who waits for a turn.
struct Asks {
    shares: bool,
    /// Gets the connection, whom to tell the end, and whether the turn is the first of its
    /// transaction.
    given: oneshot::Sender<(OwnedMutexGuard<Lent>, oneshot::Sender<End>, bool)>,
}

/// The connection, lent. What was written is undone unless [`Turn::commit`] says that it is lasting.
pub(crate) struct Turn {
    // Given back before the end is told.
    lent: OwnedMutexGuard<Lent>,
    end: oneshot::Sender<End>,
    first: bool,
    shares: bool,
    /// Its statements are lasting one by one.
    single: bool,
    queue: mpsc::Sender<Asks>,
}

struct Lent {
    connection: SqliteConnection,
    /// What must come before the turn's first statement.
    opening: Option<&'static str>,
}

/// How a turn ends; without one, what it wrote is undone.
enum End {
    Committed,
    /// Whom to tell what became of the commit.
    Shares(oneshot::Sender<Result<()>>),
}

impl Writer {
    /// Takes the connection over.
    pub(crate) fn new(connection: SqliteConnection) -> Self {
        let (queue, mut waiting) = mpsc::channel(QUEUE);
        tokio::spawn(async move {
            let lent = Arc::new(Mutex::new(Lent { connection, opening: None }));
            let mut next = waiting.recv().await;
            while let Some(first) = next {
                let left_over = transaction(&lent, first, &mut waiting).await;
                next = match left_over {
                    Some(asks) => Some(asks),
                    None => waiting.recv().await,
                };
            }
        });
        Writer { queue }
    }

    /// Waits for a turn; `shares`: it may share a transaction with others.
    ///
    /// # Errors
    /// When others write for too long.
    pub(crate) async fn turn(&self, shares: bool) -> Result<Turn> {
        let (given_to, given) = oneshot::channel();
        let turn = async {
            self.queue.send(Asks { shares, given: given_to }).await.map_err(|_| ended())?;
            let (lent, end, first) = given.await.map_err(|_| ended())?;
            Ok(Turn { lent, end, first, shares, single: false, queue: self.queue.clone() })
        };
        let late = || StoreError::Unavailable("other changes take too long".to_owned());
        tokio::time::timeout(PATIENCE, turn).await.map_err(|_| late())?
    }
}

impl Turn {
    /// The connection, within the transaction.
    ///
    /// # Errors
    /// When the database is away.
    pub(crate) async fn connection(&mut self) -> Result<&mut SqliteConnection> {
        if let Some(opening) = self.lent.opening.take() {
            run(&mut self.lent.connection, opening).await?;
        }
        Ok(&mut self.lent.connection)
    }

    /// The connection for what may become lasting one by one: when nobody else waits, each statement
    /// is a transaction by itself.
    ///
    /// # Errors
    /// When the database is away.
    pub(crate) async fn single(&mut self) -> Result<&mut SqliteConnection> {
        if self.closing() == Some(COMMIT) {
            self.single = true;
            self.lent.opening = None;
        }
        self.connection().await
    }

    /// The connection, and a text that opens the transaction, if nothing did, before it runs `sql`.
    pub(crate) fn opening(&mut self, sql: &str) -> (&mut SqliteConnection, String) {
        let sql = match self.lent.opening.take() {
            Some(opening) => format!("{opening}; {sql}"),
            None => sql.to_owned(),
        };
        (&mut self.lent.connection, sql)
    }

    /// Ends the turn, and waits until what it wrote is lasting.
    ///
    /// # Errors
    /// When the database does not take it; nothing has changed then.
    pub(crate) async fn commit(mut self) -> Result<()> {
        if self.single {
            return self.closed(Some(COMMIT)).await;
        }
        let closing = self.closing();
        let connection = self.connection().await?;
        if let Some(closing) = closing {
            run(connection, closing).await?;
        }
        self.closed(closing).await
    }

    /// What must run last; [`Turn::closed`] wants to hear of it.
    pub(crate) fn closing(&self) -> Option<&'static str> {
        let nobody_waits = self.queue.capacity() == self.queue.max_capacity();
        match self.first {
            true => (nobody_waits || !self.shares).then_some(COMMIT),
            false => Some(RELEASE),
        }
    }

    /// Ends a turn whose `closing` ran, and waits until what it wrote is lasting.
    ///
    /// # Errors
    /// When the database does not take it; nothing has changed then.
    pub(crate) async fn closed(self, closing: Option<&'static str>) -> Result<()> {
        let Turn { lent, end, .. } = self;
        drop(lent);
        if closing == Some(COMMIT) {
            let _ = end.send(End::Committed);
            return Ok(());
        }
        let (tell, told) = oneshot::channel();
        end.send(End::Shares(tell)).map_err(|_| ended())?;
        told.await.map_err(|_| ended())?
    }
}

/// One transaction of the database: the turn of `first`, and of those who ask meanwhile and may
/// share it. Gives the one who came next and may not.
async fn transaction(
    lent: &Arc<Mutex<Lent>>,
    first: Asks,
    waiting: &mut mpsc::Receiver<Asks>,
) -> Option<Asks> {
    let mut sharing = match lend(lent, first, BEGIN).await {
        Some(End::Committed) => return None,
        Some(End::Shares(tell)) => vec![tell],
        None => {
            // An error may have ended the transaction already; then there is nothing to undo.
            let _ = undo(lent, "ROLLBACK").await;
            return None;
        }
    };
    let (mut outcome, mut left_over) = (Ok(()), None);
    while outcome.is_ok()
        && sharing.len() < SHARING
        && let Ok(next) = waiting.try_recv()
    {
        if !next.shares {
            left_over = Some(next);
            break;
        }
        match lend(lent, next, SAVE).await {
            Some(End::Shares(tell)) => sharing.push(tell),
            Some(End::Committed) | None => {
                outcome = undo(lent, "ROLLBACK TO turn; RELEASE turn").await
            }
        }
    }
    if outcome.is_ok() {
        outcome = run(&mut lent.lock().await.connection, COMMIT).await;
    }
    if outcome.is_err() {
        let _ = undo(lent, "ROLLBACK").await;
    }
    for tell in sharing {
        let _ = tell.send(outcome.clone());
    }
    left_over
}

/// Lends the connection until the turn ends.
async fn lend(lent: &Arc<Mutex<Lent>>, asks: Asks, opening: &'static str) -> Option<End> {
    let first = opening == BEGIN;
    let mut lent = lent.clone().lock_owned().await;
    lent.opening = Some(opening);
    let (end, ended) = oneshot::channel();
    asks.given.send((lent, end, first)).ok()?;
    ended.await.ok()
}

/// Undoes what was opened since the connection was lent.
async fn undo(lent: &Mutex<Lent>, sql: &'static str) -> Result<()> {
    let mut lent = lent.lock().await;
    match lent.opening.take() {
        Some(_) => Ok(()),
        None => run(&mut lent.connection, sql).await,
    }
}

async fn run(connection: &mut SqliteConnection, sql: &'static str) -> Result<()> {
    sqlx::query(sql).execute(connection).await?;
    Ok(())
}

/// The queue lives as long as its runtime.
fn ended() -> StoreError {
    StoreError::Unavailable("the program ends".to_owned())
}
