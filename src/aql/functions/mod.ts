/**
 * All AQL functions by name.
 *
 * @module
 */
import type { FunctionSpec } from "./function_spec.ts";

/** Every built-in AQL function by its name in upper case. */
export const AQL_FUNCTIONS: ReadonlyMap<string, FunctionSpec> = new Map();
