/**
 * What a sync is asked to do.
 *
 * Source: `replication-protocol.md` §3.2 (attributes, defaults, errors).
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { parseEndpoint } from "../network/endpoint.ts";
import type { SystemCollections } from "./listed_collections.ts";

/** The configuration of a sync, checked and complete. Times are in seconds. */
export interface SyncConfig extends SystemCollections {
  /** Where the leader is: `tcp://host:port` and the other forms of endpoints. */
  readonly endpoint: string;
  /** The database on the leader. */
  readonly database: string;
  readonly username: string;
  readonly password: string;
  /** A bearer token, used when there is no user name. */
  readonly jwt: string;
  readonly requestTimeout: number;
  readonly connectTimeout: number;
  /** The longest wait for any answer of the leader, repeated attempts included. */
  readonly initialSyncMaxWaitTime: number;
  /** Bytes of a chunk; 0 = grow from 2 to 4 MiB. */
  readonly chunkSize: number;
  readonly incremental: boolean;
  readonly verbose: boolean;
  readonly restrictType: "" | "include" | "exclude";
  readonly restrictCollections: readonly string[];
  readonly skipCreateDrop: boolean;
  /** PEM file of certificates that are trusted besides the platform's; denosh's own. */
  readonly caFile: string;
}

/** Throws for leaders that syncs may not use, and for certificates that they may not read. */
export type LeaderCheck = (leader: Pick<SyncConfig, "endpoint" | "caFile">) => void;

const LEAST_CHUNK = 16384;

/**
 * Checks a configuration and fills in the defaults. Unknown attributes, and those of a wrong type where ArangoDB has a default,
 * are ignored, and so are two of an applier's: `sslProtocol`, since the runtime agrees with the leader on the newest version of TLS,
 * and `maxPacketSize`, since `chunkSize` says how long answers are.
 *
 * @param given as a script passes it
 * @param database the local database, which is also the leader's unless the configuration says otherwise
 * @throws ArangoError 400 without an endpoint, 1410 for a contradictory restriction, 4 for a text that is no endpoint, 10 if it is no object
 */
export function syncConfig(given: unknown, database: string): SyncConfig {
  if (given === null || typeof given !== "object" || Array.isArray(given)) {
    throw new ArangoError("ERROR_BAD_PARAMETER", "bad parameter: the configuration of a sync must be an object");
  }
  const attributes = given as Readonly<Record<string, unknown>>;
  const text = (name: string, otherwise = ""): string => {
    const value = attributes[name];
    return typeof value === "string" ? value : otherwise;
  };
  const number = (name: string, otherwise: number): number => {
    const value = attributes[name];
    return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : otherwise;
  };
  const flag = (name: string, otherwise: boolean): boolean => {
    const value = attributes[name];
    return typeof value === "boolean" ? value : otherwise;
  };
  const endpoint = text("endpoint");
  if (endpoint === "") throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", "<endpoint> must be a valid endpoint");
  const restricted = restriction(attributes);
  assertEndpoint(endpoint);
  const chunkSize = Math.floor(number("chunkSize", 0));
  return {
    endpoint,
    database: text("database", database) || database,
    username: text("username"),
    password: text("password"),
    jwt: text("jwt"),
    requestTimeout: number("requestTimeout", 600),
    connectTimeout: number("connectTimeout", 10),
    initialSyncMaxWaitTime: number("initialSyncMaxWaitTime", 300),
    chunkSize: chunkSize === 0 ? 0 : Math.max(chunkSize, LEAST_CHUNK),
    incremental: flag("incremental", false),
    includeSystem: flag("includeSystem", true),
    includeFoxxQueues: flag("includeFoxxQueues", false),
    verbose: flag("verbose", false),
    ...restricted,
    skipCreateDrop: flag("skipCreateDrop", false),
    caFile: text("caFile"),
  };
}

/** @throws ArangoError 4, as ArangoDB has it for leaders */
function assertEndpoint(endpoint: string): void {
  try {
    parseEndpoint(endpoint);
  } catch (cause) {
    throw new ArangoError("ERROR_INTERNAL", (cause as Error).message, { cause });
  }
}

/**
 * Checks which collections a configuration means.
 *
 * @throws ArangoError 1410 for an unknown type, a type without collections, and collections without a type
 */
export function restriction(
  attributes: Readonly<Record<string, unknown>>,
): Pick<SyncConfig, "restrictType" | "restrictCollections"> {
  const { restrictType = "", restrictCollections = [] } = attributes;
  const invalid = (what: string): ArangoError =>
    new ArangoError("ERROR_REPLICATION_INVALID_APPLIER_CONFIGURATION", `invalid value for ${what}`);
  if (!["", "none", "include", "exclude"].includes(restrictType as string)) throw invalid("<restrictType>");
  const names = Array.isArray(restrictCollections)
    ? [...new Set(restrictCollections.filter((name) => typeof name === "string"))].sort()
    : [];
  const type = restrictType === "none" ? "" : restrictType as SyncConfig["restrictType"];
  if ((type === "") !== (names.length === 0)) throw invalid("<restrictCollections> or <restrictType>");
  return { restrictType: type, restrictCollections: names };
}

/** Whether a restriction lets a collection pass. */
export function isSelected(config: SyncConfig, name: string): boolean {
  if (config.restrictType === "") return true;
  return config.restrictCollections.includes(name) === (config.restrictType === "include");
}

/** The configuration as it may be written down: instead of secrets, whether there is a `token`. */
export function publicOptions(config: SyncConfig): Record<string, unknown> {
  const { password: _password, jwt, ...rest } = config;
  return { ...rest, token: config.username === "" && jwt !== "" };
}
