//! An application: a Crowd client with a name, a password and the addresses it may come from.

use serde::{Deserialize, Serialize};

use super::{Document, Fault};
use crate::address::AddressRange;

/// An application as the administrator sets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplicationSettings {
    /// Argon2id of its password, as a PHC string.
    pub password_hash: String,
    /// Addresses or networks it may come from; empty: loopback and the app's own upstream.
    #[serde(default)]
    pub allow: Vec<String>,
}

/// An application, ready for use.
pub struct Application {
    /// Its name, as it stands in the app's directory form.
    pub name: String,
    /// Argon2id of its password, as a PHC string.
    pub password_hash: String,
    /// Addresses it may come from; empty: loopback and the app's own upstream.
    pub allow: Vec<AddressRange>,
}

impl Document for ApplicationSettings {
    const KIND: &'static str = "application";
    type Compiled = Application;

    fn compile(&self, name: &str) -> Result<Application, Fault> {
        if !self.password_hash.starts_with("$argon2id$") {
            let text = "the password is not stored as an argon2id hash; set it again";
            return Err(Fault::at("password_hash", text));
        }
        let allow = self.allow.iter().map(|text| text.parse::<AddressRange>());
        let allow = allow.collect::<Result<_, _>>();
        let allow = allow.map_err(|error| Fault::at("allow", error.to_string()))?;
        Ok(Application { name: name.to_owned(), password_hash: self.password_hash.clone(), allow })
    }
}
