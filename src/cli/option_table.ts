/**
 * Every option of the command line, a row each.
 *
 * Source: names, types and defaults from `arangosh-options.json` (ArangoDB 3.11 to 4.x); the meanings are denosh's.
 *
 * @module
 */

/** The kind of an option's value, named as arangosh names it; `string...` may be given several times. */
export type OptionType = "boolean" | "string" | "string..." | "uint32" | "uint64" | "double";

/** One option. */
export interface OptionRow {
  /** The name, with its section: `server.endpoint`. */
  readonly name: string;
  readonly type: OptionType;
  /** The value when nobody gives one. @default false, 0, the empty text, or no texts */
  readonly initial?: boolean | number | string | readonly string[];
  /** All values that there are. @default all of the type */
  readonly values?: readonly string[];
  /** What it does here; absent for options of arangosh that are accepted and have no effect. */
  readonly meaning?: string;
  /** Whether arangosh does not have it. */
  readonly own?: true;
  /** Whether it only asks for a text, after which the program ends. */
  readonly command?: true;
}

/** Forms of the time in log records. */
export const TIME_FORMATS = [
  "local-datestring",
  "timestamp",
  "timestamp-micros",
  "timestamp-millis",
  "uptime",
  "uptime-micros",
  "uptime-millis",
  "utc-datestring",
  "utc-datestring-micros",
  "utc-datestring-millis",
] as const;

/** Options of arangosh that have a meaning here. */
const HONOURED: readonly OptionRow[] = [
  {
    name: "check-configuration",
    type: "boolean",
    command: true,
    meaning: "read the command line and the configuration files, and exit",
  },
  {
    name: "compress-request-threshold",
    type: "uint64",
    initial: 0,
    meaning: "send bodies of at least so many bytes compressed; 0 = none",
  },
  {
    name: "compress-transfer",
    type: "boolean",
    meaning: "what arango.compressTransfer() tells; compressed answers are asked for in any case",
  },
  { name: "config", type: "string", meaning: "as --configuration" },
  { name: "configuration", type: "string", meaning: "read options from this file; none = from no file" },
  { name: "console.audit-file", type: "string", meaning: "note what is typed and printed in this file" },
  { name: "console.auto-complete", type: "boolean", initial: true, meaning: "complete names with the Tab key" },
  { name: "console.colors", type: "boolean", meaning: "colours at the prompt and in printed values" },
  { name: "console.history", type: "boolean", initial: true, meaning: "load and save the history of commands" },
  { name: "console.pager", type: "boolean", meaning: "show what a command prints through a pager" },
  {
    name: "console.pager-command",
    type: "string",
    initial: "less -X -R -F -L",
    meaning: "the pager; empty or - for none",
  },
  { name: "console.pretty-print", type: "boolean", initial: true, meaning: "print values over several lines" },
  { name: "console.prompt", type: "string", initial: "%E@%d> ", meaning: "the prompt, with %E %d %u and others" },
  { name: "define", type: "string...", meaning: "a value for @NAME@ in other options: NAME=value" },
  { name: "dump-dependencies", type: "boolean", command: true, meaning: "print an empty graph and exit" },
  { name: "dump-options", type: "boolean", command: true, meaning: "print all options as JSON and exit" },
  {
    name: "javascript.allow-external-process-control",
    type: "boolean",
    meaning: "let scripts start and end processes",
  },
  { name: "javascript.allow-port-testing", type: "boolean", meaning: "let scripts test ports" },
  { name: "javascript.check-syntax", type: "string...", meaning: "check the syntax of this file; may be repeated" },
  {
    name: "javascript.current-module-directory",
    type: "boolean",
    initial: true,
    meaning: "whether require() also looks into the current directory",
  },
  { name: "javascript.endpoints-allowlist", type: "string...", meaning: "endpoints that scripts may connect to" },
  { name: "javascript.endpoints-denylist", type: "string...", meaning: "endpoints that scripts may not connect to" },
  {
    name: "javascript.environment-variables-allowlist",
    type: "string...",
    meaning: "environment variables that scripts see",
  },
  {
    name: "javascript.environment-variables-denylist",
    type: "string...",
    meaning: "environment variables that scripts do not see",
  },
  { name: "javascript.execute", type: "string...", meaning: "run this file; may be repeated" },
  { name: "javascript.execute-string", type: "string...", meaning: "run this text; may be repeated" },
  {
    name: "javascript.execution-deadline",
    type: "uint32",
    meaning: "seconds after which running code is stopped; 0 = never",
  },
  { name: "javascript.files-allowlist", type: "string...", meaning: "files that scripts may use" },
  { name: "javascript.files-denylist", type: "string...", meaning: "files that scripts may not use" },
  { name: "javascript.harden", type: "boolean", meaning: "hide what scripts could learn about the process" },
  {
    name: "javascript.module-directory",
    type: "string...",
    meaning: "a further directory for require(); may be repeated",
  },
  {
    name: "javascript.startup-directory",
    type: "string",
    initial: "js",
    meaning: "a tree of arangosh modules for require(), searched behind denosh's own",
  },
  { name: "javascript.startup-options-allowlist", type: "string...", meaning: "start-up options that scripts see" },
  {
    name: "javascript.startup-options-denylist",
    type: "string...",
    meaning: "start-up options that scripts do not see",
  },
  { name: "javascript.unit-test-filter", type: "string", meaning: "run only tests whose name matches" },
  { name: "javascript.unit-tests", type: "string...", meaning: "run this file of unit tests; may be repeated" },
  { name: "javascript.v8-options", type: "string...", meaning: "flag of V8 for scripts, such as --expose-gc" },
  { name: "log", type: "string...", initial: ["info"], meaning: "as --log.level" },
  { name: "log.color", type: "boolean", initial: true, meaning: "colours in log records on a terminal" },
  {
    name: "log.escape-control-chars",
    type: "boolean",
    initial: true,
    meaning: "show control characters in log records by their codes",
  },
  {
    name: "log.escape-unicode-chars",
    type: "boolean",
    meaning: "show characters beyond ASCII in log records by their codes",
  },
  {
    name: "log.file",
    type: "string",
    meaning: "write log records to this file; - is standard output, + standard error",
  },
  { name: "log.file-mode", type: "string", meaning: "the mode of new log files, octal" },
  { name: "log.hostname", type: "string", meaning: "a host name in each log record; auto for this machine's" },
  { name: "log.ids", type: "boolean", initial: true, meaning: "the id of its kind in each log record" },
  {
    name: "log.level",
    type: "string...",
    initial: ["info"],
    meaning: "what is logged: fatal, error, warning, info, debug or trace; TOPIC=LEVEL for one topic or all",
  },
  { name: "log.max-entry-length", type: "uint32", initial: 134_217_728, meaning: "how long log records may be" },
  {
    name: "log.output",
    type: "string...",
    meaning: "where log records go: -, +, file://PATH; TOPIC=OUTPUT for one topic",
  },
  { name: "log.prefix", type: "string", meaning: "what each log record begins with" },
  { name: "log.process", type: "boolean", initial: true, meaning: "the process id in each log record" },
  { name: "log.role", type: "boolean", meaning: "the role in each log record" },
  { name: "log.thread", type: "boolean", initial: true, meaning: "the thread id in each log record" },
  { name: "log.thread-name", type: "boolean", meaning: "the thread name in each log record" },
  {
    name: "log.time-format",
    type: "string",
    initial: "utc-datestring-micros",
    values: TIME_FORMATS,
    meaning: "the form of the time in log records",
  },
  { name: "log.use-json-format", type: "boolean", meaning: "log records as JSON, one a line" },
  { name: "log.use-local-time", type: "boolean", meaning: "as --log.time-format local-datestring" },
  { name: "log.use-microtime", type: "boolean", meaning: "as --log.time-format timestamp-micros" },
  { name: "quiet", type: "boolean", meaning: "no banner, no progress, no farewell" },
  { name: "server.ask-jwt-secret", type: "boolean", meaning: "ask for the secret that tokens are signed with" },
  {
    name: "server.authentication",
    type: "boolean",
    initial: true,
    meaning: "whether the server wants a user and a password",
  },
  { name: "server.connection-timeout", type: "double", initial: 5, meaning: "seconds for a connection to come about" },
  { name: "server.database", type: "string", initial: "_system", meaning: "the database to start in" },
  {
    name: "server.endpoint",
    type: "string...",
    meaning: "the server to talk to, such as tcp://127.0.0.1:8529; without it the embedded database is used",
  },
  {
    name: "server.force-json",
    type: "boolean",
    meaning: "whether raw replies are JSON where scripts ask for nothing else",
  },
  {
    name: "server.jwt-renewal-threshold",
    type: "double",
    initial: 300,
    meaning: "seconds before its end when a token is replaced",
  },
  { name: "server.jwt-secret-keyfile", type: "string", meaning: "a file with the secret that tokens are signed with" },
  { name: "server.jwt-token", type: "string", meaning: "a bearer token instead of a user" },
  {
    name: "server.max-packet-size",
    type: "uint64",
    initial: 1_073_741_824,
    meaning: "checked to be at least 1 MB, no limit otherwise",
  },
  { name: "server.password", type: "string", meaning: "the password; asked for on a terminal when there is none" },
  { name: "server.request-timeout", type: "double", initial: 1200, meaning: "seconds for an answer to be there" },
  { name: "server.username", type: "string", initial: "root", meaning: "the user" },
  { name: "temp.path", type: "string", meaning: "where temporary files go" },
  { name: "version", type: "boolean", command: true, meaning: "print the version and exit" },
  { name: "version-json", type: "boolean", command: true, meaning: "print the version as JSON and exit" },
];

/** Options that only denosh has. */
const OWN: readonly OptionRow[] = [
  {
    name: "database.directory",
    type: "string",
    own: true,
    meaning: "where the embedded database lies; :memory: for a throw-away one",
  },
  { name: "database.read-only", type: "boolean", own: true, meaning: "change nothing in the embedded database" },
  {
    name: "connect-to",
    type: "string...",
    own: true,
    meaning: "HOST1:PORT1:HOST2:PORT2: connections for the first pair go to the second",
  },
  { name: "ssl.ca-file", type: "string", own: true, meaning: "a PEM file of certificates to trust" },
  {
    name: "ssl.keyfile",
    type: "string",
    own: true,
    meaning: "serve: a PEM file with the certificate and key of ssl:// endpoints",
  },
  {
    name: "http.compress-response-threshold",
    type: "uint64",
    own: true,
    meaning: "serve: compress answers of at least so many bytes for clients that ask for it; 0 = none",
  },
  {
    name: "http.trusted-origin",
    type: "string...",
    own: true,
    meaning: "serve: an origin whose browsers may send credentials, * = all; may be repeated",
  },
  {
    name: "javascript.allow-admin-execute",
    type: "boolean",
    own: true,
    meaning: "serve: whether users may run any code in the server, by /_admin/execute",
  },
  {
    name: "server.workers",
    type: "uint64",
    own: true,
    meaning: "serve: how many queries run side by side, and beside everything else; one for each processor",
  },
  { name: "server.query-threads", type: "uint64", own: true, meaning: "serve: another name of --server.workers" },
  {
    name: "server.root-password",
    type: "string",
    own: true,
    meaning: "serve: the password of root in a new directory; DENOSH_ROOT_PASSWORD does the same",
  },
  { name: "leader.database", type: "string", own: true, meaning: "sync: the leader's database; that of the follower" },
  { name: "leader.jwt-token", type: "string", own: true, meaning: "sync: a token for the leader, instead of a user" },
  {
    name: "leader.password",
    type: "string",
    own: true,
    meaning:
      "sync: the user's password on the leader, better as @VARIABLE@; asked for on a terminal when there is none",
  },
  { name: "leader.username", type: "string", own: true, meaning: "sync: the user on the leader" },
  { name: "incremental", type: "boolean", own: true, meaning: "sync: transfer what differs, not everything" },
  { name: "dry-run", type: "boolean", own: true, meaning: "sync: show what differs and change nothing" },
  { name: "json", type: "boolean", own: true, meaning: "sync, jobs: print JSON, a line for each collection or job" },
  { name: "help", type: "boolean", command: true, own: true, meaning: "print this and exit" },
  {
    name: "help-all",
    type: "boolean",
    command: true,
    own: true,
    meaning: "print all options, those without effect included, and exit",
  },
];

/** Options of arangosh that are accepted and have no effect. */
const IDLE: readonly OptionRow[] = [
  { name: "default-language", type: "string" },
  { name: "default-language-check", type: "boolean", initial: true },
  { name: "encryption.key-generator", type: "string" },
  { name: "encryption.keyfile", type: "string" },
  { name: "honor-nsswitch", type: "boolean" },
  { name: "icu-language", type: "string" },
  { name: "javascript.client-module", type: "string", initial: "client.js" },
  { name: "javascript.copy-directory", type: "string" },
  { name: "javascript.copy-installation", type: "boolean" },
  { name: "javascript.gc-interval", type: "uint64", initial: 50 },
  { name: "javascript.v8-max-heap", type: "uint64", initial: 3072 },
  { name: "log.file-group", type: "string" },
  { name: "log.force-direct", type: "boolean" },
  { name: "log.foreground-tty", type: "boolean" },
  { name: "log.line-number", type: "boolean" },
  { name: "log.max-queued-entries", type: "uint32", initial: 16_384 },
  { name: "log.performance", type: "boolean" },
  { name: "log.request-parameters", type: "boolean", initial: true },
  { name: "log.shorten-filenames", type: "boolean", initial: true },
  { name: "log.structured-param", type: "string..." },
  { name: "random.generator", type: "uint32", initial: 1, values: ["1", "2", "3", "4"] },
  { name: "ssl.protocol", type: "uint64", initial: 5, values: ["1", "2", "3", "4", "5", "6", "9"] },
  { name: "tls.protocol", type: "uint64" },
  { name: "use-splice-syscall", type: "boolean", initial: true },
];

/** All options, by name. */
export const OPTIONS: ReadonlyMap<string, OptionRow> = new Map(
  [...HONOURED, ...OWN, ...IDLE].map((row) => [row.name, row]),
);

/** Short forms. */
export const SHORT_OPTIONS: Readonly<Record<string, string>> = {
  c: "configuration",
  D: "define",
  l: "log.level",
  o: "log.output",
};
