/**
 * A sync job as its document in the job table tells it.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { Interrupted } from "../network/blocking_channel.ts";
import type { SyncOutcome, SyncResult } from "./sync.ts";
import { publicOptions, type SyncConfig } from "./sync_config.ts";
import type { SyncStatistics } from "./sync_progress.ts";

/** The job table, which no leader's may replace. */
export const JOB_TABLE = "_sync_jobs";

/** A job in the background whose process has not begun within this many milliseconds never will. */
export const START_GRACE = 20_000;

/** What a job is doing, or how it ended. */
export type JobState = "running" | "done" | "failed" | "interrupted";

const STATES: readonly JobState[] = ["running", "done", "failed", "interrupted"];

/** A job as its document tells it; never with a password or token. */
export interface JobDocument {
  readonly _key: string;
  readonly state: JobState;
  readonly phase: string;
  readonly message: string;
  readonly leader: { readonly endpoint: string; readonly database: string; readonly username: string };
  /** The only collection that is synced; null when there are several. */
  readonly collection: string | null;
  readonly options: Readonly<Record<string, unknown>>;
  readonly documents: { readonly done: number; readonly total: number };
  readonly bytes: { readonly done: number; readonly total: number };
  readonly started: string;
  readonly updated: string;
  readonly finished: string | null;
  readonly attempts: number;
  /** The process that works on it; null until one has begun. */
  readonly process: number | null;
  /** Whether the job goes on when the shell that started it ends. */
  readonly background: boolean;
  /** Unfinished files by collection, that a later sync can take up. */
  readonly unfinished: Readonly<Record<string, string>>;
  readonly result: SyncResult | null;
  readonly error: { readonly errorNum: number; readonly code: number; readonly errorMessage: string } | null;
  readonly statistics: SyncStatistics | null;
}

/** What is known of a job before it begins. */
export type NewJob = Pick<JobDocument, "_key" | "leader" | "collection" | "options" | "background">;

/**
 * Describes a job before it begins.
 *
 * @param id the key of its document
 * @param background whether it goes on when the shell that started it ends
 */
export function newJob(id: string, config: SyncConfig, background: boolean): NewJob {
  const { endpoint, database, username, restrictType, restrictCollections } = config;
  return {
    _key: id,
    leader: { endpoint, database, username },
    collection: restrictType === "include" && restrictCollections.length === 1 ? restrictCollections[0]! : null,
    options: publicOptions(config),
    background,
  };
}

/** The document of a new job. */
export function jobDocument(job: NewJob): JobDocument {
  const now = new Date().toISOString();
  const { _key, leader, collection, options, background } = job;
  return {
    _key,
    state: "running",
    phase: "planned",
    message: "",
    leader,
    collection,
    options,
    documents: { done: 0, total: 0 },
    bytes: { done: 0, total: 0 },
    started: now,
    updated: now,
    finished: null,
    attempts: 0,
    process: null,
    background,
    unfinished: {},
    result: null,
    error: null,
    statistics: null,
  };
}

/** What changes when a job ends well. */
export function success({ result, statistics }: SyncOutcome): Partial<JobDocument> {
  return { state: "done", phase: "done", message: "done", finished: new Date().toISOString(), result, statistics };
}

/** What changes when a job fails. */
export function failure(error: unknown, config: SyncConfig): Partial<JobDocument> {
  const { errorNum, code, message } = error instanceof ArangoError ? error : internal(error);
  return {
    state: "failed",
    finished: new Date().toISOString(),
    error: { errorNum, code, errorMessage: withoutSecrets(message, config) },
  };
}

function internal(error: unknown): ArangoError {
  if (error instanceof Interrupted) {
    return new ArangoError("ERROR_REQUEST_CANCELED", "the sync was stopped; the collection is as it was before");
  }
  const text = error instanceof Error ? error.stack ?? error.message : String(error);
  return new ArangoError("ERROR_INTERNAL", `internal error: ${text}`, { cause: error });
}

/** A message in which no secret stands, should a leader have repeated one. */
function withoutSecrets(message: string, { password, jwt }: SyncConfig): string {
  let text = message;
  for (const secret of [password, jwt]) if (secret.length > 3) text = text.replaceAll(secret, "***");
  return text;
}

/** A job that has ended, as an answer. */
export interface JobOutcome {
  readonly status: number;
  readonly body: object;
}

/**
 * How a job stands: `"pending"` while it runs, else its result or error.
 *
 * @param isTakenUp whether a later sync goes on with what an interrupted one has copied
 */
export function jobOutcome(job: JobDocument, isTakenUp: boolean): JobOutcome | "pending" {
  switch (job.state) {
    case "running":
      return "pending";
    case "done":
      return { status: 200, body: job.result ?? {} };
    case "failed": {
      const { errorNum, code, errorMessage } = job.error!;
      return { status: code, body: { error: true, code, errorNum, errorMessage } };
    }
    case "interrupted": {
      const { errorNum, code, message } = interruption(job, isTakenUp);
      return { status: code, body: { error: true, code, errorNum, errorMessage: message } };
    }
  }
}

/** What is said about a job whose process has died. */
function interruption({ _key, collection }: JobDocument, isTakenUp: boolean): ArangoError {
  const what = collection === null ? "" : ` of collection '${collection}'`;
  return new ArangoError(
    "ERROR_REPLICATION_APPLIER_STOPPED",
    `sync job ${_key}${what} was interrupted: its process ended before the job was done, and passwords are not written down, so that ` +
      `it cannot go on by itself; start the same sync again${isTakenUp ? ", it takes up what has been copied" : ""}`,
  );
}

/** Reads a job; undefined for what others have written to the table, such as shells about jobs of other servers. */
export function jobOf(text: string): JobDocument | undefined {
  const job = JSON.parse(text) as Partial<JobDocument>;
  const { state, leader, options, unfinished } = job;
  const isObject = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);
  const isJob = STATES.includes(state!) && isObject(leader) && isObject(options) && isObject(unfinished) &&
    Object.values(unfinished!).every((file) => typeof file === "string");
  return isJob ? job as JobDocument : undefined;
}
