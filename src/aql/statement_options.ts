/**
 * The options of statements: which there are, and what their values may be.
 *
 * Source: sections 7.1, 8.2, 9.4 and 11 of `aql.md`.
 *
 * @module
 */
import { type AqlObject, type AqlValue, isObject } from "./values.ts";

type Check = (value: AqlValue) => boolean;

const anything: Check = () => true;
const flag: Check = (value) => typeof value === "boolean";
const number: Check = (value) => typeof value === "number";
const text: Check = (value) => typeof value === "string";
const textOrTexts: Check = (value) =>
  typeof value === "string" || (Array.isArray(value) && value.every((one) => typeof one === "string"));

/** Names of indexes by collection, direction and level. */
const hintsOfSteps: Check = (value) =>
  isObject(value) &&
  Object.values(value).every((ways) =>
    isObject(ways) && Object.entries(ways).every(([way, levels]) =>
      (way === "inbound" || way === "outbound") && isObject(levels) &&
      Object.entries(levels).every(([level, names]) => /^(?:base|\d+)$/.test(level) && textOrTexts(names))
    )
  );

const WRITE: Readonly<Record<string, Check>> = {
  waitForSync: flag,
  ignoreErrors: flag,
  exclusive: flag,
  refillIndexCaches: flag,
};
const HINTS: Readonly<Record<string, Check>> = {
  indexHint: textOrTexts,
  forceIndexHint: flag,
  disableIndex: flag,
  useCache: flag,
};
const GRAPH: Readonly<Record<string, Check>> = {
  weightAttribute: anything,
  defaultWeight: anything,
  useCache: flag,
};

/** The options of each statement, by the name that messages use. */
const OPTIONS: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  FOR: { ...HINTS, maxProjections: number, lookahead: number },
  INSERT: {
    ...WRITE,
    keepNull: flag,
    mergeObjects: flag,
    overwrite: flag,
    overwriteMode: text,
    versionAttribute: text,
    skipDocumentValidation: flag,
    ignoreRevs: flag,
  },
  UPDATE: {
    ...WRITE,
    keepNull: flag,
    mergeObjects: flag,
    ignoreRevs: flag,
    versionAttribute: text,
    skipDocumentValidation: flag,
  },
  REPLACE: {
    ...WRITE,
    ignoreRevs: flag,
    versionAttribute: text,
    skipDocumentValidation: flag,
    keepNull: flag,
    mergeObjects: flag,
  },
  REMOVE: { ...WRITE, ignoreRevs: flag, keepNull: flag, mergeObjects: flag },
  UPSERT: {
    ...WRITE,
    ...HINTS,
    keepNull: flag,
    mergeObjects: flag,
    ignoreRevs: flag,
    readOwnWrites: flag,
    versionAttribute: text,
    skipDocumentValidation: flag,
  },
  COLLECT: { method: text, disableIndex: flag },
  TRAVERSAL: {
    ...GRAPH,
    order: anything,
    bfs: flag,
    uniqueVertices: anything,
    uniqueEdges: anything,
    edgeCollections: anything,
    vertexCollections: anything,
    parallelism: number,
    maxProjections: number,
    indexHint: hintsOfSteps,
  },
  SHORTEST_PATH: GRAPH,
  K_SHORTEST_PATHS: GRAPH,
  ALL_SHORTEST_PATHS: GRAPH,
  K_PATHS: GRAPH,
};

/**
 * Warns (1539) about options that a statement does not have, or whose values it cannot take.
 *
 * @param statement the name as messages use it
 * @param warn where warnings go
 * @returns the options that count
 */
export function checkedOptions(
  statement: string,
  options: AqlObject,
  warn: (errorNum: number, message: string) => void,
): AqlObject {
  const checks = OPTIONS[statement] ?? {};
  const valid: AqlObject = {};
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(checks, name)) {
      warn(1539, `usage of unknown OPTIONS attribute '${name}' in ${statement} statement`);
    } else if (!checks[name]!(value)) {
      warn(1539, `usage of invalid value for OPTIONS attribute '${name}' in ${statement} statement`);
    } else {
      valid[name] = value;
    }
  }
  if (valid.disableIndex === true && valid.indexHint !== undefined) {
    warn(1539, `usage of contradicting OPTIONS attributes 'disableIndex' and 'indexHint' in ${statement} statement`);
    delete valid.indexHint;
  }
  return valid;
}
