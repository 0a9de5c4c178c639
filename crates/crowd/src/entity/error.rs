//! The body of a refusal. Does not carry the HTTP status.

use serde::{Deserialize, Serialize};

use super::Entity;
use crate::reason::Reason;
use crate::xml::{Element, Writer};
use crate::{BodyError, Format};

/// Why a request was refused: a reason for the client's program and a message for its operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// What the client turns into an exception.
    pub reason: Reason,
    /// One sentence. Never holds a secret.
    pub message: String,
}

impl ErrorBody {
    /// Reads such a body as a client does.
    ///
    /// # Errors
    /// [`BodyError`] when it is no error body, or its reason is not known.
    pub fn parse(body: &[u8], format: Format) -> Result<Self, BodyError> {
        match format {
            Format::Json => Ok(serde_json::from_slice(body)?),
            Format::Xml => {
                let root = Element::parse(body)?;
                let reason = root.child_text("reason").ok_or(BodyError::Missing("reason"))?;
                Ok(Self {
                    reason: Reason::parse(reason).ok_or(BodyError::Unknown("reason"))?,
                    message: root.child_text("message").unwrap_or_default().to_owned(),
                })
            }
        }
    }
}

impl Entity for ErrorBody {
    fn write_xml(&self, xml: &mut Writer) {
        xml.open("error", &[]);
        xml.text("reason", self.reason.as_str());
        xml.text("message", &self.message);
        xml.close("error");
    }
}
