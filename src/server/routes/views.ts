/**
 * Views and analyzers: what denosh has none of, as lists that are empty.
 *
 * @module
 */
import { ArangoError, arangoError } from "../../base/arango_error.ts";
import type { ApiReply } from "../../base/exchange.ts";
import { ok, type RequestContext, type Route } from "../route.ts";

function noSuchView(context: RequestContext): ApiReply {
  throw arangoError("ERROR_ARANGO_DATA_SOURCE_NOT_FOUND", context.params.view);
}

/** A handler that says what is missing. */
function missing(what: string): (context: RequestContext) => ApiReply {
  return () => {
    throw new ArangoError("ERROR_NOT_IMPLEMENTED", `not implemented: denosh has no ${what} yet`);
  };
}

function noSuchAnalyzer(): ApiReply {
  throw new ArangoError("ERROR_ARANGO_DOCUMENT_NOT_FOUND");
}

/** The routes. */
export const VIEWS: readonly Route[] = [
  { method: "GET", path: "/_api/view", access: "read", handle: () => ok({ result: [] }) },
  { method: "POST", path: "/_api/view", access: "write", handle: missing("views") },
  { method: "*", path: "/_api/view/:view/*rest", access: "read", handle: noSuchView },
  { method: "GET", path: "/_api/analyzer", access: "read", handle: () => ok({ result: [] }) },
  { method: "POST", path: "/_api/analyzer", access: "write", handle: missing("analyzers") },
  { method: "*", path: "/_api/analyzer/:analyzer", access: "read", handle: noSuchAnalyzer },
];
