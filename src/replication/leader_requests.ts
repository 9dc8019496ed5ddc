/**
 * Exchanges with a leader: retries, statistics, and errors in ArangoDB's words.
 *
 * Source: `replication-protocol.md` §2.1, §3.4.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { elements } from "../base/json_text.ts";
import type { UnderWay } from "../network/api_client.ts";
import { type LeaderLink, type LeaderReply, type LeaderRequest, LinkFailure } from "./leader_link.ts";
import type { SyncConfig } from "./sync_config.ts";

/** Pauses in milliseconds before a request that could not connect is tried again. */
const CONNECT_PAUSES = [300, 1500];
const FIRST_BUSY_PAUSE = 100;
const LONGEST_BUSY_PAUSE = 5000;
/** The longest pause that a leader may ask for: nobody can stop a sync meanwhile. */
const LONGEST_WANTED_PAUSE = 10_000;
/** What leaders that are busy answer, and proxies in front of them. */
const BUSY: readonly number[] = [429, 503];

/** What begins the names of the headers of dumps and of the log. */
export const REPLICATION = "x-arango-replication-";

/** What a client notes while it works. */
export interface ClientStatistics {
  requests: number;
  /** Milliseconds that this thread waited for the leader. */
  waiting: number;
  /** Bytes of answers. */
  received: number;
}

/** Sends requests to one leader and reads the answers. */
export class LeaderRequests {
  /** Requests, waiting times and bytes so far. */
  readonly statistics: ClientStatistics = { requests: 0, waiting: 0, received: 0 };
  readonly #link: LeaderLink;
  readonly #config: SyncConfig;
  readonly #message: (text: string) => void;

  readonly #peer: string;

  /**
   * @param message is told what happens, in words
   * @param peer what the other side is called in errors
   */
  constructor(link: LeaderLink, config: SyncConfig, message: (text: string) => void, peer = "leader") {
    this.#link = link;
    this.#config = config;
    this.#message = message;
    this.#peer = peer;
  }

  /** Seconds until the whole answer to a request must be there. */
  get timeout(): number {
    return Math.min(this.#config.requestTimeout, this.#config.initialSyncMaxWaitTime);
  }

  /** Makes a request to the leader's database. */
  request(
    method: string,
    path: string,
    query: Readonly<Record<string, string>>,
    body?: string,
    headers = {},
  ): LeaderRequest {
    const url = `/_db/${encodeURIComponent(this.#config.database)}${path}`;
    const search = new URLSearchParams(query).toString();
    return {
      method,
      url: search === "" ? url : `${url}?${search}`,
      headers: {
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
      timeout: this.timeout,
    };
  }

  /**
   * Sends a request; the answer is waited for later.
   *
   * @param again whether the request may be repeated when the connection broke: not where the leader keeps a position
   * @param accepted statuses of 300 and above that are answers
   * @returns `wait` throws ArangoError 1400 without an answer, 1401 for a damaged one, 1402 for any other status
   */
  start(
    request: LeaderRequest,
    options: { again?: boolean; accepted?: readonly number[] } = {},
  ): UnderWay<LeaderReply> {
    const { again = true, accepted = [] } = options;
    let pending = this.#link.start(request);
    this.statistics.requests++;
    return {
      abandon: () => pending.abandon?.(),
      wait: () => {
        const started = performance.now();
        const deadline = started + this.#config.initialSyncMaxWaitTime * 1000;
        let busyPause = FIRST_BUSY_PAUSE;
        const connectPauses = [...CONNECT_PAUSES];
        try {
          for (;;) {
            try {
              const reply = pending.wait();
              const busy = Math.max(busyPause, wantedPause(reply));
              if (!BUSY.includes(reply.status) || performance.now() + busy > deadline) {
                return this.checked(reply, request, accepted);
              }
              this.#message(`${this.#peer} is busy (HTTP ${reply.status}): trying again in ${busy / 1000} s`);
              pause(busy);
              busyPause = Math.min(busyPause * 2, LONGEST_BUSY_PAUSE);
            } catch (error) {
              if (!(error instanceof LinkFailure)) throw error;
              if (error.kind === "invalid") throw this.#damaged(request, error);
              const next = connectPauses[0];
              if (
                next === undefined || error.kind === "timeout" || !(again || error.kind === "connect") ||
                performance.now() + next > deadline
              ) {
                throw this.#noResponse(request, error);
              }
              connectPauses.shift();
              this.#message(`no response from ${this.#peer} (${error.message}): trying again in ${next / 1000} s`);
              pause(next);
            }
            pending = this.#link.start(request);
            this.statistics.requests++;
          }
        } finally {
          this.statistics.waiting += performance.now() - started;
        }
      },
    };
  }

  #noResponse(request: LeaderRequest, failure: LinkFailure): ArangoError {
    return new ArangoError(
      "ERROR_REPLICATION_NO_RESPONSE",
      `could not connect to ${this.#peer} at ${this.#config.endpoint} for URL ${request.url}: ${failure.message}`,
      { cause: failure },
    );
  }

  #damaged(request: LeaderRequest, failure: LinkFailure): ArangoError {
    return new ArangoError(
      "ERROR_REPLICATION_INVALID_RESPONSE",
      `invalid response from ${this.#peer} at ${this.#config.endpoint} for URL ${request.url}: ${failure.message}`,
      { cause: failure },
    );
  }

  /**
   * Counts an answer and looks at its status.
   *
   * @throws ArangoError 1402 for a status of 300 and above, unless it is among `accepted`
   */
  checked(reply: LeaderReply, request: LeaderRequest, accepted: readonly number[]): LeaderReply {
    this.statistics.received += reply.body.length;
    if (reply.status < 300 || accepted.includes(reply.status)) return reply;
    // not a view: it may be of shared memory
    const text = decode(reply.body.slice(0, 2000));
    const cause = reply.status === 401
      ? "; check username and password"
      : reply.status < 400
      ? `; redirections are not followed, name the endpoint that it leads to: ${
        reply.headers.location ?? "it tells none"
      }`
      : text.includes('"errorNum":1228')
      ? `; the ${this.#peer} has no database '${this.#config.database}' that this user may see`
      : "";
    throw new ArangoError(
      "ERROR_REPLICATION_LEADER_ERROR",
      `got invalid response from ${this.#peer} at ${this.#config.endpoint} for URL ${request.url}: ` +
        `HTTP ${reply.status}: ${reply.reason} - ${text}${cause}`,
    );
  }

  /** The error for an answer that does not say what it should. */
  invalid(detail: string): ArangoError {
    return new ArangoError(
      "ERROR_REPLICATION_INVALID_RESPONSE",
      `${detail} from endpoint '${this.#config.endpoint}'`,
    );
  }

  /**
   * Parses an answer.
   *
   * @param what is asked for, in words
   * @throws ArangoError 1401 if it is no JSON in UTF-8
   */
  json(reply: LeaderReply, what: string): unknown {
    return this.#parsed(reply, what).value;
  }

  #parsed(reply: LeaderReply, what: string): { text: string; value: unknown } {
    try {
      const text = strictDecoder.decode(reply.body);
      return { text, value: JSON.parse(text) };
    } catch (cause) {
      const detail = cause instanceof SyntaxError ? cause.message : "it is not UTF-8";
      throw new ArangoError(
        "ERROR_REPLICATION_INVALID_RESPONSE",
        `invalid response from ${this.#peer} at ${this.#config.endpoint} when fetching ${what}: ${detail}`,
        { cause },
      );
    }
  }

  /** The elements of an answer that must be an array, as texts. */
  texts(reply: LeaderReply, what: string): string[] {
    const { text, value } = this.#parsed(reply, what);
    if (!Array.isArray(value)) throw this.invalid(`response does not contain an array of ${what}`);
    return elements(text);
  }

  /** Parses an answer that must be an object. */
  object(reply: LeaderReply, what: string): Record<string, unknown> {
    const value = this.json(reply, what);
    if (!isObject(value)) throw this.invalid(`${what} is no object`);
    return value;
  }
}

/** How many milliseconds an answer asks to wait before the request comes again, within reason; 0 if it names no number of seconds. */
function wantedPause({ headers }: LeaderReply): number {
  const seconds = headers["retry-after"] ?? "";
  return /^\d+$/.test(seconds) ? Math.min(Number(seconds) * 1000, LONGEST_WANTED_PAUSE) : 0;
}

/** Whether a parsed value is an object and no array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

const strictDecoder = new TextDecoder("utf-8", { fatal: true });

/** The text of an answer, whatever bytes it has. */
export function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Blocks for a time in milliseconds. */
export function pause(milliseconds: number): void {
  Atomics.wait(sleeper, 0, 0, milliseconds);
}
