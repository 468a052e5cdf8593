// SPDX-License-Identifier: Apache-2.0
// An HTTP/2 server over TLS for http2_test: node http2_server.mjs KEY CERTIFICATE
// Prints its port; ends when its standard input does.
import { readFileSync } from "node:fs";
import { createSecureServer } from "node:http2";

const server = createSecureServer({
  key: readFileSync(process.argv[2]),
  cert: readFileSync(process.argv[3]),
  // Megabytes. Bodies wait in the session, and one that does not fit would be reset.
  maxSessionMemory: 200,
});
let sessions = 0;
server.on("session", () => (sessions += 1));
server.on("stream", (stream, headers) => {
  stream.on("error", () => {});
  stream.respond({ ":status": 200, NextPageUri: "next", "x-sessions": String(sessions) });
  if (headers[":path"] === "/reset") {
    stream.write("half", () => stream.destroy(new Error("reset")));
  } else if (headers[":path"] === "/cut") {
    stream.write("half", () => stream.session.destroy());
  } else {
    stream.end("x".repeat(Number(headers[":path"].slice(1))));
  }
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.on("end", () => process.exit(0)).resume();
