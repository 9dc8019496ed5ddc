/** HTTP as bytes on a socket: what no client library sends, or shows. */
import { deepStrictEqual as deepEqual, match, ok, strictEqual as equal } from "node:assert/strict";
import { connect } from "node:http2";
import { hostServer } from "../src/embedding/host_server.ts";
import type { RunningServer } from "../src/server/listen.ts";
import { TemporaryDirectory } from "../src/base/testing.ts";

/** Runs a server without authentication on a directory of its own. */
async function running(body: (server: RunningServer, port: number) => Promise<void>): Promise<void> {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  const endpoints = ["tcp://127.0.0.1:0"];
  await using server = await hostServer({ directory, endpoints, authentication: false, queryThreads: 1 });
  await body(server.running, Number(new URL(server.running.endpoints[0]!).port));
}

/** Sends bytes, and gives what comes until `isComplete`, or until the server closes the connection. */
async function exchange(port: number, sent: string, isComplete: (received: string) => boolean): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(sent));
  const bytes = new Uint8Array(65536);
  let received = "";
  while (!isComplete(received)) {
    const count = await connection.read(bytes);
    if (count === null) return `${received}<closed>`;
    received += new TextDecoder().decode(bytes.subarray(0, count));
  }
  return received;
}

const never = (): boolean => false;
const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
const post = (headers: string, body: string): string =>
  `POST /_api/cursor HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n\r\n${body}`;
const QUERY = '{"query":"RETURN 1"}';

Deno.test("requests that come in one go are answered in their order, on the same connection", async () => {
  await running(async (_, port) => {
    const paths = ["/_api/version", "/_api/nope", "/_admin/time", "/_api/collection/nope", "/_api/engine"];
    const received = await exchange(port, paths.map(get).join(""), (text) => text.includes('"rocksdb"'));
    deepEqual(received.match(/(?<=HTTP\/1\.1 )\d+/g), ["200", "404", "200", "404", "200"]);
    ok(received.indexOf('"server":"arango"') < received.indexOf('"time":'));
  });
});

Deno.test("answers to HEAD have no body, so that the next answer is found", async () => {
  await running(async (_, port) => {
    const head = get("/_api/version").replace("GET", "HEAD");
    const received = await exchange(port, head + get("/_api/engine"), (text) => text.includes('"rocksdb"'));
    equal(received.includes('"server":"arango"'), false);
    match(received, /content-length: [1-9]/);
  });
});

Deno.test("a connection is kept open for HTTP/1.1, and closed for HTTP/1.0 and for who asks for that", async () => {
  await running(async (_, port) => {
    for (
      const request of [
        "GET /_api/version HTTP/1.0\r\n\r\n",
        get("/_api/version").replace("x\r\n", "x\r\nConnection: close\r\n"),
      ]
    ) {
      match(await exchange(port, request, never), /"server":"arango".*<closed>$/);
    }
  });
});

Deno.test("answers tell what becomes of their connection", async () => {
  await running(async (_, port) => {
    const told = async (request: string): Promise<string[]> => {
      const answer = await exchange(port, request, (text) => text.includes('"server":"arango"'));
      return answer.split("\r\n").filter((line) => line.startsWith("connection:"));
    };
    deepEqual(await told(get("/_api/version")), ["connection: Keep-Alive"]);
    const closing = get("/_api/version").replace("x\r\n", "x\r\nConnection: close\r\n");
    deepEqual(await told(closing), ["connection: close"]);
    deepEqual(await told(closing.replace("close", "TE, Close")), ["connection: close"]);
  });
});

Deno.test("bodies come in chunks, or after the server has said that it wants them", async () => {
  await running(async (_, port) => {
    const isAnswered = (text: string): boolean => text.includes('"code":201}');
    const chunks = `6\r\n${QUERY.slice(0, 6)}\r\ne\r\n${QUERY.slice(6)}\r\n0\r\n\r\n`;
    const chunked = post("Transfer-Encoding: chunked", chunks);
    match(await exchange(port, chunked, isAnswered), /^HTTP\/1\.1 201 [^]*"result":\[1\]/);
    using connection = await Deno.connect({ hostname: "127.0.0.1", port });
    const send = async (text: string): Promise<string> => {
      await connection.write(new TextEncoder().encode(text));
      const bytes = new Uint8Array(65536);
      return new TextDecoder().decode(bytes.subarray(0, await connection.read(bytes) ?? 0));
    };
    equal(
      await send(post(`Expect: 100-continue\r\nContent-Length: ${QUERY.length}`, "")),
      "HTTP/1.1 100 Continue\r\n\r\n",
    );
    match(await send(QUERY), /^HTTP\/1\.1 201 /);
  });
});

Deno.test("open connections are counted", { ignore: Deno.build.os !== "linux" }, async () => {
  await running(async (_, port) => {
    const open = async (): Promise<number> => {
      const text = await exchange(port, get("/_admin/metrics/v2"), (text) => text.includes("arangodb_transactions_"));
      return Number(/^arangodb_client_connection_statistics_client_connections\{[^}]*\} (\d+)$/m.exec(text)![1]);
    };
    // the one that asks
    const before = await open();
    using first = await Deno.connect({ hostname: "127.0.0.1", port });
    using second = await Deno.connect({ hostname: "127.0.0.1", port });
    equal(await open() - before, [first, second].length);
  });
});

Deno.test("what could be read in two ways, or not at all, is refused, and the connection closed", async () => {
  await running(async (_, port) => {
    const refused = [
      post(`Content-Length: 5\r\nContent-Length: ${QUERY.length}`, QUERY),
      post("Content-Length: 5\r\nTransfer-Encoding: chunked", `14\r\n${QUERY}\r\n0\r\n\r\n`),
      "hello\r\n\r\n",
      "\u0016\u0003\u0001\u0002",
      "VST/1.1\r\n\r\n",
    ];
    for (const request of refused) match(await exchange(port, request, never), /^HTTP\/1\.1 400 [^]*<closed>$/);
    match(await exchange(port, get("/_api/version"), (text) => text.endsWith("}")), /^HTTP\/1\.1 200 /);
  });
});

Deno.test("HTTP/2 is spoken without asking for it first", async () => {
  await running(async ({ endpoints }) => {
    const session = connect(endpoints[0]!);
    const ask = (method: string, path: string, body = ""): Promise<{ status: number; text: string }> =>
      new Promise((resolve, reject) => {
        const stream = session.request({ ":method": method, ":path": path });
        let status = 0;
        let text = "";
        stream.setEncoding("utf8");
        stream.on("response", (headers) => status = Number(headers[":status"]));
        stream.on("data", (part) => text += part);
        stream.on("end", () => resolve({ status, text }));
        stream.on("error", reject);
        // without a body the stream has ended already
        if (body !== "") stream.end(body);
      });
    const answers = await Promise.all([
      ask("GET", "/_api/version"),
      ask("POST", "/_api/cursor", QUERY),
      ask("HEAD", "/_api/version"),
      ask("GET", "/_api/nope"),
    ]);
    deepEqual(answers.map(({ status }) => status), [200, 201, 200, 404]);
    match(answers[1]!.text, /"result":\[1\]/);
    equal(answers[2]!.text, "");
    await new Promise<void>((resolve) => session.close(() => resolve()));
  });
});

Deno.test("a server that stops does not wait for the rest of a request for ever", async () => {
  await running(async (server, port) => {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port });
    await connection.write(new TextEncoder().encode(post("Expect: 100-continue\r\nContent-Length: 100", "")));
    // the server has begun to read
    await connection.read(new Uint8Array(100));
    await server.stop();
  });
});

Deno.test("a server that stops answers what it has begun, and takes nothing more", async () => {
  await running(async (server, port) => {
    const url = server.endpoints[0]!;
    const sleep = async (seconds: number): Promise<{ code: number }> => {
      const body = JSON.stringify({ query: `RETURN SLEEP(${seconds})` });
      return await (await fetch(`${url}/_api/cursor`, { method: "POST", body })).json();
    };
    // its thread may take longer to begin than a server that stops waits
    await sleep(0.1);
    let isAnswered = false;
    const slow = sleep(0.5).finally(() => isAnswered = true);
    const running = async (): Promise<unknown[]> => await (await fetch(`${url}/_api/query/current`)).json();
    while (!isAnswered && (await running()).length === 0) { /* it has not begun yet */ }
    const stopped = server.stop();
    equal((await slow).code, 201);
    await stopped;
    const refused = await Deno.connect({ hostname: "127.0.0.1", port }).then((one) => one.close(), (error) => error);
    ok(refused instanceof Deno.errors.ConnectionRefused);
  });
});
