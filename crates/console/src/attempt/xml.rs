//! A message for people: indented, with its names, attributes and values told apart, long
//! signatures shortened, and personal values hidden.
//!
//! It does not parse: whatever the text is, it is shown, and nothing is believed.

use installation::markup::{Part, local_name, parts};
use maud::{Markup, PreEscaped, html};

use super::HIDDEN;

/// The message, highlighted.
pub(super) fn shown(text: &str, revealed: bool) -> Markup {
    let mut out = String::with_capacity(text.len() * 2);
    for piece in pieces(text, revealed) {
        match piece {
            Piece::Line(depth) => {
                out.push('\n');
                out.extend(std::iter::repeat_n("  ", depth));
            }
            Piece::Tag(tag) => highlight(tag, &mut out),
            Piece::Text(text) => escape(&text, &mut out),
            Piece::Hidden => out.push_str(&format!("<s>{HIDDEN}</s>")),
        }
    }
    // The pieces were escaped one by one above.
    html! { pre class="xml" tabindex="0" { (PreEscaped(out.trim_start())) } }
}

/// The message as text, personal values hidden.
pub(super) fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in pieces(text, false) {
        match piece {
            Piece::Line(depth) => {
                out.push('\n');
                out.extend(std::iter::repeat_n("  ", depth));
            }
            Piece::Tag(tag) => out.push_str(tag),
            Piece::Text(text) => out.push_str(&text),
            Piece::Hidden => out.push_str(HIDDEN),
        }
    }
    out.trim_start().to_owned()
}

enum Piece<'a> {
    /// A new line, so many steps in.
    Line(usize),
    /// From `<` to `>`.
    Tag(&'a str),
    /// Between tags.
    Text(String),
    /// A personal value.
    Hidden,
}

fn pieces(text: &str, revealed: bool) -> Vec<Piece<'_>> {
    let (mut pieces, mut depth, mut inside) = (Vec::new(), 0_usize, "");
    // An end tag stays beside its text and beside an empty start tag.
    let mut stays = false;
    // The depth of the element whose whole content is personal.
    let mut personal: Option<usize> = None;
    for part in parts(text) {
        let tag = match part {
            Part::Text(text) => {
                if !text.trim().is_empty() {
                    pieces.push(content(text, inside, personal.is_some() && !revealed));
                    stays = true;
                }
                continue;
            }
            // Nobody can say what stands in it.
            Part::Unended(_) if !revealed => {
                pieces.push(Piece::Hidden);
                continue;
            }
            Part::Markup(tag) | Part::Unended(tag) => tag,
        };
        let closes = tag.starts_with("</");
        depth = if closes { depth.saturating_sub(1) } else { depth };
        personal = personal.filter(|at| depth > *at);
        if personal.is_some() && !revealed && tag.starts_with("<!") {
            pieces.push(Piece::Hidden);
            continue;
        }
        if !(closes && stays) {
            pieces.push(Piece::Line(depth.min(40)));
        }
        pieces.push(Piece::Tag(tag));
        let opens =
            !closes && !tag.ends_with("/>") && !tag.starts_with("<?") && !tag.starts_with("<!");
        if opens && PERSONAL.contains(&local_name(tag)) {
            personal = personal.or(Some(depth));
        }
        depth += usize::from(opens);
        inside = if opens { local_name(tag) } else { "" };
        stays = opens;
    }
    pieces
}

/// Elements whose content says something about the person.
const PERSONAL: [&str; 3] = ["AttributeValue", "NameID", "BaseID"];

fn content<'a>(text: &str, inside: &str, hide: bool) -> Piece<'a> {
    let text = text.trim();
    if hide {
        return Piece::Hidden;
    }
    let long = ["SignatureValue", "X509Certificate", "CipherValue", "Modulus"].contains(&inside);
    match text.char_indices().nth(48).filter(|_| long) {
        Some((end, _)) => {
            let start = text.get(..end).unwrap_or_default();
            Piece::Text(format!("{start}… ({} characters)", text.len()))
        }
        None => Piece::Text(text.to_owned()),
    }
}

/// The name of a tag in `b`, the values of its attributes in `i`.
fn highlight(tag: &str, out: &mut String) {
    let name_end = tag.find([' ', '\n', '\t', '\r', '>']).unwrap_or(tag.len());
    let (name, rest) = tag.split_at(name_end);
    out.push_str("<b>");
    escape(name, out);
    out.push_str("</b>");
    for (n, part) in rest.split('"').enumerate() {
        if n % 2 == 1 {
            out.push_str("\"<i>");
            escape(part, out);
            out.push_str("</i>\"");
        } else {
            escape(part, out);
        }
    }
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGE: &str = "<saml:Subject><saml:NameID Format=\"a<b\">camilla &amp; co</saml:NameID>\
                           </saml:Subject><a><AttributeValue>secret</AttributeValue></a>";

    #[test]
    fn values_are_hidden_until_they_are_revealed() {
        let hidden = shown(MESSAGE, false).into_string();
        assert!(!hidden.contains("camilla") && !hidden.contains("secret"), "{hidden}");
        assert!(hidden.contains("saml:NameID"), "{hidden}");
        let revealed = shown(MESSAGE, true).into_string();
        assert!(revealed.contains("camilla &amp;amp; co"), "{revealed}");
        assert!(!masked(MESSAGE).contains("camilla") && masked(MESSAGE).contains("<saml:Subject>"));
    }

    #[test]
    fn nothing_inside_a_personal_element_is_shown_whatever_its_form() {
        for inner in ["camilla", "<![CDATA[camilla]]>", "<x>camilla</x>", "<!-- -->cam<y/>illa"] {
            let text = format!("<a><AttributeValue>{inner}</AttributeValue><b>stays</b></a>");
            let masked = masked(&text);
            assert!(!masked.contains("cam") && !masked.contains("illa"), "{masked}");
            assert!(masked.contains("<b>stays</b>"), "{masked}");
        }
    }

    #[test]
    fn what_has_no_end_is_hidden_whole() {
        for start in ["<a x='>", "<!-- ", "<![CDATA[", "<?x ", "<a b=\">"] {
            let text = format!("<Response>{start}<NameID>camilla</NameID></Response>");
            assert!(!masked(&text).contains("camilla"), "{text}");
            assert!(!shown(&text, false).into_string().contains("camilla"), "{text}");
            assert!(shown(&text, true).into_string().contains("camilla"), "{text}");
        }
    }

    #[test]
    fn whatever_the_text_is_it_is_shown_as_text() {
        for text in ["<script>alert(1)</script>", "<", ">", "</", "a<b", "<a \"b>\"", "ä<ö>ü</ö>"]
        {
            let markup = shown(text, true).into_string();
            assert!(!markup.contains("<script"), "{markup}");
            assert_eq!(markup.matches("<pre").count(), 1);
        }
    }

    #[test]
    fn elements_are_indented_and_short_ones_stay_on_their_line() {
        let text = masked("<a><b>x</b><c/><d></d></a>");
        assert_eq!(text, "<a>\n  <b>x</b>\n  <c/>\n  <d></d>\n</a>");
    }
}
