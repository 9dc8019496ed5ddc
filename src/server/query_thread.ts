/**
 * A thread that answers requests of `/_api/cursor`; see {@linkcode QueryThreads}.
 *
 * @module
 */
import { type ApiReply, type ApiRequest, bodyBytes } from "../base/exchange.ts";
import { Engine } from "../engine/engine.ts";
import { cursorsOf } from "./cursors.ts";
import type { CachedResult } from "./query_cache.ts";
import { Server } from "./server.ts";
import type { LogEntry } from "./server_log.ts";

/** What a thread is told first. */
export interface ThreadPlan {
  readonly directory: string;
  readonly readOnly: boolean;
  readonly authentication: boolean;
}

/** What a {@linkcode ResultTaker} takes. */
interface KeptResult {
  readonly result: CachedResult;
  readonly states: readonly (string | undefined)[];
}

/** A request for a thread. */
export interface ThreadOrder {
  readonly number: number;
  readonly request: ApiRequest;
  /** Who sends it; the password was checked before. */
  readonly user: string;
  /** Whether the server refuses changes. */
  readonly readOnly: boolean;
  /** The key of the plan that the query uses, if the server has it in its list. */
  readonly planKey: string | undefined;
  /** How many characters all results may have that are wanted; negative where none are. */
  readonly mostCharacters: number;
  /** When it was given, in milliseconds since 1970: the thread may have had other things to do. */
  readonly given: number;
  /** One word: whether the order is to be given up. */
  readonly killed: SharedArrayBuffer;
}

/** What a thread answers. */
export interface ThreadAnswer {
  readonly number: number;
  readonly reply: ApiReply;
  /** How many milliseconds the thread has worked on it. */
  readonly took: number;
  /** The ids of the cursors that are open in the thread. */
  readonly cursors: readonly string[];
  /** What is to stand in the server's log. */
  readonly log: readonly LogEntry[];
  /** All results of the query, where they are wanted and will be the same the next time. */
  readonly kept?: KeptResult;
}

/** Makes a thread let go of cursors that have expired. */
export type ExpireOrder = "expire";
/** What it says then. */
export type CursorsLeft = Pick<ThreadAnswer, "cursors">;

/** Makes a thread close its files: it gets no more orders. */
export interface CloseOrder {
  /** One word: whether it has closed them. */
  readonly closed: SharedArrayBuffer;
}

interface AnswerTaker {
  postMessage(message: ThreadAnswer | CursorsLeft, transfer?: Transferable[]): void;
}

const scope = globalThis as unknown as AnswerTaker & {
  onmessage: (event: MessageEvent<ThreadPlan | ThreadOrder | ExpireOrder | CloseOrder>) => void;
};

/** Where answers go: a port if one came with the plan. */
let taker: AnswerTaker = scope;

let server: Server | undefined;
let given = 0;
let planKey: string | undefined;
let killed: Int32Array = new Int32Array(1);
let noted: LogEntry[] = [];
let mostCharacters = -1;
let kept: KeptResult | undefined;

function open({ directory, readOnly, authentication }: ThreadPlan): Server {
  return new Server(Engine.open({ directory, readOnly, conflicts: true }), {
    authentication,
    resultTaker: () => {
      return mostCharacters < 0 ? undefined : { mostCharacters, take: (result, states) => kept = { result, states } };
    },
    knownPlanKey: () => planKey,
    askedAt: () => given,
    isInterrupted: () => Atomics.load(killed, 0) !== 0,
    // which levels are wanted is for the server to say
    log: { levelOf: () => "TRACE", write: (entry) => void noted.push(entry) },
  });
}

function close({ closed }: CloseOrder): void {
  server![Symbol.dispose]();
  server!.engine[Symbol.dispose]();
  const word = new Int32Array(closed);
  Atomics.store(word, 0, 1);
  Atomics.notify(word, 0);
}

scope.onmessage = ({ data, ports: [port] }) => {
  if (data === "expire") {
    given = Date.now();
    const cursors = cursorsOf(server!);
    cursors.expire();
    taker.postMessage({ cursors: cursors.ids });
    return;
  }
  if ("closed" in data) return close(data);
  if (!("number" in data)) {
    server = open(data);
    if (port) taker = port;
    return;
  }
  given = data.given;
  planKey = data.planKey;
  killed = new Int32Array(data.killed);
  noted = [];
  kept = undefined;
  mostCharacters = data.mostCharacters;
  server!.readOnly = data.readOnly;
  const started = performance.now();
  const answer = server!.handle(data.request, { wait: "block", as: data.user });
  const took = performance.now() - started;
  const body = bodyBytes(answer);
  const { buffer, byteLength } = body;
  const owned = buffer.byteLength === byteLength && byteLength > 0 ? [buffer as ArrayBuffer] : [];
  const { ids: cursors } = cursorsOf(server!);
  taker.postMessage({
    number: data.number,
    reply: { ...answer, body },
    took,
    cursors,
    log: noted,
    ...(kept ? { kept } : {}),
  }, owned);
};
