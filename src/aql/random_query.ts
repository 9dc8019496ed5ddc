/**
 * Random queries for tests: texts drawn from the whole grammar, and the collections that they are about.
 *
 * @module
 */
import fc from "fast-check";
import { AQL_FUNCTIONS } from "./functions/mod.ts";
import type { AqlObject } from "./values.ts";

/** Functions whose results can be as long as a number says, or that take their time. */
const LEFT_OUT = new Set(["RANGE", "REPEAT", "REPLACE_NTH", "SLEEP", "RANDOM_TOKEN", "DATE_TIMEZONES"]);
const FUNCTIONS = [...AQL_FUNCTIONS.values()].filter(({ name }) => !LEFT_OUT.has(name));

/** A rule gives alternatives; `<name>` stands for another rule, `<name?>` for it or nothing. */
type Grammar = Readonly<Record<string, readonly string[]>>;

/** Binary operators, as operands in parentheses take them. */
export const BINARY_OPERATORS: readonly string[] = [
  "+",
  "-",
  "*",
  "/",
  "%",
  "==",
  "!=",
  "<",
  "<=",
  ">",
  ">=",
  "IN",
  "NOT IN",
  "AND",
  "OR",
  "LIKE",
  "NOT LIKE",
  "=~",
  "!~",
  "ALL ==",
  "ANY <",
  "NONE IN",
  "AT LEAST (1) !=",
  "ALL NOT IN",
];

const GRAMMAR: Grammar = {
  query: ["<statements><final>", "<statements><final>", "WITH docs, edges <statements><final>"],
  statements: ["", "<statement> ", "<for> <statement> ", "<for> <statement> <statement> ", "<for> <for> <statement> "],
  final: [
    "RETURN <e>",
    "RETURN <e>",
    "FOR <new> IN docs RETURN DISTINCT <e>",
    "<modify>",
    "<modify> RETURN [OLD, NEW]",
    "RETURN {x: <v>, y: <e>}",
  ],
  statement: [
    "<for>",
    "LET <lets>",
    "FILTER <e>",
    "FILTER <v>._key <order> <key>",
    "FILTER <v>._id IN [<e>, 'docs/a']",
    "FILTER (<v>.a <order> <e>) OR (<v>.b.c <order> <e> AND (<sub>)[0])",
    "SORT <e>, <e> DESC",
    "SORT <v>._key DESC, <v>._id",
    "SORT <e> @dir",
    "LIMIT <n>",
    "LIMIT <n>, <n>",
    "<collect>",
    "<window>",
    "<modify>",
  ],
  for: [
    "FOR <new> IN docs",
    "FOR <new> IN docs OPTIONS <options>",
    "FOR <new> IN <e>",
    "FOR <new> IN 1..3",
    "FOR [<new>, <new>] IN ENTRIES(<e>)",
    "FOR {<new>, a: <new>} IN docs",
    "FOR <new>, <new>, <new> IN <depth> <direction> 'docs/a' edges <prune?>",
    "FOR <new> IN <direction> <e> GRAPH 'g'",
    "FOR <new>, <new> IN <direction> SHORTEST_PATH 'docs/a' TO <e> edges",
    "FOR <new> IN <paths> 'docs/a' TO 'docs/b' edges",
  ],
  prune: ["PRUNE <e>", "PRUNE <new> = <e>", "FILTER <v>.edges[*].a ALL <order> <e>"],
  depth: ["0..2", "1..3", "2", "<n>"],
  direction: ["OUTBOUND", "INBOUND", "ANY"],
  paths: ["<direction> K_SHORTEST_PATHS", "<direction> ALL_SHORTEST_PATHS", "1..3 <direction> K_PATHS"],
  lets: [
    "<new> = <e>",
    "<new> = <e>, <new> = <e>",
    "[<new>, , <new>] = <e>",
    "{<new>, b: [<new>]} = <e>",
    "<new> = (<sub>)",
  ],
  collect: [
    "COLLECT <new> = <e>",
    "COLLECT <new> = <e>, <new> = <e> INTO <new>",
    "COLLECT <new> = <e> INTO <new> KEEP <v>",
    "COLLECT <new> = <e> INTO <new> = <e> OPTIONS {method: 'hash'}",
    "COLLECT <new> = <e> WITH COUNT INTO <new>",
    "COLLECT WITH COUNT INTO <new>",
    "COLLECT AGGREGATE <new> = <aggregate>(<e>), <new> = <aggregate>(<e>)",
    "COLLECT <new> = <e> AGGREGATE <new> = <aggregate>(<e>) INTO <new>",
  ],
  aggregate: [
    "SUM",
    "MIN",
    "MAX",
    "AVG",
    "COUNT",
    "UNIQUE",
    "SORTED_UNIQUE",
    "COUNT_DISTINCT",
    "STDDEV",
    "VARIANCE_SAMPLE",
    "BIT_OR",
    "PUSH",
    "MEDIAN",
  ],
  window: [
    "WINDOW {preceding: <n>} AGGREGATE <new> = <aggregate>(<e>)",
    "WINDOW {preceding: 'unbounded', following: 1} AGGREGATE <new> = <aggregate>(<e>)",
    "WINDOW <e> WITH {preceding: 1, following: <n>} AGGREGATE <new> = <aggregate>(<e>)",
    "WINDOW <e> WITH {preceding: 'P1D'} AGGREGATE <new> = <aggregate>(<e>)",
  ],
  modify: [
    "INSERT <e> INTO docs <writes?>",
    "INSERT {_key: <key>, a: <e>} INTO docs <writes?>",
    "INSERT {_from: 'docs/a', _to: <e>} INTO edges <writes?>",
    "UPDATE <e> IN docs <writes?>",
    "UPDATE <key> WITH <e> IN docs <writes?>",
    "REPLACE <key> WITH {a: <e>} IN docs <writes?>",
    "REMOVE <key> IN docs <writes?>",
    "REMOVE <e> IN docs <writes?>",
    "UPSERT {a: <e>} INSERT {_key: <key>, a: <e>} UPDATE {b: <e>, c: OLD} IN docs <writes?>",
    "UPSERT FILTER <e> INSERT <e> REPLACE <e> IN docs <writes?>",
  ],
  order: ["==", "<", "<=", ">", ">="],
  key: ["'a'", "'b'", "'new'", "<e>", "CONCAT('k', <v>)"],
  writes: [
    "OPTIONS {ignoreErrors: true}",
    "OPTIONS {overwriteMode: 'update', keepNull: false, mergeObjects: false}",
    "OPTIONS {overwriteMode: 'ignore'}",
    "OPTIONS {overwriteMode: 'replace', ignoreRevs: false, ignoreErrors: true}",
    "OPTIONS {versionAttribute: 'a', exclusive: true, keepNull: null}",
    "OPTIONS <options>",
  ],
  options: [
    "{}",
    "{unknown: 1}",
    "{indexHint: 'primary'}",
    "{disableIndex: true, indexHint: ['x']}",
    "{useCache: <e>}",
  ],
  sub: ["RETURN <e>", "<for> RETURN <e>", "<for> <statement> RETURN <e>", "<for> <modify>"],
  n: ["0", "1", "2", "5", "@n", "1 + 1", "-1", "null", "'x'"],
  pseudo: ["OLD", "NEW", "CURRENT"],
  e: [
    "<v>",
    "<v>",
    "<v>.a",
    "<v>.b.c",
    "<v>._key",
    "<v>.vertices[<n>].a",
    "<v>[<e>]",
    "<literal>",
    "<literal>",
    "<literal>",
    "(<e> <operator> <e>)",
    "(<e> <operator> <e>)",
    "<unary><e>",
    "(<e> ? <e> : <e>)",
    "(<e> ?: <e>)",
    "[<e>, <e>]",
    "[...<e>, <e>]",
    "{a: <e>, [<e>]: <e>}",
    "{...<e>, b: <e>}",
    "(<e> .. <n>)",
    "<e>[*].a",
    "<e>[**]",
    "<e>[* FILTER <e> LIMIT <n> RETURN <e>]",
    "<e>[* FILTER CURRENT > <e> RETURN [CURRENT, <e>]]",
    "<e>[? <quantity> FILTER CURRENT == <e>]",
    "<e>[?]",
    "(<sub>)",
    "(<sub>)[0]",
    "LENGTH(<sub>)",
    "LENGTH(docs)",
    "DOCUMENT('docs', <key>)",
    "<function>",
    "<function>",
    "<e>.@name",
  ],
  quantity: ["", "1", "0..2", "ALL", "ANY", "NONE", "AT LEAST (<n>)", "<e>"],
  literal: [
    "null",
    "true",
    "false",
    "0",
    "1",
    "-1",
    "2.5",
    "1e300",
    "9007199254740993",
    "0x1F",
    "''",
    "'a'",
    "'é'",
    "'12'",
    '"b\\u00e9"',
    "[]",
    "{}",
    "[1, 2, null]",
    "{a: 1, b: [1]}",
    "@p",
    "'docs/a'",
    "'2020-01-01'",
  ],
  operator: BINARY_OPERATORS,
  unary: ["-", "+", "NOT ", "!"],
};

/** Rules whose variables can be used after them. */
const DECLARING: ReadonlySet<string> = new Set(["for", "lets", "collect", "window", "prune"]);

/** Small numbers that a seed determines. */
class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor(this.#state / 4294967296 * limit);
  }
}

/** A text of the grammar; variables are called `v1`, `v2` and so on in the order of their declarations. */
class Sentence {
  readonly #dice: Dice;
  #variables = 0;
  /** How many of them are declared already where the text is. */
  #visible = 0;
  #left: number;

  constructor(seed: number) {
    this.#dice = new Dice(seed);
    this.#left = 10 + this.#dice.below(60);
  }

  expand(rule: string): string {
    if (rule.endsWith("?")) return this.#dice.below(2) === 0 ? "" : this.expand(rule.slice(0, -1));
    if (rule === "new") return `v${++this.#variables}`;
    if (rule === "function") return this.#call();
    if (rule === "v") return this.#variable();
    if (--this.#left < 0 && rule === "e") return this.expand("literal");
    const alternatives = GRAMMAR[rule]!;
    const before = this.#visible;
    const text = this.#text(alternatives[this.#dice.below(alternatives.length)]!);
    if (DECLARING.has(rule)) this.#visible = this.#variables;
    if (rule === "sub") this.#visible = before;
    return text;
  }

  #text(alternative: string): string {
    return alternative.replace(/<(\w+\??)>/g, (_all, rule: string) => this.expand(rule));
  }

  /** A variable that was declared before; seldom one that may not be visible here. */
  #variable(): string {
    if (this.#dice.below(60) === 0) return this.expand("pseudo");
    return this.#visible === 0
      ? this.expand("literal")
      : `v${this.#visible - this.#dice.below(Math.min(this.#visible, 3))}`;
  }

  #call(): string {
    const { name, args: [min, max] } = FUNCTIONS[this.#dice.below(FUNCTIONS.length)]!;
    const count = min + this.#dice.below(Math.min(max, 6) - min + 1);
    return `${name}(${Array.from({ length: count }, () => this.expand("e")).join(", ")})`;
  }
}

/** Texts of the grammar. */
export const sentence: fc.Arbitrary<string> = fc.integer().map((seed) => new Sentence(seed).expand("query"));

/** The documents of `docs`, in the order of their keys and of `a` too: a query may come by them along any index. */
export const DOCUMENTS: readonly AqlObject[] = [
  { _key: "a", _rev: "_meekXGSv9a", a: null, b: { c: "x" } },
  { _key: "b", _rev: "_meekXGSv9b", a: 1, b: [1, 2] },
  { _key: "k1", _rev: "_meekXGSv9c", a: 2 },
];
/** The edges of `edges`. */
export const EDGES: readonly AqlObject[] = [
  { _key: "1", _rev: "_meekXGSv9d", _from: "docs/a", _to: "docs/b", a: 1 },
  { _key: "2", _rev: "_meekXGSv9e", _from: "docs/b", _to: "docs/a" },
  { _key: "3", _rev: "_meekXGSv9f", _from: "docs/b", _to: "docs/none" },
];
/** The document of the graph `g`. */
export const GRAPH: AqlObject = {
  _key: "g",
  _rev: "_meekXGSv9g",
  edgeDefinitions: [{ collection: "edges", from: ["docs"], to: ["docs"] }],
  orphanCollections: [],
};

/** The values that the bind parameters of a text need. */
export function bindsOf(text: string): Record<string, unknown> {
  const all: Record<string, unknown> = { p: [1, "a"], n: 2, name: "a", dir: "DESC" };
  return Object.fromEntries(Object.entries(all).filter(([name]) => new RegExp(`@${name}\\b`).test(text)));
}

/** Texts whose results differ from run to run, or from source to source by their nature. */
export const UNCERTAIN: RegExp = new RegExp(
  `\\b(?:LIMIT|OLD|NEW|docs RETURN|${
    FUNCTIONS.filter(({ deterministic }) => !deterministic).map(({ name }) => name).join("|")
  }|DATE_NOW|HASH|CURRENT_DATABASE|VERSION)\\b`,
);
