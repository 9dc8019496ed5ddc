/**
 * Statements whose names are resolved: the resolver makes them, the planner takes them.
 *
 * Subqueries have become statements of their own before the one that uses their result.
 *
 * @module
 */
import type { Direction, PathSearch } from "./ast.ts";
import type { Expr, Variable } from "./plan/expression.ts";
import type { AqlObject } from "./values.ts";

/** A collection that a statement names. */
export interface BoundCollection {
  readonly name: string;
  /** It stands for a `@@name` without value. */
  readonly parameter?: boolean;
}

/** The options of a statement: constant, or (while parsing only) as they stand. */
export interface BoundOptions {
  readonly expression: Expr;
  readonly value: AqlObject;
}

/** One aggregation of a COLLECT or WINDOW. */
export interface BoundAggregate {
  readonly variable: Variable;
  /** The function's name in upper case. */
  readonly name: string;
  readonly argument?: Expr;
}

/** What a graph statement walks. */
export interface BoundGraph {
  /** The name of a graph, if it is one. */
  readonly name?: Expr;
  /** The edge collections; of a named graph only where the query is to be run. */
  readonly edges: readonly { readonly direction: Direction; readonly collection: BoundCollection }[];
  /** The vertex collections of a named graph, where the query is to be run. */
  readonly vertexCollections: readonly string[];
}

/** The INTO part of a COLLECT. */
export interface BoundInto {
  readonly variable: Variable;
  readonly projection?: Expr;
  /** The variables that the members of the groups carry. */
  readonly variables: readonly Variable[];
  /** Whether KEEP chose them. */
  readonly keep: boolean;
}

/** Common to the statements that write. */
interface BoundWrite {
  readonly collection: BoundCollection;
  readonly options: BoundOptions | undefined;
  readonly oldVariable?: Variable;
  readonly newVariable?: Variable;
}

/** One statement. */
export type BoundStatement =
  | {
    readonly kind: "for";
    readonly variable: Variable;
    readonly source: Expr;
    readonly search?: Expr;
    readonly options: BoundOptions | undefined;
    /** Whether the loop sees what the query itself has written. */
    readonly current?: boolean;
  }
  | {
    readonly kind: "traversal";
    readonly variables: readonly Variable[];
    readonly depth?: Expr;
    readonly direction: Direction;
    readonly start: Expr;
    readonly graph: BoundGraph;
    readonly prune?: { readonly variable?: Variable; readonly condition: Expr };
    readonly options: BoundOptions | undefined;
  }
  | {
    readonly kind: "path";
    readonly search: PathSearch;
    readonly variables: readonly Variable[];
    readonly depth?: Expr;
    readonly direction: Direction;
    readonly start: Expr;
    readonly target: Expr;
    readonly graph: BoundGraph;
    readonly options: BoundOptions | undefined;
  }
  | { readonly kind: "let"; readonly variable: Variable; readonly value: Expr }
  | { readonly kind: "subquery"; readonly variable: Variable; readonly statements: readonly BoundStatement[] }
  | { readonly kind: "filter"; readonly condition: Expr }
  | { readonly kind: "sort"; readonly elements: readonly { readonly value: Expr; readonly ascending: boolean }[] }
  | { readonly kind: "limit"; readonly offset: Expr; readonly count: Expr }
  | { readonly kind: "return"; readonly value: Expr; readonly distinct: boolean }
  | {
    readonly kind: "collect";
    readonly groups: readonly { readonly variable: Variable; readonly value: Expr }[];
    readonly aggregates: readonly BoundAggregate[];
    readonly into?: BoundInto;
    readonly options: BoundOptions | undefined;
  }
  | {
    readonly kind: "window";
    readonly range?: Expr;
    readonly bounds: Expr;
    readonly aggregates: readonly BoundAggregate[];
  }
  | BoundWrite & { readonly kind: "insert" | "remove"; readonly document: Expr }
  | BoundWrite & { readonly kind: "update" | "replace"; readonly key?: Expr; readonly document: Expr }
  | BoundWrite & {
    readonly kind: "upsert";
    /** What was searched for: an example, or a condition. */
    readonly search: Expr;
    /** Holds the document that was found, or null; a statement before this one has set it. */
    readonly oldVariable: Variable;
    readonly newVariable: Variable;
    readonly insert: Expr;
    readonly update: Expr;
    readonly replace: boolean;
  };

/** A resolved query. */
export interface BoundQuery {
  readonly statements: readonly BoundStatement[];
  /** All variables by id. */
  readonly variables: readonly Variable[];
  /** What is read and written, by collection; in order of appearance. */
  readonly collections: ReadonlyMap<string, "read" | "write" | "exclusive">;
}
