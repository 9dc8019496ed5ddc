/**
 * Random queries about one collection, which are compared with themselves: by indexes or without, in batches or at once.
 *
 * @module
 */
import fc from "fast-check";
import { conditionOn, literal, path, point } from "./compared_conditions.ts";
import { lat, lon } from "./compared_documents.ts";

/** A query about the collection `docs`. */
export interface ComparedQuery {
  readonly text: string;
  /** Whether the order of its results is certain. */
  readonly ordered: boolean;
}

const condition = conditionOn("d", literal);
const joining = conditionOn(
  "d",
  fc.oneof({ arbitrary: path.map((one) => `o.${one}`), weight: 3 }, literal, path.map((one) => `TO_STRING(o.${one})`)),
);
const filters = fc.array(condition, { maxLength: 2 }).map((all) => all.map((one) => ` FILTER ${one}`).join(""));

const result = fc.oneof(
  fc.constantFrom(
    ...["d", "d._key", "d.n", "d.m", "d.n.y", "{x: d.n, k: d._key}", "KEEP(d, 'a', 'n')", "[d.m[*].x, d.l]", "1"],
    ...["d.a == d.b", "LENGTH(d.l)", "[d.a, d.b, d.n.x, d.p, d.q, d.r]", "NOT_NULL(d.a, d.b)", "MERGE(d, {a: 1})"],
  ),
  fc.uniqueArray(path, { minLength: 1, maxLength: 3 }).map((all) => `[${all.map((one) => `d.${one}`)}]`),
);

/** What to sort by, to the end that the order is certain. */
const order = fc.array(
  fc.tuple(
    fc.constantFrom("a", "b", "n.x", "p", "q", "r", "l", "_key", "n", "m[*].x"),
    fc.constantFrom("", " DESC"),
  ),
  { maxLength: 3 },
).map((all) => [...all.map(([one, direction]) => `d.${one}${direction}`), "d._key"].join(", "));
const nearness = fc.oneof(
  point.map((at) => `GEO_DISTANCE(${at}, d.g)`),
  fc.tuple(lat, lon).map(([x, y]) => `DISTANCE(d.la, d.lo, ${x}, ${y})`),
  point.map((at) => `GEO_DISTANCE(d.g, ${at}) DESC`),
).map((distance) => `${distance}, d._key`);
const limit = fc.option(fc.tuple(fc.nat(3), fc.nat(8)), { nil: undefined }).map((one) => one ? ` LIMIT ${one}` : "");
const options = fc.constantFrom("", "", "", " OPTIONS {maxProjections: 1}", " OPTIONS {useCache: false}");

const group = fc.constantFrom("a", "b", "n.x", "p", "_key", "r", "n", "l");
const aggregate = fc.constantFrom(
  ...["COUNT()", "MAX(d.q)", "MIN(d.a)", "SUM(d.p)", "SORTED_UNIQUE(d.b)", "COUNT_DISTINCT(d.n.x)", "MIN(d._key)"],
);
const grouping = fc.constantFrom(
  ...["", " SORT g DESC", " OPTIONS {method: 'sorted'}", " OPTIONS {method: 'hash'}", " OPTIONS {disableIndex: true}"],
);

const unordered = (text: string): ComparedQuery => ({ text, ordered: false });
const ordered = (text: string): ComparedQuery => ({ text, ordered: true });

/** Queries of one loop. */
const single: fc.Arbitrary<ComparedQuery>[] = [
  fc.tuple(options, filters, result).map(([how, f, r]) => unordered(`FOR d IN docs${how}${f} RETURN ${r}`)),
  fc.tuple(options, filters, fc.oneof(order, order, nearness), limit, result)
    .map(([how, f, by, n, r]) => ordered(`FOR d IN docs${how}${f} SORT ${by}${n} RETURN ${r}`)),
  fc.tuple(filters, order, limit, condition, result)
    .map(([f, by, n, later, r]) => ordered(`FOR d IN docs${f} SORT ${by}${n} FILTER ${later} RETURN ${r}`)),
  fc.tuple(path, fc.array(literal, { maxLength: 4 }), order, fc.nat(5), result)
    .map(([at, all, by, n, r]) =>
      ordered(`FOR d IN docs FILTER d.${at} IN [${all}] SORT ${by} LIMIT ${n} RETURN ${r}`)
    ),
  fc.tuple(filters, group, aggregate, aggregate, grouping).map(([f, by, x, y, how]) =>
    ordered(`FOR d IN docs${f} COLLECT g = d.${by} AGGREGATE x = ${x}, y = ${y}${how} RETURN [g, x, y]`)
  ),
  fc.tuple(filters, group, group)
    .map(([f, a, b]) => ordered(`FOR d IN docs${f} COLLECT g = d.${a}, h = d.${b} WITH COUNT INTO n RETURN [g, h, n]`)),
  fc.tuple(filters, group)
    .map(([f, by]) =>
      ordered(`FOR d IN docs${f} COLLECT g = d.${by} INTO h RETURN [g, SORTED(h[*].d._key), LENGTH(h)]`)
    ),
  fc.tuple(filters, group).map(([f, by]) => ordered(`FOR d IN docs${f} COLLECT g = d.${by} RETURN g`)),
  fc.tuple(filters, aggregate, aggregate)
    .map(([f, x, y]) => ordered(`FOR d IN docs${f} COLLECT AGGREGATE x = ${x}, y = ${y} RETURN [x, y]`)),
  fc.tuple(filters, group).map(([f, by]) => unordered(`FOR d IN docs${f} RETURN DISTINCT d.${by}`)),
  condition.map((one) => ordered(`RETURN LENGTH(FOR d IN docs FILTER ${one} RETURN 1)`)),
  filters.map((f) =>
    ordered(
      `FOR d IN docs${f} SORT d._key WINDOW d.p WITH {preceding: 1, following: 2} AGGREGATE x = SUM(d.q)
       SORT d._key RETURN [d._key, x]`,
    )
  ),
  fc.tuple(filters, result)
    .map(([f, r]) =>
      ordered(`FOR d IN docs${f} SORT d._key LET o = DOCUMENT(CONCAT("docs/", d.r)) RETURN [o.a, ${r}]`)
    ),
];

/** Queries of loops in loops, and of subqueries. */
const nested: fc.Arbitrary<ComparedQuery>[] = [
  fc.tuple(joining, filters, result)
    .map(([join, f, r]) => unordered(`FOR o IN docs FOR d IN docs FILTER ${join}${f} RETURN [o._key, ${r}]`)),
  fc.tuple(joining, joining, fc.constantFrom("a", "b", "p"), result).map(([join, more, by, r]) =>
    unordered(
      `FOR o IN docs FILTER o.p >= 1 FOR d IN docs FILTER ${join} AND ${more}
       FOR e IN docs FILTER e.${by} == d.${by} AND e.q == o.q RETURN [o._key, e._key, ${r}]`,
    )
  ),
  fc.tuple(joining, order, limit, result).map(([join, by, n, r]) =>
    ordered(
      `FOR o IN docs SORT o._key LET s = (FOR d IN docs FILTER ${join} SORT ${by}${n} RETURN ${r}) RETURN [o._key, s]`,
    )
  ),
  fc.tuple(joining, filters).map(([join, f]) =>
    unordered(`FOR o IN docs FILTER LENGTH(FOR d IN docs FILTER ${join}${f} RETURN d) > 0 RETURN o._key`)
  ),
  fc.tuple(joining, filters).map(([join, f]) =>
    ordered(
      `FOR o IN docs SORT o.p, o._key LET k = FIRST(FOR d IN docs FILTER ${join}${f} SORT d._key RETURN d)
       RETURN [o._key, k.n, k.a]`,
    )
  ),
  fc.tuple(fc.array(literal, { maxLength: 4 }), result, path)
    .map(([all, r, at]) => unordered(`FOR x IN [${all}] FOR d IN docs FILTER d.${at} == x RETURN ${r}`)),
];

/** Queries that indexes may serve. */
export const comparedQuery: fc.Arbitrary<ComparedQuery> = fc.oneof(...single, ...nested);
