//! No module of the console imports one that imports it.

use std::path::Path;

use testkit::imports::{circle, imports};

#[test]
fn no_module_imports_one_that_imports_it() {
    let imports = imports(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &[]);
    // What the test reads is what the compiler reads: these arrows are known.
    for (from, to) in [("frame", "admin"), ("admin", "password"), ("idps", "documents")] {
        assert!(imports[from].contains(to), "{from} is known to import {to}: {imports:?}");
    }
    assert_eq!(circle(&imports), None);
}
