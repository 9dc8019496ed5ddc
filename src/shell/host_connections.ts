/**
 * Services of the host for the connections of a shell.
 *
 * @module
 */

import { ArangoError } from "../base/arango_error.ts";
import { bodyBytes, bodySize, bodyText } from "../base/exchange.ts";
import type { Connection } from "../connection/connection.ts";
import type { AccessRules } from "./access_rules.ts";
import type { Host, HostOptions } from "./host.ts";

const NO_BYTES = new Uint8Array();

/**
 * Makes the services for connections.
 *
 * @param options of the host; its `connection` is the one in use
 * @param access where scripts may connect to
 * @param secondsLeft how long a request may take that wants so many seconds; throws when the command is to stop
 */
export function connectionServices(
  options: HostOptions,
  access: AccessRules,
  secondsLeft: (wanted: number | undefined) => number | undefined,
) {
  const encoder = new TextEncoder();
  /** All connections that were opened, by what they were opened with; `reconnect` uses them again. */
  const opened = new Map<string, Connection>([["", options.connection]]);
  /** The connection before the one that is being tried, and the key of that one if it is new. */
  let former: { readonly connection: Connection; readonly tried: string | undefined } | undefined;

  return {
    request(method, url, headers, body, timeout) {
      const limit = secondsLeft(timeout);
      const sent = typeof body === "string" ? encoder.encode(body) : body;
      const lowerCase = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
      const reply = options.connection.request({ method, url, headers: lowerCase, body: sent }, limit);
      // arangosh keeps the type without its parameters: all recorded answers show `application/json`
      const type = reply.headers["content-type"]?.replace(/;.*$/, "") ?? "";
      const isText = reply.body.length > 0 && (type === "" || /json|^text\/|javascript|xml/.test(type));
      return {
        status: reply.status,
        headers: type === "" ? reply.headers : { ...reply.headers, "content-type": type },
        size: bodySize(reply),
        body: isText ? NO_BYTES : bodyBytes(reply),
        text: isText ? bodyText(reply) : undefined,
      };
    },
    endpoint: () => options.connection.endpoint,
    username: () => options.connection.username,
    initialDatabase: () => options.database,
    requestTimeout: () => options.requestTimeout,
    connect(endpoint, database, username, password, jwtSecret) {
      // where the shell's user has connected it to, a script may stay
      const isOpen = [...opened.values()].some((each) => [endpoint, `http+${endpoint}`].includes(each.endpoint));
      if (!isOpen && endpoint !== "none") access.checkEndpoint(endpoint);
      if (options.connect === undefined) {
        throw new ArangoError(
          "ERROR_NOT_IMPLEMENTED",
          "this shell was opened without a way to connect to other servers",
        );
      }
      const key = JSON.stringify([endpoint, username, password, jwtSecret]);
      const known = opened.get(key) ??
        (password === undefined && jwtSecret === undefined
          ? [...opened.values()].find((each) => each.endpoint === endpoint && each.username === username)
          : undefined);
      const connection = known ?? options.connect({
        endpoint,
        database,
        username,
        ...(password === undefined ? {} : { password }),
        ...(jwtSecret === undefined ? {} : { jwtSecret }),
      });
      if (known === undefined) opened.set(key, connection);
      former = { connection: options.connection, tried: known === undefined ? key : undefined };
      options.connection = connection;
    },
    settleConnection(isGood) {
      if (former !== undefined && !isGood) {
        options.connection = former.connection;
        if (former.tried !== undefined) {
          opened.get(former.tried)?.[Symbol.dispose]();
          opened.delete(former.tried);
        }
      }
      former = undefined;
    },
    connectionHandle: () => [...opened.values()].indexOf(options.connection),
    useConnection(handle) {
      const connection = [...opened.values()][handle];
      if (connection === undefined) {
        throw new ArangoError("ERROR_BAD_PARAMETER", `no connection has the handle ${handle}`);
      }
      options.connection = connection;
    },
    close() {
      // the current connection is the shell's to close
      for (const connection of opened.values()) {
        if (connection !== options.connection) connection[Symbol.dispose]();
      }
    },
  } satisfies Partial<Host>;
}
