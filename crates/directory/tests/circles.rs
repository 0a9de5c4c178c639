//! No module of provisioning imports one that imports it.

use std::path::Path;

use testkit::imports::{circle, imports};

#[test]
fn no_module_imports_one_that_imports_it() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/provision"));
    let imports = imports(folder, &["provision"]);
    for (from, to) in [("plan", "claims"), ("existing", "claims"), ("claims", "reading")] {
        assert!(imports[from].contains(to), "{from} is known to import {to}: {imports:?}");
    }
    assert_eq!(circle(&imports), None);
}
