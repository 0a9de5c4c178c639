"""A real IdP of another make: pysaml2, on Python's own web server.

It signs the response only, gives persistent names with both qualifiers, and takes a log-out only
when the name comes back with them. Everybody signs in by a click. It signs nobody out by itself: it
sends one LogoutRequest after the other through the browser.

Arguments: a JSON object on standard input with `base`, `port`, `key`, `certificate`, `metadata`
(files of service providers) and `people`.
"""

import html
import json
import re
import sys
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.authn_context import PASSWORD
from saml2.config import IdPConfig
from saml2.saml import NAMEID_FORMAT_PERSISTENT
from saml2.server import Server
from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256

settings = json.load(sys.stdin)
BASE = settings["base"]
PEOPLE = settings["people"]


def endpoints(path):
    return [(f"{BASE}{path}", binding) for binding in (BINDING_HTTP_REDIRECT, BINDING_HTTP_POST)]


idp = Server(
    config=IdPConfig().load(
        {
            "entityid": f"{BASE}/metadata",
            "xmlsec_binary": "/usr/bin/xmlsec1",
            "key_file": settings["key"],
            "cert_file": settings["certificate"],
            "metadata": {"local": settings["metadata"]},
            "service": {
                "idp": {
                    "endpoints": {
                        "single_sign_on_service": endpoints("/sso"),
                        "single_logout_service": endpoints("/slo"),
                    },
                    "want_authn_requests_signed": True,
                    "policy": {
                        "default": {
                            "lifetime": {"minutes": 15},
                            "nameid_format": NAMEID_FORMAT_PERSISTENT,
                            "name_form": "urn:oasis:names:tc:SAML:2.0:attrname-format:uri",
                        }
                    },
                }
            },
        }
    )
)

# Browser session -> {"person", "services": {entity ID: (NameID, SessionIndex)}, "pending"}.
sessions = {}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer(urlsplit(self.path).query, BINDING_HTTP_REDIRECT)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        self.answer(body, BINDING_HTTP_POST)

    def answer(self, encoded, binding):
        fields = {name: values[0] for name, values in parse_qs(encoded).items()}
        path = urlsplit(self.path).path
        if path == "/metadata":
            return self.page(open(settings["own_metadata"]).read(), "application/samlmetadata+xml")
        self.cookie = SimpleCookie(self.headers.get("cookie", "")).get("pysaml2")
        self.session_id = self.cookie.value if self.cookie else None
        self.session = sessions.get(self.session_id)
        try:
            if path == "/sso":
                return self.sign_in(fields, binding)
            if path == "/slo" and "SAMLRequest" in fields:
                return self.asked(fields, binding)
            if path == "/slo" and "SAMLResponse" in fields:
                return self.confirmed(fields, binding)
            if path == "/logout":
                return self.sign_out(None)
            if path == "/unsolicited":
                return self.respond(fields["person"], self.unasked(fields["sp"]), fields.get("RelayState", ""))
        except Exception as error:  # whatever the library refuses is shown
            return self.page(f"<h1>refused</h1><p>{html.escape(repr(error))}</p>", status=400)
        self.page("<h1>nothing here</h1>", status=404)

    # Signing in

    def sign_in(self, fields, binding):
        given = [fields.get(name) for name in ("RelayState", "SigAlg", "Signature")]
        request = idp.parse_authn_request(fields["SAMLRequest"], binding, *given)
        person = fields.get("person") or (self.session or {}).get("person")
        if not person:
            hidden = "".join(
                f'<input type="hidden" name="{name}" value="{html.escape(value)}">'
                for name, value in fields.items()
            )
            method = "get" if binding == BINDING_HTTP_REDIRECT else "post"
            buttons = "".join(f'<button name="person" value="{name}">{name}</button>' for name in PEOPLE)
            return self.page(f'<form method="{method}" action="/sso">{hidden}{buttons}</form>')
        arguments = idp.response_args(request.message, [BINDING_HTTP_POST])
        arguments.pop("binding")
        self.respond(person, arguments, fields.get("RelayState", ""))

    def unasked(self, service):
        place = idp.metadata.assertion_consumer_service(service, BINDING_HTTP_POST)[0]["location"]
        return {"in_response_to": None, "destination": place, "sp_entity_id": service}

    def respond(self, person, arguments, relay_state):
        response = idp.create_authn_response(
            PEOPLE[person],
            userid=person,
            authn={"class_ref": PASSWORD, "authn_auth": BASE},
            sign_response=True,
            sign_assertion=False,
            sign_alg=SIG_RSA_SHA256,
            digest_alg=DIGEST_SHA256,
            **arguments,
        )
        text = str(response)
        service = arguments["sp_entity_id"]
        index = re.search(r'SessionIndex="([^"]+)"', text).group(1)
        name_id = next(
            name
            for name in idp.ident.find_nameid(person)
            if name.sp_name_qualifier == service
        )
        if not self.session:
            self.session_id = uuid4().hex
            self.session = sessions[self.session_id] = {"person": person, "services": {}}
        self.session["services"][service] = (name_id, index)
        self.send(BINDING_HTTP_POST, text, arguments["destination"], relay_state, response=True)

    # Signing out

    def asked(self, fields, binding):
        given = [fields.get(name) for name in ("RelayState", "SigAlg", "Signature")]
        request = idp.parse_logout_request(fields["SAMLRequest"], binding, *given).message
        known = idp.ident.find_local_id(request.name_id)
        if not self.session or known != self.session["person"]:
            raise ValueError(f"nobody here has the name {request.name_id}")
        service = request.issuer.text
        name_id, index = self.session["services"].pop(service)
        if [each.text for each in request.session_index] != [index]:
            raise ValueError("the SessionIndex is another")
        self.sign_out((request, service, fields.get("RelayState", "")))

    def confirmed(self, fields, binding):
        response = idp.parse_logout_request_response(fields["SAMLResponse"], binding)
        if not response.status_ok():
            raise ValueError("a service did not sign out")
        if fields.get("RelayState") != self.session["relay_state"]:
            raise ValueError("RelayState came back changed")
        self.sign_out(self.session["asker"])

    def sign_out(self, asker):
        """The next service, or the end."""
        if self.session and self.session["services"]:
            service, (name_id, index) = self.session["services"].popitem()
            self.session["asker"] = asker
            self.session["relay_state"] = f"state+/={uuid4().hex}"
            place = idp.metadata.single_logout_service(service, BINDING_HTTP_REDIRECT, "spsso")[0]["location"]
            _, request = idp.create_logout_request(
                place, service, name_id=name_id, session_indexes=[index], sign=False
            )
            return self.send(BINDING_HTTP_REDIRECT, str(request), place, self.session["relay_state"])
        sessions.pop(self.session_id, None)
        if not asker:
            return self.page("<h1>Signed out everywhere</h1>")
        request, service, relay_state = asker
        place = idp.metadata.single_logout_service(service, BINDING_HTTP_REDIRECT, "spsso")[0]["location"]
        response = idp.create_logout_response(request, [BINDING_HTTP_REDIRECT], sign=False)
        self.send(BINDING_HTTP_REDIRECT, str(response), place, relay_state, response=True)

    # Transport

    def send(self, binding, message, place, relay_state, response=False):
        signed = {"sign": True, "sigalg": SIG_RSA_SHA256}
        sent = idp.apply_binding(binding, message, place, relay_state, response=response, **signed)
        if binding == BINDING_HTTP_POST:
            return self.page(sent["data"])
        self.send_response(303)
        self.send_header("location", dict(sent["headers"])["Location"])
        self.end_headers()

    def page(self, content, kind="text/html; charset=utf-8", status=200):
        self.send_response(status)
        self.send_header("content-type", kind)
        if self.path != "/metadata" and self.session_id:
            self.send_header("set-cookie", f"pysaml2={self.session_id}; Path=/; HttpOnly; Secure; SameSite=None")
        self.end_headers()
        self.wfile.write(content.encode())

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("127.0.0.1", settings["port"]), Handler).serve_forever()
