//! Messages that must be accepted, however unusual: what IdPs may send, signed by a signer that
//! shares no code with the product.

mod scene;

use scene::{outcome, response};

#[test]
fn accepts_the_usual_response() -> anyhow::Result<()> {
    let assertion = outcome(response().signed()?)?;
    assert_eq!(assertion.name_id().map(|name| name.value), Some("camilla"));
    Ok(())
}
