/**
 * Where log records go, and how they look.
 *
 * Source: `arangosh.md` §1.7.
 *
 * @module
 */
import type { LogLevel } from "../shell/shell.ts";
import type { Options } from "./options.ts";

/** Levels of `--log.level`, the quietest first. */
const LEVELS = ["fatal", "error", "warning", "info", "debug", "trace"];

/** The id of what scripts log with `console.log`, as in ArangoDB's recorded examples. */
const CONSOLE_RECORD = "99d80";
/** The id of exceptions. */
const EXCEPTION_RECORD = "8a210";

/** Writes log records to the outputs that the command line names. */
export class Logging implements Disposable {
  /** The level that records are written from. */
  readonly level: string;
  readonly #outputs: ((text: string) => void)[] = [];
  readonly #files: Deno.FsFile[] = [];

  /**
   * @param write standard output
   * @param complain standard error
   */
  constructor(options: Options, write: (text: string) => void, complain: (text: string) => void) {
    const levels = [...options.list("log"), ...options.list("log.level")];
    // levels of single topics have no effect: there are no topics
    this.level = levels.map((one) => one.toLowerCase()).findLast((one) => LEVELS.includes(one)) ?? "info";
    const named = [...options.list("log.output"), ...options.list("log.file")].map((one) => one.split(";")[0]!);
    for (const output of named.length > 0 ? named : ["-"]) {
      if (output === "-" || output === "stdout://") this.#outputs.push(write);
      else if (output === "+" || output === "stderr://") this.#outputs.push(complain);
      else if (!output.startsWith("syslog://")) this.#openFile(output.replace(/^file:\/\//, ""));
    }
  }

  #openFile(path: string): void {
    const file = Deno.openSync(path.replaceAll("$PID", String(Deno.pid)), { append: true, create: true, mode: 0o640 });
    this.#files.push(file);
    this.#outputs.push((text) => void file.writeSync(new TextEncoder().encode(text)));
  }

  /** Writes one record, if its level is wanted. */
  log(level: LogLevel | "FATAL", text: string): void {
    if (LEVELS.indexOf(level.toLowerCase()) > LEVELS.indexOf(this.level)) return;
    const time = new Date().toISOString().replace("Z", "000Z");
    const id = level === "INFO" ? CONSOLE_RECORD : EXCEPTION_RECORD;
    const record = `${time} [${Deno.pid}-1] ${level} [${id}] {general} ${text}\n`;
    for (const output of this.#outputs) output(record);
  }

  [Symbol.dispose](): void {
    for (const file of this.#files) file.close();
  }
}
