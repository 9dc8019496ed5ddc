/**
 * Opens the connections that scripts ask for by `arango.reconnect`.
 *
 * @module
 */
import { createHmac } from "node:crypto";
import { createRequire } from "node:module";
import { ArangoError } from "../base/arango_error.ts";
import type { Connection } from "../connection/connection.ts";
import type { EmbeddedConnection } from "../connection/embedded.ts";
import type * as Remote from "../connection/remote.ts";
import type { ConnectTarget } from "../shell/host.ts";

/** What the new connections have in common with the first one. */
export interface ReconnectOptions {
  /** The embedded database, if the shell was started on one: its endpoint is `embedded`. */
  readonly embedded?: EmbeddedConnection | undefined;
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
}

/**
 * Makes what {@linkcode Shell} takes as `connect`.
 *
 * @returns opens a connection, without sending anything to a server
 * @throws ArangoError 10 for an endpoint that is none, 401 for a user of the embedded database that is none
 */
export function reconnector(options: ReconnectOptions): (target: ConnectTarget) => Connection {
  return ({ endpoint, username, password = "", jwtSecret }) => {
    if (endpoint === "embedded") {
      if (options.embedded !== undefined) return options.embedded.as(username, password);
      throw new ArangoError("ERROR_BAD_PARAMETER", "this shell was not started on an embedded database");
    }
    // a script that waits for its connection has no time for `await`
    const { RemoteConnection } = createRequire(import.meta.url)("../connection/remote.ts") as typeof Remote;
    return new RemoteConnection({
      endpoint,
      connectTo: options.connectTo ?? [],
      connectTimeout: options.connectTimeout ?? 5,
      timeout: options.timeout ?? 1200,
      username,
      credentials: jwtSecret === undefined
        ? { kind: "password", username, password, renewalThreshold: options.renewalThreshold ?? 300 }
        : { kind: "token", token: internalToken(jwtSecret) },
      ...(options.caFile === undefined ? {} : { caFile: options.caFile }),
    });
  };
}

/** The token of a program that knows the server's secret. Source: arangosh.md 1.5. */
function internalToken(secret: string): string {
  const part = (value: unknown): string =>
    btoa(JSON.stringify(value)).replace(/[+]/g, "-").replace(/[/]/g, "_").replace(/=+$/, "");
  const text = `${part({ alg: "HS256", typ: "JWT" })}.${part({ iss: "arangodb", server_id: "arangosh" })}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}
