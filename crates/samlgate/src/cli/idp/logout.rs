//! The arguments that say how people are signed out.

use installation::settings::{Binding, LogoutSettings};

use super::change::change;
use crate::cli::choice::one_of;
use crate::cli::help::{about, about_and};

/// Single log-out with the IdP. An empty text unsets an option.
#[derive(Debug, clap::Args)]
pub(super) struct LogoutChange {
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true", help = about("idp.logout.single_signout"))]
    single_signout: Option<bool>,
    #[arg(long, value_name = "URL", help = about("idp.logout.url"))]
    logout_url: Option<String>,
    #[arg(long, value_name = "URL", help = about("idp.logout.response_url"))]
    logout_response_url: Option<String>,
    #[arg(long, value_parser = one_of::<Binding>(), help = about("idp.logout.binding"))]
    logout_binding: Option<Binding>,
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true", help = about("idp.logout.answer"))]
    logout_answer: Option<bool>,
    #[arg(long, value_name = "ID", help = about_and("idp.logout.issuer_aliases", "repeat for more, \"\" for none"))]
    issuer_alias: Option<Vec<String>>,
}

impl LogoutChange {
    /// Puts what was said into the settings; the rest stays.
    pub(super) fn apply(&self, logout: &mut LogoutSettings) {
        logout.single_signout = self.single_signout.unwrap_or(logout.single_signout);
        logout.binding = self.logout_binding.unwrap_or(logout.binding);
        logout.answer = self.logout_answer.unwrap_or(logout.answer);
        change(&mut logout.url, self.logout_url.as_ref());
        change(&mut logout.response_url, self.logout_response_url.as_ref());
        if let Some(aliases) = &self.issuer_alias {
            logout.issuer_aliases =
                aliases.iter().filter(|alias| !alias.is_empty()).cloned().collect();
        }
    }
}

/// In one line, for `idp show`.
pub(super) fn shown(logout: &LogoutSettings) -> String {
    match (logout.single_signout, &logout.url) {
        (false, _) => "no".to_owned(),
        (true, Some(_)) => "yes".to_owned(),
        (true, None) => {
            "yes, but the IdP has no logout URL: only the app's session ends".to_owned()
        }
    }
}
