// Ways to write a log-in of somebody so that a reader on the way may miss it. Each is a request of
// method, target, headers as pairs, body, and perhaps its pieces in chunks.

import { gzipSync } from "node:zlib";

const urlencoded = "application/x-www-form-urlencoded";
const json = "application/json";
const bytes = (text) => Buffer.from(text, "latin1");

/** A post of `body` as `kind`. */
export function post(target, body, kind = urlencoded, headers = []) {
  const declared = kind === undefined || kind === "" ? [] : [["Content-Type", kind]];
  return { method: "POST", target, headers: [...declared, ...headers], body };
}

const get = (target, headers = []) => ({ method: "GET", target, headers });

/** Text in EBCDIC (IBM037), as far as log-ins need it. */
function ebcdic(text) {
  const rows = { a: 0x81, j: 0x91, s: 0xa2, A: 0xc1, J: 0xd1, S: 0xe2 };
  const others = { "=": 0x7e, "&": 0x50, _: 0x6d };
  return Buffer.from(
    [...text].map((letter) => {
      if (others[letter]) return others[letter];
      const row = Object.keys(rows).filter((first) => first <= letter).sort().at(-1);
      return rows[row] + letter.charCodeAt(0) - row.charCodeAt(0);
    }),
  );
}

const coded = (buffer) => [...buffer].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
const utf16 = (text) => Buffer.from(text, "utf16le");
const utf16be = (text) => utf16(text).swap16();

/** Paths that lead to a log-in, or may. */
export const paths = [
  "/jira/login.jsp", "//jira/login.jsp", "/jira//login.jsp", "///jira///login.jsp", "/jira/./login.jsp",
  "/jira/x/../login.jsp", "/x/../jira/login.jsp", "/jira/../jira/login.jsp", "/jira/%2e/login.jsp",
  "/jira/x/%2e%2e/login.jsp", "/jira/x/.%2E/login.jsp", "/jira/x/%2e./login.jsp", "/jira/x/..;a=b/login.jsp",
  "/jira/x/%2e%2e;/login.jsp", "/jira/x/..%3B/login.jsp", "/jira/.;/login.jsp", "/jira;a=b/login.jsp",
  "/jira;/login.jsp", "/;a/jira/login.jsp", "/;/jira;/;/login.jsp;", "/jira/;a=b/login.jsp",
  "/jira/login.jsp;a=b", "/jira/login.jsp;", "/jira/login.jsp;a=b;c=d", "/jira/login.jsp;jsessionid=1A.n",
  "/jira/login.jsp;a=%2F", "/jira/login.jsp;%2fx", "/jira/login.jsp;a=..", "/jira/login.jsp;a=%2e%2e%2f",
  "/jira/login.jsp;a=%3b", "/jira/login.jsp%3Ba=b", "/jira/login%2ejsp", "/jira/%6cogin.jsp",
  "/jira/%6C%6F%67%69%6E%2E%6A%73%70", "/%6aira/login.jsp", "/%6Aira//login.jsp", "/jir%61/login.jsp;x",
  "/jira%2flogin.jsp", "/jira/%2flogin.jsp", "/jira%2F%2flogin.jsp", "/%2fjira/login.jsp", "/x%2f..%2fjira/login.jsp",
  "/jira\\login.jsp", "/jira/x\\..\\login.jsp", "/jira/%5clogin.jsp", "/jira%5Clogin.jsp",
  "/jira/x%5c..%5clogin.jsp", "\\jira\\login.jsp", "/\\jira/login.jsp", "/jira/x/%252e%252e/login.jsp",
  "/jira/%256cogin.jsp", "/jira/login.jsp%252f", "/jira/login.jsp/", "/jira/login.jsp/x", "/jira/login.jsp%00",
  "/jira/login.jsp%20", "/jira/login.jsp.", "/jira/LOGIN.JSP", "/JIRA/login.jsp", "/jira/login.jsp?", "/jira/login.jsp?x=/y",
  "/jira/login.jsp#x", "/jira/login.jsp%23x", "/jira/login.jsp%3Fx", "/jira/x/%c0%ae%c0%ae/login.jsp",
  "/jira/x%c0%af..%c0%aflogin.jsp", "/jira/x/%uff0e%uff0e/login.jsp", "/jira/%zz/../login.jsp", "/jira/login.jsp%",
  "/jira/\u{ef}\u{bc}\u{8f}login.jsp", "/jira/l%6fgin.jsp;a=b/..", "/jira/x/..;/login.jsp;jsessionid=1",
  "jira/login.jsp", "http://HOST/jira/login.jsp", "http://HOST//jira/login.jsp", "http://HOST/x/../jira/login.jsp",
  "http://other.example/jira/login.jsp", "/jira/dologin.action", "/jira/login.action", "/jira/userlogin.action",
  "/jira/j_atl_security_check", "/jira/servicedesk/customer/user/login", "/jira/servicedesk//customer/user/login",
  "/jira/rest/gadget/1.0/login", "/jira/rest/tsv/1.0/authenticate",
  "/jira/rest/auth/1/session", "/jira/rest/auth/latest/session", "/jira/rest/auth/1/session/",
  "/jira/rest/auth/1/session//", "/jira/rest/auth/1/session.json", "/jira/rest/auth/1/session.xml",
  "/jira/rest/auth/1/session.json;x=.y", "/jira/rest/auth/1/session;a=b.json", "/jira/rest/auth/1/session%2ejson",
  "/jira/rest/auth/1;v=2/session", "/jira/rest;a/auth;b/1;c/session;d", "/jira/rest/auth/1%2Fsession",
  "/jira/rest/auth%2f1%2fsession", "/jira/rest%2Fauth/1/session", "/jira/rest/auth/1%2fsession.json",
  "/jira/rest/auth/1%252fsession", "/jira/rest/auth/1/%73ession", "/jira/rest/./auth/1/session",
  "/jira/rest/x/../auth/1/session", "/jira/rest/api/2/..%2f..%2fauth/1/session", "/jira/rest/auth/1/./session.json",
  "/jira/rest/auth//1//session", "/jira/rest/auth/1\\session", "/jira/rest/auth/1%5csession", "/jira/rest/auth/1/session%2f",
];

/** Requests that log `name` (in ASCII) in, in a plain place, but written oddly. */
export function bodies(name) {
  const fields = (text) => post("/jira/login.jsp", text);
  const rest = (text, kind = json, headers = []) => post("/jira/rest/auth/1/session", text, kind, headers);
  const login = `os_username=${name}&os_password=x`;
  const object = `{"username":"${name}","password":"x"}`;
  const odd = [
    // Fields.
    `username=${name}`, `j_username=${name}`, `name=${name}`, `os_username=a&os_username=${name}`,
    `os_username=${name}&os_username=a`, `a=b;os_username=${name}`, `os_username=${name};a=b`, `a&os_username=${name}`,
    `&&=&os_username=${name}`, `%6fs_username=${name}`, `os%5Fusername=${name}`, `os_username=%00${name}`,
    `os_username=+${name}+`, `os_username=%09%0a%0d${name}%1f%00`, `os_username=${name}%00x`,
    `os_username=%C2%A0${name}%E3%80%80`, `os_username=${"+".repeat(5000)}${name}`, `os_username=${name}${"%20".repeat(4000)}`,
    `os_username=${name}%`, `os_username=${name}%zz`, `a=%&os_username=${name}`, `os_username=%u0063${name.slice(1)}`,
    `os_username=${name.toUpperCase()}`, `OS_USERNAME=${name}`, `os_username=${coded(bytes(name))}`, `os_username==${name}`,
    `os_username=${name}#x`, `\r\nos_username=${name}`, `os_username=${name}\r\n`, `os_username=${name}\0`, `os_username[]=${name}`,
    `?os_username=${name}`, `os_username=${encodeURIComponent(`${name}\u{200b}`)}`, `{"a":"&os_username=${name}&b="}`,
    `${"a=b&".repeat(900)}os_username=${name}`, `${"os_username=a&".repeat(8)}os_username=${name}`,
    [..."abcdefghi"].map((letter) => `os_username=${letter}&`).join("") + `os_username=${name}`,
    `a=%26os_username=x&username=${name}`, `os_username=x%26&os_username=%20${name}`, `os_username=${name}&os_username`,
    `os_username=${"x".repeat(300)}&os_username=${name}`, `\u{ef}\u{bb}\u{bf}os_username=${name}&os_username=${name}`,
  ].flatMap((text) => [fields(bytes(text)), post("/jira/browse/K-1", bytes(text))]);
  const queries = [
    `os_username=${name}&os_password=x`, `a;os_username=${name}`, `os_username=a&os_username=${name}`, `%6fs_username=+${name}`,
    `os_username=${name}%00`, `?os_username=${name}&os_username=${name}`, `os_username=${name}%&a=%zz`,
  ].flatMap((query) => [
    get(`/jira/browse/K-1?${query}`), post(`/jira/browse/K-1?${query}`, "a=b"), post(`/jira/login.jsp?${query}`, "os_username=a"),
    { ...get(`/jira/x?${query}`), method: "DELETE" },
  ]);
  const merged = [
    post(`/jira/login.jsp?username=${name}`, "password=x"), get(`/jira/login.jsp?username=${name}&password=x`),
    get(`/jira/j_atl_security_check?j_username=${name}&j_password=x`), post(`/jira/login.jsp;a=b?name=${name}`, ""),
    post(`/jira/rest/auth/1/session?username=${name}`, "{}", json),
  ];
  const charsets = [
    "ibm037", "IBM037", "cp037", "\"ibm037\"", "'ibm037'", "ibm037;", " ibm037 ", "ebcdic-cp-us",
  ].flatMap((charset) => [
    post("/jira/login.jsp", ebcdic(login), `${urlencoded};charset=${charset}`),
    post("/jira/login.jsp", bytes(`${coded(ebcdic("os_username"))}=${coded(ebcdic(name))}`), `${urlencoded}; charset=${charset}`),
    post("/jira/x", bytes(`${coded(ebcdic("os_username"))}=${coded(ebcdic(name))}`), `${urlencoded}; charset=${charset}`),
    get(`/jira/x?${coded(ebcdic("os_username"))}=${coded(ebcdic(name))}`, [["Content-Type", `text/plain;charset=${charset}`]]),
    post(`/jira/x?${coded(ebcdic("os_username"))}=${coded(ebcdic(name))}`, "x", `text/plain;charset=${charset}`),
  ]);
  const declared = [
    "charset=utf-8;charset=ibm037", "charset=ibm037;charset=utf-8", "ChArSeT=ibm037", "xcharset=ibm037", "charset =ibm037",
    "charset= ibm037", "a=\";charset=ibm037\"", "a=\"charset=ibm037\"", "charset=\"utf-8\";xcharset=ibm037", "charset", "charset=",
    "charset=none", "charset=utf-16", "charset=utf-16le", "charset=utf-7", "charset=x-compound_text", "charset=iso-2022-jp", "charset=ibm1047",
  ].flatMap((parameter) => [
    post("/jira/login.jsp", `${coded(ebcdic("os_username"))}=${coded(ebcdic(name))}`, `${urlencoded};${parameter}`),
    post("/jira/x", `${coded(utf16be("os_username"))}=${coded(utf16be(name))}`, `${urlencoded};${parameter}`),
    post("/jira/login.jsp", `${coded(utf16("os_username"))}=${coded(utf16(name))}`, `${urlencoded};${parameter}`),
    get(`/jira/x?${coded(utf16be("os_username"))}=${coded(utf16be(name))}`, [["Content-Type", `text/plain;${parameter}`]]),
    rest(bytes(object), `${json};${parameter}`), rest(utf16be(object), `${json};${parameter}`), rest(ebcdic(login), `${json};${parameter}`),
  ]);
  const kinds = [
    "", "text/plain", "*/*", "application/octet-stream", json, "text/json", "application/x+json", urlencoded.toUpperCase(),
    `${urlencoded}, text/plain`, `text/plain, ${urlencoded}`, ` ${urlencoded} ;`, `${urlencoded};;;`, `${urlencoded}x`, "x",
    "multipart/form-data", "application/xml", `${urlencoded}\u{a0}`, "application/json;x", `${json}, ${urlencoded}`,
  ].flatMap((kind) => [
    post("/jira/login.jsp", login, kind), post("/jira/x", login, kind), rest(object, kind), rest(login, kind),
    post("/jira/login.jsp", object, kind, [["X-Read", "raw"]]), rest(`{username:'${name}'}`, kind),
  ]);
  const twice = [[urlencoded, json], [json, urlencoded], ["text/plain", urlencoded], [urlencoded, `${urlencoded};charset=ibm037`]];
  const twoKinds = twice.flatMap(([first, second]) => [
    post("/jira/login.jsp", login, first, [["Content-Type", second]]), post("/jira/x", login, first, [["content-type", second]]),
    rest(object, first, [["Content-Type", second]]),
    post("/jira/x", `${coded(ebcdic("os_username"))}=${coded(ebcdic(name))}`, first, [["CONTENT-TYPE", second]]),
  ]);
  const documents = [
    object, `{"user":${object}}`, `[${object}]`, `{"username":["${name}"]}`, `{"username":{"username":"${name}"}}`, `\u{ef}\u{bb}\u{bf}${object}`,
    `{"username":"a","username":"${name}"}`, `{"username":"${name}","username":"a"}`, `{"user\\u006eame":"${name}"}`,
    `{"username":"\\u00${bytes(name[0]).toString("hex")}${name.slice(1)}"}`, `{"username":"\\u0000${name} \\t"}`, `/**/${object}`, `//x\n${object}`, `#x\n${object}`,
    `{"username"/**/:/**/"${name}"}`, `{username:"${name}"}`, `{'username':'${name}'}`, `{"username":${name}}`, `{"username"="${name}"}`,
    `{"username":"${name}",}`, `{"username":"${name}"`, `${object}${object}`, `{}${object}`, ` \n\t${object} `, `)]}'\n${object}`,
    `{"Username":"${name}"}`, `{"USERNAME":"${name}"}`, `{"name":"${name}"}`, `{"j_username":"${name}"}`, `{"os_username":"${name}"}`,
    `{"a":${"[".repeat(200)}${"]".repeat(200)},"username":"${name}"}`, `${"[".repeat(100)}${object}${"]".repeat(100)}`,
    `{"a":"\\ud800","username":"${name}"}`, `{"a":NaN,"username":"${name}"}`, `{"a":01,"username":"${name}"}`, `{"a":"\t","username":"${name}"}`,
    `{"a":"\u{ff}","username":"${name}"}`, `{"username":"${name}${" ".repeat(5000)}"}`, `("username":"${name}")`, `a{"username":"${name}"}`,
    `{"x":{"username":"${name}"},"username":"a"}`, `{"username":4711}`, `{"username":[4711]}`, `{"username":4711.0}`, `{"username":4.711e3}`, `{"username":4711E0}`, `\0${object}`, `\u{1e}${object}\n`, `\u{a0}${object}`, `"${object}"`,
  ].flatMap((text) => [
    rest(bytes(text)), rest(bytes(text), ""), rest(bytes(text), urlencoded), rest(bytes(text), `${json};charset=iso-8859-1`),
    post("/jira/rest/auth/1/session.json", bytes(text), json), post("/jira/login.jsp", bytes(text), urlencoded, [["X-Read", "raw"]]),
  ]);
  const wide = [utf16(object), utf16be(object), bytes(`\u{ff}\u{fe}${utf16(object).toString("latin1")}`),
    bytes(`\u{fe}\u{ff}${utf16be(object).toString("latin1")}`), Buffer.concat([...object].map((letter) => bytes(`\0\0\0${letter}`))),
  ].flatMap((body) => [rest(body), rest(body, ""), rest(body, urlencoded)]);
  const zipped = [gzipSync(login), bytes(login)].flatMap((body) => ["gzip", "x-gzip", "deflate", "identity", "identity, gzip", ""].flatMap((how) => [
    post("/jira/login.jsp", body, urlencoded, [["Content-Encoding", how]]), post("/jira/x", body, urlencoded, [["Content-Encoding", how]]),
    rest(how.includes("gzip") ? gzipSync(object) : object, json, [["Content-Encoding", how]]),
  ]));
  const chunked = [[login], [...login], ["a=b&os_user", `name=${name.slice(0, 2)}`, name.slice(2)], ["x".repeat(20000), `=y&os_username=${name}`],
    [`os_username=${name}`, `&a=${"x".repeat(30000)}`], [`a=${"x".repeat(30000)}&os_username=`, `${" ".repeat(10000)}${name}`], [`a=${"x".repeat(20000)};os_username=${name}`],
  ].flatMap((pieces) => ["/jira/login.jsp", "/jira/x"].flatMap((target) => [
    { ...post(target, ""), chunks: pieces }, { ...post(target, ""), chunks: pieces, extension: ";a=\"b\"" },
    { ...post(target, ""), chunks: pieces, trailer: `os_username: ${name}\r\n` }, post(target, pieces.join("")),
    { ...post(target, ""), chunks: pieces, method: "PUT" }, { ...post(target, ""), chunks: pieces, method: "GET" },
  ]));
  const part = (more) => `--x\r\nContent-Disposition: form-data; name="os_username"${more}\r\n\r\n${name}\r\n--x--\r\n`;
  const parts = ["", "; filename=\"\"", "\r\nContent-Type: text/plain; charset=ibm037"].flatMap((more) => [
    "multipart/form-data; boundary=x", "Multipart/Form-Data; boundary=\"x\"", "multipart/mixed; boundary=x", `multipart/form-data; boundary=x; a=${urlencoded}`,
  ].map((kind) => post("/jira/login.jsp", part(more), kind)));
  const basic = (text) => Buffer.from(text).toString("base64");
  const credentials = [
    `Basic ${basic(`${name}:x`)}`, `basic ${basic(`${name}:x`)}`, `BASIC\t${basic(`${name}:x`)}`, `Basic   ${basic(` ${name} :x`)}`, `Basic ${basic(name)}`,
    `Basic ${basic(`${name}\0:x`)}`, `Basic *${basic(`${name}:x`)}`, `Basic ${basic(`${name}:x`).replace(/^(....)/, "$1-_")}`,
    `Basic ${basic(`${name}:x`).replace(/^(....)/, "$1 ")}`, `Basic ${basic("a")}${basic(`${name}:x`)}`, `Basic ${basic(`${name.toUpperCase()}:x>>>???`).replace(/\+/g, "-").replace(/\//g, "_")}`,
    `Basic ${basic(`\u{3000}${name}:x`)}`, `Basic ${basic(`${name}:${"x".repeat(3000)}`)}`, `Basic =${basic(`${name}:x`)}`,
  ].flatMap((line) => [get("/jira/rest/api/2/myself", [["Authorization", line]]), get("/jira/x", [["Authorization", "Bearer x"], ["authorization", line]]),
    get("/jira/x", [["Authorization", `Basic ${basic("a:b")}`], ["Authorization", line]])]);
  const overridden = ["X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"].flatMap((header) =>
    ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"].flatMap((method) => [
      { ...fields(login), method, headers: [["Content-Type", urlencoded], [header, "POST"]] },
      { ...rest(object), method, headers: [["Content-Type", json], [header, "POST"]] },
      post("/jira/login.jsp?_method=GET", login, urlencoded, [[header, method]]), { ...fields(login), method: method.toLowerCase() },
    ]));
  return [odd, queries, merged, charsets, declared, kinds, twoKinds, documents, wide, zipped, chunked, parts, credentials, overridden].flat();
}

/** Names outside ASCII: each in the letters of a charset that the request declares. */
export const lettered = [
  ["iso-8859-2", "%B3ukasz"], ["ISO_8859-2", "%B3ukasz"], ["windows-1250", "%B3ukasz"], ["utf-8", "%C5%82ukasz"], ["iso-8859-1", "s%F8ren"],
  ["windows-1252", "s%F8ren"], ["utf-8", "s%C3%B8ren"], ["ibm865", "s%9Bren"], ["macroman", "s%BFren"], ["utf-16be", "%00s%00%F8%00r%00e%00n"], ["gb18030", "s%A8%BEren"],
].flatMap(([charset, name]) => [
  post("/jira/login.jsp", `os_username=${name}`, `${urlencoded};charset=${charset}`), post("/jira/x", `os_username=${name}`, `${urlencoded};charset=${charset}`),
  get(`/jira/x?os_username=${name}`, [["Content-Type", `text/plain;charset=${charset}`]]), post(`/jira/x?os_username=${name}`, "x", `text/plain;charset=${charset}`),
  post("/jira/login.jsp", `os_username=${name}`), get(`/jira/x?os_username=${name}`),
]);
