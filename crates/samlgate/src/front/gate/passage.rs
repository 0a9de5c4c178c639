//! A request on its way to the app, and the answer on its way back. Neither is touched, except that:
//!
//! 1. session cookies of the app whose session has ended are taken away ([`crate::front::cookie_map`]);
//! 2. passwords typed for managed names are refused; the cookies come first, since a form that
//!    confirms a password names nobody, and the session alone says whose it is;
//! 3. log-in pages get the button;
//! 4. the app's own log-out ends Samlgate's session too.

use std::sync::Arc;

use gateway::{Body, GatewayError, Tunnel};
use http::{HeaderMap, Request, Response, StatusCode, Uri};
use installation::runtime::token_hash;
use installation::settings::{App, Snapshot};
use store::StoreError;

use super::button::LoginPage;
use super::sender::Sender;
use super::{at_once, button, passwords};
use crate::front::Front;
use crate::front::answer;
use crate::front::cookie_map::{self, Judgement, Unjudged};
use crate::front::page;
use crate::front::reader::Reader;
use crate::front::session;
use crate::front::signout;
use crate::front::told;
use crate::front::visit::Visit;

/// One request that is the app's own.
pub(super) struct Passage {
    pub(super) front: Arc<Front>,
    pub(super) settings: Arc<Snapshot>,
    pub(super) app: Arc<App>,
    pub(super) sender: Sender,
}

/// A request that may reach the app, and what is done with the answer.
struct Checked {
    request: Request<Body>,
    /// Reads along while the body passes.
    watch: Option<passwords::Watch>,
    on_return: OnReturn,
}

/// What is done with the app's answer.
struct OnReturn {
    judged: Judgement,
    login_page: Option<LoginPage>,
    /// The hash of the browser's session token.
    own: Option<Arc<str>>,
    /// Of somebody who logs out at the app.
    leaving: Option<Visit>,
}

impl Passage {
    /// Lets the request pass, if it may.
    pub(super) async fn pass(self, request: Request<Body>) -> Response<Body> {
        let reader = Reader::of(request.headers());
        // What may ask the database is large: boxed, so that every request has little to carry.
        let Checked { request, watch, on_return } =
            match Box::pin(self.before(request, reader)).await {
                Ok(checked) => checked,
                Err(instead) => return instead,
            };
        let forwarded = self.forward(request).await;
        if let Some(found) = watch.as_ref().and_then(passwords::Watch::found) {
            return found.answer(&self.app, reader);
        }
        match forwarded {
            Ok(response) => self.after(on_return, response).await,
            Err(error) => self.upstream_failed(&error, reader),
        }
    }

    /// What is looked at before the app sees anything; else what is answered instead.
    async fn before(
        &self,
        request: Request<Body>,
        reader: Reader,
    ) -> Result<Checked, Response<Body>> {
        let judged = self.judge_cookies(request.headers(), request.uri()).await?;
        let (installation, user) = (&self.front.installation, judged.user());
        let passwords::Passed { mut request, watch } =
            passwords::check(installation, &self.app, request, user, reader).await?;
        judged.strip(&mut request);
        let login_page = button::login_page(&self.app, &request);
        if let Some(login_page) = &login_page {
            let known = judged.user().is_some();
            let instead =
                at_once::instead_of(login_page, &self.settings, &self.app, &request, known);
            if let Some(instead) = instead {
                return Err(instead);
            }
            if !(known && login_page.is_for_strangers_only()) {
                gateway::prepare_injection(&mut request);
            }
        }
        let token = session::token(&self.app, request.headers());
        let own: Option<Arc<str>> = token.map(|token| token_hash(token).into());
        if let Some(own) = &own {
            let now = self.front.installation.clock.now();
            self.front.uses.session(&self.app, own, now);
        }
        let known = own.is_some() || judged.user().is_some();
        let leaves = known && signout::is_log_out(&self.app, &request);
        let leaving = leaves.then(|| self.visit(&request));
        let on_return = OnReturn { judged, login_page, own, leaving };
        Ok(Checked { request, watch, on_return })
    }

    async fn forward(&self, request: Request<Body>) -> Result<Response<Body>, GatewayError> {
        let context = told::of(&self.app, self.sender.client, &self.sender.request_id);
        gateway::forward(&self.app.upstream, request, &context, &self.front.turns).await
    }

    async fn after(&self, on_return: OnReturn, response: Response<Body>) -> Response<Body> {
        let OnReturn { judged, login_page, own, leaving } = on_return;
        let sessions: Vec<Arc<str>> = own.iter().chain(judged.sessions()).cloned().collect();
        let mut response = match sessions.is_empty() {
            true => response,
            false => Box::pin(self.follow(leaving, sessions, &judged, response)).await,
        };
        // With a living session of Samlgate the browser is about to get a new session of the app.
        if judged.is_ended() && !self.is_signed_in(own.as_deref()).await {
            judged.expire(&mut response);
        }
        match login_page {
            Some(login_page) => {
                let unadorned = &self.front.unadorned;
                button::put(unadorned, &self.settings, &self.app, login_page, response)
            }
            None => response,
        }
    }

    /// Judges the app's session cookies; without a verdict nothing reaches the app.
    async fn judge_cookies(
        &self,
        headers: &HeaderMap,
        uri: &Uri,
    ) -> Result<Judgement, Response<Body>> {
        match self.front.cookie_map.judge(&self.place(), headers, uri).await {
            Ok(judged) => Ok(judged),
            Err(Unjudged::TooMany) => {
                Err(answer::text(StatusCode::BAD_REQUEST, "These are too many session cookies."))
            }
            Err(Unjudged::Away(error)) => Err(database_away(&error)),
        }
    }

    fn place(&self) -> cookie_map::Place<'_> {
        let Front { installation, uses, .. } = &*self.front;
        let (settings, app, now) = (&*self.settings, &*self.app, installation.clock.now());
        cookie_map::Place { store: &installation.store, settings, app, uses, now }
    }

    fn visit(&self, request: &Request<Body>) -> Visit {
        Visit {
            front: self.front.clone(),
            settings: self.settings.clone(),
            app: self.app.clone(),
            headers: request.headers().clone(),
            uri: request.uri().clone(),
            client: self.sender.client,
            request_id: self.sender.request_id.clone(),
            now: self.front.installation.clock.now(),
        }
    }

    /// Who has logged out at the app leaves here too; else the session cookies that the app gives
    /// are kept with the session, and so is a tunnel. The request belongs to `sessions`: the
    /// browser's own before those of the app's cookies, of which each may have ended.
    async fn follow(
        &self,
        leaving: Option<Visit>,
        sessions: Vec<Arc<str>>,
        judged: &Judgement,
        mut response: Response<Body>,
    ) -> Response<Body> {
        if let Some(visit) = leaving
            && signout::has_logged_out(&visit, response.headers()).await
        {
            return signout::leave(&visit, &sessions, response).await;
        }
        let (cookie_map, place) = (&self.front.cookie_map, self.place());
        cookie_map.learn(&place, &sessions, response.headers_mut()).await;
        if let Some(tunnel) = response.extensions().get::<Tunnel>() {
            cookie_map.tunnels.opened(&place, tunnel.clone(), sessions, judged).await;
        }
        response
    }

    async fn is_signed_in(&self, own: Option<&str>) -> bool {
        let Some(own) = own else { return false };
        let installation = &self.front.installation;
        let now = installation.clock.now();
        let found = session::living(installation, &self.settings, &self.app, own, now).await;
        matches!(found, Ok(Some(living)) if session::opens(&self.settings, &living.session, &self.app))
    }

    fn upstream_failed(&self, error: &GatewayError, reader: Reader) -> Response<Body> {
        if let GatewayError::BadRequest(reason) = error {
            return answer::text(StatusCode::BAD_REQUEST, reason);
        }
        if let GatewayError::Busy = error {
            return answer::try_again(
                "Too much is going on at once. Please try again in a moment.",
            );
        }
        let (app, request_id) = (&self.app, &self.sender.request_id);
        tracing::error!(app = app.name, request.id = request_id, error = %error, "app away");
        page::upstream_away(app, request_id, reader)
    }
}

pub(super) fn database_away(error: &StoreError) -> Response<Body> {
    tracing::error!(error = %error, "the database is away");
    answer::try_again("Please try again in a moment.")
}
