/**
 * The way to a leader: HTTP exchanges that are started now and waited for later.
 *
 * @module
 */
import type { UnderWay } from "../network/api_client.ts";

/** A request to a leader. */
export interface LeaderRequest {
  readonly method: string;
  /** Path and query, with a leading slash. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Seconds until the whole answer must be there. */
  readonly timeout: number;
  /** The answer is lines of JSON objects, and worth nothing if one of them is not. */
  readonly jsonLines?: boolean;
  /** The body may be lent: shared memory, which is used until {@linkcode LeaderReply.release} is called. */
  readonly lend?: boolean;
}

/** A leader's answer. */
export interface LeaderReply {
  readonly status: number;
  readonly reason: string;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Gives a lent body back. */
  readonly release?: () => void;
}

/** The connection to one leader. Tests hand in leaders that misbehave. */
export interface LeaderLink extends Disposable {
  /** Sends a request without waiting for the answer; waiting for it throws a {@linkcode LinkFailure} when there is none. */
  start(request: LeaderRequest): UnderWay<LeaderReply>;
  /**
   * Repeats a request in the background, whatever this thread does, and ignores the answers.
   *
   * @param seconds between two repetitions
   * @returns ends the repetition
   */
  repeat(request: LeaderRequest, seconds: number): Disposable;
}

/** No answer came: what the transport says about it. */
export class LinkFailure extends Error {
  override readonly name = "LinkFailure";
  /** `connect`: the leader cannot have seen the request; `invalid`: what it sent is damaged; `broken`, `timeout`. */
  readonly kind: string;

  constructor(detail: string, kind: string) {
    super(detail);
    this.kind = kind;
  }
}
