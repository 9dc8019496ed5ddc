/**
 * What every realm module gets, and nothing else: see "Realm modules" in ARCHITECTURE.md.
 *
 * @module
 */

import type { Host } from "../host.ts";

/**
 * A value of a script, or one that came over the wire: JavaScript that we did not write, so nothing is known about it.
 */
// deno-lint-ignore no-explicit-any -- scripts may pass and replace anything, so no narrower type would be true
export type Loose = any;

/** Finds a module by its `require` name. */
export type Require = (name: string) => Loose;

/** The parameter of a {@linkcode ModuleFactory}. */
export interface ModuleScope {
  /** The module object; a factory may replace its `exports`. */
  readonly module: { exports: Loose; readonly id: string };
  /** `module.exports` as it was at the start. */
  readonly exports: Loose;
  /** Finds the other modules of the table. */
  readonly require: Require;
  /** The services outside of the realm; what they throw arrives as an error of the realm. */
  readonly host: Host;
  /** The global object of the realm. */
  readonly global: Loose;
}

/** A module of the client library: its text is evaluated in the realm, so it may use nothing but its parameter. */
export type ModuleFactory = (scope: ModuleScope) => void;
