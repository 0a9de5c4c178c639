//! One tag of an HTML page, as far as it matters here (HTML standard §13.2.5.6 to §13.2.5.40).

/// What begins at a `<`.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Markup<'a> {
    /// A tag, from `<` to `>`.
    Tag(Tag<'a>),
    /// `<!--`.
    Comment,
    /// Anything else that ends at the next `>`.
    Declaration,
    /// No markup: `a < b`.
    Text,
    /// It cannot be told before more has come.
    Unfinished,
}

/// A tag.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    name: &'a [u8],
    /// It is an end tag.
    pub(super) closes: bool,
    /// The value of its first `id`.
    pub(super) id: Option<&'a [u8]>,
    /// The value of its first `name`.
    pub(super) name_of_form: Option<&'a [u8]>,
    /// It ends with `/>`, which means something in SVG and MathML only. Other tags are not asked.
    pub(super) closes_itself: bool,
    /// Its bytes.
    pub(super) length: usize,
}

impl Tag<'_> {
    /// Whether it is of this element, whose name is in small letters.
    pub(super) fn is(&self, element: &str) -> bool {
        self.is_named(element.as_bytes())
    }

    /// The same of a name that need not be text.
    pub(super) fn is_named(&self, element: &[u8]) -> bool {
        self.name.eq_ignore_ascii_case(element)
    }

    /// Its name in small letters.
    pub(super) fn lower_name(&self) -> Vec<u8> {
        self.name.to_ascii_lowercase()
    }
}

impl<'a> Markup<'a> {
    /// Reads what begins with the `<` at the start of `bytes`.
    pub(super) fn at(bytes: &'a [u8]) -> Self {
        let closes = bytes.get(1) == Some(&b'/');
        match bytes.get(1 + usize::from(closes)) {
            None => Markup::Unfinished,
            Some(first) if first.is_ascii_alphabetic() => {
                tag(bytes, closes).map_or(Markup::Unfinished, Markup::Tag)
            }
            Some(_) if closes => Markup::Declaration,
            Some(b'!') if bytes.len() < 4 && b"<!--".starts_with(bytes) => Markup::Unfinished,
            Some(b'!') if bytes.starts_with(b"<!--") => Markup::Comment,
            Some(b'!' | b'?') => Markup::Declaration,
            Some(_) => Markup::Text,
        }
    }
}

/// The first letter and the length of the tag at the start of `bytes`, when its end is plain to see.
pub(super) fn plain_length(bytes: &[u8]) -> Option<(u8, usize)> {
    let start = 1 + usize::from(bytes.get(1) == Some(&b'/'));
    let letter = bytes.get(start).copied().filter(u8::is_ascii_alphabetic)?;
    let name = bytes[start..].iter().position(|byte| ends_name(*byte))?;
    Some((letter, plain_end(bytes, start + name)?))
}

/// The tag at the start of `bytes`; `None` when its end has not come.
fn tag(bytes: &[u8], closes: bool) -> Option<Tag<'_>> {
    let start = 1 + usize::from(closes);
    let mut at = start + bytes[start..].iter().position(|byte| ends_name(*byte))?;
    let mut tag = Tag {
        name: &bytes[start..at],
        closes,
        id: None,
        name_of_form: None,
        closes_itself: false,
        length: 0,
    };
    // Only a form is asked for its attributes; a slash before the end may belong to one.
    let plain = |length: &usize| !tag.is("form") && bytes[length - 2] != b'/';
    if let Some(length) = plain_end(bytes, at).filter(plain) {
        tag.length = length;
        return Some(tag);
    }
    loop {
        let skipped = bytes[at..].iter().position(|byte| !is_space(*byte) && *byte != b'/')?;
        at += skipped;
        if bytes[at] == b'>' {
            tag.closes_itself = skipped > 0 && bytes[at - 1] == b'/';
            tag.length = at + 1;
            return Some(tag);
        }
        // An equals sign in the first place is a part of the name (§13.2.5.32).
        let ends = |byte: &u8| ends_name(*byte) || *byte == b'=';
        let length = 1 + bytes[at + 1..].iter().position(ends)?;
        let name = &bytes[at..at + length];
        at += length;
        let (value, after) = value(bytes, at)?;
        at = after;
        if name.eq_ignore_ascii_case(b"id") {
            tag.id = tag.id.or(Some(value));
        } else if name.eq_ignore_ascii_case(b"name") {
            tag.name_of_form = tag.name_of_form.or(Some(value));
        }
    }
}

/// Where the tag ends whose name ends at `at`, without a look at each attribute; `None` when that
/// takes one: a quote that does not plainly begin a value may be a letter like any other.
fn plain_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let length = bytes[at..].iter().position(|byte| matches!(byte, b'"' | b'\'' | b'>'))?;
        let stop = at + length;
        if bytes[stop] == b'>' {
            return Some(stop + 1);
        }
        // The only equals sign since the last value, behind a letter: it ends an attribute's name.
        let name = bytes[at..stop].strip_suffix(b"=")?;
        if name.contains(&b'=') || !name.last()?.is_ascii_alphanumeric() {
            return None;
        }
        at = stop + 2 + memchr::memchr(bytes[stop], &bytes[stop + 1..])?;
    }
}

/// The value of the attribute whose name ends at `at`, and where the next one may begin.
fn value(bytes: &[u8], at: usize) -> Option<(&[u8], usize)> {
    let past_space = |at: usize| Some(at + bytes[at..].iter().position(|byte| !is_space(*byte))?);
    let sign = past_space(at)?;
    if bytes[sign] != b'=' {
        return Some((&[], sign));
    }
    let start = past_space(sign + 1)?;
    match bytes[start] {
        quote @ (b'"' | b'\'') => {
            let length = memchr::memchr(quote, &bytes[start + 1..])?;
            let end = start + 1 + length;
            Some((&bytes[start + 1..end], end + 1))
        }
        _ => {
            let unquoted = |byte: &u8| is_space(*byte) || *byte == b'>';
            let end = start + bytes[start..].iter().position(unquoted)?;
            Some((&bytes[start..end], end))
        }
    }
}

/// Whether a name of an element ends before this byte (§13.2.5.8).
pub(super) fn ends_name(byte: u8) -> bool {
    is_space(byte) || matches!(byte, b'/' | b'>')
}

/// §13.1.2.1; ASCII's vertical tab is none.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> (Option<&str>, Option<&str>, usize) {
        let Markup::Tag(tag) = Markup::at(text.as_bytes()) else { panic!("{text}") };
        assert!(tag.is("form") && !tag.closes, "{text}");
        let read = |value| std::str::from_utf8(value).unwrap();
        (tag.id.map(read), tag.name_of_form.map(read), tag.length)
    }

    #[test]
    fn attributes_are_read_in_every_spelling() {
        for text in [
            "<form id=\"a\" name='b'>",
            "<FORM class=x ID=a\tNaMe = b >",
            "<form/id=a name='b'/>",
            "<form\nid = 'a'\r\nname\n=\n\"b\" novalidate>",
            "<form title='>' id=a data-x=\"<form id='c'>\" name=b id=c name=d>",
            "<form =x id=a name=b>",
        ] {
            assert_eq!(form(text), (Some("a"), Some("b"), text.len()), "{text}");
        }
        assert_eq!(form("<form id>x").0, Some(""));
        assert_eq!(form("<form id=>").0, Some(""));
        assert_eq!(form("<form>").0, None);
    }

    #[test]
    fn a_tag_ends_outside_of_quotes_only_and_not_before_it_has_come() {
        let text = "<form action='a>b' id=\"x>\">";
        assert_eq!(form(text).2, text.len());
        for length in 1..text.len() {
            assert_eq!(Markup::at(&text.as_bytes()[..length]), Markup::Unfinished, "{length}");
        }
    }

    #[test]
    fn any_other_tag_ends_where_a_form_would() {
        for attributes in [
            "",
            "/",
            " class=\"a>b\" title='\">' hidden",
            " a=b c=\"d>\" /",
            " a=b=\"c>",
            " a=\"b\"c=\"d>\"",
            " =\"a>",
            " a =\"b>\"",
            " a= \"b>\"",
            " a=\"b\" \"c>",
            "/a=\"b>\"",
            " a=b'c>",
            " a/=\"b>",
            " @a=\"b>\" a:b-c=\"d>\"",
        ] {
            let text = format!("<form{attributes}> and \"more' > of it");
            let other = text.replacen("<form", "<span", 1);
            let Markup::Tag(tag) = Markup::at(other.as_bytes()) else { panic!("{other}") };
            assert_eq!(tag.length, form(&text).2, "{other}");
        }
    }

    #[test]
    fn what_is_no_tag_is_told_apart() {
        for (text, expected) in [
            ("< form>", Markup::Text),
            ("<1>", Markup::Text),
            ("<<form>", Markup::Text),
            ("<!-- x", Markup::Comment),
            ("<!-->", Markup::Comment),
            ("<!-x>", Markup::Declaration),
            ("<!DOCTYPE html>", Markup::Declaration),
            ("<?php", Markup::Declaration),
            ("</ form>", Markup::Declaration),
            ("</>", Markup::Declaration),
            ("<!-", Markup::Unfinished),
            ("<", Markup::Unfinished),
            ("</", Markup::Unfinished),
        ] {
            assert_eq!(Markup::at(text.as_bytes()), expected, "{text}");
        }
    }
}
