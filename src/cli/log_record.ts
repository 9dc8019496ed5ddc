/**
 * How log records look.
 *
 * Source: `arangosh.md` §1.7; the options' descriptions in `arangosh-options.json`.
 *
 * @module
 */
import type { Level } from "../base/log_level.ts";
import type { TIME_FORMATS } from "./option_table.ts";
import type { Options } from "./options.ts";

/** One record. */
export interface LogRecord {
  readonly level: Level;
  readonly topic: string;
  /** What kind of record it is: five hexadecimal digits. */
  readonly id: string;
  readonly message: string;
}

/** The moment of a record. */
interface Moment {
  readonly date: Date;
  /** Seconds since the program has started. */
  readonly uptime: number;
}

/** A date without its time zone, with 0, 3 or 6 digits of a second. */
function dateText(date: Date, digits: number): string {
  const text = date.toISOString().slice(0, -1);
  return digits === 6 ? `${text}000` : text.slice(0, digits === 0 ? -4 : undefined);
}

const TIMES: Readonly<Record<typeof TIME_FORMATS[number], (moment: Moment) => string>> = {
  "local-datestring": ({ date }) => dateText(new Date(date.getTime() - date.getTimezoneOffset() * 60_000), 0),
  "timestamp": ({ date }) => String(Math.floor(date.getTime() / 1000)),
  "timestamp-micros": ({ date }) => (date.getTime() / 1000).toFixed(6),
  "timestamp-millis": ({ date }) => (date.getTime() / 1000).toFixed(3),
  "uptime": ({ uptime }) => String(Math.floor(uptime)),
  "uptime-micros": ({ uptime }) => uptime.toFixed(6),
  "uptime-millis": ({ uptime }) => uptime.toFixed(3),
  "utc-datestring": ({ date }) => `${dateText(date, 0)}Z`,
  "utc-datestring-micros": ({ date }) => `${dateText(date, 6)}Z`,
  "utc-datestring-millis": ({ date }) => `${dateText(date, 3)}Z`,
};

/** Control characters but line ends and tabs. */
// deno-lint-ignore no-control-regex -- it is about control characters
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f]/g;

/** The thread that a shell logs in. */
const THREAD = { id: 1, name: "main" };
/** What logs: `S` is a single server; the role of a shell, which is none, is undefined. */
export type Role = "U" | "S";

/** Gives log records the form that the command line asks for. */
export class LogFormat {
  readonly #options: Options;
  readonly #role: Role;
  readonly #hostname: string;
  readonly #time: (moment: Moment) => string;

  constructor(options: Options, role: Role) {
    this.#options = options;
    this.#role = role;
    const hostname = options.text("log.hostname") ?? "";
    this.#hostname = hostname === "auto" ? Deno.hostname() : hostname;
    const format = options.text("log.time-format") ??
      (options.flag("log.use-local-time", false)
        ? "local-datestring"
        : options.flag("log.use-microtime", false)
        ? "timestamp-micros"
        : "utc-datestring-micros");
    this.#time = TIMES[format as keyof typeof TIMES];
  }

  /** The line of a record, ended. */
  line(record: LogRecord): string {
    const time = this.#time({ date: new Date(), uptime: performance.now() / 1000 });
    const isJson = this.#options.flag("log.use-json-format", false);
    const line = isJson ? this.#json(record, time) : this.#plain(record, time);
    return `${this.#shows("escape-unicode-chars", false) ? withoutUnicode(line) : line}\n`;
  }

  /** A message as lines show it: no longer than wanted, and its control characters are seen. */
  shown(message: string): string {
    return this.#visible(this.#cut(message));
  }

  #shows(name: string, otherwise: boolean): boolean {
    return this.#options.flag(`log.${name}`, otherwise);
  }

  #plain({ level, topic, id, message }: LogRecord, time: string): string {
    const prefix = this.#options.text("log.prefix") ?? "";
    const place = [
      ...this.#shows("process", true) ? [String(Deno.pid)] : [],
      ...this.#shows("thread", true) ? [String(THREAD.id)] : [],
    ].join("-") + (this.#shows("thread-name", false) ? `-${THREAD.name}` : "");
    return [
      time,
      this.#hostname,
      prefix,
      place === "" ? "" : `[${place.replace(/^-/, "")}]`,
      this.#shows("role", false) ? this.#role : "",
      level,
      this.#shows("ids", true) ? `[${id}]` : "",
      `{${topic}}`,
      this.shown(message),
    ].filter((part) => part !== "").join(" ");
  }

  #json({ level, topic, id, message }: LogRecord, time: string): string {
    const prefix = this.#options.text("log.prefix") ?? "";
    return JSON.stringify({
      time,
      ...(prefix === "" ? {} : { prefix }),
      ...(this.#shows("process", true) ? { pid: Deno.pid } : {}),
      ...(this.#shows("thread", true) ? { tid: THREAD.id } : {}),
      ...(this.#shows("thread-name", false) ? { thread: THREAD.name } : {}),
      ...(this.#shows("role", false) ? { role: this.#role } : {}),
      level,
      topic,
      ...(this.#shows("ids", true) ? { id } : {}),
      ...(this.#hostname === "" ? {} : { hostname: this.#hostname }),
      message: this.#cut(message),
    });
  }

  #cut(message: string): string {
    const longest = this.#options.number("log.max-entry-length", Infinity);
    return message.length > longest ? `${message.slice(0, longest)}...` : message;
  }

  /** A message whose control characters are seen; line ends and tabs stay, for stacks consist of lines. */
  #visible(message: string): string {
    const isEscaped = this.#shows("escape-control-chars", true);
    return message.replace(
      CONTROL,
      (character) => isEscaped ? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}` : " ",
    );
  }
}

/** A text in which characters beyond ASCII are shown by their codes. */
function withoutUnicode(text: string): string {
  // deno-lint-ignore no-control-regex -- all of ASCII
  return text.replace(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
