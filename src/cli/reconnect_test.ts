import assert from "node:assert/strict";
import { EmbeddedConnection } from "../connection/embedded.ts";
import { startServer } from "../embedding/start_server.ts";
import { MEMORY } from "../engine/engine.ts";
import { RemoteConnection } from "../connection/remote.ts";
import { Shell } from "../shell/shell.ts";
import { reconnector } from "./reconnect.ts";

const USERS = `
  var users = require("@arangodb/users"), here = arango.getEndpoint();
  var errorOf = function (run) { try { run(); } catch (e) { return e.errorNum; } return 0; };
  db._create("things");
  users.save("reader", "secret");
  users.grantDatabase("reader", "_system", "ro");
  users.grantCollection("reader", "_system", "things", "ro");
  var handle = arango.getConnectionHandle();
  arango.reconnect(here, "_system", "reader", "secret");
  var seen = [arango.connectedUser(), db.things.count(), errorOf(function () { db.things.insert({}); })];
  seen.push(errorOf(function () { arango.reconnect(here, "_system", "reader", "wrong", false); }), arango.connectedUser());
  arango.connectHandle(handle);
  seen.push(arango.connectedUser(), errorOf(function () { db.things.insert({}); }));
  arango.reconnect(here, "_system", "reader");
  seen.push(arango.connectedUser());
  JSON.stringify(seen);
`;
const SEEN = ["reader", 0, 11, 10, "reader", "root", 0, "reader"];

Deno.test("arango.reconnect: other users of the embedded database have their own rights, and handles lead back", () => {
  const embedded = new EmbeddedConnection({ directory: MEMORY });
  using shell = new Shell({
    connection: embedded,
    output: () => {},
    connect: reconnector({ embedded: () => embedded }),
  });
  assert.deepEqual(JSON.parse(shell.run(USERS) as string), SEEN);
});

Deno.test("arango.reconnect: the same on a server, and from there to nowhere", async () => {
  await using server = await startServer({ rootPassword: "" });
  const connection = new RemoteConnection({
    endpoint: server.url,
    credentials: { kind: "password", username: "root", password: "", renewalThreshold: 300 },
  });
  using shell = new Shell({ connection, output: () => {}, connect: reconnector({ connectTimeout: 1 }) });
  assert.deepEqual(JSON.parse(shell.run(USERS) as string), SEEN);
  assert.equal(
    shell.run("errorOf(function () { arango.reconnect('tcp://127.0.0.1:1', '_system', 'root', '', false); })"),
    10,
  );
  assert.equal(shell.run("errorOf(function () { arango.reconnect('embedded', '_system', 'root', '', false); })"), 10);
});
