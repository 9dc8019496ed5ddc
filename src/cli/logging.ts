/**
 * Where log records go, and which of them.
 *
 * Source: `arangosh.md` §1.7; the options' descriptions in `arangosh-options.json`.
 *
 * @module
 */
import { type Level, LEVELS } from "../base/log_level.ts";
import { FatalError } from "./fatal_error.ts";
import { LogFormat, type LogRecord, type Role } from "./log_record.ts";
import type { Options } from "./options.ts";

/** The topic of nearly everything that a shell logs. */
const GENERAL = "general";

/** The id of what scripts log with `console.log`, as in ArangoDB's recorded examples. */
const CONSOLE_RECORD = "99d80";
/** The id of exceptions. */
const EXCEPTION_RECORD = "8a210";

/** Colours of records on a terminal, by level. */
const COLOURS: Readonly<Record<string, string>> = { FATAL: "\x1b[31m", ERROR: "\x1b[31m", WARNING: "\x1b[33m" };
const NO_COLOUR = "\x1b[0m";

/** The mode of new log files. */
const FILE_MODE = 0o640;

/** The streams that records may go to. */
export interface LogStreams {
  /** Standard output. */
  readonly write: (text: string) => void;
  /** Standard error. */
  readonly complain: (text: string) => void;
  /** Whether records on standard output may have colours. */
  readonly hasColors: boolean;
  /** Where records go when nobody says it: standard output or standard error. */
  readonly usual: "-" | "+";
}

/** Something that takes records. */
interface Output {
  /** The topic whose records it takes; undefined for all. */
  readonly topic: string | undefined;
  readonly write: (line: string, level: string) => void;
}

/** Writes log records to the outputs that the command line names. */
export class Logging implements Disposable {
  /** The level that records of each topic are written from; `all` is any other topic. */
  readonly #levels = new Map<string, Level>();
  readonly #format: LogFormat;
  readonly #outputs: Output[] = [];
  readonly #files: Deno.FsFile[] = [];

  /** @throws FatalError for a file that cannot be written */
  constructor(options: Options, role: Role, streams: LogStreams) {
    this.#format = new LogFormat(options, role);
    const unknown: string[] = [];
    for (const text of [...options.list("log"), ...options.list("log.level")]) {
      const [named, topic = GENERAL] = text.toLowerCase().split("=").reverse();
      const level = LEVELS.find((one) => one.toLowerCase() === named);
      if (level === undefined) unknown.push(named!);
      else {
        if (topic === "all") this.#levels.clear();
        this.#levels.set(topic, level);
      }
    }
    const named = [...options.list("log.output"), ...options.list("log.file")].map((one) => one.split(";")[0]!);
    const mode = parseInt(options.text("log.file-mode") ?? "", 8) || FILE_MODE;
    for (const text of named.length > 0 ? named : [streams.usual]) {
      const [, topic, target = text] = /^(\w[\w-]*)=(.*)$/.exec(text) ?? [];
      const write = this.#open(target, mode, streams, options.flag("log.color", true));
      if (write !== undefined) this.#outputs.push({ topic, write });
    }
    const known = LEVELS.join(", ").toLowerCase();
    for (const level of unknown) this.log("ERROR", `unknown log level '${level}', known are ${known}`);
  }

  #open(target: string, mode: number, streams: LogStreams, wantsColors: boolean): Output["write"] | undefined {
    if (target === "+" || target === "stderr://") return streams.complain;
    if (target === "-" || target === "stdout://") {
      if (!wantsColors || !streams.hasColors) return streams.write;
      return (line, level) => {
        const colour = COLOURS[level];
        streams.write(colour === undefined ? line : `${colour}${line.slice(0, -1)}${NO_COLOUR}\n`);
      };
    }
    if (target.startsWith("syslog://")) return undefined;
    const path = target.replace(/^file:\/\//, "").replaceAll("$PID", String(Deno.pid));
    const file = openLogFile(path, mode);
    this.#files.push(file);
    return (line) => {
      try {
        file.writeSync(new TextEncoder().encode(line));
      } catch (error) {
        // a full disk must neither end a server nor hide what it says
        streams.complain(`cannot write the log file '${path}': ${(error as Error).message}\n${line}`);
      }
    };
  }

  /** The level that records of a topic are written from. */
  levelOf(topic = GENERAL): Level {
    return this.#levels.get(topic) ?? this.#levels.get("all") ?? "INFO";
  }

  /** Writes one record, if its topic is wanted at this level. */
  log(level: Level, text: string, topic = GENERAL): void {
    if (LEVELS.indexOf(level) <= LEVELS.indexOf(this.levelOf(topic))) this.write(level, text, topic);
  }

  /** Writes one record. */
  write(level: Level, text: string, topic: string): void {
    const record: LogRecord = {
      level,
      topic,
      id: level === "INFO" ? CONSOLE_RECORD : EXCEPTION_RECORD,
      message: text,
    };
    const line = this.#format.line(record);
    for (const output of this.#outputs) {
      if (output.topic === undefined || output.topic === topic) output.write(line, level);
    }
  }

  [Symbol.dispose](): void {
    for (const file of this.#files) file.close();
  }
}

function openLogFile(path: string, mode: number): Deno.FsFile {
  try {
    return Deno.openSync(path, { append: true, create: true, mode });
  } catch (error) {
    throw new FatalError(`cannot write the log file '${path}': ${error instanceof Error ? error.message : error}`);
  }
}
