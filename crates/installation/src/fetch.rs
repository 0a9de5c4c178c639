//! Fetches one small document, such as an IdP's metadata, over HTTPS.
//!
//! It follows no redirect, sends no cookie and keeps no connection. Plain HTTP is for loopback
//! alone: what is fetched here decides whom we trust.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, LOCATION, USER_AGENT};
use http::{Request, StatusCode, Uri};
use http_body_util::{BodyExt as _, Empty, LengthLimitError, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use thiserror::Error;

use crate::address::is_loopback_name;
use crate::authorities::{AuthoritiesError, client_tls};

/// How much is read, and how long it may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most bytes of a body.
    pub bytes: usize,
    /// From the first packet to the last byte.
    pub time: Duration,
}

/// A document that came.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The Content-Type, or nothing.
    pub content_type: String,
    /// The whole body.
    pub body: Bytes,
}

/// Why nothing came. Each message says what was found instead, and the cure.
#[derive(Debug, Error)]
pub enum FetchError {
    /// The text is no address.
    #[error("{0:?} is not an address such as https://idp.example.com/metadata")]
    Address(String),
    /// Plain HTTP to another machine.
    #[error("{0} is plain http, which anybody on the way could change; use its https address")]
    Insecure(String),
    /// The file of the company's authority cannot be used.
    #[error("the authorities for TLS cannot be read: {0}; see tls.trusted_ca_file")]
    Authorities(AuthoritiesError),
    /// No connection.
    #[error("{host} cannot be reached: {reason}")]
    Unreachable {
        /// Host and port.
        host: String,
        /// What the system says.
        reason: String,
    },
    /// A connection, but no trust.
    #[error(
        "{host} answers, but TLS fails: {reason}; for a company's own authority set tls.trusted_ca_file"
    )]
    Tls {
        /// Host and port.
        host: String,
        /// What TLS says.
        reason: String,
    },
    /// It points elsewhere.
    #[error("{address} leads on to {location:?} (HTTP {status}); use that address if you trust it")]
    Moved {
        /// The address asked.
        address: String,
        /// 3xx.
        status: StatusCode,
        /// Where it points.
        location: String,
    },
    /// Something other than 200.
    #[error("{address} answers HTTP {status}; is the address right?")]
    Status {
        /// The address asked.
        address: String,
        /// What came.
        status: StatusCode,
    },
    /// The body is too large.
    #[error("{address} sends more than {limit} bytes; this is no metadata")]
    TooLarge {
        /// The address asked.
        address: String,
        /// The most bytes that are read.
        limit: usize,
    },
    /// It takes too long.
    #[error("{address} did not answer within {seconds} s")]
    Timeout {
        /// The address asked.
        address: String,
        /// The time that was given.
        seconds: u64,
    },
}

/// Fetches `address` with GET. `authorities` is a PEM file of authorities beside the
/// system's own.
///
/// # Errors
/// See [`FetchError`].
pub async fn get(
    address: &str,
    authorities: Option<&Path>,
    limits: Limits,
) -> Result<Fetched, FetchError> {
    let uri = checked(address)?;
    let connector = connector(authorities)?;
    let fetch = exchange(address, uri, connector, limits.bytes);
    tokio::time::timeout(limits.time, fetch).await.unwrap_or_else(|_| {
        Err(FetchError::Timeout { address: address.to_owned(), seconds: limits.time.as_secs() })
    })
}

/// Whether `address` may be fetched at all.
///
/// # Errors
/// [`FetchError::Address`], [`FetchError::Insecure`].
pub fn check(address: &str) -> Result<(), FetchError> {
    checked(address).map(drop)
}

/// The address, if it may be asked: https, or plain http on loopback.
///
/// # Errors
/// [`FetchError::Address`] and [`FetchError::Insecure`].
pub fn checked(address: &str) -> Result<Uri, FetchError> {
    let wrong = || FetchError::Address(address.to_owned());
    let url = url::Url::parse(address).map_err(|_| wrong())?;
    let loopback = is_loopback_name(url.host_str().ok_or_else(wrong)?);
    match url.scheme() {
        "https" => {}
        "http" if loopback => {}
        "http" => return Err(FetchError::Insecure(address.to_owned())),
        _ => return Err(wrong()),
    }
    url.as_str().split('#').next().unwrap_or_default().parse().map_err(|_| wrong())
}

/// Connects trusting the system's authorities and those of a PEM file beside them.
///
/// # Errors
/// [`FetchError::Authorities`].
pub fn connector(authorities: Option<&Path>) -> Result<HttpsConnector<HttpConnector>, FetchError> {
    let tls = client_tls(authorities).map_err(FetchError::Authorities)?;
    let builder = HttpsConnectorBuilder::new().with_tls_config((*tls).clone());
    Ok(builder.https_or_http().enable_http1().build())
}

async fn exchange(
    address: &str,
    uri: Uri,
    connector: HttpsConnector<HttpConnector>,
    limit: usize,
) -> Result<Fetched, FetchError> {
    let host = uri.authority().map(ToString::to_string).unwrap_or_default();
    let request = Request::get(uri)
        .header(USER_AGENT, concat!("samlgate/", env!("CARGO_PKG_VERSION")))
        .header(ACCEPT, "application/samlmetadata+xml, application/xml, text/xml, */*;q=0.5")
        .body(Empty::<Bytes>::new())
        .map_err(|_| FetchError::Address(address.to_owned()))?;
    let client = Client::builder(TokioExecutor::new()).build(connector);
    let response = client.request(request).await.map_err(|error| failed(&host, &error))?;
    let status = response.status();
    let text = |name| {
        let value = response.headers().get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let (location, content_type) = (text(LOCATION), text(CONTENT_TYPE));
    let address = address.to_owned();
    if status.is_redirection() && !location.is_empty() {
        return Err(FetchError::Moved { address, status, location });
    }
    if status != StatusCode::OK {
        return Err(FetchError::Status { address, status });
    }
    match Limited::new(response.into_body(), limit).collect().await {
        Ok(body) => Ok(Fetched { content_type, body: body.to_bytes() }),
        Err(error) if error.is::<LengthLimitError>() => {
            Err(FetchError::TooLarge { address, limit })
        }
        Err(error) => Err(FetchError::Unreachable { host, reason: error.to_string() }),
    }
}

/// Says the innermost cause: the outer ones only say that a request failed.
pub fn failed(host: &str, error: &hyper_util::client::legacy::Error) -> FetchError {
    let host = host.to_owned();
    let mut cause: &(dyn std::error::Error + 'static) = error;
    loop {
        if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
            return FetchError::Tls { host, reason: tls.to_string() };
        }
        // The `source` of an I/O error skips the error that it wraps.
        let wrapped = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        match wrapped.map(|inner| inner as &(dyn std::error::Error + 'static)).or(cause.source()) {
            Some(source) => cause = source,
            None => return FetchError::Unreachable { host, reason: cause.to_string() },
        }
    }
}

#[cfg(test)]
mod tests;
