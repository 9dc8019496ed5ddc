/**
 * Which queries may ask for the plan cache by name (`usePlanCache`).
 *
 * Source: ArangoDB's manual, "The execution plan cache for AQL queries", section "Cache eligibility".
 *
 * @module
 */
import type { Query } from "./ast.ts";

type Piece = Readonly<Record<string, unknown>>;

/** The parts of a syntax tree whose plan depends on the values of parameters in them. */
const FIXED_PARTS: Readonly<Record<string, readonly string[]>> = {
  limit: ["limit"],
  traversal: ["depth", "graph"],
  path: ["depth", "graph"],
};
/** What no plan is shared for, wherever it stands. */
const NEVER: ReadonlySet<unknown> = new Set(["boundAttribute", "bound", "upsert"]);
const BINDS: ReadonlySet<unknown> = new Set(["bind", "collectionBind"]);

function some(node: unknown, holds: (piece: Piece) => boolean): boolean {
  if (node === null || typeof node !== "object") return false;
  return holds(node as Piece) || Object.values(node).some((part) => some(part, holds));
}

/** Whether the plan of a query can serve other values of its parameters. */
export function isEligible(query: Query): boolean {
  return !some(query.statements, (piece) =>
    NEVER.has(piece.kind) ||
    (FIXED_PARTS[String(piece.kind)] ?? []).some((name) => some(piece[name], ({ kind }) => BINDS.has(kind))));
}
