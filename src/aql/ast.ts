/**
 * The syntax tree of a query: plain, frozen data with the place of each node.
 *
 * Names are not resolved: a {@linkcode NameExpression} may be a variable or a collection.
 *
 * @module
 */
import type { AqlValue } from "./values.ts";

/** What every node has. */
interface Node {
  /** Where the node starts in the text, in UTF-16 units. */
  readonly at: number;
}

/** The operators with two operands. */
export type BinaryOperator =
  | "||"
  | "&&"
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "IN"
  | "NOT IN"
  | "LIKE"
  | "NOT LIKE"
  | "=~"
  | "!~"
  | "+"
  | "-"
  | "*"
  | "/"
  | "%";

/** The operators that compare every member of an array. */
export type ArrayOperator = "==" | "!=" | "<" | "<=" | ">" | ">=" | "IN" | "NOT IN" | "LIKE" | "NOT LIKE" | "=~" | "!~";

/** How many members have to agree. */
export type Quantifier =
  | { readonly kind: "ALL" | "ANY" | "NONE" }
  | { readonly kind: "AT LEAST"; readonly count: Expression }
  /** Only in `[? n FILTER …]`: a number or a range. */
  | { readonly kind: "exactly"; readonly count: Expression };

/** A literal: null, a boolean, a number or a string. */
export interface LiteralExpression extends Node {
  readonly kind: "literal";
  readonly value: AqlValue;
  /** A number beyond the range of doubles; its value is null. */
  readonly overflow?: boolean;
}
/** A variable or a collection. */
export interface NameExpression extends Node {
  readonly kind: "name";
  readonly name: string;
}
/** `@name`. */
export interface BindExpression extends Node {
  readonly kind: "bind";
  readonly name: string;
}
/** `@@name`; the name without the signs. */
export interface CollectionBindExpression extends Node {
  readonly kind: "collectionBind";
  readonly name: string;
}
/** `[a, ...b]`. */
export interface ArrayExpression extends Node {
  readonly kind: "array";
  readonly items: readonly (Expression | SpreadExpression)[];
}
/** `...a` in an array or object. */
export interface SpreadExpression extends Node {
  readonly kind: "spread";
  readonly operand: Expression;
}
/** A member of an object literal. */
export type ObjectMember =
  /** `name: value`; `shorthand` for `name` alone. */
  | {
    readonly kind: "member";
    readonly at: number;
    readonly name: string;
    readonly value: Expression;
    readonly shorthand?: boolean;
  }
  /** `@name: value`. */
  | { readonly kind: "bound"; readonly at: number; readonly bind: BindExpression; readonly value: Expression }
  /** `[name]: value`. */
  | { readonly kind: "computed"; readonly at: number; readonly name: Expression; readonly value: Expression }
  | SpreadExpression;
/** `{a: 1, b, @c: 2, [d]: 3, ...e}`. */
export interface ObjectExpression extends Node {
  readonly kind: "object";
  readonly members: readonly ObjectMember[];
}
/** `target.name`. */
export interface AttributeExpression extends Node {
  readonly kind: "attribute";
  readonly target: Expression;
  readonly name: string;
}
/** `target.@name`. */
export interface BoundAttributeExpression extends Node {
  readonly kind: "boundAttribute";
  readonly target: Expression;
  readonly bind: BindExpression;
}
/** `target[index]`. */
export interface IndexExpression extends Node {
  readonly kind: "index";
  readonly target: Expression;
  readonly index: Expression;
}
/** `target[* FILTER … LIMIT … RETURN …]` and what follows it. */
export interface ExpansionExpression extends Node {
  readonly kind: "expansion";
  readonly target: Expression;
  /** The number of stars. */
  readonly levels: number;
  readonly filter?: Expression;
  readonly limit?: LimitClause;
  readonly projection?: Expression;
  /** What is applied to each member: accesses whose innermost target is an {@linkcode ItemExpression}. */
  readonly each: Expression;
}
/** `target[? n FILTER …]`. */
export interface QuestionExpression extends Node {
  readonly kind: "question";
  readonly target: Expression;
  readonly levels: number;
  readonly quantifier?: Quantifier;
  readonly filter?: Expression;
}
/** The member that the accesses after an expansion apply to. */
export interface ItemExpression extends Node {
  readonly kind: "item";
}
/** `+a`, `-a`, `NOT a`. */
export interface UnaryExpression extends Node {
  readonly kind: "unary";
  readonly operator: "+" | "-" | "!";
  readonly operand: Expression;
}
/** `a operator b`. */
export interface BinaryExpression extends Node {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}
/** `a ALL == b`. */
export interface QuantifiedExpression extends Node {
  readonly kind: "quantified";
  readonly quantifier: Quantifier;
  readonly operator: ArrayOperator;
  readonly left: Expression;
  readonly right: Expression;
}
/** `a ? b : c`; without `then` it is `a ? : c`. */
export interface TernaryExpression extends Node {
  readonly kind: "ternary";
  readonly condition: Expression;
  readonly then?: Expression;
  readonly otherwise: Expression;
}
/** `a..b`. */
export interface RangeExpression extends Node {
  readonly kind: "range";
  readonly low: Expression;
  readonly high: Expression;
}
/** `F(a, b)`; the name as written, name spaces with `::`. */
export interface CallExpression extends Node {
  readonly kind: "call";
  readonly name: string;
  readonly args: readonly Expression[];
}
/** `(FOR … RETURN …)`. */
export interface SubqueryExpression extends Node {
  readonly kind: "subquery";
  readonly statements: readonly Statement[];
}

/** Anything that has a value. */
export type Expression =
  | LiteralExpression
  | NameExpression
  | BindExpression
  | CollectionBindExpression
  | ArrayExpression
  | ObjectExpression
  | AttributeExpression
  | BoundAttributeExpression
  | IndexExpression
  | ExpansionExpression
  | QuestionExpression
  | ItemExpression
  | UnaryExpression
  | BinaryExpression
  | QuantifiedExpression
  | TernaryExpression
  | RangeExpression
  | CallExpression
  | SubqueryExpression;

/** What a FOR or LET declares. */
export type Pattern =
  | { readonly kind: "variable"; readonly at: number; readonly name: string }
  /** Skipped positions are undefined. */
  | { readonly kind: "arrayPattern"; readonly at: number; readonly items: readonly (Pattern | undefined)[] }
  | {
    readonly kind: "objectPattern";
    readonly at: number;
    readonly members: readonly { readonly name: string; readonly pattern: Pattern; readonly shorthand: boolean }[];
  };

/** A declared variable. */
export type VariablePattern = Extract<Pattern, { kind: "variable" }>;

/** A collection, a view or a graph by name. */
export type DataSourceName = NameExpression | CollectionBindExpression | BindExpression;

/** `LIMIT offset, count`. */
export interface LimitClause extends Node {
  readonly offset?: Expression;
  readonly count: Expression;
}

/** Which way edges are followed. */
export type Direction = "OUTBOUND" | "INBOUND" | "ANY";

/** What a graph statement walks. */
export type GraphSubject =
  | { readonly kind: "graph"; readonly at: number; readonly name: DataSourceName }
  | {
    readonly kind: "edges";
    readonly at: number;
    readonly collections: readonly { readonly direction?: Direction; readonly name: DataSourceName }[];
  };

/** `FOR x IN list SEARCH … OPTIONS …`. */
export interface ForStatement extends Node {
  readonly kind: "for";
  readonly pattern: Pattern;
  readonly source: Expression;
  readonly search?: Expression;
  readonly options?: ObjectExpression;
}
/** `FOR v, e, p IN 1..2 OUTBOUND start GRAPH g`. */
export interface TraversalStatement extends Node {
  readonly kind: "traversal";
  readonly variables: readonly VariablePattern[];
  readonly depth?: Expression;
  readonly direction: Direction;
  readonly start: Expression;
  readonly graph: GraphSubject;
  readonly prune?: { readonly variable?: VariablePattern; readonly condition: Expression };
  readonly options?: ObjectExpression;
}
/** The path searches. */
export type PathSearch = "SHORTEST_PATH" | "K_SHORTEST_PATHS" | "ALL_SHORTEST_PATHS" | "K_PATHS";
/** `FOR v, e IN OUTBOUND SHORTEST_PATH a TO b GRAPH g`. */
export interface PathStatement extends Node {
  readonly kind: "path";
  readonly search: PathSearch;
  readonly variables: readonly VariablePattern[];
  readonly depth?: Expression;
  readonly direction: Direction;
  readonly start: Expression;
  readonly target: Expression;
  readonly graph: GraphSubject;
  readonly options?: ObjectExpression;
}
/** `LET a = 1`, one statement for each element. */
export interface LetStatement extends Node {
  readonly kind: "let";
  readonly pattern: Pattern;
  readonly value: Expression;
}
/** `FILTER a`. */
export interface FilterStatement extends Node {
  readonly kind: "filter";
  readonly condition: Expression;
}
/** One criterion of a SORT; the direction may be an expression. */
export interface SortElement extends Node {
  readonly value: Expression;
  readonly direction?: "ASC" | "DESC" | Expression;
}
/** `SORT a DESC, b`. */
export interface SortStatement extends Node {
  readonly kind: "sort";
  readonly elements: readonly SortElement[];
}
/** `LIMIT 1, 2`. */
export interface LimitStatement extends Node {
  readonly kind: "limit";
  readonly limit: LimitClause;
}
/** `RETURN DISTINCT a`. */
export interface ReturnStatement extends Node {
  readonly kind: "return";
  readonly distinct: boolean;
  readonly value: Expression;
}
/** `name = value` of a COLLECT or WINDOW. */
export interface Assignment extends Node {
  readonly variable: VariablePattern;
  readonly value: Expression;
}
/** `COLLECT a = b AGGREGATE c = SUM(d) INTO e KEEP f`. */
export interface CollectStatement extends Node {
  readonly kind: "collect";
  readonly groups: readonly Assignment[];
  readonly aggregates: readonly Assignment[];
  /** `WITH COUNT INTO v`. */
  readonly count?: VariablePattern;
  readonly into?: { readonly variable: VariablePattern; readonly projection?: Expression };
  readonly keep?: readonly VariablePattern[];
  readonly options?: ObjectExpression;
}
/** `WINDOW a WITH {preceding: 1} AGGREGATE b = SUM(c)`. */
export interface WindowStatement extends Node {
  readonly kind: "window";
  readonly range?: Expression;
  readonly bounds: ObjectExpression;
  readonly aggregates: readonly Assignment[];
}
/** `INSERT d INTO c`. */
export interface InsertStatement extends Node {
  readonly kind: "insert";
  readonly document: Expression;
  readonly collection: DataSourceName;
  readonly options?: ObjectExpression;
}
/** `REMOVE d IN c`. */
export interface RemoveStatement extends Node {
  readonly kind: "remove";
  readonly document: Expression;
  readonly collection: DataSourceName;
  readonly options?: ObjectExpression;
}
/** `UPDATE k WITH d IN c`, `REPLACE k WITH d IN c`. */
export interface UpdateStatement extends Node {
  readonly kind: "update" | "replace";
  /** The key, where there is a WITH. */
  readonly key?: Expression;
  readonly document: Expression;
  readonly collection: DataSourceName;
  readonly options?: ObjectExpression;
}
/** `UPSERT s INSERT i UPDATE u IN c`. */
export interface UpsertStatement extends Node {
  readonly kind: "upsert";
  /** An example, or a condition on CURRENT. */
  readonly search: { readonly kind: "example" | "filter"; readonly value: Expression };
  readonly insert: Expression;
  readonly replace: boolean;
  readonly update: Expression;
  readonly collection: DataSourceName;
  readonly options?: ObjectExpression;
}

/** The statements that write. */
export type ModificationStatement = InsertStatement | RemoveStatement | UpdateStatement | UpsertStatement;

/** One high-level operation. */
export type Statement =
  | ForStatement
  | TraversalStatement
  | PathStatement
  | LetStatement
  | FilterStatement
  | SortStatement
  | LimitStatement
  | ReturnStatement
  | CollectStatement
  | WindowStatement
  | ModificationStatement;

/** A whole query. */
export interface Query {
  readonly kind: "query";
  /** The text that the places refer to. */
  readonly text: string;
  /** The names after WITH. */
  readonly withCollections: readonly DataSourceName[];
  readonly statements: readonly Statement[];
  /** The bind parameters in order of appearance: `x`, and `@x` for data sources. */
  readonly binds: readonly string[];
}

/** For the end of a switch over kinds: a kind that was forgotten does not compile. */
export function unreachable(node: never): never {
  throw new TypeError(`Unexpected node ${JSON.stringify(node)}`);
}
