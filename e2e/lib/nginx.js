// Debian's nginx in a temporary folder, as the TLS proxy that stands before Samlgate at many sites.

import { writeFileSync } from "node:fs";
import path from "node:path";

import { Running, listening } from "./process.js";

/**
 * Speaks TLS at `port` and passes all on to `upstream`, to which it comes from `source`. It adds to
 * X-Forwarded-For what it sees, as most installations have it, and so passes on what a client claims.
 */
export async function startNginx(folder, { port, upstream, source, certificate, key }) {
  const file = path.join(folder, "nginx.conf");
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${folder}/nginx-${name};`)
    .join(" ");
  writeFileSync(
    file,
    `daemon off; master_process off; pid ${folder}/nginx.pid; error_log stderr error;
     events { worker_connections 256; }
     http {
       access_log off; ${temporary}
       map $http_upgrade $upgrading { default upgrade; '' ''; }
       server {
         listen 127.0.0.1:${port} ssl;
         ssl_certificate ${certificate}; ssl_certificate_key ${key};
         location / {
           proxy_pass http://127.0.0.1:${upstream}; proxy_bind ${source}; proxy_http_version 1.1;
           proxy_set_header Host 127.0.0.1:${upstream};
           proxy_set_header Connection $upgrading; proxy_set_header Upgrade $http_upgrade;
           proxy_set_header X-Forwarded-Host $http_host; proxy_set_header X-Forwarded-Proto $scheme;
           proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
         }
       }
     }`,
  );
  const nginx = new Running("nginx", ["-e", "stderr", "-c", file]);
  await listening(port).catch((error) => {
    throw new Error(`${error.message}: ${nginx.output}`);
  });
  return nginx;
}
