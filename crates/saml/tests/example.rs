//! `examples/verify.rs` as its reader would run it, on a stored message.

#[path = "../examples/verify.rs"]
#[expect(dead_code, reason = "the way in from the command line is not taken here")]
mod verify;

use anyhow::Result;
use saml::{Rejection, ServiceProvider, VerifiedAssertion};
use verify::{claims, reason};

const METADATA: &[u8] = include_bytes!("vectors/documented/entra/metadata.xml");
const RESPONSE: &[u8] = include_bytes!("vectors/documented/entra/message.xml");

fn verified(moment: &str) -> Result<Result<VerifiedAssertion, Rejection>> {
    let sp = ServiceProvider {
        entity_id: "https://jira.example.org/",
        acs_url: "https://jira.example.org/plugins/servlet/saml/auth",
        decryption_keys: &[],
    };
    verify::verify(METADATA, RESPONSE.to_vec(), &sp, moment)
}

#[test]
fn the_example_prints_whom_a_genuine_response_names_and_what_it_claims() -> Result<()> {
    let printed = claims(&verified("2026-03-01T12:00:00Z")??);
    assert!(printed.starts_with("NameID: camilla@example.org\n"), "{printed}");
    let name = "http://schemas.microsoft.com/identity/claims/displayname: Camilla Huhn\n";
    assert!(printed.contains(name), "{printed}");
    assert_eq!(printed.matches("/claims/groups: ").count(), 2, "{printed}");
    Ok(())
}

#[test]
fn the_example_prints_the_rule_that_a_late_response_breaks_and_a_hint() -> Result<()> {
    let rejection = verified("2026-03-02T12:00:00Z")?.expect_err("it is a day late");
    let printed = reason(&rejection);
    assert!(printed.starts_with("refused (expired): "), "{printed}");
    assert!(printed.contains("\nrule: saml-core §2.5.1.2\n"), "{printed}");
    assert!(printed.contains("\nhint: Compare the clocks"), "{printed}");
    Ok(())
}

#[test]
fn the_example_says_which_input_is_unusable() {
    let error = verified("noon").expect_err("that is no moment");
    assert_eq!(error.to_string(), "the moment");
}
