//! What an app hears of who asks: the same for a request that passes and for Samlgate's own in a
//! person's name.

use std::net::IpAddr;

use gateway::ForwardContext;
use installation::settings::App;

use crate::front::session;
use crate::front::visit::Visit;

/// What `app` hears with a request that passes.
pub fn of<'a>(app: &'a App, client: IpAddr, request_id: &'a str) -> ForwardContext<'a> {
    ForwardContext {
        client,
        scheme: &app.scheme,
        host: &app.authority,
        request_id,
        is_own_cookie: session::is_ours,
        let_through: &app.pass_headers,
    }
}

/// What the app hears when Samlgate asks it something for the person who came.
pub fn of_visit(visit: &Visit) -> ForwardContext<'_> {
    of(&visit.app, visit.client, &visit.request_id)
}
