/**
 * What a shell may be told, and what it means to its realm.
 *
 * @module
 */

import type { Connection } from "../connection/connection.ts";
import type { AccessRules } from "./access_rules.ts";
import { ExitRequest } from "./exit_request.ts";
import type { ConnectTarget, LogLevel, Pager, Terminal } from "./host.ts";
import type { StartOrder } from "./programs_protocol.ts";
import type { RealmOptions } from "./realm.ts";

/** The version of ArangoDB that the shell behaves like. */
export const SHELL_VERSION = "3.12.5";

/** The command of the pager where nobody names another one. */
export const DEFAULT_PAGER = "less -X -R -F -L";

/** Options of a shell. */
export interface ShellOptions {
  /** Where requests go; the shell closes it. */
  readonly connection: Connection;
  /** Takes printed text, line ends included. */
  readonly output: (text: string) => void;
  /** Told when a command of the prompt has ended. @default prints an empty line */
  readonly endCommand?: () => void;
  /**
   * Takes log records: `console.*`, uncaught exceptions of files. Stacks of exceptions have the topic
   * `v8`, `console.topic` names one, all else is `general`. @default nothing is logged
   */
  readonly log?: (level: LogLevel, text: string, topic?: string) => void;
  /** The database to start in. @default {"_system"} */
  readonly database?: string;
  /** No progress and no hints. @default {false} */
  readonly quiet?: boolean;
  /** The global `ARGUMENTS`. @default {[]} */
  readonly arguments?: readonly string[];
  /** Further roots of `require`. @default {[]} */
  readonly moduleDirectories?: readonly string[];
  /** Whether the current directory is a root of `require` as well. @default {true} */
  readonly hasCurrentModules?: boolean;
  /** The terminal that `output` ends on. @default no terminal, 80 columns */
  readonly terminal?: Terminal | (() => Terminal);
  /** Whether values are printed over several lines at first. @default {true} */
  readonly prettyPrint?: boolean;
  /** Whether values are printed in colours at first. @default {false} */
  readonly colors?: boolean;
  /** Whether exceptions of commands are shown in red. @default {false} */
  readonly errorColors?: boolean;
  /** Reads a line for a script that asks the user. @default the runtime's `prompt` */
  readonly readLine?: () => string;
  /** The level that records are logged from, as scripts see it. @default {"info"} */
  readonly logLevel?: string;
  /** What output goes through on its way to the terminal; scripts switch it. @default less, off */
  readonly pager?: Pager;
  /** Seconds that requests may take. @default {1200} */
  readonly requestTimeout?: number;
  /** Seconds after which running code is stopped, 0 for never. @default {0} */
  readonly executionDeadline?: number;
  /** What `internal.options()` tells. @default {{}} */
  readonly startupOptions?: Readonly<Record<string, unknown>>;
  /** What scripts may touch. @default everything but other processes */
  readonly access?: AccessRules;
  /** Opens connections for `arango.reconnect`. @default refused */
  readonly connect?: (target: ConnectTarget) => Connection;
  /** The order to start another shell on the same database, with further arguments. @default refused */
  readonly anotherShell?: (args: readonly string[]) => StartOrder;
  /** Ends the program. @default throws {@linkcode ExitRequest} */
  readonly exit?: (code: number) => never;
  /** Base directory of temporary files. @default the system's */
  readonly temporaryPath?: string;
  /** Asked often whether the running command is to stop; `true` ends it once. @default never */
  readonly isInterrupted?: () => boolean;
}

/** What a shell's realm gets of its options, with the defaults of those that are absent. */
export function realmOptions(options: ShellOptions): RealmOptions {
  const terminal = options.terminal ?? { columns: 80, rows: 24, isTty: false };
  return {
    ...options,
    log: options.log ?? (() => {}),
    exit: options.exit ?? ((code) => {
      throw new ExitRequest(code);
    }),
    terminal: typeof terminal === "function" ? terminal : () => terminal,
    moduleDirectories: options.moduleDirectories ?? [],
    startupOptions: options.startupOptions ?? {},
    quiet: options.quiet ?? false,
    version: SHELL_VERSION,
    prettyPrint: options.prettyPrint ?? true,
    colors: options.colors ?? false,
    pager: options.pager ?? { command: DEFAULT_PAGER, isOn: false },
    arguments: options.arguments ?? [],
    database: options.database ?? "_system",
    requestTimeout: options.requestTimeout ?? 1200,
  };
}
