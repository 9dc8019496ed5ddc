/** At least one request for each operation that the API's description has and denosh does: its success is as described. */
import { deepStrictEqual as deepEqual, ok } from "node:assert/strict";
import { runAction } from "../shell/run_action.ts";
import { ApiDescription } from "./api_description.ts";
import { TestServer } from "./testing.ts";

/** What denosh says by name that it does not have, or what a test of a server cannot do. */
const LEFT_OUT =
  /\/_admin\/(backup|cluster|crashes\/|license$|server\/(encryption|id|jwt)|shutdown)|\/_api\/(cluster|control_pregel|foxx|view\/)|POST \/_(api\/view|admin\/server\/tls)|(shards|responsibleShard|clusterInventory|make-follower|applier-start|replication\/sync|uniqId|\{query-id\})$/;

const EDGE = { _from: "c/k", _to: "c/k" };
const DEFINITION = { collection: "e2", from: ["c"], to: ["c"] };
const GRAPH = { name: "g", edgeDefinitions: [{ collection: "e", from: ["c"], to: ["c"] }] };
const TASK = { name: "t", command: "1", params: {}, offset: 1e6 };
const BATCH = "--x\r\nContent-Type: application/x-arango-batchpart\r\n\r\nGET /_api/version\r\n\r\n--x--";

/** Requests, most of which may do nothing without those before; `$` stands for the id that the last answer told. */
const REQUESTS: readonly (readonly [method: string, path: string, body?: unknown])[] = [
  ["GET", "/_api/version?details=true"],
  ["GET", "/_api/engine"],
  ["GET", "/_api/engine/stats"],
  ["GET", "/_api/endpoint"],
  ["GET", "/_api/key-generators"],
  ["GET", "/_admin/time"],
  ["GET", "/_admin/status"],
  ["GET", "/_admin/server/availability"],
  ["GET", "/_admin/server/role"],
  ["GET", "/_admin/server/mode"],
  ["GET", "/_admin/server/tls"],
  ["PUT", "/_admin/server/mode", { mode: "default" }],
  ["GET", "/_admin/server/api-calls"],
  ["GET", "/_admin/server/aql-queries"],
  ["GET", "/_admin/database/target-version"],
  ["GET", "/_admin/deployment/id"],
  ["GET", "/_admin/support-info"],
  ["GET", "/_admin/license"],
  ["GET", "/_admin/options"],
  ["GET", "/_admin/options-public"],
  ["GET", "/_admin/options-description"],
  ["GET", "/_admin/crashes"],
  ["PUT", "/_admin/compact"],
  ["POST", "/_admin/routing/reload"],
  ["POST", "/_admin/echo", {}],
  ["POST", "/_admin/execute?returnAsJSON=true", "return 1"],
  ["GET", "/_admin/log"],
  ["GET", "/_admin/log/entries"],
  ["GET", "/_admin/log/level"],
  ["PUT", "/_admin/log/level", { general: "info" }],
  ["DELETE", "/_admin/log/level"],
  ["GET", "/_admin/log/structured"],
  ["PUT", "/_admin/log/structured", { url: true }],
  ["GET", "/_admin/metrics"],
  ["GET", "/_admin/metrics/v2"],
  ["GET", "/_admin/usage-metrics"],
  ["GET", "/_admin/statistics"],
  ["GET", "/_admin/statistics-description"],
  ["POST", "/_open/auth", { username: "root", password: "" }],
  ["POST", "/_api/token/root", { name: "t" }],
  ["DELETE", "/_api/token/root/$"],
  ["GET", "/_api/token/root"],

  ["POST", "/_api/collection", { name: "c", schema: { rule: {} }, computedValues: [] }],
  ["POST", "/_api/collection", { name: "e", type: 3 }],
  ["GET", "/_api/collection"],
  ["GET", "/_api/collection/c"],
  ["GET", "/_api/collection/c/properties"],
  ["PUT", "/_api/collection/c/properties", { cacheEnabled: true }],
  ...["count", "figures", "revision", "checksum"].map((what) => ["GET", `/_api/collection/c/${what}`] as const),
  ...["truncate", "loadIndexesIntoMemory", "recalculateCount", "compact", "load", "unload"].map((what) =>
    ["PUT", `/_api/collection/c/${what}`, {}] as const
  ),
  ["PUT", "/_api/collection/c/rename", { name: "d" }],
  ["PUT", "/_api/collection/d/rename", { name: "c" }],
  ...["?waitForSync=true", ""].flatMap((sync) =>
    [
      ["POST", `/_api/document/c${sync}`, { _key: "k" }],
      ["PUT", `/_api/document/c/k${sync}`, {}],
      ["PATCH", `/_api/document/c/k${sync}`, { a: 1 }],
      ["DELETE", `/_api/document/c/k${sync}`],
      ["POST", `/_api/document/c${sync}`, [{ _key: "k" }]],
      ["PUT", `/_api/document/c${sync}`, [{ _key: "k" }]],
      ["PATCH", `/_api/document/c${sync}`, [{ _key: "k" }]],
      ["DELETE", `/_api/document/c${sync}`, ["k"]],
    ] as const
  ),
  ["POST", "/_api/document/c", { _key: "k" }],
  ["GET", "/_api/document/c/k"],
  ["HEAD", "/_api/document/c/k"],
  ["POST", "/_api/document/e", EDGE],
  ["GET", "/_api/edges/e?vertex=c/k"],
  ["POST", "/_api/import?collection=c&type=auto", "{}"],
  ["POST", "/_api/batch", BATCH],
  ...[
    { type: "persistent", fields: ["a"] },
    { type: "ttl", fields: ["t"], expireAfter: 1 },
    { type: "geo", fields: ["g"] },
    { type: "fulltext", fields: ["f"] },
    { type: "mdi", fields: ["x"], fieldValueTypes: "double", sparse: true },
  ].map((index) => ["POST", "/_api/index?collection=c", index] as const),
  ["GET", "/_api/index?collection=c"],

  ...["?waitForSync=true", ""].flatMap((sync) =>
    [
      ["POST", `/_api/gharial${sync}`, GRAPH],
      ["POST", `/_api/gharial/g/edge${sync}`, DEFINITION],
      ["PUT", `/_api/gharial/g/edge/e2${sync}`, DEFINITION],
      ["DELETE", `/_api/gharial/g/edge/e2${sync}`],
      ["POST", `/_api/gharial/g/vertex${sync}`, { collection: "o" }],
      ["DELETE", `/_api/gharial/g/vertex/o${sync}`],
      ["POST", `/_api/gharial/g/vertex/c${sync}`, { _key: "v" }],
      ["GET", "/_api/gharial/g/vertex/c/v"],
      ["PUT", `/_api/gharial/g/vertex/c/v${sync}`, {}],
      ["PATCH", `/_api/gharial/g/vertex/c/v${sync}`, { a: 1 }],
      ["DELETE", `/_api/gharial/g/vertex/c/v${sync}`],
      ["POST", `/_api/gharial/g/edge/e${sync}`, { ...EDGE, _key: "v" }],
      ["GET", "/_api/gharial/g/edge/e/v"],
      ["PUT", `/_api/gharial/g/edge/e/v${sync}`, EDGE],
      ["PATCH", `/_api/gharial/g/edge/e/v${sync}`, { a: 1 }],
      ["DELETE", `/_api/gharial/g/edge/e/v${sync}`],
      ["GET", "/_api/gharial/g/vertex"],
      ["GET", "/_api/gharial/g/edge"],
      ["GET", "/_api/gharial/g"],
      ["GET", "/_api/gharial"],
      ["DELETE", "/_api/gharial/g"],
    ] as const
  ),

  ["POST", "/_api/cursor", { query: "FOR i IN 1..3 RETURN i", batchSize: 1, count: true, options: { profile: 2 } }],
  ["POST", "/_api/cursor/$"],
  ["PUT", "/_api/cursor/$"],
  ["POST", "/_api/cursor", { query: "FOR i IN 1..3 RETURN i", batchSize: 1, options: { allowRetry: true } }],
  ["POST", "/_api/cursor/$/2"],
  ["DELETE", "/_api/cursor/$"],
  ["POST", "/_api/explain", { query: "FOR d IN c RETURN d" }],
  ["POST", "/_api/query", { query: "FOR d IN c RETURN d" }],
  ["GET", "/_api/query/rules"],
  ["GET", "/_api/query/properties"],
  ["PUT", "/_api/query/properties", { slowQueryThreshold: 0 }],
  ["POST", "/_api/cursor", { query: "FOR d IN c FILTER d.a == @a RETURN d", bindVars: { a: 1 }, cache: true }],
  ["GET", "/_api/query/current"],
  ["GET", "/_api/query/slow"],
  ["DELETE", "/_api/query/slow"],
  ["PUT", "/_api/query-cache/properties", { mode: "on" }],
  ["POST", "/_api/cursor", { query: "FOR d IN c RETURN d" }],
  ["GET", "/_api/query-cache/properties"],
  ["GET", "/_api/query-cache/entries"],
  ["DELETE", "/_api/query-cache"],
  ["POST", "/_api/cursor", { query: "FOR d IN c RETURN d", options: { usePlanCache: true } }],
  ["GET", "/_api/query-plan-cache"],
  ["DELETE", "/_api/query-plan-cache"],
  ["POST", "/_api/aqlfunction", { name: "a::b", code: "function () { return 1; }" }],
  ["POST", "/_api/aqlfunction", { name: "a::b", code: "function () { return 2; }", isDeterministic: true }],
  ["GET", "/_api/aqlfunction"],
  ["DELETE", "/_api/aqlfunction/a::b"],
  ["POST", "/_api/analyzer", { name: "n", type: "identity" }],
  ["GET", "/_api/analyzer"],
  ["GET", "/_api/analyzer/n"],
  ["DELETE", "/_api/analyzer/n"],
  ["GET", "/_api/view"],

  ...["PUT", "DELETE"].flatMap((end) =>
    [
      ["POST", "/_api/transaction/begin", { collections: { write: "c" } }],
      ["GET", "/_api/transaction"],
      ["GET", "/_api/transaction/$"],
      [end, "/_api/transaction/$"],
    ] as const
  ),
  ["POST", "/_api/transaction", { collections: {}, action: "function () { return 1; }" }],
  ["POST", "/_api/tasks", TASK],
  ["GET", "/_api/tasks"],
  ["PUT", "/_api/tasks/t", { ...TASK, period: 1e6 }],
  ["GET", "/_api/tasks/t"],
  ["DELETE", "/_api/tasks/t"],

  ["POST", "/_api/database", { name: "other" }],
  ["GET", "/_api/database"],
  ["GET", "/_api/database/user"],
  ["GET", "/_api/database/current"],
  ["DELETE", "/_api/database/other"],
  ["POST", "/_api/user", { user: "u", passwd: "p" }],
  ["GET", "/_api/user"],
  ["GET", "/_api/user/u"],
  ["PUT", "/_api/user/u", { passwd: "q" }],
  ["PATCH", "/_api/user/u", { active: true }],
  ["PUT", "/_api/user/u/database/_system", { grant: "ro" }],
  ["GET", "/_api/user/u/database/_system"],
  ["PUT", "/_api/user/u/database/_system/c", { grant: "ro" }],
  ["GET", "/_api/user/u/database/_system/c"],
  ["GET", "/_api/user/u/database"],
  ["DELETE", "/_api/user/u/database/_system/c"],
  ["DELETE", "/_api/user/u/database/_system"],
  ["DELETE", "/_api/user/u"],

  ["GET", "/_api/replication/server-id"],
  ["GET", "/_api/replication/applier-config"],
  ["PUT", "/_api/replication/applier-config", { endpoint: "tcp://127.0.0.1:1" }],
  ["PUT", "/_api/replication/applier-stop"],
  ["GET", "/_api/replication/applier-state"],
  ["GET", "/_api/replication/logger-state"],
  ["GET", "/_api/replication/logger-follow"],
  ["GET", "/_api/replication/logger-follow?from=1000000"],
  ["GET", "/_api/replication/logger-first-tick"],
  ["GET", "/_api/replication/logger-tick-ranges"],
  ["GET", "/_api/wal/range"],
  ["GET", "/_api/wal/lastTick"],
  ["GET", "/_api/wal/tail"],
  ["GET", "/_api/wal/tail?from=1000000"],
  ["POST", "/_api/replication/batch", { ttl: 60 }],
  ["GET", "/_api/replication/inventory?batchId=$"],
  ["GET", "/_api/replication/dump?collection=c&batchId=$"],
  ["GET", "/_api/replication/dump?collection=_queues&batchId=$"],
  ["GET", "/_api/replication/revisions/tree?collection=c&batchId=$"],
  ["PUT", "/_api/replication/revisions/ranges?collection=c&batchId=$", []],
  ["PUT", "/_api/replication/revisions/documents?collection=c&batchId=$", []],
  ["PUT", "/_api/replication/batch/$", { ttl: 60 }],
  ["DELETE", "/_api/replication/batch/$"],
  ["POST", "/_api/replication/revisions/tree?collection=c"],
];

/** The id that an answer tells, for requests after it. */
function idOf(body: Readonly<Record<string, unknown>> | undefined): unknown {
  const { id, result } = body ?? {};
  return id ?? (result as { id?: unknown } | null | undefined)?.id;
}

/** Sends the requests; the operations of `description` that have succeeded. */
function succeeded(description: ApiDescription): Set<string | undefined> {
  using test = new TestServer({ runAction, allowAdminExecute: true });
  const seen = new Set<string | undefined>();
  const send = (method: string, url: string, body?: unknown, headers?: Record<string, string>) => {
    const answer = test.send(method, url, body, headers);
    ok(answer.status < 300, `${method} ${url}: ${answer.text}`);
    seen.add(description.find(method, url));
    return answer;
  };
  let last: unknown;
  for (const [method, path, body] of REQUESTS) {
    const headers = path === "/_api/batch" ? { "content-type": "multipart/form-data; boundary=x" } : {};
    last = idOf(send(method, path.replace("$", `${last}`), body, headers).body) ?? last;
  }
  for (const { id } of send("GET", "/_api/index?collection=c").body.indexes.slice(1)) {
    // the identifier of an index has a slash, which the description's path does not show
    for (const method of ["GET", "DELETE"]) {
      ok(test.send(method, `/_api/index/${id}`).status === 200);
      seen.add(`${method} /_api/index/{index-id}`);
    }
  }
  const asynchronous = (): string =>
    send("GET", "/_api/version", undefined, { "x-arango-async": "store" }).headers["x-arango-async-id"]!;
  send("GET", `/_api/job/${asynchronous()}`);
  send("PUT", `/_api/job/${asynchronous()}`);
  const query = test.send("POST", "/_api/cursor", { query: "RETURN SLEEP(0.01)" }, { "x-arango-async": "store" });
  send("PUT", `/_api/job/${query.headers["x-arango-async-id"]}/cancel`);
  send("DELETE", "/_api/job/all");
  send("DELETE", "/_api/collection/c");
  return seen;
}

for (const version of ["3.11", "4.x"] as const) {
  const description = ApiDescription.read(version);
  Deno.test({
    name: `answers have the attributes and types that the description of ${version} has`,
    ignore: !description,
    fn(): void {
      const seen = succeeded(description!);
      const unseen = [...new Set(description!.operations())].filter((one) => !seen.has(one) && !LEFT_OUT.test(one));
      deepEqual(unseen, []);
    },
  });
}
