/**
 * Requests that make sense, for the fuzz test to damage: at least one for each kind of body that the API takes.
 *
 * They are for a database with the collections `c` and `e` (edges), the graph `g` of both, and the user `bob`.
 *
 * @module
 */

/** A request; a body that is no text becomes JSON. */
export type Sample = readonly [method: string, url: string, body?: unknown];

const QUERY = "FOR d IN c FILTER d.a >= @a SORT d.b LIMIT 3 RETURN d";
const SETTINGS = { waitForSync: true, lockTimeout: 1, maxTransactionSize: 1e6, allowImplicit: true };
const OPTIONS = {
  fullCount: true,
  stream: true,
  profile: 2,
  maxRuntime: 1,
  maxWarningCount: 2,
  failOnWarning: false,
  allowRetry: true,
  maxNumberOfPlans: 2,
  usePlanCache: true,
  optimizer: { rules: ["-all", "+use-indexes"] },
};
const GEO = { collection: "c", latitude: 1, longitude: 2, radius: 3, distance: "d", skip: 0, limit: 5 };
const EDGE = { _from: "c/k", _to: "c/k", weight: 1.5 };
const PART =
  "--x\r\nContent-Type: application/x-arango-batchpart\r\nContent-Id: 1\r\n\r\nGET /_api/version HTTP/1.1\r\n\r\n";
const STRUCTURE = {
  parameters: { name: "r", type: 2, keyOptions: { type: "traditional", allowUserKeys: true }, schema: null },
  indexes: [{ type: "persistent", fields: ["a"], name: "i", id: "7" }],
};

const DOCUMENTS: readonly Sample[] = [
  ["POST", "/_api/document/c?returnNew=true&overwriteMode=update", { _key: "k", a: 1, b: { c: [null] } }],
  ["POST", "/_api/document/c?silent=true", [{ _key: "k" }, { _id: "c/l", _rev: "_abc" }]],
  ["POST", "/_api/document/e", EDGE],
  ["PUT", "/_api/document/c?onlyget=true&ignoreRevs=false", ["k", "c/k", { _key: "k", _rev: "_abc" }]],
  ["PUT", "/_api/document/c/k?returnOld=true&versionAttribute=a", { a: 2, _rev: "_abc" }],
  ["PUT", "/_api/document/c?ignoreRevs=false", [{ _key: "k", _rev: "_abc" }]],
  ["PATCH", "/_api/document/c/k?keepNull=false&mergeObjects=false", { b: { c: null } }],
  ["PATCH", "/_api/document/c", [{ _key: "k", a: null }]],
  ["DELETE", "/_api/document/c/k?returnOld=true"],
  ["DELETE", "/_api/document/c", ["k", { _key: "k" }]],
  ["GET", "/_api/edges/e?vertex=c/k&direction=any"],
  ["POST", "/_api/edges/e", ["c/k"]],
  ["POST", "/_api/import?collection=c&type=documents&details=true", `{"_key":"k"}\n\n{"a":1}\n`],
  ["POST", "/_api/import?collection=c&type=list&onDuplicate=update", [{ _key: "k", a: 1 }]],
  ["POST", "/_api/import?collection=e&fromPrefix=c&toPrefix=c&line=3", `["_from","_to"]\n["k","k"]\n`],
  ["POST", "/_api/import?collection=c&ignoreMissing=true&overwriteCollectionPrefix=true", `["a","b"]\n[1]\n[1,2,3]`],
  ["POST", "/_api/batch", `${PART}--x--`],
  ["POST", "/_api/batch", `${PART}${PART.replace("GET", "DELETE")}--x--`],
  ["PUT", "/_api/simple/all-keys", { collection: "c", type: "id" }],
];

const DEFINITIONS: readonly Sample[] = [
  ["POST", "/_api/collection", {
    name: "n",
    type: 2,
    waitForSync: true,
    keyOptions: { type: "autoincrement", increment: 2, offset: 1 },
    schema: { rule: { type: "object", properties: { a: { type: "number" } } }, level: "strict", message: "m" },
    computedValues: [{ name: "x", expression: "RETURN @doc.a", overwrite: true, computeOn: ["insert"] }],
  }],
  ["PUT", "/_api/collection/c/properties", { waitForSync: false, cacheEnabled: true, schema: null }],
  ["PUT", "/_api/collection/c/rename", { name: "c" }],
  ["PUT", "/_api/collection/c/load", { count: true }],
  ["PUT", "/_api/collection/c/truncate"],
  ["PUT", "/_api/collection/c/compact"],
  ["GET", "/_api/collection/c/figures?details=true"],
  ["GET", "/_api/index?collection=c&withStats=true&withHidden=true"],
  ["DELETE", "/_api/collection/e?isSystem=true"],
  ["GET", "/_api/collection/c/checksum?withRevisions=true&withData=true"],
  ["POST", "/_api/index?collection=c", {
    type: "persistent",
    fields: ["a", "b[*].c"],
    unique: true,
    sparse: true,
    storedValues: ["d"],
    deduplicate: true,
    estimates: true,
    name: "i",
  }],
  ["POST", "/_api/index?collection=c", { type: "ttl", fields: ["t"], expireAfter: 3600 }],
  ["POST", "/_api/index?collection=c", { type: "geo", fields: ["lat", "lon"], geoJson: false }],
  ["POST", "/_api/index?collection=c", { type: "fulltext", fields: ["text"], minLength: 3 }],
  ["POST", "/_api/index?collection=c", { type: "mdi", fields: ["x", "y"], fieldValueTypes: "double" }],
  ["POST", "/_api/index?collection=c", {
    type: "mdi-prefixed",
    fields: ["x"],
    prefixFields: ["p"],
    fieldValueTypes: "double",
  }],
  ["POST", "/_api/database", { name: "n", users: [{ username: "u", passwd: "p", active: true, extra: {} }] }],
  ["POST", "/_api/analyzer", { name: "n", type: "ngram", features: ["norm"], properties: { min: 1, max: 2 } }],
  ["POST", "/_api/aqlfunction", { name: "a::b", code: "function () { return 1; }", isDeterministic: true }],
  ["PUT", "/_api/replication/restore-collection?overwrite=true", STRUCTURE],
  ["PUT", "/_api/replication/restore-indexes?force=true", { ...STRUCTURE, parameters: { name: "c" } }],
  ["PUT", "/_api/replication/restore-data?collection=c", `{"type":2300,"data":{"_key":"k"}}\n{"type":2302,"key":"l"}`],
];

const QUERIES: readonly Sample[] = [
  ["POST", "/_api/cursor", { query: QUERY, bindVars: { a: 1 }, count: true, batchSize: 1, ttl: 5, options: OPTIONS }],
  ["POST", "/_api/cursor", {
    query: "FOR i IN 1..3 UPSERT { i } INSERT { i } UPDATE { i } IN c RETURN NEW",
    cache: true,
  }],
  ["POST", "/_api/explain", {
    query: QUERY,
    bindVars: { a: 1 },
    options: { allPlans: true, optimizer: { rules: [] } },
  }],
  ["POST", "/_api/query", { query: QUERY }],
  ["POST", "/_api/cursor/1/2"],
  ["DELETE", "/_api/query/1?all=true"],
  ["GET", "/_api/query-cache/entries"],
  ["GET", "/_api/query-plan-cache"],
  ["PUT", "/_api/query/properties", {
    enabled: true,
    slowQueryThreshold: 1,
    maxSlowQueries: 3,
    maxQueryStringLength: 99,
  }],
  ["PUT", "/_api/query-cache/properties", { mode: "demand", maxResults: 3, maxResultsSize: 99, includeSystem: true }],
  ["PUT", "/_api/simple/all", { collection: "c", skip: 1, limit: 2 }],
  ["PUT", "/_api/simple/by-example", { collection: "c", example: { a: 1, "b.c": 2 }, batchSize: 1 }],
  ["PUT", "/_api/simple/range", { collection: "c", attribute: "a", left: 1, right: 2, closed: true }],
  ["PUT", "/_api/simple/near", GEO],
  ["PUT", "/_api/simple/within", GEO],
  ["PUT", "/_api/simple/within-rectangle", {
    collection: "c",
    latitude1: 1,
    longitude1: 1,
    latitude2: 2,
    longitude2: 2,
  }],
  ["PUT", "/_api/simple/fulltext", { collection: "c", attribute: "text", query: "word,prefix:x" }],
  ["PUT", "/_api/simple/lookup-by-keys", { collection: "c", keys: ["k"] }],
  ["PUT", "/_api/simple/remove-by-keys", { collection: "c", keys: ["k"], options: { silent: false } }],
  ["PUT", "/_api/simple/update-by-example", {
    collection: "c",
    example: { a: 1 },
    newValue: { a: 2 },
    keepNull: false,
  }],
  ["POST", "/_api/transaction/begin", { collections: { read: ["c"], write: "e", exclusive: [] }, ...SETTINGS }],
  ["POST", "/_api/transaction", {
    collections: { write: "c" },
    action: "function (p) { return p; }",
    params: [1],
    ...SETTINGS,
  }],
];

const GRAPHS: readonly Sample[] = [
  ["POST", "/_api/gharial", {
    name: "n",
    edgeDefinitions: [{ collection: "e2", from: ["c"], to: ["c", "v2"] }],
    orphanCollections: ["o"],
    options: { numberOfShards: 1 },
  }],
  ["POST", "/_api/gharial/g/vertex", { collection: "v3" }],
  ["POST", "/_api/gharial/g/edge", { collection: "e3", from: ["c"], to: ["c"] }],
  ["PUT", "/_api/gharial/g/edge/e?dropCollections=false", { collection: "e", from: ["c"], to: ["c"] }],
  ["POST", "/_api/gharial/g/vertex/c?returnNew=true", { _key: "m", a: 1 }],
  ["PUT", "/_api/gharial/g/vertex/c/k", { a: 1 }],
  ["PATCH", "/_api/gharial/g/vertex/c/k?keepNull=false", { a: null }],
  ["DELETE", "/_api/gharial/g/vertex/c/k?returnOld=true"],
  ["POST", "/_api/gharial/g/edge/e", EDGE],
  ["PATCH", "/_api/gharial/g/edge/e/k", { _from: "c/k" }],
];

const ADMINISTRATION: readonly Sample[] = [
  ["POST", "/_api/user", { user: "n", passwd: "p", active: true, extra: { a: 1 } }],
  ["PATCH", "/_api/user/bob", { passwd: "p", active: true, extra: {} }],
  ["PUT", "/_api/user/bob/database/_system/c", { grant: "ro" }],
  ["PUT", "/_api/user/bob/config/x", { value: 1 }],
  ["POST", "/_api/token/bob", { name: "n", valid_until: 4e9 }],
  ["POST", "/_open/auth", { username: "bob", password: "" }],
  ["PUT", "/_admin/log/level", { general: "info" }],
  ["PUT", "/_admin/log/structured", { url: true }],
  ["GET", "/_admin/log/entries?upto=info&size=2&offset=1&sort=desc&search=x&start=3"],
  ["GET", "/_api/job/done?count=2"],
  ["DELETE", "/_api/job/expired?stamp=1"],
  ["PUT", "/_admin/server/mode", { mode: "readonly" }],
  ["PUT", "/_api/ttl/properties", { active: true, frequency: 1000 }],
  ["PUT", "/_api/tasks/t", { name: "n", command: "1", params: {}, period: 1e6, offset: 1e6 }],
  ["POST", "/_api/replication/batch", { ttl: 10 }],
  ["PUT", "/_api/replication/revisions/ranges?collection=c&batchId=1", [["_aaa", "_bbb"]]],
  ["PUT", "/_api/replication/revisions/documents?collection=c&batchId=1", ["_aaa"]],
  ["GET", "/_api/replication/dump?collection=c&batchId=1&chunkSize=99&from=0&to=9"],
  ["GET", "/_api/replication/inventory?batchId=1&includeSystem=true&global=true"],
  ["GET", "/_api/replication/logger-follow?from=0&to=99&chunkSize=9&includeSystem=true"],
  ["GET", "/_api/wal/tail?from=0&to=9&chunkSize=99&lastScanned=1"],
  ["PUT", "/_api/wal/tail", ["1"]],
  ["PUT", "/_api/replication/applier-config", { endpoint: "tcp://127.0.0.1:1", database: "d", includeSystem: true }],
  ["POST", "/_api/dump/start", {
    shards: ["c"],
    batchSize: 1024,
    docsPerBatch: 2,
    projections: { a: ["a", "b"] },
    ttl: 5,
  }],
];

/** All of them. */
export const SAMPLES: readonly Sample[] = [...DOCUMENTS, ...DEFINITIONS, ...QUERIES, ...GRAPHS, ...ADMINISTRATION];
