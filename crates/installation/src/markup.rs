//! A message of SAML cut into its tags and what stands between them, to be shown or masked.
//!
//! It does not parse and believes nothing: whatever the text is, each byte of it is in one part.

/// A piece of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// Between two tags.
    Text(&'a str),
    /// A tag, a comment, a CDATA section or a processing instruction, whole.
    Markup(&'a str),
    /// One that has no end: all that is left.
    Unended(&'a str),
}

/// The parts of `text`, in their order.
pub fn parts(text: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let part = match rest.find('<') {
            Some(0) => match end_of(rest) {
                Some(end) => Part::Markup(&rest[..end]),
                None => Part::Unended(rest),
            },
            Some(start) => Part::Text(&rest[..start]),
            None => Part::Text(rest),
        };
        let (Part::Text(taken) | Part::Markup(taken) | Part::Unended(taken)) = part;
        rest = &rest[taken.len()..];
        Some(part)
    })
}

/// `AttributeValue` of `<saml:AttributeValue xsi:type="...">` and of its end tag.
pub fn local_name(tag: &str) -> &str {
    let name = tag.trim_start_matches(['<', '/']);
    let name = name.split([' ', '>', '/', '\n', '\t', '\r']).next().unwrap_or_default();
    name.rsplit(':').next().unwrap_or_default()
}

/// Where the markup at the start of `text` ends; in a tag a quoted value may hold `>`.
fn end_of(text: &str) -> Option<usize> {
    for (start, end) in [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")] {
        if text.starts_with(start) {
            return text.find(end).map(|at| at + end.len());
        }
    }
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => return Some(at + 1),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_is_in_one_part_whatever_the_text_is() {
        for text in
            ["", "a", "<a>b</a>", "<", ">", "a<b", "<a b=\"1>2\" c='>'>ä</a>", "<!-- > --><?x?>"]
        {
            let whole: String = parts(text)
                .map(|(Part::Text(part) | Part::Markup(part) | Part::Unended(part))| part)
                .collect();
            assert_eq!(whole, text);
        }
    }

    #[test]
    fn a_tag_ends_outside_its_quotes_and_a_comment_at_its_own_end() {
        let found: Vec<Part> = parts("<a b='>'>x<!-- <b> --><![CDATA[<c>]]><d").collect();
        assert_eq!(
            found,
            [
                Part::Markup("<a b='>'>"),
                Part::Text("x"),
                Part::Markup("<!-- <b> -->"),
                Part::Markup("<![CDATA[<c>]]>"),
                Part::Unended("<d"),
            ]
        );
        assert_eq!(local_name("<saml:NameID Format=\"x\">"), "NameID");
        assert_eq!(local_name("</NameID>"), "NameID");
    }
}
