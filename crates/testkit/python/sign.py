"""Signs the Response on standard input with signxml: the element of a name, the signature behind
its Issuer."""

import sys

from lxml import etree
from signxml import CanonicalizationMethod, DigestAlgorithm, SignatureMethod, XMLSigner, methods

key, certificate, name, algorithm, digest, canonicalization = sys.argv[1:]
root = etree.fromstring(sys.stdin.buffer.read())
target = root if name == "Response" else root.find("{*}Assertion")
issuer = target.find("{*}Issuer")
place = etree.Element("{http://www.w3.org/2000/09/xmldsig#}Signature", Id="placeholder")
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
if target is not root:
    root.replace(target, signed)
    signed = root
sys.stdout.buffer.write(etree.tostring(signed))
