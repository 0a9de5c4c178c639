// Debian's Apache in a temporary folder, as an app that keeps files (WebDAV) and repositories (git by CGI,
// Subversion). A service of the package has no part in it.

import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { Running, listening, run } from "./process.js";

const modules = "/usr/lib/apache2/modules";

/**
 * Serves `/dav`, the bare repositories below `folder/git` as `/git`, and one of Subversion as `/svn`, at each
 * of `places`: a port, and the origin that Apache takes for its own, which the Destination of a WebDAV request
 * must have. Who pushes or commits signs in as `author` with the password "secret".
 */
export async function startApache(folder, places) {
  for (const name of ["dav", "git"]) mkdirSync(path.join(folder, name), { recursive: true });
  const load = [
    ...["mpm_prefork", "authn_core", "authn_file", "authz_core", "authz_user", "auth_basic"],
    ...["alias", "cgi", "env", "dav", "dav_fs", "dav_svn"],
  ].map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`);
  const hosts = places.map(
    ({ port, origin }) => `Listen 127.0.0.1:${port}
      <VirtualHost 127.0.0.1:${port}>
        ServerName ${origin}
        UseCanonicalName On
      </VirtualHost>`,
  );
  const log = path.join(folder, "apache.log");
  const { stdout: password } = await run("openssl", ["passwd", "-apr1", "secret"]);
  writeFileSync(path.join(folder, "people"), `author:${password}`);
  writeFileSync(
    path.join(folder, "apache.conf"),
    `${load.join("\n")}
     ${process.getuid() === 0 ? "User www-data\nGroup www-data" : ""}
     ServerRoot ${folder}
     PidFile ${folder}/apache.pid
     ServerName localhost
     ErrorLog ${log}
     LogLevel error
     StartServers 2
     MaxRequestWorkers 20
     DocumentRoot ${folder}
     DavLockDB ${folder}/locks
     <Directory ${folder}>
       Require all denied
     </Directory>
     <Directory ${folder}/dav>
       Dav On
       Require all granted
     </Directory>
     SetEnv GIT_PROJECT_ROOT ${folder}/git
     SetEnv GIT_HTTP_EXPORT_ALL 1
     ScriptAlias /git /usr/lib/git-core/git-http-backend
     <Location /git>
       AuthType Basic
       AuthName git
       AuthUserFile ${folder}/people
       <RequireAny>
         <RequireAll>
           Require expr %{QUERY_STRING} !~ /service=git-receive-pack/
           Require expr %{REQUEST_URI} !~ /git-receive-pack$/
         </RequireAll>
         Require valid-user
       </RequireAny>
     </Location>
     <Location /svn>
       DAV svn
       SVNPath ${folder}/svn
       AuthType Basic
       AuthName svn
       AuthUserFile ${folder}/people
       <LimitExcept GET PROPFIND OPTIONS REPORT>
         Require valid-user
       </LimitExcept>
     </Location>
     ${hosts.join("\n")}`,
  );
  chmodSync(folder, 0o755);
  await run("svnadmin", ["create", path.join(folder, "svn")]);
  await handOver(folder);
  const apache = new Running("/usr/sbin/apache2", ["-f", path.join(folder, "apache.conf"), "-DFOREGROUND"], {
    detached: true, // it ends the whole group of processes that it is in
  });
  for (const { port } of places) {
    await listening(port).catch((error) => {
      throw new Error(`${error.message}: ${apache.output}${readFileSync(log, "utf8")}`);
    });
  }
  return apache;
}

/** Makes an empty repository that it serves as `/git/NAME`, also in part. */
export async function makeRepository(folder, name) {
  const place = path.join(folder, "git", name);
  for (const args of [["init", "-q", "--bare", place], ["-C", place, "config", "uploadpack.allowFilter", "true"]]) {
    const { code, stderr } = await run("git", args);
    if (code !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
  }
  await handOver(place);
}

/** Apache that is started by root serves as Debian's user for it. */
async function handOver(folder) {
  if (process.getuid() === 0) await run("chown", ["-R", "www-data:", folder]);
}
