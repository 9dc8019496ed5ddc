/**
 * Files, as arangosh offers them.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `fs`. Source: arangosh.md 3.5. */
export function fs({ exports, require, host }: ModuleScope): void {
  const { make, usage } = require("denosh/errors");
  const { Buffer } = require("buffer");

  /** Checks that all arguments are texts. */
  function texts(call: string, ...values: Loose[]): void {
    if (values.some((value) => typeof value !== "string")) throw usage(call);
  }
  function content(value: Loose): Loose {
    return value instanceof Uint8Array ? value : String(value);
  }

  function normalize(path: string): string {
    const kept: string[] = [];
    const rooted = path.startsWith("/");
    for (const part of path.split("/")) {
      if (part === "" || part === ".") continue;
      if (part === ".." && kept.length > 0 && kept[kept.length - 1] !== "..") kept.pop();
      else if (part !== ".." || !rooted) kept.push(part);
    }
    return (rooted ? "/" : "") + kept.join("/") || ".";
  }

  /** Refuses what a file or directory cannot be copied or moved onto. */
  function checkTarget(verb: string, from: string, to: string): void {
    if (host.kindOf(to) !== "directory") return;
    const kind = host.kindOf(from);
    if (kind !== "") throw make(10, `cannot ${verb} ${kind} '${from}' into directory '${to}'`);
  }

  function copyTree(from: string, to: string): void {
    if (host.kindOf(from) !== "directory") {
      host.copyFile(from, to);
      return;
    }
    host.makeDirectory(to, true);
    for (const name of host.listDirectory(from)) copyTree(`${from}/${name}`, `${to}/${name}`);
  }

  Object.assign(exports, {
    pathSeparator: "/",
    exists(path: Loose) {
      texts("exists(<path>)", path);
      return host.kindOf(path) !== "";
    },
    isFile(path: Loose) {
      texts("isFile(<path>)", path);
      return host.kindOf(path) === "file";
    },
    isDirectory(path: Loose) {
      texts("isDirectory(<path>)", path);
      return host.kindOf(path) === "directory";
    },
    size(path: Loose) {
      texts("size(<path>)", path);
      return host.fileSize(path);
    },
    mtime(path: Loose) {
      texts("mtime(<filename>)", path);
      return host.modificationTime(path);
    },
    makeAbsolute(path: Loose) {
      texts("makeAbsolute(<path>)", path);
      return host.absolutePath(path);
    },
    normalize(path: Loose) {
      texts("normalize(<path>)", path);
      return normalize(path);
    },
    join(...parts: Loose[]) {
      for (const part of parts) {
        if (typeof part !== "string") throw new TypeError(`expecting a string, got ${typeof part}`);
      }
      return normalize(parts.filter((part) => part !== "").join("/"));
    },
    safeJoin(base: Loose, ...parts: Loose[]) {
      texts("safeJoin(<base>, <path>, ...)", base, ...parts);
      const root = host.absolutePath(base);
      const path = host.absolutePath(normalize([root, ...parts].join("/")));
      if (path !== root && !path.startsWith(`${root}/`)) throw new Error(`Path '${path}' leaves '${root}'`);
      return path;
    },
    escapePath(path: Loose) {
      texts("escapePath(<path>)", path);
      return path;
    },
    home: () => host.homeDirectory(),
    getTempPath: () => host.temporaryPath(),
    getTempFile: (directory?: Loose, create?: Loose) =>
      host.makeTemporaryFile(String(directory ?? ""), Boolean(create)),
    list(path: Loose) {
      texts("list(<path>)", path);
      return Array.from(host.listDirectory(path)).sort();
    },
    listTree(path: Loose) {
      texts("listTree(<path>)", path);
      const found = [""];
      const visit = (directory: string, prefix: string) => {
        for (const name of exports.list(directory)) {
          found.push(prefix + name);
          const inner = `${directory}/${name}`;
          // a link may lead back to where it is
          if (host.kindOf(inner) === "directory" && !host.isLink(inner)) visit(inner, `${prefix}${name}/`);
        }
      };
      visit(path, "");
      return found;
    },
    makeDirectory(path: Loose, mode?: Loose) {
      texts("makeDirectory(<path>)", path);
      host.makeDirectory(path, false, mode === undefined ? undefined : parseInt(mode, 8));
    },
    makeDirectoryRecursive(path: Loose) {
      texts("makeDirectoryRecursive(<path>)", path);
      host.makeDirectory(path, true);
    },
    remove(path: Loose) {
      texts("remove(<filename>)", path);
      if (host.kindOf(path) === "directory" && !host.isLink(path)) throw make(2, `'${path}' is a directory`);
      host.remove(path, false);
    },
    removeDirectory(path: Loose) {
      texts("removeDirectory(<path>)", path);
      if (host.kindOf(path) !== "directory") throw make(10, "<path> must be a valid directory name");
      host.remove(path, false);
    },
    removeDirectoryRecursive(path: Loose, force = false) {
      texts("removeDirectoryRecursive(<path>)", path);
      if (host.kindOf(path) !== "directory") throw make(10, "<path> must be a valid directory name");
      if (force !== true && !host.absolutePath(path).startsWith(`${host.temporaryPath()}/`)) {
        throw make(11, `directory to be removed is outside of temporary path: ${path}`);
      }
      host.remove(path, true);
    },
    move(from: Loose, to: Loose) {
      texts("move(<source>, <destination>)", from, to);
      checkTarget("move", from, to);
      host.rename(from, to);
    },
    copyFile(from: Loose, to: Loose) {
      texts("copyFile(<source>, <destination>)", from, to);
      host.copyFile(from, host.kindOf(to) === "directory" ? `${to}/${from.split("/").pop()}` : to);
      return true;
    },
    copyRecursive(from: Loose, to: Loose) {
      texts("copyRecursive(<source>, <destination>)", from, to);
      checkTarget("copy", from, to);
      copyTree(from, to);
      return true;
    },
    linkFile(from: Loose, to: Loose) {
      texts("linkFile(<source>, <destination>)", from, to);
      host.linkFile(from, to);
      return true;
    },
    chmod(path: Loose, mode: Loose) {
      texts("chmod(<path>, <mode>)", path, mode);
      if (!/^[0-7]{3,5}$/.test(mode)) throw make(10, '<mode> must be an octal number such as "0755"');
      host.changeMode(path, parseInt(mode, 8));
      return true;
    },
    read(path: Loose) {
      texts("read(<filename>)", path);
      return host.readText(path);
    },
    readFileSync(path: Loose, encoding?: Loose) {
      texts("readFileSync(<filename>)", path);
      const bytes = exports.readBuffer(path);
      const name = typeof encoding === "object" && encoding !== null ? encoding.encoding : encoding;
      if (String(name).toLowerCase() !== "utf16be") return name ? bytes.toString(name) : bytes;
      const swapped = Buffer.from(bytes);
      for (let at = 0; at + 1 < swapped.length; at += 2) [swapped[at], swapped[at + 1]] = [bytes[at + 1], bytes[at]];
      return swapped.toString("utf16le");
    },
    read64(path: Loose) {
      texts("read64(<filename>)", path);
      return exports.readBuffer(path).toString("base64");
    },
    readBuffer(path: Loose) {
      texts("readBuffer(<filename>)", path);
      return Buffer.from(host.readBytes(path));
    },
    readGzip(path: Loose) {
      texts("readGzip(<filename>)", path);
      const bytes = host.readBytes(path);
      // like zlib's own reader of files, which takes what is not compressed as it is
      const isCompressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
      return host.decodeUtf8(isCompressed ? host.inflate(bytes) : bytes);
    },
    write(path: Loose, value: Loose) {
      texts("write(<filename>, <content>)", path);
      if (value === undefined) throw usage("write(<filename>, <content>)");
      host.writeFile(path, content(value), false);
      return true;
    },
    append(path: Loose, value: Loose) {
      texts("append(<filename>, <content>)", path);
      if (value === undefined) throw usage("append(<filename>, <content>)");
      host.writeFile(path, content(value), true);
      return true;
    },
    adler32(path: Loose) {
      texts("adler32(<filename>)", path);
      let [low, high] = [1, 0];
      for (const byte of host.readBytes(path)) {
        low = (low + byte) % 65521;
        high = (high + low) % 65521;
      }
      return high * 65536 + low;
    },
  });
  exports.writeFileSync = exports.write;
  exports.existsSync = exports.exists;
  for (const name of ["zipFile", "unzipFile"]) {
    exports[name] = (...args: Loose[]) => require("denosh/zip")[name](...args);
  }
  exports.readDecrypt = () => {
    throw make(9, "fs.readDecrypt is not supported: it needs an Enterprise server");
  };

  /** The process id of what `executeExternal` has returned. */
  function pidOf(call: string, program: Loose): number {
    if (typeof program?.pid !== "number") throw usage(call);
    return program.pid;
  }
  Object.assign(exports, {
    readPipe: (program: Loose) => host.decodeUtf8(host.readPipe(pidOf("readPipe(proc)", program))),
    writePipe(program: Loose, text: Loose) {
      const pid = pidOf("writePipe(proc, buffer)", program);
      const value = content(text);
      host.writePipe(pid, typeof value === "string" ? host.encodeUtf8(value) : value);
      return true;
    },
    closePipe(program: Loose, isOutput: Loose = true) {
      host.closePipe(pidOf("closePipe(proc[, read])", program), Boolean(isOutput));
      return true;
    },
  });
}
