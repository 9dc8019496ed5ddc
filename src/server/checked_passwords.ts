/**
 * Checks passwords, each of them once.
 *
 * @module
 */
import { nodeCrypto, type PasswordHash, verifyPassword } from "./passwords.ts";

/** How many different credentials are remembered. */
const MOST_CHECKED = 1000;
/** What is checked for names that nobody has. */
const DECOY: PasswordHash = {
  hash: "0".repeat(64),
  salt: "0".repeat(32),
  method: "pbkdf2-sha256",
  iterations: 100_000,
};

/** Remembers which credentials were right: checking a password takes long on purpose. */
export class CheckedPasswords {
  /** By fingerprint, with the hash that the password was checked against. */
  readonly #checked = new Map<string, { readonly expected: string; readonly right: boolean }>();
  #fingerprintKey: Uint8Array | undefined;

  /**
   * Whether a password is a user's.
   *
   * @param hash that of the user's password; undefined if there is no such user
   */
  isRight(name: string, password: string, hash: PasswordHash | undefined): boolean {
    // the same work for unknown names: the time tells nothing
    const against = hash ?? DECOY;
    const fingerprint = this.#fingerprint(`${name}\0${password}`);
    const expected = `${against.method}:${against.salt}:${against.hash}`;
    const remembered = this.#checked.get(fingerprint);
    if (hash && remembered?.expected === expected) return remembered.right;
    const right = verifyPassword(password, against) && hash !== undefined;
    if (this.#checked.size >= MOST_CHECKED) this.#checked.clear();
    this.#checked.set(fingerprint, { expected, right });
    return right;
  }

  #fingerprint(text: string): string {
    const crypto = nodeCrypto();
    this.#fingerprintKey ??= crypto.randomBytes(32);
    return crypto.createHmac("sha256", this.#fingerprintKey).update(text).digest("base64");
  }
}
