/**
 * `/_api/analyzer`: analyzers of texts.
 *
 * Source: recorded examples `RestAnalyzer*`; HTTP API description.
 *
 * @module
 */
import type { AnalyzerProperties } from "../../analyzers/analyzer.ts";
import { ArangoError } from "../../base/arango_error.ts";
import type { ApiReply } from "../../base/exchange.ts";
import { analyzersOf, noAnalyzer } from "../analyzers.ts";
import { json, ok, type RequestContext, type Route } from "../route.ts";

function get(context: RequestContext): ApiReply {
  const name = context.params.analyzer!;
  const found = analyzersOf(context).find(name);
  if (!found) throw noAnalyzer(name);
  return ok({ ...found });
}

function create(context: RequestContext): ApiReply {
  const { name, type, properties, features = [] } = context.object();
  const isObject = properties === undefined || properties === null ||
    (typeof properties === "object" && !Array.isArray(properties));
  if (typeof name !== "string" || typeof type !== "string" || !isObject) {
    const shape = "{ name: <string>, type: <string>[, properties: <object>[, features: <string-array>]] }";
    throw new ArangoError("ERROR_BAD_PARAMETER", `bad parameter: an analyzer must be of the form ${shape}`);
  }
  const given = (properties ?? {}) as AnalyzerProperties;
  const [definition, isNew] = analyzersOf(context).save(name, type, given, features);
  return json(isNew ? 201 : 200, definition);
}

function remove(context: RequestContext): ApiReply {
  return ok({ name: analyzersOf(context).remove(context.params.analyzer!) });
}

/** The routes. */
export const ANALYZERS: readonly Route[] = [
  {
    method: "GET",
    path: "/_api/analyzer",
    access: "read",
    handle: (context) => ok({ result: analyzersOf(context).all() }),
  },
  { method: "POST", path: "/_api/analyzer", access: "write", handle: create },
  { method: "GET", path: "/_api/analyzer/:analyzer", access: "read", handle: get },
  { method: "DELETE", path: "/_api/analyzer/:analyzer", access: "write", handle: remove },
];
