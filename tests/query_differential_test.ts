/**
 * Random queries through whole shells: embedded in memory, on disk with indexes, and over HTTP all answer the same.
 *
 * @module
 */
import { strictEqual as equal } from "node:assert/strict";
import fc from "fast-check";
import { type OpenShell, openShell, startServer } from "denosh";
import { documents, indexes } from "../src/aql/model/compared_documents.ts";
import { type ComparedQuery, comparedQuery } from "../src/aql/model/compared_queries.ts";
import { bindsOf, DOCUMENTS, EDGES, sentence, UNCERTAIN } from "../src/aql/random_query.ts";
import { TemporaryDirectory } from "../src/base/testing.ts";

/** Seconds of comparing; an hour's run is `AQL_FUZZ_SECONDS=3600`. */
const SECONDS = Number(Deno.env.get("AQL_FUZZ_SECONDS") ?? 5);

/** Defines `fill()`, `index()` and `outcome()` in a shell. */
const SCRIPT = `
  var docs = db._create("docs"), edges = db._createEdgeCollection("edges");
  // documents may be names of attributes, as texts, and revisions may stand alone
  var strip = (text) => text.replace(/\\\\*"_(rev|key|id)\\\\*":\\\\*"[^"\\\\]*\\\\*",?/g, "").replace(/"_[\\w-]{10}"/g, '"_"');
  function fill() {
    docs.truncate(); edges.truncate();
    docs.insert(${JSON.stringify(DOCUMENTS)}.map(({ _rev, ...rest }) => rest));
    edges.insert(${JSON.stringify(EDGES)}.map(({ _rev, ...rest }) => rest));
  }
  function index() {
    docs.ensureIndex({ type: "persistent", fields: ["a"] });
    docs.ensureIndex({ type: "persistent", fields: ["b.c", "a"], sparse: true });
    docs.ensureIndex({ type: "persistent", fields: ["b[*]"] });
    edges.ensureIndex({ type: "persistent", fields: ["_from", "a"] });
  }
  function outcome(text, bindVars, batchSize, stream) {
    let result;
    try {
      const cursor = db._query(text, JSON.parse(bindVars), { batchSize }, { stream, maxRuntime: 5 });
      const rows = cursor.toArray().map((row) => strip(JSON.stringify(row))).sort();
      result = rows.join("\\n");
    } catch (error) {
      if (!(error.errorNum > 0)) throw error;
      result = "error " + error.errorNum;
    }
    const left = [docs, edges].map((one) => one.toArray().map((row) => JSON.stringify(row)).sort());
    return strip(result + "\\n" + left);
  }
  fill();
`;

const writes = /INSERT|UPDATE|REPLACE|REMOVE|UPSERT/;
/** Traversals meet the edges in the order of their keys or of their writing. */
const ordered = /OUTBOUND|INBOUND|ANY '|ANY <|GRAPH|PATH/;

Deno.test("random queries answer the same embedded, on disk with indexes, and over HTTP", async () => {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  await using server = await startServer();
  using memory = openShell({ directory: ":memory:" });
  using disk = openShell({ directory });
  using remote = openShell({ endpoint: server.url });
  const shells = [memory, disk, remote];
  for (const shell of shells) shell.run(SCRIPT);
  disk.run("index()");
  const outcome = (shell: OpenShell, ...args: unknown[]): string =>
    (shell.global.outcome as (...args: unknown[]) => string)(...args);
  fc.assert(
    fc.property(sentence, fc.integer({ min: 1, max: 3 }), fc.boolean(), (text, batchSize, stream) => {
      if (UNCERTAIN.test(text) || ordered.test(text) || /INSERT (?!\{_key)/.test(text)) return;
      const binds = JSON.stringify(bindsOf(text));
      const [expected, ...others] = shells.map((shell) => outcome(shell, text, binds, batchSize, stream));
      for (const other of others) equal(other, expected, text);
      if (writes.test(text) && !expected!.startsWith("error")) { for (const shell of shells) shell.run("fill()"); }
    }),
    { interruptAfterTimeLimit: SECONDS * 1000, numRuns: 10_000_000 },
  );
});

/** Defines `fill()`, `begin()`, `end()` and `answer()`: in the transaction are the documents that `fill()` stores. */
const TRANSACTION = `
  var transaction;
  function fill(rows) {
    db._drop("docs");
    db._create("docs").insert(rows);
  }
  function begin(rows, definitions, committed, changed) {
    db._drop("docs");
    const docs = db._create("docs");
    for (const definition of definitions) docs.ensureIndex(definition);
    const last = rows[rows.length - 1] || { p: 0, q: 0 };
    docs.insert({ ...last, _key: "gone" });
    rows.slice(0, committed).forEach((row, i) => docs.insert(i < changed ? { ...last, _key: row._key } : row));
    transaction = db._createTransaction({ collections: { write: "docs" } });
    const own = transaction.collection("docs");
    own.remove("gone");
    rows.forEach((row, i) => i < Math.min(changed, committed) ? own.replace(row._key, row) : i < committed || own.insert(row));
  }
  function end() {
    transaction.abort();
  }
  function answer(text, rules) {
    try {
      const options = { optimizer: { rules } };
      const cursor = transaction ? transaction.query(text, {}, options) : db._query(text, {}, options);
      return cursor.toArray().map((row) => JSON.stringify(row).replace(/"_rev":"[^"]*"/g, ""));
    } catch (error) {
      if (!(error.errorNum > 0)) throw error;
      return ["error " + error.errorNum];
    }
  }
`;

Deno.test("queries of a transaction find what it has written by indexes of every type", () => {
  using inside = openShell({ directory: ":memory:" });
  using outside = openShell({ directory: ":memory:" });
  for (const shell of [inside, outside]) shell.run(TRANSACTION);
  const call = (shell: OpenShell, text: string, ...values: unknown[]): unknown =>
    shell.run(`${text}(${values.map((one) => JSON.stringify(one))})`);
  const answer = (shell: OpenShell, { text, ordered }: ComparedQuery, rules: string[]): string => {
    const rows = JSON.parse(
      shell.run(`JSON.stringify(answer(${JSON.stringify(text)}, ${JSON.stringify(rules)}))`) as string,
    );
    return (ordered ? rows : rows.sort()).join("\n");
  };
  const queries = fc.array(comparedQuery, { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(
      documents,
      indexes,
      queries,
      fc.nat(14),
      fc.nat(6),
      (texts, definitions, queries, committed, changed) => {
        const rows = texts.map((text) => JSON.parse(text));
        call(outside, "fill", rows);
        call(inside, "begin", rows, definitions, committed, changed);
        for (const query of queries) equal(answer(inside, query, []), answer(outside, query, ["-all"]), query.text);
        inside.run("end()");
      },
    ),
    { interruptAfterTimeLimit: SECONDS * 1000, numRuns: 10_000_000 },
  );
});
