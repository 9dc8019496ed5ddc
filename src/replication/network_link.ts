/**
 * The connection to a leader over the network: requests are carried out by a worker while the sync's thread works or waits.
 *
 * @module
 */
import { BlockingChannel, ChannelFailure, type ChannelOptions } from "../network/blocking_channel.ts";
import { parseEndpoint } from "../network/endpoint.ts";
import type { UnderWay } from "../network/api_client.ts";
import type { JobOrder } from "./job_runner.ts";
import { type LeaderLink, type LeaderReply, type LeaderRequest, LinkFailure } from "./leader_link.ts";
import type { LinkHead, LinkMessage } from "./network_link_worker.ts";
import type { SyncConfig } from "./sync_config.ts";

/** How much longer this thread waits than the worker does, in milliseconds: then the worker itself is in trouble. */
const GRACE = 5000;

type LinkChannel = BlockingChannel<LinkMessage, LinkHead>;

/** Workers that wait for the next link: starting one takes longer than many a sync. */
const idle: LinkChannel[] = [];

/** Starts a worker that carries out requests. */
export function startLinkWorker(): Worker {
  return new Worker(new URL("./network_link_worker.ts", import.meta.url), { type: "module" });
}

/**
 * Has the next link use a worker that somebody else has started.
 *
 * @param port leads to it
 * @param isInterrupted asked often whether the thread that waits for an answer is to give up
 */
export function offerLinkWorker(port: MessagePort, isInterrupted: () => boolean): void {
  const worker = { postMessage: (message: unknown) => port.postMessage(message), terminate: () => port.close() };
  idle.push(new BlockingChannel(worker, { isInterrupted }));
}

/**
 * Connects to the leader that a job names.
 *
 * @param options of the channel, unless a worker is there that somebody else has started
 * @throws ArangoError 10 for a text that is no endpoint
 */
export function openLeaderLink(
  { config, connectTo }: Pick<JobOrder, "config" | "connectTo">,
  options: ChannelOptions = {},
): LeaderLink {
  const endpoint = parseEndpoint(config.endpoint);
  const channel: LinkChannel = idle.pop() ?? new BlockingChannel(startLinkWorker(), options);
  const { connectTimeout, caFile } = config;
  channel.post({
    kind: "open",
    endpoint,
    connectTo: [...connectTo],
    connectTimeout,
    ...(caFile === "" ? {} : { caFile }),
  });
  return new NetworkLink(channel, authorization(config));
}

function authorization({ username, password, jwt }: SyncConfig): Readonly<Record<string, string>> {
  if (username !== "") {
    const utf8 = new TextEncoder().encode(`${username}:${password}`);
    return { authorization: `Basic ${btoa(String.fromCharCode(...utf8))}` };
  }
  return jwt === "" ? {} : { authorization: `bearer ${jwt}` };
}

class NetworkLink implements LeaderLink {
  readonly #channel: LinkChannel;
  readonly #authorization: Readonly<Record<string, string>>;
  #repetitions = 0;

  constructor(channel: LinkChannel, authorization: Readonly<Record<string, string>>) {
    this.#channel = channel;
    this.#authorization = authorization;
  }

  #authorized(request: LeaderRequest): LeaderRequest {
    return { ...request, headers: { ...request.headers, ...this.#authorization } };
  }

  start(request: LeaderRequest): UnderWay<LeaderReply> {
    const pending = this.#channel.start({ kind: "request", request: this.#authorized(request) }, request.lend);
    return {
      abandon: () => pending.abandon(),
      wait: (): LeaderReply => {
        try {
          const { head, ...rest } = pending.wait(request.timeout * 1000 + GRACE);
          return { ...head, ...rest };
        } catch (error) {
          if (error instanceof ChannelFailure) throw new LinkFailure(error.message, error.kind);
          throw error;
        }
      },
    };
  }

  repeat(request: LeaderRequest, seconds: number): Disposable {
    const id = ++this.#repetitions;
    this.#channel.post({ kind: "repeat", id, request: this.#authorized(request), seconds });
    return { [Symbol.dispose]: () => this.#channel.post({ kind: "stop", id }) };
  }

  [Symbol.dispose](): void {
    this.#channel.post({ kind: "close" });
    idle.push(this.#channel);
  }
}
