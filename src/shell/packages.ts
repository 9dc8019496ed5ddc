/**
 * The npm packages that scripts may `require` as if arangosh had brought them along.
 *
 * @module
 */

import { nodeModule } from "./node_module.ts";

/**
 * Packages that arangosh bundles, or bundled once (`underscore`, which old scripts ask for): the rows of
 * `packages_worker.ts`, which cannot be imported here, for its imports would become those of the program.
 *
 * Source: arangosh.md 3.3.
 */
export const BUNDLED_NAMES: ReadonlySet<string> = new Set([
  "@xmldom/xmldom",
  "accepts",
  "ajv",
  "ansi-html-community",
  "ansi_up",
  "aqb",
  "ascii-table",
  "babel-code-frame",
  "chai",
  "content-disposition",
  "content-type",
  "dedent",
  "error-stack-parser",
  "extendible",
  "highlight.js",
  "http-errors",
  "i",
  "iconv-lite",
  "joi",
  "joi-to-json-schema",
  "js-yaml",
  "lodash",
  "mime-types",
  "minimatch",
  "ms",
  "netmask",
  "parse-prometheus-text-format",
  "qs",
  "range-parser",
  "semver",
  "sinon",
  "statuses",
  "timezone",
  "type-is",
  "underscore",
  "vary",
]);

/** Milliseconds that finding the packages may take: the first time they are downloaded. */
const LOAD_TIMEOUT = 60_000;

/** Finds the files of packages, so that the realm can evaluate them itself. */
export class Packages {
  /** Directories of packages that were found: their files may require what they depend on. */
  readonly #roots = new Set<string>();
  #isLoaded = false;

  /**
   * The file that a name means.
   *
   * @param name what was required, such as `lodash` or `lodash/fp`
   * @param directory of the file that requires it
   * @returns a path; empty when there is none
   */
  find(name: string, directory: string): string {
    const asker = [...this.#roots].find((root) => directory === root || directory.startsWith(`${root}/`));
    const packageName = /^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name;
    if (asker === undefined && !BUNDLED_NAMES.has(packageName)) return "";
    this.#load();
    const { createRequire } = nodeModule<typeof import("node:module")>("node:module");
    let path: string;
    try {
      path = createRequire(asker === undefined ? import.meta.url : `${directory}/asker.js`).resolve(name);
    } catch {
      // "not found" is the only thing that can go wrong, and what we tell
      return "";
    }
    if (!path.startsWith("/") && !/^[A-Za-z]:/.test(path)) return "";
    // `…/lodash/4.17.21/lodash.js`: the directory of the version holds the package
    const root = new RegExp(`^.*/${packageName.replace(/[.]/g, "\\.")}(/\\d[^/]*)?(?=/)`).exec(path)?.[0];
    const found = root ?? path.slice(0, path.lastIndexOf("/"));
    this.#roots.add(found);
    return path.endsWith(".mjs") ? mainFile(found, path) : path;
  }

  /** Whether a path is a file of a package that was found: such files may be read whatever is forbidden to scripts. */
  holds(path: string): boolean {
    return [...this.#roots].some((root) => path.startsWith(`${root}/`));
  }

  /** Waits until the runtime knows the packages; without a network and a cache, it goes on without them. */
  #load(): void {
    if (this.#isLoaded) return;
    this.#isLoaded = true;
    const state = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const worker = new Worker(new URL("./packages_worker.ts", import.meta.url).href, { type: "module" });
    worker.postMessage(state);
    Atomics.wait(new Int32Array(state), 0, 0, LOAD_TIMEOUT);
    worker.terminate();
  }
}

/** The file that a package names as its main one: never a module in the syntax of ECMAScript, which scripts cannot load. */
function mainFile(root: string, otherwise: string): string {
  const { main } = JSON.parse(Deno.readTextFileSync(`${root}/package.json`)) as { main?: unknown };
  return typeof main === "string" ? `${root}/${main.replace(/^\.\//, "")}` : otherwise;
}
