/**
 * All AQL functions by name.
 *
 * @module
 */
import { ARRAY_FUNCTIONS } from "./array.ts";
import { BIT_FUNCTIONS } from "./bit.ts";
import { DATABASE_FUNCTIONS } from "./database.ts";
import { DATE_FUNCTIONS } from "./date.ts";
import type { FunctionSpec } from "./function_spec.ts";
import { GEO_FUNCTIONS } from "./geo.ts";
import { HASH_FUNCTIONS } from "./hash.ts";
import { INDEX_LOOKUPS } from "./index_lookups.ts";
import { IP_FUNCTIONS } from "./ip.ts";
import { dynamicCalls, MISCELLANEOUS_FUNCTIONS } from "./miscellaneous.ts";
import { NUMERIC_FUNCTIONS } from "./numeric.ts";
import { OBJECT_FUNCTIONS } from "./object.ts";
import { REGEX_FUNCTIONS } from "./regex.ts";
import { SIMILARITY_FUNCTIONS } from "./similarity.ts";
import { STATISTICS_FUNCTIONS } from "./statistics.ts";
import { STRING_FUNCTIONS } from "./string.ts";
import { TYPE_FUNCTIONS } from "./type.ts";
import { UNSUPPORTED_FUNCTIONS } from "./unsupported.ts";

export {
  type FulltextLookup,
  type FunctionContext,
  type FunctionData,
  type FunctionSpec,
  type GeoLookup,
} from "./function_spec.ts";
export { checkArgumentCount, qualifiedName } from "./miscellaneous.ts";

/** Every built-in AQL function by its name in upper case. */
export const AQL_FUNCTIONS: ReadonlyMap<string, FunctionSpec> = new Map(
  [
    ARRAY_FUNCTIONS,
    BIT_FUNCTIONS,
    DATABASE_FUNCTIONS,
    DATE_FUNCTIONS,
    GEO_FUNCTIONS,
    HASH_FUNCTIONS,
    INDEX_LOOKUPS,
    IP_FUNCTIONS,
    MISCELLANEOUS_FUNCTIONS,
    NUMERIC_FUNCTIONS,
    OBJECT_FUNCTIONS,
    REGEX_FUNCTIONS,
    SIMILARITY_FUNCTIONS,
    STATISTICS_FUNCTIONS,
    STRING_FUNCTIONS,
    TYPE_FUNCTIONS,
    UNSUPPORTED_FUNCTIONS,
    dynamicCalls((name) => AQL_FUNCTIONS.get(name)),
  ].flatMap((family) => family.map((spec) => [spec.name, spec] as const)),
);
