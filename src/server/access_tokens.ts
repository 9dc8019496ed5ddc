/**
 * Access tokens: random passwords with a name and an end, of which a user may have several.
 *
 * Source: recorded example `RestAccessTokenCreate`; HTTP API description of `/_api/token`; arangojs, `useAccessToken()`.
 *
 * @module
 */
import { nodeCrypto } from "./passwords.ts";

/** Seconds that a token is good for when nobody says otherwise. */
const YEAR = 365 * 24 * 60 * 60;
const PREFIX = "v1.";

/** What is kept of a token: enough to recognise it, not to make it. */
export interface AccessToken {
  readonly id: number;
  readonly name: string;
  /** Seconds since 1970. */
  readonly valid_until: number;
  /** Seconds since 1970. */
  readonly created_at: number;
  readonly fingerprint: string;
  /** SHA-256 of the token; it is random, so that no salt is needed. */
  readonly hash: string;
}

/** Whether a token is still good. */
export function isActive(token: Pick<AccessToken, "valid_until">): boolean {
  return token.valid_until > seconds();
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}

function hashOf(token: string): string {
  return nodeCrypto().createHash("sha256").update(token).digest("hex");
}

/**
 * Makes a token for a user.
 *
 * @param validUntil seconds since 1970; a year from now when absent
 * @returns the token, which is told once and kept nowhere, and what is kept of it
 */
export function newAccessToken(
  user: string,
  id: number,
  name: string,
  validUntil: number = seconds() + YEAR,
): { readonly token: string; readonly stored: AccessToken } {
  const created = seconds();
  const random = nodeCrypto().randomBytes(16).toString("base64url");
  const claims = new TextEncoder().encode(JSON.stringify({ e: validUntil, c: created, u: user, r: random }));
  const token = PREFIX + [...claims].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const fingerprint = `v1...${token.slice(-6)}`;
  const stored = { id, name, valid_until: validUntil, created_at: created, fingerprint, hash: hashOf(token) };
  return { token, stored };
}

/** The user that a token names, before anything is checked; undefined if it is no token. */
export function claimedUser(token: string): string | undefined {
  if (!/^v1\.(?:[0-9a-f]{2})+$/.test(token)) return undefined;
  const bytes = token.slice(PREFIX.length).match(/../g)!.map((pair) => parseInt(pair, 16));
  try {
    const { u } = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(bytes)));
    return typeof u === "string" ? u : undefined;
  } catch {
    // a password that looks like a token
    return undefined;
  }
}

/** Whether a token is one of those that are kept, and still good. */
export function isAccessToken(token: string, kept: readonly AccessToken[]): boolean {
  const hash = new TextEncoder().encode(hashOf(token));
  return kept.some((one) => isActive(one) && nodeCrypto().timingSafeEqual(hash, new TextEncoder().encode(one.hash)));
}
