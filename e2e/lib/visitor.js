// A browser without pictures for the demo's IdP: keeps cookies, follows redirects, posts the form.

import assert from "node:assert/strict";

import { request } from "./http.js";

const auth = "/plugins/servlet/saml/auth";

/** A visitor of the app at `host`, whose requests go to the node at port `node`. */
export class Visitor {
  cookies = new Map();
  /** Where it begins, if not at the start of a sign-in for its page. */
  begins;

  constructor(host, node = Number(host.split(":")[1])) {
    this.host = host;
    this.node = node;
    this.page = host.startsWith("confluence") ? "/display/DEMO" : "/browse/DEMO-1";
  }

  async send(hostPort, path, more = {}) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { ...more.headers, ...(cookie && { cookie }) };
    const port = hostPort === this.host ? this.node : Number(hostPort.split(":")[1]);
    const answer = await request(port, { host: hostPort, path, ...more, headers });
    for (const line of answer.cookies) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (/Max-Age=0/.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  /**
   * Goes as far as the response in the IdP's form; gives the fields to post. `typed` goes with the
   * IdP's log-in form; `on` may change the address of the IdP on the way there.
   */
  async response(person, { typed = {}, on = (sso) => sso } = {}) {
    const chosen = this.idp ? `&idp=${this.idp}` : "";
    const begins = this.begins ?? `${auth}?os_destination=${this.page}${chosen}`;
    const start = await this.send(this.host, begins);
    const sso = await on(new URL(start.headers.location));
    const page = await this.send(sso.host, sso.pathname + sso.search);
    const known = answer(page);
    if (known.SAMLResponse) return known; // it has a session of its own
    const hidden = [...page.body.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
    const action = /<form[^>]*action="([^"]*)"/.exec(page.body)?.[1].replaceAll("&amp;", "&");
    // The page has a form for each way of signing in; all carry the same hidden fields.
    const given = new Map(hidden.map(([, name, value]) => [name, unescape(value)]));
    const typing = await this.send(sso.host, action || sso.pathname + sso.search, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams([...given, ["person", person], ...Object.entries(typed)]).toString(),
    });
    const form = typing.status === 303 || typing.status === 302
      ? await this.send(sso.host, relative(typing.headers.location))
      : typing;
    const fields = answer(form);
    assert.ok(fields.SAMLResponse, form.body);
    return fields;
  }

  post(fields, address = auth) {
    return this.send(this.host, address, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(fields).toString(),
    });
  }

  /** Begins a sign-in and answers its request with what is no response. */
  async postNonsense(nonsense = "%%%") {
    const start = await this.send(this.host, `${auth}?os_destination=${this.page}`);
    const location = new URL(start.headers.location);
    return this.post({ SAMLResponse: nonsense, RelayState: location.searchParams.get("RelayState") });
  }

  /** From the posted response to the page; gives who is signed in there. */
  async finish(answer) {
    assert.equal(answer.status, 303, answer.body);
    const open = await this.send(this.host, answer.headers.location);
    assert.equal(open.status, 303, open.body);
    const page = await this.send(this.host, open.headers.location);
    return /id="user-name"[^>]*>([^<]*)</.exec(page.body)?.[1];
  }

  async signIn(person) {
    return this.finish(await this.post(await this.response(person)));
  }
}

/** What the IdP's form would post. */
const answer = ({ body }) => {
  const value = (name) => unescape(new RegExp(`name="${name}" value="([^"]*)"`).exec(body)?.[1] ?? "");
  return { SAMLResponse: value("SAMLResponse"), RelayState: value("RelayState") };
};

const relative = (address) => address.replace(/^https?:\/\/[^/]+/, "");
const unescape = (text) =>
  text.replaceAll("&#x2B;", "+").replaceAll("&#43;", "+").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
