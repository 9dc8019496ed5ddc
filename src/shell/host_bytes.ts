/**
 * Services of the host that compute: hashes, compression, encodings, addresses, texts.
 *
 * @module
 */

import { ArangoError, httpStatus } from "../base/arango_error.ts";
import { ERRORS } from "../base/error_table.ts";
import { jsonToVelocyPack, velocyPackToJson } from "../base/velocypack.ts";
import type { Host } from "./host.ts";
import { nodeModule } from "./node_module.ts";

const encoder = new TextEncoder();
// as in Node, a byte order mark is a character like any other
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Modules of Node.js that make texts of texts; the only thing they look at is the current directory. */
const TEXT_MODULES: ReadonlySet<string> = new Set(["path/posix", "querystring", "url"]);

/** The services that need nothing but their parameters. */
export const BYTE_SERVICES = {
  hash: (algorithm, data) => crypto().createHash(algorithm).update(data).digest("hex"),
  hmac: (algorithm, key, data) => crypto().createHmac(algorithm, key).update(data).digest("hex"),
  deriveKey: (algorithm, password, salt, iterations, length) =>
    crypto().pbkdf2Sync(password, salt, iterations, length, algorithm).toString("hex"),
  signRsa: (pem, data) => crypto().createSign("RSA-SHA256").update(data).sign(pem, "base64"),
  randomBytes: (count) => {
    const bytes = new Uint8Array(count);
    // one call may fill at most 65536 bytes
    for (let start = 0; start < count; start += 65536) {
      globalThis.crypto.getRandomValues(bytes.subarray(start, start + 65536));
    }
    return bytes;
  },
  inflate: (data) => zlib().gunzipSync(data),
  deflateRaw: (data) => zlib().deflateRawSync(data),
  inflateRaw: (data) => zlib().inflateRawSync(data),
  crc32: (data) => zlib().crc32(data),
  jsonToVelocyPack,
  velocyPackToJson(bytes) {
    try {
      return velocyPackToJson(bytes);
    } catch (cause) {
      throw new ArangoError("ERROR_INTERNAL", cause instanceof Error ? cause.message : String(cause), { cause });
    }
  },
  encodeUtf8: (text) => encoder.encode(text),
  decodeUtf8: (bytes) => decoder.decode(bytes),
  ipVersion: (text) => nodeModule<typeof import("node:net")>("node:net").isIP(text),
  callNode(module, name, args) {
    if (!TEXT_MODULES.has(module)) {
      throw new ArangoError("ERROR_FORBIDDEN", `not allowed to call the module '${module}'`);
    }
    const functions = nodeModule<Record<string, (...args: unknown[]) => unknown>>(`node:${module}`);
    return JSON.stringify(functions[name]!(...JSON.parse(args) as unknown[]));
  },
  compareText: (left, right) => Math.sign(left.localeCompare(right)),
  errorTable: () => JSON.stringify(ERRORS),
  errorStatus: (errorNum) => httpStatus(errorNum),
} satisfies Partial<Host>;

function zlib(): typeof import("node:zlib") {
  return nodeModule("node:zlib");
}

function crypto(): typeof import("node:crypto") {
  return nodeModule("node:crypto");
}
