//! Records that anybody can make share a ring of fixed size: whoever fills it pushes out nothing but
//! what others of no better standing left there. It is kept to its size in the transaction that adds
//! to it, so no flood outruns a sweep.

use crate::{AttemptRow, Result, SealedMessages, Store, attempts, in_tx, messages};

/// The ring holds at most this many records.
const RECORDS: i64 = 1000;
/// Their texts and messages together have at most this many bytes, so that the file that holds them
/// grows by less than 5 MB.
const BYTES: i64 = 4_200_000;

impl Store {
    /// Writes a record and its messages into the ring; the oldest make room.
    ///
    /// # Errors
    /// When the database is away; nothing has changed then.
    pub async fn record_in_ring(
        &self,
        attempt: &AttemptRow,
        messages: Option<&SealedMessages>,
    ) -> Result<()> {
        let texts = [&attempt.detail, &attempt.timeline, &attempt.hint, &attempt.rule];
        let texts: usize = texts.iter().map(|text| text.len()).sum();
        let bytes = texts + messages.map_or(0, |messages| messages.sealed.len());
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        let mut tx = self.begin().await?;
        in_tx!(tx, connection => {
            attempts::bind!(sqlx::query(attempts::RECORD), attempt)
                .execute(&mut *connection)
                .await?;
            sqlx::query("UPDATE attempts SET ring_bytes = $2 WHERE id = $1")
                .bind(&attempt.id)
                .bind(bytes)
                .execute(&mut *connection)
                .await?;
            if let Some(messages) = messages {
                messages::bind!(sqlx::query(messages::KEEP), messages)
                    .execute(&mut *connection)
                    .await?;
            }
            for sql in [FORGET_MESSAGES, FORGET_RECORDS] {
                sqlx::query(sql).bind(RECORDS).bind(BYTES).execute(&mut *connection).await?;
            }
        });
        tx.commit().await
    }
}

/// Those beyond the ring's size, found in an index that covers the question.
macro_rules! beyond {
    () => {
        "(SELECT id FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY id DESC) AS place, \
         SUM(ring_bytes) OVER (ORDER BY id DESC) AS total FROM attempts WHERE ring_bytes IS NOT \
         NULL) r WHERE place > $1 OR total > $2)"
    };
}

const FORGET_MESSAGES: &str =
    concat!("DELETE FROM attempt_messages WHERE attempt_id IN ", beyond!());
const FORGET_RECORDS: &str = concat!("DELETE FROM attempts WHERE id IN ", beyond!());
