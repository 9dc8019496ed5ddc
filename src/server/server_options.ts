/**
 * What a server may be told when it is made, and with each request.
 *
 * @module
 */
import type { DistantActions, RunAction } from "../base/action.ts";
import type { ApiReply } from "../base/exchange.ts";
import type { Database } from "../engine/database.ts";
import type { LockTable } from "../engine/lock_table.ts";
import type { ResultTaker } from "./query_cache.ts";
import type { QueryThreads } from "./query_threads.ts";
import type { LogOutput } from "./server_log.ts";
import type { TransactionKind } from "./transactions.ts";

/** What is known about a job that a route with `start` has begun. */
export type BackgroundJob =
  | { readonly state: "pending" }
  | { readonly state: "done"; readonly reply: ApiReply };

/** Options of a server. */
export interface ServerOptions {
  /** Whether requests need a user and a password or token. Without it everybody is root. */
  readonly authentication: boolean;
  /** The secret that session tokens are signed with; a random one when absent, so that tokens end with the server. */
  readonly jwtSecret?: string | Uint8Array;
  /** The password of root in a directory that has no users yet; the empty one when absent. */
  readonly rootPassword?: string;
  /** Looks up jobs that outlive requests: what `start` of a route gave out, in this or an earlier process. */
  readonly backgroundJobs?: (id: string, database: Database) => BackgroundJob | undefined;
  /** Starts a sync as a job of its own; returns the job's id. Without it the server follows nobody. */
  readonly startSync?: (config: unknown, database: Database) => string;
  /** Runs functions that clients send. Without it they are told that the server runs none. */
  readonly runAction?: RunAction;
  /**
   * Threads that run them beside other requests. Without these they keep all requests waiting. A task may send code and start a
   * transaction, and code may start one, so that one kind never waits for a thread that only the end of another one of its kind
   * would set free.
   */
  readonly actionThreads?: Readonly<Record<"tasks" | "code" | "transactions", DistantActions>>;
  /** Whether users may run any code, with the rights that they have (`/_admin/execute`). @default false */
  readonly allowAdminExecute?: boolean;
  /** When the request came that is answered now, in milliseconds since 1970: what lived then is not over yet. @default now */
  readonly askedAt?: () => number;
  /** Threads for queries and stream transactions; without them they keep all other requests waiting. */
  readonly queryThreads?: QueryThreads;
  /** The locks of transactions of all threads that have the directory open. @default those of `queryThreads` */
  readonly locks?: LockTable;
  /** What the thread of the server is called among them. */
  readonly thread?: string;
  /** What kind of a transaction the request begins that is answered now. @default stream */
  readonly beginsAs?: () => TransactionKind;
  /** Takes the results of the query that runs, if somebody wants them who has asked this server's cache of results. */
  readonly resultTaker?: () => ResultTaker | undefined;
  /** Tells the key of the plan of the query that runs, if another server has the list of plans. */
  readonly knownPlanKey?: () => string | undefined;
  /** Whether what runs is to end: a query, with error 1500, or a function of a client's. */
  readonly isInterrupted?: () => boolean;
  /** The certificates of TLS endpoints and their key, for `/_admin/server/tls`. */
  readonly keyFile?: ServedKeyFile;
  /** Where the server listens, for `/_api/endpoint`: `http://127.0.0.1:8529`. */
  readonly endpoints?: () => readonly string[];
  /** Origins whose browsers may send credentials; `*` stands for all. Without it none. */
  readonly trustedOrigins?: readonly string[];
  /** Where the messages of the log go, besides to clients that ask for them. */
  readonly log?: LogOutput;
  /** Ends the process, for `DELETE /_admin/shutdown`. */
  readonly shutdown?: () => void;
}

/** Certificates and their key, which may be exchanged. */
export interface ServedKeyFile {
  /** The PEM text that new connections are begun with. */
  readonly text: string;
  /**
   * Reads it anew; later connections are begun with that.
   *
   * @throws ArangoError if it cannot be used; then nothing changes
   */
  reload(): void;
}

/** How a server answers a request that takes longer. */
export interface HandleOptions {
  /**
   * `block`: wait for the answer, sleeping in between, instead of returning a `Waiting`; `later`: other requests go on
   * meanwhile, so that it makes sense to wait for the end of a transaction too.
   */
  readonly wait?: "block" | "later";
  /** The transaction whose function sends the request: it may read and write documents, but define nothing. */
  readonly within?: string;
  /** The user who sends the request, when somebody else has made sure of that. */
  readonly as?: string;
  /** Whether the request shares a transaction of the engine with others, so that nothing else may be done beside it. */
  readonly together?: boolean;
}
