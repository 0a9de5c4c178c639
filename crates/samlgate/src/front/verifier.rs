//! Where messages of strangers are parsed and verified: outside the threads that serve everybody,
//! few at once, with a queue that has an end. Whoever sends large messages as fast as possible takes
//! time from others who sign in, and none from those who work.

use std::sync::Arc;
use std::thread;

use tokio::sync::Semaphore;

/// The places at which messages are verified.
pub struct Verifier {
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

/// The queue is full: the message was not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy;

impl Default for Verifier {
    /// One place fewer than there are processors, so that one is left for those who work; one place
    /// where there is one processor.
    fn default() -> Self {
        Self::new(thread::available_parallelism().map_or(1, |all| all.get().max(2) - 1))
    }
}

impl Verifier {
    fn new(places: usize) -> Self {
        let semaphore = |permits| Arc::new(Semaphore::new(permits));
        Verifier { running: semaphore(places), waiting: semaphore(places + QUEUE) }
    }

    /// Does `work` at one of the places, after those that came before.
    ///
    /// # Errors
    /// When too many wait already.
    pub async fn run<T, W>(&self, work: W) -> Result<T, Busy>
    where
        T: Send + 'static,
        W: FnOnce() -> T + Send + 'static,
    {
        let queued = self.waiting.clone().try_acquire_owned().map_err(|_| Busy)?;
        let place = self.running.clone().acquire_owned().await.map_err(|_| Busy)?;
        let done = tokio::task::spawn_blocking(move || {
            // Held by the work itself: who hangs up early frees no place that is still taken.
            let _held = (queued, place);
            work()
        });
        match done.await {
            Ok(done) => Ok(done),
            Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
        }
    }
}

/// So many messages wait. Each takes some tens of milliseconds at the most.
const QUEUE: usize = 64;

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn a_full_queue_refuses_at_once_and_takes_again_when_there_is_room() {
        let verifier = Arc::new(Verifier::new(1));
        let (free, held) = mpsc::channel::<()>();
        let first = {
            let verifier = verifier.clone();
            tokio::spawn(async move { verifier.run(move || held.recv().is_ok()).await })
        };
        let mut others = Vec::new();
        for n in 0..QUEUE {
            let verifier = verifier.clone();
            others.push(tokio::spawn(async move { verifier.run(move || n).await }));
        }
        while verifier.waiting.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(verifier.run(|| ()).await, Err(Busy));
        free.send(()).unwrap();
        assert_eq!(first.await.unwrap(), Ok(true));
        for (n, other) in others.into_iter().enumerate() {
            assert_eq!(other.await.unwrap(), Ok(n), "in their order");
        }
        assert_eq!(verifier.run(|| "again").await, Ok("again"));
    }
}
