/**
 * The geometry libraries, loaded when a query first needs one: most never do, and loading takes tens of milliseconds.
 *
 * Queries run synchronously, which leaves `require()`. It comes from the global `process`, because importing
 * `node:module` would start Node's compatibility layer with every program.
 *
 * @module
 */
import type * as Geodesic from "geographiclib-geodesic";
import type * as S2 from "s2js";

let requireModule: ((name: string) => unknown) | undefined;
let s2Library: typeof S2 | undefined;
let geodesicLibrary: typeof Geodesic | undefined;

function load(name: string): unknown {
  requireModule ??= globalThis.process.getBuiltinModule("node:module").createRequire(import.meta.url);
  return requireModule(name);
}

/** Google's S2: shapes on the sphere. */
export function s2(): typeof S2.s2 {
  s2Library ??= load("s2js") as typeof S2;
  return s2Library.s2;
}

/** Karney's GeographicLib: distances and areas on the ellipsoid. */
export function geodesic(): typeof Geodesic {
  geodesicLibrary ??= load("geographiclib-geodesic") as typeof Geodesic;
  return geodesicLibrary;
}

/** Never called: lets `deno compile` and `deno cache` see which packages {@linkcode s2} and {@linkcode geodesic} load. */
export async function nameLibraries(): Promise<void> {
  await import("s2js");
  await import("geographiclib-geodesic");
}
