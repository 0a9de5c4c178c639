"""Signs the Response on standard input with signxml: the element of a name, the signature behind
its Issuer."""

import sys

from lxml import etree
from signxml import CanonicalizationMethod, DigestAlgorithm, SignatureMethod, XMLSigner, methods

key, certificate, name, algorithm, digest, canonicalization = sys.argv[1:]
root = etree.fromstring(sys.stdin.buffer.read())
target = root if name == "Response" else root.find("{*}Assertion")
issuer = target.find("{*}Issuer")
DS = "http://www.w3.org/2000/09/xmldsig#"
place = etree.Element("{%s}Signature" % DS, nsmap={"ds": DS}, Id="placeholder")
place.tail, issuer.tail = issuer.tail, None
issuer.addnext(place)
signer = XMLSigner(
    method=methods.enveloped,
    signature_algorithm=SignatureMethod(algorithm),
    digest_algorithm=DigestAlgorithm(digest),
    c14n_algorithm=CanonicalizationMethod(canonicalization),
)
with open(key) as key_file, open(certificate) as certificate_file:
    signed = signer.sign(
        target,
        key=key_file.read().encode(),
        cert=certificate_file.read(),
        reference_uri=target.get("ID"),
        id_attribute="ID",
    )
signed = etree.tostring(signed)
if target is not root:
    # As text: moving the element into another tree could change its prefixes.
    root.replace(target, etree.Comment("signed"))
    signed = etree.tostring(root).replace(b"<!--signed-->", signed)
sys.stdout.buffer.write(signed)
