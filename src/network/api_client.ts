/**
 * JSON requests to one database, over whatever carries them.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { type ApiReply, type ApiRequest, bodyText } from "../base/exchange.ts";

/** Something that was asked for and will be there when it is waited for. */
export interface UnderWay<Answer> {
  /**
   * Blocks until it is there.
   *
   * @throws the failure, if it will never be there: of an {@linkcode Exchange}, ArangoError 2001 to 2003 and 408
   */
  wait(): Answer;
  /** Tells that nobody will wait. */
  abandon?(): void;
}

/** Carries a request out and blocks until the answer is there. */
export interface Exchange {
  /** @throws ArangoError 2001 to 2003, 408 without an answer */
  request(request: ApiRequest): ApiReply;
  /** Sends a request without waiting for the answer. Not every exchange can do that. */
  start?(request: ApiRequest): UnderWay<ApiReply>;
}

/** Sends a request that is carried out meanwhile if the exchange can do that, else when somebody waits for it. */
export function startExchange(exchange: Exchange, request: ApiRequest): UnderWay<ApiReply> {
  return exchange.start?.(request) ?? { wait: () => exchange.request(request) };
}

const BATCH_SIZE = 10_000;
const encoder = new TextEncoder();

interface CursorBatch<T> {
  readonly result: T[];
  readonly hasMore: boolean;
  readonly id?: string;
}

/** What an answer of 400 and above says, if it is ArangoDB's. */
interface Refused {
  readonly errorNum?: number;
  readonly errorMessage?: string;
}

/** The API of one database. */
export class ApiClient {
  readonly #exchange: Exchange;
  readonly #prefix: string;

  constructor(exchange: Exchange, database: string) {
    this.#exchange = exchange;
    this.#prefix = `/_db/${encodeURIComponent(database)}`;
  }

  /**
   * Sends a request.
   *
   * @param path with a leading slash, query included
   * @param body a value, or JSON text, which may be encoded already
   * @returns the parsed answer, which is taken for what the caller expects; undefined if it has no body
   * @throws ArangoError what the server answers
   */
  send<Answer>(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Answer {
    return this.start<Answer>(method, path, body, headers).wait();
  }

  /** Sends a request as {@linkcode ApiClient.send} does, which is carried out meanwhile if the exchange can do that. */
  start<Answer>(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): UnderWay<Answer> {
    const request = {
      method,
      url: `${this.#prefix}${path}`,
      headers: { accept: "application/json", ...headers },
      body: bytesOf(body),
    };
    const pending = startExchange(this.#exchange, request);
    return { wait: () => answerOf(pending.wait()), abandon: () => pending.abandon?.() };
  }

  /**
   * The results of a query, batch by batch.
   *
   * @throws ArangoError what the server answers
   */
  *query<T>(query: string, bindVars: Readonly<Record<string, unknown>> = {}): Generator<T> {
    let batch = this.send<CursorBatch<T>>("POST", "/_api/cursor", { query, bindVars, batchSize: BATCH_SIZE });
    yield* batch.result;
    while (batch.hasMore) {
      batch = this.send<CursorBatch<T>>("POST", `/_api/cursor/${batch.id}`);
      yield* batch.result;
    }
  }
}

function bytesOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return encoder.encode(body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body));
}

function answerOf<Answer>(reply: ApiReply): Answer {
  const { status } = reply;
  const answer = parsed(status, bodyText(reply));
  if (status >= 400) {
    const { errorNum = status, errorMessage = `HTTP ${status}` } = (answer ?? {}) as Refused;
    throw new ArangoError(errorNum, errorMessage, { code: status });
  }
  return answer as Answer;
}

function parsed(status: number, text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    // a gateway's page of HTML, say
    throw new ArangoError(
      status >= 400 ? status : "ERROR_HTTP_CORRUPTED_JSON",
      `HTTP ${status}: ${text.slice(0, 200)}`,
      {
        cause,
      },
    );
  }
}
