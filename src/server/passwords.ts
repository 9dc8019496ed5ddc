/**
 * Password hashes.
 *
 * @module
 */
import type * as Crypto from "node:crypto";
import { ArangoError } from "../base/arango_error.ts";

/** A salted hash as `_users` keeps it. */
export interface PasswordHash {
  /** Hexadecimal. */
  readonly hash: string;
  /** What was hashed with the password. */
  readonly salt: string;
  /** `sha256` is ArangoDB's: the hash of salt and password. */
  readonly method: "pbkdf2-sha256" | "sha256";
  /** How often PBKDF2 hashes. */
  readonly iterations?: number;
}

const ITERATIONS = 100_000;

/** The module `node:crypto`, loaded when it is needed first: it would take a third of the start-up time. */
export function nodeCrypto(): typeof Crypto {
  return process.getBuiltinModule("node:crypto");
}

/** The empty password has nothing to protect: no work at the start of a new database. */
const EMPTY_PASSWORD: PasswordHash = {
  hash: "7e071fd9b023ed8f18458a73613a0834f6220bd5cc50357ba3493c6040a9ea8c",
  salt: "00000000",
  method: "sha256",
};

/** Hashes a password with a new salt. */
export function hashPassword(password: string): PasswordHash {
  if (password === "") return EMPTY_PASSWORD;
  const salt = nodeCrypto().randomBytes(16).toString("hex");
  const rules = { salt, method: "pbkdf2-sha256", iterations: ITERATIONS } as const;
  return { hash: derive(password, rules), ...rules };
}

function derive(password: string, { salt, method, iterations }: Omit<PasswordHash, "hash">): string {
  const crypto = nodeCrypto();
  switch (method) {
    case "sha256":
      return crypto.createHash("sha256").update(salt + password).digest("hex");
    case "pbkdf2-sha256":
      return crypto.pbkdf2Sync(password, salt, iterations ?? ITERATIONS, 32, "sha256").toString("hex");
    default:
      throw new ArangoError(
        "ERROR_NOT_IMPLEMENTED",
        `not implemented: passwords hashed with '${method}' cannot be checked; set the user's password again`,
      );
  }
}

/** Whether a password belongs to a hash, in a time that does not depend on how much of it is right. */
export function verifyPassword(password: string, expected: PasswordHash): boolean {
  const actual = new TextEncoder().encode(derive(password, expected));
  const wanted = new TextEncoder().encode(expected.hash);
  return actual.length === wanted.length && nodeCrypto().timingSafeEqual(actual, wanted);
}
