/**
 * The sockets of a server: where it listens, and with which certificates.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { parseEndpoint } from "../network/endpoint.ts";
import { splitKeyFile } from "./key_file.ts";

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1)$/;
/** How long a port that was given up to be opened again may be taken, in milliseconds. */
const PATIENCE = 10_000;

/** An endpoint to listen on. */
interface Place {
  readonly text: string;
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  readonly socket: string | undefined;
}

/** What answers the requests that come in. */
type Handler = (request: Request) => Promise<Response>;

/** An endpoint where the server cannot listen. */
export class ListenError extends ArangoError {
  /** @param cause what the operating system, or the TLS library, has said */
  constructor(endpoint: string, cause: Error) {
    const hint = cause instanceof Deno.errors.AddrInUse
      ? "; is another server there?"
      : cause.message.includes("KeyMismatch")
      ? "; certificate and key of the key file do not belong together"
      : "";
    super("ERROR_SYS_ERROR", `cannot listen on ${endpoint}: ${cause.message}${hint}`, { cause });
  }
}

/** Parses an endpoint to listen on; unlike one to connect to, it may be every address of the machine. */
function parsePlace(text: string): Place {
  const everywhere = /:\/\/(0\.0\.0\.0|\[::\])/.exec(text)?.[1];
  const parsed = parseEndpoint(everywhere ? text.replace(everywhere, "127.0.0.1") : text);
  const host = everywhere ? everywhere.replace(/^\[|\]$/g, "") : parsed.host;
  return { text, secure: parsed.secure, host, port: parsed.port, socket: parsed.socket };
}

function checkPlace({ text, secure, host, socket }: Place, authentication: boolean, keyFile: string | undefined): void {
  const local = socket !== undefined || LOOPBACK.test(host);
  if (!local && !authentication) {
    throw new ArangoError(
      "ERROR_BAD_PARAMETER",
      `refusing to listen on ${text} without authentication: anybody who reaches this machine could change the data; ` +
        "turn --server.authentication on, or listen on 127.0.0.1",
    );
  }
  if (secure && keyFile === undefined) {
    throw new ArangoError(
      "ERROR_BAD_PARAMETER",
      `cannot listen on ${text} without a certificate: name a PEM file with certificate and key by --ssl.keyfile`,
    );
  }
}

/** Removes the socket file that a server has left behind which was killed. */
async function removeStaleSocket(path: string): Promise<void> {
  try {
    (await Deno.connect({ transport: "unix", path })).close();
  } catch (error) {
    if (!(error instanceof Deno.errors.ConnectionRefused)) return;
    if (Deno.statSync(path).isSocket) Deno.removeSync(path);
  }
}

/** Certificates and their key as Deno takes them. */
interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** The certificates and the key of a key file. */
function joined(keyFile: string): KeyPair {
  const { certificates, key } = splitKeyFile(keyFile);
  return { cert: `${certificates.join("\n")}\n`, key: `${key}\n` };
}

function serveAt(place: Place, tls: KeyPair | undefined, handler: Handler): Deno.HttpServer<Deno.Addr> {
  const common = { onListen: () => {}, automaticCompression: false };
  if (place.socket !== undefined) return Deno.serve({ ...common, path: place.socket }, handler);
  const at = { ...common, hostname: place.host, port: place.port };
  return place.secure ? Deno.serve({ ...at, ...tls! }, handler) : Deno.serve(at, handler);
}

/** Sockets that are open. */
export class Listeners {
  readonly #handler: Handler;
  readonly #places: Place[] = [];
  readonly #open: Deno.HttpServer<Deno.Addr>[] = [];
  /** Sockets that take no more connections, until the last one has ended. */
  readonly #closing = new Map<Deno.HttpServer<Deno.Addr>, Promise<void>>();
  readonly #failed = Promise.withResolvers<void>();
  #failures = 0;
  #exchanging = Promise.resolve();

  private constructor(handler: Handler) {
    this.#handler = handler;
  }

  /**
   * Opens sockets.
   *
   * @param endpoints `tcp://127.0.0.1:8529`, port 0 for a free one, `ssl://…`, `unix:///path`
   * @param authentication whether clients have to say who they are
   * @param keyFile the PEM text with certificates and their key, for `ssl://` endpoints
   * @throws ArangoError 10 for an endpoint that cannot be; {@linkcode ListenError} for one that is taken
   */
  static async open(
    endpoints: readonly string[],
    handler: Handler,
    { authentication, keyFile }: { readonly authentication: boolean; readonly keyFile: string | undefined },
  ): Promise<Listeners> {
    const listeners = new Listeners(handler);
    const places = endpoints.map(parsePlace);
    if (places.length === 0) throw new ArangoError("ERROR_BAD_PARAMETER", "a server needs an endpoint to listen on");
    for (const place of places) checkPlace(place, authentication, keyFile);
    const tls = places.some(({ secure }) => secure) ? joined(keyFile!) : undefined;
    for (const place of places) {
      try {
        if (place.socket !== undefined) await removeStaleSocket(place.socket);
        const one = listeners.#listen(place, tls);
        listeners.#open.push(one);
        listeners.#places.push("port" in one.addr ? { ...place, port: one.addr.port } : place);
      } catch (cause) {
        void listeners.close();
        throw new ListenError(place.text, cause as Error);
      }
    }
    return listeners;
  }

  /** Where they listen, with the port that was picked: `http://127.0.0.1:8529`, or `unix:///path`. */
  get endpoints(): string[] {
    return this.#places.map(({ secure, host, port, socket }) => {
      if (socket !== undefined) return `unix://${socket}`;
      return `http${secure ? "s" : ""}://${host.includes(":") ? `[${host}]` : host}:${port}`;
    });
  }

  /** Resolves when the last socket has closed that nobody has closed; fails with what a socket has failed with. */
  get failed(): Promise<void> {
    return this.#failed.promise;
  }

  #listen(place: Place, tls: KeyPair | undefined): Deno.HttpServer<Deno.Addr> {
    const one = serveAt(place, tls, this.#handler);
    one.finished.then(() => {
      if (!this.#closing.delete(one) && ++this.#failures === this.#places.length) this.#failed.resolve();
    }, this.#failed.reject);
    return one;
  }

  /**
   * Gives new connections other certificates. Deno's server has one key for as long as it listens, so each port is closed and
   * opened again, which takes some milliseconds: requests that are under way are answered as before, then their connections end.
   *
   * @param failed is told if a port could not be opened again, since somebody else has it now
   * @throws ArangoError 10, or {@linkcode ListenError}, for certificates that cannot be used: then nothing changes
   */
  exchange(keyFile: string, failed: (error: ListenError) => void): void {
    const tls = joined(keyFile);
    try {
      Deno.listenTls({ hostname: "127.0.0.1", port: 0, ...tls }).close();
    } catch (cause) {
      throw new ListenError("a TLS endpoint with the new certificates", cause as Error);
    }
    this.#exchanging = this.#exchanging.then(() => this.#exchange(tls)).catch(failed);
  }

  async #exchange(tls: KeyPair): Promise<void> {
    for (const [at, place] of this.#places.entries()) {
      if (!place.secure) continue;
      this.#shut(this.#open[at]!);
      this.#open[at] = await this.#reopen(place, tls);
    }
  }

  #shut(one: Deno.HttpServer<Deno.Addr>): void {
    this.#closing.set(one, one.shutdown());
  }

  async #reopen(place: Place, tls: KeyPair): Promise<Deno.HttpServer<Deno.Addr>> {
    for (const end = Date.now() + PATIENCE;;) {
      try {
        return this.#listen(place, tls);
      } catch (cause) {
        if (!(cause instanceof Deno.errors.AddrInUse) || Date.now() > end) {
          throw new ListenError(place.text, cause as Error);
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }

  /** Takes no more connections; resolves when all are answered and closed. */
  async close(): Promise<void> {
    await this.#exchanging;
    for (const one of this.#open.splice(0)) this.#shut(one);
    this.#places.length = 0;
    await Promise.all(this.#closing.values());
  }
}
