//! One request to an app and its answer, over one connection.
//!
//! A request without a body drives its connection from its own task: no other task is woken, which
//! is most of what a proxy would spend beyond its system calls. A request with a body may have to
//! be written while nobody reads the answer, so its connection gets a task of its own.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use http::header::UPGRADE;
use http::{Request, Response};
use hyper::body::{Body as _, Incoming};
use tokio::sync::oneshot;

use crate::answer::Answer;
use crate::link::{Link, failed};
use crate::patience::{Progress, Sending};
use crate::pool::Pool;
use crate::{Body, GatewayError, Phase, Timeouts};

impl Link {
    /// Sends a request; the answer's body brings the connection home to `pool` when it has ended.
    pub(crate) async fn exchange(
        self: Box<Self>,
        request: Request<Body>,
        timeouts: &Timeouts,
        pool: &Arc<Pool>,
    ) -> Result<Response<Answer>, GatewayError> {
        let upgrades = request.headers().contains_key(UPGRADE);
        self.heard.nothing();
        if request.body().is_end_stream() && !upgrades {
            self.exchange_here(request, timeouts, pool).await
        } else {
            Box::pin(self.exchange_apart(request, timeouts, pool)).await
        }
    }

    async fn exchange_here(
        mut self: Box<Self>,
        request: Request<Body>,
        timeouts: &Timeouts,
        pool: &Arc<Pool>,
    ) -> Result<Response<Answer>, GatewayError> {
        let request = request.map(|body| Sending::new(body, timeouts.request_idle, None));
        let mut responding = pin!(self.sender.send_request(request));
        let mut ended = false;
        let answered = poll_fn(|context| {
            if let Poll::Ready(answered) = responding.as_mut().poll(context) {
                return Poll::Ready(answered);
            }
            ended = ended || Pin::new(&mut self.connection).poll(context).is_ready();
            responding.as_mut().poll(context)
        });
        let answered = tokio::time::timeout(timeouts.response_head, answered)
            .await
            .map_err(|_| GatewayError::Timeout(Phase::ResponseHead))?;
        let response = answered.map_err(|error| failed(&error))?;
        let keep = keep(&response, timeouts.keep);
        let link = (!ended).then_some(self);
        Ok(response.map(|incoming| Answer::driving(incoming, timeouts, link, pool.clone(), keep)))
    }

    async fn exchange_apart(
        mut self: Box<Self>,
        request: Request<Body>,
        timeouts: &Timeouts,
        pool: &Arc<Pool>,
    ) -> Result<Response<Answer>, GatewayError> {
        let progress = Arc::new(Progress::new());
        let watched = Some(progress.clone());
        let request = request.map(|body| Sending::new(body, timeouts.request_idle, watched));
        let upgrades = request.headers().contains_key(UPGRADE);
        let mut responding = pin!(self.sender.send_request(request));
        let (say, said) = oneshot::channel();
        if upgrades {
            tokio::spawn(self.connection.with_upgrades());
        } else {
            tokio::spawn(self.go_home(pool.clone(), said));
        }
        let mut wait = timeouts.response_head;
        loop {
            if let Ok(answered) = tokio::time::timeout(wait, responding.as_mut()).await {
                let response = answered.map_err(|error| failed(&error))?;
                // Nobody listens when the connection has ended already.
                let _ = say.send(keep(&response, timeouts.keep));
                return Ok(response.map(|incoming| Answer::watching(incoming, timeouts)));
            }
            // The limit counts from the last piece of the request.
            wait = timeouts.response_head.saturating_sub(progress.age());
            if wait.is_zero() {
                return Err(GatewayError::Timeout(Phase::ResponseHead));
            }
        }
    }

    /// Drives the connection until it can take another request, and keeps it then for as long as is
    /// `said` with the answer.
    async fn go_home(mut self: Box<Self>, pool: Arc<Pool>, said: oneshot::Receiver<Duration>) {
        let ready = poll_fn(|context| {
            if self.drive(context) {
                return Poll::Ready(false);
            }
            self.sender.poll_ready(context).map(|ready| ready.is_ok())
        });
        if ready.await
            && let Ok(keep) = said.await
        {
            pool.put(self, keep);
        }
    }
}

/// How long the connection may be kept: the app may say less (`Keep-Alive: timeout=5`), and then
/// it is given up a second before, so that no request meets a connection that is just closing.
fn keep(response: &Response<Incoming>, most: Duration) -> Duration {
    let said = response.headers().get("keep-alive").and_then(|value| value.to_str().ok());
    let seconds = said
        .into_iter()
        .flat_map(|value| value.split(','))
        .find_map(|part| part.trim().strip_prefix("timeout=")?.parse::<u64>().ok());
    seconds.map_or(most, |seconds| most.min(Duration::from_secs(seconds.saturating_sub(1))))
}
