/**
 * The worker behind {@linkcode RemoteConnection}: arangojs performs the exchanges here, while the shell's thread waits.
 *
 * Arangojs calls the global `fetch`, which knows nothing of detours and sockets; in this worker it is led through denosh's own client.
 *
 * @module
 */
import { deflateSync } from "node:zlib";
// @ts-types="./arangojs_driver.d.ts"
import { Connection as Driver } from "arangojs/connection";
// @ts-types="./arangojs_driver.d.ts"
import { HttpError } from "arangojs/errors";
import type { DriverResponse } from "./arangojs_driver.d.ts";
import type { ApiRequest } from "../base/exchange.ts";
import { freeBytes } from "../base/free_bytes.ts";
import { serveChannel, type WorkerReply } from "../network/blocking_channel.ts";
import { parseConnectRule } from "../network/connect_to.ts";
import type { Endpoint } from "../network/endpoint.ts";
import { hasDotStep } from "../network/exact_request.ts";
import { type ClientMessage, ExchangeFailure, exchangeFailure, HttpClient } from "../network/http_client.ts";
import { type Credentials, Login } from "./login.ts";

/** What the worker is told. */
export type RemoteMessage =
  | ({ readonly kind: "open"; readonly credentials: Credentials; readonly compressFrom: number } & ClientMessage)
  | { readonly kind: "request"; readonly id: number; readonly request: ApiRequest; readonly timeout: number }
  | { readonly kind: "cancel"; readonly id: number };

/** What precedes an answer's body. */
export interface RemoteHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

interface OpenConnection {
  readonly client: HttpClient;
  readonly driver: Driver;
  readonly login: Login;
  readonly endpoint: Endpoint;
  readonly compressFrom: number;
}

/** What came from the server; arangojs is shown an answer without body, so that it neither decodes nor copies it. */
interface Received {
  readonly head: RemoteHead;
  readonly body: Uint8Array;
}

const UNAUTHORIZED = 401;

let open: OpenConnection | ExchangeFailure = new ExchangeFailure("connect", "not connected");
const running = new Map<number, AbortController>();
const received = new WeakMap<Response, Received>();
/** Ends the exchange that arangojs is about to begin; it begins within the call. */
let signal: AbortSignal | undefined;

globalThis.fetch = async (input, init): Promise<Response> => {
  if (open instanceof Error) throw open;
  const { client, endpoint } = open;
  const response = await client.fetch(input as string | Request, { ...init, ...(signal ? { signal } : {}) });
  const shown = new Response(null, { status: response.status });
  received.set(shown, await receive(response, endpoint));
  return shown;
};

/** Reads an answer to its end. */
async function receive(response: Response, endpoint: Endpoint): Promise<Received> {
  const { status, headers } = response;
  try {
    const body = new Uint8Array(await response.arrayBuffer());
    return { head: { status, headers: Object.fromEntries(headers) }, body };
  } catch (error) {
    const { kind, message } = exchangeFailure(error, endpoint);
    throw new ExchangeFailure(kind === "timeout" ? kind : "invalid", message);
  }
}

function openConnection(message: RemoteMessage & { kind: "open" }): OpenConnection {
  const { endpoint, credentials, compressFrom } = message;
  const client = new HttpClient({ ...message, connectTo: message.connectTo.map(parseConnectRule) });
  const driver = new Driver({
    url: endpoint.origin,
    arangoVersion: 31200,
    poolSize: 1024,
    beforeRequest: ({ headers }: Request): void => {
      // without a user, the driver would say that it is root
      if (headers.get("authorization") === "") headers.delete("authorization");
    },
  });
  return { client, driver, login: new Login(client, credentials), endpoint, compressFrom };
}

/**
 * A request whose body is compressed, where that is wanted and makes it shorter.
 *
 * @param from the bytes of the shortest body that is to be compressed. Source: the manual's release notes of 3.12
 */
function packed(request: ApiRequest, from: number): ApiRequest {
  const { headers, body } = request;
  if (body.length < from || "content-encoding" in headers) return request;
  const shorter = deflateSync(body);
  if (shorter.length >= body.length) return request;
  return { ...request, headers: { ...headers, "content-encoding": "deflate" }, body: shorter };
}

/** What the server says to a request that says who sends it, or is sent in the name of the connection's user. */
async function exchange(open: OpenConnection, request: ApiRequest, stop: AbortSignal): Promise<Received> {
  const { login } = open;
  const sent = packed(request, open.compressFrom);
  const { authorization } = sent.headers;
  if (authorization !== undefined) return await send(open, sent, authorization, stop);
  const first = await login.authorization(stop) ?? "";
  const received = await send(open, sent, first, stop);
  if (received.head.status !== UNAUTHORIZED || !login.replace(first)) return received;
  // what was refused has not been carried out
  return await send(open, sent, await login.authorization(stop) ?? "", stop);
}

/** What the server says to a request, whatever arangojs makes of it. */
async function send(
  { client, driver, endpoint }: OpenConnection,
  { method, url, headers, body }: ApiRequest,
  authorization: string,
  stop: AbortSignal,
): Promise<Received> {
  if (hasDotStep(url)) {
    // arangojs makes a URL of it, which has another path
    const own = authorization === "" ? headers : { ...headers, authorization };
    const init = { headers: own, signal: stop, ...(body.length === 0 ? {} : { body }) };
    return await receive(await client.request(method, url, init), endpoint);
  }
  signal = stop;
  const answer = driver.request({
    method,
    pathname: url,
    headers: { ...headers, authorization },
    isBinary: true,
    ...(body.length === 0 ? {} : { body }),
  }, (response) => response);
  signal = undefined;
  return received.get(await answer.catch(refused))!;
}

/** The answer inside of the error that arangojs makes of it. */
function refused(error: unknown): DriverResponse {
  if (error instanceof HttpError) return error.response;
  throw error;
}

async function handle(message: RemoteMessage): Promise<WorkerReply<RemoteHead> | undefined> {
  switch (message.kind) {
    case "open":
      try {
        open = openConnection(message);
      } catch (error) {
        // a certificate file that cannot be read: the first request tells
        open = new ExchangeFailure("connect", error instanceof Error ? error.message : String(error));
      }
      return undefined;
    case "cancel":
      running.get(message.id)?.abort();
      return undefined;
    case "request":
      return await answer(message);
  }
}

async function answer({ id, request, timeout }: RemoteMessage & { kind: "request" }): Promise<WorkerReply<RemoteHead>> {
  if (open instanceof Error) throw open;
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DOMException("", "TimeoutError")), timeout * 1000);
  running.set(id, controller);
  try {
    // a kept connection that the server has closed meanwhile is replaced, and the request repeated, by fetch itself
    const { head, body } = await exchange(open, request, controller.signal);
    return { head, body: [body] };
  } finally {
    clearTimeout(timer);
    running.delete(id);
    // fetch has made a copy
    freeBytes(request.body);
  }
}

/** What happened, and its number as arangosh.md 4.3 has it. */
function explain(error: unknown): { kind: string; message: string } {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof ExchangeFailure) return { kind: String(errorNumber(at)), message: at.message };
  }
  return { kind: "2000", message: error instanceof Error ? error.message : String(error) };
}

function errorNumber({ kind, message }: ExchangeFailure): number {
  if (kind === "timeout") return 408;
  if (kind === "invalid") return 2003;
  return kind === "broken" && /BodyWrite|broken pipe/i.test(message) ? 2002 : 2001;
}

serveChannel(handle, explain);
