import { deepEqual, throws } from "node:assert/strict";
import { ArangoError } from "../base/arango_error.ts";
import { Interrupted } from "../network/blocking_channel.ts";
import { FakeConnection } from "../shell/fake_connection.ts";
import { greet } from "./greeting.ts";

const failing = (error: Error): FakeConnection =>
  new FakeConnection(() => {
    throw error;
  });

Deno.test("a shell learns of the version and the role of its server", () => {
  const details = { role: "COORDINATOR", mode: "server" };
  const connection = new FakeConnection(() => ({ body: { version: "3.12.5", details } }));
  deepEqual(greet(connection), { isConnected: true, version: "3.12.5", role: "[COORDINATOR, server]" });
  deepEqual(greet(new FakeConnection(() => ({ body: {} }))), { isConnected: true, role: "[unknown, server]" });
});

Deno.test("a server that is not there, or refuses, or is none of ArangoDB's, is not connected to, and it is said why", () => {
  const none = new ArangoError("ERROR_SIMPLE_CLIENT_COULD_NOT_CONNECT", "connection refused");
  deepEqual(greet(failing(none)), { isConnected: false, message: "connection refused" });
  const refused = { status: 401, body: { errorMessage: "not authorized to execute this request" } };
  const message = "not authorized to execute this request";
  deepEqual(greet(new FakeConnection(() => refused)), { isConnected: false, message });
  for (const strange of [{}, { body: null }, { body: [] }]) {
    const greeting = greet(new FakeConnection(() => strange));
    deepEqual(greeting, { isConnected: false, message: "what answers is no ArangoDB" });
  }
});

Deno.test("Ctrl-C while a shell waits for its server is no answer of that server", () => {
  throws(() => greet(failing(new Interrupted("command locally aborted"))), Interrupted);
});
