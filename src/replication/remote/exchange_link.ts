/**
 * The replication API of a follower that is another server, over the connection that a shell has to it.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import { type ApiReply, type ApiRequest, bodyBytes } from "../../base/exchange.ts";
import { type Exchange, startExchange, type UnderWay } from "../../network/api_client.ts";
import { type LeaderLink, type LeaderReply, type LeaderRequest, LinkFailure } from "../leader_link.ts";

/** What connections say that have no answer, as links do. */
const FAILURES: Readonly<Record<number, string>> = { 408: "timeout", 2001: "connect", 2002: "broken", 2003: "invalid" };

/** A request that is sent again whenever it is due. */
interface Repetition {
  readonly request: ApiRequest;
  /** Milliseconds. */
  readonly interval: number;
  due: number;
}

/** An exchange that repeats requests in the background of all others: whatever it carries, none is forgotten for long. */
export class RepeatingExchange implements Exchange {
  readonly #exchange: Exchange;
  readonly #repetitions = new Set<Repetition>();

  /** @param exchange carries the requests */
  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  request(request: ApiRequest): ApiReply {
    this.#repeatDue();
    return this.#exchange.request(request);
  }

  start(request: ApiRequest): UnderWay<ApiReply> {
    this.#repeatDue();
    return startExchange(this.#exchange, request);
  }

  #repeatDue(): void {
    for (const repetition of this.#repetitions) {
      if (performance.now() < repetition.due) continue;
      repetition.due = performance.now() + repetition.interval;
      this.#exchange.request(repetition.request);
    }
  }

  /**
   * Repeats a request as long as there are others, and ignores the answers.
   *
   * @param seconds between two repetitions, at the least
   * @returns ends the repetition
   */
  repeat(request: ApiRequest, seconds: number): Disposable {
    const interval = seconds * 1000;
    const repetition = { request, interval, due: performance.now() + interval };
    this.#repetitions.add(repetition);
    return { [Symbol.dispose]: () => void this.#repetitions.delete(repetition) };
  }
}

/** A link whose requests are carried out one after the other, when somebody waits for them. */
export function exchangeLink(exchange: RepeatingExchange): LeaderLink {
  return {
    start: (request): UnderWay<LeaderReply> => ({
      wait: () => {
        try {
          const reply = exchange.request(apiRequest(request));
          return { reason: "", ...reply, body: bodyBytes(reply) };
        } catch (error) {
          const kind = error instanceof ArangoError ? FAILURES[error.errorNum] : undefined;
          throw kind === undefined ? error : new LinkFailure((error as ArangoError).message, kind);
        }
      },
    }),
    repeat: (request, seconds) => exchange.repeat(apiRequest(request), seconds),
    [Symbol.dispose]: () => {},
  };
}

function apiRequest({ method, url, headers, body = "" }: LeaderRequest): ApiRequest {
  return { method, url, headers, body: new TextEncoder().encode(body) };
}
