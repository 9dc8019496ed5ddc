import { deepEqual, equal, match, throws } from "node:assert/strict";
import { inflateSync } from "node:zlib";
import { bodyBytes, bodyText } from "../base/exchange.ts";
import type { ApiReply, ApiRequest } from "./connection.ts";
import { expiry } from "./login.ts";
import { NoConnection } from "./no_connection.ts";
import { RemoteConnection, type RemoteOptions } from "./remote.ts";
import type { ServerOrder, ServerPlace } from "./remote_test_server.ts";
import { TemporaryDirectory } from "../base/testing.ts";

class Server implements Disposable {
  readonly #worker = new Worker(new URL("./remote_test_server.ts", import.meta.url), { type: "module" });
  place: ServerPlace = { port: 0, rudePort: 0 };

  static async start(order: ServerOrder = {}): Promise<Server> {
    const server = new Server();
    const place = new Promise<ServerPlace>((resolve) => server.#worker.onmessage = ({ data }) => resolve(data));
    server.#worker.postMessage(order);
    server.place = await place;
    return server;
  }

  connect(options: Partial<RemoteOptions> = {}): RemoteConnection {
    return new RemoteConnection({ endpoint: `tcp://127.0.0.1:${this.place.port}`, ...options });
  }

  connectRudely(): RemoteConnection {
    return new RemoteConnection({ endpoint: `tcp://127.0.0.1:${this.place.rudePort}` });
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}

function request(method: string, url: string, extra: Partial<ApiRequest> = {}): ApiRequest {
  return { method, url, headers: {}, body: new Uint8Array(), ...extra };
}

const echo = (reply: ApiReply) =>
  JSON.parse(bodyText(reply)) as {
    method: string;
    pathname: string;
    search: string;
    headers: Record<string, string>;
    body: string;
    tokens: number;
  };
const password = { kind: "password", username: "müller", password: "pässwort", renewalThreshold: 300 } as const;

Deno.test("requests arrive as they were made: method, URL, headers, bytes", async () => {
  using server = await Server.start();
  using connection = server.connect();
  const body = Uint8Array.from({ length: 256 }, (_, index) => index);
  const url = "/_db/d%2Fb/_api/document/c/k%20%C3%BC?a=1&a=2&b=%2F+x";
  for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
    const got = echo(connection.request(request(method, url, { headers: { "x-one": "1" }, body })));
    equal(got.method, method);
    equal(got.pathname + got.search, url);
    equal(got.headers["x-one"], "1");
    equal(got.headers["content-length"], "256");
    deepEqual(Uint8Array.from(atob(got.body), (char) => char.charCodeAt(0)), body);
  }
  const plain = echo(connection.request(request("GET", "/x", { headers: { accept: "application/json" } })));
  equal(plain.body, "");
  equal(plain.headers.accept, "application/json");
});

Deno.test("bodies of at least so many bytes as are set are sent compressed, where that makes them shorter", async () => {
  using server = await Server.start();
  using connection = server.connect({ compressFrom: 100 });
  const send = (body: Uint8Array, headers = {}) => {
    const got = echo(connection.request(request("POST", "/x", { headers, body })));
    return { coding: got.headers["content-encoding"], bytes: Uint8Array.from(atob(got.body), (c) => c.charCodeAt(0)) };
  };
  const long = new Uint8Array(100).fill(32);
  const { coding, bytes } = send(long);
  equal(coding, "deflate");
  deepEqual(new Uint8Array(inflateSync(bytes)), long);
  const random = crypto.getRandomValues(new Uint8Array(100));
  deepEqual(send(random), { coding: undefined, bytes: random });
  deepEqual(send(long.slice(1)), { coding: undefined, bytes: long.slice(1) });
  deepEqual(send(long, { "content-encoding": "own" }), { coding: "own", bytes: long });
});

Deno.test("a body keeps the type that it was given", async () => {
  using server = await Server.start();
  using connection = server.connect();
  const body = new TextEncoder().encode("{}");
  const got = echo(
    connection.request(request("POST", "/x", { headers: { "content-type": "application/json" }, body })),
  );
  equal(got.headers["content-type"], "application/json");
});

Deno.test("answers arrive byte for byte, also those that are no JSON but say so", async () => {
  using server = await Server.start();
  using connection = server.connect();
  equal(bodyText(connection.request(request("GET", "/text"))), `{"n":12345678901234567890,"z":-0.0,  "b":1}`);
  equal(bodyText(connection.request(request("GET", "/broken"))), `{"unfinished`);
  for (const size of [0, 1, 100_000, 20_000_000]) {
    const body = bodyBytes(connection.request(request("GET", `/bytes/${size}`)));
    equal(body.length, size);
    equal(body.findIndex((byte, index) => byte !== index % 251), -1);
  }
});

Deno.test("error statuses are answers, with their bodies and headers", async () => {
  using server = await Server.start();
  using connection = server.connect();
  for (const status of [400, 404, 412, 500, 503]) {
    const reply = connection.request(request("GET", `/status/${status}`));
    equal(reply.status, status);
    equal(bodyText(reply), `{"error":true,  "errorNum":1203,"code":404,"errorMessage":"gone"}`);
    match(reply.headers["content-type"]!, /json/);
    equal(reply.headers["x-arango-endpoint"], "tcp://other:1");
  }
  equal(connection.request(request("GET", "/empty/204")).status, 204);
  equal(connection.request(request("GET", "/empty/404")).status, 404);
  equal(connection.request(request("HEAD", "/status/404")).status, 404);
  equal(connection.request(request("HEAD", "/text")).body.length, 0);
  const moved = connection.request(request("GET", "/redirect"));
  equal(moved.status, 307);
  equal(moved.headers.location, "/text");
});

Deno.test("without credentials nothing is said about the user", async () => {
  using server = await Server.start();
  using connection = server.connect();
  equal(echo(connection.request(request("GET", "/x"))).headers.authorization, undefined);
});

for (const [what, order] of [["no such endpoint", {}], ["an answer without one", { tokenSeconds: "none" }]] as const) {
  Deno.test(`a server without tokens gets name and password: ${what}`, async () => {
    using server = await Server.start(order);
    using connection = server.connect({ credentials: password });
    equal(connection.username, "müller");
    const { headers } = echo(connection.request(request("GET", "/x")));
    const bytes = Uint8Array.from(atob(headers.authorization!.replace("Basic ", "")), (char) => char.charCodeAt(0));
    equal(new TextDecoder().decode(bytes), "müller:pässwort");
  });
}

Deno.test("a token is asked for once, and again before it ends", async () => {
  using lasting = await Server.start({ tokenSeconds: 3600 });
  using first = lasting.connect({ credentials: password });
  for (let time = 0; time < 3; time++) {
    const { headers, tokens } = echo(first.request(request("GET", "/x")));
    match(headers.authorization!, /^bearer /);
    equal(tokens, 1);
  }
  using short = await Server.start({ tokenSeconds: -1 });
  using second = short.connect({ credentials: password });
  equal(echo(second.request(request("GET", "/x"))).tokens, 1);
  equal(echo(second.request(request("GET", "/x"))).tokens, 2);
});

Deno.test("a server that has forgotten a token, as after a restart, is asked for another one", async () => {
  using server = await Server.start({ tokenSeconds: 3600 });
  using connection = server.connect({ credentials: password });
  equal(echo(connection.request(request("GET", "/x"))).tokens, 1);
  const body = new Uint8Array(100_000).fill(32);
  const repeated = echo(connection.request(request("POST", "/restarted/1", { body })));
  deepEqual([repeated.tokens, repeated.body.length], [2, 100_000]);
  equal(echo(connection.request(request("GET", "/restarted/1"))).tokens, 2);
  // who may not do what it asks for learns that
  equal(connection.request(request("GET", "/restarted/9")).status, 401);
  equal(echo(connection.request(request("GET", "/x"))).tokens, 3);
  using other = server.connect({ credentials: { kind: "token", token: "a.b.c" } });
  equal(other.request(request("GET", "/status/401")).status, 401);
});

Deno.test("a token that is given is used, and a secret makes one", async () => {
  using server = await Server.start();
  using ready = server.connect({ credentials: { kind: "token", token: "a.b.c" } });
  equal(echo(ready.request(request("GET", "/x"))).headers.authorization, "bearer a.b.c");
  using signing = server.connect({ credentials: { kind: "secret", secret: "geheim" } });
  const { authorization } = echo(signing.request(request("GET", "/x"))).headers;
  const [, claims, signature] = authorization!.replace("bearer ", "").split(".");
  deepEqual(JSON.parse(atob(claims!)), { server_id: "arangosh", iss: "arangodb" });
  equal(signature!.length, 43);
});

Deno.test("a request that says who sends it is not sent in the name of the connection's user", async () => {
  using server = await Server.start();
  const authorization = "Basic b3RoZXI6cA==";
  for (const credentials of [{ kind: "none" }, { kind: "token", token: "a.b.c" }, password] as const) {
    using connection = server.connect({ credentials });
    const { headers } = echo(connection.request(request("GET", "/x", { headers: { authorization } })));
    equal(headers.authorization, authorization);
  }
});

Deno.test("the end of a token is read from it", () => {
  equal(expiry(`x.${btoa(JSON.stringify({ exp: 5 }))}.y`), 5);
  equal(expiry("nonsense"), undefined);
  equal(expiry(`x.${btoa("{}")}.y`), undefined);
});

Deno.test("a large body arrives whole every time, and stays what the caller has", async () => {
  using server = await Server.start();
  using connection = server.connect();
  const memory = Uint8Array.from({ length: 80_000 }, (_, index) => index % 251);
  const body = memory.subarray(5_000, 75_000);
  const sent = request("POST", "/x", { body });
  const pending = [connection.start(sent), connection.start(sent)];
  for (const { body: arrived } of [...pending.map((one) => echo(one.wait())), echo(connection.request(sent))]) {
    deepEqual(Uint8Array.from(atob(arrived), (char) => char.charCodeAt(0)), body);
  }
  deepEqual([memory.length, memory[79_999]], [80_000, 79_999 % 251]);
});

Deno.test("detours and Unix sockets lead to the server", async () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  const socket = `${directory}/s`;
  using server = await Server.start({ socket });
  const connectTo = [`leader.domain.org:8529:127.0.0.1:${server.place.port}`];
  using detour = new RemoteConnection({ endpoint: "tcp://leader.domain.org:8529", connectTo });
  equal(echo(detour.request(request("GET", "/x"))).headers.host, "leader.domain.org:8529");
  equal(detour.endpoint, "http+tcp://leader.domain.org:8529");
  using local = new RemoteConnection({ endpoint: `unix://${socket}` });
  equal(echo(local.request(request("GET", "/x"))).method, "GET");
});

Deno.test("a server that is not there is error 2001, and says why", () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  using connection = new RemoteConnection({ endpoint: `tcp://127.0.0.1:${port}`, credentials: password });
  const refused = { errorNum: 2001, message: `connection refused: nothing listens at 127.0.0.1:${port}` };
  throws(() => connection.request(request("GET", "/x")), refused);
  throws(() => connection.request(request("GET", "/x")), refused);
  const rules = ["nowhere:1:this.name.does.not.exist.invalid:1"];
  using nameless = new RemoteConnection({ endpoint: "tcp://nowhere:1", connectTo: rules });
  throws(() => nameless.request(request("GET", "/x")), { errorNum: 2001, message: /cannot be resolved/ });
  using socketless = new RemoteConnection({ endpoint: "unix:///nowhere/socket" });
  const missing = { errorNum: 2001, message: /^cannot connect to \/nowhere\/socket: [^:]*: No such file/ };
  throws(() => socketless.request(request("GET", "/x")), missing);
});

Deno.test("an answer that takes too long is error 408, and the connection goes on", async () => {
  using server = await Server.start();
  using connection = server.connect({ timeout: 0.2 });
  throws(() => connection.request(request("GET", "/slow")), { errorNum: 408, message: "Request timeout" });
  throws(() => connection.request(request("GET", "/slow"), 0.1), { errorNum: 408 });
  throws(() => connection.request(request("GET", "/slow/."), 0.1), { errorNum: 408 });
  equal(connection.request(request("GET", "/text"), 30).status, 200);
});

Deno.test("a connection that ends before or within an answer is an error, and the next one is made anew", async () => {
  using server = await Server.start();
  using connection = server.connectRudely();
  // paths with such a step take a way of their own
  for (const step of ["", "/."]) {
    throws(() => connection.request(request("POST", `/close${step}`)), { errorNum: 2001 });
    throws(() => connection.request(request("GET", `/cut${step}`)), { errorNum: 2003 });
    throws(() => connection.request(request("GET", `/garbage${step}`)), { errorNum: 2001 });
  }
  equal(bodyText(connection.request(request("GET", "/fine"))), "1");
  equal(bodyText(connection.request(request("GET", "/fine/."))), "2");
});

Deno.test("a kept connection that has been closed is replaced, and the request repeated", async () => {
  using server = await Server.start();
  using connection = server.connectRudely();
  equal(bodyText(connection.request(request("GET", "/kept"))), "1");
  equal(bodyText(connection.request(request("GET", "/kept"))), "2");
  equal(bodyText(connection.request(request("POST", "/kept"))), "3");
});

Deno.test("an interrupted request ends at once, and the connection goes on", async () => {
  using server = await Server.start();
  let interrupt = false;
  using connection = server.connect({
    isInterrupted: () => {
      const now = interrupt;
      interrupt = false;
      return now;
    },
  });
  equal(connection.request(request("GET", "/text")).status, 200);
  interrupt = true;
  throws(() => connection.request(request("GET", "/slow")), { code: "ERR_SCRIPT_EXECUTION_INTERRUPTED" });
  equal(connection.request(request("GET", "/text")).status, 200);
});

Deno.test("a closed connection, and none at all, refuse requests", async () => {
  using server = await Server.start();
  const connection = server.connect();
  connection[Symbol.dispose]();
  throws(() => connection.request(request("GET", "/x")), { errorNum: 2001, message: "the connection was closed" });
  throws(() => new NoConnection().request(), { errorNum: 2001, message: "not connected" });
});

Deno.test("what is no endpoint, or no rule, is refused before anything starts", () => {
  throws(() => new RemoteConnection({ endpoint: "leader" }), { errorNum: 10 });
  throws(() => new RemoteConnection({ endpoint: "tcp://h", connectTo: ["x"] }), { errorNum: 10 });
});
