/**
 * What the shell, and everything built on it, needs from a database: a blocking HTTP exchange.
 *
 * @module
 */

import type { ApiReply, ApiRequest } from "../base/exchange.ts";

export type { ApiReply, ApiRequest };

/** A blocking way to an ArangoDB API: in-process (embedded) or over the network (remote). */
export interface Connection extends Disposable {
  /** `embedded` or the normalised endpoint, such as `http+tcp://127.0.0.1:8529`. */
  readonly endpoint: string;
  /** The user that requests are made as. */
  readonly username: string;
  /**
   * Sends one request and blocks until the whole answer is there. Answers of 400 and above are answers, not errors.
   *
   * @param request what to send; the connection adds `authorization` unless that is there
   * @param timeout seconds to wait for the answer; the connection's own when absent
   * @throws ArangoError 2001 cannot connect, 2002 cannot write, 2003 cannot read, 408 timed out
   */
  request(request: ApiRequest, timeout?: number): ApiReply;
  /** Stops what goes on in this process for a command that somebody has interrupted. */
  stopWork?(): void;
  /** Does what the database of this process has to do from time to time. Whoever waits calls it now and then. */
  runDue?(): void;
}
