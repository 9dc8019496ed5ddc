import { deepEqual } from "node:assert/strict";
import fc from "fast-check";
import type { Query } from "./ast.ts";
import { parse } from "./parser.ts";
import { print } from "./printer.ts";
import { BINARY_OPERATORS } from "./random_query.ts";

/** Every construct of the language. */
const KITCHEN_SINK = `
WITH a, @@b, "c d"
FOR x IN coll OPTIONS { indexHint: ["i", 'j'], forceIndexHint: true, @opt: 1 }
  FOR [k, , { m, "n": o }] IN ENTRIES(x) // a comment
  FOR v IN view SEARCH ANALYZER(v.text == "a\\n\\u00e4'", "text_en") AND v.n IN [1, 2] OPTIONS { waitForSync: true }
  FOR v1, e1, p1 IN 1..@depth OUTBOUND 'v/1' GRAPH "g" PRUNE stop = v1.x > 1 OPTIONS { order: "bfs" }
  FOR v2 IN ANY x e2, INBOUND @@e3, OUTBOUND "e 4" PRUNE v2.y
  FOR v3, e3 IN INBOUND SHORTEST_PATH a TO b GRAPH @g OPTIONS { weightAttribute: "w" }
  FOR p4 IN OUTBOUND K_SHORTEST_PATHS a TO b GRAPH g FOR p5 IN ANY ALL_SHORTEST_PATHS a TO b e
  FOR p6 IN 2 OUTBOUND K_PATHS a TO b e
  LET y = -x.a[0].@attr["b"] * +2 % 3 / 4 - 0x1f + .5e-3, [z] = [1, ...x, 2,], { w } = { ...x, w, "q r": 1, [y]: 2, @k: 3, all: 4 }
  FILTER NOT (x == 1 OR y != null && true) || !false
  FILTER x ALL IN y AND x ANY == 1 AND x NONE < 2 AND x AT LEAST (2) NOT IN z AND x ANY LIKE "a%"
  FILTER x LIKE "a%" AND x NOT LIKE "b" AND x =~ "c" AND x !~ "d" AND x NOT =~ "e" AND x NOT IN [1] AND x ! IN [2]
  LET t = (x ? y : z) ? : (FOR i IN 1..3 RETURN i), u = FIRST(FOR i IN c LIMIT 1 RETURN i), q = NS::F(1), l = LIKE(a, "b", true)
  LET ex = x.a[*].b[** FILTER CURRENT > 1 LIMIT 1, 2 RETURN CURRENT.c].d, par = (x[*].a)[0]
  LET qu = [x[?], x[? FILTER CURRENT], x[? 2 FILTER CURRENT], x[? 1..2 FILTER CURRENT], x[?? AT LEAST (1) FILTER CURRENT], x[? NONE FILTER CURRENT]]
  SORT x.a, x.b DESC, x.c ASC, x.d @dir, x.e "desc"
  LIMIT 5, @count
  COLLECT g = x.g, h = y AGGREGATE s = SUM(x.v), n = LENGTH() INTO grp = x.z OPTIONS { method: "sorted" }
  COLLECT g2 = g INTO grp2 KEEP s, n
  COLLECT g3 = g2 WITH COUNT INTO cnt
  COLLECT WITH COUNT INTO cnt2
  COLLECT AGGREGATE mx = MAX(cnt2)
  WINDOW { preceding: 1, following: "unbounded" } AGGREGATE wa = AVG(mx), wb = SUM(mx)
  WINDOW mx WITH { preceding: "PT1H" } AGGREGATE wc = SUM(mx)
  INSERT { a: 1 IN [1] } INTO c1 OPTIONS { overwriteMode: "update" }
  UPDATE x IN c2
  UPDATE x WITH { a: NEW.a } IN c3 OPTIONS { keepNull: false }
  REPLACE { _key: "k" } IN c4
  REPLACE "k" WITH OLD IN @@c5
  REMOVE (x IN [1]) IN c6
  UPSERT { a: x } INSERT { b: 1 } UPDATE { c: OLD.c } IN c7
  UPSERT @example INSERT {} REPLACE {} INTO c8 OPTIONS { ignoreErrors: true }
  UPSERT FILTER CURRENT.a > 1 INSERT {} UPDATE {} IN c9
  RETURN DISTINCT { x: \`for\`, y: ´tick\\´´, z: [9007199254740993, 1.5, "", null, TRUE], r: 1 .. 2 }
`;

/** A tree without its places. */
function shape(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(shape);
  if (node === null || typeof node !== "object") return node;
  return Object.fromEntries(
    Object.entries(node).filter(([name]) => name !== "at" && name !== "text").map((
      [name, value],
    ) => [name, shape(value)]),
  );
}

function survives(query: Query): void {
  deepEqual(shape(parse(print(query))), shape(query));
}

Deno.test("the kitchen sink goes through parse, print and parse unchanged", () => {
  survives(parse(KITCHEN_SINK));
});

const { expression } = fc.letrec<{ expression: string }>((tie) => {
  const inner = tie("expression");
  const name = fc.constantFrom("a", "b.c", "`x y`", "CURRENT");
  const literal = fc.oneof(
    fc.constantFrom("null", "true", "1", "0", "1.5", "'s'", '"\\u0041"', "9007199254740993", "0b11", "@p", "[]", "{}"),
    name,
  );
  const binary = fc.constantFrom(...BINARY_OPERATORS, "..", "||");
  return {
    expression: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      literal,
      fc.tuple(inner, binary, inner).map(([a, op, b]) => `(${a}) ${op} (${b})`),
      fc.tuple(literal, binary, literal, binary, literal).map((parts) => parts.join(" ")).filter((text) =>
        !/\.\..*\.\./.test(text)
      ),
      fc.tuple(fc.constantFrom("-", "+", "NOT ", "! "), inner).map(([op, a]) => `${op}(${a})`),
      fc.tuple(inner, inner, inner).map(([a, b, c]) => `(${a}) ? (${b}) : (${c})`),
      fc.tuple(inner, inner).map(([a, b]) => `(${a}) ? : (${b})`),
      fc.array(inner, { maxLength: 3 }).map((items) => `[${items.join(", ")}]`),
      fc.array(fc.tuple(fc.constantFrom("k", "'q'", "[1]", "all"), inner), { maxLength: 3 }).map((members) =>
        `{${members.map(([key, value]) => `${key}: ${value}`).join(", ")}}`
      ),
      fc.tuple(name, inner).map(([a, b]) => `${a}[${b}]`),
      fc.tuple(name, inner, inner).map(([a, b, c]) => `${a}[* FILTER ${b} RETURN ${c}].z`),
      fc.tuple(name, inner).map(([a, b]) => `${a}[? FILTER ${b}]`),
      fc.array(inner, { maxLength: 3 }).map((args) => `F(${args.join(", ")})`),
      fc.tuple(inner, inner).map(([a, b]) => `(FOR i IN ${a} FILTER ${b} RETURN i)`),
    ),
  };
});

Deno.test("whatever expression parses, prints and parses to the same tree", () => {
  fc.assert(fc.property(expression, (text) => survives(parse(`RETURN ${text}`))), { numRuns: 2000 });
});
