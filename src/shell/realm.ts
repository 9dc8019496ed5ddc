/**
 * The realm that scripts run in: a `node:vm` context with its own built-ins, and the client library inside of it.
 *
 * @module
 */

import vm from "node:vm";
import { createHost } from "./create_host.ts";
import type { ExceptionText } from "./exception_text.ts";
import type { Host, HostOptions } from "./host.ts";
import { failureText, hostBorder } from "./host_border.ts";
import { type Core, core, type PendingPromise, type Thrown } from "./modules/core.ts";
import { libraryModule } from "./library.ts";
import { realmGlobals } from "./modules/realm_globals.ts";
import type { Loose } from "./modules/scope.ts";
import { stackTraces } from "./modules/stack_traces.ts";
import { withoutTypes } from "./typescript.ts";

/** What {@linkcode Realm} needs: the host's services but for those that the realm itself gives. */
export type RealmOptions = Omit<HostOptions, "compile" | "compileFunction" | "checkSyntax" | "asWritten" | "factory">;

/** How one evaluation may end early. */
export interface EvaluateOptions {
  /** Milliseconds after which the running code is stopped; absent: never. */
  readonly timeout?: number;
}

/** Changes the texts of scripts before they run. */
export interface TextChange {
  /** The text that runs in place of a text; one that does not compile is not used. */
  changed(text: string, filename: string): string;
  /** The frames of a stack with the places that the texts had before. */
  stackAsWritten(frames: string): string;
  /** An exception with its line as it was before; its stack is so already. */
  asWritten(exception: ExceptionText): ExceptionText;
}

/** A context of its own for scripts; top-level declarations stay from script to script. */
export class Realm {
  /** The services behind the client library. */
  readonly host: Host;
  /** Changes what runs from now on. @default nothing is changed */
  textChange: TextChange | undefined;
  readonly #context: Loose;
  readonly #core: Core;

  /** @param options the services that the realm's code gets */
  constructor(options: RealmOptions) {
    // a plain context: one with a sandbox object makes every access to a global variable a hundred times slower
    this.#context = vm.createContext(vm.constants.DONT_CONTEXTIFY as unknown as vm.Context, {
      microtaskMode: "afterEvaluate",
    });
    this.host = createHost(
      Object.assign(options, {
        compile: (text: string, filename: string) => this.#changed(text, filename).runInContext(this.#context),
        compileFunction: (parameters: readonly string[], text: string, filename: string) => {
          const head = parameters.map((names) => `(function (${names}) {`).join(" return ");
          return this.#changed(text, filename, `${head}\n`, `\n${"})".repeat(parameters.length)}`)
            .runInContext(this.#context);
        },
        checkSyntax: (text: string, filename: string) => this.checkSyntax(text, filename),
        asWritten: (frames: string) => this.textChange?.stackAsWritten(frames) ?? frames,
        factory: (name: string) => this.#factory(name),
      }),
    );
    const shellDirectory = new URL(".", import.meta.url);
    this.#core = this.#function(core, "denosh/core.js")(
      hostBorder(this.host),
      this.#context,
      {
        stackTraces: this.#function(stackTraces, "denosh/stack-traces.js"),
        realmGlobals: this.#function(realmGlobals, "denosh/globals.js"),
      },
      ["ext:", "node:", shellDirectory.href, decodeURIComponent(shellDirectory.pathname)],
      "/src/shell/realm.ts",
    );
  }

  /** The global object of the realm. */
  get global(): Record<string, unknown> {
    return this.#context;
  }

  /**
   * Runs a text as a global script in sloppy mode.
   *
   * @param text JavaScript
   * @param filename the name it has in stacks
   * @returns its completion value
   * @throws whatever it throws; errors that come from outside of the realm were turned into the realm's
   */
  evaluate(text: string, filename: string, options: EvaluateOptions = {}): unknown {
    const script = this.#changed(text, filename);
    return script.runInContext(this.#context, {
      ...(options.timeout === undefined ? {} : { timeout: Math.max(1, Math.ceil(options.timeout)) }),
    });
  }

  /**
   * Checks a text without running it.
   *
   * @throws the realm's SyntaxError
   */
  checkSyntax(text: string, filename: string): void {
    this.#compile(text, filename);
  }

  /** The name of the current database. */
  get database(): string {
    return this.#core.database();
  }

  /** Sets `__filename` and `__dirname`; returns what sets them back. */
  enterFile(path: string): () => void {
    return this.#core.enterFile(path);
  }

  /** Keeps an eye on a promise. */
  watch(promise: unknown): PendingPromise {
    return this.#core.watch(promise);
  }

  /** Finds a module as the root module does. */
  require(name: string): unknown {
    return this.#core.require(name);
  }

  /** Makes an error of the realm of one that was made outside. */
  toRealmError(error: unknown): unknown {
    return error instanceof Error ? this.#core.toRealmError(failureText(error)) : error;
  }

  /** Keeps a value as `_last`, and prints it unless it is undefined. */
  show(value: unknown): void {
    this.#core.show(value);
  }

  /** What was thrown, as texts. */
  look(thrown: unknown): Thrown {
    return this.#core.look(thrown);
  }

  /** The script of a text, as {@linkcode textChange} has it. */
  #changed(text: string, filename: string, head = "", foot = ""): vm.Script {
    const changed = this.textChange?.changed(text, filename) ?? text;
    if (changed === text) return this.#compile(text, filename, head, foot);
    try {
      return this.#compile(changed, filename, head, foot);
    } catch {
      // an unusual text: what is wrong with it, if anything, is told of the text itself
      return this.#compile(text, filename, head, foot);
    }
  }

  /** Compiles a text below a head of one line, which no place in a stack counts. */
  #compile(given: string, filename: string, head = "", foot = ""): vm.Script {
    const text = head + (filename.endsWith(".ts") ? this.#withoutTypes(given) : given) + foot;
    try {
      return new vm.Script(text, { filename, lineOffset: head === "" ? 0 : -1 });
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw this.#refusal(text, filename, head === "" ? 0 : 1) ?? this.toRealmError(error);
    }
  }

  /** Compiles a text once more by the realm itself: its own SyntaxError, with the place of the error in its stack. */
  #refusal(text: string, filename: string, headLines: number): unknown {
    try {
      vm.runInContext(`(0, eval)(${JSON.stringify(text)})`, this.#context, { filename: "denosh/syntax" });
      return undefined;
    } catch (error) {
      return this.#core.atPlace(error as Error, filename, headLines);
    }
  }

  #withoutTypes(text: string): string {
    try {
      return withoutTypes(text);
    } catch (error) {
      throw this.toRealmError(error);
    }
  }

  /** The realm's function of a module, or the name of the module that it is. */
  #factory(name: string): unknown {
    const factory = libraryModule(name);
    return typeof factory === "function" ? this.#function(factory, `${name}.js`) : factory;
  }

  /** The same function, made by the realm. */
  #function<F extends (...args: never[]) => unknown>(original: F, filename: string): F {
    return new vm.Script(`(${original.toString()})`, { filename }).runInContext(this.#context);
  }
}
