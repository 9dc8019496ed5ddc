/**
 * Operators that are used again: nothing of a run is left for the next one, whatever became of it.
 *
 * @module
 */
import { deepEqual, equal, throws } from "node:assert/strict";
import fc from "fast-check";
import { ArangoError } from "../../base/arango_error.ts";
import { MemorySource } from "../memory_source.ts";
import { PlanCache } from "../plan_cache.ts";
import { type Query, runQuery } from "../query.ts";
import { type AqlValue, jsonText } from "../values.ts";

function source(): MemorySource {
  const made = new MemorySource();
  const index = { type: "persistent", unique: false, sparse: false };
  const indexes = [{ ...index, id: "7", name: "v", fields: ["v"] }, { ...index, id: "8", name: "k", fields: ["k"] }];
  const documents = [{ _key: "a", v: 1, k: "b" }, { _key: "b", v: 2, k: "b" }, { _key: "d", v: 0, k: "b" }];
  made.create("c", documents, 2, indexes);
  made.create("o", [{ _key: "a", v: 3, k: "b" }, { _key: "b", v: 1, k: "b" }], 2, indexes);
  made.create("e", [{ _key: "1", _from: "c/a", _to: "c/b" }, { _key: "2", _from: "c/b", _to: "c/d" }], 3);
  return made;
}

/** Queries with one parameter; each kind of operator, and what keeps something for longer than a row. */
const READS = [
  "FOR d IN c FILTER d.v == @p RETURN [d._key, (FOR x IN o SORT x.v RETURN x.v)]",
  "FOR d IN c SORT d._key RETURN (FOR x IN o FILTER x.v >= @p RETURN [x.v, LENGTH(FOR y IN c RETURN y)])",
  "FOR d IN c SORT d._key RETURN [@p, (FOR x IN o FILTER x._key == d._key RETURN x.v)]",
  "FOR v, e, p IN 0..2 OUTBOUND 'c/a' e RETURN [v.v, LENGTH(p.edges), @p]",
  "FOR d IN c SORT d._key FOR v IN 1..1 ANY d e RETURN [d._key, v.v, @p]",
  "FOR v IN OUTBOUND SHORTEST_PATH 'c/a' TO 'c/d' e RETURN [v.v, @p]",
  "FOR d IN c FOR x IN o FILTER x.v == d.v SORT d._key, x._key RETURN [d.v, x.v, @p]",
  "FOR d IN c SORT d.k FOR x IN o FILTER x.k == d.k RETURN [x.v, @p]",
  "FOR d IN c SORT d.v DESC, d._key LIMIT 2 RETURN [d.v, @p]",
  "FOR d IN c COLLECT v = d.v INTO members KEEP d SORT v RETURN [v, members[*].d._key, @p]",
  "FOR d IN c COLLECT AGGREGATE s = SUM(d.v), n = LENGTH() RETURN [s, n, @p]",
  "FOR d IN c FILTER d.v != @p RETURN DISTINCT d.v",
  "FOR d IN c SORT d._key RETURN d.v IN [@p, 2, 3, 4, 5, 6, 7, 8, 9]",
  "FOR d IN c SORT d._key RETURN [1 / d.v, @p]",
  "FOR d IN c SORT d._key FILTER d.v != @p || FAIL('no') RETURN d.v",
  "FOR d IN c SORT d._key WINDOW {preceding: 1} AGGREGATE s = SUM(d.v) RETURN [s, @p]",
  "FOR d IN c SORT d._key LIMIT 1, 5 RETURN [DOCUMENT(CONCAT('o/', d._key)).v, @p]",
  "FOR i IN 1..5 FILTER i > @p LIMIT 2 RETURN i",
];
const WRITES = [
  "FOR d IN c FILTER d._key == 'a' UPDATE d WITH {v: @p} IN c RETURN [OLD.v, NEW.v]",
  "UPSERT {_key: 'b'} INSERT {_key: 'b', v: @p} UPDATE {v: @p} IN o RETURN NEW.v",
  "FOR i IN 1..2 INSERT {_key: i == 2 ? FAIL('no') : CONCAT('n', @p), v: @p} INTO o OPTIONS {overwriteMode: 'replace'}",
  "FOR d IN o FILTER d.v == @p REMOVE d IN o RETURN OLD._key",
  "INSERT {_from: 'c/a', _to: @p ? 'c/d' : 'c/a'} INTO e",
];

/** A database, its queries that are still being read, and the plans that were kept; undefined for none. */
class Contestant {
  readonly #data = source();
  readonly #open: Query[] = [];
  readonly #cache: PlanCache | undefined;

  constructor(cache: PlanCache | undefined) {
    this.#cache = cache;
  }

  #told(body: () => AqlValue): string {
    try {
      return jsonText(body());
    } catch (error) {
      if (error instanceof ArangoError) return `${error.errorNum} ${error.message}`;
      throw error;
    }
  }

  #extra(query: Query): AqlValue {
    const { warnings, stats: { executionTime: _, ...stats } } = query.extra();
    return JSON.parse(JSON.stringify({ warnings, stats }));
  }

  run(text: string, p: AqlValue, stream: boolean): string {
    return this.#told(() => {
      const options = { stream, failOnWarning: p === 2 };
      const plans = this.#cache && { cache: this.#cache, name: "test" };
      const query = runQuery(this.#data, text, { p }, options, plans ? { plans } : {});
      this.#open.push(query);
      return stream ? null : this.#extra(query);
    });
  }

  read(which: number, count: number): string {
    const one = this.#open[which % Math.max(1, this.#open.length)];
    return one ? this.#told(() => one.nextBatch(count)) : "";
  }

  close(which: number, kill: boolean): string {
    const [one] = this.#open.splice(which % Math.max(1, this.#open.length), 1);
    if (!one) return "";
    if (kill) one.kill();
    const rest = this.#told(() => kill ? one.nextBatch(1) : null);
    one[Symbol.dispose]();
    return `${rest} ${jsonText(this.#extra(one))}`;
  }
}

const step = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.constant("run"), fc.constantFrom(...READS), fc.nat(3), fc.boolean()) },
  { weight: 2, arbitrary: fc.tuple(fc.constant("run"), fc.constantFrom(...WRITES), fc.nat(3), fc.constant(false)) },
  { weight: 4, arbitrary: fc.tuple(fc.constant("read"), fc.nat(9), fc.constantFrom(1, 2, 1000), fc.constant(false)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant("close"), fc.nat(9), fc.constant(0), fc.boolean()) },
);

function take(contestant: Contestant, [kind, what, value, flag]: [string, string | number, number, boolean]): string {
  if (kind === "run") return contestant.run(what as string, value, flag);
  return kind === "read" ? contestant.read(what as number, value) : contestant.close(what as number, flag);
}

Deno.test("queries with kept operators do what queries with new ones do: side by side, after failures, when data change", () => {
  // few queries, so that they come again and again
  const few = fc.tuple(fc.subarray([...READS], { minLength: 1, maxLength: 3 }), fc.array(step, { maxLength: 40 }));
  fc.assert(
    fc.property(few, ([reads, steps]) => {
      const [kept, fresh] = [new Contestant(new PlanCache()), new Contestant(undefined)];
      for (const [kind, what, value, flag] of steps) {
        const isRead = kind === "run" && READS.includes(what as string);
        const text = isRead ? reads[READS.indexOf(what as string) % reads.length]! : what;
        const one: [string, string | number, number, boolean] = [kind, text, value, flag];
        equal(take(kept, one), take(fresh, one), jsonText(one));
      }
    }),
    { numRuns: 1000 },
  );
});

Deno.test("what a query has told stays as it was when another one uses its plan", () => {
  const environment = { plans: { cache: new PlanCache(), name: "test" } };
  const data = source();
  const text = "FOR d IN c SORT d._key FILTER d.v >= @p RETURN 1 / d.v";
  const first = runQuery(data, text, { p: 0 }, {}, environment);
  const told = structuredClone(first.extra());
  deepEqual([told.warnings.length, told.stats.scannedIndex], [1, 3]);
  const second = runQuery(data, text, { p: 2 }, {}, environment);
  deepEqual([second.extra().warnings, second.extra().stats.scannedIndex], [[], 1]);
  deepEqual(first.extra(), told);
});

Deno.test("to kill a query that has ended ends no other", () => {
  const environment = { plans: { cache: new PlanCache(), name: "test" } };
  const data = source();
  const text = "FOR d IN c RETURN d._key";
  const first = runQuery(data, text, {}, { stream: true }, environment);
  equal(first.nextBatch(10).length, 3);
  const second = runQuery(data, text, {}, { stream: true }, environment);
  equal(first.done, true);
  const third = runQuery(data, text, {}, { stream: true }, environment);
  first.kill();
  deepEqual(second.nextBatch(10), ["a", "b", "d"]);
  second.kill();
  deepEqual(third.nextBatch(1), ["a"]);
  third.kill();
  throws(() => third.nextBatch(1), /query killed/);
});

Deno.test("a query that asks for an analyzer while it runs keeps its plan", () => {
  const environment = { plans: { cache: new PlanCache(), name: "test" }, tokenizer: () => (text: string) => [text] };
  const data = source();
  const parsed = [1, 2, 3].map(() => {
    const query = runQuery(data, "FOR d IN c SORT d._key RETURN TOKENS(d.k, 'mine')", {}, { profile: 1 }, environment);
    deepEqual(query.nextBatch(9), [["b"], ["b"], ["b"]]);
    return query.extra().profile!.parsing! > 0;
  });
  deepEqual(parsed, [true, false, false]);
});
