/**
 * Answers of the HTTP API: bodies and headers put together as ArangoDB does.
 *
 * @module
 */
import type { ArangoError } from "../base/arango_error.ts";
import { type ApiReply, type ApiRequest, bodyText } from "../base/exchange.ts";
import { jsonToVelocyPack, VELOCYPACK_TYPE } from "../base/velocypack.ts";
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

/** Reads for which clients may allow replicas to answer: of documents, one or many, of edges, and queries. */
const DIRTY_READS = new RegExp(
  [
    /^(GET|HEAD) (\/_db\/[^/]+)?\/_api\/(document|edges)\//,
    /^PUT (\/_db\/[^/]+)?\/_api\/document\/[^/]+\?(.*&)?onlyget=true\b/,
    /^POST (\/_db\/[^/]+)?\/_api\/cursor\/?(\?|$)/,
  ].map(({ source }) => source).join("|"),
);

/**
 * Whether the answer to a request says that it may be a dirty read: ArangoDB, a single server too, says so to clients that
 * have allowed it outside of a transaction. Source: the manual's "Read from followers"; ArangoDB's Java driver, which expects it.
 */
export function mayBeDirty({ method, url, headers }: ApiRequest): boolean {
  return headers["x-arango-allow-dirty-read"] === "true" && headers["x-arango-trx-id"] === undefined &&
    DIRTY_READS.test(`${method} ${url}`);
}

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

/** JSON answers become VelocyPack for clients that ask for exactly that. */
export function inAcceptedForm(request: ApiRequest, reply: ApiReply): ApiReply {
  const isWanted = request.headers.accept === VELOCYPACK_TYPE && reply.body.length > 0 &&
    reply.headers["content-type"]?.startsWith("application/json");
  return isWanted ? { ...reply, body: jsonToVelocyPack(bodyText(reply)) } : reply;
}

/** Tells a client to say who it is, unless it asks that its user be not asked for a password. */
export function unauthorized({ headers }: ApiRequest): ApiReply {
  const body = { code: 401, error: true, errorMessage: "not authorized to execute this request", errorNum: 11 };
  const isAsked = headers["x-omit-www-authenticate"] === undefined;
  return json(401, body, isAsked ? { "www-authenticate": `Bearer token_type="JWT", realm="ArangoDB"` } : {});
}
