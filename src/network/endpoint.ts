/**
 * Where a server is: ArangoDB's endpoint texts.
 *
 * Source: `arangosh.md` §1.4.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";

/** Where servers listen when an endpoint names no port. */
const DEFAULT_PORT = 8529;

/** A parsed endpoint. */
export interface Endpoint {
  /** Whether the exchange is encrypted. */
  readonly secure: boolean;
  /** Host name or address; IPv6 without brackets. Empty for Unix sockets. */
  readonly host: string;
  readonly port: number;
  /** The path of a Unix socket. */
  readonly socket?: string;
  /** The endpoint as ArangoDB shows it: `http+tcp://127.0.0.1:8529`. */
  readonly text: string;
  /** Scheme, host and port of requests' URLs: `http://127.0.0.1:8529`. */
  readonly origin: string;
}

const FORM = /^(?:(tcp|http\+tcp|http)|(ssl|http\+ssl|https)):\/\/(\[[0-9a-f:.]+\]|[^:/?#\s[\]]+)(?::(\d{1,5}))?\/?$/i;
/** Endpoints of ArangoDB's own shell that this one cannot use. */
const UNSUPPORTED: readonly [RegExp, string][] = [
  [/^vsts?(\+\w+)?:/i, "VelocyStream is not supported, neither here nor by servers from 3.12 on; use tcp:// or ssl://"],
  [/^h2s?(\+\w+)?:/i, "HTTP/2 is not supported; use tcp:// or ssl://"],
  [/^http\+srv:/i, "SRV records are not supported; name a host"],
];
const SOCKET_FORM = /^(?:http\+)?unix:\/\/(\/.+)$/i;

/**
 * Parses an endpoint.
 *
 * @param text `tcp://`, `http://`, `http+tcp://`, `ssl://`, `https://`, `http+ssl://` with host and port, or `unix:///path`
 * @throws ArangoError 10 if it has none of these forms or no address that one can connect to
 */
export function parseEndpoint(text: string): Endpoint {
  const socket = SOCKET_FORM.exec(text)?.[1];
  if (socket !== undefined) {
    return { secure: false, host: "", port: 0, socket, text: `http+unix://${socket}`, origin: "http://localhost" };
  }
  const unsupported = UNSUPPORTED.find(([form]) => form.test(text))?.[1];
  if (unsupported !== undefined) {
    throw new ArangoError("ERROR_BAD_PARAMETER", `invalid endpoint '${text}': ${unsupported}`);
  }
  const match = FORM.exec(text);
  const port = Number(match?.[4] ?? DEFAULT_PORT);
  if (!match || port > 65535) {
    throw new ArangoError(
      "ERROR_BAD_PARAMETER",
      `invalid endpoint '${text}': expecting for instance tcp://127.0.0.1:8529, ssl://host:8529 or unix:///path`,
    );
  }
  const written = match[3]!.toLowerCase();
  const bare = written.replace(/^\[|\]$/g, "");
  if (bare === "0.0.0.0" || bare === "::") {
    throw new ArangoError(
      "ERROR_BAD_PARAMETER",
      `invalid endpoint '${text}': ${written} is no address that one can connect to`,
    );
  }
  const host = bare === "localhost" ? "127.0.0.1" : bare;
  const shown = host.includes(":") ? `[${host}]` : host;
  const secure = match[2] !== undefined;
  return {
    secure,
    host,
    port,
    text: `http+${secure ? "ssl" : "tcp"}://${shown}:${port}`,
    origin: `${secure ? "https" : "http"}://${shown}:${port}`,
  };
}
