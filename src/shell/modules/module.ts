/**
 * `require` for scripts: files, directories, JSON, `node_modules`, the configured roots, `node:` built-ins.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `module`; its hidden `createRoot` makes the root module of the realm. Source: arangosh.md 3.2. */
export function moduleModule({ module: self, require, host }: ModuleScope): void {
  const { ownError } = require("denosh/core");
  const cache: Record<string, Loose> = {};
  const aliases: Record<string, string> = {};
  let builtin: (name: string) => Loose;

  function directoryOf(path: string): string {
    const end = path.lastIndexOf("/");
    return end > 0 ? path.slice(0, end) : "/";
  }

  function join(directory: string, name: string): string {
    return host.absolutePath(name.startsWith("/") ? name : `${directory}/${name}`);
  }

  /** The file that a path without certainty about its extension means. */
  function asFile(path: string): string | undefined {
    for (const candidate of [path, `${path}.js`, `${path}.json`, `${path}.ts`]) {
      if (host.kindOf(candidate) === "file") return candidate;
    }
    if (host.kindOf(path) !== "directory") return undefined;
    const description = `${path}/package.json`;
    if (host.kindOf(description) === "file") {
      const main = readJson(description).main;
      if (typeof main === "string") {
        const found = asFile(join(path, main));
        if (found !== undefined) return found;
      }
    }
    for (const index of ["index.js", "index.json"]) {
      if (host.kindOf(`${path}/${index}`) === "file") return `${path}/${index}`;
    }
    return undefined;
  }

  /** All directories in which a name without a leading dot is looked up, nearest first. */
  function searchPaths(directory: string): string[] {
    const paths: string[] = [];
    for (let at = directory;; at = directoryOf(at)) {
      if (!at.endsWith("/node_modules")) paths.push(at === "/" ? "/node_modules" : `${at}/node_modules`);
      if (at === "/" || !at.includes("/")) break;
    }
    for (const root of host.moduleDirectories()) paths.push(root);
    return paths;
  }

  function resolve(name: string, directory: string): string | undefined {
    if (/^\.{0,2}\//.test(name) || name === "." || name === "..") return asFile(join(directory, name));
    for (const path of searchPaths(directory)) {
      const found = asAllowedFile(join(path, name));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** As {@linkcode asFile}; where scripts may not look, nothing is found. */
  function asAllowedFile(path: string): string | undefined {
    try {
      return asFile(path);
    } catch (error) {
      if ((error as Loose)?.errorNum === 11) return undefined;
      throw error;
    }
  }

  function checkName(name: unknown): asserts name is string {
    if (name && typeof name === "string") return;
    const { AssertionError } = require("assert");
    throw new AssertionError({
      message: name ? "path must be a string" : "missing path",
      actual: name,
      expected: true,
    });
  }

  function readJson(path: string): Loose {
    try {
      return JSON.parse(host.readText(path).replace(/^\uFEFF/, ""));
    } catch (cause) {
      throw failed(path, cause);
    }
  }

  /** Error 3103 around what went wrong while a file was loaded. */
  function failed(path: string, cause: Loose): unknown {
    if (cause?.isExitRequest === true || cause?.errorNum === 3103) return cause;
    const error = ownError({
      code: 500,
      errorNum: 3103,
      errorMessage: `failed to invoke module\nFile: ${path}\nReason: ${String(cause)}` +
        (typeof cause?.stack === "string" ? `\n${cause.stack}` : ""),
    });
    Object.defineProperty(error, "cause", { value: cause, configurable: true, writable: true });
    return error;
  }

  class Module {
    id: string;
    exports: Loose = {};
    filename: string;
    paths: string[];
    parent: Module | undefined;
    children: Module[] = [];
    loaded = false;
    require: Loose;

    constructor(id: string, parent?: Module, directory?: string) {
      this.id = id;
      this.filename = id;
      this.parent = parent;
      const own = directory ?? directoryOf(id);
      this.paths = searchPaths(own);
      parent?.children.push(this);
      const requireHere = (name: Loose) => this.#find(name, directory ?? directoryOf(this.filename));
      requireHere.cache = cache;
      requireHere.aliases = aliases;
      requireHere.extensions = EXTENSIONS;
      requireHere.resolve = (name: Loose) => {
        checkName(name);
        return resolve(name, directory ?? directoryOf(this.filename)) ?? notFound(name);
      };
      this.require = requireHere;
    }

    #find(name: Loose, directory: string): Loose {
      checkName(name);
      const wanted = aliases[name] ?? name.replace(/^org\/arangodb/, "@arangodb");
      const known = builtin(wanted) ?? builtin(wanted.replace(/\.js$/, ""));
      if (known !== undefined) return known.exports;
      if (wanted.startsWith("node:")) return host.nodeModule(wanted) ?? notFound(name);
      const path = resolve(wanted, directory) ?? (host.packageFile(wanted, directory) || undefined);
      if (path === undefined) return this.#stored(name, wanted);
      const loaded = cache[path];
      if (loaded !== undefined) return loaded.exports;
      const module = new Module(path, this);
      module.load(path);
      return module.exports;
    }

    /** A module from the collection `_modules` of the current database. */
    #stored(name: string, wanted: string): Loose {
      if (/^\.{0,2}\//.test(wanted)) return notFound(name);
      const path = `/${wanted.replace(/^db:/, "").replace(/^\//, "")}`;
      const key = `db:${require("denosh/connection").arango.getDatabaseName()}${path}`;
      if (cache[key] !== undefined) return cache[key].exports;
      let found: Loose = null;
      try {
        found = require("@arangodb").db._collection("_modules")?.firstExample({ path }) ?? null;
      } catch {
        // without a server there is no such module either
      }
      if (found === null) return notFound(name);
      const module = new Module(key, this);
      cache[key] = module;
      try {
        module._compile(String(found.content), key);
      } catch (cause) {
        delete cache[key];
        throw failed(key, cause);
      }
      module.loaded = true;
      return module.exports;
    }

    load(path: string): void {
      this.filename = path;
      cache[path] = this;
      try {
        const extension = /\.[^./]*$/.exec(path)?.[0] ?? ".js";
        (EXTENSIONS[extension] ?? EXTENSIONS[".js"]!)(this, path);
        this.loaded = true;
      } catch (cause) {
        delete cache[path];
        throw failed(path, cause);
      }
    }

    _compile(text: string, path: string): void {
      const body = text.replace(/^\uFEFF?(#![^\n]*)?/, "");
      const run: Loose = host.compileFunction(["exports, require, module, __filename, __dirname"], body, path);
      run.call(this.exports, this.exports, this.require, this, path, directoryOf(path));
    }
  }

  const EXTENSIONS: Record<string, (module: Loose, path: string) => void> = {
    ".js": (module, path) => module._compile(host.readText(path), path),
    ".json": (module, path) => {
      module.exports = JSON.parse(host.readText(path).replace(/^\uFEFF/, ""));
    },
  };

  function notFound(name: string): never {
    // what ArangoDB's own tests bring along is looked for like any other module
    const hint = name.startsWith("@arangodb/")
      ? "\nReason: not a module of denosh; --javascript.module-directory adds directories to look in"
      : "";
    throw ownError({ code: 500, errorNum: 3100, errorMessage: `cannot locate module\nFile: ${name}${hint}` });
  }

  // the realm takes the types off
  EXTENSIONS[".ts"] = EXTENSIONS[".js"]!;

  const exported = Module as Loose;
  exported._cache = cache;
  exported._extensions = EXTENSIONS;
  Object.defineProperty(exported, "createRoot", {
    value(find: (name: string) => Loose) {
      builtin = find;
      return new Module(".", undefined, host.currentDirectory());
    },
  });
  self.exports = exported;
}
