/**
 * Brings the bundled packages onto this machine and into the process: a worker, because resolving them when the program
 * starts costs 150 ms, which only scripts that require a package should pay.
 *
 * The imports are never carried out. That they stand here makes the runtime find (and download) the packages before this
 * module starts, and `deno compile` put them into the binary.
 *
 * @module
 */

/** A row for each package that arangosh bundles; the versions are in `deno.json`. Source: arangosh.md 3.3. */
export const BUNDLED: Readonly<Record<string, () => Promise<unknown>>> = {
  "@xmldom/xmldom": () => import("@xmldom/xmldom"),
  "accepts": () => import("accepts"),
  "ajv": () => import("ajv"),
  "ansi-html-community": () => import("ansi-html-community"),
  "ansi_up": () => import("ansi_up"),
  "aqb": () => import("aqb"),
  "ascii-table": () => import("ascii-table"),
  "babel-code-frame": () => import("babel-code-frame"),
  "chai": () => import("chai"),
  "content-disposition": () => import("content-disposition"),
  "content-type": () => import("content-type"),
  "dedent": () => import("dedent"),
  "error-stack-parser": () => import("error-stack-parser"),
  "extendible": () => import("extendible"),
  "highlight.js": () => import("highlight.js"),
  "http-errors": () => import("http-errors"),
  "i": () => import("i"),
  "iconv-lite": () => import("iconv-lite"),
  "joi": () => import("joi"),
  "joi-to-json-schema": () => import("joi-to-json-schema"),
  "js-yaml": () => import("js-yaml"),
  "lodash": () => import("lodash"),
  "mime-types": () => import("mime-types"),
  "minimatch": () => import("minimatch"),
  "ms": () => import("ms"),
  "netmask": () => import("netmask"),
  "parse-prometheus-text-format": () => import("parse-prometheus-text-format"),
  "qs": () => import("qs"),
  "range-parser": () => import("range-parser"),
  "semver": () => import("semver"),
  "sinon": () => import("sinon"),
  "statuses": () => import("statuses"),
  "timezone": () => import("timezone"),
  "type-is": () => import("type-is"),
  "underscore": () => import("underscore"),
  "vary": () => import("vary"),
};

/** The word of shared memory that says that the packages are there. */
const READY = 1;

/** Where messages arrive when this module is a worker's; a test that imports it has no such thing. */
const scope = globalThis as unknown as { onmessage: unknown; close(): void; WorkerGlobalScope?: unknown };
if (scope.WorkerGlobalScope !== undefined) {
  scope.onmessage = ({ data }: MessageEvent<SharedArrayBuffer>): void => {
    const state = new Int32Array(data);
    Atomics.store(state, 0, READY);
    Atomics.notify(state, 0);
    scope.close();
  };
}
