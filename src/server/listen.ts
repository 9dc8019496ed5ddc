/**
 * The socket in front of the router.
 *
 * @module
 */
import { type ApiReply, type ApiRequest, bodySize } from "../base/exchange.ts";
import { Listeners } from "./listeners.ts";
import { json, STANDARD_HEADERS } from "./reply.ts";
import type { Server } from "./server.ts";
import { logOf } from "./server_log.ts";
import { settled } from "./waiting.ts";
import { RequestGroups } from "./request_groups.ts";

/** Options of {@linkcode serve}. */
export interface ServeOptions {
  /** What answers. */
  readonly server: Server;
  /** Where to listen: `tcp://127.0.0.1:8529`, port 0 for a free one, `ssl://…`, `unix:///path`. */
  readonly endpoints: readonly string[];
  /** The PEM text with certificates and their key, for `ssl://` endpoints. */
  readonly certificateAndKey?: string;
  /** The largest request body in bytes; one gigabyte when absent. */
  readonly maxBodyBytes?: number;
  /** Answers of at least so many bytes are compressed for clients that understand it; 0 or absent: none are. */
  readonly compressAbove?: number;
  /** Takes the one line that says where the server listens, line end included. */
  readonly writeLine?: (line: string) => void;
  /** Whether SIGINT and SIGTERM shut the server down. */
  readonly signals?: boolean;
}

/** A server that listens. */
export interface RunningServer extends AsyncDisposable {
  /** Where it listens, with the port that was picked: `http://127.0.0.1:8529`, or `unix:///path`. */
  readonly endpoints: readonly string[];
  /** Resolves when the server has stopped. */
  readonly finished: Promise<void>;
  /** Gives new connections to TLS endpoints other certificates, as {@linkcode Listeners.exchange} does. */
  exchangeCertificates(keyFile: string): void;
  /**
   * Finishes the requests that are running, ends queries, JavaScript transactions and code that take longer than a moment,
   * and stops. The {@linkcode Server} and its engine stay open.
   */
  stop(): Promise<void>;
}

const DEFAULT_MAX_BODY = 1024 ** 3;
/** The longest path and query, in characters. Source: ArangoDB's manual, "HTTP request handling". */
const LONGEST_URL = 16 * 1024;
/** How long a server that stops waits for the rest of requests, and for queries that run, in milliseconds. */
const PATIENCE = 2000;
/** Answers without a body, whatever they say. */
const BODILESS = new Set([101, 204, 205, 304]);
const NO_BYTES = new Uint8Array();

/** A request whose body is larger than the server takes. */
class TooLarge extends Error {}

/** Reads a stream to its end, or to a limit. */
async function readAll(stream: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > limit) throw new TooLarge();
    chunks.push(chunk);
  }
  if (chunks.length === 1) return chunks[0]!;
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

async function readBody(request: Request, headers: ApiRequest["headers"], limit: number): Promise<Uint8Array> {
  const declared = Number(headers["content-length"] ?? 0);
  if (declared > limit) throw new TooLarge();
  const coding = headers["content-encoding"];
  // whoever only looks at `body` makes it a stream, which takes longer than reading it
  if (declared > 0 && coding === undefined) return await request.bytes();
  if (request.body === null) return NO_BYTES;
  if (coding === "gzip" || coding === "deflate") {
    const unpacked = request.body.pipeThrough(new DecompressionStream(coding) as TransformStream<Uint8Array>);
    return await readAll(unpacked, limit);
  }
  return await readAll(request.body, limit);
}

async function apiRequest(request: Request, limit: number): Promise<ApiRequest> {
  const { url } = request;
  const headers: Record<string, string> = {};
  // asking for one of them costs as much as reading all
  for (const [name, value] of request.headers) headers[name] = value;
  const body = await readBody(request, headers, limit);
  // the authority ends at the first slash after the scheme
  return { method: request.method, url: url.slice(url.indexOf("/", url.indexOf("://") + 3)), headers, body };
}

function sendable({ body }: ApiReply): string | Uint8Array<ArrayBuffer> {
  return body as string | Uint8Array<ArrayBuffer>;
}

function response(reply: ApiReply, headers = reply.headers): Response {
  const body = BODILESS.has(reply.status) || reply.body.length === 0 ? null : sendable(reply);
  return new Response(body, { status: reply.status, headers });
}

/** The way of compression that a client prefers. */
function codingFor({ headers }: ApiRequest): "gzip" | "deflate" | undefined {
  const accepted = headers["accept-encoding"] ?? "";
  return (["gzip", "deflate"] as const).find((coding) =>
    new RegExp(`\\b${coding}\\b(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$))`).test(accepted)
  );
}

async function compressed(reply: ApiReply, coding: "gzip" | "deflate"): Promise<ApiReply> {
  const packing = new Blob([sendable(reply)]).stream().pipeThrough(new CompressionStream(coding));
  const body = new Uint8Array(await new Response(packing).arrayBuffer());
  return { ...reply, body, headers: { ...reply.headers, "content-encoding": coding, vary: "accept-encoding" } };
}

/** An answer that the router did not give. */
function refusal(status: number, message: string): ApiReply {
  const reply = json(status, { code: status, error: true, errorMessage: message, errorNum: status });
  return { ...reply, headers: { ...STANDARD_HEADERS, ...reply.headers } };
}

/**
 * Listens and answers until {@linkcode RunningServer.stop} or a signal.
 *
 * @returns when all endpoints are open
 * @throws ArangoError 10 for an endpoint that cannot be; {@linkcode ListenError} for one that is taken
 */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { server, maxBodyBytes = DEFAULT_MAX_BODY, compressAbove = 0 } = options;
  const groups = new RequestGroups(server);
  /** How many requests have come as a whole and are not answered. */
  let answering = 0;

  async function answer(request: Request): Promise<Response> {
    let incoming: ApiRequest;
    try {
      incoming = await apiRequest(request, maxBodyBytes);
    } catch (error) {
      if (error instanceof TooLarge) {
        return response(refusal(413, `payload too large: the server takes bodies of at most ${maxBodyBytes} bytes`));
      }
      return response(refusal(400, `bad request: cannot read the body (${(error as Error).message})`));
    }
    if (incoming.url.length > LONGEST_URL) {
      return response(refusal(414, `URI too long: the server takes paths of at most ${LONGEST_URL} characters`));
    }
    answering++;
    try {
      const result = await groups.handle(incoming);
      if (server.jobs.hasWork) setTimeout(() => server.runQueued(), 0);
      const reply = await settled(result);
      const coding = compressAbove > 0 && bodySize(reply) >= compressAbove ? codingFor(incoming) : undefined;
      const sent = coding ? await compressed(reply, coding) : reply;
      if (/\bclose\b/i.test(incoming.headers.connection ?? "")) return response(sent);
      // as recorded; and Deno sends a short body together with the head only if that has more than 512 bytes
      return response(sent, { ...sent.headers, connection: "Keep-Alive" });
    } finally {
      answering--;
    }
  }

  const listeners = await Listeners.open(options.endpoints, answer, {
    authentication: server.options.authentication,
    keyFile: options.certificateAndKey,
  });
  const { endpoints } = listeners;

  function endWork(): void {
    server.options.queryThreads?.cancelAll();
    const { code, transactions } = server.options.actionThreads ?? {};
    for (const threads of [code, transactions]) threads?.[Symbol.dispose]();
  }

  const signals: Deno.Signal[] = options.signals ? ["SIGINT", "SIGTERM"] : [];
  let stopping: Promise<void> | undefined;
  const stopped = Promise.withResolvers<void>();
  const stop = (): Promise<void> =>
    stopping ??= (async () => {
      for (const signal of signals) Deno.removeSignalListener(signal, onSignal);
      clearInterval(periodic);
      const isGivenUp = Promise.withResolvers<void>();
      const impatience = setInterval(() => {
        // what is left when all are answered are clients that have sent a part of a request, or do not read
        if (answering === 0) isGivenUp.resolve();
        else endWork();
      }, PATIENCE);
      await Promise.race([listeners.close(), isGivenUp.promise]);
      clearInterval(impatience);
      server.runQueued();
      stopped.resolve();
    })();
  const onSignal = (): void => void stop();
  const periodic = setInterval(() => server.runPeriodic(), 1000);
  for (const signal of signals) Deno.addSignalListener(signal, onSignal);
  options.writeLine?.(`denosh is ready: ${endpoints.join(", ")}\n`);
  // the words that scripts look for in ArangoDB's log
  logOf(server).note("INFO", "denosh is ready for business");
  return {
    endpoints,
    finished: Promise.race([stopped.promise, listeners.failed.then(() => stop())]),
    exchangeCertificates: (keyFile) =>
      listeners.exchange(keyFile, ({ message }) => logOf(server).note("ERROR", message)),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
