/**
 * How requests say who sends them.
 *
 * Source: `arangosh.md` §1.5.
 *
 * @module
 */
import type { HttpClient } from "../network/http_client.ts";

/** What a user identifies with. */
export type Credentials =
  | { readonly kind: "none" }
  | {
    readonly kind: "password";
    readonly username: string;
    readonly password: string;
    /** Seconds before its end when a token is replaced. */
    readonly renewalThreshold: number;
  }
  /** A token that is ready. */
  | { readonly kind: "token"; readonly token: string }
  /** The servers' secret, which makes its owner a server. */
  | { readonly kind: "secret"; readonly secret: string };

/** Keeps the `authorization` header of a connection up to date. */
export class Login {
  readonly #client: HttpClient;
  readonly #credentials: Credentials;
  #header: string | undefined;
  /** When the header is to be made anew, in seconds since 1970. */
  #renewAt = 0;

  constructor(client: HttpClient, credentials: Credentials) {
    this.#client = client;
    this.#credentials = credentials;
  }

  /**
   * The header of the next request; undefined if it has none.
   *
   * @param signal ends the exchange with the server, where one is needed
   * @throws ExchangeFailure if the server cannot be asked
   */
  async authorization(signal: AbortSignal): Promise<string | undefined> {
    if (Date.now() / 1000 < this.#renewAt) return this.#header;
    const credentials = this.#credentials;
    switch (credentials.kind) {
      case "none":
        return undefined;
      case "token":
        return `bearer ${credentials.token}`;
      case "secret":
        this.#header = `bearer ${await signedToken(credentials.secret)}`;
        this.#renewAt = Infinity;
        return this.#header;
      case "password":
        return await this.#logIn(credentials, signal);
    }
  }

  /**
   * Forgets a token that the server does not take any more, as one that has started again does: it may give another one.
   *
   * @param header what a refused request was sent with
   * @returns whether {@linkcode Login.authorization} has something else to say now
   */
  replace(header: string): boolean {
    if (this.#credentials.kind !== "password" || !header.startsWith("bearer ")) return false;
    if (header === this.#header) this.#renewAt = 0;
    return true;
  }

  async #logIn(credentials: Credentials & { kind: "password" }, signal: AbortSignal): Promise<string> {
    const { username, password, renewalThreshold } = credentials;
    const response = await this.#client.request("POST", "/_open/auth", {
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({ username, password }),
      signal,
    });
    const text = await response.text();
    const token = response.ok ? tokenOf(text) : undefined;
    if (token === undefined) {
      // servers that hand out no tokens take the password itself; one that is wrong is refused with the request
      this.#header = `Basic ${base64(`${username}:${password}`)}`;
      this.#renewAt = Infinity;
      return this.#header;
    }
    this.#header = `bearer ${token}`;
    const end = expiry(token);
    // a token that lives shorter than the threshold is used for half of its life
    const now = Date.now() / 1000;
    this.#renewAt = end === undefined ? Infinity : Math.max(end - renewalThreshold, (now + end) / 2);
    return this.#header;
  }
}

function tokenOf(text: string): string | undefined {
  try {
    const { jwt } = JSON.parse(text) as { jwt?: unknown };
    return typeof jwt === "string" ? jwt : undefined;
  } catch {
    // whatever answers here, it is no token
    return undefined;
  }
}

/** When a token ends, in seconds since 1970. */
export function expiry(token: string): number | undefined {
  try {
    const payload = token.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/");
    const { exp } = JSON.parse(atob(payload)) as { exp?: unknown };
    return typeof exp === "number" ? exp : undefined;
  } catch {
    // tokens are the server's own affair; one that cannot be read is used until it is refused
    return undefined;
  }
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/** A token as servers make them for each other, without an end. */
async function signedToken(secret: string): Promise<string> {
  const encoder = new TextEncoder();
  const url = (text: string): string => text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const head = url(base64(JSON.stringify({ alg: "HS256", typ: "JWT" })));
  const claims = url(base64(JSON.stringify({ server_id: "arangosh", iss: "arangodb" })));
  const hash = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), hash, false, ["sign"]);
  const signature = await crypto.subtle.sign("HMAC", key, encoder.encode(`${head}.${claims}`));
  return `${head}.${claims}.${url(btoa(String.fromCharCode(...new Uint8Array(signature))))}`;
}
