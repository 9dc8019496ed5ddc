/**
 * The services of a shell's host, put together.
 *
 * @module
 */

import { ArangoError } from "../base/arango_error.ts";
import { unrestricted } from "./access_rules.ts";
import { blockingFetch } from "./blocking_fetch.ts";
import { type Host, type HostOptions, Interruption } from "./host.ts";
import { BYTE_SERVICES } from "./host_bytes.ts";
import { connectionServices } from "./host_connections.ts";
import { environmentServices } from "./host_environment.ts";
import { fileServices } from "./host_files.ts";
import { programServices } from "./host_programs.ts";
import { nodeModule } from "./node_module.ts";
import { Packages } from "./packages.ts";
import { Programs } from "./programs.ts";

/** Milliseconds between two looks at {@linkcode HostOptions.isInterrupted} and {@linkcode Connection.runDue} during a wait. */
const LOOK_INTERVAL = 50;

/** Builds the {@linkcode Host} of one shell. */
export function createHost(options: HostOptions): Host {
  const encoder = new TextEncoder();
  const access = options.access ?? unrestricted;
  const pause = new Int32Array(new SharedArrayBuffer(4));
  const packages = new Packages();
  const programs = new Programs(waitForWord);
  let deadline = Infinity;
  let leaving: unknown;

  /** Throws what is to end the running command. */
  function checkDeadline(): void {
    if (leaving !== undefined) throw leaving;
    if (options.isInterrupted?.()) throw new Interruption("command locally aborted");
    if (Date.now() >= deadline) {
      deadline = Infinity;
      throw new ArangoError("ERROR_DISABLED", "Execution deadline reached!");
    }
  }

  /** Waits until a word of shared memory is no longer `value`; tells whether that happened within so many seconds. */
  function waitForWord(words: Int32Array, index: number, value: number, seconds: number): boolean {
    checkDeadline();
    const slice = options.isInterrupted || options.connection.runDue ? LOOK_INTERVAL : Infinity;
    const end = performance.now() + seconds * 1000;
    while (Atomics.load(words, index) === value) {
      const left = end - performance.now();
      if (left <= 0) return false;
      Atomics.wait(words, index, value, Math.min(left, slice, Math.max(0, deadline - Date.now())));
      checkDeadline();
      options.connection.runDue?.();
    }
    return true;
  }

  function secondsLeft(wanted: number | undefined): number | undefined {
    checkDeadline();
    return deadline === Infinity ? wanted : Math.min(wanted ?? Infinity, (deadline - Date.now()) / 1000);
  }

  const files = fileServices(access, packages, options.temporaryPath ?? "");
  const connections = connectionServices(options, access, secondsLeft);

  return {
    ...BYTE_SERVICES,
    ...files,
    ...connections,
    ...environmentServices(options, access),
    ...programServices(access, programs, options.anotherShell),
    close() {
      programs[Symbol.dispose]();
      connections.close();
      files.close();
    },

    write(text) {
      checkDeadline();
      options.output(text);
    },
    log: (level, text, topic) => options.log(level, text, topic),
    columns: () => options.terminal().columns,
    rows: () => options.terminal().rows,
    isTty: () => options.terminal().isTty,
    isQuiet: () => options.quiet,
    version: () => options.version,
    wantsPrettyPrint: () => options.prettyPrint,
    wantsColors: () => options.colors,
    pagerCommand: () => options.pager.command,
    isPagerOn: () => options.pager.isOn,
    usePager: (on) => void (options.pager.isOn = on),
    arguments: () => [...options.arguments],

    checkInterruption: checkDeadline,
    time: () => (performance.timeOrigin + performance.now()) / 1000,
    sleep: (seconds) => void waitForWord(pause, 0, 0, Math.max(0, seconds)),
    setDeadline(seconds) {
      const passed = Date.now() >= deadline;
      deadline = seconds > 0 ? Date.now() + seconds * 1000 : Infinity;
      return passed;
    },

    exit(code) {
      try {
        return options.exit(code);
      } catch (error) {
        leaving = error;
        throw error;
      }
    },
    takeExit() {
      const taken = leaving;
      leaving = undefined;
      return taken;
    },

    compile: (text, filename) => options.compile(text, filename),
    compileFunction: (parameters, text, filename) => options.compileFunction(parameters, text, filename),
    checkSyntax: (text, filename) => options.checkSyntax(text, filename),
    asWritten: (frames) => options.asWritten(frames),
    factory: (name) => options.factory(name),
    nodeModule(name) {
      access.checkNodeModule(name);
      return nodeModule(name);
    },
    packageFile: (name, directory) => packages.find(name, directory),

    // workers, in which transactions of JavaScript may run, have nobody to ask
    readLine: () =>
      options.readLine?.() ?? (globalThis as { prompt?: (message: string) => string | null }).prompt?.("") ?? "",
    fetch(method, url, headers, body, timeout) {
      access.checkEndpoint(url);
      return blockingFetch(
        waitForWord,
        method,
        url,
        headers,
        typeof body === "string" ? encoder.encode(body) : body,
        timeout,
      );
    },
  };
}
