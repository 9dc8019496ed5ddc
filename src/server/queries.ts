/**
 * What a server remembers about queries: those that run, how long they take, and what each database tracks of its own.
 *
 * Source: HTTP API description of `/_api/query`.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { ERRORS } from "../base/error_table.ts";
import { type ApiReply, bodyText } from "../base/exchange.ts";
import { cursorsOf } from "./cursors.ts";
import { OpenStreams } from "./open_streams.ts";
import { QueryPace } from "./query_pace.ts";
import type { ThreadRun } from "./query_thread_link.ts";
import { QueryTracking } from "./query_tracking.ts";
import type { Waiting } from "./waiting.ts";
import type { Server } from "./server.ts";
import { Distribution, TIME_CUTS } from "./statistics.ts";

/** A query as clients see it. */
export interface QueryInfo {
  readonly id: string;
  readonly database: string;
  readonly user: string;
  readonly query: string;
  readonly bindVars: unknown;
  readonly started: Date;
  /** Seconds. */
  readonly runTime: number;
  readonly peakMemoryUsage: number;
  readonly state: "executing" | "finished" | "killed";
  readonly modificationQuery: boolean;
  readonly stream: boolean;
  readonly warnings: number;
  /** At its end: 0, or the number of the error that ended it. */
  readonly exitCode?: number;
}

/** A query that runs in a thread of its own. */
interface Running {
  info: QueryInfo;
  readonly started: number;
  readonly run: Waiting;
}

/** What a server remembers about queries. */
export class QueryLog {
  /** By the names of databases. */
  readonly #tracking = new Map<string, QueryTracking>();
  readonly #running = new Map<string, Running>();
  /** How long queries took when they last ran. */
  readonly pace: QueryPace = new QueryPace();
  /** How long the queries took that have ended, in seconds. */
  readonly ended: Distribution = new Distribution(TIME_CUTS);
  /** How long the slow ones of them took, in seconds. */
  readonly endedSlowly: Distribution = new Distribution(TIME_CUTS);
  /** Queries whose clients go on reading. */
  readonly streams: OpenStreams;

  /** @param streams queries whose clients go on reading */
  constructor(streams: OpenStreams) {
    this.streams = streams;
  }

  /** What a database tracks of its queries. */
  trackingOf(database: string): QueryTracking {
    let tracking = this.#tracking.get(database);
    if (!tracking) this.#tracking.set(database, tracking = new QueryTracking());
    return tracking;
  }

  /** Forgets the settings and the slow queries of a database that is dropped. */
  forgetDatabase(database: string): void {
    this.#tracking.delete(database);
  }

  /**
   * Notes a query that has begun elsewhere, and its end.
   *
   * @param run its answer, which a thread gives
   * @returns the answer, by which the end is noted
   */
  follow(info: QueryInfo, run: ThreadRun): Waiting {
    const started = performance.now();
    const end = (exitCode: number, took?: number, reply?: ApiReply): void => {
      if (!this.#running.delete(info.id)) return;
      if (reply && info.stream && !info.modificationQuery) this.noteStream(info, reply, started);
      const runTime = (performance.now() - started) / 1000;
      this.note({ ...info, runTime, state: exitCode === 1500 ? "killed" : "finished", exitCode }, took);
    };
    const poll = (): ApiReply | undefined => {
      try {
        const reply = run.poll();
        if (reply) end(errorNumOf(reply), run.took(), reply);
        return reply;
      } catch (error) {
        end(ERRORS.ERROR_INTERNAL[0]);
        throw error;
      }
    };
    const followed: Waiting = {
      ...run,
      poll,
      cancel: () => {
        run.cancel();
        // the thread goes on until it looks
        running.info = { ...running.info, state: "killed" };
      },
      // what goes wrong is told to whoever polls for the answer
      ...(run.ready ? { ready: run.ready.then(poll).then(() => {}, () => {}) } : {}),
    };
    const running: Running = { info: this.trackingOf(info.database).shown(info), started, run: followed };
    this.#running.set(info.id, running);
    return followed;
  }

  /**
   * Notes a streaming query that goes on after its first batch.
   *
   * @param first the answer with that
   */
  noteStream(info: QueryInfo, first: ApiReply, started = performance.now()): void {
    this.streams.note(this.trackingOf(info.database).shown(info), started, first);
  }

  /** The running queries of a database, or of all: of those whose queries are tracked. */
  running(database: string | undefined): QueryInfo[] {
    for (const { run } of [...this.#running.values()]) {
      try {
        run.poll();
      } catch {
        // told to whoever waits for the answer
      }
    }
    const running = [...this.#running.values()].map(({ info, started }) => ({
      ...info,
      runTime: (performance.now() - started) / 1000,
    }));
    return [...running, ...this.streams.list()].filter((one) =>
      (database === undefined || one.database === database) && this.trackingOf(one.database).settings.enabled
    );
  }

  /**
   * Ends a running query of a database, or of any.
   *
   * @throws ArangoError 1591
   */
  kill(id: string, database: string | undefined): void {
    if (this.streams.kill(id, database)) return;
    const found = this.#running.get(id);
    if (!found || (database !== undefined && found.info.database !== database)) {
      throw new ArangoError("ERROR_QUERY_NOT_FOUND", undefined, { code: 404 });
    }
    found.run.cancel?.();
  }

  /**
   * Counts a query that has ended, and keeps it if it was slow.
   *
   * @param took how many milliseconds it took itself, where `runTime` tells of the wait for a thread too
   */
  note(query: QueryInfo, took: number = query.runTime * 1000): void {
    this.pace.note(query.query, took);
    this.ended.add(took / 1000);
    if (this.trackingOf(query.database).note(query)) this.endedSlowly.add(took / 1000);
  }

  /** The slow queries of a database, or of all. */
  slow(database: string | undefined): QueryInfo[] {
    return this.#tracked(database).flatMap(({ slow }) => slow);
  }

  /** Forgets the slow queries of a database, or of all. */
  clear(database: string | undefined): void {
    for (const tracking of this.#tracked(database)) tracking.clear();
  }

  #tracked(database: string | undefined): QueryTracking[] {
    return database === undefined ? [...this.#tracking.values()] : [this.trackingOf(database)];
  }
}

/** The number of the error that an answer tells of, or 0. */
function errorNumOf(reply: ApiReply): number {
  return reply.status < 400 ? 0 : (JSON.parse(bodyText(reply)) as { errorNum: number }).errorNum;
}

/** What a server remembers about queries. */
export function queryLogOf(server: Server): QueryLog {
  return server.part(newLog);
}

function newLog(server: Server): QueryLog {
  const threads = server.options.queryThreads;
  const isElsewhere = (cursor: string): boolean => threads?.has(cursor) === true;
  const close = (cursor: string, { user, database }: QueryInfo): void => {
    if (!isElsewhere(cursor)) return cursorsOf(server).remove(cursor, user, database);
    const url = `/_db/${encodeURIComponent(database)}/_api/cursor/${cursor}`;
    const request = { method: "DELETE", url, headers: {}, body: new Uint8Array() };
    threads!.run(request, { user, readOnly: server.readOnly, cursor });
  };
  return new QueryLog(new OpenStreams((cursor) => isElsewhere(cursor) || cursorsOf(server).has(cursor), close));
}
