/**
 * Zip archives.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `denosh/zip`: archives of deflated files, without encryption. Source: APPNOTE.TXT of PKWARE, 4.3. */
export function zip({ exports, require, host }: ModuleScope): void {
  const { make } = require("denosh/errors");
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

  /** The archive of files with their names. */
  exports.pack = function pack(files: readonly { name: string; bytes: Uint8Array }[]): Uint8Array {
    const parts: Uint8Array[] = [];
    const directory: Uint8Array[] = [];
    let offset = 0;
    for (const { name, bytes } of files) {
      const path = Buffer.from(name);
      const body = host.deflateRaw(bytes);
      const common: [number, 2 | 4][] = [
        [20, 2],
        [UTF8_NAMES, 2],
        [DEFLATED, 2],
        [0, 2],
        [DATE, 2],
        [host.crc32(bytes), 4],
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
  exports.unpack = function unpack(archive: Uint8Array): { name: string; bytes: Uint8Array }[] {
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
      if ((flags & 1) !== 0) throw make(9, `fs.unzipFile: '${name}' is encrypted, which is not supported`);
      if (method !== 0 && method !== DEFLATED) {
        throw make(9, `fs.unzipFile: '${name}' has the unknown method ${method}`);
      }
      const local = view.getUint32(at + 42, true);
      const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
      const body = archive.subarray(start, start + packed);
      const bytes = method === 0 ? body : host.inflateRaw(body);
      if (host.crc32(bytes) !== view.getUint32(at + 16, true)) throw broken(`'${name}' is damaged`);
      files.push({ name, bytes });
      at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    }
    return files;
  };

  /** Writes an archive of files of a directory. */
  exports.zipFile = function zipFile(target: Loose, base: Loose, names: Loose, password?: Loose): boolean {
    if (typeof target !== "string" || typeof base !== "string" || !Array.isArray(names)) {
      throw make(10, "usage: zipFile(<filename>, <chdir>, <files>, <password>)");
    }
    if (password) throw make(9, "fs.zipFile: passwords are not supported");
    if (host.kindOf(target) !== "") throw make(16, `cannot overwrite file: '${target}'`);
    const packed = exports.pack(names.map((name: string) => ({ name, bytes: host.readBytes(`${base}/${name}`) })));
    host.writeFile(target, packed, false);
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
      throw make(10, "usage: unzipFile(<filename>, <outpath>, <skipPaths>, <overwrite>, <password>)");
    }
    if (password) throw make(9, "fs.unzipFile: passwords are not supported");
    for (const { name, bytes } of exports.unpack(host.readBytes(source))) {
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
