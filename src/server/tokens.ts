/**
 * Session tokens: JSON Web Tokens signed with HMAC-SHA256.
 *
 * Source: HTTP API description of `/_open/auth`; RFC 7519.
 *
 * @module
 */
import { nodeCrypto } from "./passwords.ts";

/** How long a session token is good for, in seconds. */
const SESSION_SECONDS = 3600;

/** What a valid token says. */
export interface Claims {
  /** Absent: the token stands for the server itself, which may do everything. */
  readonly user: string | undefined;
  /** The only paths that the token is good for. */
  readonly allowedPaths: readonly string[] | undefined;
}

/** Makes and checks tokens. */
export class Tokens {
  readonly #given: string | Uint8Array | undefined;
  #secret: Uint8Array | undefined;

  /** Tokens are signed with `secret`; with a random one when it is absent. */
  constructor(secret?: string | Uint8Array) {
    this.#given = secret;
  }

  #key(): Uint8Array {
    const { randomBytes } = nodeCrypto();
    return this.#secret ??= typeof this.#given === "string"
      ? new TextEncoder().encode(this.#given)
      : this.#given ?? randomBytes(32);
  }

  #sign(text: string): string {
    return nodeCrypto().createHmac("sha256", this.#key()).update(text).digest("base64url");
  }

  /** A token for a user, good for an hour. */
  issue(user: string): string {
    const now = Math.floor(Date.now() / 1000);
    const part = (value: unknown): string => {
      let text = "";
      for (const byte of new TextEncoder().encode(JSON.stringify(value))) text += String.fromCharCode(byte);
      return btoa(text).replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_");
    };
    const body = `${part({ alg: "HS256", typ: "JWT" })}.${
      part({ preferred_username: user, iss: "arangodb", iat: now, exp: now + SESSION_SECONDS })
    }`;
    return `${body}.${this.#sign(body)}`;
  }

  /** What a token says; undefined if it is not ours, not yet or no longer good. */
  verify(token: string): Claims | undefined {
    const parts = token.split(".");
    if (parts.length !== 3) return undefined;
    const encoder = new TextEncoder();
    const expected = encoder.encode(this.#sign(`${parts[0]}.${parts[1]}`));
    const actual = encoder.encode(parts[2]);
    if (expected.length !== actual.length || !nodeCrypto().timingSafeEqual(expected, actual)) return undefined;
    const header = decodePart(parts[0]!);
    const claims = decodePart(parts[1]!);
    if (header?.alg !== "HS256" || claims?.iss !== "arangodb") return undefined;
    if (claims.exp !== undefined && !(typeof claims.exp === "number" && claims.exp > Date.now() / 1000)) {
      return undefined;
    }
    const user = claims.preferred_username;
    if (user !== undefined && typeof user !== "string") return undefined;
    if (user === undefined && typeof claims.server_id !== "string") return undefined;
    const paths = claims.allowed_paths;
    return { user, allowedPaths: Array.isArray(paths) ? paths.map(String) : undefined };
  }
}

function decodePart(part: string): Record<string, unknown> | undefined {
  try {
    const bytes = Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
    const value = JSON.parse(new TextDecoder().decode(bytes));
    return value !== null && typeof value === "object" && !Array.isArray(value) ? value : undefined;
  } catch {
    // a part that is no JSON makes no token
    return undefined;
  }
}
