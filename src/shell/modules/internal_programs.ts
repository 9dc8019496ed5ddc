/**
 * Other programs: started, watched, stopped.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `denosh/internal/programs`, a part of `internal`. Source: arangosh.md 3.4. */
export function internalPrograms({ exports, host, require }: ModuleScope): void {
  const { usage } = require("denosh/errors");

  /** Signals that end a program which does nothing about them. */
  const ENDING = [1, 2, 3, 6, 9, 15];
  const [STOP, CONTINUE] = host.platform() === "darwin" ? [17, 19] : [19, 18];
  /** Seconds that a program has to end after such a signal. */
  const TIME_TO_END = 10;

  /** The variables of a list of `NAME=value`, or of an object. */
  function variables(given: Loose): Loose {
    if (!Array.isArray(given)) return Object.fromEntries(Object.entries(given ?? {}).map(([k, v]) => [k, String(v)]));
    return Object.fromEntries(given.map((each: Loose) => {
      const [name, ...value] = String(each).split("=");
      return [name, value.join("=")];
    }));
  }
  function start(name: string, file: Loose, args: Loose, usePipes: Loose, env: Loose, directory: Loose): number {
    if (typeof file !== "string" || file === "") throw usage(name);
    const list = args === undefined || args === null ? [] : Array.isArray(args) ? args : [args];
    return host.startProgram(
      file,
      list.map(String),
      Boolean(usePipes),
      JSON.stringify(variables(env)),
      directory === undefined || directory === null ? "" : String(directory),
    );
  }
  /** The process id in an argument: a number, or an object that has one. */
  function pidOf(name: string, given: Loose): number {
    const pid = Number(typeof given === "object" && given !== null ? given.pid : given);
    if (!Number.isInteger(pid)) throw usage(name);
    return pid;
  }
  const statusOf = (pid: number, seconds: number) => JSON.parse(host.programStatus(pid, seconds));
  /** Seconds of a timeout in milliseconds; none when it is not positive. */
  const limit = (milliseconds: Loose) => Number(milliseconds) > 0 ? Number(milliseconds) / 1000 : Infinity;

  Object.assign(exports, {
    executeExternal(file: Loose, args?: Loose, usePipes?: Loose, env?: Loose, directory?: Loose) {
      const name = "executeExternal(<filename>[, <arguments>[, <usePipes>[, <env>[, <cwd>]]]])";
      const pid = start(name, file, args, usePipes, env, directory);
      return usePipes ? { pid, readPipe: pid, writePipe: pid } : { pid };
    },
    executeExternalAndWait(
      file: Loose,
      args?: Loose,
      usePipes?: Loose,
      timeout?: Loose,
      env?: Loose,
      directory?: Loose,
    ) {
      const name = "executeExternalAndWait(<filename>[, <arguments>[, <usePipes>[, <timeoutms>[, <env>[, <cwd>]]]]])";
      const pid = start(name, file, args, usePipes, env, directory);
      const status = statusOf(pid, limit(timeout));
      if (status.status === "TIMEOUT") {
        host.signalProgram(pid, 9);
        statusOf(pid, TIME_TO_END);
      }
      return status;
    },
    statusExternal(pid: Loose, wait?: Loose, timeout?: Loose) {
      const id = pidOf("statusExternal(<external-identifier>[, <wait>[, <timeoutms>]])", pid);
      return statusOf(id, wait ? limit(timeout) : 0);
    },
    killExternal(pid: Loose, signal: Loose = 15, isTerminal: Loose = ENDING.includes(Number(signal))) {
      const id = pidOf("killExternal(<external-identifier>[, <signal>[, <isTerminal>]])", pid);
      host.signalProgram(id, Number(signal));
      const status = statusOf(id, isTerminal ? TIME_TO_END : 0);
      return status.status === "TIMEOUT" ? statusOf(id, 0) : status;
    },
    suspendExternal: (pid: Loose) => host.signalProgram(pidOf("suspendExternal(<external-identifier>)", pid), STOP),
    continueExternal: (pid: Loose) =>
      host.signalProgram(pidOf("continueExternal(<external-identifier>)", pid), CONTINUE),
    setPriorityExternal(pid: Loose, priority: Loose) {
      const name = "setPriorityExternal(<external-identifier>, <priority>)";
      const id = pidOf(name, pid);
      if (!Number.isInteger(priority)) throw usage(name);
      host.setProgramPriority(id, priority);
      return true;
    },
    getExternalSpawned: () => JSON.parse(host.startedPrograms()),
    statisticsExternal: (pid: Loose) =>
      JSON.parse(host.processStatistics(pidOf("statisticsExternal(<external-identifier>)", pid))),
    thisProcessStatistics: () => JSON.parse(host.processStatistics()),
    // Ctrl-C ends running code without it
    SetSignalToImmediateDeadline() {},
  });
}
