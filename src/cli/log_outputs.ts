/**
 * Places that log records go to.
 *
 * Source: the description of `log.output` in `arangosh-options.json`.
 *
 * @module
 */
import type { Level } from "../base/log_level.ts";
import { nodeModule } from "../shell/node_module.ts";
import { FatalError } from "./fatal_error.ts";
import type { LogRecord } from "./log_record.ts";

/** Colours of records on a terminal, by level. */
const COLOURS: Partial<Readonly<Record<Level, string>>> = {
  FATAL: "\x1b[31m",
  ERROR: "\x1b[31m",
  WARNING: "\x1b[33m",
};
const NO_COLOUR = "\x1b[0m";

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
export interface LogOutput extends Disposable {
  /** Takes a record, whose message is as lines show it, and its line, ended. */
  write(line: string, record: LogRecord): void;
}

/** What a definition of an output says. */
export interface OutputDefinition {
  /** The topic whose records it takes; undefined for all. */
  readonly topic: string | undefined;
  /** `-`, `+`, or an address. */
  readonly target: string;
  /** Levels by topic, each like a value of `log.level`, that hold for this output alone. */
  readonly levels: readonly string[];
}

/** Takes a definition apart: `[TOPIC=]TARGET[;TOPIC=LEVEL,...]`. */
export function outputDefinition(text: string): OutputDefinition {
  const [whole, levels = ""] = text.split(";") as [string, string?];
  const [, topic, target = whole] = /^(\w[\w-]*)=(.*)$/.exec(whole) ?? [];
  return { topic, target, levels: levels.split(",").map((level) => level.trim()).filter(Boolean) };
}

/**
 * Opens an output.
 *
 * @param fileMode of log files that are made
 * @throws FatalError for a file that cannot be written, and for what is no output
 */
export function openOutput(target: string, streams: LogStreams, fileMode: number): LogOutput {
  if (target === "-" || target === "stdout://") return stream(streams.write, streams.hasColors);
  if (target === "+" || target === "stderr://") return stream(streams.complain, false);
  if (target.startsWith("file://")) return file(target.slice("file://".length), streams, fileMode);
  if (target.startsWith("syslog://")) return syslog(target.slice("syslog://".length), streams);
  throw new FatalError(
    `unknown log output '${target}', known are -, +, stdout://, stderr://, file://PATH and syslog://FACILITY[/NAME]`,
  );
}

function stream(write: (text: string) => void, hasColors: boolean): LogOutput {
  return {
    write: (line, { level }) => {
      const colour = hasColors ? COLOURS[level] : undefined;
      write(colour === undefined ? line : `${colour}${line.slice(0, -1)}${NO_COLOUR}\n`);
    },
    [Symbol.dispose]() {},
  };
}

function file(given: string, { complain }: LogStreams, mode: number): LogOutput {
  const path = given.replaceAll("$PID", String(Deno.pid));
  const opened = openFile(path, mode);
  return {
    write: (line) => {
      try {
        opened.writeSync(new TextEncoder().encode(line));
      } catch (error) {
        // a full disk must neither end a server nor hide what it says
        complain(`cannot write the log file '${path}': ${(error as Error).message}\n${line}`);
      }
    },
    [Symbol.dispose]: () => opened.close(),
  };
}

function openFile(path: string, mode: number): Deno.FsFile {
  try {
    return Deno.openSync(path, { append: true, create: true, mode });
  } catch (error) {
    throw new FatalError(`cannot write the log file '${path}': ${error instanceof Error ? error.message : error}`);
  }
}

/** Facilities of syslog. Source: syslog(3). */
const FACILITIES = [
  ...["auth", "authpriv", "cron", "daemon", "ftp", "kern", "lpr", "mail", "news", "syslog", "user", "uucp"],
  ...Array.from({ length: 8 }, (_, number) => `local${number}`),
];
const SEVERITIES: Readonly<Record<Level, string>> = {
  FATAL: "crit",
  ERROR: "err",
  WARNING: "warning",
  INFO: "info",
  DEBUG: "debug",
  TRACE: "debug",
};
/** The longest text of a record, in bytes. */
const SYSLOG_SIZE = "64KiB";
/** Milliseconds that `logger` may take: a stuck one must not stop a server. */
const SYSLOG_TIMEOUT = 2000;

/** Gives records to the program `logger`, which knows the system's socket: Deno has no datagrams on Unix sockets. */
function syslog(place: string, { complain }: LogStreams): LogOutput {
  const [facility = "", name = "denosh"] = place.split("/");
  if (!FACILITIES.includes(facility)) {
    throw new FatalError(`unknown facility of syslog '${facility}', known are ${FACILITIES.join(", ")}`);
  }
  const { spawnSync } = nodeModule<typeof import("node:child_process")>("node:child_process");
  return {
    write: (line, { level, topic, message }) => {
      const priority = `${facility}.${SEVERITIES[level]}`;
      const settings = ["--socket-errors=on", "--size", SYSLOG_SIZE, "--tag", name, "--priority", priority];
      const { status, error, stderr } = spawnSync("logger", [...settings, "--", `{${topic}} ${message}`], {
        timeout: SYSLOG_TIMEOUT,
      });
      if (status === 0) return;
      complain(`cannot write to syslog: ${error?.message ?? String(stderr).trim()}\n${line}`);
    },
    [Symbol.dispose]() {},
  };
}
