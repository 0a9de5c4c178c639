//! A decoded response for the log: its structure, without what is personal or secret.
//!
//! It parses nothing and trusts nothing: what is shown is any text that came. Only text of elements
//! on a short list is shown; of any other text, signature values and ciphertext among it, the length
//! is. A response copied from the log therefore signs nobody in.

use std::fmt;

use installation::markup::{Part, local_name, parts};

/// A response whose display form is masked.
pub(super) struct Masked<'a>(pub(super) &'a str);

/// Elements whose text names parties and reasons, never people.
const SHOWN: [&str; 6] = [
    "Audience",
    "AuthenticatingAuthority",
    "AuthnContextClassRef",
    "Issuer",
    "StatusMessage",
    "X509IssuerName",
];

impl fmt::Display for Masked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut element, mut shown, mut left) = ("", 0, self.0.len());
        for part in parts(self.0) {
            if shown >= LONGEST {
                return write!(f, "[{left} more bytes]");
            }
            let (Part::Text(whole) | Part::Markup(whole) | Part::Unended(whole)) = part;
            left -= whole.len();
            match part {
                Part::Text(text) => mask(f, text, element)?,
                Part::Markup(comment) if comment.starts_with("<!") => {
                    write!(f, "<!-- {} characters -->", comment.chars().count())?;
                }
                Part::Markup(tag) => {
                    let shown = tag.chars().map(|c| if c.is_control() { ' ' } else { c });
                    f.write_str(&shown.collect::<String>())?;
                }
                Part::Unended(_) => return f.write_str("[no end of a tag]"),
            }
            if let Part::Markup(tag) = part {
                element = if tag.starts_with("</") { "" } else { local_name(tag) };
                shown += tag.len();
            }
        }
        Ok(())
    }
}

fn mask(f: &mut fmt::Formatter<'_>, text: &str, element: &str) -> fmt::Result {
    let text = text.trim();
    if text.is_empty() {
        return Ok(());
    }
    if SHOWN.contains(&element) && text.len() <= LONGEST_TEXT {
        return write!(f, "{}", text.replace(char::is_control, " "));
    }
    write!(f, "[{} characters]", text.chars().count())
}

/// A response has some 10 kB, a third of it tags.
const LONGEST: usize = 30_000;
const LONGEST_TEXT: usize = 300;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_structure_and_hides_people_signatures_and_line_breaks() {
        let response = "<?xml version=\"1.0\"?><p:Response ID=\"_1\">\n <Issuer>https://idp/</Issuer>\
             <SignatureValue>\nc2lnbmVk\n</SignatureValue><CipherValue>c2VjcmV0</CipherValue>\
             <NameID Format=\"a>b\">camilla</NameID><!-- camilla --><![CDATA[camilla]]>\
             <Attribute Name=\"mail\"><AttributeValue>c@x</AttributeValue></Attribute>tail\
             <Issuer>two\nlines</Issuer><x a=\"line\nbreak\"/></p:Response>";
        let shown = Masked(response).to_string();
        assert_eq!(
            shown,
            "<?xml version=\"1.0\"?><p:Response ID=\"_1\"><Issuer>https://idp/</Issuer>\
             <SignatureValue>[8 characters]</SignatureValue><CipherValue>[8 characters]</CipherValue>\
             <NameID Format=\"a>b\">[7 characters]</NameID><!-- 16 characters --><!-- 19 characters -->\
             <Attribute Name=\"mail\"><AttributeValue>[3 characters]</AttributeValue></Attribute>\
             [4 characters]<Issuer>two lines</Issuer><x a=\"line break\"/></p:Response>"
        );
    }

    #[test]
    fn what_is_no_xml_is_not_shown() {
        assert_eq!(Masked("secret").to_string(), "[6 characters]");
        assert_eq!(Masked("<a b=\"secret").to_string(), "[no end of a tag]");
        assert!(Masked(&"<a>".repeat(40_000)).to_string().len() < 2 * LONGEST);
    }
}
