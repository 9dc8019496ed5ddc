/**
 * What a server knows of the continuous applier of a database: its configuration and its state.
 *
 * denosh does not follow a leader's log: a database is brought up to date by syncs. So the applier can be configured and looked at, as
 * tools do, and says so when it is to be started. No attribute of the configuration has any effect, `sslProtocol` and `maxPacketSize`
 * included. It may hold a password: it is kept in memory only.
 *
 * Source: `replication-protocol.md` §3.2, §4.1, §4.2.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { restriction } from "./sync_config.ts";

/** The attributes of a configuration that are shown, in ArangoDB's order, with their defaults. */
const DEFAULTS = {
  endpoint: "",
  database: "",
  username: "",
  requestTimeout: 600,
  connectTimeout: 10,
  ignoreErrors: 0,
  maxConnectRetries: 100,
  lockTimeoutRetries: 0,
  sslProtocol: 0,
  chunkSize: 0,
  skipCreateDrop: false,
  autoStart: false,
  adaptivePolling: true,
  autoResync: false,
  autoResyncRetries: 2,
  maxPacketSize: 536_870_912,
  includeSystem: true,
  includeFoxxQueues: false,
  requireFromPresent: true,
  verbose: false,
  incremental: false,
  restrictType: "",
  restrictCollections: [] as readonly string[],
  connectionRetryWaitTime: 15,
  initialSyncMaxWaitTime: 300,
  idleMinWaitTime: 1,
  idleMaxWaitTime: 2.5,
};
/** Attributes that are shown only when they say something. */
const OPTIONAL: readonly string[] = ["endpoint", "database", "username"];
/** Times in seconds for which 0 means: as it is. */
const POSITIVE: readonly string[] = [
  "connectionRetryWaitTime",
  "initialSyncMaxWaitTime",
  "idleMinWaitTime",
  "idleMaxWaitTime",
];

type ApplierConfig = typeof DEFAULTS;

/** The applier of one database. */
export class Applier {
  readonly #name: string;
  readonly #created: string;
  #config: ApplierConfig = DEFAULTS;
  #message: string;
  #time: string;

  /**
   * @param name the database's name; undefined for the applier of the whole server
   * @param now the time, as ArangoDB writes it
   */
  constructor(name: string | undefined, now: string) {
    this.#name = name ?? "_system";
    this.#created = name === undefined
      ? "applier initially created for global database"
      : `applier initially created for database '${name}'`;
    this.#message = this.#created;
    this.#time = now;
  }

  /** The configuration, without secrets. */
  config(): object {
    return Object.fromEntries(
      Object.entries(this.#config).filter(([name, value]) => value !== "" || !OPTIONAL.includes(name)),
    );
  }

  /**
   * Changes the attributes of the configuration that are given; those of a wrong type, and unknown ones, stay as they are.
   *
   * @throws ArangoError 1410 without an endpoint, and for a contradictory restriction
   */
  configure(given: Readonly<Record<string, unknown>>): object {
    const changed: Record<string, unknown> = { ...this.#config };
    for (const [name, standard] of Object.entries(DEFAULTS)) {
      const value = given[name];
      if (typeof value !== typeof standard || (POSITIVE.includes(name) && !(value as number > 0))) continue;
      changed[name] = value;
    }
    // `true`: any number of errors
    if (given.ignoreErrors === true) changed.ignoreErrors = Number.MAX_SAFE_INTEGER;
    if (given.endpoint !== undefined && typeof given.endpoint !== "string") changed.autoStart = false;
    if (changed.endpoint === "") throw invalid("invalid value for <endpoint>");
    if (changed.database === "") changed.database = this.#name;
    this.#config = { ...(changed as ApplierConfig), ...restriction(changed) };
    return this.config();
  }

  /**
   * Would start to follow the log.
   *
   * @throws ArangoError 1410 while there is no endpoint, else 9
   */
  start(): never {
    if (this.#config.endpoint === "") throw invalid("no endpoint configured");
    throw new ArangoError(
      "ERROR_NOT_IMPLEMENTED",
      `not implemented: denosh does not follow the log of ${this.#config.endpoint} continuously; bring the database up to date ` +
        `with sync() or syncCollection() and 'incremental: true', as often as needed`,
    );
  }

  /** Stops, which it always is. */
  stop(now: string): void {
    this.#message = "applier shut down";
    this.#time = now;
  }

  /** Forgets the configuration. */
  forget(now: string): void {
    this.#config = DEFAULTS;
    this.#message = this.#created;
    this.#time = now;
  }

  /**
   * The state, as ArangoDB tells it.
   *
   * @param server what identifies this server
   * @param now the time, as ArangoDB writes it
   */
  state(server: object, now: string): object {
    const { endpoint, database } = this.#config;
    return {
      state: {
        started: "",
        running: false,
        phase: "inactive",
        lastAppliedContinuousTick: null,
        lastProcessedContinuousTick: null,
        lastAvailableContinuousTick: null,
        safeResumeTick: null,
        progress: { time: this.#time, message: this.#message, failedConnects: 0 },
        totalRequests: 0,
        totalFailedConnects: 0,
        totalEvents: 0,
        totalDocuments: 0,
        totalRemovals: 0,
        totalResyncs: 0,
        totalOperationsExcluded: 0,
        totalApplyTime: 0,
        averageApplyTime: 0,
        totalFetchTime: 0,
        averageFetchTime: 0,
        lastError: { errorNum: 0 },
        time: now,
      },
      server,
      endpoint,
      database: database || this.#name,
    };
  }
}

function invalid(message: string): ArangoError {
  return new ArangoError("ERROR_REPLICATION_INVALID_APPLIER_CONFIGURATION", message);
}
