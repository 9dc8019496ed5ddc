/**
 * The replication API of a follower that is another server, over the connection that a shell has to it.
 *
 * @module
 */
import type { ApiReply } from "../../base/exchange.ts";
import { ArangoError } from "../../base/arango_error.ts";
import type { Exchange } from "../../network/api_client.ts";
import { type LeaderLink, type LeaderRequest, LinkFailure, type PendingReply } from "../leader_link.ts";

/** What connections say that have no answer, as links do. */
const FAILURES: Readonly<Record<number, string>> = { 408: "timeout", 2001: "connect", 2002: "broken", 2003: "invalid" };

/** A request that is sent again whenever it is due. */
interface Repetition {
  readonly request: LeaderRequest;
  /** Milliseconds. */
  readonly interval: number;
  due: number;
}

/** A link whose requests are carried out one after the other, when somebody waits for them. */
export function exchangeLink(exchange: Exchange): LeaderLink {
  const repetitions = new Set<Repetition>();
  const send = ({ method, url, headers, body = "" }: LeaderRequest): ApiReply => {
    try {
      return exchange.request({ method, url, headers, body: new TextEncoder().encode(body) });
    } catch (error) {
      const kind = error instanceof ArangoError ? FAILURES[error.errorNum] : undefined;
      throw kind === undefined ? error : new LinkFailure((error as ArangoError).message, kind);
    }
  };
  const repeatDue = (): void => {
    for (const repetition of repetitions) {
      if (performance.now() < repetition.due) continue;
      repetition.due = performance.now() + repetition.interval;
      send(repetition.request);
    }
  };
  return {
    start: (request): PendingReply => ({
      wait: () => {
        repeatDue();
        return { reason: "", ...send(request) };
      },
    }),
    repeat: (request, seconds) => {
      const interval = seconds * 1000;
      const repetition = { request, interval, due: performance.now() + interval };
      repetitions.add(repetition);
      return { [Symbol.dispose]: () => void repetitions.delete(repetition) };
    },
    [Symbol.dispose]: () => {},
  };
}
