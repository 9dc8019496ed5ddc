/**
 * `/_api/ttl`: documents that expire.
 *
 * Source: HTTP API description; `arangosh.md` §3.9.
 *
 * @module
 */
import type { ApiReply } from "../../base/exchange.ts";
import { expiryOf } from "../expiry.ts";
import { ok, type RequestContext, type Route } from "../route.ts";

function change(context: RequestContext): ApiReply {
  const expiry = expiryOf(context.server);
  expiry.change(context.object());
  return ok({ result: expiry.settings });
}

/** The routes. */
export const TTL: readonly Route[] = [
  {
    method: "GET",
    path: "/_api/ttl/statistics",
    access: "read",
    handle: ({ server }) => ok({ result: expiryOf(server).statistics }),
  },
  {
    method: "GET",
    path: "/_api/ttl/properties",
    access: "read",
    handle: ({ server }) => ok({ result: expiryOf(server).settings }),
  },
  { method: "PUT", path: "/_api/ttl/properties", access: "admin", handle: change },
];
