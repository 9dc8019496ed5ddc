/**
 * The worker behind {@linkcode openLeaderLink}.
 *
 * @module
 */
import { freeBytes } from "../base/free_bytes.ts";
import { JsonLineChecker } from "../base/json_lines.ts";
import { serveChannel } from "../network/blocking_channel.ts";
import { parseConnectRule } from "../network/connect_to.ts";
import type { Endpoint } from "../network/endpoint.ts";
import { type ClientMessage, ExchangeFailure, exchangeFailure, HttpClient } from "../network/http_client.ts";
import type { LeaderRequest } from "./leader_link.ts";

/** What the worker is told. */
export type LinkMessage =
  | ({ readonly kind: "open" } & ClientMessage)
  | { readonly kind: "request"; readonly request: LeaderRequest }
  | { readonly kind: "repeat"; readonly id: number; readonly request: LeaderRequest; readonly seconds: number }
  | { readonly kind: "stop"; readonly id: number }
  | { readonly kind: "close" };

/** What precedes an answer's body. */
export interface LinkHead {
  readonly status: number;
  readonly reason: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface OpenLink {
  readonly client: HttpClient;
  readonly endpoint: Endpoint;
}

let open: OpenLink | Error | undefined;
const timers = new Map<number, ReturnType<typeof setInterval>>();

function link(): OpenLink {
  if (open === undefined || open instanceof Error) {
    throw new ExchangeFailure("connect", open?.message ?? "the link to the leader is closed");
  }
  return open;
}

async function* parts(
  response: Response,
  endpoint: Endpoint,
  checker: JsonLineChecker | undefined,
): AsyncGenerator<Uint8Array> {
  const insist = (wrong: string | undefined): void => {
    if (wrong !== undefined) throw new ExchangeFailure("invalid", wrong);
  };
  try {
    if (!response.body) return;
    for await (const part of response.body) {
      if (checker) insist(checker.check(part));
      yield part;
      freeBytes(part);
    }
    if (checker) insist(checker.end());
  } catch (error) {
    throw exchangeFailure(error, endpoint);
  }
}

function send({ client }: OpenLink, { method, url, headers, body, timeout }: LeaderRequest): Promise<Response> {
  return client.request(method, url, { headers, timeout, ...(body === undefined ? {} : { body }) });
}

async function handle(message: LinkMessage): Promise<{ head: LinkHead; body: AsyncIterable<Uint8Array> } | undefined> {
  switch (message.kind) {
    case "open":
      try {
        const connectTo = message.connectTo.map(parseConnectRule);
        open = { client: new HttpClient({ ...message, connectTo }), endpoint: message.endpoint };
      } catch (error) {
        // a certificate file that cannot be read: the first request tells
        open = error instanceof Error ? error : new Error(String(error));
      }
      return undefined;
    case "request": {
      const current = link();
      const response = await send(current, message.request);
      const { status, statusText, headers } = response;
      return {
        head: { status, reason: statusText, headers: Object.fromEntries(headers) },
        body: parts(
          response,
          current.endpoint,
          message.request.jsonLines && status === 200 ? new JsonLineChecker() : undefined,
        ),
      };
    }
    case "repeat": {
      const current = link();
      const again = async (): Promise<void> => {
        try {
          await (await send(current, message.request)).body?.cancel();
        } catch {
          // whether the leader can be reached shows with the next request that somebody waits for
        }
      };
      timers.set(message.id, setInterval(again, message.seconds * 1000));
      return undefined;
    }
    case "stop":
      clearInterval(timers.get(message.id));
      timers.delete(message.id);
      return undefined;
    case "close":
      for (const timer of timers.values()) clearInterval(timer);
      timers.clear();
      if (open && !(open instanceof Error)) open.client[Symbol.dispose]();
      open = undefined;
      return undefined;
  }
}

serveChannel(handle, (error) => {
  const { kind, message } = error instanceof ExchangeFailure
    ? error
    : { kind: "broken", message: error instanceof Error ? error.message : String(error) };
  return { kind, message };
});
