//! Every key of the start-up file with its default or an example, and its meaning.

use crate::setting_key::{Key, key};

/// Sections in the order of the example, and their keys.
pub const REFERENCE: &[(&str, &[Key])] = &[
    (
        "listen",
        &[
            key("public", r#""127.0.0.1:9080""#, "The apps' own origins; with [tls] set, in TLS."),
            key(
                "console",
                r#""127.0.0.1:9090""#,
                "The console. Outside loopback it needs TLS; on loopback see tls.loopback; empty: off.",
            ),
            key(
                "console_names",
                "[]",
                "Names and addresses by which administrators reach it, beside loopback, its own address and console.public_url.",
            ),
            key(
                "crowd",
                r#""127.0.0.1:9095""#,
                "The Crowd API that the apps ask. Outside loopback it needs TLS; on loopback see tls.loopback; empty: off.",
            ),
            key("operations", r#""""#, "/live and /ready for a supervisor; empty: off."),
            key(
                "redirect",
                r#""""#,
                "Plain HTTP, usually at port 80: leads to the apps' public URLs with https; empty: off.",
            ),
        ],
    ),
    (
        "tls",
        &[
            key(
                "certificate_file",
                r#""""#,
                "The certificate chain in PEM; empty: behind a TLS proxy, or on loopback.",
            ),
            key(
                "key_file",
                r#""""#,
                "Its private key in PEM. Both files are read again when they change.",
            ),
            key(
                "loopback",
                "false",
                "true: console and Crowd API speak TLS on loopback, too. Else they speak plain HTTP there.",
            ),
            key(
                "trusted_ca_file",
                r#""""#,
                "Authorities of a company, for IdPs and apps, beside the system's own.",
            ),
        ],
    ),
    (
        "proxies",
        &[
            key(
                "trusted",
                "[]",
                "Addresses and networks of proxies in front of the apps' origins whose X-Forwarded-* or Forwarded is believed.",
            ),
            key("console", "[]", "The same for the console."),
            key(
                "crowd",
                "[]",
                "The same for the Crowd API: whoever writes such headers decides whom an application's allow list lets in.",
            ),
        ],
    ),
    (
        "database",
        &[
            key(
                "url",
                r#""sqlite:samlgate.db""#,
                "sqlite:FILE, or postgres://user:password@host/database.",
            ),
            key("url_file", r#""""#, "A file that holds the address instead, with its password."),
        ],
    ),
    (
        "secrets",
        &[key(
            "key_file",
            r#""samlgate.key""#,
            "The key that seals secrets; made at the first start, the same on all nodes.",
        )],
    ),
    (
        "log",
        &[
            key("level", r#""info""#, "error, warn, info, debug or trace."),
            key("format", r#""auto""#, "text, json, or auto: text on a terminal, JSON otherwise."),
        ],
    ),
];
