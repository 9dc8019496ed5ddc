/**
 * Plans that are used again: the results are those of a plan of the query's own.
 *
 * @module
 */
import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { ArangoError } from "../base/arango_error.ts";
import { MemorySource } from "./memory_source.ts";
import { PlanCache } from "./plan_cache.ts";
import { type QueryOptions, runQuery } from "./query.ts";
import { type AqlValue, jsonText } from "./values.ts";

function source(): MemorySource {
  const made = new MemorySource();
  const index = { type: "persistent", unique: false };
  const indexes = [
    { ...index, id: "7", name: "v", fields: ["v"], sparse: true },
    { ...index, id: "8", name: "g", fields: ["g"], sparse: false },
  ];
  const documents = [
    { _key: "a", v: 1, g: "x", l: [1, 2] },
    { _key: "b", v: 2, g: "y", l: ["x"] },
    { _key: "d", v: null, g: "x" },
    { _key: "e", g: { x: 1 } },
  ];
  made.create("c", documents, 2, indexes);
  made.create("o", [{ _key: "a", v: 3 }]);
  made.create("e", [{ _key: "1", _from: "c/a", _to: "c/b" }, { _key: "2", _from: "c/b", _to: "c/d" }], 3);
  return made;
}

/** Queries about two parameters. */
const QUERIES = [
  "FOR d IN c FILTER d.v == @p SORT d._key RETURN [d._key, @q]",
  "FOR d IN c FILTER d._key == @p RETURN d",
  "FOR d IN c FILTER d.v >= @p AND d.v < @q SORT d._key RETURN d.v",
  "FOR d IN c FILTER d.g IN @p SORT d._key RETURN {[@q]: d.g}",
  "FOR d IN c FILTER d.v == @p OR d.v == @q SORT d._key RETURN d._key",
  "FOR x IN @p RETURN [x, @q]",
  "FOR d IN @@c FILTER d.v != @p SORT d.@q, d._key RETURN d.@q",
  "FOR d IN c SORT d._key LIMIT @p, @q RETURN d.v",
  "FOR d IN c FILTER @p SORT d._key RETURN @q ? d.v : d.g",
  "RETURN [@p + 1, CONCAT(@p, @q), @p == @q, [@p, @q][0], {a: @p}.a, LENGTH([@p])]",
  "FOR v IN 1..2 OUTBOUND @p e OPTIONS {order: @q} RETURN v._key",
  "FOR v IN @p..@q OUTBOUND 'c/a' e RETURN v._key",
  "LET x = @p FOR d IN c FILTER d.l[0] == x || d.g == @q SORT d._key COLLECT k = d.g WITH COUNT INTO n RETURN [k, n]",
  "RETURN LENGTH(FOR d IN c FILTER d.v < @p LIMIT 1 RETURN @q)",
  "FOR d IN c FILTER d.g LIKE @p OR d.l ANY == @q SORT d._key RETURN d._key",
  "RETURN [@p IN @q, @q[*], @p[0], @q.x]",
];
const value: fc.Arbitrary<AqlValue> = fc.constantFrom<AqlValue[]>(
  ...[null, true, 0, 1, 2, 3, "x", "a", "c/a", "v", "bfs", "", [], [1], ["x", "y"], [1, 2, 3], { x: 1 }, {}],
  9007199254740993n,
  -1,
  1.5,
  ["v"],
);

function outcome(text: string, p: AqlValue, q: AqlValue, cache?: PlanCache, options: QueryOptions = {}): string {
  const binds: Record<string, AqlValue> = {};
  if (/@p/.test(text)) binds.p = p;
  if (/@q/.test(text)) binds.q = q;
  if (/@@c/.test(text)) binds["@c"] = p === 1 ? "o" : "c";
  const { plans, ...rest } = { plans: cache && { cache, name: "test" } };
  try {
    using query = runQuery(DATA, text, binds, options, { ...rest, ...(plans ? { plans } : {}) });
    const results = jsonText(query.nextBatch(Infinity));
    return `${results} ${jsonText(query.extra().warnings as unknown as AqlValue)}`;
  } catch (error) {
    if (error instanceof ArangoError) return `${error.errorNum} ${error.message}`;
    throw error;
  }
}

const DATA = source();

Deno.test("a plan that is used again gives what a new one gives, whatever the values of the parameters", () => {
  const cache = new PlanCache();
  fc.assert(
    fc.property(fc.constantFrom(...QUERIES), value, value, fc.boolean(), (text, p, q, stream) => {
      equal(outcome(text, p, q, cache, { stream }), outcome(text, p, q), `${text} ${jsonText([p, q])}`);
    }),
    { numRuns: 5000 },
  );
});

/** Whether the last of some runs of a query had to plan it. */
function plans(
  text: string,
  runs: readonly Record<string, AqlValue>[],
  change?: (data: MemorySource) => void,
): boolean {
  const cache = new PlanCache();
  const data = source();
  let planned = false;
  runs.forEach((binds, i) => {
    if (i === runs.length - 1) change?.(data);
    using query = runQuery(data, text, binds, { profile: 1 }, { plans: { cache, name: "test" } });
    query.nextBatch(Infinity);
    planned = query.extra().profile!.parsing! > 0;
  });
  return planned;
}

Deno.test("plans are made once, unless they depend on what has changed", () => {
  const known = "FOR d IN c FILTER d.v == @p RETURN {v: d.v, p: @p}";
  equal(plans(known, [{ p: 1 }]), true);
  equal(plans(known, [{ p: 1 }, { p: 2 }]), false);
  equal(plans("FOR x IN @p INSERT {x, y: @q} INTO o", [{ p: [1], q: 1 }, { p: [2], q: 2 }]), false);
  equal(plans("FOR x IN @p RETURN x", [{ p: [1] }, { p: [1, 2] }]), true);
  const page = "FOR d IN c LIMIT @p RETURN d";
  equal(plans(page, [{ p: 1 }, { p: 2 }]), true);
  equal(plans(page, [{ p: 1 }, { p: 2 }, { p: 1 }]), false);
  equal(plans("RETURN DATE_NOW()", [{}, {}]), true);
  equal(plans("RETURN 1 / 0", [{}, {}]), true);
  const grow = (data: MemorySource): void => {
    const documents = Array.from({ length: 5000 }, (_, i) => ({ _key: `n${i}` }));
    data.create("c", documents);
  };
  equal(plans(known, [{ p: 1 }, { p: 2 }], grow), true);
});

Deno.test("a run that keeps no warnings takes none from the runs after it", () => {
  const environment = { plans: { cache: new PlanCache(), name: "test" } };
  for (const maxWarningCount of [1, 0, 1, 10]) {
    using query = runQuery(DATA, "RETURN 1 / 0", {}, { maxWarningCount }, environment);
    query.nextBatch(10);
    equal(query.extra().warnings.length, Math.min(maxWarningCount, 1));
  }
});

Deno.test("two runs of one query at the same time have a plan each", () => {
  const environment = { plans: { cache: new PlanCache(), name: "test" } };
  const text = "FOR d IN c FILTER d.v == @p RETURN @p";
  const runs = [1, 2, 1].map((p) => runQuery(DATA, text, { p }, { stream: true }, environment));
  deepEqual(runs.map((run) => run.nextBatch(10)), [[1], [2], [1]]);
  for (const run of runs) run[Symbol.dispose]();
});
