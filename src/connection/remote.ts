/**
 * A connection to a server: arangojs talks to it in a worker, while this thread waits.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { UnderWay } from "../network/api_client.ts";
import { BlockingChannel, ChannelFailure } from "../network/blocking_channel.ts";
import { parseConnectRule } from "../network/connect_to.ts";
import { parseEndpoint } from "../network/endpoint.ts";
import type { ApiReply, ApiRequest, Connection } from "./connection.ts";
import type { Credentials } from "./login.ts";
import type { RemoteHead, RemoteMessage } from "./remote_worker.ts";

export type { Credentials };

/** Options of {@linkcode RemoteConnection}. */
export interface RemoteOptions {
  /** Where the server is, such as `tcp://127.0.0.1:8529`. */
  readonly endpoint: string;
  /** Who requests come from. @default nobody */
  readonly credentials?: Credentials;
  /** The user's name, where the credentials have none. @default {"root"} */
  readonly username?: string;
  /** Seconds for a connection to come about. @default {5} */
  readonly connectTimeout?: number;
  /** Seconds for an answer to be there. @default {1200} */
  readonly timeout?: number;
  /** Rules of `--connect-to`. @default {[]} */
  readonly connectTo?: readonly string[];
  /** A PEM file of certificates that are trusted besides the platform's. */
  readonly caFile?: string;
  /** Bodies of at least so many bytes are sent compressed, where that makes them shorter; 0 = none. @default {0} */
  readonly compressFrom?: number;
  /** Asked many times per second whether a waiting thread is to stop. @default never */
  readonly isInterrupted?: () => boolean;
}

/** Bytes of a body that is worth giving away. */
const LARGE = 64 * 1024;
/** How much longer this thread waits than the worker does, in milliseconds: then the worker itself is in trouble. */
const GRACE = 5000;
/** What 0 means as a time limit, in seconds: a day; timers know no more than 24. */
const UNLIMITED = 86_400;

/** A blocking connection to a server. */
export class RemoteConnection implements Connection {
  readonly endpoint: string;
  readonly username: string;
  readonly #timeout: number;
  readonly #channel: BlockingChannel<RemoteMessage, RemoteHead>;
  #requests = 0;

  /**
   * Nothing is sent before the first request.
   *
   * @throws ArangoError 10 for a text that is no endpoint, or no rule of `--connect-to`
   */
  constructor(options: RemoteOptions) {
    const { credentials = { kind: "none" }, connectTo = [], caFile, isInterrupted } = options;
    const endpoint = parseEndpoint(options.endpoint);
    for (const rule of connectTo) parseConnectRule(rule);
    this.endpoint = endpoint.text;
    this.username = credentials.kind === "password" ? credentials.username : options.username ?? "root";
    this.#timeout = limited(options.timeout ?? 1200);
    this.#channel = new BlockingChannel(
      new Worker(new URL("./remote_worker.ts", import.meta.url), { type: "module" }),
      isInterrupted ? { isInterrupted } : {},
    );
    this.#channel.post({
      kind: "open",
      endpoint,
      connectTo: [...connectTo],
      connectTimeout: limited(options.connectTimeout ?? 5),
      credentials,
      compressFrom: options.compressFrom || Infinity,
      ...(caFile === undefined ? {} : { caFile }),
    });
  }

  request(request: ApiRequest, timeout?: number): ApiReply {
    return this.start(request, timeout).wait();
  }

  /**
   * Sends a request; the answer is waited for later.
   *
   * @param timeout seconds for the answer to be there
   */
  start(request: ApiRequest, timeout?: number): UnderWay<ApiReply> {
    const seconds = timeout === undefined ? this.#timeout : limited(timeout);
    const id = ++this.#requests;
    const given = ownBody(request);
    const message: RemoteMessage = { kind: "request", id, request: { ...request, ...given }, timeout: seconds };
    const pending = this.#channel.start(message, false, given && [given.body.buffer]);
    const cancel = (): void => this.#channel.post({ kind: "cancel", id });
    const wait = (): ApiReply => {
      try {
        const { head, body } = pending.wait(seconds * 1000 + GRACE);
        return { ...head, body };
      } catch (error) {
        if (!(error instanceof ChannelFailure)) {
          cancel();
          throw error;
        }
        const number = Number(error.kind);
        if (error.kind === "timeout" || number === 408) {
          cancel();
          throw new ArangoError("ERROR_HTTP_REQUEST_TIMEOUT", "Request timeout");
        }
        throw new ArangoError(number || 2001, error.message, { code: 500 });
      }
    };
    const abandon = (): void => {
      pending.abandon();
      cancel();
    };
    return { wait, abandon };
  }

  [Symbol.dispose](): void {
    this.#channel[Symbol.dispose]();
  }
}

/** A copy of a large body, for the worker to keep: what is not given to it is copied twice on the way. */
function ownBody({ body }: ApiRequest): { readonly body: Uint8Array<ArrayBuffer> } | undefined {
  return body.length < LARGE ? undefined : { body: new Uint8Array(body) };
}

function limited(seconds: number): number {
  return seconds > 0 ? Math.min(seconds, UNLIMITED) : UNLIMITED;
}
