/**
 * What a request that has a query asks for.
 *
 * Source: HTTP API description, `POST /_api/cursor`.
 *
 * @module
 */
import type { QueryOptions } from "../aql/query.ts";
import { type AqlValue, parseJson } from "../aql/values.ts";
import { ArangoError } from "../base/arango_error.ts";
import type { RequestContext } from "./route.ts";

/** The body of a request with a query: JSON, with integers beyond 2^53 kept as they are. */
export type QueryBody = Record<string, AqlValue>;

/**
 * The body of a request.
 *
 * @throws ArangoError 600 for what is no JSON, 1502 for what is no object, and so has no query
 */
export function bodyOf(context: RequestContext): QueryBody {
  const text = context.text();
  let value: AqlValue | undefined;
  try {
    value = text === "" ? undefined : parseJson(text);
  } catch {
    // says what is wrong with it
    context.json();
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new ArangoError("ERROR_QUERY_EMPTY");
  return value;
}

/**
 * The text of the query.
 *
 * @throws ArangoError 1502 if there is none
 */
export function queryText({ query }: QueryBody): string {
  if (typeof query !== "string" || query === "") throw new ArangoError("ERROR_QUERY_EMPTY");
  return query;
}

/**
 * The options, as the client gives them.
 *
 * @throws ArangoError 10 for options that are no object
 */
export function optionsOf(body: QueryBody): Record<string, AqlValue> {
  const options = body.options ?? {};
  if (typeof options !== "object" || Array.isArray(options)) {
    throw new ArangoError("ERROR_BAD_PARAMETER", "bad parameter: options must be an object");
  }
  return options;
}

/** The options that the query engine knows; those of wrong types are left out. */
export function queryOptions(body: QueryBody): QueryOptions {
  const options = optionsOf(body);
  const flags = [
    "fullCount",
    "failOnWarning",
    "stream",
    "silent",
    "allPlans",
    "verbosePlans",
    "usePlanCache",
    "skipInaccessibleCollections",
  ];
  const numbers = [
    "maxRuntime",
    "memoryLimit",
    "maxWarningCount",
    "maxNumberOfPlans",
    "maxDNFConditionMembers",
    "intermediateCommitCount",
    "intermediateCommitSize",
    "maxTransactionSize",
  ];
  const known: Record<string, unknown> = {};
  for (const name of flags) if (typeof options[name] === "boolean") known[name] = options[name];
  for (const name of numbers) if (typeof options[name] === "number") known[name] = options[name];
  if (typeof body.memoryLimit === "number") known.memoryLimit = body.memoryLimit;
  if (body.stream === true) known.stream = true;
  if (typeof options.profile === "number" || typeof options.profile === "boolean") known.profile = options.profile;
  const { optimizer } = options;
  if (optimizer !== null && typeof optimizer === "object" && !Array.isArray(optimizer)) {
    const { rules } = optimizer;
    if (Array.isArray(rules)) known.optimizer = { rules: rules.filter((one) => typeof one === "string") };
  }
  return known;
}

/** Whether a query may change something: words alone, for it only decides where the query runs. */
export function mayChange(text: string): boolean {
  return /\b(?:INSERT|UPDATE|REPLACE|REMOVE|UPSERT)\b/i.test(text);
}
