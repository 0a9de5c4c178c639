//! The console's own settings: how long sign-ins are kept, and who may come in.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::{Document, Fault};
use crate::moment;

/// The console as the administrator sets it; there is one such document, or none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConsoleSettings {
    /// Sign-ins stay in the tracker for this many days.
    pub keep_attempts_days: u16,
    /// Their requests and responses, sealed, for this many days; 0: not at all.
    pub keep_messages_days: u16,
    /// Until this moment (RFC 3339) the log shows every sign-in's response and checks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detailed_logging_until: Option<String>,
    /// Members of this group may enter the console from an app they are signed in to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub administrators_group: Option<String>,
    /// The address at which administrators reach the console; needed for `administrators_group`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
}

impl Default for ConsoleSettings {
    fn default() -> Self {
        ConsoleSettings {
            keep_attempts_days: 90,
            keep_messages_days: 14,
            detailed_logging_until: None,
            administrators_group: None,
            public_url: None,
        }
    }
}

impl Document for ConsoleSettings {
    const KIND: &'static str = "console";
    type Compiled = Console;

    fn compile(&self, _name: &str) -> Result<Console, Fault> {
        if self.keep_attempts_days == 0 || self.keep_attempts_days > 3660 {
            return Err(Fault::at("keep_attempts_days", "sign-ins are kept for 1 to 3660 days"));
        }
        if self.keep_messages_days > self.keep_attempts_days {
            let text = "messages cannot be kept longer than their sign-ins";
            return Err(Fault::at("keep_messages_days", text));
        }
        let until = self.detailed_logging_until.as_deref().map(moment::parse).transpose();
        let until = until.map_err(|error| {
            Fault::at("detailed_logging_until", format!("detailed_logging_until: {error}"))
        })?;
        if let Some(address) = &self.public_url {
            let url = url::Url::parse(address);
            let fits = url.is_ok_and(|u| {
                matches!(u.scheme(), "https" | "http") && u.path() == "/" && u.query().is_none()
            });
            if !fits {
                return Err(Fault::at(
                    "public_url",
                    "the console's public URL must be an address without a path, such as \
                     https://samlgate.example.com:9090",
                ));
            }
        } else if self.administrators_group.is_some() {
            return Err(Fault::at(
                "public_url",
                "members of a group come from an app: the console's public URL must be set, too",
            ));
        }
        Ok(Console { settings: self.clone(), detailed_logging_until: until })
    }
}

/// The console's settings, ready for use.
#[derive(Default)]
pub struct Console {
    /// As the administrator set them.
    pub settings: ConsoleSettings,
    /// The log is detailed until then.
    pub detailed_logging_until: Option<SystemTime>,
}

impl Console {
    /// Whether the log shows responses and checks at `now`.
    pub fn is_detailed(&self, now: SystemTime) -> bool {
        self.detailed_logging_until.is_some_and(|until| now < until)
    }
}

/// There is one document of this kind, and this is its name.
pub const CONSOLE: &str = "console";
