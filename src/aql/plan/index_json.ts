/**
 * Indexes and hints at indexes in the shape that explain shows them in.
 *
 * @module
 */
import type { SourceIndex } from "../data_source.ts";
import type { AqlObject } from "../values.ts";

/** The hint at indexes that a loop's options have. */
export function indexHint(options: AqlObject): AqlObject {
  const forced = options.forceIndexHint === true;
  const lookahead = lookaheadOf(options);
  if (options.disableIndex === true) return { forced, lookahead, type: "disabled" };
  if (options.indexHint === undefined) return { forced, lookahead, type: "none" };
  const hint = typeof options.indexHint === "string" ? [options.indexHint] : options.indexHint;
  return { forced, lookahead, type: "simple", hint };
}

/** How many entries of a multi-dimensional index a loop is to try before it seeks, which changes nothing here. */
export function lookaheadOf({ lookahead }: AqlObject): number {
  return typeof lookahead === "number" && lookahead >= 0 ? Math.trunc(lookahead) : 1;
}

/** An index as the nodes that use it show it. */
export function indexJson(index: SourceIndex): AqlObject {
  const { id, type, name, fields, selectivityEstimate, unique, sparse, deduplicate } = index;
  const { estimates = true, cacheEnabled = false, storedValues = [] } = index;
  return {
    id,
    type,
    name,
    fields: [...fields],
    ...(selectivityEstimate === undefined ? {} : { selectivityEstimate }),
    unique,
    sparse,
    ...(deduplicate === undefined ? {} : { deduplicate, estimates, cacheEnabled }),
    ...(storedValues.length > 0 ? { storedValues: [...storedValues] } : {}),
  };
}
