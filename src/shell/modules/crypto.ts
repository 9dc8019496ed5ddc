/**
 * Hashes, random texts, tokens and one-time passwords.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `@arangodb/crypto`. Source: arangosh.md 3.8. */
export function cryptoModule({ exports, require, host }: ModuleScope): void {
  const internal = require("internal");
  const { Buffer } = require("buffer");
  const HASHES: Record<string, string> = { HS256: "sha256", HS384: "sha384", HS512: "sha512" };

  for (
    const name of [
      "rand",
      "hmac",
      "md5",
      "sha1",
      "sha224",
      "sha256",
      "sha384",
      "sha512",
      "genRandomNumbers",
      "genRandomAlphaNumbers",
      "genRandomSalt",
      "createNonce",
      "checkAndMarkNonce",
    ]
  ) exports[name] = internal[name];

  exports.pbkdf2 = (salt: Loose, password: Loose, iterations: Loose, length: Loose, algorithm: Loose = "sha1") =>
    internal.pbkdf2(salt, password, iterations, length, algorithm);
  exports.genRandomBytes = (count: number) => Buffer.from(host.randomBytes(count));
  exports.uuidv4 = function uuidv4(): string {
    const bytes = new Uint8Array(host.randomBytes(16));
    bytes[6] = (bytes[6]! & 15) | 64;
    bytes[8] = (bytes[8]! & 63) | 128;
    return Buffer.from(bytes).toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  };
  exports.constantEquals = function constantEquals(left: Loose, right: Loose): boolean {
    let difference = left.length ^ right.length;
    const code = (text: Loose, at: number) => typeof text === "string" ? text.charCodeAt(at) : text[at];
    for (let at = 0; at < Math.min(left.length, right.length); at++) difference |= code(left, at) ^ code(right, at);
    return difference === 0;
  };

  // JSON web tokens

  const toUrl = (text: string) => text.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  function algorithmName(name: Loose): string {
    const upper = String(name).toUpperCase();
    if (upper === "NONE") return "none";
    if (HASHES[upper] === undefined) throw new Error(`Unknown algorithm: ${name}`);
    return upper;
  }
  function signature(key: Loose, text: string, algorithm: string): string {
    if (algorithm === "none") return "";
    return toUrl(Buffer.from(host.hmac(HASHES[algorithm]!, String(key), text), "hex").toString("base64"));
  }
  exports.jwtAlgorithms = Object.fromEntries(
    ["HS256", "HS384", "HS512", "none"].map((name) => [name, {
      sign: (key: Loose, text: string) => signature(key, text, name),
      verify: (key: Loose, text: string, signed: string) => exports.constantEquals(signature(key, text, name), signed),
    }]),
  );
  exports.jwtCanonicalAlgorithmName = algorithmName;
  exports.jwtEncode = function jwtEncode(key: Loose, message: Loose, algorithm: Loose = "HS256"): string {
    const name = algorithmName(algorithm);
    if (name !== "none" && !key) throw new Error("Must specify a key to sign the token");
    if (name === "none" && key) throw new Error("A token without signature has no key");
    const part = (value: Loose) => toUrl(Buffer.from(JSON.stringify(value)).toString("base64"));
    const text = `${part({ typ: "JWT", alg: name })}.${part(message)}`;
    return `${text}.${signature(key, text, name)}`;
  };
  exports.jwtDecode = function jwtDecode(key: Loose, token: Loose, noVerify?: Loose): Loose {
    if (!token) return null;
    const parts = String(token).split(".");
    if (parts.length !== 3) throw new Error("Wrong number of JWT segments!");
    const read = (part: string) => JSON.parse(Buffer.from(part, "base64").toString("utf8"));
    if (!noVerify) {
      const name = algorithmName(read(parts[0]!).alg);
      const wanted = signature(key, `${parts[0]}.${parts[1]}`, name);
      // a token without signature is only good without key
      if ((name === "none" && key) || !exports.constantEquals(wanted, parts[2]!)) {
        throw new Error("Signature verification failed!");
      }
    }
    return read(parts[1]!);
  };

  // one-time passwords

  function counterBytes(value: number): Loose {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
    return bytes;
  }
  function hotp(key: Loose, counter: number, length = 6): string {
    const secret = Buffer.from(String(key));
    const digest = Buffer.from(host.hmac("sha1", new Uint8Array(secret), counterBytes(counter)), "hex");
    const offset = digest[digest.length - 1] & 15;
    const number = digest.readUInt32BE(offset) & 0x7fffffff;
    return String(number % 10 ** length).padStart(length, "0");
  }
  exports.hotpGenerate = hotp;
  exports.hotpVerify = function hotpVerify(token: Loose, key: Loose, counter = 0, window = 50): Loose {
    for (let delta = -window; delta <= window; delta++) {
      if (counter + delta >= 0 && exports.constantEquals(hotp(key, counter + delta), String(token))) return { delta };
    }
    return null;
  };
  exports.totpGenerate = (key: Loose, options: Loose = {}) =>
    hotp(key, Math.floor((options.time ?? host.time()) / (options.step ?? 30)));
  exports.totpVerify = (token: Loose, key: Loose, options: Loose = {}) =>
    exports.hotpVerify(
      token,
      key,
      Math.floor((options.time ?? host.time()) / (options.step ?? 30)),
      options.window ?? 6,
    );
}
