/** Writes that are on the disk before they are answered, by the wish of the request or of the collection. */
import { ok, strictEqual as equal } from "node:assert/strict";
import { TestServer } from "./testing.ts";

const EDGE = { _key: "k", _from: "c/k", _to: "c/k" };
const EXAMPLE = { collection: "c", example: { n: 1 } };

/** Requests that write. */
function requests(waitForSync: boolean): readonly (readonly [method: string, path: string, body?: unknown])[] {
  const query = `waitForSync=${waitForSync}`;
  return [
    ["POST", `/_api/document/c?${query}`, {}],
    ["POST", `/_api/document/c?${query}`, [{}]],
    ["PATCH", `/_api/document/c/k?${query}`, { n: 2 }],
    ["DELETE", `/_api/document/c/k?${query}`],
    ["POST", `/_api/import?collection=c&type=auto&${query}`, "{}"],
    ["PUT", `/_api/collection/c/truncate?${query}`],
    ["POST", `/_api/gharial/g/vertex/c?${query}`, {}],
    ["PUT", `/_api/gharial/g/vertex/c/k?${query}`, {}],
    ["DELETE", `/_api/gharial/g/vertex/c/k?${query}`],
    ["POST", `/_api/gharial/g/edge/e?${query}`, { ...EDGE, _key: "other" }],
    ["DELETE", `/_api/gharial/g/edge/e/k?${query}`],
    ["PUT", "/_api/simple/remove-by-keys", { collection: "c", keys: ["k"], options: { waitForSync } }],
    ["PUT", "/_api/simple/remove-by-example", { ...EXAMPLE, waitForSync }],
    ["PUT", "/_api/simple/update-by-example", { ...EXAMPLE, newValue: { n: 2 }, waitForSync }],
  ];
}

for (const [collectionsWait, requestsWait] of [[false, false], [false, true], [true, false]] as const) {
  const isWanted = collectionsWait || requestsWait;
  Deno.test(`waitForSync: ${collectionsWait} of collections, ${requestsWait} of requests: ${isWanted} for all writes`, () => {
    using test = new TestServer();
    for (const [name, type] of [["c", 2], ["e", 3]]) {
      test.send("POST", "/_api/collection", { name, type, waitForSync: collectionsWait });
    }
    test.send("POST", "/_api/gharial", { name: "g", edgeDefinitions: [{ collection: "e", from: ["c"], to: ["c"] }] });
    const { file } = test.engine.catalog;
    const setDurable = file.setDurable.bind(file);
    let hasWaited = false;
    file.setDurable = (isDurable) => {
      hasWaited ||= isDurable;
      setDurable(isDurable);
    };
    for (const [method, path, body] of requests(requestsWait)) {
      test.send("POST", "/_api/document/c?overwrite=true", { _key: "k", n: 1 });
      test.send("POST", "/_api/document/e?overwrite=true", EDGE);
      hasWaited = false;
      const { status, text } = test.send(method, path, body);
      ok(status < 300, `${method} ${path}: ${text}`);
      equal(hasWaited, isWanted, `${method} ${path}`);
    }
  });
}
