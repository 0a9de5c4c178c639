// Debian's Tomcat 10 in a temporary folder, with a log-in that tells which names it understood. The
// package's own service has no part in it.

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { request } from "./http.js";
import { Running, listening, run } from "./process.js";

const home = "/usr/share/tomcat10";

/**
 * Starts Tomcat with the log-in below `/jira` at each of `places`: a host name, a port, further
 * attributes of its connector, the charset of forms which say none (else the container's own), and a valve.
 */
export async function startTomcat(folder, places) {
  const app = path.join(folder, "app");
  const classes = path.join(app, "WEB-INF/classes");
  for (const made of [classes, path.join(folder, "conf"), path.join(folder, "temp")]) {
    mkdirSync(made, { recursive: true });
  }
  const source = path.join(import.meta.dirname, "LogIn.java");
  const jars = ["servlet-api.jar", "annotations-api.jar"].map((jar) => `${home}/lib/${jar}`);
  const compiled = await run("javac", ["-encoding", "UTF-8", "-cp", jars.join(":"), "-d", classes, source]);
  assert.equal(compiled.code, 0, compiled.stderr);
  const connectors = places.map(({ port, attributes = {} }) => {
    const more = Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`).join("");
    return `<Connector port="${port}" address="127.0.0.1" protocol="HTTP/1.1"${more}/>`;
  });
  const hosts = places.map(({ host, charset, valve = "" }) => {
    const parameter = charset ? `<Parameter name="charset" value="${charset}"/>` : "";
    return `<Host name="${host}" appBase="none">${valve}<Context path="/jira" docBase="${app}">${parameter}</Context></Host>`;
  });
  writeFileSync(
    path.join(folder, "conf/server.xml"),
    `<Server port="-1"><Service name="Catalina">${connectors.join("")}
       <Engine name="Catalina" defaultHost="${places[0].host}">${hosts.join("")}</Engine>
     </Service></Server>`,
  );
  // It says where the jars are.
  copyFileSync(`${home}/etc/catalina.properties`, path.join(folder, "conf/catalina.properties"));
  const tomcat = new Running("java", [
    ...["-Xmx256m", "-XX:TieredStopAtLevel=1", `-Dcatalina.home=${home}`, `-Dcatalina.base=${folder}`],
    `-Djava.io.tmpdir=${path.join(folder, "temp")}`,
    ...["-cp", `${home}/bin/bootstrap.jar:${home}/bin/tomcat-juli.jar`],
    ...["org.apache.catalina.startup.Bootstrap", "start"],
  ]);
  await tomcat.line(/Server startup in/, 60);
  for (const { port } of places) await listening(port);
  return tomcat;
}

/**
 * What the log-ins at `places` understood since the last time: names by the `X-Try` of requests. One
 * that came is there, also if it brought no name.
 */
export async function understood(places) {
  const names = new Map();
  for (const { host, port } of places) {
    const { status, body } = await request(port, { host, path: "/jira/records" });
    assert.equal(status, 200, body);
    for (const [id, name] of body.split("\n").map((line) => line.trim().split(" "))) {
      if (!id) continue;
      if (!names.has(id)) names.set(id, []);
      if (name) names.get(id).push(Buffer.from(name, "base64").toString());
    }
  }
  return names;
}
