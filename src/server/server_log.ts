/**
 * The log of a server: the last messages, as clients see them, the levels of topics, and where messages go besides.
 *
 * Source: HTTP API description of `/_admin/log`; `arangosh.md` §7.4 (`logServer`).
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import { type Level, LEVELS } from "../base/log_level.ts";
import type { Server } from "./server.ts";

/** A message. */
export interface LogEntry {
  readonly id: number;
  readonly topic: string;
  readonly level: Level;
  readonly date: string;
  readonly message: string;
}

const TOPICS = [
  "agency agencycomm agencystore aql arangosearch audit-authentication audit-authorization audit-collection",
  "audit-database audit-document audit-hotbackup audit-service audit-view authentication authorization backup bench cache",
  "cluster communication config crash deprecation development dump engines flush general graphs heartbeat httpclient",
  "libiresearch license maintenance memory queries rep-state rep-wal replication replication2 requests restore rocksdb",
  "security ssl startup statistics supervision syscall threads trx ttl v8 validation views",
].join(" ").split(" ");
/** How many messages are kept. */
const MOST_KEPT = 2048;

/** What a client wants to see. */
export interface LogFilter {
  /** No less important than this. */
  readonly upto?: Level;
  /** Just these. */
  readonly level?: Level;
  /** The lowest id. */
  readonly start?: number;
  /** Part of the message. */
  readonly search?: string;
}

/** Where messages go besides. */
export interface LogOutput {
  /** The level of a topic at first. @default INFO */
  readonly levelOf?: (topic: string) => Level;
  /** Takes each message that its topic's level lets through. */
  readonly write: (entry: LogEntry) => void;
}

/** The messages and levels of a server. */
export class ServerLog {
  readonly #output: LogOutput | undefined;
  #entries: LogEntry[] = [];
  #nextId = 0;
  #levels = new Map<string, Level>();
  readonly #structured: Record<string, boolean> = { database: false, username: false, url: false };

  /** How many messages there were of the two levels that call for somebody's attention, those that are gone included. */
  readonly messages: Record<"ERROR" | "WARNING", number> = { ERROR: 0, WARNING: 0 };

  /** A log whose messages are kept, and go to `output` too. */
  constructor(output?: LogOutput) {
    this.#output = output;
    this.resetLevels();
  }

  /** Keeps and writes a message, unless its topic is set to more important ones. */
  note(level: Level, message: string, topic = "general"): void {
    if (LEVELS.indexOf(level) > LEVELS.indexOf(this.#levels.get(topic) ?? this.#firstLevel(topic))) return;
    if (level === "ERROR" || level === "WARNING") this.messages[level]++;
    const entry = { id: this.#nextId++, topic, level, date: new Date().toISOString(), message };
    this.#entries.push(entry);
    if (this.#entries.length > MOST_KEPT) this.#entries.shift();
    this.#output?.write(entry);
  }

  /** The messages that a client wants to see, oldest first. */
  entries({ upto = "INFO", level, start = 0, search = "" }: LogFilter): LogEntry[] {
    const last = LEVELS.indexOf(upto);
    const wanted = search.toLowerCase();
    return this.#entries.filter((entry) =>
      entry.id >= start &&
      (level === undefined ? LEVELS.indexOf(entry.level) <= last : entry.level === level) &&
      entry.message.toLowerCase().includes(wanted)
    );
  }

  /** Forgets all messages. */
  clear(): void {
    this.#entries = [];
  }

  /** The level of each topic. */
  get levels(): Readonly<Record<string, Level>> {
    return Object.fromEntries(this.#levels);
  }

  /**
   * Sets the levels of topics; `all` stands for every one.
   *
   * @throws ArangoError 400 for what is no level; nothing is changed then
   */
  setLevels(given: Readonly<Record<string, unknown>>): void {
    const levels = Object.entries(given).map(([topic, value]) => [topic, parseLevel(value)] as const);
    for (const [topic, level] of levels) {
      if (topic !== "all") {
        if (this.#levels.has(topic)) this.#levels.set(topic, level);
      } else {
        for (const name of TOPICS) this.#levels.set(name, level);
      }
    }
  }

  /**
   * Which parameters of requests messages are to carry; denosh's messages carry none.
   *
   * Source: tests of the driver python-arango, for those that are off: the API's description has them with `false`.
   */
  get structured(): Readonly<Record<string, true>> {
    const on = Object.keys(this.#structured).filter((name) => this.#structured[name]);
    return Object.fromEntries(on.map((name) => [name, true]));
  }

  /** Switches parameters on and off; values that are no booleans, and unknown names, change nothing. */
  setStructured(given: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(given)) {
      if (typeof value === "boolean" && name in this.#structured) this.#structured[name] = value;
    }
  }

  /** Sets all levels as they were at the start. */
  resetLevels(): void {
    this.#levels = new Map(TOPICS.map((topic) => [topic, this.#firstLevel(topic)]));
  }

  #firstLevel(topic: string): Level {
    return this.#output?.levelOf?.(topic) ?? "INFO";
  }
}

/**
 * A level by its name or number.
 *
 * @throws ArangoError 400
 */
export function parseLevel(value: unknown): Level {
  const text = String(value).toUpperCase();
  const found = text === "WARN" ? "WARNING" : text === "DEFAULT" ? "INFO" : LEVELS.find((level) => level === text) ??
    (/^\d$/.test(text) ? LEVELS[Number(text)] : undefined);
  if (!found) throw new ArangoError("ERROR_HTTP_BAD_PARAMETER", `bad parameter: unknown log level '${value}'`);
  return found;
}

/** The log of a server. */
export function logOf(server: Server): ServerLog {
  return server.part(newLog);
}

function newLog({ options }: Server): ServerLog {
  return new ServerLog(options.log);
}
