/**
 * A connection to a database in this process: requests go straight to the router.
 *
 * @module
 */
import type { RunAction } from "../base/action.ts";
import { ArangoError } from "../base/arango_error.ts";
import { Engine, type EngineOptions } from "../engine/engine.ts";
import { Interrupted } from "../network/blocking_channel.ts";
import type { LeaderCheck } from "../replication/sync_config.ts";
import { SyncJobs } from "../replication/sync_jobs.ts";
import { backgroundSyncs } from "../server/background_syncs.ts";
import { QueryThreads } from "../server/query_threads.ts";
import { Server } from "../server/server.ts";
import type { HandleOptions } from "../server/server_options.ts";
import { block, isWaiting } from "../server/waiting.ts";
import type { ApiReply, ApiRequest, Connection } from "./connection.ts";

/** Options of {@linkcode EmbeddedConnection}. */
export interface EmbeddedOptions extends EngineOptions {
  /** Seconds to wait for an answer unless a request says otherwise; 0 = for ever (default). */
  readonly timeout?: number;
  /** Rules of `--connect-to`, for syncs. */
  readonly connectTo?: readonly string[];
  /** Runs functions of JavaScript transactions. */
  readonly runAction?: RunAction;
  /** @default all leaders are allowed */
  readonly checkLeader?: LeaderCheck;
  /** Asked often whether the thread that waits for an answer is to give up. @default never */
  readonly isInterrupted?: () => boolean;
}

/** A blocking connection to a data directory. Requests are made as root, without a password. */
export class EmbeddedConnection implements Connection {
  readonly endpoint = "embedded";
  readonly username = "root";
  readonly #options: EmbeddedOptions;
  #server: Server | undefined;
  #syncs: SyncJobs | undefined;
  #queryThreads: QueryThreads | undefined;
  #closed = false;

  /** The directory is opened by the first request. */
  constructor(options: EmbeddedOptions) {
    this.#options = options;
  }

  /**
   * The server behind the connection.
   *
   * @throws ArangoError as {@linkcode Engine.open} does, 30 after the connection was closed
   */
  get server(): Server {
    if (this.#closed) throw new ArangoError("ERROR_SHUTTING_DOWN", "the connection to the embedded database is closed");
    if (!this.#server) {
      const engine = Engine.open(this.#options);
      const { runAction, isInterrupted, checkLeader, connectTo = [] } = this.#options;
      const checks = checkLeader === undefined ? {} : { checkLeader };
      this.#syncs = new SyncJobs(engine, { connectTo, attached: "thread", ...checks });
      const { directory, readOnly } = engine;
      // for asynchronous queries only: all others run here
      this.#queryThreads = new QueryThreads(1, { directory, readOnly, authentication: false }, true);
      this.#server = new Server(engine, {
        ...backgroundSyncs(this.#syncs),
        authentication: false,
        // whoever has the files may do everything with them
        allowAdminExecute: true,
        queryThreads: this.#queryThreads,
        ...(runAction === undefined ? {} : { runAction }),
        ...(isInterrupted === undefined ? {} : { isInterrupted }),
      });
      this.#syncs.recover();
    }
    return this.#server;
  }

  request(request: ApiRequest, timeout?: number): ApiReply {
    return this.#request(request, timeout, {});
  }

  /**
   * The same database as another user sees it.
   *
   * @param username root needs no password: whoever has the files may do everything with them
   * @returns a connection that ends with this one
   * @throws ArangoError 401 for an unknown user or a wrong password
   */
  as(username: string, password: string): Connection {
    if (username !== "root" && this.server.users.identify(username, password) === undefined) {
      throw new ArangoError("ERROR_HTTP_UNAUTHORIZED", "not authorized to execute this request");
    }
    return {
      endpoint: this.endpoint,
      username,
      request: (request, timeout) => this.#request(request, timeout, { as: username }),
      [Symbol.dispose]: () => {},
    };
  }

  #request(request: ApiRequest, timeout = this.#options.timeout, options: HandleOptions): ApiReply {
    const answer = this.server.handle(request, options);
    this.#checkInterrupted();
    if (!isWaiting(answer)) return answer;
    const deadline = timeout === undefined || timeout <= 0 ? Infinity : performance.now() + timeout * 1000;
    return block(answer, () => {
      this.#checkInterrupted();
      const left = deadline - performance.now();
      if (left <= 0) throw new ArangoError("ERROR_HTTP_REQUEST_TIMEOUT", "Request timeout");
      return left;
    });
  }

  #checkInterrupted(): void {
    if (this.#options.isInterrupted?.()) throw new Interrupted("command locally aborted");
  }

  stopWork(): void {
    this.#syncs?.stopAttached();
  }

  runDue(): void {
    this.#server?.runQueued();
    this.#server?.runPeriodic();
  }

  /** Closes the server and the data directory. */
  [Symbol.dispose](): void {
    if (this.#closed) return;
    const server = this.#server;
    this.#closed = true;
    this.#server = undefined;
    this.#syncs?.[Symbol.dispose]();
    this.#queryThreads?.[Symbol.dispose]();
    server?.[Symbol.dispose]();
    server?.engine[Symbol.dispose]();
  }
}
