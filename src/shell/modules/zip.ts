/**
 * Zip archives.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/**
 * The module `denosh/zip`: archives of deflated files, with the traditional encryption if there is a password.
 *
 * Source: APPNOTE.TXT of PKWARE, 4.3 and 6.1.
 */
export function zip({ exports, require, host }: ModuleScope): void {
  const { make, usage } = require("denosh/errors");
  const { Buffer } = require("buffer");
  const LOCAL_HEADER = 0x04034b50;
  const DIRECTORY_HEADER = 0x02014b50;
  const DIRECTORY_END = 0x06054b50;
  const DIRECTORY_END_LENGTH = 22;
  const DEFLATED = 8;
  const UTF8_NAMES = 0x800;
  /** The first of January 1980: archives of the same files are the same. */
  const DATE = 0x21;

  /** Numbers of 2 or 4 bytes, one after the other. */
  function record(...fields: [value: number, bytes: 2 | 4][]): Uint8Array {
    const bytes = new Uint8Array(fields.reduce((sum, [, width]) => sum + width, 0));
    const view = new DataView(bytes.buffer);
    let at = 0;
    for (const [value, width] of fields) {
      if (width === 2) view.setUint16(at, value, true);
      else view.setUint32(at, value, true);
      at += width;
    }
    return bytes;
  }

  const ENCRYPTED = 1;
  /** The check byte is one of the time, for the check sum was not yet known. */
  const SUM_FOLLOWS = 8;
  const ENCRYPTION_HEADER_LENGTH = 12;

  /** Check sums of single bytes. */
  let table: Uint32Array | undefined;
  function nextSum(sum: number, byte: number): number {
    table ??= Uint32Array.from({ length: 256 }, (_, index) => {
      let value = index;
      for (let bit = 0; bit < 8; bit++) value = (value & 1) === 0 ? value >>> 1 : (value >>> 1) ^ 0xedb88320;
      return value >>> 0;
    });
    return (table[(sum ^ byte) & 255]! ^ (sum >>> 8)) >>> 0;
  }

  /** Encrypts bytes, or undoes that: both follow the unencrypted ones. */
  function crypt(bytes: Uint8Array, password: string, decrypts: boolean): Uint8Array {
    let [first, second, third] = [0x12345678, 0x23456789, 0x34567890];
    const follow = (byte: number) => {
      first = nextSum(first, byte);
      second = (Math.imul(second + (first & 255), 134775813) + 1) >>> 0;
      third = nextSum(third, second >>> 24);
    };
    for (const byte of host.encodeUtf8(password)) follow(byte);
    return bytes.map((byte) => {
      const key = (third & 0xffff) | 2;
      const changed = byte ^ ((Math.imul(key, key ^ 1) >>> 8) & 255);
      follow(decrypts ? changed : byte);
      return changed;
    });
  }
  function encrypted(body: Uint8Array, sum: number, password: string): Uint8Array {
    const whole = new Uint8Array(ENCRYPTION_HEADER_LENGTH + body.length);
    whole.set(host.randomBytes(ENCRYPTION_HEADER_LENGTH - 1));
    whole[ENCRYPTION_HEADER_LENGTH - 1] = sum >>> 24;
    whole.set(body, ENCRYPTION_HEADER_LENGTH);
    return crypt(whole, password, false);
  }

  /** The archive of files with their names. */
  exports.pack = function pack(
    files: readonly { name: string; bytes: Uint8Array }[],
    password = "",
  ): Uint8Array {
    const parts: Uint8Array[] = [];
    const directory: Uint8Array[] = [];
    let offset = 0;
    for (const { name, bytes } of files) {
      const path = Buffer.from(name);
      const sum = host.crc32(bytes);
      const deflated = host.deflateRaw(bytes);
      const body = password === "" ? deflated : encrypted(deflated, sum, password);
      const common: [number, 2 | 4][] = [
        [20, 2],
        [password === "" ? UTF8_NAMES : UTF8_NAMES | ENCRYPTED, 2],
        [DEFLATED, 2],
        [0, 2],
        [DATE, 2],
        [sum, 4],
        [body.length, 4],
        [bytes.length, 4],
        [path.length, 2],
        [0, 2],
      ];
      const local = record([LOCAL_HEADER, 4], ...common);
      parts.push(local, path, body);
      directory.push(
        record([DIRECTORY_HEADER, 4], [20, 2], ...common, [0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]),
        path,
      );
      offset += local.length + path.length + body.length;
    }
    const size = directory.reduce((sum, part) => sum + part.length, 0);
    const count = files.length;
    const end = record([DIRECTORY_END, 4], [0, 2], [0, 2], [count, 2], [count, 2], [size, 4], [offset, 4], [0, 2]);
    return Buffer.concat([...parts, ...directory, end].map((part) => Buffer.from(part)));
  };

  /** The files of an archive; directories end with a slash. */
  exports.unpack = function unpack(archive: Uint8Array, password = ""): { name: string; bytes: Uint8Array }[] {
    const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
    const broken = (what: string) => make(4, `this is no zip archive: ${what}`);
    let end = archive.length - DIRECTORY_END_LENGTH;
    while (end >= 0 && view.getUint32(end, true) !== DIRECTORY_END) end--;
    if (end < 0) throw broken("it has no directory");
    const files: { name: string; bytes: Uint8Array }[] = [];
    let at = view.getUint32(end + 16, true);
    for (let left = view.getUint16(end + 10, true); left > 0; left--) {
      if (at + 46 > end || view.getUint32(at, true) !== DIRECTORY_HEADER) throw broken("its directory is damaged");
      const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
      const [packed, nameLength] = [view.getUint32(at + 20, true), view.getUint16(at + 28, true)];
      const name = Buffer.from(archive.subarray(at + 46, at + 46 + nameLength)).toString("utf8");
      if ((flags & ENCRYPTED) !== 0 && password === "") throw make(4, `'${name}' is encrypted: a password is needed`);
      if (method !== 0 && method !== DEFLATED) {
        throw make(9, `fs.unzipFile: '${name}' has the unknown method ${method}`);
      }
      const local = view.getUint32(at + 42, true);
      const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
      const sum = view.getUint32(at + 16, true);
      let body = archive.subarray(start, start + packed);
      if ((flags & ENCRYPTED) !== 0) {
        const whole = crypt(body, password, true);
        const check = (flags & SUM_FOLLOWS) === 0 ? sum >>> 24 : view.getUint16(at + 12, true) >>> 8;
        if (whole[ENCRYPTION_HEADER_LENGTH - 1] !== check) throw make(4, `the password of '${name}' is another one`);
        body = whole.subarray(ENCRYPTION_HEADER_LENGTH);
      }
      const bytes = method === 0 ? body : inflated(body);
      if (bytes === undefined || host.crc32(bytes) !== sum) throw broken(`'${name}' is damaged`);
      files.push({ name, bytes });
      at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    }
    return files;
  };

  /** Undoes the compression; undefined when the bytes are no such thing. */
  function inflated(body: Uint8Array): Uint8Array | undefined {
    try {
      return host.inflateRaw(body);
    } catch {
      return undefined;
    }
  }

  /** A file's name in the archive: without the directory, and never an absolute one. */
  function nameInside(base: string, name: string): string {
    const prefix = base === "" || base.endsWith("/") ? base : `${base}/`;
    return (name.startsWith(prefix) ? name.slice(prefix.length) : name).replace(/^\/+/, "");
  }

  /** Writes an archive of files of a directory, whose names may begin with it. */
  exports.zipFile = function zipFile(target: Loose, base: Loose, names: Loose, password?: Loose): boolean {
    if (typeof target !== "string" || typeof base !== "string" || !Array.isArray(names)) {
      throw usage("zipFile(<filename>, <chdir>, <files>, <password>)");
    }
    if (host.kindOf(target) !== "") throw make(16, `cannot overwrite file: '${target}'`);
    const files = names.map((given: Loose) => {
      const path = String(given);
      const name = nameInside(base, path);
      return { name, bytes: host.readBytes(base === "" ? path : `${base}/${name}`) };
    });
    host.writeFile(target, exports.pack(files, password ? String(password) : ""), false);
    return true;
  };

  /** Writes the files of an archive into a directory. */
  exports.unzipFile = function unzipFile(
    source: Loose,
    target: Loose,
    skipPaths: Loose = false,
    overwrite: Loose = false,
    password?: Loose,
  ): boolean {
    if (typeof source !== "string" || typeof target !== "string") {
      throw usage("unzipFile(<filename>, <outpath>, <skipPaths>, <overwrite>, <password>)");
    }
    for (const { name, bytes } of exports.unpack(host.readBytes(source), password ? String(password) : "")) {
      if (name.split("/").includes("..") || name.startsWith("/")) {
        throw make(11, `'${name}' would be written outside of '${target}'`);
      }
      if (name.endsWith("/")) {
        if (!skipPaths) host.makeDirectory(`${target}/${name}`, true);
        continue;
      }
      const path = `${target}/${skipPaths ? name.split("/").pop() : name}`;
      if (!overwrite && host.kindOf(path) !== "") throw make(16, `cannot overwrite file: '${path}'`);
      host.makeDirectory(path.slice(0, path.lastIndexOf("/")), true);
      host.writeFile(path, bytes, false);
    }
    return true;
  };
}
