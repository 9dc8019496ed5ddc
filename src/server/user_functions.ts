/**
 * User-defined AQL functions: JavaScript texts in `_aqlfunctions`, run in a context of their own.
 *
 * Source: recorded example `RestAqlfunctionCreate`; the manual's page on user-defined functions; `arangosh.md` §3.9; errors
 * 1580 to 1583.
 *
 * @module
 */
import type * as Vm from "node:vm";
import { ArangoError } from "../base/arango_error.ts";
import { ERRORS } from "../base/error_table.ts";
import type { Collection } from "../engine/collection.ts";
import type { Database } from "../engine/database.ts";

/** A registered function. */
export interface UserFunction {
  /** The name with its name spaces: `myfunctions::temperature::celsiustofahrenheit`. */
  readonly name: string;
  /** The text of a function expression. */
  readonly code: string;
  /** Whether it gives the same result for the same arguments, whenever it is called. */
  readonly isDeterministic: boolean;
}

const NAME = /^(?!_aql::)[a-z0-9_]+(::[a-z0-9_]+)+$/i;
/** How long a function may run, in milliseconds. */
const TIMEOUT = 60_000;

/** A function that takes and gives JSON texts, so that nothing of this realm gets into the other. */
interface Compiled {
  /** Calls the function; `name` is what it finds as `this.name`. */
  call(argumentsText: string, name: string): string | undefined;
  /** The warnings since the last time, as a JSON array of pairs of number and text. */
  warnings(): string;
}

/**
 * What the code of functions finds around it: `AQL_WARNING()`, and of modules what messages are made from. It is sloppy code
 * in functions of its own, for user functions are strict only where they say so.
 */
const SURROUNDINGS = `
  // the call sites that it is given are objects of the host, which lead out of the context
  Object.defineProperty(Error, "prepareStackTrace", { value: (error) => String(error) });
  Object.defineProperty(globalThis, "Error", { value: Error, configurable: false, writable: false });
  const warnings = [];
  const format = (text, ...values) => {
    const filled = String(text).replace(/%[sdifj%]/g, (at) => {
      if (at === "%%") return "%";
      if (values.length === 0) return at;
      const value = values.shift();
      return at === "%s" ? String(value) : at === "%j" ? JSON.stringify(value) : String(Number(value));
    });
    return [filled, ...values.map(String)].join(" ");
  };
  const modules = { util: () => ({ format }), "@arangodb": () => ({ errors: JSON.parse(errorsText) }) };
  globalThis.AQL_WARNING = (code, message) => void warnings.push([Number(code), String(message)]);
  globalThis.require = (name) => {
    if (!Object.hasOwn(modules, name)) throw new Error("user functions have no module '" + name + "'");
    return modules[name]();
  };`;

/** The module `node:vm`, loaded when a function is used first. */
function nodeVm(): typeof Vm {
  return process.getBuiltinModule("node:vm");
}

/** All errors by name, as the module `@arangodb` shows them. */
function errorsText(): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(ERRORS).map(([name, [code, message]]) => [name, { code, message }])),
  );
}

/** Compiles a function expression in a new context. */
function compile(code: string): Compiled {
  const vm = nodeVm();
  const context = vm.createContext(Object.create(null), { codeGeneration: { strings: false, wasm: false } });
  const wrapped = new vm.Script(
    `(function (errorsText) { ${SURROUNDINGS} const { parse, stringify } = JSON; const f = (${code}\n);
      if (typeof f !== "function") throw new TypeError("no function");
      return {
        call: (text, name) => stringify(f.apply({ name }, parse(text))),
        warnings: () => stringify(warnings.splice(0)),
      }; })`,
  );
  const make = wrapped.runInContext(context, { timeout: TIMEOUT }) as (errorsText: string) => Compiled;
  return make(errorsText());
}

/** The functions of a database. */
export class UserFunctions {
  readonly #database: Database;
  readonly #compiled: Map<string, Compiled>;

  /**
   * The functions of `database`.
   *
   * @param compiled keeps compiled functions by their text
   */
  constructor(database: Database, compiled: Map<string, Compiled> = new Map()) {
    this.#database = database;
    this.#compiled = compiled;
  }

  #collection(): Collection {
    return this.#database.collection("_aqlfunctions");
  }

  /**
   * All functions, or those of a name space, by name.
   *
   * @param namespace with or without the colons at its end
   */
  all(namespace = ""): UserFunction[] {
    const prefix = namespace === "" ? "" : `${namespace.replace(/:+$/, "")}::`.toUpperCase();
    return [...this.#collection().pages()].flat()
      .map(({ text }) => JSON.parse(text) as UserFunction)
      .filter(({ name }) => name.toUpperCase().startsWith(prefix))
      .map(({ name, code, isDeterministic }) => ({ name, code, isDeterministic }))
      .sort((a, b) => (a.name.toUpperCase() < b.name.toUpperCase() ? -1 : 1));
  }

  /**
   * Registers a function, in place of one with the same name.
   *
   * @returns whether there was none
   * @throws ArangoError 1580 name without a name space, 1581 no function expression
   */
  register(name: unknown, code: unknown, isDeterministic: boolean): boolean {
    if (typeof name !== "string" || !NAME.test(name)) throw new ArangoError("ERROR_QUERY_FUNCTION_INVALID_NAME");
    if (typeof code !== "string") throw new ArangoError("ERROR_QUERY_FUNCTION_INVALID_CODE");
    try {
      compile(code);
    } catch (cause) {
      const detail = cause instanceof Error ? cause.message : String(cause);
      throw new ArangoError("ERROR_QUERY_FUNCTION_INVALID_CODE", `invalid user function code: ${detail}`, { cause });
    }
    const document = { _key: name.toUpperCase(), name, code, isDeterministic };
    return this.#collection().insert(JSON.stringify(document), { overwriteMode: "replace" }).oldRev === undefined;
  }

  /**
   * Removes a function.
   *
   * @throws ArangoError 1580, 1582
   */
  remove(name: string): void {
    if (!NAME.test(name)) throw new ArangoError("ERROR_QUERY_FUNCTION_INVALID_NAME");
    const key = name.toUpperCase();
    if (!this.#collection().document(key)) {
      const message = `no AQL user function with name '${name}' found`;
      throw new ArangoError("ERROR_QUERY_FUNCTION_NOT_FOUND", message, { code: 404 });
    }
    this.#collection().remove(key);
  }

  /**
   * Removes the functions of a name space.
   *
   * @returns how many there were
   */
  removeGroup(namespace: string): number {
    if (namespace.replace(/:+$/, "") === "") throw new ArangoError("ERROR_QUERY_FUNCTION_INVALID_NAME");
    const found = this.all(namespace);
    for (const { name } of found) this.#collection().remove(name.toUpperCase());
    return found.length;
  }

  /**
   * Calls a function.
   *
   * @param argumentsText a JSON array
   * @param warn where its warnings go
   * @returns the result as JSON text, `null` where the function gives nothing; undefined if there is no such function
   * @throws ArangoError 1583 when it throws
   */
  call(name: string, argumentsText: string, warn: (errorNum: number, message: string) => void): string | undefined {
    const key = name.toUpperCase();
    const document = this.#collection().document(key);
    if (!document) return undefined;
    const { code } = JSON.parse(document.text) as UserFunction;
    let compiled = this.#compiled.get(code);
    if (!compiled) this.#compiled.set(code, compiled = compile(code));
    let result: string;
    try {
      result = compiled.call(argumentsText, key) ?? "null";
    } catch (cause) {
      // errors of the other context are no instances of this one's Error
      const detail = String((cause as { message?: unknown } | null)?.message ?? cause);
      throw new ArangoError("ERROR_QUERY_FUNCTION_RUNTIME_ERROR", `user function runtime error: ${detail}`, { cause });
    } finally {
      for (const [errorNum, message] of JSON.parse(compiled.warnings()) as [number, string][]) warn(errorNum, message);
    }
    return result;
  }
}
