/**
 * Functions that cannot do their work here: they have their place in the table, so that a query learns why.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import type { FunctionSpec } from "./function_spec.ts";

/** A function whose every call ends the query with error 9 and `reason`. */
function unsupported(name: string, args: FunctionSpec["args"], reason: string): FunctionSpec {
  return {
    name,
    args,
    deterministic: false,
    unsupported: reason,
    run: () => {
      throw new ArangoError("ERROR_NOT_IMPLEMENTED", `function '${name}()' is not supported: ${reason}`);
    },
  };
}

/** A function that ArangoDB itself takes only in searches of views. */
function searchOnly(name: string, args: FunctionSpec["args"]): FunctionSpec {
  return unsupported(name, args, "it works in SEARCH statements of views only, and there are no views");
}

/** A function on vectors that works only where a vector index serves it. */
function nearest(name: string): FunctionSpec {
  return {
    name,
    args: [2, 3],
    deterministic: true,
    unsupported: "there are no vector indexes",
    run: () => {
      throw new ArangoError(
        "ERROR_QUERY_VECTOR_SEARCH_NOT_APPLIED",
        `failed vector search: function '${name}()' needs a vector index, and there are none`,
      );
    },
  };
}

/** Functions that are known but not supported. */
export const UNSUPPORTED_FUNCTIONS: readonly FunctionSpec[] = [
  nearest("APPROX_NEAR_COSINE"),
  nearest("APPROX_NEAR_INNER_PRODUCT"),
  nearest("APPROX_NEAR_L2"),
  searchOnly("BM25", [1, 3]),
  searchOnly("EXISTS", [1, 3]),
  unsupported("MINHASH", [2, 2], "its signatures have to be those of ArangoDB's search engine"),
  unsupported("MINHASH_MATCH", [3, 4], "it is for views, and there are none"),
  searchOnly("OFFSET_INFO", [2, 2]),
  searchOnly("PHRASE", [2, Infinity]),
  searchOnly("TFIDF", [1, 2]),
];

/** Names that ArangoDB keeps for itself: a query that uses one gets error 1540, as for any unknown name. */
export const INTERNAL_FUNCTION_NAMES: ReadonlySet<string> = new Set([
  "INTERNAL",
  "MAKE_DISTRIBUTE_GRAPH_INPUT",
  "MAKE_DISTRIBUTE_INPUT",
  "MAKE_DISTRIBUTE_INPUT_WITH_KEY_CREATION",
  "SELECT_SMART_DISTRIBUTE_GRAPH_INPUT",
]);
