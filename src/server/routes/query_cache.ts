/**
 * `/_api/query-cache`: results of queries that are kept.
 *
 * Source: HTTP API description.
 *
 * @module
 */
import { queryCacheOf } from "../query_cache.ts";
import { json, ok, type Route } from "../route.ts";

/** The routes. */
export const QUERY_CACHE: readonly Route[] = [
  {
    method: "DELETE",
    path: "/_api/query-cache",
    access: "read",
    handle(context) {
      queryCacheOf(context.server).clear(context.database);
      return ok();
    },
  },
  {
    method: "GET",
    path: "/_api/query-cache/entries",
    access: "read",
    handle: (context) => json(200, queryCacheOf(context.server).list(context.database)),
  },
  {
    method: "GET",
    path: "/_api/query-cache/properties",
    access: "read",
    handle: (context) => json(200, queryCacheOf(context.server).settings),
  },
  {
    method: "PUT",
    path: "/_api/query-cache/properties",
    access: "read",
    handle(context) {
      queryCacheOf(context.server).change(context.object());
      return json(200, queryCacheOf(context.server).settings);
    },
  },
  ...["GET", "PUT", "DELETE"].map((method): Route => ({
    method,
    path: "/_api/query-cache/*rest",
    access: "read",
    handle: (context) => context.refusePath("/_api/query-cache/properties", "missing"),
  })),
];
