/**
 * A connection for tests: scripted answers, and a record of what was asked.
 *
 * @module
 */

import type { ApiReply, ApiRequest, Connection } from "../connection/connection.ts";
import type { LogLevel } from "./host.ts";
import { Shell } from "./shell.ts";
import type { ShellOptions } from "./shell_options.ts";

/** A request as tests look at it. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body, parsed when it is JSON. */
  readonly body: unknown;
}

/** An answer: a status with a body that becomes JSON, and further headers. */
export interface FakeReply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** Answers requests from a function. */
export class FakeConnection implements Connection {
  readonly endpoint: string;
  readonly username = "root";
  /** Everything that was asked, oldest first. */
  readonly requests: SeenRequest[] = [];
  isClosed = false;
  readonly #answer: (request: SeenRequest) => FakeReply | undefined;

  constructor(answer: (request: SeenRequest) => FakeReply | undefined, endpoint = "http+tcp://127.0.0.1:8529") {
    this.#answer = answer;
    this.endpoint = endpoint;
  }

  request(request: ApiRequest): ApiReply {
    const text = new TextDecoder().decode(request.body);
    let body: unknown = text;
    try {
      body = text === "" ? undefined : JSON.parse(text);
    } catch {
      // kept as text
    }
    const seen = { method: request.method, url: request.url, headers: request.headers, body };
    this.requests.push(seen);
    const reply = this.#answer(seen) ?? {
      status: 404,
      body: { error: true, code: 404, errorNum: 404, errorMessage: `unknown path '${request.url}'` },
    };
    const json = reply.body === undefined ? "" : JSON.stringify(reply.body);
    return {
      status: reply.status ?? 200,
      headers: { ...(json === "" ? {} : { "content-type": "application/json; charset=utf-8" }), ...reply.headers },
      body: new TextEncoder().encode(json),
    };
  }

  /** `METHOD url` of all requests. */
  get lines(): string[] {
    return this.requests.map(({ method, url }) => `${method} ${url}`);
  }

  [Symbol.dispose](): void {
    this.isClosed = true;
  }
}

/** A shell on a {@linkcode FakeConnection}, with everything that it printed and logged. */
export function fakeShell(
  answer: (request: SeenRequest) => FakeReply | undefined = () => undefined,
  options: Partial<ShellOptions> = {},
): { shell: Shell; connection: FakeConnection; printed: () => string; logged: string[] } {
  const connection = new FakeConnection(answer);
  let text = "";
  const logged: string[] = [];
  const shell = new Shell({
    connection,
    output: (part) => text += part,
    log: (level: LogLevel, record) => logged.push(`${level} ${record}`),
    ...options,
  });
  return {
    shell,
    connection,
    logged,
    printed() {
      const part = text;
      text = "";
      return part;
    },
  };
}
