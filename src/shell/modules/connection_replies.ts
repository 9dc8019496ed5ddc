/**
 * Replies of the server as scripts get them.
 *
 * Source: arangosh.md 4.
 *
 * @module
 */

import type { HostReply } from "../host.ts";
import type { Loose, ModuleScope } from "./scope.ts";

/** The module `denosh/connection/replies`. */
export function connectionReplies({ exports, require, host }: ModuleScope): void {
  const { ownError } = require("denosh/core");

  /** Reason phrases of the statuses that servers use. */
  const PHRASES: Record<number, string> = {
    200: "OK",
    201: "Created",
    202: "Accepted",
    204: "No Content",
    301: "Moved Permanently",
    302: "Found",
    304: "Not Modified",
    307: "Temporary Redirect",
    308: "Permanent Redirect",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    408: "Request Timeout",
    409: "Conflict",
    410: "Gone",
    411: "Length Required",
    412: "Precondition Failed",
    413: "Payload Too Large",
    415: "Unsupported Media Type",
    417: "Expectation Failed",
    422: "Unprocessable Entity",
    423: "Locked",
    429: "Too Many Requests",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    501: "Not Implemented",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
    505: "HTTP Version Not Supported",
  };

  function phrase(status: number): string {
    return PHRASES[status] ?? "Unknown";
  }

  function bufferOf(bytes: Uint8Array): Loose {
    return require("buffer").Buffer.from(bytes);
  }

  function parseJson(text: string): Loose {
    try {
      return JSON.parse(text);
    } catch (error) {
      const errorMessage = `Error parsing the server JSON reply: ${(error as Error).message}`;
      throw ownError({ code: 500, errorNum: 600, errorMessage });
    }
  }

  /** Whether a body is one JSON value. */
  function isJson(reply: HostReply): boolean {
    const type = reply.headers["content-type"] ?? "";
    return reply.text !== undefined && /json/.test(type) && !/ndjson|x-arango-dump|jsonl/.test(type);
  }

  /** What the plain methods return: the decoded body. */
  function plainReply(method: string, reply: HostReply): Loose {
    if (reply.size === 0 || method === "HEAD") {
      if (reply.status < 400) return { code: reply.status, error: false };
      return { code: reply.status, error: true, errorNum: reply.status, errorMessage: phrase(reply.status) };
    }
    if (reply.text === undefined) return bufferOf(reply.body);
    return isJson(reply) ? parseJson(reply.text) : reply.text;
  }

  /** The headers of a reply in the order of arangosh, with those that the way here has left out. */
  function rawHeaders(reply: HostReply, isPacked: boolean, packed: Uint8Array | undefined): Record<string, string> {
    const all: Record<string, string> = { "http/1.1": `${reply.status} ${phrase(reply.status)}` };
    for (const name of Object.keys(reply.headers)) all[name] = reply.headers[name]!;
    if (isPacked) {
      all["content-type"] = "application/x-velocypack";
      if (packed !== undefined) all["content-length"] = String(packed.length);
    }
    all["connection"] ??= "Keep-Alive";
    all["content-length"] ??= String(reply.size);
    const headers: Record<string, string> = {};
    if (all["content-type"] !== undefined) headers["content-type"] = all["content-type"];
    for (const name of Object.keys(all).sort()) headers[name] = all[name]!;
    return headers;
  }

  /**
   * What the `_RAW` methods return: headers and body.
   *
   * @param isPacked whether scripts see VelocyPack; on its way it was JSON, which is read faster
   */
  function rawReply(method: string, reply: HostReply, isPacked: boolean): Loose {
    const result: Loose = { code: reply.status, error: reply.status >= 400 };
    if (reply.status >= 400) {
      result.errorNum = reply.status;
      result.errorMessage = phrase(reply.status);
    }
    const hasBody = reply.size > 0 && method !== "HEAD";
    const packed = isPacked && hasBody ? host.jsonToVelocyPack(reply.text!) : undefined;
    result.headers = rawHeaders(reply, isPacked, packed);
    if (hasBody) {
      if (isJson(reply)) result.parsedBody = parseJson(reply.text!);
      result.body = packed === undefined ? reply.text ?? bufferOf(reply.body) : bufferOf(packed);
    }
    return result;
  }

  Object.assign(exports, { phrase, bufferOf, plainReply, rawReply });
}
