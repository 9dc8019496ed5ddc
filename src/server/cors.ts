/**
 * Headers for browsers that ask from another origin.
 *
 * Source: ArangoDB's manual, "Cross-Origin Resource Sharing (CORS) requests".
 *
 * @module
 */
import type { ApiRequest } from "../base/exchange.ts";
import type { Headers } from "./reply.ts";

/** All methods that the server knows. */
export const METHODS: readonly string[] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];
const EXPOSED = "etag, content-encoding, content-length, location, server, x-arango-errors, x-arango-async-id";
/** Seconds for which a browser may remember the answer. */
const MAX_AGE = "1800";

/**
 * The headers that tell a browser what it may do with an answer; none for requests that name no origin.
 *
 * @param trusted origins whose requests may carry credentials; `*` stands for all
 */
export function corsHeaders(request: ApiRequest, trusted: readonly string[]): Headers {
  const { origin } = request.headers;
  if (origin === undefined || origin === "") return {};
  const isTrusted = trusted.includes("*") || trusted.includes(origin.replace(/\/$/, ""));
  return {
    "access-control-allow-credentials": String(isTrusted),
    "access-control-allow-origin": origin,
    "access-control-expose-headers": EXPOSED,
    ...(request.method === "OPTIONS" ? preflightHeaders(request) : {}),
  };
}

function preflightHeaders({ headers }: ApiRequest): Headers {
  const wanted = headers["access-control-request-headers"];
  return {
    "access-control-allow-methods": METHODS.join(", "),
    "access-control-max-age": MAX_AGE,
    ...(wanted === undefined ? {} : { "access-control-allow-headers": wanted }),
  };
}
