/**
 * Opens the connections that scripts ask for by `arango.reconnect`.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { Connection } from "../connection/connection.ts";
import { NoConnection } from "../connection/no_connection.ts";
import type { EmbeddedConnection } from "../connection/embedded.ts";
import type { ConnectTarget } from "../shell/host.ts";
import type { LeaderCheck } from "../replication/sync_config.ts";
import { remoteModule } from "./lazy_modules.ts";

/** What the new connections have in common with the first one. */
export interface ReconnectOptions {
  /** Gives the embedded database, if the shell was started on one: its endpoint is `embedded`. */
  readonly embedded?: (() => EmbeddedConnection) | undefined;
  /** Rules of `--connect-to`. */
  readonly connectTo?: readonly string[];
  /** Seconds for a connection to come about. @default {5} */
  readonly connectTimeout?: number;
  /** Seconds for an answer to be there. @default {1200} */
  readonly timeout?: number;
  /** Seconds before its end when a token is replaced. @default {300} */
  readonly renewalThreshold?: number;
  /** A PEM file of certificates that are trusted. */
  readonly caFile?: string | undefined;
  /** See {@linkcode RemoteOptions.compressFrom}. */
  readonly compressFrom?: number;
  /** The password of users for whom none is given. @default the empty one */
  readonly askPassword?: () => string;
  /** Asked often whether a waiting thread is to give up. @default never */
  readonly isInterrupted?: (() => boolean) | undefined;
  /** @default all leaders are allowed */
  readonly checkLeader?: LeaderCheck | undefined;
}

/**
 * Makes what {@linkcode Shell} takes as `connect`.
 *
 * @returns opens a connection, without sending anything to a server
 * @throws ArangoError 10 for a text that is no endpoint, 401 for an unknown user of the embedded database
 */
export function reconnector(options: ReconnectOptions): (target: ConnectTarget) => Connection {
  return ({ endpoint, username, password: given, jwtSecret }) => {
    if (endpoint === "none") return new NoConnection(username);
    if (endpoint === "embedded") {
      if (options.embedded !== undefined) return options.embedded().as(username, given ?? "");
      throw new ArangoError("ERROR_BAD_PARAMETER", "this shell was not started on an embedded database");
    }
    const password = given ?? (jwtSecret === undefined ? options.askPassword?.() : undefined) ?? "";
    return new (remoteModule().SyncingConnection)({
      endpoint,
      connectTo: options.connectTo ?? [],
      connectTimeout: options.connectTimeout ?? 5,
      timeout: options.timeout ?? 1200,
      username,
      compressFrom: options.compressFrom ?? 0,
      credentials: jwtSecret === undefined
        ? { kind: "password", username, password, renewalThreshold: options.renewalThreshold ?? 300 }
        : { kind: "secret", secret: jwtSecret },
      ...(options.caFile === undefined ? {} : { caFile: options.caFile }),
      ...(options.isInterrupted === undefined ? {} : { isInterrupted: options.isInterrupted }),
      checkLeader: options.checkLeader,
    });
  };
}
