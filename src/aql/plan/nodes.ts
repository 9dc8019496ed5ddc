/**
 * The nodes of execution plans, with ArangoDB's names.
 *
 * A plan is a list of nodes in execution order; a subquery is a node that holds the list of its own.
 *
 * Source: section 19.3 of `aql.md`.
 *
 * @module
 */
import type { PathSearch } from "../ast.ts";
import type { SourceIndex } from "../data_source.ts";
import type { AqlObject } from "../values.ts";
import type { Depth, EdgeSources, TraversalSettings, WeightSettings } from "./graph_settings.ts";
import type { CallExpr, Expr, Variable } from "./expression.ts";
import type { EdgeLookup } from "./edge_lookups.ts";

interface Node {
  readonly id: number;
  /** Whether the node may work ahead of those that read it. @default {false} */
  readonly prefetch?: boolean;
}

/** Starts every plan with one empty row. */
export interface SingletonNode extends Node {
  readonly type: "SingletonNode";
}
/** All documents of a collection. */
export interface EnumerateCollectionNode extends Node {
  readonly type: "EnumerateCollectionNode";
  readonly collection: string;
  readonly outVariable: Variable;
  /** The OPTIONS of the FOR. */
  readonly options: AqlObject;
  /** Whether the query's own writes are seen. */
  readonly current: boolean;
  readonly projections?: readonly Projection[];
  /** What documents have to fulfil to become rows. */
  readonly filter?: Expr;
  /** Whether one document is taken at random. @default {false} */
  readonly random?: boolean;
  /** Whether anything reads the documents. @default {true} */
  readonly producesResult?: boolean;
  /** Whether there is one row, with the number of documents instead of a document. @default {false} */
  readonly count?: boolean;
}
/** An attribute that a loop takes out of each document. */
export interface Projection {
  readonly path: readonly string[];
  /** Holds the attribute, where it has a variable of its own. */
  readonly variable?: Variable;
}
/** The documents of a collection that indexes find. */
export interface IndexNode extends Node {
  readonly type: "IndexNode";
  readonly collection: string;
  readonly outVariable: Variable;
  readonly options: AqlObject;
  readonly current: boolean;
  /** An index for each branch of the condition; a single one where there is no condition. */
  readonly indexes: readonly SourceIndex[];
  /** What the documents fulfil: one of the branches, of that all terms. No branch: every document. */
  readonly condition: readonly (readonly Expr[])[];
  /** Whether rows have to come in the order of the index, because no SORT follows. */
  readonly ordered: boolean;
  /** The fields of the SORT that the order stands for. */
  readonly sortedBy?: readonly string[];
  readonly ascending: boolean;
  /** What the COLLECT behind the loop, which the index serves, needs of it. */
  readonly collect?: IndexCollect;
  /** The distance by which rows come from a geo index. */
  readonly nearest?: CallExpr;
  readonly projections?: readonly Projection[];
  readonly filter?: Expr;
  /** Whether anything reads the documents. @default {true} */
  readonly producesResult?: boolean;
  /** Whether there is one row, with the number of documents instead of a document. @default {false} */
  readonly count?: boolean;
  /** Holds where a document is, if a {@linkcode MaterializeNode} reads it: the loop gives no more than the index has. */
  readonly placeVariable?: Variable;
  /** The id of the JoinNode that this loop and those next to it with the same id are shown as. */
  readonly join?: number;
  /** How many documents are needed of each combination of values that the index is searched for, the first in its order. */
  readonly limit?: number;
}
/** How an index serves a COLLECT. */
export interface IndexCollect {
  /** The groups are the combinations of values of so many of the index's first fields. */
  readonly fields: number;
  /** Whether one entry of each group is enough. */
  readonly leaps: boolean;
}
/** Reads the documents whose places an index loop has found. */
export interface MaterializeNode extends Node {
  readonly type: "MaterializeNode";
  readonly collection: string;
  readonly inVariable: Variable;
  /** The variable of the index loop. */
  readonly loopVariable: Variable;
  readonly outVariable: Variable;
  readonly projections?: readonly Projection[];
}
/** The members of an array, or the attributes of an object. */
export interface EnumerateListNode extends Node {
  readonly type: "EnumerateListNode";
  readonly inVariable: Variable;
  /** Of objects it is not set. */
  readonly outVariable: Variable;
  /** Hold the name and the value of an attribute, where objects are gone through. */
  readonly entries?: { readonly key: Variable; readonly value: Variable };
  /** What members have to fulfil to become rows. */
  readonly filter?: Expr;
}
/** Computes a variable. */
export interface CalculationNode extends Node {
  readonly type: "CalculationNode";
  readonly outVariable: Variable;
  readonly expression: Expr;
}
/** Runs a plan for each row and keeps its results as an array. */
export interface SubqueryNode extends Node {
  readonly type: "SubqueryNode";
  readonly outVariable: Variable;
  readonly nodes: readonly PlanNode[];
  /** The id of its end, where it is shown as a part of the plan around it. */
  readonly endId?: number;
}
/** Drops rows. */
export interface FilterNode extends Node {
  readonly type: "FilterNode";
  readonly inVariable: Variable;
}
/** Skips rows and ends. */
export interface LimitNode extends Node {
  readonly type: "LimitNode";
  readonly offset: number;
  readonly limit: number;
  readonly fullCount: boolean;
}
/** Sorts; with a limit no more rows are needed. */
export interface SortNode extends Node {
  readonly type: "SortNode";
  readonly elements: readonly { readonly inVariable: Variable; readonly ascending: boolean }[];
  readonly limit?: number;
  /** In the order of how many of the first elements the rows come already. @default {0} */
  readonly grouped?: number;
}
/** One aggregation. */
export interface PlanAggregate {
  readonly outVariable: Variable;
  readonly inVariable?: Variable;
  readonly type: string;
}
/** Groups rows. */
export interface CollectNode extends Node {
  readonly type: "CollectNode";
  readonly method: "hash" | "sorted" | "distinct" | "count";
  /** Whether the method is decided. @default {false} */
  readonly specialized?: boolean;
  readonly groups: readonly { readonly outVariable: Variable; readonly inVariable: Variable }[];
  readonly aggregates: readonly PlanAggregate[];
  readonly into?: {
    readonly outVariable: Variable;
    /** What each row contributes. */
    readonly expressionVariable?: Variable;
    /** Without an expression: the variables that each row contributes. */
    readonly keepVariables: readonly Variable[];
  };
  readonly options: AqlObject;
}
/** Where a window ends: so many rows, or so far in value; `months` for durations. */
export type WindowBound = number | { readonly months: number; readonly milliseconds: number };
/** Adds aggregations over neighbouring rows. */
export interface WindowNode extends Node {
  readonly type: "WindowNode";
  readonly rangeVariable?: Variable;
  readonly preceding: WindowBound;
  readonly following: WindowBound;
  /** The bounds as the user wrote them. */
  readonly bounds: AqlObject;
  readonly aggregates: readonly PlanAggregate[];
}
/** Gives the results. */
export interface ReturnNode extends Node {
  readonly type: "ReturnNode";
  readonly inVariable: Variable;
}
/** No rows at all. */
export interface NoResultsNode extends Node {
  readonly type: "NoResultsNode";
}
interface WriteNode extends Node {
  readonly collection: string;
  readonly options: AqlObject;
  readonly outVariableOld?: Variable;
  readonly outVariableNew?: Variable;
}
/** Stores documents. */
export interface InsertNode extends WriteNode {
  readonly type: "InsertNode";
  readonly inVariable: Variable;
}
/** Removes documents. */
export interface RemoveNode extends WriteNode {
  readonly type: "RemoveNode";
  readonly inVariable: Variable;
}
/** Changes or replaces documents. */
export interface UpdateNode extends WriteNode {
  readonly type: "UpdateNode" | "ReplaceNode";
  readonly inDocVariable: Variable;
  readonly inKeyVariable?: Variable;
}
/** Changes a document that was found, else stores one. */
export interface UpsertNode extends WriteNode {
  readonly type: "UpsertNode";
  /** The document that was found, or null. */
  readonly inDocVariable: Variable;
  readonly insertVariable: Variable;
  readonly updateVariable: Variable;
  readonly isReplace: boolean;
}
/** What graph nodes have in common. */
interface GraphNode extends Node {
  readonly direction: "OUTBOUND" | "INBOUND" | "ANY";
  /** The named graph, if it is one. */
  readonly graph?: string;
  readonly edges: EdgeSources;
  /** The vertex collections of a named graph. */
  readonly vertexCollections: readonly string[];
  readonly start: Expr;
}
/** A condition on single vertices or edges of a path, which a traversal tests while it goes. */
export interface PathCondition {
  readonly part: "vertex" | "edge";
  /** Which one of the path's vertices or edges, from 0; absent: every one. */
  readonly depth?: number;
  /** Stands for the vertex or edge in the condition; of traversals their own variable of that kind. */
  readonly variable: Variable;
  readonly condition: Expr;
  /** The term of a filter that says so. */
  readonly term: Expr;
}
/** The paths of a graph node, and what filters demand of them. */
interface PathParts {
  /** The attributes of the path that are read. @default all */
  readonly pathParts?: readonly string[];
  /** What all paths have to fulfil that are gone at all. */
  readonly conditions?: readonly PathCondition[];
  /** The terms of filters that need not be tested again. */
  readonly covered?: readonly Expr[];
}
/** Walks a graph. */
export interface TraversalNode extends GraphNode, PathParts {
  readonly type: "TraversalNode";
  readonly vertexOutVariable: Variable;
  readonly edgeOutVariable?: Variable;
  readonly pathOutVariable?: Variable;
  readonly prune?: { readonly variable?: Variable; readonly condition: Expr };
  /** What the vertex and the edge have to fulfil to become rows. */
  readonly postFilter?: Expr;
  readonly settings: TraversalSettings;
  /** Names of indexes to prefer, by collection, direction and level. */
  readonly indexHint?: AqlObject;
  /** How edges are found; absent until the plan is ready. */
  readonly lookups?: readonly EdgeLookup[];
}
/** Searches paths between two vertices. */
export interface PathNode extends GraphNode, PathParts {
  readonly type: "ShortestPathNode" | "EnumeratePathsNode";
  readonly search: PathSearch;
  readonly target: Expr;
  readonly outVariables: readonly Variable[];
  readonly depth: Depth;
  readonly settings: WeightSettings;
}

/** A step of a plan. */
export type PlanNode =
  | SingletonNode
  | EnumerateCollectionNode
  | IndexNode
  | MaterializeNode
  | EnumerateListNode
  | CalculationNode
  | SubqueryNode
  | FilterNode
  | LimitNode
  | SortNode
  | CollectNode
  | WindowNode
  | ReturnNode
  | NoResultsNode
  | InsertNode
  | RemoveNode
  | UpdateNode
  | UpsertNode
  | TraversalNode
  | PathNode;

/** A whole plan. */
export interface Plan {
  readonly nodes: readonly PlanNode[];
  readonly variables: readonly Variable[];
  readonly collections: ReadonlyMap<string, "read" | "write" | "exclusive">;
  /** The rules that changed the plan, in the order of their work. */
  readonly rules: readonly string[];
  /** The highest id of a node. */
  readonly lastId: number;
}
