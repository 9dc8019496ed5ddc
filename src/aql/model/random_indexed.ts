/**
 * Random collections with random indexes, and queries that indexes may serve: conditions, orders, groups and joins, each with
 * its meaning.
 *
 * @module
 */
import fc from "fast-check";
import type { Row } from "./random_term.ts";
import { attributeOf, compare, distinct, same, type Value } from "./values.ts";

/** Texts of several scripts, cases and lengths, none of which is equal to another one. */
const TEXTS = ["", " ", "-", "_", "10", "9", "a", "A", "ab", "aB", "a b", "a-b", "ä", "Äa", "B", "é", "z", "Z"];
const FOREIGN = ["ß", "ss", "ø", "ж", "Я", "日本", "\u{1f600}", "\u{1f600}a", "\ufffd"];

const text = fc.constantFrom(...TEXTS, ...FOREIGN);
const number = fc.constantFrom(0, 1, 2, 3, -1, 1.5, -2.25, 1e-7, 1e300, -1e300, 2 ** 53, 4294967296);
const scalar: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom<Value>(null, true, false),
  { arbitrary: number, weight: 3 },
  { arbitrary: text, weight: 4 },
);
const value: fc.Arbitrary<Value> = fc.oneof(
  { arbitrary: scalar, weight: 8 },
  fc.constantFrom<Value>([], [1], ["a", 2], {}, { x: 1 }, { x: "ä" }),
);

const KEYS = ["0", "1", "10", "2", "9", "A", "a", "aa", "a-b", "a_b", "B", "b:1", "Z", "z@"];

const document = fc.record({
  a: value,
  b: scalar,
  n: fc.oneof(fc.record({ x: value }), fc.constant(null)),
  l: fc.array(scalar, { maxLength: 3 }),
  p: number,
  q: number,
}, { requiredKeys: ["p", "q"], noNullPrototype: true });

/** The documents of `docs`, without the attributes that a database adds but for keys. */
export const documents: fc.Arbitrary<readonly Row[]> = fc.tuple(
  fc.array(document, { maxLength: 14 }),
  fc.shuffledSubarray(KEYS, { minLength: KEYS.length }),
).map(([rows, keys]) => rows.map((row, i): Row => ({ _key: keys[i]!, ...row })));

/** Attributes that conditions and orders are about. */
const PATHS = ["a", "b", "n.x", "p", "q", "_key", "_id"];

const field = fc.constantFrom<string>("a", "b", "n.x", "p", "q", "l[*]");
const ordered = fc.record({
  type: fc.constant("persistent"),
  fields: fc.uniqueArray(field, { minLength: 1, maxLength: 3 }),
  sparse: fc.boolean(),
  storedValues: fc.subarray(["a", "b", "n.x"]),
}).map(({ storedValues, ...rest }) => ({
  ...rest,
  storedValues: storedValues.filter((path) => !rest.fields.includes(path)),
}));
const dimensions = fc.constantFrom(
  { type: "mdi", fields: ["p", "q"], fieldValueTypes: "double" },
  { type: "mdi-prefixed", prefixFields: ["b"], fields: ["q"], fieldValueTypes: "double" },
);
/** Definitions of indexes. */
export const indexes = fc.array(
  fc.oneof(
    { arbitrary: ordered, weight: 5 },
    dimensions,
    fc.constant({ type: "ttl", fields: ["t"], expireAfter: 3600 }),
  ),
  { maxLength: 3 },
);

type Test = (row: Row) => boolean;

/** A condition on `d`, and whether a document fulfils it. */
interface Condition {
  readonly text: string;
  readonly holds: Test;
}

/** What a path leads to in a document. */
function at(row: Row, path: string): Value {
  if (path === "_id") return `docs/${row._key}`;
  return path.split(".").reduce<Value>(attributeOf, row as Value);
}

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  "==": (order) => order === 0,
  "!=": (order) => order !== 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

const wanted = fc.oneof(value, fc.constantFrom<Value>(...KEYS, ...KEYS.map((key) => `docs/${key}`)));

const comparison = fc.tuple(
  fc.constantFrom(...PATHS),
  fc.constantFrom(...Object.keys(COMPARISONS), "==", "=="),
  wanted,
  fc.boolean(),
).map(([path, operator, other, isMirrored]) => comparisonOf(path, operator, other, isMirrored));

function comparisonOf(path: string, operator: string, other: Value, isMirrored: boolean): Condition {
  const literal = JSON.stringify(other);
  const [left, right] = isMirrored ? [literal, `d.${path}`] : [`d.${path}`, literal];
  return {
    text: `${left} ${operator} ${right}`,
    holds: (row) => COMPARISONS[operator]!(isMirrored ? compare(other, at(row, path)) : compare(at(row, path), other)),
  };
}

/** Several bounds of one attribute. */
const bounds = fc.tuple(
  fc.constantFrom(...PATHS),
  fc.array(fc.tuple(fc.constantFrom("<", "<=", ">", ">="), wanted, fc.boolean()), { minLength: 2, maxLength: 4 }),
).map(([path, all]): Condition => {
  const conditions = all.map(([operator, other, isMirrored]) => comparisonOf(path, operator, other, isMirrored));
  return {
    text: `(${conditions.map(({ text }) => text).join(" AND ")})`,
    holds: (row) => conditions.every(({ holds }) => holds(row)),
  };
});

const among = fc.tuple(fc.constantFrom(...PATHS), fc.array(wanted, { maxLength: 3 })).map(
  ([path, list]): Condition => ({
    text: `d.${path} IN ${JSON.stringify(list)}`,
    holds: (row) => list.some((one) => same(one, at(row, path))),
  }),
);

const member = scalar.map((one): Condition => ({
  text: `${JSON.stringify(one)} IN d.l`,
  holds: (row) => ((row.l ?? []) as Value[]).some((other) => same(one, other)),
}));

const identity = fc.constantFrom(...KEYS).map((key): Condition => ({
  text: `d._id == "docs/${key}"`,
  holds: (row) => row._key === key,
}));

const condition = fc.letrec<{ condition: Condition }>((tie) => {
  const joined = (operator: string, holds: (a: Condition, b: Condition) => Test) =>
    fc.tuple(tie("condition"), tie("condition")).map(([a, b]): Condition => ({
      text: `(${a.text} ${operator} ${b.text})`,
      holds: holds(a, b),
    }));
  return {
    condition: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      comparison,
      comparison,
      comparison,
      bounds,
      among,
      member,
      identity,
      joined("AND", (a, b) => (row) => a.holds(row) && b.holds(row)),
      joined("AND", (a, b) => (row) => a.holds(row) && b.holds(row)),
      joined("OR", (a, b) => (row) => a.holds(row) || b.holds(row)),
      tie("condition").map(({ text, holds }): Condition => ({ text: `NOT (${text})`, holds: (row) => !holds(row) })),
    ),
  };
}).condition;

const order = fc.array(fc.tuple(fc.constantFrom(...PATHS), fc.boolean()), { minLength: 1, maxLength: 3 });

/** A query, and what is to be said of its results. */
export interface IndexedQuery {
  readonly text: string;
  /** Tells what is wrong with results; undefined if nothing is. */
  readonly fault: (results: readonly Value[]) => string | undefined;
  /** The documents afterwards, where the query writes. */
  readonly after?: (results: readonly Value[]) => readonly Row[];
}
/** A query that is not yet about any documents. */
type QueryMaker = (documents: readonly Row[]) => IndexedQuery;

function asSet(values: readonly Value[]): string {
  return values.map((one) => JSON.stringify(one)).sort().join("\n");
}

/** A query whose results come in any order. */
function unordered(text: string, results: () => readonly Value[]): IndexedQuery {
  return {
    text,
    fault(found) {
      const expected = asSet(results());
      return asSet(found) === expected ? undefined : `not\n${expected}`;
    },
  };
}

const filtered = fc.tuple(
  fc.array(condition, { maxLength: 2 }),
  fc.uniqueArray(fc.constantFrom(...PATHS, "l"), {
    minLength: 1,
    maxLength: 3,
  }),
).map(([conditions, paths]): QueryMaker => (documents) => {
  const filters = conditions.map(({ text }) => ` FILTER ${text}`).join("");
  const text = `FOR d IN docs${filters} RETURN [${paths.map((path) => `d.${path}`)}]`;
  return unordered(text, () =>
    documents.filter((row) => conditions.every(({ holds }) => holds(row)))
      .map((row) => paths.map((path) => at(row, path))));
});

const sorted = fc.record({
  conditions: fc.array(condition, { maxLength: 1 }),
  elements: order,
  limit: fc.option(fc.tuple(fc.nat(3), fc.nat(8))),
  whole: fc.boolean(),
}).map(({ conditions, elements, limit, whole }): QueryMaker => (documents) => {
  const by = elements.map(([path]) => path);
  const parts = [
    "FOR d IN docs",
    ...conditions.map(({ text }) => `FILTER ${text}`),
    `SORT ${elements.map(([path, descends]) => `d.${path}${descends ? " DESC" : ""}`)}`,
    ...(limit ? [`LIMIT ${limit[0]}, ${limit[1]}`] : []),
    `RETURN [[${by.map((path) => `d.${path}`)}], ${whole ? "d._key, d.l" : "d._key, null"}]`,
  ];
  return {
    text: parts.join(" "),
    fault(found) {
      const rows = documents.filter((row) => conditions.every(({ holds }) => holds(row))).sort((a, b) => {
        for (const [path, descends] of elements) {
          const between = compare(at(a, path), at(b, path));
          if (between !== 0) return descends ? -between : between;
        }
        return 0;
      });
      const [offset, count] = limit ?? [0, Infinity];
      const expected = rows.slice(offset, offset + count).map((row) => by.map((path) => at(row, path)));
      const keys = found.map((one) => (one as Value[])[1]!);
      if (distinct(keys).length < keys.length) return "a document came twice";
      for (const one of found) {
        const [values, key, list] = one as Value[];
        const row = rows.find(({ _key }) => _key === key);
        const told = row && [by.map((path) => at(row, path)), key!, whole ? row.l ?? null : null];
        if (JSON.stringify([values, key, list]) !== JSON.stringify(told)) return `${key} is ${JSON.stringify(told)}`;
      }
      // equal values of different documents may be written differently: [] and [null]
      const isSame = same(found.map((one) => (one as Value[])[0]!), expected) && found.length === expected.length;
      return isSame ? undefined : `not in the order of\n${JSON.stringify(expected)}`;
    },
  };
});

const grouped = fc.tuple(fc.array(condition, { maxLength: 1 }), fc.constantFrom("b", "p", "_key"), fc.boolean()).map(
  ([conditions, path, descends]): QueryMaker => (documents) => {
    const filters = conditions.map(({ text }) => ` FILTER ${text}`).join("");
    const sort = descends ? " SORT g DESC" : "";
    const text =
      `FOR d IN docs${filters} COLLECT g = d.${path} AGGREGATE n = COUNT(), m = MAX(d.q)${sort} RETURN [g, n, m]`;
    return {
      text,
      fault(found) {
        const rows = documents.filter((row) => conditions.every(({ holds }) => holds(row)));
        const groups = distinct(rows.map((row) => at(row, path))).sort(compare);
        if (descends) groups.reverse();
        const expected = groups.map((group): Value => {
          const own = rows.filter((row) => same(at(row, path), group));
          return [group, own.length, own.map((row) => at(row, "q")).sort(compare).at(-1)!];
        });
        return JSON.stringify(found) === JSON.stringify(expected) ? undefined : `not\n${JSON.stringify(expected)}`;
      },
    };
  },
);

const counted = condition.map(({ text, holds }): QueryMaker => (documents) =>
  unordered(`RETURN LENGTH(FOR d IN docs FILTER ${text} RETURN 1)`, () => [documents.filter(holds).length])
);

const joined = fc.tuple(
  fc.constantFrom("a", "b", "n.x", "p"),
  fc.constantFrom("==", "<", ">=", "IN"),
  fc.constantFrom("a", "b", "q"),
  fc.option(condition),
).map(([inner, operator, outer, more]): QueryMaker => (documents) => {
  const test = operator === "IN" ? `d.${inner} IN [o.${outer}, o.q]` : `d.${inner} ${operator} o.${outer}`;
  const text = `FOR o IN docs FOR d IN docs FILTER ${test}${more ? ` AND ${more.text}` : ""} RETURN [o._key, d._key]`;
  return unordered(text, () =>
    documents.flatMap((one) =>
      documents.filter((row) => {
        const [a, b] = [at(row, inner), at(one, outer)];
        const fits = operator === "IN" ? same(a, b) || same(a, at(one, "q")) : COMPARISONS[operator]!(compare(a, b));
        return fits && (!more || more.holds(row));
      }).map((row): Value => [one._key!, row._key!])
    ));
});

/** What an UPSERT has to find or to store for one value, given the documents before it and the keys of OLD and NEW. */
function upserted(rows: readonly Row[], example: Row, found: Value): readonly Row[] | string {
  const [old, key] = found as Value[];
  const matching = rows.filter((row) => Object.keys(example).every((name) => same(at(row, name), example[name]!)));
  if (matching.length === 0) return old === null ? [...rows, { _key: key!, ...example, p: 7, q: 7 }] : "nothing fits";
  if (!matching.some(({ _key }) => _key === old) || old !== key) return "another document fits";
  return rows.map((row) => (row._key === old ? { ...row, p: 8, b: "again" } : row));
}

const upserting = fc.tuple(fc.array(scalar, { maxLength: 5 }), fc.constantFrom(["a"], ["b"], ["b", "a"])).map(
  ([values, names]): QueryMaker => (documents) => {
    const example = names.map((name) => `${name}: x`).join(", ");
    const run = (results: readonly Value[]): readonly Row[] | string =>
      values.reduce<readonly Row[] | string>((rows, x, i) => {
        const wanted = Object.fromEntries(names.map((name) => [name, x]));
        return typeof rows === "string" ? rows : upserted(rows, wanted, results[i]!);
      }, documents);
    return {
      text: `FOR x IN ${JSON.stringify(values)} UPSERT {${example}} INSERT {${example}, p: 7, q: 7}
        UPDATE {p: 8, b: "again"} IN docs RETURN [OLD._key, NEW._key]`,
      fault(results) {
        const rows = run(results);
        return typeof rows === "string" ? rows : undefined;
      },
      after: (results) => run(results) as readonly Row[],
    };
  },
);

const removing = condition.map(({ text, holds }): QueryMaker => (documents) => ({
  ...unordered(
    `FOR d IN docs FILTER ${text} REMOVE d IN docs RETURN OLD._key`,
    () => documents.filter(holds).map(({ _key }) => _key!),
  ),
  after: () => documents.filter((row) => !holds(row)),
}));

const updating = fc.tuple(condition, scalar).map(([{ text, holds }, b]): QueryMaker => (documents) => {
  const patch = { b, n: { x: b } };
  return {
    ...unordered(
      `FOR d IN docs FILTER ${text} UPDATE d._key WITH ${JSON.stringify(patch)} IN docs RETURN NEW.n.x`,
      () => documents.filter(holds).map(() => b),
    ),
    after: () => documents.map((row) => (holds(row) ? { ...row, ...patch } : row)),
  };
});

/** Queries that indexes may serve. */
export const indexedQuery: fc.Arbitrary<QueryMaker> = fc.oneof(
  { arbitrary: filtered, weight: 3 },
  { arbitrary: sorted, weight: 4 },
  grouped,
  counted,
  joined,
  upserting,
  removing,
  updating,
);
