//! Characters and names (XML 1.0 §2.2, §2.3; Namespaces in XML §3).

/// `NameStartChar` without the colon.
pub(super) fn starts_name(c: char) -> bool {
    matches!(c,
        'A'..='Z' | '_' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}'
        | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}'
        | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}'
        | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

/// `NameChar` without the colon.
pub(super) fn continues_name(c: char) -> bool {
    starts_name(c)
        || matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// `Char`: what may stand in a document at all.
pub(super) fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Whether `text` may be an ID: an NCName, as `xs:ID` asks (saml-core §1.3.4), or one but for the
/// ASCII digit that it begins with, since several products write bare UUIDs. IDs serve to be compared
/// and remembered only, for which a digit does no harm.
pub(crate) fn is_id(text: &str) -> bool {
    let mut characters = text.chars();
    let begins = |c: char| starts_name(c) || c.is_ascii_digit();
    characters.next().is_some_and(begins) && characters.all(continues_name)
}
