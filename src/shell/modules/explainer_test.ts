import assert from "node:assert/strict";
import { fakeShell } from "../fake_connection.ts";

/** The text for a plan that a server answers with. */
function explained(query: string, reply: Record<string, unknown>): string {
  const { shell, printed } = fakeShell(({ url }) => url.endsWith("/_api/explain") ? { body: reply } : undefined);
  shell.run(`db._explain(${JSON.stringify(query)}, {}, {colors: false})`);
  return printed();
}

const reference = (id: number, name: string) => ({ type: "reference", id, name });

Deno.test("a plan with functions prints as in the recording", () => {
  const sleep = (seconds: number) => ({
    type: "function call",
    name: "SLEEP",
    deterministic: false,
    cacheable: false,
    usesV8: false,
    subNodes: [{ type: "array", subNodes: [{ type: "value", value: seconds }] }],
  });
  const calculation = (id: number, name: string, expression: unknown, more = {}) => ({
    type: "CalculationNode",
    id,
    estimatedNrItems: 1,
    outVariable: { id, name },
    expression,
    expressionType: "simple",
    ...more,
  });
  const nodes = [
    { type: "SingletonNode", id: 1, estimatedNrItems: 1 },
    calculation(4, "2", { type: "value", value: 1 }, { expressionType: "json", isAsyncPrefetchEnabled: true }),
    calculation(2, "s", sleep(0.25)),
    calculation(3, "t", sleep(0.5)),
    { type: "ReturnNode", id: 5, estimatedNrItems: 1, inVariable: { id: 2, name: "2" } },
  ];
  const text = explained("LET s = SLEEP(0.25) LET t = SLEEP(0.5) RETURN 1", {
    plan: { nodes, rules: ["move-calculations-up", "async-prefetch"] },
    cacheable: false,
    warnings: [],
    stats: { rulesExecuted: 59, plansCreated: 1, peakMemoryUsage: 0, executionTime: 0.0002 },
  });
  assert.equal(
    text,
    [
      "Query String (47 chars, results cachable: false):",
      " LET s = SLEEP(0.25) LET t = SLEEP(0.5) RETURN 1",
      "",
      "Execution plan:",
      " Id   NodeType          Par   Est.   Comment",
      "  1   SingletonNode              1   * ROOT ",
      "  4   CalculationNode     ✓      1     - LET #2 = 1   /* json expression */   /* const assignment */",
      "  2   CalculationNode            1     - LET s = SLEEP(0.25)   /* simple expression */",
      "  3   CalculationNode            1     - LET t = SLEEP(0.5)   /* simple expression */",
      "  5   ReturnNode                 1     - RETURN #2",
      "",
      "Indexes used:",
      " none",
      "",
      "Functions used:",
      " Name    Deterministic   Cacheable   Uses V8",
      " SLEEP   false           false       false  ",
      "",
      "Optimization rules applied:",
      " Id   Rule Name                    Id   Rule Name           ",
      "  1   move-calculations-up          2   async-prefetch      ",
      "",
      "59 rule(s) executed, 1 plan(s) created, peak mem [b]: 0, exec time [s]: 0.00020",
      "",
      "",
    ].join("\n"),
  );
});

Deno.test("an index plan names the index, its fields and the condition", () => {
  const access = { type: "attribute access", name: "value", subNodes: [reference(0, "i")] };
  const condition = { type: "compare >", subNodes: [access, { type: "value", value: 97 }] };
  const nodes = [
    { type: "SingletonNode", id: 1, estimatedNrItems: 1 },
    {
      type: "IndexNode",
      id: 9,
      estimatedNrItems: 100,
      isAsyncPrefetchEnabled: true,
      collection: "test",
      outVariable: { id: 0, name: "i" },
      projections: [{ path: ["value"], variable: { id: 4, name: "4" } }],
      indexCoversProjections: true,
      producesResult: true,
      indexes: [{
        name: "idx_1872607057190846465",
        type: "persistent",
        fields: ["value"],
        unique: false,
        sparse: false,
        cacheEnabled: false,
        selectivityEstimate: 1,
      }],
      condition: { type: "n-ary or", subNodes: [{ type: "n-ary and", subNodes: [condition] }] },
    },
    { type: "ReturnNode", id: 8, estimatedNrItems: 100, inVariable: { id: 4, name: "4" } },
  ];
  const text = explained("FOR i IN test FILTER i.value > 97 SORT i.value RETURN i.value", {
    plan: { nodes, rules: [] },
    cacheable: true,
    stats: { rulesExecuted: 61, plansCreated: 1, peakMemoryUsage: 0, executionTime: 0.00028 },
  });
  assert.deepEqual(text.split("\n").slice(3, 11), [
    "Execution plan:",
    " Id   NodeType        Par   Est.   Comment",
    "  1   SingletonNode            1   * ROOT ",
    "  9   IndexNode         ✓    100     - FOR i IN test   /* persistent index scan, index only (projections: `value`) */    LET #4 = i.`value`   ",
    "  8   ReturnNode             100       - RETURN #4",
    "",
    "Indexes used:",
    " By   Name                      Type         Collection   Unique   Sparse   Cache   Selectivity   Fields        Stored values   Ranges          ",
  ]);
  assert.ok(text.includes(
    "  9   idx_1872607057190846465   persistent   test         false    false    false      100.00 %   [ `value` ]   [  ]            (i.`value` > 97)\n",
  ));
});

Deno.test("rules stand in three columns, one below the other", () => {
  const rules = Array.from({ length: 7 }, (_, index) => `rule-${index + 1}`);
  const text = explained("RETURN 1", { plan: { nodes: [{ type: "SingletonNode", id: 1 }], rules }, stats: {} });
  const lines = text.split("\n");
  const start = lines.indexOf("Optimization rules applied:");
  assert.deepEqual(lines.slice(start + 1, start + 5), [
    " Id   Rule Name         Id   Rule Name         Id   Rule Name",
    "  1   rule-1             4   rule-4             7   rule-7   ",
    "  2   rule-2             5   rule-5   ",
    "  3   rule-3             6   rule-6   ",
  ]);
});

/** The comments of the nodes behind the first one. */
function comments(nodes: object[]): string[] {
  const plan = { nodes: [{ type: "SingletonNode", id: 1, estimatedNrItems: 1 }, ...nodes], rules: [] };
  const lines = explained("RETURN 1", { plan, stats: {} }).split("\n");
  const start = lines.indexOf("Execution plan:") + 3;
  return lines.slice(start, lines.indexOf("", start)).map((line) => line.replace(/^.*? - /, "- "));
}

const DOC = { id: 0, name: "doc" };
const Y = { path: ["y"], variable: { id: 5, name: "5" } };

Deno.test("documents that are read late look as in the release notes of 3.12", () => {
  const loop = {
    type: "IndexNode",
    id: 9,
    collection: "coll",
    outVariable: DOC,
    indexes: [{ type: "persistent", name: "i", fields: ["x", "y"] }],
    isLateMaterialized: true,
  };
  const reads = { type: "MaterializeNode", id: 10, inNmDocId: { id: 3, name: "3" }, oldDocVariable: DOC };
  const into = { id: 4, name: "4" };
  assert.deepEqual(
    comments([
      { ...loop, indexCoversProjections: true, projections: [Y], limit: 10 },
      { ...reads, outVariable: into },
      { ...loop, producesResult: true },
      { ...reads, outVariable: DOC, projections: [{ path: ["a"] }, { path: ["z"] }] },
      { ...reads, outVariable: into, projections: [{ path: ["a"], variable: { id: 6, name: "6" } }] },
    ]),
    [
      "- FOR doc IN coll   /* persistent index scan, index only (projections: `y`) */    LET #5 = doc.`y`   LIMIT 10 /* early reducing results */   /* with late materialization */",
      "- MATERIALIZE doc INTO #4",
      "- FOR doc IN coll   /* persistent index scan, scan only */    /* with late materialization */",
      "- MATERIALIZE doc /* (projections: `a`, `z`) */",
      "- MATERIALIZE doc INTO #4 /* (projections: `a`) */   LET #6 = #4.`a`",
    ],
  );
});

Deno.test("a join is shown with its loops, as in the manual's page on joins", () => {
  const index = { type: "persistent", name: "i", fields: ["user"] };
  const total = { path: ["total"], variable: { id: 8, name: "8" } };
  const indexInfos = [
    {
      collection: "orders",
      outVariable: { id: 0, name: "o" },
      index,
      projections: [total],
      indexCoversProjections: true,
    },
    { collection: "users", outVariable: { id: 1, name: "u" }, index, projections: [] },
  ];
  assert.deepEqual(
    comments([{ type: "JoinNode", id: 10, indexInfos }, { type: "ReturnNode", id: 7, inVariable: DOC }]),
    [
      "- JOIN",
      "- FOR o IN orders   LET #8 = o.`total`   /* index scan (projections: `total`) */",
      "- FOR u IN users   /* index scan + document lookup */",
      "- RETURN doc",
    ],
  );
});

Deno.test("groups that an index tells are shown in one line, as in the release notes of 3.12", () => {
  const node = {
    type: "IndexCollectNode",
    id: 10,
    collection: "coll",
    index: { type: "persistent", name: "i", fields: ["a"] },
    outVariable: DOC,
    groups: [{ outVariable: { id: 1, name: "a" }, attribute: ["a"] }],
  };
  const end = { type: "ReturnNode", id: 7, inVariable: { id: 1, name: "a" } };
  assert.deepEqual(
    comments([node, end]),
    ["- FOR doc IN coll COLLECT a = doc.`a` /* distinct value index scan */", "- RETURN a"],
  );
  const expression = { type: "attribute access", name: "b", subNodes: [{ type: "reference", ...DOC }] };
  assert.deepEqual(
    comments([{ ...node, aggregates: [{ type: "MAX", outVariable: { id: 2, name: "b" }, expression }] }, end]),
    ["- FOR doc IN coll COLLECT a = doc.`a` AGGREGATE b = MAX(doc.`b`) /* full index scan */", "- RETURN a"],
  );
});
