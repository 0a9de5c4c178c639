//! Where a metadata document comes from: an address, a file, or a text that somebody pasted.

use std::path::Path;
use std::time::Duration;

use saml::MetadataDocument;

use super::TrustError;
use crate::fetch::{self, Limits};

/// A document and where it came from.
pub struct Source {
    name: String,
    address: Option<String>,
    content: Vec<u8>,
}

impl Source {
    /// Fetches an address within `patience`; TLS is verified with `authorities` or the system's.
    ///
    /// # Errors
    /// [`TrustError::Fetch`].
    pub async fn fetch(
        address: &str,
        authorities: Option<&Path>,
        patience: Duration,
    ) -> Result<Self, TrustError> {
        let limits = Limits { bytes: LARGEST, time: patience };
        let fetched = fetch::get(address, authorities, limits).await?;
        let name = match fetched.content_type.is_empty() || fetched.content_type.contains("xml") {
            true => address.to_owned(),
            false => format!("{address} (Content-Type {})", fetched.content_type),
        };
        Ok(Source { name, address: Some(address.to_owned()), content: fetched.body.to_vec() })
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`TrustError::File`].
    pub fn file(path: &Path) -> Result<Self, TrustError> {
        let name = path.display().to_string();
        match std::fs::read(path) {
            Ok(content) => Ok(Source { name, address: None, content }),
            Err(error) => Err(TrustError::File { name, reason: error.to_string() }),
        }
    }

    /// Bytes that somebody sent by a form or a terminal.
    pub fn pasted(bytes: impl Into<Vec<u8>>) -> Self {
        Source { name: "the pasted text".to_owned(), address: None, content: bytes.into() }
    }

    /// Characters that somebody pasted: how they were encoded once is no matter any more.
    pub fn typed(text: &str) -> Self {
        Source::pasted(format!("\u{feff}{text}"))
    }

    /// The address, when it is one.
    pub fn address(&self) -> Option<&str> {
        self.address.as_deref()
    }

    /// Reads the document; then it can be asked which IdPs it describes.
    ///
    /// # Errors
    /// [`TrustError::Document`]: what was found instead.
    pub fn document(&self) -> Result<MetadataDocument, TrustError> {
        MetadataDocument::parse(&self.content)
            .map_err(|reason| TrustError::Document { name: self.name.clone(), reason })
    }

    pub(super) fn wrong(&self, reason: saml::MetadataError) -> TrustError {
        TrustError::Document { name: self.name.clone(), reason }
    }
}

/// Federation aggregates are large; one IdP's metadata is some kilobytes.
const LARGEST: usize = 64 << 20;
