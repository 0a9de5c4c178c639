//! An app that serves files, and the proxies before it.

use std::path::Path;
use std::process::Command;

use crate::program::Program;

/// The public authority of the app.
pub(crate) const AUTHORITY: &str = "jira.localhost:19580";

const APP: u16 = 19_590;
const NGINX: u16 = 19_591;
const NGINX_WITH_FILTER: u16 = 19_592;
const HAPROXY: u16 = 19_593;
const SAMLGATE: u16 = 19_580;

/// A proxy that runs.
pub(crate) struct Proxy {
    /// What it is called in the table.
    pub(crate) name: &'static str,
    /// Where it listens.
    pub(crate) port: u16,
    /// It puts the button into the log-in page.
    pub(crate) rewrites: bool,
    /// The process.
    pub(crate) program: Program,
}

/// The app and all proxies.
pub(crate) struct Site {
    proxies: Vec<Proxy>,
    #[expect(dead_code, reason = "it runs while the site is there")]
    app: Program,
    #[expect(dead_code, reason = "it is removed at the end")]
    folder: tempfile::TempDir,
}

impl Site {
    /// Starts all of them.
    pub(crate) fn open() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path();
        // Workers of an nginx that was started by root are somebody else.
        let readable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(root, readable).expect("our own folder");
        write(root, "page.html", &page(10_000));
        write(root, "login.jsp", &page(10_000));
        write(root, "large.bin", &"0123456789".repeat(1_000_000));
        let served = format!("location / {{ root {}; }}", root.display());
        let app = nginx(1, root, "app", APP, &served);
        // Headers set at the top would not count where a location sets one of its own.
        let set = format!(
            "proxy_set_header Connection ''; proxy_set_header Host $host:{SAMLGATE};\n\
             proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Proto http;\n\
             proxy_set_header X-Forwarded-Host $host:{SAMLGATE}; proxy_set_header X-Request-Id $request_id;"
        );
        let pass = format!("location / {{ proxy_pass http://app; {set} }}");
        let filter = format!(
            "location / {{ proxy_pass http://app; {set} sub_filter '<form id=\"login-form\"' '{}<form \
             id=\"login-form\"'; sub_filter '</head>' '{}</head>'; sub_filter_once on; \
             proxy_set_header Accept-Encoding ''; }}",
            "<div class=\"samlgate-login\"><a href=\"/plugins/servlet/saml/auth?idp=bench\">Login</a></div>",
            "<link rel=\"stylesheet\" href=\"/plugins/servlet/saml/login.css\">\
             <script src=\"/plugins/servlet/saml/login.js\" defer></script>",
        );
        let proxies = vec![
            proxy("nginx", NGINX, nginx(0, root, "nginx", NGINX, &pass)),
            Proxy {
                rewrites: true,
                ..proxy(
                    "nginx sub_filter",
                    NGINX_WITH_FILTER,
                    nginx(0, root, "filter", NGINX_WITH_FILTER, &filter),
                )
            },
            proxy("haproxy", HAPROXY, haproxy(root)),
            Proxy { rewrites: true, ..proxy("samlgate", SAMLGATE, samlgate(root)) },
        ];
        Site { proxies, app, folder }
    }

    /// The proxies in the order of the table.
    pub(crate) fn proxies(&self) -> &[Proxy] {
        &self.proxies
    }
}

fn proxy(name: &'static str, port: u16, program: Program) -> Proxy {
    Proxy { name, port, rewrites: false, program }
}

/// A page with a log-in form in its middle.
fn page(size: usize) -> String {
    let head = "<!DOCTYPE html><html><head><title>Log in</title></head><body>";
    let form = "<form id=\"login-form\" action=\"/login.jsp\"><input name=\"os_username\"></form>";
    let end = "</body></html>";
    let words = "<p class=\"text\">Nothing to see in this line.</p>\n";
    let half = words.repeat((size - head.len() - form.len() - end.len()) / words.len() / 2);
    format!("{head}{half}{form}{half}{end}")
}

fn nginx(core: usize, root: &Path, name: &str, port: u16, location: &str) -> Program {
    let at = root.display();
    let configuration = format!(
        "daemon off; master_process off; pid {at}/{name}.pid; error_log stderr error;\n\
         events {{ worker_connections 1024; }}\n\
         http {{ access_log off; default_type text/html; sendfile on; tcp_nopush on;\n\
         keepalive_requests 1000000000;\n\
         client_body_temp_path {at}/{name}.body; proxy_temp_path {at}/{name}.temp;\n\
         fastcgi_temp_path {at}/{name}.f; uwsgi_temp_path {at}/{name}.u; scgi_temp_path {at}/{name}.s;\n\
         upstream app {{ server 127.0.0.1:{APP}; keepalive 64; keepalive_requests 1000000000; }}\n\
         proxy_http_version 1.1;\n\
         server {{ listen 127.0.0.1:{port}; {location} }} }}\n"
    );
    let file = write(root, &format!("{name}.conf"), &configuration);
    Program::start(core, &["nginx", "-e", "stderr", "-c", &file], port)
}

fn haproxy(root: &Path) -> Program {
    let configuration = format!(
        "global\n nbthread 1\ndefaults\n mode http\n timeout connect 5s\n timeout client 60s\n \
         timeout server 60s\n http-reuse safe\nfrontend f\n bind 127.0.0.1:{HAPROXY}\n option \
         forwardfor\n http-request set-header X-Forwarded-Proto http\n http-request set-header \
         X-Forwarded-Host %[req.hdr(host)]\n unique-id-format %{{+X}}o%pid%ci%cp%fi%fp%Ts%rt\n \
         unique-id-header X-Request-Id\n default_backend b\nbackend b\n server s 127.0.0.1:{APP}\n"
    );
    let file = write(root, "haproxy.cfg", &configuration);
    Program::start(0, &["haproxy", "-db", "-f", &file], HAPROXY)
}

fn samlgate(root: &Path) -> Program {
    let configuration = format!(
        "[listen]\npublic = \"127.0.0.1:{SAMLGATE}\"\nconsole = \"127.0.0.1:{}\"\ncrowd = \
         \"127.0.0.1:{}\"\n[log]\nlevel = \"warn\"\n",
        SAMLGATE + 1,
        SAMLGATE + 2
    );
    let file = write(root, "samlgate.toml", &configuration);
    let certificate = rcgen::generate_simple_self_signed(["idp".to_owned()]).expect("a key");
    let certificate = write(root, "idp.pem", &certificate.cert.pem());
    let public = format!("http://{AUTHORITY}");
    let upstream = format!("http://127.0.0.1:{APP}");
    let app = ["--kind", "jira", "--public-url", &public, "--upstream", &upstream];
    run(&file, &[&["app", "add", "jira"], &app[..]].concat());
    let idp =
        ["--entity-id", "https://idp.example.org/", "--login-url", "https://idp.example.org/sso"];
    run(&file, &[&["idp", "add", "bench", "--certificate", &certificate], &idp[..]].concat());
    Program::start(0, &[env!("CARGO_BIN_EXE_samlgate"), "serve", "--config", &file], SAMLGATE)
}

fn run(configuration: &str, arguments: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_samlgate"));
    let done = command.args(arguments).args(["--config", configuration]).output();
    let done = done.expect("the program starts");
    let complaint = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "samlgate {arguments:?}: {complaint}");
}

/// Writes a file and gives its path.
fn write(root: &Path, name: &str, content: &str) -> String {
    let path = root.join(name);
    std::fs::write(&path, content).expect("our own folder");
    path.to_str().expect("UTF-8").to_owned()
}
