import { deepStrictEqual as deepEqual, match, ok, strictEqual as equal } from "node:assert/strict";
import { createHash } from "node:crypto";
import { TestServer } from "./testing.ts";

Deno.test("statistics and metrics count requests by method", () => {
  using test = new TestServer();
  for (let i = 0; i < 3; i++) test.send("GET", "/_api/version");
  test.send("POST", "/_api/collection", { name: "c" });
  test.send("PATCH", "/_api/nothing");
  const { http, client, error, code } = test.send("GET", "/_admin/statistics").body;
  deepEqual([error, code], [false, 200]);
  deepEqual(
    [http.requestsTotal, http.requestsGet, http.requestsPost, http.requestsPatch, http.requestsOther],
    [5, 3, 1, 1, 0],
  );
  equal(client.requestTime.count, 5);
  equal(client.bytesSent.counts.reduce((sum: number, n: number) => sum + n), 5);
  const metrics = test.send("GET", "/_admin/metrics/v2");
  match(metrics.headers["content-type"]!, /^text\/plain/);
  match(metrics.text, /^arangodb_http_request_statistics_http_get_requests_total\{role="SINGLE"\} 4$/m);
  for (const line of metrics.text.split("\n")) ok(/^($|# (HELP|TYPE) |\w+\{[^}]*\} [-\d.e+]+$)/.test(line), line);
});

Deno.test("what is sent and received is counted with its head", () => {
  using test = new TestServer();
  const counted = (): number[] => {
    const { client } = test.send("GET", "/_admin/statistics").body;
    return [client.bytesReceived.sum, client.bytesSent.sum];
  };
  test.send("POST", "/_api/collection", { name: "c" });
  const before = counted();
  const document = { user: "x".repeat(1000) };
  test.send("POST", "/_api/document/c?returnNew=true", document, { "x-long": "y".repeat(1000) });
  const [received, sent] = counted().map((sum, i) => sum - before[i]!);
  ok(received! > 2000, `${received}`);
  // the statistics themselves are an answer too; each answer has ArangoDB's standard headers
  const ofStatistics = test.send("GET", "/_admin/statistics").text.length;
  ok(sent! > 1000 + ofStatistics + 2 * 300, `${sent}`);
});

Deno.test("metrics tell of answers, times, queries, cursors, messages and what there is", () => {
  using test = new TestServer();
  const metric = (name: string, labels = ""): number => {
    const { text } = test.send("GET", "/_admin/metrics/v2");
    return Number(new RegExp(`^${name}\\{role="SINGLE"${labels}\\} (\\S+)$`, "m").exec(text)?.[1]);
  };
  test.send("POST", "/_api/collection", { name: "c" });
  test.send("GET", "/_api/collection/nope");
  deepEqual([200, 404].map((code) => metric("arangodb_http_response_code_total", `,code="${code}"`)), [1, 1]);
  const time = "arangodb_client_connection_statistics_request_time";
  const [count, all] = [metric(`${time}_count`), metric(`${time}_bucket`, `,le="\\+Inf"`)];
  deepEqual([count, all], [4, 5]);
  ok(metric(`${time}_bucket`, `,le="0.01"`) <= metric(`${time}_bucket`, `,le="0.05"`));
  match(test.send("GET", "/_admin/metrics").text, new RegExp(`^# TYPE ${time} histogram$`, "m"));

  const collections = metric("arangodb_metadata_number_of_collections");
  test.send("POST", "/_api/collection", { name: "d" });
  equal(metric("arangodb_metadata_number_of_collections"), collections + 1);
  equal(metric("arangodb_metadata_number_of_databases"), 1);
  const { id } = test.send("POST", "/_api/cursor", { query: "FOR i IN 1..3 RETURN i", batchSize: 1 }).body;
  deepEqual([metric("arangodb_aql_all_query_total"), metric("arangodb_aql_cursors_active")], [1, 1]);
  test.send("DELETE", `/_api/cursor/${id}`);
  equal(metric("arangodb_aql_cursors_active"), 0);
  test.send("PUT", "/_api/query/properties", { slowQueryThreshold: 0 });
  test.send("POST", "/_api/cursor", { query: "RETURN 1" });
  deepEqual(["", "slow_"].map((kind) => metric(`arangodb_aql_${kind}query_time_count`)), [2, 1]);
  ok(metric("arangodb_aql_total_query_time_msec_total") > 0);
  for (const level of ["ERROR", "WARNING", "WARNING", "INFO"]) {
    test.send("POST", "/_admin/log", { message: "m", level });
  }
  deepEqual([metric("arangodb_logger_errors_total"), metric("arangodb_logger_warnings_total")], [1, 2]);
});

Deno.test("every figure that is described is in the statistics", () => {
  using test = new TestServer();
  const { figures } = test.send("GET", "/_admin/statistics-description").body;
  const statistics = test.send("GET", "/_admin/statistics").body;
  for (const { group, identifier, cuts } of figures) {
    const value = statistics[group][identifier];
    if (cuts) equal(value.counts.length, cuts.length + 1, identifier);
    else equal(typeof value, "number", identifier);
  }
});

Deno.test("transactions are counted by how they end", () => {
  using test = new TestServer();
  for (const method of ["PUT", "DELETE", ""]) {
    const { id } = test.send("POST", "/_api/transaction/begin", { collections: {} }).body.result;
    if (method) test.send(method, `/_api/transaction/${id}`);
  }
  const { transactions } = test.send("GET", "/_admin/statistics").body.server;
  // as recorded in `RestAdminStatistics1`
  const others = { intermediateCommits: 0, readOnly: 0, dirtyReadOnly: 0 };
  deepEqual(transactions, { started: 3, committed: 1, aborted: 1, ...others });
  match(test.send("GET", "/_admin/metrics/v2").text, /^arangodb_transactions_started_total\{role="SINGLE"\} 3$/m);
});

Deno.test("the process tells what the kernel counts for it", { ignore: Deno.build.os !== "linux" }, () => {
  using test = new TestServer();
  const { system } = test.send("GET", "/_admin/statistics").body;
  const status = Deno.readTextFileSync("/proc/self/status");
  equal(system.numberOfThreads, Number(/^Threads:\s+(\d+)$/m.exec(status)![1]));
  ok(system.virtualSize > system.residentSize && system.residentSize > 0);
  ok(system.minorPageFaults > 0);
});

Deno.test("messages of clients are in the log, by level and text; levels of topics hold them back", () => {
  using test = new TestServer();
  const log = (message: string, level: string): number => test.send("POST", "/_admin/log", { message, level }).status;
  equal(log("one", "info"), 200);
  log("two", "debug");
  log("three", "error");
  const texts = (query: string): string[] =>
    test.send("GET", `/_admin/log/entries${query}`).body.messages.map((one: { message: string }) => one.message);
  deepEqual(texts(""), ["one", "three"]);
  deepEqual(texts("?upto=error"), ["three"]);
  deepEqual(texts("?search=ON&sort=desc"), ["one"]);
  deepEqual(texts("?size=1&offset=1"), ["three"]);
  deepEqual(test.send("GET", "/_admin/log").body.text, ["one", "three"]);
  equal(test.send("PUT", "/_admin/log/level", { general: "debug" }).body.general, "DEBUG");
  log("four", "debug");
  deepEqual(texts("?level=debug"), ["four"]);
  equal(test.send("PUT", "/_admin/log/level", { general: "loud" }).status, 400);
  equal(test.send("DELETE", "/_admin/log/level").body.general, "INFO");
  const outputs = { global: { general: "error" }, appenders: { "-": { queries: "warn" } } };
  const levels = test.send("PUT", "/_admin/log/level?withAppenders=true", outputs).body;
  deepEqual([levels.global.general, levels.appenders["-"].queries], ["ERROR", "WARNING"]);
  equal(test.send("GET", "/_admin/log/level").body.general, "ERROR");
  deepEqual(test.send("PUT", "/_admin/log/structured", { url: true, odd: true, username: 1 }).body, {
    url: true,
  });
  deepEqual(test.send("PUT", "/_admin/log/structured", { url: false, username: true }).body, { username: true });
  deepEqual(test.send("GET", "/_admin/log/structured").body, { username: true });
  test.send("DELETE", "/_admin/log/entries");
  deepEqual(texts("?upto=trace"), []);
});

Deno.test("the certificates of TLS endpoints are told, and that their key is known", () => {
  using plain = new TestServer();
  for (const method of ["GET", "POST"]) {
    deepEqual(plain.send(method, "/_admin/server/tls").body.result, { keyfile: {}, clientCA: {} });
  }
  const text = Deno.readTextFileSync(new URL("../../tests/fixtures/leader.pem", import.meta.url));
  const [certificate] = /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/.exec(text)!;
  using test = new TestServer({ keyFile: { text, reload: () => {} } });
  const answer = test.send("GET", "/_admin/server/tls");
  const { sha256, certificates, privateKeySha256 } = answer.body.result.keyfile;
  equal(sha256, createHash("sha256").update(text).digest("hex"));
  equal(certificates[0], certificate);
  match(privateKeySha256, /^[0-9a-f]{64}$/);
  equal(answer.text.includes("PRIVATE KEY"), false);
});

Deno.test("the latest requests and queries are told, the last first", () => {
  using test = new TestServer();
  test.send("POST", "/_api/database", { name: "d" });
  test.send("POST", "/_db/d/_api/cursor", { query: "RETURN @x", bindVars: { x: 1 } });
  const { calls } = test.send("GET", "/_admin/server/api-calls").body.result;
  deepEqual(
    calls.slice(0, 2).map(({ timeStamp, ...call }: Record<string, string>) => [!!Date.parse(timeStamp!), call]),
    [
      [true, { requestType: "GET", path: "/_admin/server/api-calls", database: "_system" }],
      [true, { requestType: "POST", path: "/_api/cursor", database: "d" }],
    ],
  );
  const [{ timeStamp: _, ...query }] = test.send("GET", "/_admin/server/aql-queries").body.result.queries;
  deepEqual(query, { query: "RETURN @x", bindVars: { x: 1 }, database: "d" });
  equal(test.send("POST", "/_api/cursor", { query: "RETURN 1", bindVars: "x" }).body.errorNum, 1550);
  deepEqual(test.send("GET", "/_admin/server/aql-queries").body.result.queries[0].bindVars, {});
});

Deno.test("a batch answers each of its requests, in order", () => {
  using test = new TestServer();
  test.send("POST", "/_api/database", { name: "d" });
  const part = (id: string, request: string): string =>
    `--B\r\nContent-Type: application/x-arango-batchpart\r\nContent-Id: ${id}\r\n\r\n${request}\r\n`;
  const body = part("a", 'POST /_api/collection HTTP/1.1\r\n\r\n{"name":"c"}') +
    part("b", "GET /_api/collection/nope HTTP/1.1\r\n") + part("c", "GET /_api/collection/c/count") + "--B--\r\n";
  const answer = test.send("POST", "/_db/d/_api/batch", body, { "content-type": "multipart/form-data; boundary=B" });
  equal(answer.status, 200);
  equal(answer.headers["x-arango-errors"], "1");
  deepEqual(answer.text.match(/(?<=Content-Id: )\w|(?<=HTTP\/1\.1 ).+(?=\r)/g), [
    "a",
    "200 OK",
    "b",
    "404 Not Found",
    "c",
    "200 OK",
  ]);
  equal(test.send("GET", "/_api/collection/c").status, 404);
  for (const damaged of ["", "--B\r\nno end", part("a", "nonsense") + "--B--"]) {
    equal(test.send("POST", "/_api/batch", damaged, { "content-type": "multipart/form-data; boundary=B" }).status, 400);
  }
});

Deno.test("a programming error is told without its place, which stands in the log; no parameters of the request do", () => {
  const written: string[] = [];
  using test = new TestServer({
    backgroundJobs: () => {
      throw new TypeError("boom");
    },
    log: { levelOf: () => "WARNING", write: ({ level, message }) => written.push(`${level} ${message}`) },
  });
  equal(test.send("POST", "/_admin/log", { message: "unwanted" }).status, 200);
  const { status, body } = test.send("GET", "/_api/job/17?password=geheim");
  deepEqual([status, body.errorNum, body.errorMessage], [500, 4, "internal error: boom"]);
  equal(written.length, 1);
  match(written[0]!, /^ERROR internal error in GET \/_api\/job\/17: TypeError: boom\n +at .*monitoring_test/);
});

Deno.test("tasks run when they are due, once or again and again, and their failures are logged", async () => {
  const runs: string[] = [];
  using test = new TestServer({
    runAction({ source, params }) {
      runs.push(`${source} ${params}`);
      if (source.includes("fail")) throw new Error("no luck");
      return "null";
    },
  });
  const made = test.send("PUT", "/_api/tasks/t", { command: "work(params)", params: [1], period: 3600 }).body;
  deepEqual([made.id, made.type, made.command], ["t", "periodic", "(function (params) { work(params) } )(params);"]);
  equal(test.send("PUT", "/_api/tasks/t", { command: "x" }).body.errorNum, 1851);
  test.send("POST", "/_api/tasks", { command: "fail()", name: "once" });
  await new Promise((resolve) => setTimeout(resolve, 20));
  deepEqual(runs, ["function (params) { work(params) } [1]", "function (params) { fail() } undefined"]);
  deepEqual(test.send("GET", "/_api/tasks").body.map((one: { id: string }) => one.id), ["t"]);
  match(test.send("GET", "/_admin/log/entries").body.messages[0].message, /^task '\d+' failed: no luck$/);
  equal(test.send("POST", "/_api/tasks/u", { command: "x", offset: 3600 }).body.id, "u");
  equal(test.send("DELETE", "/_api/tasks/t").status, 200);
  equal(test.send("DELETE", "/_api/tasks/t").body.errorNum, 1852);
  equal(test.send("POST", "/_api/tasks", { command: 7 }).status, 400);
  equal(test.send("POST", "/_api/tasks", { command: "x", period: -1 }).status, 400);
  equal(test.send("POST", "/_api/tasks", { command: "(function (params)(function () {}" }).status, 400);
});
