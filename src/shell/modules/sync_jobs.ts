/**
 * Jobs of syncs: the table that has them, waiting for them, and what has become of them.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `denosh/sync/jobs`. Source: replication-protocol.md 3.9. */
export function syncJobs({ exports, require, host }: ModuleScope): void {
  const { make, ArangoError } = require("denosh/errors");
  const { checkRequestResult } = require("@arangodb/arangosh");
  const { Progress } = require("denosh/sync/progress");

  const JOBS = "_sync_jobs";
  /** Seconds between two looks at a job: quick at first, so that small collections do not wait. */
  const SHORTEST_PAUSE = 0.005;
  const LONGEST_PAUSE = 0.05;
  /** Seconds between two questions whether the job's process still lives. */
  const CHECK = 1;
  /** Attributes that must not be written down. */
  const SECRETS = ["password", "jwt"];

  const server = () => require("denosh/connection").arango;

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

  /** Makes a denosh server look whether the process of a job still lives; it notes it in the job table if not. */
  function checkJob(id: string): void {
    server().GET_RAW(`/_api/job/${encodeURIComponent(id)}`);
  }

  /** Waits for a job that the server itself keeps in the job table. */
  function followTable(id: string, first: Loose, progress: Loose): Loose {
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
  function followJob(id: string, progress: Loose): Loose {
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

  /** The outcome of a job that another client started on a server without job table. */
  function untabledResult(id: string): Loose {
    const reply = server().PUT_RAW(`/_api/job/${encodeURIComponent(id)}`, "");
    if (reply.code === 204) return false;
    if (reply.headers?.["x-arango-async-id"] === undefined) throw make(404, `not found: no sync job ${id}`);
    if (reply.code >= 400) throw errorOf(reply);
    return reply.parsedBody;
  }

  /**
   * Starts a job, and waits for it unless the configuration says otherwise.
   *
   * @param path where the server takes the order
   * @param config the order
   * @param name what the progress bar says is copied
   * @param collection the one collection that is copied, or null
   * @returns the job's result; its id if nobody waits
   */
  function runSync(path: string, config: Loose, name: string, collection: Loose): Loose {
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

  /** The result of a job, `false` while it runs; throws its error. */
  function resultOf(id: string): Loose {
    let job = id === "" ? undefined : readJob(id);
    if (job === undefined) return untabledResult(id);
    if (job.state === "running") {
      if (job.recordedBy === "shell") settleJob(id);
      else checkJob(id);
      job = readJob(id);
    }
    return job.state === "running" ? false : outcome(id, job);
  }

  Object.assign(exports, { resultOf, runSync });
}
