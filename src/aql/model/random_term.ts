/**
 * Random expressions, each with its meaning: the text for the real engine, and the value in a row for the model.
 *
 * @module
 */
import fc from "fast-check";
import {
  attributeOf,
  compare,
  distinct,
  finite,
  holds,
  memberOf,
  same,
  toArray,
  toNumber,
  toText,
  typeOf,
  type Value,
} from "./values.ts";

/** The variables of a row. */
export type Row = Readonly<Record<string, Value>>;

/** A variable where an expression stands. */
export interface Visible {
  readonly name: string;
  /** Whether equal values of it are written in the same way too. */
  readonly plain: boolean;
}

/** An expression. */
export interface Term {
  readonly text: string;
  readonly of: (row: Row) => Value;
  /** Whether equal values of it are written in the same way too: `[]` and `[null]` are equal, `0` and `0` the same. */
  readonly plain: boolean;
}

/** An expression that is not yet at its place. */
export type TermMaker = (visible: readonly Visible[]) => Term;

/** The names of the attributes of documents. */
export const ATTRIBUTES = ["a", "b", "c", "list"];

/** Values of documents: none that is equal to one that is written in another way. */
export const plainValue: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom<Value>(null, true, false, 0, 1, 2, -1, 2.5, "", "a", "A", "b", "ab", "B1", "12", "7"),
  fc.constantFrom<Value>([], [1], [1, 2], ["a", 1, true], [[1], [2, 3]], [{ a: 1 }, { a: "b" }], {}, { a: 1 }, {
    a: "b",
    b: [1, 2],
  }),
);

function plain(text: string, of: Term["of"]): Term {
  return { text, of, plain: true };
}

const literal = plainValue.map((value): TermMaker => () => plain(JSON.stringify(value), () => value));

/** A variable that is visible, preferably one that was declared last. */
const variable = fc.nat(5).map((back): TermMaker => (visible) => {
  if (visible.length === 0) return plain("(null)", () => null);
  const chosen = visible[Math.max(0, visible.length - 1 - back)]!;
  return { text: chosen.name, of: (row) => row[chosen.name]!, plain: chosen.plain };
});

const path = fc.tuple(variable, fc.constantFrom(...ATTRIBUTES), fc.option(fc.constantFrom("a", "b"))).map((
  [variable, first, second],
): TermMaker =>
(visible) => {
  const { text, of, plain } = variable(visible);
  if (second === null) return { text: `${text}.${first}`, of: (row) => attributeOf(of(row), first), plain };
  return { text: `${text}.${first}.${second}`, of: (row) => attributeOf(attributeOf(of(row), first), second), plain };
});

type Binary = (a: Value, b: Value) => Value;

function quantified(members: (right: Value[], matches: (value: Value) => boolean) => boolean) {
  return (test: Binary): Binary => (a, b) => Array.isArray(a) && members(a, (member) => holds(test(member, b)));
}

const isIn: Binary = (a, b) => Array.isArray(b) && b.some((member) => same(member, a));
const isNotIn: Binary = (a, b) => Array.isArray(b) && !b.some((member) => same(member, a));
const all = quantified((members, matches) => members.every(matches));
const any = quantified((members, matches) => members.some(matches));
const none = quantified((members, matches) => !members.some(matches));
const atLeastTwo = quantified((members, matches) => members.filter(matches).length >= 2);

const EQUAL: Binary = (a, b) => same(a, b);
const LESS: Binary = (a, b) => compare(a, b) < 0;

/** The operators whose operands are always computed. */
const OPERATORS: Readonly<Record<string, Binary>> = {
  "==": EQUAL,
  "!=": (a, b) => !same(a, b),
  "<": LESS,
  "<=": (a, b) => compare(a, b) <= 0,
  ">": (a, b) => compare(a, b) > 0,
  ">=": (a, b) => compare(a, b) >= 0,
  "IN": isIn,
  "NOT IN": isNotIn,
  "+": (a, b) => finite(toNumber(a) + toNumber(b)),
  "-": (a, b) => finite(toNumber(a) - toNumber(b)),
  "*": (a, b) => finite(toNumber(a) * toNumber(b)),
  "%": (a, b) => finite(toNumber(a) % toNumber(b)),
  "ALL ==": all(EQUAL),
  "ANY ==": any(EQUAL),
  "NONE ==": none(EQUAL),
  "ALL IN": (a, b) => Array.isArray(b) && holds(all(isIn)(a, b)),
  "ANY <": any(LESS),
  "NONE <": none(LESS),
  "AT LEAST (2) <": atLeastTwo(LESS),
};

/** Functions that warn of nothing, by their names and numbers of arguments. */
const FUNCTIONS: Readonly<Record<string, readonly [number, (...args: Value[]) => Value, plain?: true]>> = {
  TYPENAME: [1, (a) => typeOf(a!), true],
  IS_NULL: [1, (a) => a === null, true],
  IS_ARRAY: [1, (a) => Array.isArray(a), true],
  TO_NUMBER: [1, (a) => toNumber(a!), true],
  TO_BOOL: [1, (a) => holds(a!), true],
  TO_STRING: [1, (a) => toText(a!), true],
  JSON_STRINGIFY: [1, (a) => JSON.stringify(a), true],
  TO_ARRAY: [1, (a) => toArray(a!)],
  LENGTH: [1, lengthOf, true],
  NOT_NULL: [2, (a, b) => a ?? b!],
  FIRST_LIST: [2, (a, b) => [a!, b!].find(Array.isArray) ?? null],
};

function lengthOf(value: Value): Value {
  if (value === null) return 0;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "object") return Object.keys(value).length;
  return toText(value).length;
}

/** Functions of arrays, which warn of other values: they get arrays. */
const ARRAY_FUNCTIONS: Readonly<Record<string, (list: Value[]) => Value>> = {
  FIRST: (list) => list[0] ?? null,
  LAST: (list) => list.at(-1) ?? null,
  UNIQUE: distinct,
  SORTED: (list) => [...list].sort(compare),
  REVERSE: (list) => [...list].reverse(),
  MIN: (list) => list.filter((one) => one !== null).sort(compare)[0] ?? null,
  MAX: (list) => [...list].sort(compare).at(-1) ?? null,
};
/** Of these, the functions that choose among equal members: what is in the array has to be plain. */
const CHOOSING = new Set(["UNIQUE", "SORTED", "MIN", "MAX"]);

/** A term whose equal values are written in the same way. */
export function madePlain(term: Term): Term {
  return term.plain ? term : plain(`JSON_STRINGIFY(${term.text})`, (row) => JSON.stringify(term.of(row)));
}

/** The members of a list in which CURRENT is each of them in turn. */
function inline(term: TermMaker, visible: readonly Visible[], plain: boolean): Term {
  return term([...visible, { name: "CURRENT", plain }]);
}

function withCurrent(row: Row, value: Value): Row {
  return { ...row, CURRENT: value };
}

/** Expressions of any kind. */
export const term: fc.Arbitrary<TermMaker> = fc.letrec<{ term: TermMaker }>((tie) => {
  const inner = tie("term");
  const binary = fc.tuple(fc.constantFrom(...Object.keys(OPERATORS)), inner, inner).map((
    [operator, left, right],
  ): TermMaker =>
  (visible) => {
    const [a, b] = [left(visible), right(visible)];
    // a modulus of zero is null with a warning, which has tests of its own
    if (operator === "%" && !/^-?[1-9]\d*$/.test(b.text)) return a;
    return plain(`(${a.text} ${operator} ${b.text})`, (row) => OPERATORS[operator]!(a.of(row), b.of(row)));
  });
  const logic = fc.tuple(fc.constantFrom("AND", "OR", "?:"), inner, inner).map(
    ([operator, left, right]): TermMaker => (visible) => {
      const [a, b] = [left(visible), right(visible)];
      const of = (row: Row): Value => holds(a.of(row)) === (operator === "AND") ? b.of(row) : a.of(row);
      return { text: `(${a.text} ${operator} ${b.text})`, of, plain: a.plain && b.plain };
    },
  );
  const choice = fc.tuple(inner, inner, inner).map(([condition, then, otherwise]): TermMaker => (visible) => {
    const [a, b, c] = [condition(visible), then(visible), otherwise(visible)];
    return {
      text: `(${a.text} ? ${b.text} : ${c.text})`,
      of: (row) => holds(a.of(row)) ? b.of(row) : c.of(row),
      plain: b.plain && c.plain,
    };
  });
  const unary = fc.tuple(fc.constantFrom("-", "+", "NOT "), inner).map(
    ([operator, operand]): TermMaker => (visible) => {
      const { text, of } = operand(visible);
      if (operator === "NOT ") return plain(`(NOT ${text})`, (row) => !holds(of(row)));
      return plain(`(${operator} ${text})`, (row) => finite(operator === "-" ? -toNumber(of(row)) : toNumber(of(row))));
    },
  );
  const array = fc.array(inner, { maxLength: 3 }).map((makers): TermMaker => (visible) => {
    const items = makers.map((make) => make(visible));
    return {
      text: `[${items.map(({ text }) => text).join(", ")}]`,
      of: (row) => items.map(({ of }) => of(row)),
      plain: items.length === 0,
    };
  });
  const object = fc.tuple(inner, inner).map((makers): TermMaker => (visible) => {
    const [a, b] = makers.map((make) => make(visible)) as [Term, Term];
    return { text: `{a: ${a.text}, b: ${b.text}}`, of: (row) => ({ a: a.of(row), b: b.of(row) }), plain: false };
  });
  const member = fc.tuple(inner, fc.integer({ min: -3, max: 3 })).map(([target, index]): TermMaker => (visible) => {
    const { text, of, plain } = target(visible);
    return { text: `(${text})[${index}]`, of: (row) => indexed(of(row), index), plain };
  });
  const call = fc.tuple(fc.constantFrom(...Object.keys(FUNCTIONS)), inner, inner).map(
    ([name, ...makers]): TermMaker => (visible) => {
      const [count, apply, isPlain] = FUNCTIONS[name]!;
      const args = makers.slice(0, count).map((make) => make(visible));
      return {
        text: `${name}(${args.map(({ text }) => text).join(", ")})`,
        of: (row) => apply(...args.map(({ of }) => of(row))),
        plain: isPlain ?? args.every(({ plain }) => plain),
      };
    },
  );
  const arrayCall = fc.tuple(fc.constantFrom(...Object.keys(ARRAY_FUNCTIONS)), inner).map(
    ([name, make]): TermMaker => (visible) => {
      const list = CHOOSING.has(name) ? madePlain(make(visible)) : make(visible);
      return {
        text: `${name}(TO_ARRAY(${list.text}))`,
        of: (row) => ARRAY_FUNCTIONS[name]!(toArray(list.of(row))),
        plain: list.plain,
      };
    },
  );
  const expansion = fc.record({
    list: inner,
    filter: fc.option(inner),
    limit: fc.option(fc.tuple(fc.nat(2), fc.nat(2))),
    projection: fc.option(inner),
    attribute: fc.boolean(),
  }).map(({ list, filter, limit, projection, attribute }): TermMaker => (visible) => {
    const source = list(visible);
    const condition = filter && inline(filter, visible, source.plain);
    const result = projection && inline(projection, visible, source.plain);
    const of = (row: Row): Value => {
      const value = source.of(row);
      let members = Array.isArray(value) ? value : [];
      if (condition) members = members.filter((one) => holds(condition.of(withCurrent(row, one))));
      if (limit) members = members.slice(limit[0], limit[0] + limit[1]);
      if (result) members = members.map((one) => result.of(withCurrent(row, one)));
      return attribute ? members.map((one) => attributeOf(one, "a")) : members;
    };
    const clauses = [
      ...(condition ? [`FILTER ${condition.text}`] : []),
      ...(limit ? [`LIMIT ${limit[0]}, ${limit[1]}`] : []),
      ...(result ? [`RETURN ${result.text}`] : []),
    ].join(" ");
    return { text: `(${source.text})[* ${clauses}]${attribute ? ".a" : ""}`, of, plain: false };
  });
  const question = fc.tuple(inner, inner, fc.constantFrom("", "1", "0..1", "ALL", "ANY", "NONE", "AT LEAST (2)")).map((
    [list, filter, quantifier],
  ): TermMaker =>
  (visible) => {
    const source = list(visible);
    const condition = inline(filter, visible, source.plain);
    return plain(`(${source.text})[? ${quantifier} FILTER ${condition.text}]`, (row) => {
      const value = source.of(row);
      if (!Array.isArray(value)) return false;
      const found = value.filter((one) => holds(condition.of(withCurrent(row, one)))).length;
      return isEnough(quantifier, found, value.length);
    });
  });
  return {
    term: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      literal,
      variable,
      variable,
      path,
      path,
      binary,
      binary,
      logic,
      choice,
      unary,
      array,
      object,
      member,
      call,
      arrayCall,
      expansion,
      question,
    ),
  };
}).term;

/** What `value[index]` gives: members of arrays, and attributes of objects by the number's text. */
function indexed(value: Value, index: number): Value {
  return typeOf(value) === "object" ? attributeOf(value, String(index)) : memberOf(value, index);
}

function isEnough(quantifier: string, found: number, length: number): boolean {
  switch (quantifier) {
    case "1":
      return found === 1;
    case "0..1":
      return found <= 1;
    case "ALL":
      return found === length;
    case "NONE":
      return found === 0;
    case "AT LEAST (2)":
      return found >= 2;
    default:
      return found > 0;
  }
}
