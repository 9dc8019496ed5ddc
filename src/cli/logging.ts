/**
 * Where log records go, and which of them.
 *
 * Source: `arangosh.md` §1.7; the options' descriptions in `arangosh-options.json`.
 *
 * @module
 */
import { type Level, LEVELS } from "../base/log_level.ts";
import { LogFormat, type LogRecord, type Role } from "./log_record.ts";
import { type LogOutput, type LogStreams, openOutput, outputDefinition } from "./log_outputs.ts";
import type { Options } from "./options.ts";

/** The topic of nearly everything that a shell logs. */
const GENERAL = "general";

/** The id of what scripts log with `console.log`, as in ArangoDB's recorded examples. */
const CONSOLE_RECORD = "99d80";
/** The id of exceptions. */
const EXCEPTION_RECORD = "8a210";

/** The mode of new log files. */
const FILE_MODE = 0o640;

/** Levels that records are written from, by topic; `all` is any other topic. */
class TopicLevels {
  readonly #levels = new Map<string, Level>();

  /**
   * Adds settings, later ones win.
   *
   * @param texts `LEVEL` or `TOPIC=LEVEL`
   * @returns words that are no levels
   */
  add(texts: readonly string[]): string[] {
    const unknown: string[] = [];
    for (const text of texts) {
      const [named, topic = GENERAL] = text.toLowerCase().split("=").reverse();
      const level = LEVELS.find((one) => one.toLowerCase() === named);
      if (level === undefined) unknown.push(named!);
      else {
        if (topic === "all") this.#levels.clear();
        this.#levels.set(topic, level);
      }
    }
    return unknown;
  }

  of(topic: string): Level | undefined {
    return this.#levels.get(topic) ?? this.#levels.get("all");
  }
}

/** An output, and what of the log it takes. */
interface Selection {
  readonly output: LogOutput;
  /** The topic whose records it takes; undefined for all. */
  readonly topic: string | undefined;
  /** Levels of its own. */
  readonly levels: TopicLevels;
}

/** Writes log records to the outputs that the command line names. */
export class Logging implements Disposable {
  readonly #levels = new TopicLevels();
  readonly #format: LogFormat;
  readonly #selections: Selection[] = [];

  /** @throws FatalError for outputs that there are not, and files that cannot be written */
  constructor(options: Options, role: Role, streams: LogStreams) {
    this.#format = new LogFormat(options, role);
    const unknown = this.#levels.add([...options.list("log"), ...options.list("log.level")]);
    const named = [...options.list("log.output"), ...options.list("log.file").map(asOutput)];
    const mode = parseInt(options.text("log.file-mode") ?? "", 8) || FILE_MODE;
    const shown = { ...streams, hasColors: streams.hasColors && options.flag("log.color", true) };
    for (const text of named.length > 0 ? named : [streams.usual]) {
      const { topic, target, levels } = outputDefinition(text);
      const own = new TopicLevels();
      unknown.push(...own.add(levels));
      this.#selections.push({ topic, levels: own, output: openOutput(target, shown, mode) });
    }
    const known = LEVELS.join(", ").toLowerCase();
    for (const level of unknown) this.log("ERROR", `unknown log level '${level}', known are ${known}`);
  }

  /** The level that records of a topic are written from. */
  levelOf(topic = GENERAL): Level {
    return this.#levels.of(topic) ?? "INFO";
  }

  /** Writes one record to the outputs that want its topic at this level. */
  log(level: Level, text: string, topic = GENERAL): void {
    this.#write(level, text, topic, this.levelOf(topic));
  }

  /** Writes one record, whatever the level of its topic; outputs with levels of their own keep to them. */
  write(level: Level, text: string, topic: string): void {
    this.#write(level, text, topic, level);
  }

  #write(level: Level, message: string, topic: string, usual: Level): void {
    const id = level === "INFO" ? CONSOLE_RECORD : EXCEPTION_RECORD;
    const record: LogRecord = { level, topic, id, message };
    let line: string | undefined;
    for (const { output, topic: wanted, levels } of this.#selections) {
      const from = levels.of(topic) ?? usual;
      if ((wanted !== undefined && wanted !== topic) || LEVELS.indexOf(level) > LEVELS.indexOf(from)) continue;
      line ??= this.#format.line(record);
      output.write(line, { ...record, message: this.#format.shown(message) });
    }
  }

  [Symbol.dispose](): void {
    for (const { output } of this.#selections) output[Symbol.dispose]();
  }
}

/** A value of `log.file` as one of `log.output`: a path stands for itself. */
function asOutput(target: string): string {
  return /^[-+]$|^\w+:\/\//.test(target) ? target : `file://${target}`;
}
