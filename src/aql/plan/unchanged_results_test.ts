/**
 * Plans give the same results whatever rules have made of them.
 *
 * @module
 */
import { equal } from "node:assert/strict";
import fc from "fast-check";
import { Engine } from "../../engine/engine.ts";
import { EngineSource } from "../engine_source.ts";
import { explainQuery, runQuery } from "../query.ts";
import { type AqlValue, jsonText } from "../values.ts";
import { RULE_NAMES } from "./optimizer.ts";
import { opened, outcome, VALUES } from "./testing.ts";

/** Queries whose results no rule may change. */
const QUERIES: readonly string[] = [
  "FOR d IN C FILTER d.v > 1 AND d.v <= 'a' RETURN d._key",
  "FOR d IN C FILTER d.v >= 'a' RETURN d.v",
  "FOR d IN C FILTER d.v < [] RETURN d.n",
  "FOR d IN C FILTER d.v IN [1, 'a', null, 9007199254740993] RETURN d.n",
  "FOR d IN C FILTER d.v == @undefined RETURN d.n".replace("@undefined", "{a: 1}"),
  "FOR d IN C FILTER d.v == 1 OR d.u == 7 OR d.n > 37 RETURN d.n",
  "FOR d IN C FILTER d.v == 1 OR d.u == 7 OR d.v == null RETURN [d.n, d.v]",
  "FOR d IN C FILTER NOT (d.v == 1 OR d.n > 30) RETURN d.n",
  "FOR d IN C FILTER d.g == 'x' FILTER d.v > 0 FILTER d.n < 30 RETURN {n: d.n}",
  "FOR d IN C FILTER 't1' IN d.tags AND 1 IN d.tags RETURN d.n",
  "FOR d IN C FILTER d.deep.er == 'a' || d.deep.er == 1 RETURN d.deep.own",
  "FOR d IN C FILTER d.s >= 9 RETURN d.s",
  "FOR d IN C FILTER d._key >= null AND d._key > 'k3' AND d._key < [] AND d._key <= 'k5' RETURN d._key",
  "FOR d IN C FILTER d._key >= 'k3' AND d._key > 'k3' AND d._key < false RETURN d._key",
  "FOR d IN C FILTER d._key LIKE 'k1%' OR d._key LIKE 'K%' OR d._key LIKE 'k_' RETURN d._key",
  "FOR d IN C FILTER d.v >= null AND d.v > 1 AND d.v < [] AND d.v <= 'a' RETURN d.n",
  "FOR d IN C LET x = d.v FILTER x == 2 LET y = x + 1 RETURN [x, y]",
  "FOR d IN C LET a = d.n * 2 LET b = d.n * 2 SORT a DESC, b LIMIT 3 RETURN [a, b]",
  "FOR d IN C SORT d.v, d.n RETURN [d.v, d.n]",
  "FOR d IN C SORT d.v DESC, d.n DESC LIMIT 2, 9 RETURN d.n",
  "FOR d IN C FILTER d.g == 'x' SORT d.g, d.v DESC, d.n RETURN d.n",
  "FOR d IN C SORT d.u LIMIT 5 RETURN KEEP(d, 'n', 'v')",
  "FOR d IN C FOR o IN p FILTER o.n == d.n + 1 RETURN [d.n, o.n]",
  "FOR o IN p FOR d IN C FILTER d._key == o._key FILTER o.n < 4 RETURN d.v",
  "FOR o IN p FOR d IN C FILTER d._id == CONCAT('c/', o._key) AND d.n < 4 RETURN d.v",
  "FOR o IN p FOR d IN C FILTER d.v == o.v RETURN [o.n, d.n]",
  "FOR d IN C COLLECT g = d.g WITH COUNT INTO n RETURN [g, n]",
  "FOR d IN C FILTER d.n < 9 FOR [k, v] IN ENTRIES(KEEP(d, 'v', 'g', 'deep')) FILTER k != 'g' RETURN [d.n, k, v]",
  "FOR d IN C FILTER d.n < 9 FOR [k, {er, own}] IN ENTRIES(KEEP(d, 'deep', 'v')) FILTER er > 0 RETURN [k, er, own]",
  "FOR d IN C FOR [k, l] IN ENTRIES({tags: d.tags, no: [d.n]}) FOR t IN l LET s = (RETURN [k, t]) RETURN s",
  "FOR d IN C FOR [k, v] IN ENTRIES(KEEP(d, 'v', 'n')) COLLECT name = k INTO g RETURN [name, LENGTH(g)]",
  "FOR d IN C COLLECT g = d.g AGGREGATE s = SUM(d.n), m = MAX(d.v) INTO members RETURN [g, s, m]",
  "FOR d IN C COLLECT g = d.g INTO members RETURN [g, SUM(members[*].d.n)]",
  "FOR d IN C COLLECT g = d.g INTO members = d.n RETURN [g, LENGTH(members)]",
  "FOR d IN C FILTER d.n < 5 COLLECT WITH COUNT INTO n RETURN n",
  "FOR d IN C RETURN DISTINCT d.g",
  "RETURN LENGTH(FOR d IN C FILTER d.n > 3 RETURN d)",
  "RETURN (FOR d IN C SORT d.n RETURN d.n)[2]",
  "LET s = (FOR d IN C SORT d.n RETURN d.n) FILTER s[2] == 2 RETURN [s[3], FIRST(s), s[77]]",
  "LET s = (FOR d IN C FILTER d.n > 3 RETURN d.n) FILTER LENGTH(s) > 2 RETURN COUNT(s)",
  "FOR o IN p LET l = o.tags FOR d IN C FILTER d.n NOT IN l AND d.v NOT IN o.v RETURN [o.n, d.n]",
  "FOR o IN p LET l = o.v FOR d IN C FILTER d.n IN l OR d.n NOT IN l RETURN [o.n, d.n]",
  "RETURN FIRST(FOR d IN C FILTER d.n == 3 RETURN d.v)",
  "FOR i IN (FOR d IN C FILTER d.n < 9 RETURN d.v) FILTER i != null RETURN i",
  "FOR i IN 1..3 LET s = (FOR d IN C FILTER d.n == i RETURN d.g) RETURN [i, s]",
  "FOR i IN 1..3 FOR x IN (FOR d IN C FILTER d.n <= i RETURN d.n) RETURN [i, x]",
  "FOR i IN 1..9 FILTER i > 3 OR i > 5 FILTER i == 4 OR i == 6 OR i == 2 RETURN i",
  "FOR i IN 1..3 LET c = 5 FILTER c == 5 LET d = c + 1 RETURN i + d",
  "FOR d IN C FILTER 1 == 2 RETURN d",
  "FOR d IN e FILTER d._from IN ['c/k1', 'c/k2', 5] RETURN d._to",
  "FOR d IN e FILTER d._to == 'c/k3' RETURN d._key",
  "FOR d IN C LET k = KEYS(d) FILTER LENGTH(k) > 3 RETURN k",
  "FOR d IN C WINDOW {preceding: 1} AGGREGATE s = SUM(d.n) RETURN s >= 0",
  "FOR d IN C FOR o IN C FOR x IN C FILTER o.n == d.n FILTER x._key == 'k3' AND x.n == o.n RETURN [d.n, o.n, x.n]",
  "FOR d IN C FOR o IN C FILTER o._key == 'k3' FILTER d.v == o.v RETURN [d.n, o.n]",
  "FOR d IN C RETURN [{a: d.n, b: {c: d.v}}.b.c, [d.n, d.v][-1], [d.n][3], {a: d.n}.b, {a: 1, a: d.n}.a]",
  "RETURN LENGTH(FOR d IN C RETURN d) + COUNT(FOR d IN C FILTER d.v > 0 RETURN 1)",
  "FOR i IN 0..3 RETURN LENGTH(FOR d IN C FILTER d.v >= i RETURN d)",
  "RETURN LENGTH(FOR d IN C FILTER d.v IN [1, 'a', [1], null] RETURN d)",
  "RETURN LENGTH(FOR d IN C FILTER d.v > 'a' RETURN d)",
  "RETURN LENGTH(FOR d IN C FILTER 't1' IN d.tags RETURN d)",
  "RETURN LENGTH(FOR d IN e FILTER d._from == 'c/k1' RETURN d)",
  "FOR i IN 0..2 FOR d IN C FILTER d.v == i COLLECT WITH COUNT INTO n RETURN n",
  "FOR d IN C FILTER d.v == 77 COLLECT WITH COUNT INTO n RETURN n",
  "FOR d IN C COLLECT AGGREGATE a = LENGTH(1), b = COUNT(1) RETURN [a, b]",
  "FOR d IN C FILTER d.v > 1 SORT d.v RETURN d.v",
  ...["5, 3", "39, 5", "40, 5", "77, 1", "0, 2"].flatMap((limit) => [
    `FOR d IN C SORT d.n LIMIT ${limit} RETURN d.n`,
    `FOR d IN C SORT d.v, d.n LIMIT ${limit} RETURN d.n`,
    `FOR i IN 1..3 FOR d IN C FILTER d.v == 1 SORT i, d.n LIMIT ${limit} RETURN [i, d.n]`,
    `RETURN LENGTH(FOR d IN C LIMIT ${limit} RETURN d)`,
    `RETURN LENGTH(FOR i IN 1..3 FOR d IN C LIMIT ${limit} RETURN d)`,
    `RETURN LENGTH(FOR d IN C FILTER d.v IN [1, 2, 'a', null] LIMIT ${limit} RETURN d)`,
  ]),
  "FOR d IN C FILTER d.g == 'x' AND d.v <= 2 RETURN [d.g, d.v]",
  "FOR d IN C FILTER d.g == 'x' AND d.v <= 'zz' SORT d.v DESC RETURN d.v",
  "FOR d IN C FOR o IN C FILTER d.n == 3 AND o.u == d.n AND d.n == o.n RETURN [d.n, o.n]",
  "FOR d IN C FOR o IN C FILTER o.v == d.v FILTER d.v == 1 RETURN [d.n, o.n]",
  "LET l = (FOR x IN C FILTER x.n > 20 RETURN x.n) FOR d IN C FILTER d.n IN l OR d.v NOT IN l RETURN d.n",
  "FOR i IN 1..3 LET l = (FOR x IN C FILTER x.n > i * 5 RETURN x.v) FOR d IN C FILTER d.v NOT IN l RETURN [i, d.n]",
  "LET l = [1, 2, 3, 'a', null, 5, 6, 7, 8, 9, 10, 11, 12, 13] FOR d IN C FILTER d.v IN l RETURN d.n",
  ...[
    "p.edges[0]._key == 'e1'",
    "p.edges[1].n == null",
    "p.vertices[0].n == 1",
    "p.vertices[1]._key != 'k3' AND p.edges[2]._key == null",
    "p.edges[*].n ALL == null AND p.vertices[*]._key NONE == 'k6'",
    "p.vertices[*].n ALL < 6",
    "p.edges[*]._to ANY == 'c/k3'",
    "p.edges[0]._key == p.edges[1]._key OR v.n > 2",
    "v.n > 2 AND e._key != 'e2'",
    "p.vertices[-1].n > 2 AND p.edges[-1]._from != null",
    "LENGTH(p.edges) == 2 FILTER p.edges[0]._key == 'e2'",
  ].flatMap((filter) => [
    `FOR v, e, p IN 0..3 ANY 'c/k1' e FILTER ${filter} RETURN [v._key, LENGTH(p.edges)]`,
    `FOR d IN p FOR v, e, p IN 2..3 OUTBOUND CONCAT('c', '/', d._key) e FILTER ${filter} RETURN [d._key, p.edges[*]._key]`,
    `FOR v, e, p IN 1..4 ANY 'c/k1' e OPTIONS {uniqueVertices: 'global', order: 'bfs'} FILTER ${filter} RETURN v._key`,
  ]),
  ...["K_PATHS", "K_SHORTEST_PATHS", "ALL_SHORTEST_PATHS"].flatMap((search) => [
    `FOR d IN p FOR r IN ANY ${search} 'c/k1' TO CONCAT('c', '/', d._key) e FILTER r.vertices[*].n ALL != d.n + 1 RETURN [d.n, r.edges[*]._to]`,
    `FOR d IN p FOR r IN ANY ${search} CONCAT('c', '/', d._key) TO 'c/k6' e FILTER r.edges[*]._key NONE == 'e2' RETURN d.n`,
  ]),
  ...["ALL", "NONE"].flatMap((quantifier) => [
    `FOR one IN [1, ['e1']] FOR v, e, p IN 0..2 ANY 'c/k1' e FILTER p.edges[*]._key ${quantifier} IN one RETURN [one, v._key]`,
    `FOR one IN [1, ['e1']] FOR r IN ANY K_PATHS 'c/k1' TO 'c/k6' e FILTER r.edges[*]._key ${quantifier} NOT IN one RETURN [one, r]`,
  ]),
  "FOR d IN p FOR v, e IN ANY SHORTEST_PATH 'c/k1' TO CONCAT('c', '/', d._key) e RETURN [d.n, v.n]",
  "FOR v, e, p IN 1..2 ANY 'c/k1' e PRUNE v.n == 3 FILTER p.edges[0]._key != 'e0' RETURN [v._key, e._key]",
];

Deno.test("no rule changes the results of queries, with and without indexes", () => {
  using engine = Engine.open({ directory: ":memory:" });
  const source = opened(engine);
  for (const query of QUERIES) {
    const expected = outcome(source, query.replace(/\bC\b/g, "p").replace("'c/'", "'p/'"), {
      optimizer: { rules: ["-all"] },
    });
    const text = query.replace(/\bC\b/g, "c");
    const plans = new Set<string>();
    for (const rules of [[], ["-all"], ...RULE_NAMES.flatMap((name) => [[`-${name}`], ["-all", name]])]) {
      const options = { optimizer: { rules } };
      const plan = jsonText(explainQuery(source, text, {}, options).plan!.nodes!);
      // most rules have nothing to do for most queries
      if (plans.has(plan)) continue;
      plans.add(plan);
      equal(outcome(source, text, options), expected, `${text} with ${rules}`);
    }
  }
});

Deno.test("a SORT that keeps few rows of many keeps the right ones, whatever their values are", () => {
  using engine = Engine.open({ directory: ":memory:" });
  const collection = engine.database("_system").createCollection({ name: "c" });
  const source = new EngineSource(engine.database("_system"));
  engine.write([collection], () => {
    for (let i = 0; i < 7000; i++) {
      const v = i % 5 === 0 ? VALUES[(i / 5) % VALUES.length]! : Math.sin(i * 7919) * (i % 3 === 0 ? 10 : 1e6);
      collection.insert(jsonText({ _key: `k${i}`, n: i, v, w: Math.floor(Math.abs(Math.sin(i)) * 50), s: `s${v}` }));
    }
  });
  for (const order of ["d.v", "d.v DESC", "d.w, d.v", "d.w DESC, d.n DESC", "d.s", "d.missing, d.n", "d.n DESC"]) {
    for (const [limit, result] of [["1", "d"], ["2, 30", "d.n"], ["1200", "[d.v, d.w]"]]) {
      const text = `FOR d IN c SORT ${order} LIMIT ${limit} RETURN ${result}`;
      equal(outcome(source, text), outcome(source, text, { optimizer: { rules: ["-all"] } }), text);
      equal(runQuery(source, text).extra().stats.scannedFull, 7000);
    }
  }
});

Deno.test("keys that look like numbers are texts, which come after all numbers", () => {
  using engine = Engine.open({ directory: ":memory:" });
  const collection = engine.database("_system").createCollection({ name: "c" });
  const source = new EngineSource(engine.database("_system"));
  for (const key of ["0", "10", "9"]) collection.insert(jsonText({ _key: key }));
  for (const number of ["-1", "1e-7", "5", "9"]) {
    for (
      const [operator, isFulfilled] of Object.entries({ ">": true, ">=": true, "!=": true, "<": false, "==": false })
    ) {
      const text = `FOR d IN c FILTER d._key ${operator} ${number} OR d.x == 1 RETURN d._key`;
      equal(outcome(source, text), isFulfilled ? '["0","10","9"]' : "[]", text);
    }
  }
});

const value = fc.oneof(
  fc.constantFrom<AqlValue>(...VALUES, "a\u0000b", "\"'\\", "😀", -0, 4.35, 0.1, 123456789012345680, 5e-324),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ unit: "grapheme", maxLength: 3 }),
);
const attribute = fc.constantFrom("d.a", "d.b", "d.o.x", 'd.`odd "name"`', "d._key", "d.a.b");
const comparison = fc.tuple(attribute, fc.constantFrom("==", "!=", "<", "<=", ">", ">=", "IN"), value, value).map(
  ([path, operator, first, second]) =>
    `${path} ${operator} ${operator === "IN" ? jsonText([first, second]) : jsonText(first)}`,
);
const condition = fc.tuple(
  comparison,
  comparison,
  comparison,
  fc.constantFrom("AND", "OR"),
  fc.constantFrom("AND", "OR"),
)
  .map(([a, b, c, first, second]) => `(${a} ${first} ${b}) ${second} ${c}`);

Deno.test("what SQLite tests and takes out of documents is what AQL would", () => {
  using engine = Engine.open({ directory: ":memory:" });
  const database = engine.database("_system");
  const collection = database.createCollection({ name: "docs" });
  const source = new EngineSource(database);
  let key = 0;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(value, value, value, fc.boolean()), { minLength: 1, maxLength: 12 }),
      fc.array(condition, { minLength: 1, maxLength: 4 }),
      (rows, conditions) => {
        collection.truncate();
        for (const [a, b, x, whole] of rows) {
          collection.insert(jsonText({ _key: String(key++), ...(whole ? { a, 'odd "name"': x } : {}), b, o: { x } }));
        }
        for (const one of conditions) {
          for (const result of ["d", "[d._key, d.a]", '[d._id, d.o.x, d.`odd "name"`]']) {
            const text = `FOR d IN docs FILTER ${one} RETURN ${result}`;
            equal(outcome(source, text), outcome(source, text, { optimizer: { rules: ["-all"] } }), text);
          }
        }
      },
    ),
    { numRuns: 60 },
  );
});
