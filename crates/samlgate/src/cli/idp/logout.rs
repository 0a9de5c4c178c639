//! The arguments that say how people are signed out.

use installation::settings::{Binding, LogoutSettings};

use super::change::change;
use crate::cli::choice::one_of;

/// Single log-out with the IdP. An empty text unsets an option.
#[derive(Debug, clap::Args)]
pub(super) struct LogoutChange {
    /// Sign out at the IdP when a person signs out of an app
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    single_signout: Option<bool>,
    /// Where people are sent to sign out
    #[arg(long, value_name = "URL")]
    logout_url: Option<String>,
    /// Where answers to the IdP's log-out requests go, when it is not the logout URL
    #[arg(long, value_name = "URL")]
    logout_response_url: Option<String>,
    /// How log-out messages travel to the IdP
    #[arg(long, value_parser = one_of::<Binding>())]
    logout_binding: Option<Binding>,
    /// Answer the IdP's log-out requests
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    logout_answer: Option<bool>,
    /// Another entity ID that the IdP uses in log-out messages; repeat for more, "" for none
    #[arg(long, value_name = "ID")]
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
