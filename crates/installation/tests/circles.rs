//! No module of the installation imports one that imports it.

use std::path::Path;

use testkit::imports::{circle, imports};

#[test]
fn no_module_imports_one_that_imports_it() {
    let imports = imports(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &[]);
    for (from, to) in [("settings", "sp_keys"), ("trust", "settings"), ("people", "settings")] {
        assert!(imports[from].contains(to), "{from} is known to import {to}: {imports:?}");
    }
    assert_eq!(circle(&imports), None);
}
