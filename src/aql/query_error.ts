/**
 * Errors of queries that know their place in the text.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { ErrorName } from "../base/error_table.ts";
import { excerptAt, type Location, locationOf, pointAt } from "./source.ts";

/** An error with a place in the query's text. */
export class LocatedQueryError extends ArangoError {
  /** Where the trouble starts. */
  readonly location: Location;
  /** The line and a caret under the place. */
  readonly caret: string;

  /**
   * @param name the error
   * @param message the text without the place
   * @param text the query
   * @param offset the place, in UTF-16 units
   */
  constructor(name: ErrorName, message: string, text: string, offset: number) {
    const location = locationOf(text, offset);
    super(name, `${message} near '${excerptAt(text, offset)}' at position ${location.line}:${location.column}`);
    this.location = location;
    this.caret = pointAt(text, offset);
  }
}

/** A parse error (1501) with its place. */
export function parseError(message: string, text: string, offset: number): LocatedQueryError {
  return new LocatedQueryError("ERROR_QUERY_PARSE", message, text, offset);
}

/** What a query is doing, as error messages name it. */
export type QueryState =
  | "initializing"
  | "parsing"
  | "optimizing ast"
  | "loading collections"
  | "instantiating plan"
  | "optimizing plan"
  | "instantiating executors"
  | "executing"
  | "finalizing"
  | "finished"
  | "killed";

/** The node that was at work when a query failed, outermost last. */
const traces = new WeakMap<ArangoError, string[]>();

/** Notes that an error passed through a plan node; the message names the nodes in this order. */
export function traceNode(error: unknown, node: { readonly id: number; readonly type: string }): unknown {
  if (!(error instanceof ArangoError) || plain.has(error)) return error;
  const nodes = traces.get(error);
  const entry = `[node #${node.id}: ${node.type}]`;
  if (nodes) nodes.push(entry);
  else traces.set(error, [entry]);
  return error;
}

/** Errors that are told as they are. */
const plain = new WeakSet<ArangoError>();

/**
 * Computes a constant; the error of a function that refuses to is told without what the query was doing.
 *
 * Source: recorded example `aqlArrayReplaceNth_3`.
 */
export function asConstant<T>(compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    if (error instanceof ArangoError) plain.add(error);
    throw error;
  }
}

/**
 * An error as a query reports it: `AQL: <text> [node #3: RemoveNode] (while executing)`.
 *
 * @param error the error; anything but an {@linkcode ArangoError} is a bug and stays as it is
 * @param state what the query was doing
 * @param prefix `AQL: `, or nothing for the explain API
 */
export function inQuery(error: unknown, state: QueryState, prefix = "AQL: "): unknown {
  // nesting that stays within the bounds of the language can still be too deep for the stack that is left
  if (error instanceof RangeError && error.message.includes("call stack")) {
    error = new ArangoError("ERROR_QUERY_TOO_MUCH_NESTING");
  }
  if (!(error instanceof ArangoError)) return error;
  const nodes = traces.get(error)?.map((one) => ` ${one}`).join("") ?? "";
  const message = plain.has(error) ? error.message : `${prefix}${error.message}${nodes} (while ${state})`;
  return new ArangoError(error.errorNum, message, { code: queryStatus(error), cause: error });
}

/** HTTP statuses of query errors where they differ from what the number has elsewhere. */
const QUERY_STATUSES: ReadonlyMap<number, number> = new Map([
  [403, [11]],
  [404, [1202, 1203, 1570, 1571, 1582, 1591, 1600, 1924, 1926]],
  [409, [1200, 1207, 1210, 1601, 1925]],
  [410, [1500]],
  [501, [9]],
  [500, [4, 32, 1554, 1555, 1568, 1574, 1576, 1577, 1583, 1584, 1590, 1593, 1595]],
].flatMap(([status, numbers]) => (numbers as number[]).map((number) => [number, status as number] as const)));

function queryStatus(error: ArangoError): number {
  return QUERY_STATUSES.get(error.errorNum) ?? error.code;
}
