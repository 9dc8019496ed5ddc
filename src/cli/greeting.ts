/**
 * What a server says about itself when a shell has connected to it.
 *
 * Source: `arangosh.md` §1.1, §2.1.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { type ApiReply, bodyText } from "../base/exchange.ts";
import type { Connection } from "../connection/connection.ts";
import { SHELL_VERSION } from "../shell/shell_options.ts";

/** The most seconds that a server may take to say who it is. */
const GREETING_TIMEOUT = 10;

/** What a server says about itself, or why it does not. */
export interface Greeting {
  readonly isConnected: boolean;
  readonly version?: string;
  readonly role?: string;
  readonly message?: string;
}

/**
 * Asks a server who it is.
 *
 * @param requestTimeout seconds that a script's requests may take
 * @returns undefined for a connection to no server
 * @throws what keeps the shell from asking, such as Ctrl-C; that a server is not there, or is none of ArangoDB's, is an answer
 */
export function greet(connection: Connection, requestTimeout = GREETING_TIMEOUT): Greeting | undefined {
  if (connection.endpoint === "embedded" || connection.endpoint === "none") return undefined;
  const url = "/_api/version?details=true";
  const timeout = Math.min(requestTimeout || GREETING_TIMEOUT, GREETING_TIMEOUT);
  try {
    return greetingOf(connection.request({ method: "GET", url, headers: {}, body: new Uint8Array() }, timeout));
  } catch (error) {
    if (!(error instanceof ArangoError)) throw error;
    return { isConnected: false, message: error.message };
  }
}

function greetingOf(reply: ApiReply): Greeting {
  const body = parsed(bodyText(reply));
  if (reply.status >= 400) return { isConnected: false, message: body?.errorMessage ?? `status ${reply.status}` };
  if (body === undefined) return { isConnected: false, message: "what answers is no ArangoDB" };
  const { version, details } = body;
  const { role = "unknown", mode = "server" } = details ?? {};
  return { isConnected: true, role: `[${role}, ${mode}]`, ...(typeof version === "string" ? { version } : {}) };
}

/** What `/_api/version` tells. */
interface VersionReply {
  version?: unknown;
  errorMessage?: string;
  details?: { role?: string; mode?: string };
}

/** Returns undefined for what is no JSON object, as other servers send. */
function parsed(body: string): VersionReply | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

/** What is said of a server of another version, also where no banner is wanted, and to scripts. */
export function mismatchLines(version = SHELL_VERSION): string[] {
  const [major, minor] = SHELL_VERSION.split(".").map(Number);
  const [serverMajor, serverMinor] = version.split(".").map(Number);
  if (serverMajor === major && serverMinor! <= minor!) return [];
  return [`Client/server version mismatch detected. arangosh version: ${SHELL_VERSION}, server version: ${version}`];
}
