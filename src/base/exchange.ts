/**
 * One ArangoDB HTTP exchange as plain data: what connections carry and the server's router answers.
 *
 * @module
 */
import { Buffer } from "node:buffer";

/** One ArangoDB HTTP request. */
export interface ApiRequest {
  /** Upper-case HTTP method. */
  readonly method: string;
  /** Path and query as on the wire, percent-encoded, with a leading slash: `/_db/_system/_api/version?details=true`. */
  readonly url: string;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body's bytes; empty when there is none. */
  readonly body: Uint8Array;
}

/** The answer to an {@linkcode ApiRequest}. */
export interface ApiReply {
  readonly status: number;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Texts that were made here stay texts: who sends them, or wants to read them, does it best that way. */
  readonly body: Uint8Array | string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The body of an answer as the bytes that are sent. */
export function bodyBytes({ body }: ApiReply): Uint8Array {
  return typeof body === "string" ? encoder.encode(body) : body;
}

/** The body of an answer as text; what is not UTF-8 becomes U+FFFD. */
export function bodyText({ body }: ApiReply): string {
  return typeof body === "string" ? body : decoder.decode(body);
}

/** How many bytes the body of an answer has. */
export function bodySize({ body }: ApiReply): number {
  return typeof body === "string" ? Buffer.byteLength(body) : body.length;
}
