/**
 * The one place where denosh talks HTTP to others. It runs in workers, whose callers block.
 *
 * @module
 */
import { type Address, connectAddress, type ConnectRule } from "./connect_to.ts";
import type { Endpoint } from "./endpoint.ts";
import { hasDotStep, requestExactly } from "./exact_request.ts";
import { Tunnel } from "./tunnel.ts";

/** Kept: a worker may lead the global one of a library through its own client. */
const platformFetch = fetch;

/** How to reach a server. */
export interface ClientOptions {
  readonly endpoint: Endpoint;
  readonly connectTo: readonly ConnectRule[];
  /** Seconds for a connection to come about. */
  readonly connectTimeout: number;
  /** A PEM file of certificates that are trusted besides the platform's. */
  readonly caFile?: string;
}

/** The options as a message carries them: rules of `--connect-to` as texts. */
export type ClientMessage = Omit<ClientOptions, "connectTo"> & { readonly connectTo: readonly string[] };

/** Why there is no answer. */
export class ExchangeFailure extends Error {
  override readonly name = "ExchangeFailure";
  /** `connect`: the request cannot have reached the server; `timeout`, `broken`: it may have; `invalid`: the answer is damaged. */
  readonly kind: "connect" | "timeout" | "broken" | "invalid";

  constructor(kind: ExchangeFailure["kind"], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** A client for one server. */
export class HttpClient implements Disposable {
  readonly #options: ClientOptions;
  readonly #client: Deno.HttpClient;
  readonly #tunnel: Tunnel | undefined;
  #reached = false;

  constructor(options: ClientOptions) {
    this.#options = options;
    const { endpoint, connectTo, caFile } = options;
    const address = connectAddress(connectTo, endpoint);
    const detour = endpoint.socket === undefined && (address.host !== endpoint.host || address.port !== endpoint.port);
    this.#tunnel = detour && endpoint.secure ? new Tunnel(address) : undefined;
    this.#client = Deno.createHttpClient({
      http2: false,
      // a server that restarts closes kept connections: they are dropped before that can hurt
      poolIdleTimeout: 15_000,
      ...(caFile === undefined ? {} : { caCerts: [Deno.readTextFileSync(caFile)] }),
      ...(endpoint.socket === undefined ? {} : { proxy: { transport: "unix", path: endpoint.socket } }),
      ...(detour && !this.#tunnel ? { proxy: { transport: "tcp", hostname: address.host, port: address.port } } : {}),
      ...(this.#tunnel ? { proxy: { transport: "http", url: this.#tunnel.url } } : {}),
    });
  }

  /**
   * Sends a request.
   *
   * @param url path and query, with a leading slash
   * @param init `timeout`: seconds until the whole answer must be there; or a `signal` that ends the exchange
   * @throws ExchangeFailure
   */
  request(
    method: string,
    url: string,
    init:
      & { readonly headers: Readonly<Record<string, string>>; readonly body?: string | Uint8Array }
      & ({ readonly timeout: number } | { readonly signal: AbortSignal }),
  ): Promise<Response> {
    const { headers, body } = init;
    const signal = "signal" in init ? init.signal : AbortSignal.timeout(init.timeout * 1000);
    const { endpoint, connectTo, caFile } = this.#options;
    if (hasDotStep(url)) {
      const address = connectAddress(connectTo, endpoint);
      return this.#reach(() => requestExactly({ endpoint, address, caFile, method, url, headers, body, signal }));
    }
    return this.fetch(endpoint.origin + url, {
      method,
      headers: { ...headers },
      signal,
      ...(body === undefined ? {} : { body: body as BodyInit }),
    });
  }

  /**
   * What `fetch` does, over this client's way to its server. Redirections are answers.
   *
   * @param input a URL of this client's server, or a request to it; libraries make such requests
   * @throws ExchangeFailure
   */
  fetch(input: string | Request, init: RequestInit = {}): Promise<Response> {
    return this.#reach(() => platformFetch(input, { ...init, redirect: "manual", client: this.#client }));
  }

  /** @throws ExchangeFailure */
  async #reach(ask: () => Promise<Response>): Promise<Response> {
    if (!this.#reached) await this.#probe();
    try {
      const response = await ask();
      this.#reached = true;
      return response;
    } catch (error) {
      this.#reached = false;
      throw exchangeFailure(error, this.#options.endpoint);
    }
  }

  /** Connects once: `fetch` has no time limit for that, and its errors do not tell a wrong name from a closed port. */
  async #probe(): Promise<void> {
    const { endpoint, connectTo, connectTimeout } = this.#options;
    if (endpoint.socket !== undefined) return;
    const { host, port } = connectAddress(connectTo, endpoint);
    const where: Address = { host, port };
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () =>
          reject(new ExchangeFailure("connect", `connection to ${shown(where)} timed out after ${connectTimeout} s`)),
        connectTimeout * 1000,
      );
    });
    const connecting = Deno.connect({ hostname: host, port });
    try {
      (await Promise.race([connecting, late])).close();
    } catch (error) {
      // one that comes about after all is of no use any more
      connecting.then((connection) => connection.close(), () => {});
      if (error instanceof ExchangeFailure) throw error;
      throw new ExchangeFailure("connect", connectText(error, where));
    } finally {
      clearTimeout(timer);
    }
  }

  [Symbol.dispose](): void {
    this.#client.close();
    this.#tunnel?.[Symbol.dispose]();
  }
}

/** An address, or the path of a Unix socket. */
type Place = Pick<Endpoint, "host" | "port" | "socket">;

function shown({ host, port, socket }: Place): string {
  return socket ?? `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function connectText(error: unknown, where: Place): string {
  const text = error instanceof Error ? error.message : String(error);
  if (error instanceof Deno.errors.ConnectionRefused || /refused/i.test(text)) {
    return `connection refused: nothing listens at ${shown(where)}`;
  }
  if (/resolve|lookup|dns|Name or service/i.test(text)) return `the name '${where.host}' cannot be resolved`;
  return `cannot connect to ${shown(where)}: ${text}`;
}

/** Sorts what `fetch` throws, before and while the body comes. */
export function exchangeFailure(error: unknown, endpoint: Endpoint): ExchangeFailure {
  if (error instanceof ExchangeFailure) return error;
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return new ExchangeFailure("timeout", "Request timeout reached");
  }
  let text = "";
  for (let at: unknown = error; at instanceof Error; at = at.cause) text += `${text === "" ? "" : ": "}${at.message}`;
  if (/certificate|tls|handshake|ssl|corrupt message/i.test(text)) {
    const advice = /UnknownIssuer|self.signed|CaUsedAsEndEntity|unable to verify/i.test(text)
      ? "; its certificate is not trusted: name a PEM file that contains it as 'caFile' (or --ssl.ca-file)"
      : "; does the server speak TLS on this port?";
    return new ExchangeFailure("connect", `TLS failure with ${endpoint.text}: ${detail(text)}${advice}`);
  }
  if (/\(Connect\)|refused/.test(text)) return new ExchangeFailure("connect", connectText(detail(text), endpoint));
  return new ExchangeFailure("broken", `Connection closed by remote: ${detail(text)}`);
}

/** The last, most telling part of a chain of messages. */
function detail(text: string): string {
  return text.split(": ").slice(-2).join(": ");
}
