/**
 * Joins of sorted indexes: the manual's example, what qualifies, and that results stay the same.
 *
 * @module
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { Engine } from "../../engine/engine.ts";
import { EngineSource } from "../engine_source.ts";
import { explainQuery, type QueryOptions, runQuery } from "../query.ts";
import { compareValues } from "../value_order.ts";
import { type AqlObject, type AqlValue, jsonText } from "../values.ts";

const VALUES: readonly AqlValue[] = [null, 1, 2, 2, 3, 3, 3, "a", "a", "b", [1], true];

/** `orders` and `bills` with an index on `user` that has `total` too, `users`, and `c1` to `c4` with indexes on `x`, and on `y` and `z`. */
function opened(engine: Engine): EngineSource {
  const database = engine.database("_system");
  const create = (name: string, ...indexes: object[]) => {
    const collection = database.createCollection({ name });
    for (const index of indexes) collection.ensureIndex({ type: "persistent", ...index } as never);
    return collection;
  };
  const orders = create("orders", { fields: ["user"], storedValues: ["total"] });
  const users = create("users");
  const bills = create("bills", { fields: ["user"], storedValues: ["total"] });
  const others = ["c1", "c2", "c3", "c4"].map((name) => create(name, { fields: ["x"] }, { fields: ["y", "z"] }));
  const sparse = create("sparse", { fields: ["x"], sparse: true });
  engine.write([orders, users, bills, sparse, ...others], () => {
    for (let i = 0; i < 2000; i++) bills.insert(jsonText({ user: `u${i % 60}`, total: i }));
    for (let i = 0; i < 60; i++) {
      users.insert(jsonText({ _key: `u${i}`, name: `n${i}` }));
      if (i < 20) orders.insert(jsonText({ user: `u${i % 7}`, total: i }));
      sparse.insert(jsonText({ x: i % 5 }));
    }
    others.forEach((one, c) => {
      for (let i = 0; i < VALUES.length; i++) {
        const [x, y] = [VALUES[(i + c) % VALUES.length]!, VALUES[(i * 5 + c) % VALUES.length]!];
        one.insert(jsonText({ n: i, x, y, z: i % 3 }));
      }
    });
  });
  return new EngineSource(database);
}

function planOf(source: EngineSource, query: string): { nodes: AqlObject[]; rules: string[] } {
  return explainQuery(source, query).plan as unknown as { nodes: AqlObject[]; rules: string[] };
}

Deno.test("orders and their users are joined by indexes as the manual shows it", () => {
  using engine = Engine.open({ directory: ":memory:" });
  const source = opened(engine);
  const query = "FOR o IN orders FOR u IN users FILTER o.user == u._key RETURN { orderTotal: o.total, user: u }";
  const { nodes, rules } = planOf(source, query);
  deepEqual(nodes.map(({ type }) => type), ["SingletonNode", "JoinNode", "CalculationNode", "ReturnNode"]);
  ok(rules.includes("join-index-nodes"));
  const [outer, inner] = nodes[1]!.indexInfos as [AqlObject, AqlObject];
  deepEqual([outer.collection, inner.collection], ["orders", "users"]);
  deepEqual((outer.projections as AqlObject[]).map(({ path }) => path), [["total"]]);
  equal(outer.indexCoversProjections, true);
  deepEqual(outer.condition, {});
  deepEqual([(outer.index as AqlObject).type, (inner.index as AqlObject).type], ["persistent", "primary"]);
  equal((runQuery(source, query).nextBatch(Infinity) as AqlObject[]).length, 20);
});

Deno.test("the profile of joined loops has the rows that come out of the last of them", () => {
  using engine = Engine.open({ directory: ":memory:" });
  const query = "FOR o IN orders FOR u IN users FILTER o.user == u._key FILTER u.name == 'n1' RETURN o.total";
  const run = runQuery(opened(engine), query, {}, { profile: 2 });
  const rows = run.nextBatch(Infinity).length;
  const { stats, plan } = run.extra() as unknown as { stats: { nodes: AqlObject[] }; plan: { nodes: AqlObject[] } };
  const { id } = plan.nodes.find(({ type }) => type === "JoinNode")!;
  equal(rows, 3);
  equal(stats.nodes.find((one) => one.id === id)!.items, rows);
});

/** How many loops of a query are joined. */
const JOINS: readonly (readonly [query: string, joined: number])[] = [
  ["FOR a IN c1 FOR b IN c2 FILTER a.x == b.x RETURN [a.x, b.n]", 2],
  // also where many documents of the first have the same attribute
  ["FOR a IN bills FOR b IN users FILTER a.user == b._key RETURN {orderTotal: a.total, user: b}", 2],
  ["FOR a IN c1 FOR b IN c2 FOR c IN c3 FILTER a.x == b.x FILTER b.x == c.x RETURN [a.x, b.n, c.n]", 3],
  ["FOR a IN c1 FOR b IN c2 FILTER a.y == b.x SORT a.z RETURN [a.y, a.z, b]", 2],
  // the first loop's index does not tell `n`, or does not have all documents; there is no index
  ["FOR a IN c1 FOR b IN c2 FILTER a.x == b.x RETURN [a.n, b.n]", 0],
  // the second loop needs what stands between
  ["FOR a IN c1 LET t = a.x FOR b IN c2 FILTER a.x == b.x FILTER b.n > t RETURN [a.x, b.n]", 0],
  ["FOR a IN c1 LET t = a.x FOR b IN c2 FILTER a.x == b.x RETURN [t, b.n]", 2],
  ["FOR a IN sparse FOR b IN c2 FILTER a.x == b.x RETURN [a.x, b.n]", 0],
  ["FOR a IN c1 FOR b IN c2 OPTIONS {disableIndex: true} FILTER a.x == b.n RETURN [a.x, b.n]", 0],
];

for (const [query, joined] of JOINS) {
  Deno.test(`${joined === 0 ? "no" : joined} loops are joined in ${query}`, () => {
    using engine = Engine.open({ directory: ":memory:" });
    const join = planOf(opened(engine), query).nodes.find(({ type }) => type === "JoinNode");
    equal(((join?.indexInfos ?? []) as AqlObject[]).length, joined);
  });
}

const attribute = fc.constantFrom("x", "y");
const join = fc.tuple(attribute, attribute, fc.constantFrom("a.x", "a.y", "b.x", "b.y"), attribute)
  .map(([first, second, other, third]) => `FILTER a.${first} == b.${second} FILTER ${other} == c.${third}`);
const extra = fc.constantFrom(
  "",
  "",
  "FILTER a.z > 0",
  "FILTER b.n % 2 == 0",
  "FILTER b.z IN [0, 2]",
  "LET t = a.x",
  "LET t = a.x FILTER b.n > t",
);
const order = fc.constantFrom("", "SORT a.x", "SORT b.z, b.n LIMIT 4, 7");
const result = fc.constantFrom("[a.x, b.n, c.n]", "[a.y, b, c.x]", "[a, b, c]", "{a: a.x, c}", "1");

Deno.test("joining loops by indexes changes no results", () => {
  using engine = Engine.open({ directory: ":memory:" });
  const source = opened(engine);
  const check = (text: string): void => {
    const outcome = (options: QueryOptions): string =>
      jsonText(runQuery(source, text, {}, options).nextBatch(Infinity).sort(compareValues));
    const expected = outcome({ optimizer: { rules: ["-all"] } });
    equal(outcome({}), expected, text);
    equal(outcome({ profile: 2 }), expected, text);
  };
  for (const [query] of JOINS) check(query);
  fc.assert(
    fc.property(join, extra, order, result, (joined, more, sort, value) => {
      const cut = sort.includes("LIMIT") ? "SORT b.z, b.n, a.n, c.n LIMIT 4, 7" : sort;
      check(`FOR a IN c1 FOR b IN c2 FOR c IN c3 ${joined} ${more} ${cut} RETURN ${value}`);
    }),
    { numRuns: 40 },
  );
});
