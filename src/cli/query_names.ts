/**
 * The words of queries that the prompt completes.
 *
 * @module
 */
import { AQL_FUNCTIONS } from "../aql/functions/mod.ts";
import { KEYWORDS } from "../aql/token.ts";
import type { QueryNames } from "../shell/query_completion.ts";

/** All keywords and functions of AQL. */
export const QUERY_NAMES: QueryNames = { keywords: Object.keys(KEYWORDS), functions: [...AQL_FUNCTIONS.keys()] };
