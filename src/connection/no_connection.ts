/**
 * The connection of a shell without a server: endpoint `none`.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { ApiReply, Connection } from "./connection.ts";

/** A connection that leads nowhere. */
export class NoConnection implements Connection {
  readonly endpoint = "none";
  readonly username: string;

  constructor(username = "root") {
    this.username = username;
  }

  /** @throws ArangoError 2001 always */
  request(): ApiReply {
    throw new ArangoError("ERROR_SIMPLE_CLIENT_COULD_NOT_CONNECT", "not connected", { code: 500 });
  }

  [Symbol.dispose](): void {}
}
