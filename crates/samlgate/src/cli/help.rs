//! The help of arguments that set one key: what the settings reference says of it.

use installation::settings::reference::setting;

/// Label and sentence of a key, as help ends: without a full stop.
pub(super) fn about(key: &str) -> String {
    let said = setting(key).said();
    said.strip_suffix('.').map(str::to_owned).unwrap_or(said)
}

/// The same, and how the argument is used.
pub(super) fn about_and(key: &str, usage: &str) -> String {
    format!("{}; {usage}", about(key))
}
