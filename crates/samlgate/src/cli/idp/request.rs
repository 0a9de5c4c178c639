//! The arguments that say how people are sent to the IdP.

use installation::settings::{Binding, Comparison, RequestSettings};

use super::change::change;
use crate::cli::choice::one_of;
use crate::cli::help::{about, about_and};

/// What requests ask for. An empty text unsets an option.
#[derive(Debug, clap::Args)]
pub(super) struct RequestChange {
    #[arg(long, value_parser = one_of::<Binding>(), help = about("idp.request.binding"))]
    request_binding: Option<Binding>,
    #[arg(long, value_name = "URL", help = about("idp.request.post_url"))]
    login_post_url: Option<String>,
    #[arg(long, value_name = "true|false|as-metadata", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_parser = signing, help = about("idp.request.sign"))]
    sign_requests: Option<Signing>,
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true", help = about("idp.request.force_authn"))]
    force_authn: Option<bool>,
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true", help = about("idp.request.passive"))]
    passive: Option<bool>,
    #[arg(long, value_name = "URI", help = about("idp.request.name_id_format"))]
    name_id_format: Option<String>,
    #[arg(long, value_name = "URI", help = about("idp.request.authn_context"))]
    authn_context: Option<String>,
    #[arg(long, value_parser = one_of::<Comparison>(), help = about("idp.request.authn_context_comparison"))]
    authn_context_comparison: Option<Comparison>,
    #[arg(long, value_name = "URI", help = about_and("idp.request.authn_context_order", "repeat for each, \"\" for none"))]
    authn_context_order: Option<Vec<String>>,
    #[arg(long, value_name = "MINUTES|\"\"", value_parser = minutes, help = about("idp.request.max_authn_age_minutes"))]
    max_authn_age: Option<Minutes>,
    /// Home Realm Discovery: tell the IdP this domain (whr=DOMAIN); "" switches it off
    #[arg(long, value_name = "DOMAIN")]
    home_realm: Option<String>,
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true", help = about("idp.request.login_hint"))]
    login_hint: Option<bool>,
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true", help = about("idp.request.at_once"))]
    at_once: Option<bool>,
}

#[derive(Clone, Copy, Debug)]
struct Signing(Option<bool>);

#[derive(Clone, Copy, Debug)]
struct Minutes(Option<u32>);

impl RequestChange {
    /// Puts what was said into the settings; the rest stays.
    pub(super) fn apply(&self, request: &mut RequestSettings) {
        request.binding = self.request_binding.unwrap_or(request.binding);
        request.sign = self.sign_requests.map_or(request.sign, |Signing(sign)| sign);
        change(&mut request.post_url, self.login_post_url.as_ref());
        change(&mut request.name_id_format, self.name_id_format.as_ref());
        change(&mut request.authn_context, self.authn_context.as_ref());
        request.authn_context_comparison =
            self.authn_context_comparison.unwrap_or(request.authn_context_comparison);
        if let Some(order) = &self.authn_context_order {
            request.authn_context_order =
                order.iter().filter(|class| !class.is_empty()).cloned().collect();
        }
        request.max_authn_age_minutes =
            self.max_authn_age.map_or(request.max_authn_age_minutes, |Minutes(age)| age);
        if let Some(domain) = &self.home_realm {
            change(&mut request.domain, Some(domain));
            request.home_realm_discovery = request.domain.is_some();
        }
        for (switch, set) in [
            (&mut request.force_authn, self.force_authn),
            (&mut request.passive, self.passive),
            (&mut request.login_hint, self.login_hint),
            (&mut request.at_once, self.at_once),
        ] {
            *switch = set.unwrap_or(*switch);
        }
    }
}

fn signing(text: &str) -> Result<Signing, String> {
    match text {
        "true" => Ok(Signing(Some(true))),
        "false" => Ok(Signing(Some(false))),
        "as-metadata" => Ok(Signing(None)),
        _ => Err("write true, false or as-metadata".to_owned()),
    }
}

fn minutes(text: &str) -> Result<Minutes, String> {
    match text {
        "" => Ok(Minutes(None)),
        _ => text
            .parse()
            .map(|minutes| Minutes(Some(minutes)))
            .map_err(|_| "write a number of minutes, or \"\" for any age".to_owned()),
    }
}

/// In one line, for `idp show`.
pub(super) fn shown(request: &RequestSettings) -> String {
    let binding = match request.binding {
        Binding::Redirect => "by redirect",
        Binding::Post => "by post",
    };
    let mut parts = vec![binding.to_owned()];
    parts.push(if request.signed() { "signed" } else { "not signed" }.to_owned());
    let switches = [
        (request.force_authn, "new sign-in each time"),
        (request.passive, "passive"),
        (request.at_once, "at once"),
    ];
    parts.extend(switches.iter().filter(|(on, _)| *on).map(|(_, text)| (*text).to_owned()));
    parts.extend(request.home_realm().map(|domain| format!("home realm {domain}")));
    parts.extend(request.name_id_format.iter().map(|format| format!("NameID format {format}")));
    parts.extend(request.authn_context.iter().map(|class| {
        let stronger = request.authn_context_comparison == Comparison::Minimum;
        format!("context {class}{}", if stronger { " or stronger" } else { "" })
    }));
    parts.extend(
        request
            .max_authn_age_minutes
            .map(|age| format!("signed in there at most {age} minutes ago")),
    );
    parts.join(", ")
}
