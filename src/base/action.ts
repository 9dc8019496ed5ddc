/**
 * Functions that clients send to a server, to be run there.
 *
 * @module
 */
import type { ApiReply, ApiRequest } from "./exchange.ts";
import type { Level } from "./log_level.ts";

/** A function, and what it runs in. */
export interface Action {
  /** The text of a JavaScript function. */
  readonly source: string;
  /** JSON text of its argument; without one it is called with `undefined`. */
  readonly params: string | undefined;
  /** The name of the database that `db` stands for. */
  readonly database: string;
  /** The user that it runs as. */
  readonly user: string;
  /** Sends a request as that user. */
  send(request: ApiRequest): ApiReply;
  /** Takes what the function prints and logs. */
  log(level: Level, text: string, topic?: string): void;
  /** Whether the function is to end; asked in its loops, and often while it waits. @default never */
  readonly isInterrupted?: () => boolean;
}

/** An action whose requests are answered by another thread, which has other things to do meanwhile. */
export interface DistantAction extends Omit<Action, "send" | "isInterrupted"> {
  /** Sends a request as that user. */
  send(request: ApiRequest): Promise<ApiReply>;
}

/**
 * Runs an action.
 *
 * @returns the JSON text of what the function returns; `null` where that is nothing
 * @throws ArangoError what the function throws; 10 the source is no JavaScript; 1650 with its text for what is no error of ArangoDB
 */
export type RunAction = (action: Action) => string;

/** An action that runs in another thread, or waits for one. */
export interface RunningAction {
  /** What {@linkcode RunAction} returns or throws; 21 after it was cancelled. */
  readonly result: Promise<string>;
  /** Stops it; what it has begun to send is answered nevertheless. */
  cancel(): void;
}

/** Other threads, for actions; disposed, they end what runs, and whatever is to run later, with error 30. */
export interface DistantActions extends Disposable {
  /** Whether one would begin at once. */
  readonly isFree: boolean;
  /**
   * Runs an action.
   *
   * @param begun what it waits for, when it has a place; if that fails, so does the action
   */
  run(action: DistantAction, begun?: unknown): RunningAction;
}
