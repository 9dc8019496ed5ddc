/**
 * The npm packages that scripts may `require` as if arangosh had brought them along.
 *
 * @module
 */

import { nodeModule } from "./node_module.ts";

/**
 * Packages that arangosh bundles. Those that `deno.json` maps are there; a package whose line is missing is not found.
 *
 * Source: arangosh.md 3.3.
 */
const BUNDLED: ReadonlySet<string> = new Set([
  "accepts",
  "ajv",
  "ansi_up",
  "ansi-html-community",
  "aqb",
  "chai",
  "content-disposition",
  "content-type",
  "dedent",
  "error-stack-parser",
  "extendible",
  "graphql-sync",
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
  "vary",
  "@xmldom/xmldom",
]);

/** Finds the files of packages, so that the realm can evaluate them itself. */
export class Packages {
  /** Directories of packages that were found: their files may require what they depend on. */
  readonly #roots = new Set<string>();

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
    if (asker === undefined && !BUNDLED.has(packageName)) return "";
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
}

/** The file that a package names as its main one: never a module in the syntax of ECMAScript, which scripts cannot load. */
function mainFile(root: string, otherwise: string): string {
  const { main } = JSON.parse(Deno.readTextFileSync(`${root}/package.json`)) as { main?: unknown };
  return typeof main === "string" ? `${root}/${main.replace(/^\.\//, "")}` : otherwise;
}
