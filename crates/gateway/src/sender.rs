//! What an app hears of who asks and from where: what the gateway says, and nothing that the request
//! said of itself. An app that believes its proxy believes whatever of this kind arrives.

use std::net::IpAddr;

use http::HeaderMap;
use http::header::{HOST, HeaderName, HeaderValue};

use crate::GatewayError;

/// What the gateway's owner knows of a request.
#[derive(Clone, Copy, Debug)]
pub struct ForwardContext<'a> {
    /// The person's address: all that the app hears of the way before.
    pub client: IpAddr,
    /// The public scheme.
    pub scheme: &'a str,
    /// The public authority, `host[:port]`.
    pub host: &'a str,
    /// Names the request in the logs of both.
    pub request_id: &'a str,
    /// Which cookies are the gateway's: they never reach the app, nor come from it.
    pub is_own_cookie: fn(&str) -> bool,
    /// Headers among [`CLAIMS`] that reach the app as they came, each in this spelling alone.
    pub let_through: &'a [HeaderName],
}

impl ForwardContext<'_> {
    /// Says in `headers` who asks and for what; what else says so there is dropped.
    ///
    /// # Errors
    /// [`GatewayError::BadRequest`] when a value cannot stand in a header.
    pub fn tell(&self, headers: &mut HeaderMap) -> Result<(), GatewayError> {
        let let_through = |name: &&HeaderName| self.let_through.contains(name);
        let claims = headers.keys().filter(|name| is_claim(name) && !let_through(name));
        for name in claims.cloned().collect::<Vec<_>>() {
            headers.remove(name);
        }
        let client = self.client.to_string();
        let values = [
            (HOST, self.host),
            (X_FORWARDED_FOR, &client),
            (X_FORWARDED_PROTO, self.scheme),
            (X_FORWARDED_HOST, self.host),
            (X_FORWARDED_PORT, self.port()),
            (X_REQUEST_ID, self.request_id),
        ];
        for (name, value) in values {
            let value = HeaderValue::from_str(value).map_err(|_| {
                GatewayError::BadRequest("A header of the request cannot be passed on.")
            })?;
            headers.insert(name, value);
        }
        Ok(())
    }

    /// The public port: the authority's, or else its scheme's own (RFC 9110 §4.2).
    fn port(&self) -> &str {
        let named = self.host.rsplit_once(':').map(|(_, port)| port);
        let named = named.filter(|port| port.bytes().all(|byte| byte.is_ascii_digit()));
        named.unwrap_or(if self.scheme == "https" { "443" } else { "80" })
    }
}

/// Whether a header says who or where the sender of its request is. Servers that make variables of
/// headers read `-` and `_` alike, and some any other mark, too.
pub fn is_claim(name: &HeaderName) -> bool {
    let name = name.as_str().as_bytes();
    CLAIMS.iter().any(|pattern| fits(pattern.as_bytes(), name))
}

/// Whether the gateway itself says what stands in a header; in any spelling of its name.
pub fn is_told(name: &HeaderName) -> bool {
    TOLD.iter().any(|told| fits(told.as_str().as_bytes(), name.as_str().as_bytes()))
}

fn fits(pattern: &[u8], name: &[u8]) -> bool {
    match pattern {
        [b'*', end @ ..] => {
            name.len() >= end.len() && are_alike(end, &name[name.len() - end.len()..])
        }
        [begin @ .., b'*'] => name.len() >= begin.len() && are_alike(begin, &name[..begin.len()]),
        whole => name.len() == whole.len() && are_alike(whole, name),
    }
}

fn are_alike(pattern: &[u8], name: &[u8]) -> bool {
    let mark = |byte: u8| if byte.is_ascii_alphanumeric() { byte } else { b'-' };
    pattern.iter().zip(name).all(|(of, is)| *of == mark(*is))
}

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const X_FORWARDED_PORT: HeaderName = HeaderName::from_static("x-forwarded-port");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const TOLD: [HeaderName; 6] =
    [HOST, X_FORWARDED_FOR, X_FORWARDED_HOST, X_FORWARDED_PORT, X_FORWARDED_PROTO, X_REQUEST_ID];

/// Headers in which proxies, and modules of web servers that sign people in, say who or where the
/// sender is. `*` stands for anything at one end.
pub const CLAIMS: &[&str] = &[
    // Where the sender is, and what it asked for.
    "forwarded",
    "x-forwarded*",
    "x-original-*",
    "x-originating-*",
    "x-real-*",
    "x-client-*",
    "x-cluster-*",
    "x-remote-*",
    "x-envoy-*",
    "x-azure-*",
    "x-appengine-*",
    "*client-ip",
    "*clientip",
    "*-connecting-ip",
    "*-user-ip",
    "remote-*",
    "x-host",
    "x-scheme",
    "x-url-scheme",
    "front-end-https",
    // What the gateway calls the request.
    "x-request-id",
    // Who it is.
    "x-auth-*",
    "x-authenticated-*",
    "x-authentik-*",
    "x-webauth-*",
    "x-user*",
    "x-email",
    "x-groups",
    "x-preferred-username",
    "x-sso-*",
    "x-saml-*",
    "x-shib-*",
    "x-ms-client-*",
    "x-ms-token-*",
    "x-amzn-oidc-*",
    "x-goog-authenticated-*",
    "x-goog-iap-*",
    "x-pomerium-*",
    "x-vouch-*",
    "cf-access-*",
    "iv-*",
    "mellon-*",
    "oidc-*",
    "shib-*",
    "sm-*",
    // Its TLS certificate.
    "client-cert*",
    "ssl-*",
    "x-ssl-*",
    "x-tls-*",
    "x-arr-*",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn context<'a>(host: &'a str, let_through: &'a [HeaderName]) -> ForwardContext<'a> {
        ForwardContext {
            client: [192, 0, 2, 7].into(),
            scheme: "https",
            host,
            request_id: "1",
            is_own_cookie: |_| false,
            let_through,
        }
    }

    /// What of these headers an app would see of its own sender.
    fn told(names: &[&str], let_through: &[HeaderName]) -> Vec<String> {
        let mut headers = HeaderMap::new();
        for name in names {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            headers.append(name, HeaderValue::from_static("claimed"));
        }
        context("jira.example.com", let_through).tell(&mut headers).unwrap();
        let claimed = headers.iter().filter(|(_, value)| *value == "claimed");
        claimed.map(|(name, _)| name.as_str().to_owned()).collect()
    }

    #[test]
    fn whatever_says_who_or_where_the_sender_is_ends_here_in_any_spelling() {
        for name in [
            "Forwarded",
            "X-Forwarded-For",
            "X_Forwarded_For",
            "x-forwarded_for",
            "X.Forwarded.For",
            "X-Forwarded",
            "X-Forwarded-Scheme",
            "X-Forwarded-Client-Cert",
            "X-Forwarded-User",
            "X-Original-Forwarded-For",
            "X-Original-URL",
            "X-Real-IP",
            "X_REAL_IP",
            "X-Client-IP",
            "Client-IP",
            "Client_IP",
            "True-Client-IP",
            "true_client_ip",
            "Fastly-Client-IP",
            "WL-Proxy-Client-IP",
            "X-Cluster-Client-IP",
            "X-Azure-ClientIP",
            "CF-Connecting-IP",
            "DO-Connecting-IP",
            "X-AppEngine-User-IP",
            "X-Envoy-External-Address",
            "X-Originating-IP",
            "Remote-User",
            "REMOTE_USER",
            "remote-addr",
            "X-Remote-User",
            "X-Remote-Groups",
            "X-Auth-User",
            "x_auth_request_email",
            "X-Authenticated-Userid",
            "X-Authentik-Username",
            "X-WebAuth-User",
            "X-User",
            "X-UserName",
            "X-User-Id",
            "OIDC_CLAIM_email",
            "SM_USER",
            "iv-user",
            "Shib-Identity-Provider",
            "X-MS-CLIENT-PRINCIPAL-NAME",
            "X-Goog-Authenticated-User-Email",
            "X-Amzn-Oidc-Data",
            "Cf-Access-Authenticated-User-Email",
            "SSL-Client-S-DN",
            "SSL_CLIENT_VERIFY",
            "X-SSL-Client-CN",
            "Client-Cert",
            "Client-Cert-Chain",
            "X_Request_Id",
            "Front-End-Https",
        ] {
            assert_eq!(told(&[name], &[]), <[String; 0]>::default(), "{name}");
        }
    }

    #[test]
    fn operators_can_read_what_is_dropped() {
        let manual = include_str!("../../../docs/operations.md");
        for pattern in CLAIMS {
            assert!(manual.contains(&format!("`{pattern}`")), "docs/operations.md: {pattern}");
        }
    }

    #[test]
    fn what_says_nothing_of_the_sender_passes() {
        let honest = [
            "accept",
            "authorization",
            "cookie",
            "origin",
            "referer",
            "user-agent",
            "via",
            "x-atlassian-token",
            "x-ausername",
            "x-csrf-token",
            "x-requested-with",
            "x-experimentalapi",
            "x-http-method-override",
            "sec-fetch-user",
            "if-match",
        ];
        assert_eq!(told(&honest, &[]), honest);
    }

    #[test]
    fn a_name_that_is_let_through_is_so_in_its_own_spelling_alone() {
        let let_through = [HeaderName::from_static("x-auth-token")];
        let names = ["X-Auth-Token", "X_Auth_Token", "X-Auth-User"];
        assert_eq!(told(&names, &let_through), ["x-auth-token"]);
        let names = ["X-Forwarded-For", "Host"];
        let let_through = [HeaderName::from_static("x-forwarded-for"), HOST];
        assert_eq!(told(&names, &let_through), <[String; 0]>::default(), "set, never passed");
    }

    #[test]
    fn the_public_port_is_the_authority_s_or_the_scheme_s() {
        for (scheme, host, port) in [
            ("https", "jira.example.com", "443"),
            ("http", "jira.example.com", "80"),
            ("https", "jira.example.com:8443", "8443"),
            ("https", "[2001:db8::1]", "443"),
            ("https", "[2001:db8::1]:8443", "8443"),
        ] {
            let mut headers = HeaderMap::new();
            let context = ForwardContext { scheme, ..context(host, &[]) };
            context.tell(&mut headers).unwrap();
            assert_eq!(headers["x-forwarded-port"], port, "{scheme} {host}");
        }
    }
}
