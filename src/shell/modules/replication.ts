/**
 * Synchronising collections from a leader, and following it.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/**
 * The module `@arangodb/replication`.
 *
 * A sync is a job of the server. A denosh server, and the embedded one, keeps the job's state in the collection
 * `_sync_jobs`; for any other server this module keeps it there itself.
 *
 * Source: replication-protocol.md 3.1 to 3.3, 3.9; arangosh.md 3.9.
 */
export function replication({ exports, require, host }: ModuleScope): void {
  const { make, usage, ArangoError } = require("denosh/errors");
  const { checkRequestResult } = require("@arangodb/arangosh");
  const { isCollectionName } = require("denosh/names");
  const { output } = require("denosh/printer");

  const JOBS = "_sync_jobs";
  /** Seconds between two looks at a job: quick at first, so that small collections do not wait. */
  const SHORTEST_PAUSE = 0.005;
  const LONGEST_PAUSE = 0.05;
  /** Seconds between two questions whether the job's process still lives. */
  const CHECK = 1;
  /** Seconds between two pictures of the progress bar. */
  const REDRAW = 0.2;
  const DEFAULT_POLL_INTERVAL = 10;
  /** Attributes that must not be written down. */
  const SECRETS = ["password", "jwt"];

  const server = () => require("denosh/connection").arango;

  function isObject(value: Loose): boolean {
    return typeof value === "object" && value !== null && !Array.isArray(value);
  }

  function checkConfig(call: string, config: Loose): Loose {
    if (config !== undefined && config !== null && !isObject(config)) throw usage(call);
    return { ...config };
  }

  /** The checks that ArangoDB makes before it talks to the leader. */
  function checkSync(config: Loose): void {
    if (typeof config.endpoint !== "string" || config.endpoint === "") {
      throw make(400, "<endpoint> must be a valid endpoint");
    }
    const { restrictType, restrictCollections, pollInterval } = config;
    if (restrictType !== undefined && !["", "none", "include", "exclude"].includes(restrictType)) {
      throw make(1410, "invalid value for <restrictType>");
    }
    const restricts = restrictType === "include" || restrictType === "exclude";
    const lists = Array.isArray(restrictCollections) && restrictCollections.length > 0;
    if (restricts !== lists) throw make(1410, "invalid value for <restrictCollections> or <restrictType>");
    if (pollInterval !== undefined && !(typeof pollInterval === "number" && pollInterval > 0)) {
      throw make(1410, `invalid value for <pollInterval>: expecting a number of seconds above 0, got ${pollInterval}`);
    }
  }

  /** What a server says that cannot follow a log, as something a person can act on. */
  function explain(error: Loose): Loose {
    if (!/^invalid command/.test(error.errorMessage) && error.errorNum !== 1470) return error;
    let version = "of unknown version";
    try {
      version = `ArangoDB ${server().getVersion()}`;
    } catch {
      // the version is an extra; the message holds without it
    }
    return make(
      1470,
      `this server (${version}) cannot follow a leader continuously: it answers '${error.errorMessage}'. ArangoDB removed that in ` +
        `3.12.10, and coordinators never had it. Use sync() or syncCollection() with 'incremental: true', as often as needed`,
    );
  }

  /** The error that a failed reply stands for. */
  function errorOf(reply: Loose): Loose {
    const body = reply.parsedBody;
    if (body !== null && typeof body === "object" && typeof body.errorNum === "number") {
      return explain(new ArangoError({ ...body, error: true }));
    }
    return explain(
      new ArangoError({
        error: true,
        code: reply.code ?? 500,
        errorNum: reply.errorNum ?? 500,
        errorMessage: reply.errorMessage ?? "no answer",
      }),
    );
  }

  // the job table

  const jobUrl = (id: string) => `/_api/document/${JOBS}/${encodeURIComponent(id)}`;

  /** The job's document; undefined when there is none. */
  function readJob(id: string): Loose {
    const reply = server().GET(jobUrl(id));
    if (reply?.error === true) {
      if (reply.errorNum === 1202 || reply.errorNum === 1203 || reply.errorNum === 1221) return undefined;
      checkRequestResult(reply);
    }
    return reply;
  }

  /** Notes a job of a server that knows nothing of the job table. */
  function noteJob(id: string, config: Loose, collection: Loose): void {
    const options = { ...config };
    for (const name of [...SECRETS, "endpoint", "database", "username"]) delete options[name];
    const now = new Date().toISOString();
    const job = {
      _key: id,
      state: "running",
      phase: "running on the server",
      recordedBy: "shell",
      leader: {
        endpoint: config.endpoint,
        database: config.database ?? server().getDatabaseName(),
        username: config.username ?? "",
      },
      collection,
      options,
      documents: { done: 0, total: null },
      bytes: { done: 0, total: null },
      started: now,
      updated: now,
      finished: null,
      attempts: 1,
      result: null,
      error: null,
      statistics: {},
    };
    if (server().GET(`/_api/collection/${JOBS}`).error === true) {
      const made = server().POST("/_api/collection", { name: JOBS, isSystem: true });
      // another shell may have been quicker
      if (made?.error === true && made.errorNum !== 1207) checkRequestResult(made);
    }
    checkRequestResult(server().POST(`/_api/document/${JOBS}`, job));
  }

  /**
   * Asks a server for the outcome of its job and notes it: the server tells it only once.
   *
   * @returns whether the job has ended
   */
  function settleJob(id: string): boolean {
    const reply = server().PUT_RAW(`/_api/job/${encodeURIComponent(id)}`, "");
    if (reply.code === 204) return false;
    const patch: Loose = { updated: new Date().toISOString(), finished: new Date().toISOString() };
    if (reply.code === 404 && reply.headers?.["x-arango-async-id"] === undefined) {
      // a look from elsewhere may have taken the outcome and be about to note it
      if (readJob(id)?.state !== "running") return true;
      patch.state = "interrupted";
      patch.phase = "lost";
    } else if (reply.code === undefined || reply.code >= 400) {
      const { code, errorNum, errorMessage } = errorOf(reply);
      patch.state = "failed";
      patch.phase = "failed";
      patch.error = { code, errorNum, errorMessage };
    } else {
      patch.state = "done";
      patch.phase = "done";
      patch.result = reply.parsedBody ?? null;
    }
    checkRequestResult(server().PATCH(jobUrl(id), patch));
    return true;
  }

  /** The result of a job that has ended, or its error. */
  function outcome(id: string, job: Loose): Loose {
    if (job.state === "done") return job.result;
    const what = job.collection ? `of collection '${job.collection}' ` : "";
    if (job.state === "interrupted") {
      // jobs that name the host of their process write to a server that takes nothing up
      throw make(
        1412,
        `sync job ${id} ${what}was interrupted: its process ended before the job was done. ` +
          `Start the same sync again${
            job.host === undefined ? "; what has been copied is kept where the follower can use it" : ""
          }`,
      );
    }
    const error = job.error ?? { errorNum: 1, errorMessage: `sync job ${id} ${what}failed without saying why` };
    throw new ArangoError({ code: host.errorStatus(error.errorNum), ...error, error: true });
  }

  // progress

  function thousands(value: number): string {
    return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
  }

  function size(bytes: number): string {
    const units = ["B", "kB", "MB", "GB", "TB"];
    let unit = 0;
    let value = bytes;
    while (value >= 1000 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
  }

  function duration(seconds: number): string {
    if (seconds < 60) return `${Math.ceil(seconds)} s`;
    const minutes = Math.floor(seconds / 60);
    return minutes < 60
      ? `${minutes} min ${Math.ceil(seconds % 60)} s`
      : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  }

  /** Shows how far a job is, as a bar on a terminal and as lines elsewhere. */
  class Progress {
    #name: string;
    #every: number;
    #isSilent: boolean;
    #isBar: boolean;
    #isVerbose: boolean;
    #message = "";
    #start = host.time();
    #next: number;
    #nextDraw = 0;
    #drawn = 0;

    constructor(name: string, config: Loose) {
      this.#name = name;
      this.#every = config.pollInterval ?? DEFAULT_POLL_INTERVAL;
      this.#isSilent = config.progress === false || host.isQuiet();
      this.#isVerbose = config.verbose === true && !this.#isSilent;
      this.#isBar = host.isTty() && !this.#isSilent && !this.#isVerbose;
      this.#next = this.#start + this.#every;
      this.#nextDraw = this.#start + REDRAW;
    }

    /** Whether it is time to say something that costs a request. */
    get isDue(): boolean {
      return !this.#isSilent && host.time() >= this.#next;
    }

    show(job: Loose): void {
      if (this.#isSilent) return;
      const now = host.time();
      this.#tell(job);
      if (this.#isBar && now >= this.#nextDraw) {
        this.#nextDraw = now + REDRAW;
        this.#draw(job, now);
      } else if (!this.#isBar && now >= this.#next) {
        output(`still synchronizing... last received status: ${job.updated ?? ""}: ${this.#status(job, now)}\n`);
      }
      if (now >= this.#next) this.#next = now + this.#every;
    }

    /** Shows what a job says, if it says something new and the user wants to read all of it. */
    #tell(job: Loose): void {
      if (!this.#isVerbose || !job.message || job.message === this.#message) return;
      this.#message = job.message;
      output(`${job.updated ?? ""}: ${job.message}\n`);
    }

    #counts(job: Loose, now: number): string[] {
      const done = job.documents?.done ?? 0;
      const total = job.documents?.total;
      const bytes = job.bytes?.done ?? 0;
      const elapsed = Math.max(0.001, now - this.#start);
      const parts = [total ? `${thousands(done)} of ${thousands(total)} documents` : `${thousands(done)} documents`];
      if (bytes > 0) parts.push(size(bytes));
      if (done > 0) parts.push(`${thousands(done / elapsed)}/s`);
      if (done > 0 && total > done) parts.push(`${duration((total - done) * elapsed / done)} left`);
      return parts;
    }

    #status(job: Loose, now: number): string {
      return [job.message || job.phase || job.state, ...this.#counts(job, now)].join(", ");
    }

    #draw(job: Loose, now: number): void {
      const total = job.documents?.total;
      const share = total > 0 ? Math.min(1, (job.documents.done ?? 0) / total) : 0;
      const width = 24;
      const bar = "#".repeat(Math.round(share * width)).padEnd(width, ".");
      const percent = `${Math.floor(share * 100)}%`.padStart(4);
      const text = `${this.#name} [${bar}]${percent}  ${job.phase ?? ""}  ${this.#counts(job, now).join("  ")}`;
      const shown = text.slice(0, Math.max(20, host.columns() - 1));
      host.write(`\r${shown.padEnd(this.#drawn)}`);
      this.#drawn = shown.length;
    }

    /** Takes the bar away. */
    end(): void {
      if (this.#drawn > 0) host.write(`\r${" ".repeat(this.#drawn)}\r`);
    }

    /** Says how a sync ended and where its time went, if somebody has watched it. */
    sum(job: Loose): void {
      this.#tell(job);
      const { statistics, documents } = job;
      if (job.state !== "done" || !statistics?.total || !(this.#isVerbose || this.#drawn > 0)) return;
      const parts = ["waiting", "decoding", "writing", "indexing"].map((part) =>
        `${part}${part === "waiting" ? " for the leader" : ""} ${statistics[part]} s`
      );
      const what = `${thousands(documents?.done ?? 0)} documents, ${size(statistics.received)}`;
      output(`${this.#name}: ${what} in ${statistics.total} s (${parts.join(", ")})\n`);
    }
  }

  /** Makes a denosh server look whether the process of a job still lives; it notes it in the job table if not. */
  function checkJob(id: string): void {
    server().GET_RAW(`/_api/job/${encodeURIComponent(id)}`);
  }

  /** Waits for a job that the server itself keeps in the job table. */
  function followTable(id: string, first: Loose, progress: Progress): Loose {
    let job = first;
    let nextCheck = host.time() + CHECK;
    for (let pause = SHORTEST_PAUSE; job.state === "running"; pause = Math.min(LONGEST_PAUSE, pause * 1.5)) {
      progress.show(job);
      host.sleep(pause);
      if (host.time() >= nextCheck) {
        checkJob(id);
        nextCheck = host.time() + CHECK;
      }
      job = readJob(id);
      if (job === undefined) throw make(404, `sync job ${id} disappeared from ${JOBS} while it was running`);
    }
    return job;
  }

  /** Waits for a job that this module notes in the job table. */
  function followJob(id: string, progress: Progress): Loose {
    for (let pause = SHORTEST_PAUSE; !settleJob(id); pause = Math.min(LONGEST_PAUSE, pause * 1.5)) {
      if (progress.isDue) progress.show(serverStatus());
      host.sleep(pause);
    }
    return readJob(id);
  }

  /** What a server without job table says about its sync. */
  function serverStatus(): Loose {
    const reply = server().GET("/_api/replication/applier-state");
    const progress = reply?.state?.progress ?? {};
    return { updated: progress.time, message: progress.message, phase: "running on the server" };
  }

  /** Starts a job, and waits for it unless the configuration says otherwise. */
  function run(path: string, config: Loose, name: string, collection: Loose): Loose {
    const reply = server().PUT_RAW(path, JSON.stringify(config), { "x-arango-async": "store" });
    if (reply.code === undefined) {
      throw new ArangoError({ error: true, code: 500, errorNum: 2001, errorMessage: reply.errorMessage });
    }
    if (reply.code >= 400) throw errorOf(reply);
    const id = reply.headers["x-arango-async-id"];
    if (id === undefined) return reply.parsedBody;
    const job = readJob(id);
    if (job === undefined) noteJob(id, config, collection);
    if (config.async === true) return id;
    const progress = new Progress(name, config);
    let last;
    try {
      last = job === undefined ? followJob(id, progress) : followTable(id, job, progress);
    } finally {
      progress.end();
    }
    progress.sum(last);
    return outcome(id, last);
  }

  exports.syncCollection = function syncCollection(collection: Loose, config?: Loose): Loose {
    const body = checkConfig("syncCollection(<collection>, <configuration>)", config);
    const name = collection?.isArangoCollection ? collection.name() : collection;
    if (!isCollectionName(name)) throw make(1208, `illegal name: ${JSON.stringify(name) ?? "undefined"}`);
    body.restrictType = "include";
    body.restrictCollections = [name];
    body.includeSystem = true;
    checkSync(body);
    return run("/_api/replication/sync", body, name, name);
  };

  exports.sync = function sync(config?: Loose): Loose {
    const body = checkConfig("sync(<configuration>)", config);
    checkSync(body);
    return run("/_api/replication/sync", body, "database", null);
  };

  exports.syncGlobal = function syncGlobal(config?: Loose): Loose {
    const body = checkConfig("syncGlobal(<configuration>)", config);
    checkSync(body);
    return run("/_db/_system/_api/replication/sync?global=true", body, "server", null);
  };

  function setup(path: string, call: string, config: Loose): Loose {
    const body = checkConfig(call, config);
    body.autoStart ??= true;
    body.includeSystem ??= true;
    body.verbose ??= false;
    if (typeof body.endpoint !== "string" || body.endpoint === "") throw make(1410, "invalid value for <endpoint>");
    return run(path, body, "database", null);
  }
  exports.setupReplication = (config?: Loose) =>
    setup("/_api/replication/make-follower", "setupReplication(<configuration>)", config);
  exports.setupReplicationGlobal = (config?: Loose) =>
    setup("/_db/_system/_api/replication/make-follower?global=true", "setupReplicationGlobal(<configuration>)", config);

  exports.getSyncResult = function getSyncResult(given?: Loose): Loose {
    if (typeof given !== "string" && typeof given !== "number") throw usage("getSyncResult(<id>)");
    const id = String(given);
    let job = id === "" ? undefined : readJob(id);
    if (job === undefined) return untabledResult(id);
    if (job.state === "running") {
      if (job.recordedBy === "shell") settleJob(id);
      else checkJob(id);
      job = readJob(id);
    }
    return job.state === "running" ? false : outcome(id, job);
  };

  /** The outcome of a job that another client started on a server without job table. */
  function untabledResult(id: string): Loose {
    const reply = server().PUT_RAW(`/_api/job/${encodeURIComponent(id)}`, "");
    if (reply.code === 204) return false;
    if (reply.headers?.["x-arango-async-id"] === undefined) throw make(404, `not found: no sync job ${id}`);
    if (reply.code >= 400) throw errorOf(reply);
    return reply.parsedBody;
  }

  exports.logger = {
    state: () => checkRequestResult(server().GET("/_api/replication/logger-state")),
    tickRanges: () => checkRequestResult(server().GET("/_api/replication/logger-tick-ranges")),
    firstTick: () => checkRequestResult(server().GET("/_api/replication/logger-first-tick")).firstTick,
  };

  function applier(prefix: string, query: string): Loose {
    const url = (command: string, more = "") => {
      const pairs = [query, more].filter((pair) => pair !== "").join("&");
      return `${prefix}/_api/replication/applier-${command}${pairs === "" ? "" : `?${pairs}`}`;
    };
    const check = (reply: Loose) => checkRequestResult(reply);
    return {
      start(tick?: Loose) {
        const from = tick === undefined ? "" : `from=${encodeURIComponent(String(tick))}`;
        return check(server().PUT(url("start", from), ""));
      },
      stop: () => check(server().PUT(url("stop"), "")),
      shutdown: () => check(server().PUT(url("stop"), "")),
      state: () => check(server().GET(url("state"))),
      stateAll: () => check(server().GET(url("state-all"))),
      forget: () => check(server().DELETE(url("state"))),
      properties: (config?: Loose) =>
        check(config === undefined ? server().GET(url("config")) : server().PUT(url("config"), config)),
    };
  }
  exports.applier = applier("", "");
  exports.globalApplier = applier("/_db/_system", "global=true");

  exports.serverId = () => checkRequestResult(server().GET("/_api/replication/server-id")).serverId;
  exports.compareTicks = require("@arangodb/replication-common").compareTicks;
}

/** The module `@arangodb/replication-common`. */
export function replicationCommon({ exports, require, host }: ModuleScope): void {
  exports.compareTicks = function compareTicks(left: Loose, right: Loose): number {
    const [one, two] = [BigInt(left), BigInt(right)];
    return one < two ? -1 : one > two ? 1 : 0;
  };
  exports.reconnectRetry = function reconnectRetry(
    endpoint: Loose,
    database: Loose,
    user: Loose,
    password: Loose,
  ): void {
    const { arango } = require("denosh/connection");
    for (let pause = 0.2;; pause *= 2) {
      try {
        arango.reconnect(endpoint, database, user, password);
        return;
      } catch (error) {
        if (pause >= 5) throw error;
        host.sleep(pause);
      }
    }
  };
}
