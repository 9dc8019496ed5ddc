/**
 * One ArangoDB HTTP exchange as plain data: what connections carry and the server's router answers.
 *
 * @module
 */

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
  readonly body: Uint8Array;
}
