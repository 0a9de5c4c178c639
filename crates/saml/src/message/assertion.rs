//! What a verified assertion says, copied out of the very element that was signed.
//!
//! All values lie in one text, so that forty groups cost one allocation and not forty.

use std::borrow::Cow;
use std::time::SystemTime;

use crate::Rejection;
use crate::xml::{Element, SAML};

/// An assertion that passed every check. [`crate::accept`] is the only way to one.
#[derive(Clone, Debug)]
pub struct VerifiedAssertion {
    text: AssertionText,
    valid_until: SystemTime,
    session_not_on_or_after: Option<SystemTime>,
    signed: Signed,
    key_sha256: String,
}

/// What was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signed {
    /// The assertion.
    Assertion,
    /// The response around it.
    Response,
    /// Both, each by itself.
    Both,
}

impl Signed {
    /// The word for it in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Signed::Assertion => "assertion",
            Signed::Response => "response",
            Signed::Both => "both",
        }
    }
}

/// The subject's name (saml-core §2.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameId<'a> {
    /// The name, as it stands there.
    pub value: &'a str,
    /// Its Format.
    pub format: Option<&'a str>,
    /// Its NameQualifier.
    pub name_qualifier: Option<&'a str>,
    /// Its SPNameQualifier.
    pub sp_name_qualifier: Option<&'a str>,
}

/// One Attribute element (saml-core §2.7.3.1); a name may be repeated.
#[derive(Clone, Copy, Debug)]
pub struct Attribute<'a> {
    /// Its Name, the only thing to match by.
    pub name: &'a str,
    /// Its FriendlyName, for people only.
    pub friendly_name: Option<&'a str>,
    assertion: &'a AssertionText,
    values: Span,
}

impl<'a> Attribute<'a> {
    /// Its values, in order.
    pub fn values(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let text = self.assertion;
        let (first, end) = self.values;
        let spans = text.values.get(first as usize..end as usize).unwrap_or_default();
        spans.iter().map(move |span| text.str(*span))
    }
}

/// Messages are smaller than 4 GiB, and long lists have many of these.
type Span = (u32, u32);

/// The texts of an assertion, before its checks are done.
#[derive(Clone, Debug, Default)]
pub(crate) struct AssertionText {
    text: String,
    id: Span,
    issuer: Span,
    in_response_to: Option<Span>,
    name_id: Option<[Option<Span>; 4]>,
    session_index: Option<Span>,
    authn_context_class_ref: Option<Span>,
    /// Name, friendly name, and the range of values.
    attributes: Vec<(Span, Option<Span>, Span)>,
    values: Vec<Span>,
    unread_attributes: usize,
}

impl AssertionText {
    /// Copies what is read out of `assertion`; its subject's name out of `decrypted_name`, when
    /// that was encrypted. `decrypted_attributes` are those that are encrypted, in order; what could
    /// not be decrypted is `None`, or missing at the end.
    ///
    /// # Errors
    /// When a part has another shape than the schema's.
    pub(crate) fn read(
        assertion: Element<'_>,
        decrypted_name: Option<Element<'_>>,
        decrypted_attributes: Vec<Option<Element<'_>>>,
    ) -> Result<Self, Rejection> {
        let mut text = AssertionText {
            // Most of an assertion is tags, names and signature.
            text: String::with_capacity(assertion.source().len() / 4 + 256),
            values: Vec::with_capacity(64),
            attributes: Vec::with_capacity(16),
            ..AssertionText::default()
        };
        text.id = text.keep(&assertion.attribute("ID").unwrap_or_default());
        let issuer = assertion.only(SAML, "Issuer").ok().flatten();
        text.issuer = match issuer {
            Some(issuer) => text.keep(text_of(issuer, "Issuer holds elements")?.trim_ascii()),
            None => (0, 0),
        };
        if let Some(name_id) = decrypted_name {
            text.read_name_id(name_id)?;
        } else if let Some(subject) = assertion.only(SAML, "Subject").ok().flatten() {
            let several = Rejection::Malformed { what: "the subject has more than one NameID" };
            if let Some(name_id) = subject.only(SAML, "NameID").map_err(|_| several)? {
                text.read_name_id(name_id)?;
            }
        }
        text.read_sign_in(assertion)?;
        text.read_attributes(assertion, decrypted_attributes)?;
        Ok(text)
    }

    fn read_name_id(&mut self, name_id: Element<'_>) -> Result<(), Rejection> {
        let value = text_of(name_id, "NameID holds elements")?;
        if value.trim().is_empty() {
            return Err(Rejection::NameIdEmpty);
        }
        let value = Some(self.keep(&value));
        let mut part = |name| name_id.attribute(name).map(|value| self.keep(&value));
        let parts = [part("Format"), part("NameQualifier"), part("SPNameQualifier")];
        let [format, name_qualifier, sp_name_qualifier] = parts;
        self.name_id = Some([value, format, name_qualifier, sp_name_qualifier]);
        Ok(())
    }

    fn read_sign_in(&mut self, assertion: Element<'_>) -> Result<(), Rejection> {
        for statement in assertion.children_named(SAML, "AuthnStatement") {
            if let (None, Some(index)) = (self.session_index, statement.attribute("SessionIndex")) {
                self.session_index = Some(self.keep(&index));
            }
            for class in classes_of(statement) {
                let (first, class) = (self.authn_context_class_ref, class?);
                self.authn_context_class_ref = Some(first.unwrap_or_else(|| self.keep(&class)));
            }
        }
        Ok(())
    }

    /// An attribute that cannot be decrypted is not known, which is less than absent (saml-core
    /// §2.7.3.2 lets an IdP encrypt each for somebody else).
    fn read_attributes(
        &mut self,
        assertion: Element<'_>,
        decrypted: Vec<Option<Element<'_>>>,
    ) -> Result<(), Rejection> {
        let mut decrypted = decrypted.into_iter();
        for statement in assertion.children_named(SAML, "AttributeStatement") {
            for child in statement.children() {
                let encrypted = child.is(SAML, "EncryptedAttribute");
                let attribute = match encrypted {
                    true => decrypted.next().flatten(),
                    false => Some(child).filter(|child| child.is(SAML, "Attribute")),
                };
                match attribute {
                    Some(attribute) => self.read_attribute(attribute)?,
                    None => self.unread_attributes += usize::from(encrypted),
                }
            }
        }
        Ok(())
    }

    fn read_attribute(&mut self, attribute: Element<'_>) -> Result<(), Rejection> {
        let name = attribute
            .attribute("Name")
            .ok_or(Rejection::Malformed { what: "an Attribute has no Name" })?;
        let name = self.keep(&name);
        let friendly_name = attribute.attribute("FriendlyName").map(|name| self.keep(&name));
        let first = self.values.len() as u32;
        for value in attribute.children_named(SAML, "AttributeValue") {
            // A value with elements in it (a NameID, an address) is no text; others stay readable.
            if let Ok(value) = value.text() {
                let span = self.keep(&value);
                self.values.push(span);
            }
        }
        self.attributes.push((name, friendly_name, (first, self.values.len() as u32)));
        Ok(())
    }

    pub(crate) fn unread_attributes(&self) -> usize {
        self.unread_attributes
    }

    pub(crate) fn set_in_response_to(&mut self, request_id: Option<&str>) {
        self.in_response_to = request_id.map(|id| self.keep(id));
    }

    /// Ends the building: every check is done.
    pub(crate) fn verified(
        self,
        valid_until: SystemTime,
        session_not_on_or_after: Option<SystemTime>,
        signed: Signed,
        key_sha256: &str,
    ) -> VerifiedAssertion {
        VerifiedAssertion {
            text: self,
            valid_until,
            session_not_on_or_after,
            signed,
            key_sha256: key_sha256.to_owned(),
        }
    }

    fn keep(&mut self, value: &str) -> Span {
        let start = self.text.len() as u32;
        self.text.push_str(value);
        (start, self.text.len() as u32)
    }

    fn str(&self, (start, end): Span) -> &str {
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }
}

impl VerifiedAssertion {
    /// The Issuer: the IdP's entity ID.
    pub fn issuer(&self) -> &str {
        self.text.str(self.text.issuer)
    }

    /// The assertion's ID: it may sign in once.
    pub fn id(&self) -> &str {
        self.text.str(self.text.id)
    }

    /// The request it answers; `None` when nobody asked.
    pub fn in_response_to(&self) -> Option<&str> {
        self.text.in_response_to.map(|span| self.text.str(span))
    }

    /// The subject's name, when it has one.
    pub fn name_id(&self) -> Option<NameId<'_>> {
        let [value, format, name_qualifier, sp_name_qualifier] = self.text.name_id?;
        let part = |span: Option<Span>| span.map(|span| self.text.str(span));
        Some(NameId {
            value: part(value)?,
            format: part(format),
            name_qualifier: part(name_qualifier),
            sp_name_qualifier: part(sp_name_qualifier),
        })
    }

    /// How many attributes are encrypted and could not be decrypted: what they say is not known,
    /// which is not the same as absent.
    pub fn unread_attributes(&self) -> usize {
        self.text.unread_attributes()
    }

    /// The Attribute elements, in order; repeated names stay apart.
    pub fn attributes(&self) -> impl Iterator<Item = Attribute<'_>> {
        let text = &self.text;
        text.attributes.iter().map(move |(name, friendly_name, values)| Attribute {
            name: text.str(*name),
            friendly_name: friendly_name.map(|span| text.str(span)),
            assertion: text,
            values: *values,
        })
    }

    /// All values of all attributes of this name.
    pub fn attribute_values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.attributes().filter(move |attribute| attribute.name == name).flat_map(|a| a.values())
    }

    /// The IdP's name for its own session.
    pub fn session_index(&self) -> Option<&str> {
        self.text.session_index.map(|span| self.text.str(span))
    }

    /// When the IdP wants our session to end, at the latest.
    pub fn session_not_on_or_after(&self) -> Option<SystemTime> {
        self.session_not_on_or_after
    }

    /// How the person signed in at the IdP.
    pub fn authn_context_class_ref(&self) -> Option<&str> {
        self.text.authn_context_class_ref.map(|span| self.text.str(span))
    }

    /// The last moment at which it could be accepted, the skew not counted: replay must be
    /// remembered until then.
    pub fn valid_until(&self) -> SystemTime {
        self.valid_until
    }

    /// What was signed.
    pub fn signed(&self) -> Signed {
        self.signed
    }

    /// SHA-256 of the SubjectPublicKeyInfo of the key that verified it, in hexadecimal.
    pub fn key_sha256(&self) -> &str {
        &self.key_sha256
    }
}

/// How an AuthnStatement says that the person was authenticated, blanks around each class left out.
/// The schema has one AuthnContextClassRef at most; what is written beside it is given, too.
pub(crate) fn classes_of<'d>(
    statement: Element<'d>,
) -> impl Iterator<Item = Result<Cow<'d, str>, Rejection>> {
    let contexts = statement.children_named(SAML, "AuthnContext");
    let classes = contexts.flat_map(|it| it.children_named(SAML, "AuthnContextClassRef"));
    classes.map(|class| {
        Ok(match text_of(class, "AuthnContextClassRef holds elements")? {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim_ascii()),
            Cow::Owned(text) => Cow::Owned(text.trim_ascii().to_owned()),
        })
    })
}

fn text_of<'d>(element: Element<'d>, what: &'static str) -> Result<Cow<'d, str>, Rejection> {
    element.text().map_err(|_| Rejection::Malformed { what })
}
