/**
 * Views: denosh has none yet, and their list is empty.
 *
 * @module
 */
import { ArangoError, arangoError } from "../../base/arango_error.ts";
import type { ApiReply } from "../../base/exchange.ts";
import { ok, type RequestContext, type Route } from "../route.ts";

function noSuchView(context: RequestContext): ApiReply {
  throw arangoError("ERROR_ARANGO_DATA_SOURCE_NOT_FOUND", context.params.view);
}

function notYet(): ApiReply {
  throw new ArangoError("ERROR_NOT_IMPLEMENTED", "not implemented: denosh has no views yet");
}

/** The routes. */
export const VIEWS: readonly Route[] = [
  { method: "GET", path: "/_api/view", access: "read", handle: () => ok({ result: [] }) },
  { method: "POST", path: "/_api/view", access: "write", handle: notYet },
  { method: "*", path: "/_api/view/:view/*rest", access: "read", handle: noSuchView },
];
