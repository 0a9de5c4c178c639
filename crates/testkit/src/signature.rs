//! What a signature says before it is computed: a template that the signer fills in.

/// One enveloped XML signature to be made. All fields are written as they are, so that a test can
/// ask for things that no IdP does.
#[derive(Clone, Debug)]
pub struct Signature {
    /// The prefix of its elements; the empty one makes XML Signature the default namespace.
    pub prefix: &'static str,
    /// The URI of the SignatureMethod.
    pub algorithm: &'static str,
    /// The URI of the DigestMethod.
    pub digest: &'static str,
    /// The URI of the CanonicalizationMethod.
    pub canonicalization: &'static str,
    /// The Transform elements' URIs, in order.
    pub transforms: Vec<&'static str>,
    /// What stands in the last Transform, for example [`Signature::with_prefix_list`]'s element.
    pub transform_content: String,
    /// The reference's URI; `None` names the element that holds the signature.
    pub uri: Option<String>,
    /// What follows SignatureValue.
    pub key_info: String,
}

impl Signature {
    /// RSA with SHA-256.
    pub const RSA_SHA256: &'static str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
    /// SHA-256.
    pub const SHA256: &'static str = "http://www.w3.org/2001/04/xmlenc#sha256";
    /// The transform that takes the signature itself out.
    pub const ENVELOPED: &'static str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
    /// Exclusive canonicalization without comments.
    pub const EXCLUSIVE: &'static str = "http://www.w3.org/2001/10/xml-exc-c14n#";
    /// Exclusive canonicalization with comments.
    pub const WITH_COMMENTS: &'static str = "http://www.w3.org/2001/10/xml-exc-c14n#WithComments";

    /// Another algorithm and digest.
    pub fn of(algorithm: &'static str, digest: &'static str) -> Self {
        Signature { algorithm, digest, ..Self::default() }
    }

    /// The usual one, with a list of prefixes that are treated inclusively.
    pub fn with_prefix_list(prefixes: &str) -> Self {
        let transform_content = format!(
            "<ec:InclusiveNamespaces xmlns:ec=\"{}\" PrefixList=\"{prefixes}\">\
             </ec:InclusiveNamespaces>",
            Self::EXCLUSIVE
        );
        Signature { transform_content, ..Self::default() }
    }

    /// The template for the element whose ID is `id`, in canonical form but for the namespace
    /// that `SignedInfo` inherits.
    pub fn template(&self, id: &str) -> String {
        let (p, declaration) = match self.prefix {
            "" => (String::new(), "xmlns".to_owned()),
            prefix => (format!("{prefix}:"), format!("xmlns:{prefix}")),
        };
        let uri = self.uri.clone().unwrap_or_else(|| format!("#{id}"));
        let last = self.transforms.len().saturating_sub(1);
        let transforms: String = (self.transforms.iter().enumerate())
            .map(|(at, uri)| {
                let content = if at == last { self.transform_content.as_str() } else { "" };
                format!("<{p}Transform Algorithm=\"{uri}\">{content}</{p}Transform>")
            })
            .collect();
        format!(
            "<{p}Signature {declaration}=\"http://www.w3.org/2000/09/xmldsig#\"><{p}SignedInfo>\
             <{p}CanonicalizationMethod Algorithm=\"{c14n}\"></{p}CanonicalizationMethod>\
             <{p}SignatureMethod Algorithm=\"{algorithm}\"></{p}SignatureMethod>\
             <{p}Reference URI=\"{uri}\"><{p}Transforms>{transforms}</{p}Transforms>\
             <{p}DigestMethod Algorithm=\"{digest}\"></{p}DigestMethod>\
             <{p}DigestValue></{p}DigestValue></{p}Reference></{p}SignedInfo>\
             <{p}SignatureValue></{p}SignatureValue>{key_info}</{p}Signature>",
            c14n = self.canonicalization,
            algorithm = self.algorithm,
            digest = self.digest,
            key_info = self.key_info,
        )
    }
}

impl Default for Signature {
    /// RSA with SHA-256 over exclusively canonicalized bytes: what IdPs do.
    fn default() -> Self {
        Signature {
            prefix: "ds",
            algorithm: Self::RSA_SHA256,
            digest: Self::SHA256,
            canonicalization: Self::EXCLUSIVE,
            transforms: vec![Self::ENVELOPED, Self::EXCLUSIVE],
            transform_content: String::new(),
            uri: None,
            key_info: String::new(),
        }
    }
}
