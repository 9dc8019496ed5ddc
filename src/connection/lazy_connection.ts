/**
 * A connection that comes into being with its first request.
 *
 * @module
 */
import type { ApiReply, ApiRequest, Connection } from "./connection.ts";

/** Stands in for a connection until it is used, so that a script that needs no database pays for none. */
export class LazyConnection implements Connection {
  readonly endpoint: string;
  readonly username: string;
  readonly #open: () => Connection;
  #opened: Connection | undefined;

  /**
   * @param names what the connection will be called
   * @param open makes the connection; called once
   */
  constructor(names: Pick<Connection, "endpoint" | "username">, open: () => Connection) {
    this.endpoint = names.endpoint;
    this.username = names.username;
    this.#open = open;
  }

  /** The connection behind it; it is opened for whoever asks. */
  get target(): Connection {
    return this.#opened ??= this.#open();
  }

  request(request: ApiRequest, timeout?: number): ApiReply {
    return this.target.request(request, timeout);
  }

  stopWork(): void {
    this.#opened?.stopWork?.();
  }

  runDue(): void {
    this.#opened?.runDue?.();
  }

  [Symbol.dispose](): void {
    this.#opened?.[Symbol.dispose]();
  }
}
