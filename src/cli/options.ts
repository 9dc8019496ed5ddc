/**
 * Reads a command line and configuration files as arangosh does.
 *
 * Source: `arangosh.md` §1.2, §1.3.
 *
 * @module
 */
import { type OptionRow, OPTIONS, type OptionType, SHORT_OPTIONS } from "./option_table.ts";

/** A command line that cannot be understood; the text is what the user reads. */
export class OptionError extends Error {
  override readonly name = "OptionError";
  /** The exit status: 3 unknown option, 4 bad value, 6 configuration file. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** What a command line says. */
export class Options {
  readonly #values = new Map<string, string[]>();
  /** Arguments that are no options, in order. */
  readonly positional: string[] = [];
  /** Which help is asked for: `used`, `all` or a section; undefined for none. */
  help: string | undefined;

  /** Whether an option was given. */
  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** Adds a value, as it was written. */
  add(name: string, value: string): void {
    this.#values.set(name, [...this.#values.get(name) ?? [], value]);
  }

  /** Takes back all values of an option. */
  clear(name: string): void {
    this.#values.delete(name);
  }

  /** All values of an option. */
  list(name: string): string[] {
    return this.#values.get(name) ?? [];
  }

  /** The last value of an option. */
  text(name: string): string | undefined {
    return this.list(name).at(-1);
  }

  /** A switch. */
  flag(name: string, otherwise: boolean): boolean {
    const value = this.text(name);
    return value === undefined ? otherwise : TRUE.has(value);
  }

  /** A number. */
  number(name: string, otherwise: number): number {
    const value = this.text(name);
    return value === undefined ? otherwise : numberOf(value);
  }

  /** Options and values for scripts, without secrets: those given, and the defaults of arangosh's. */
  public(): Record<string, unknown> {
    const shown: Record<string, unknown> = {};
    for (const { name, type, own } of OPTIONS.values()) {
      if (SECRET.test(name) || COMMANDS.has(name)) continue;
      const given = this.#values.get(name);
      if (given !== undefined) shown[name] = typed(name, given);
      else if (own !== true) shown[name] = DEFAULTS[name] ?? NOTHING[type];
    }
    return shown;
  }
}

const SECRET = /password|secret|token/;
/** Options that only ask for a text. */
const COMMANDS: ReadonlySet<string> = new Set([
  "check-configuration",
  "dump-dependencies",
  "dump-options",
  "help",
  "help-all",
  "version",
  "version-json",
]);

/** Values that options have when nobody gives them, where these are not {@linkcode NOTHING}. Source: arangosh-options.json. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  "console.auto-complete": true,
  "console.history": true,
  "console.pager-command": "less -X -R -F -L",
  "console.pretty-print": true,
  "console.prompt": "%E@%d> ",
  "default-language-check": true,
  "javascript.client-module": "client.js",
  "javascript.current-module-directory": true,
  "javascript.gc-interval": 50,
  "javascript.startup-directory": "js",
  "javascript.v8-max-heap": 3072,
  "log": ["info"],
  "log.color": true,
  "log.escape-control-chars": true,
  "log.ids": true,
  "log.level": ["info"],
  "log.max-entry-length": 134_217_728,
  "log.max-queued-entries": 16_384,
  "log.process": true,
  "log.request-parameters": true,
  "log.shorten-filenames": true,
  "log.thread": true,
  "log.time-format": "utc-datestring-micros",
  "random.generator": 1,
  "server.authentication": true,
  "server.connection-timeout": 5,
  "server.database": "_system",
  "server.jwt-renewal-threshold": 300,
  "server.max-packet-size": 1_073_741_824,
  "server.request-timeout": 1200,
  "server.username": "root",
  "ssl.protocol": 5,
  "use-splice-syscall": true,
};
/** What options without a default have. */
const NOTHING: Readonly<Record<OptionType, unknown>> = { flag: false, list: [], number: 0, text: "" };

/** An option's value as scripts see it. */
function typed(name: string, values: readonly string[]): unknown {
  const last = values.at(-1)!;
  switch (OPTIONS.get(name)?.type) {
    case "list":
      return values;
    case "flag":
      return TRUE.has(last);
    case "number":
      return numberOf(last);
    default:
      return last;
  }
}

const TRUE = new Set(["true", "on", "1", "yes", ""]);
const FLAG_WORDS = new Set(["true", "false", "on", "off", "1", "0"]);
const FLAG_VALUES = new Set([...FLAG_WORDS, "yes", "no", ""]);

/** Values of `@NAME@` that nobody has to define. */
const BUILT_IN: Readonly<Record<string, () => string>> = {
  PID: () => String(Deno.pid),
  TEMP_BASE_DIR: () => Deno.env.get("TMPDIR") ?? "/tmp",
};

/**
 * Reads a command line, and the configuration file that it names.
 *
 * @param environment gives environment variables for `@NAME@`
 * @throws OptionError
 */
export function parseOptions(args: readonly string[], environment: (name: string) => string | undefined): Options {
  const given = parseArguments(args);
  const defines = new Map(
    given.list("define").map((text) => {
      const at = text.indexOf("=");
      return [at < 0 ? text : text.slice(0, at), at < 0 ? "" : text.slice(at + 1)] as const;
    }),
  );
  const substitute = (value: string): string =>
    value.replace(
      /@([A-Za-z0-9_]*)@/g,
      (_all, name: string) => name === "" ? "@" : environment(name) ?? defines.get(name) ?? (BUILT_IN[name]?.() ?? ""),
    );
  const options = new Options();
  options.positional.push(...given.positional);
  options.help = given.help;
  const file = given.text("configuration") ?? given.text("config");
  const configured = file === undefined || file === "none" ? [] : readConfigurations(substitute(file));
  for (const [name, value] of configured) {
    const row = rowOf(name);
    if (row.type === "list" ? !(name === "server.endpoint" && given.has(name)) : !given.has(name)) {
      options.add(name, substitute(value));
    }
  }
  for (const name of OPTIONS.keys()) for (const value of given.list(name)) options.add(name, substitute(value));
  for (const [name, row] of OPTIONS) for (const value of options.list(name)) checkValue(row, value);
  return options;
}

function parseArguments(args: readonly string[]): Options {
  const options = new Options();
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === "--") {
      options.positional.push(...args.slice(i + 1));
      break;
    }
    const match = /^(?:--([^=]+)|-([A-Za-z]))(?:=([\s\S]*))?$/.exec(arg);
    if (!match) {
      options.positional.push(arg);
      continue;
    }
    const name = match[1] ?? SHORT_OPTIONS[match[2]!] ?? match[2]!;
    const help = helpOf(name);
    if (help !== undefined) {
      options.help = help;
      continue;
    }
    const row = rowOf(name);
    let value = match[3];
    if (value === undefined && row.type === "flag") value = FLAG_WORDS.has(args[i + 1] ?? "") ? args[++i]! : "true";
    else if (value === undefined) {
      if (i + 1 >= args.length) throw new OptionError(4, `no value specified for option '--${row.name}'`);
      value = args[++i]!;
    }
    options.add(row.name, value);
  }
  return options;
}

/** What `--help`, `--help-all` and `--help-SECTION` ask for. */
function helpOf(name: string): string | undefined {
  const section = /^help(?:-(.+))?$/.exec(name);
  if (!section) return undefined;
  const [, what = "used"] = section;
  if (what === "used") return what;
  if (["all", "hidden", "uncommon"].includes(what)) return "all";
  const isSection = what === "general" || [...OPTIONS.keys()].some((one) => one.startsWith(`${what}.`));
  return isSection ? what : undefined;
}

/** What the letters after a number mean. */
const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  kb: 1e3,
  kib: 2 ** 10,
  m: 1e6,
  mb: 1e6,
  mib: 2 ** 20,
  g: 1e9,
  gb: 1e9,
  gib: 2 ** 30,
  t: 1e12,
  tb: 1e12,
  tib: 2 ** 40,
};

/** A number that may have a unit, such as `64MiB`; NaN for anything else. */
function numberOf(value: string): number {
  const match = /^\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)\s*([kmgt]i?b?|)\s*$/i.exec(value);
  return match ? Number(match[1]) * (UNITS[match[2]!.toLowerCase()] ?? NaN) : NaN;
}

/** The row of an option, also under its former name. */
function rowOf(name: string): OptionRow {
  const row = OPTIONS.get(name) ??
    OPTIONS.get(name.replace(/whitelist$/, "allowlist").replace(/blacklist$/, "denylist"));
  if (row) return row;
  const similar = [...OPTIONS.keys()].map((one) => [distance(name, one), one] as const)
    .filter(([far]) => far <= Math.max(2, name.length / 3)).sort(([a], [b]) => a - b).slice(0, 8).map(([, one]) => one);
  const hint = similar.length === 0
    ? ""
    : `\n\nDid you mean ${similar.length === 1 ? "this" : "one of these"}?\n${
      similar.map((one) => `  --${one.padEnd(40)} ${OPTIONS.get(one)!.meaning ?? "accepted, without effect"}`).join(
        "\n",
      )
    }`;
  throw new OptionError(3, `unknown option '--${name}'${hint}\n\nUse --help or --help-all to see the options`);
}

function checkValue(row: OptionRow, value: string): void {
  const wrong = (detail: string): OptionError =>
    new OptionError(4, `error setting value for option '--${row.name}': ${detail}`);
  if (row.type === "flag" && !FLAG_VALUES.has(value)) throw wrong(`'${value}' is neither true nor false`);
  if (row.type === "number" && !Number.isFinite(numberOf(value))) {
    throw wrong(`'${value}' is no number`);
  }
}

/** The settings of a configuration file, those of its `.local` neighbour first: of several values the first one counts. */
function readConfigurations(path: string): [name: string, value: string][] {
  const settings = readConfiguration(path);
  let local: [string, string][] = [];
  try {
    if (Deno.statSync(`${path}.local`).isFile) local = readConfiguration(`${path}.local`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const named = new Set(local.map(([name]) => name));
  return [...local, ...settings.filter(([name]) => OPTIONS.get(name)?.type === "list" || !named.has(name))];
}

/** The settings of a configuration file, includes followed. */
function readConfiguration(path: string): [name: string, value: string][] {
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    throw new OptionError(6, `cannot read config file '${path}': ${error instanceof Error ? error.message : error}`);
  }
  const settings: [string, string][] = [];
  let section = "";
  let isSkipped = false;
  for (const line of text.split(/\r?\n/).map((one) => one.trim())) {
    const heading = /^\[([^\]:]*)(?::(community|enterprise))?\]$/.exec(line);
    const include = /^@include\s+(.+)$/.exec(line);
    const setting = /^([A-Za-z0-9_.-]+)\s*=\s*(.*)$/.exec(line);
    if (line === "" || /^[#;]/.test(line)) continue;
    if (heading) {
      section = heading[1]!;
      // there is one edition of denosh
      isSkipped = heading[2] === "enterprise";
    } else if (isSkipped) continue;
    else if (include) {
      const name = include[1]!.replace(/(?:\.conf)?$/, ".conf");
      settings.push(...readConfiguration(name.startsWith("/") ? name : path.replace(/[^/\\]*$/, name)));
    } else if (setting) {
      const [, key, value] = setting as unknown as [string, string, string];
      settings.push([key.includes(".") || section === "" ? key : `${section}.${key}`, value]);
    } else {
      throw new OptionError(6, `cannot read config file '${path}': line '${line}' is no setting`);
    }
  }
  return settings;
}

/** How many letters two words differ by. */
function distance(one: string, other: string): number {
  let previous = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i++) {
    const current = [i];
    for (let j = 1; j <= other.length; j++) {
      const change = previous[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1);
      current.push(Math.min(change, previous[j]! + 1, current[j - 1]! + 1));
    }
    previous = current;
  }
  return previous[other.length]!;
}
