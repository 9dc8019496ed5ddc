/**
 * Every option of the command line, a row each.
 *
 * Source: names and types from `arangosh-options.json` (ArangoDB 3.11 to 4.x); the meanings are denosh's.
 *
 * @module
 */

/** How an option's value is read. */
export type OptionType = "flag" | "text" | "number" | "list";

/** One option. */
export interface OptionRow {
  /** The name, with its section: `server.endpoint`. */
  readonly name: string;
  readonly type: OptionType;
  /** What it does here; absent for options of arangosh that are accepted and have no effect. */
  readonly meaning?: string;
  /** Whether arangosh does not have it. */
  readonly own?: true;
}

/** Options of arangosh that have a meaning here. */
const HONOURED: readonly OptionRow[] = [
  { name: "config", type: "text", meaning: "as --configuration" },
  { name: "configuration", type: "text", meaning: "read options from this file; none = from no file" },
  { name: "console.colors", type: "flag", meaning: "colours at the prompt and in printed values" },
  { name: "console.history", type: "flag", meaning: "load and save the history of commands" },
  { name: "console.pretty-print", type: "flag", meaning: "print values over several lines" },
  { name: "console.prompt", type: "text", meaning: "the prompt, with %E %d %u and others" },
  { name: "check-configuration", type: "flag", meaning: "read the command line and the configuration files, and exit" },
  { name: "console.audit-file", type: "text", meaning: "note what is typed and printed in this file" },
  { name: "console.auto-complete", type: "flag", meaning: "complete names with the Tab key" },
  { name: "console.pager", type: "flag", meaning: "show what a command prints through a pager" },
  { name: "console.pager-command", type: "text", meaning: "the pager; empty or - for none" },
  { name: "dump-options", type: "flag", meaning: "print all options as JSON and exit" },
  { name: "log", type: "list", meaning: "as --log.level" },
  { name: "log.file", type: "text", meaning: "write log records to this file; - is standard output, + standard error" },
  { name: "log.level", type: "list", meaning: "what is logged: fatal, error, warning, info, debug or trace" },
  { name: "log.output", type: "list", meaning: "where log records go: -, +, file://PATH; may be repeated" },
  { name: "server.ask-jwt-secret", type: "flag", meaning: "ask for the secret that tokens are signed with" },
  { name: "server.jwt-renewal-threshold", type: "number", meaning: "seconds before its end when a token is replaced" },
  { name: "server.jwt-secret-keyfile", type: "text", meaning: "a file with the secret that tokens are signed with" },
  { name: "server.max-packet-size", type: "number", meaning: "checked to be at least 1 MB, no limit otherwise" },
  { name: "define", type: "list", meaning: "a value for @NAME@ in other options: NAME=value" },
  { name: "javascript.allow-external-process-control", type: "flag", meaning: "let scripts start and end processes" },
  { name: "javascript.allow-port-testing", type: "flag", meaning: "let scripts test ports" },
  { name: "javascript.check-syntax", type: "list", meaning: "check the syntax of this file; may be repeated" },
  {
    name: "javascript.current-module-directory",
    type: "flag",
    meaning: "whether require() also looks into the current directory",
  },
  { name: "javascript.endpoints-allowlist", type: "list", meaning: "endpoints that scripts may connect to" },
  { name: "javascript.endpoints-denylist", type: "list", meaning: "endpoints that scripts may not connect to" },
  {
    name: "javascript.environment-variables-allowlist",
    type: "list",
    meaning: "environment variables that scripts see",
  },
  {
    name: "javascript.environment-variables-denylist",
    type: "list",
    meaning: "environment variables that scripts do not see",
  },
  { name: "javascript.execute", type: "list", meaning: "run this file; may be repeated" },
  { name: "javascript.execute-string", type: "list", meaning: "run this text; may be repeated" },
  {
    name: "javascript.execution-deadline",
    type: "number",
    meaning: "seconds after which running code is stopped; 0 = never",
  },
  { name: "javascript.files-allowlist", type: "list", meaning: "files that scripts may use" },
  { name: "javascript.files-denylist", type: "list", meaning: "files that scripts may not use" },
  { name: "javascript.harden", type: "flag", meaning: "hide what scripts could learn about the process" },
  { name: "javascript.module-directory", type: "list", meaning: "a further directory for require(); may be repeated" },
  {
    name: "javascript.startup-directory",
    type: "text",
    meaning: "a tree of arangosh modules for require(), searched behind denosh's own",
  },
  { name: "javascript.startup-options-allowlist", type: "list", meaning: "start-up options that scripts see" },
  { name: "javascript.startup-options-denylist", type: "list", meaning: "start-up options that scripts do not see" },
  { name: "javascript.unit-test-filter", type: "text", meaning: "run only tests whose name matches" },
  { name: "javascript.unit-tests", type: "list", meaning: "run this file of unit tests; may be repeated" },
  { name: "quiet", type: "flag", meaning: "no banner, no progress, no farewell" },
  { name: "server.authentication", type: "flag", meaning: "whether the server wants a user and a password" },
  { name: "server.connection-timeout", type: "number", meaning: "seconds for a connection to come about" },
  { name: "server.database", type: "text", meaning: "the database to start in" },
  {
    name: "server.endpoint",
    type: "list",
    meaning: "the server to talk to, such as tcp://127.0.0.1:8529; without it the embedded database is used",
  },
  {
    name: "server.force-json",
    type: "flag",
    meaning: "whether raw replies are JSON where scripts ask for nothing else",
  },
  { name: "server.jwt-token", type: "text", meaning: "a bearer token instead of a user" },
  { name: "server.password", type: "text", meaning: "the password; asked for on a terminal when there is none" },
  { name: "server.request-timeout", type: "number", meaning: "seconds for an answer to be there" },
  { name: "server.username", type: "text", meaning: "the user" },
  { name: "temp.path", type: "text", meaning: "where temporary files go" },
  { name: "version", type: "flag", meaning: "print the version and exit" },
  { name: "version-json", type: "flag", meaning: "print the version as JSON and exit" },
];

/** Options that only denosh has. */
const OWN: readonly OptionRow[] = [
  {
    name: "database.directory",
    type: "text",
    own: true,
    meaning: "where the embedded database lies; :memory: for a throw-away one",
  },
  { name: "database.read-only", type: "flag", own: true, meaning: "change nothing in the embedded database" },
  {
    name: "connect-to",
    type: "list",
    own: true,
    meaning: "HOST1:PORT1:HOST2:PORT2: connections for the first pair go to the second",
  },
  { name: "ssl.ca-file", type: "text", own: true, meaning: "a PEM file of certificates to trust" },
  {
    name: "ssl.keyfile",
    type: "text",
    own: true,
    meaning: "serve: a PEM file with the certificate and key of ssl:// endpoints",
  },
  {
    name: "http.compress-response-threshold",
    type: "number",
    own: true,
    meaning: "serve: compress answers of at least so many bytes for clients that ask for it; 0 = none",
  },
  {
    name: "http.trusted-origin",
    type: "list",
    own: true,
    meaning: "serve: an origin whose browsers may send credentials, * = all; may be repeated",
  },
  {
    name: "javascript.allow-admin-execute",
    type: "flag",
    own: true,
    meaning: "serve: whether administrators may run any code in the server, by /_admin/execute",
  },
  {
    name: "server.workers",
    type: "number",
    own: true,
    meaning: "serve: how many queries run side by side, and beside everything else; one for each processor",
  },
  {
    name: "server.query-threads",
    type: "number",
    own: true,
    meaning: "serve: another name of --server.workers",
  },
  {
    name: "server.root-password",
    type: "text",
    own: true,
    meaning: "serve: the password of root in a new directory; DENOSH_ROOT_PASSWORD does the same",
  },
  { name: "leader.database", type: "text", own: true, meaning: "sync: the leader's database; that of the follower" },
  { name: "leader.jwt-token", type: "text", own: true, meaning: "sync: a token for the leader, instead of a user" },
  {
    name: "leader.password",
    type: "text",
    own: true,
    meaning:
      "sync: the user's password on the leader, better as @VARIABLE@; asked for on a terminal when there is none",
  },
  { name: "leader.username", type: "text", own: true, meaning: "sync: the user on the leader" },
  { name: "incremental", type: "flag", own: true, meaning: "sync: transfer what differs, not everything" },
  { name: "dry-run", type: "flag", own: true, meaning: "sync: show what differs and change nothing" },
  { name: "json", type: "flag", own: true, meaning: "sync, jobs: print JSON, a line for each collection or job" },
  { name: "help", type: "flag", own: true, meaning: "print this and exit" },
  { name: "help-all", type: "flag", own: true, meaning: "print all options, those without effect included, and exit" },
];

/** Options of arangosh that are accepted and have no effect, by type. */
const IDLE: Readonly<Record<OptionType, readonly string[]>> = {
  flag: [
    "compress-transfer",
    "default-language-check",
    "dump-dependencies",
    "honor-nsswitch",
    "javascript.copy-installation",
    "log.color",
    "log.escape-control-chars",
    "log.escape-unicode-chars",
    "log.force-direct",
    "log.foreground-tty",
    "log.ids",
    "log.line-number",
    "log.performance",
    "log.process",
    "log.request-parameters",
    "log.role",
    "log.shorten-filenames",
    "log.thread",
    "log.thread-name",
    "log.use-json-format",
    "log.use-local-time",
    "log.use-microtime",
    "use-splice-syscall",
  ],
  text: [
    "default-language",
    "encryption.key-generator",
    "encryption.keyfile",
    "icu-language",
    "javascript.client-module",
    "javascript.copy-directory",
    "log.file-group",
    "log.file-mode",
    "log.hostname",
    "log.prefix",
    "log.time-format",
  ],
  number: [
    "compress-request-threshold",
    "javascript.gc-interval",
    "javascript.v8-max-heap",
    "log.max-entry-length",
    "log.max-queued-entries",
    "random.generator",
    "ssl.protocol",
    "tls.protocol",
  ],
  list: [
    "javascript.v8-options",
    "log.structured-param",
  ],
};

/** All options, by name. */
export const OPTIONS: ReadonlyMap<string, OptionRow> = new Map(
  [
    ...HONOURED,
    ...OWN,
    ...Object.entries(IDLE).flatMap(([type, names]) =>
      names.map((name): OptionRow => ({ name, type: type as OptionType }))
    ),
  ].map((row) => [row.name, row]),
);

/** Short forms. */
export const SHORT_OPTIONS: Readonly<Record<string, string>> = {
  c: "configuration",
  D: "define",
  l: "log.level",
  o: "log.output",
};
