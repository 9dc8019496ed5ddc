/**
 * What the tests of the server share: requests without a socket.
 *
 * @module
 */
import { bodyBytes, bodyText } from "../base/exchange.ts";
import { VELOCYPACK_TYPE, velocyPackToJson } from "../base/velocypack.ts";
import { Engine, MEMORY } from "../engine/engine.ts";
import { assertDescribed } from "./api_description.ts";
import type { QueryInfo } from "./queries.ts";
import { Server } from "./server.ts";
import type { ServerOptions } from "./server_options.ts";

/** An answer, decoded. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The parsed body; undefined if it is empty. */
  // deno-lint-ignore no-explicit-any -- tests look into answers of every shape
  readonly body: any;
}

/** A server on a throw-away directory. */
export class TestServer implements Disposable {
  readonly engine: Engine;
  readonly server: Server;
  /** Headers of every request. */
  headers: Record<string, string> = {};

  constructor(options: Partial<ServerOptions> = {}) {
    this.engine = Engine.open({ directory: MEMORY });
    this.server = new Server(this.engine, { authentication: false, ...options });
  }

  /** Sends a request; `body` becomes JSON unless it is text or bytes. A success has to be what the API's description says. */
  send(method: string, url: string, body?: unknown, headers: Record<string, string> = {}): Answer {
    const bytes = body === undefined
      ? new Uint8Array()
      : body instanceof Uint8Array
      ? body
      : new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
    const reply = this.server.handle({ method, url, headers: { ...this.headers, ...headers }, body: bytes }, {
      wait: "block",
    });
    const type = reply.headers["content-type"] ?? "";
    const isPacked = type === VELOCYPACK_TYPE && reply.body.length > 0;
    const text = isPacked ? velocyPackToJson(bodyBytes(reply)) : bodyText(reply);
    const isJson = text !== "" && (isPacked || type.startsWith("application/json"));
    const answer = { status: reply.status, headers: reply.headers, text, body: isJson ? JSON.parse(text) : undefined };
    // errors, and what is answered later, look the same everywhere
    if (reply.status < 300 && !("x-arango-async" in headers)) assertDescribed(method, url, answer);
    return answer;
  }

  [Symbol.dispose](): void {
    this.server[Symbol.dispose]();
    this.engine[Symbol.dispose]();
  }
}

/** What is told of a query of root's that begins now. */
export function runningQuery(id: string, query: string): QueryInfo {
  return {
    id,
    database: "_system",
    user: "root",
    query,
    bindVars: {},
    started: new Date(),
    runTime: 0,
    peakMemoryUsage: 0,
    state: "executing",
    modificationQuery: false,
    stream: false,
    warnings: 0,
  };
}

/** The value of an `authorization` header for a user and a password. */
export function basic(user: string, password: string): { authorization: string } {
  return { authorization: `Basic ${btoa(`${user}:${password}`)}` };
}
