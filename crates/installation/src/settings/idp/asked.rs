//! What a request asks of the person's authentication at the IdP, as it was asked: sealed with the
//! request, kept with the attempt. The answer is judged by this, whatever the settings say by then.

use std::time::Duration;

use saml::{RequestedAuthnContext, RequiredAuthn};
use serde::{Deserialize, Serialize};

use super::request::{Comparison, RequestSettings};

/// What was asked of the authentication.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// ForceAuthn, for security: who is signed in there must show anew who it is.
    #[serde(rename = "f", default, skip_serializing_if = "std::ops::Not::not")]
    pub forced: bool,
    /// The sign-in there is at most so many minutes old.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    max_age_minutes: Option<u32>,
    /// The class of RequestedAuthnContext, and behind it those that will do as well.
    #[serde(rename = "c", default, skip_serializing_if = "Vec::is_empty")]
    classes: Vec<String>,
    /// It was asked for as a minimum.
    #[serde(rename = "l", default, skip_serializing_if = "std::ops::Not::not")]
    minimum: bool,
}

/// Who was made to sign in anew did so at most this long ago, the skew allowed.
const FRESH: Duration = Duration::from_secs(5 * 60);

impl Asked {
    /// What requests with these settings ask for; with `forced` also that people sign in anew. It is
    /// also what an answer that nobody asked for is judged by.
    pub fn by(settings: &RequestSettings, forced: bool) -> Self {
        let minimum = settings.authn_context_comparison == Comparison::Minimum;
        let stronger = settings.stronger_classes().iter().filter(|_| minimum);
        Asked {
            forced: forced || settings.force_authn,
            max_age_minutes: settings.max_authn_age_minutes,
            classes: settings.authn_context.iter().chain(stronger).cloned().collect(),
            minimum,
        }
    }

    /// Whether nothing was.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// As an answer is held against it.
    pub fn required(&self) -> RequiredAuthn<'_> {
        let minutes = |minutes: u32| Duration::from_secs(60 * u64::from(minutes));
        let fresh = self.forced.then_some(FRESH);
        let max_age = fresh.into_iter().chain(self.max_age_minutes.map(minutes)).min();
        RequiredAuthn { max_age, classes: &self.classes }
    }

    /// As it stands in the request.
    pub fn context(&self) -> Option<RequestedAuthnContext<'_>> {
        let class = self.classes.first()?;
        Some(RequestedAuthnContext { class, minimum: self.minimum })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> RequestSettings {
        RequestSettings {
            authn_context: Some("urn:b".to_owned()),
            authn_context_order: ["urn:a", "urn:b", "urn:c"].map(str::to_owned).to_vec(),
            ..RequestSettings::default()
        }
    }

    #[test]
    fn a_minimum_is_met_by_what_stands_behind_it_in_the_administrators_order() {
        let exact = Asked::by(&settings(), false);
        assert_eq!(exact.required().classes, ["urn:b"]);
        assert!(!exact.context().unwrap().minimum);
        let minimum =
            RequestSettings { authn_context_comparison: Comparison::Minimum, ..settings() };
        let minimum = Asked::by(&minimum, false);
        assert_eq!(minimum.required().classes, ["urn:b", "urn:c"]);
        let context = minimum.context().unwrap();
        assert_eq!((context.class, context.minimum), ("urn:b", true));
        assert_eq!(Asked::by(&RequestSettings::default(), false).context(), None);
    }

    #[test]
    fn forced_is_five_minutes_unless_less_was_asked() {
        let max_age = |force_authn, max_authn_age_minutes, forced| {
            let settings = RequestSettings { force_authn, max_authn_age_minutes, ..settings() };
            Asked::by(&settings, forced).required().max_age.map(|age| age.as_secs() / 60)
        };
        assert_eq!(max_age(false, None, false), None);
        assert_eq!(max_age(false, Some(600), false), Some(600));
        assert_eq!(max_age(true, Some(600), false), Some(5));
        assert_eq!(max_age(false, Some(600), true), Some(5));
        assert_eq!(max_age(false, None, true), Some(5));
        assert_eq!(max_age(true, Some(2), false), Some(2));
    }

    #[test]
    fn what_was_asked_is_sealed_as_it_was() {
        let settings = RequestSettings {
            authn_context_comparison: Comparison::Minimum,
            force_authn: true,
            max_authn_age_minutes: Some(60),
            ..settings()
        };
        let asked = Asked::by(&settings, false);
        let text = serde_json::to_string(&asked).unwrap();
        assert_eq!(serde_json::from_str::<Asked>(&text).unwrap(), asked);
        assert_eq!(serde_json::to_string(&Asked::default()).unwrap(), "{}", "cookies are small");
    }
}
