/**
 * Hashes, keys, and texts made of random bytes.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `denosh/internal/crypto`, a part of `internal`. Source: arangosh.md 3.4. */
export function internalCrypto({ exports, require, host }: ModuleScope): void {
  const { make, usage } = require("denosh/errors");

  /** Nonces that were made here and not marked yet. */
  const freshNonces = new Set<string>();

  function bytesOrText(value: Loose): Loose {
    return value instanceof Uint8Array ? value : String(value);
  }
  function hashName(given: Loose): string {
    const name = String(given).toLowerCase();
    if (!["sha1", "sha224", "sha256", "sha384", "sha512", "md5"].includes(name)) {
      throw make(10, "invalid value for <algorithm>");
    }
    return name;
  }
  function derivedKey(hash: string, salt: Loose, password: Loose, iterations: Loose, length: Loose): string {
    if (!(Number(iterations) >= 1)) throw make(10, "invalid value for <iterations>");
    if (!(Number(length) >= 1)) throw make(10, "invalid value for <keyLength>");
    return host.deriveKey(hash, String(password), String(salt), Number(iterations), Number(length));
  }
  for (const name of ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"]) {
    exports[name] = (data: Loose) => {
      if (data === undefined) throw usage(`${name}(<text>)`);
      return host.hash(name, bytesOrText(data));
    };
  }

  function randomText(count: Loose, letters: string): string {
    const length = Number(count);
    if (!(length >= 1 && length <= 65536)) throw make(10, "the length must be between 1 and 65536");
    let text = "";
    while (text.length < length) {
      for (const byte of host.randomBytes(length - text.length)) {
        // values beyond the largest multiple would prefer the first letters
        if (byte < 256 - 256 % letters.length) text += letters[byte % letters.length];
      }
    }
    return text;
  }

  Object.assign(exports, {
    base64Encode(text: Loose) {
      if (text === undefined) throw usage("base64Encode(<text>)");
      return require("buffer").Buffer.from(text instanceof Uint8Array ? text : String(text)).toString("base64");
    },
    base64Decode(text: Loose) {
      if (text === undefined) throw usage("base64Decode(<text>)");
      return require("buffer").Buffer.from(String(text), "base64").toString("utf8");
    },
    hmac(key: Loose, text: Loose, algorithm = "sha256") {
      if (key === undefined || text === undefined) throw usage("hmac(<key>, <text>, <algorithm>)");
      return host.hmac(hashName(algorithm), bytesOrText(key), bytesOrText(text));
    },
    pbkdf2(salt: Loose, password: Loose, iterations: Loose, length: Loose, algorithm: Loose) {
      if (algorithm === undefined) throw usage("pbkdf2(<salt>, <password>, <iterations>, <keyLength>, <algorithm>)");
      return derivedKey(hashName(algorithm), salt, password, iterations, length);
    },
    pbkdf2hs1(salt: Loose, password: Loose, iterations: Loose, length: Loose) {
      if (length === undefined) throw usage("pbkdf2hs1(<salt>, <password>, <iterations>, <keyLength>)");
      return derivedKey("sha1", salt, password, iterations, length);
    },
    rsaprivsign: (pem: Loose, data: Loose) => host.signRsa(String(pem), String(data)),
    genRandomNumbers: (count: Loose) => randomText(count, "0123456789"),
    genRandomAlphaNumbers: (count: Loose) =>
      randomText(count, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"),
    genRandomSalt: (count: Loose) =>
      randomText(count, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz*()[]{}:-_+=!$%&/?"),
    createNonce() {
      const bytes = new Uint8Array(host.randomBytes(12));
      new DataView(bytes.buffer).setUint32(0, Math.floor(host.time()));
      const nonce = require("buffer").Buffer.from(bytes).toString("base64");
      freshNonces.add(nonce);
      return nonce;
    },
    checkAndMarkNonce: (text: Loose) => freshNonces.delete(String(text)),
  });
}
