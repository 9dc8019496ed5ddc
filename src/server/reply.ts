/**
 * Answers of the HTTP API: bodies and headers put together as ArangoDB does.
 *
 * @module
 */
import type { ArangoError } from "../base/arango_error.ts";
import type { ApiReply } from "../base/exchange.ts";
import { ConflictError } from "../engine/collection.ts";

const JSON_TYPE = "application/json; charset=utf-8";

/** Header names (lower case) and values. */
export type Headers = Readonly<Record<string, string>>;

/** Headers that every answer has, besides its own. Source: the recorded examples of kind `http`. */
export const STANDARD_HEADERS: Headers = {
  "cache-control": "no-cache, no-store, must-revalidate, pre-check=0, post-check=0, max-age=0, s-maxage=0",
  "content-security-policy": "frame-ancestors 'self'; form-action 'self';",
  "expires": "0",
  "pragma": "no-cache",
  "server": "ArangoDB",
  "strict-transport-security": "max-age=31536000 ; includeSubDomains",
  "x-arango-queue-time-seconds": "0.000000",
  "x-content-type-options": "nosniff",
};

/** An answer with a JSON body that is already text. */
export function jsonText(status: number, text: string, headers?: Headers): ApiReply {
  return { status, headers: { "content-type": JSON_TYPE, ...headers }, body: text };
}

/** An answer whose body is `value` as JSON. */
export function json(status: number, value: unknown, headers?: Headers): ApiReply {
  return jsonText(status, JSON.stringify(value), headers);
}

/** A successful answer as most endpoints give it: `error` and `code` before the attributes of `value`. */
export function ok(value: Readonly<Record<string, unknown>> = {}, status = 200, headers?: Headers): ApiReply {
  return json(status, { error: false, code: status, ...value }, headers);
}

/** An answer without a body. */
export function empty(status: number, headers?: Headers): ApiReply {
  return { status, headers: { "content-type": "text/plain; charset=utf-8", ...headers }, body: "" };
}

/** An answer of bytes. */
export function bytes(status: number, type: string, body: Uint8Array, headers?: Headers): ApiReply {
  return { status, headers: { "content-type": type, ...headers }, body };
}

/** The answer that tells a client about a failure; conflicts also tell what is stored. */
export function errorReply(error: ArangoError): ApiReply {
  const { code, errorNum, message } = error;
  if (error instanceof ConflictError) {
    const value = { error: true, code, errorNum, errorMessage: message, ...error.stored };
    return json(code, value, { etag: `"${error.stored._rev}"` });
  }
  return json(code, { code, error: true, errorMessage: message, errorNum });
}
