/**
 * Requests per second of `denosh serve`, beside bare SQLite statements and PostgreSQL 15 with JSONB.
 *
 *   deno run -A scripts/bench_http.ts [--seconds N] [--connections N] [--without-postgres]
 *
 * All three run on this machine and take turns, with the same documents. PostgreSQL commits like denosh by default:
 * without waiting for the disk.
 *
 * @module
 */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import postgres from "postgres";
import { hasPostgres, PostgresServer } from "./bench_postgres.ts";
import { LeaderProcess } from "./leader_process.ts";
import { scriptOptions } from "./script_options.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const DOCUMENTS = 20_000;
const BATCH = 1000;
/** Seconds before anything is counted, of every rival: V8 compiles what is hot, PostgreSQL fills its caches. */
const WARM_UP = 2;
/** How often the entrants take turns. */
const ROUNDS = 7;
const OPERATIONS = ["point reads", "inserts", `inserts of ${BATCH}`, "small queries"] as const;
type Operation = typeof OPERATIONS[number];

/** The operations as somebody does them; `id` is another one each time. */
type Rival = Readonly<Record<Operation, (id: number) => unknown>>;

function document(id: number): { _key: string; name: string; group: number; tags: string[] } {
  return { _key: `k${id}`, name: `name ${id % 977}`, group: id % 1000, tags: ["a", "b", `t${id % 7}`] };
}

function batch(id: number): ReturnType<typeof document>[] {
  return Array.from({ length: BATCH }, (_, i) => document(1e9 + id * BATCH + i));
}

/** A key that is there. */
function known(id: number): string {
  return `k${(id * 7919) % DOCUMENTS}`;
}

const FIRST = Array.from({ length: DOCUMENTS }, (_, id) => document(id));

/**
 * A keep-alive connection that knows just enough of HTTP: like PostgreSQL's driver it costs little beside the server that is
 * measured.
 */
class PlainConnection {
  readonly #socket: Deno.TcpConn;
  readonly #buffer = new Uint8Array(64 * 1024);

  private constructor(socket: Deno.TcpConn) {
    this.#socket = socket;
  }

  static async open(url: string): Promise<PlainConnection> {
    const { hostname, port } = new URL(url);
    const socket = await Deno.connect({ hostname, port: Number(port) });
    socket.setNoDelay(true);
    return new PlainConnection(socket);
  }

  async send(method: string, path: string, body: string): Promise<{ status: number; text: string }> {
    const bytes = encoder.encode(body);
    const head = encoder.encode(`${method} ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: ${bytes.length}\r\n\r\n`);
    const message = new Uint8Array(head.length + bytes.length);
    message.set(head);
    message.set(bytes, head.length);
    for (let sent = 0; sent < message.length;) sent += await this.#socket.write(message.subarray(sent));
    let received = "";
    for (;;) {
      const count = await this.#socket.read(this.#buffer);
      if (count === null) throw new Error("the server has closed the connection");
      // the documents are ASCII: a character is a byte
      received += decoder.decode(this.#buffer.subarray(0, count));
      const end = received.indexOf("\r\n\r\n");
      const length = /\r\ncontent-length: (\d+)/i.exec(received)?.[1];
      if (end < 0 || received.length < end + 4 + Number(length)) continue;
      return { status: Number(received.slice(9, 12)), text: received.slice(end + 4) };
    }
  }

  close(): void {
    this.#socket.close();
  }
}

async function denosh(url: string, connections: number): Promise<{ rival: Rival; close(): void }> {
  const pool = await Promise.all(Array.from({ length: connections }, () => PlainConnection.open(url)));
  const send = async (method: string, path: string, body?: unknown): Promise<void> => {
    const connection = pool.pop()!;
    const { status, text } = await connection.send(method, path, body === undefined ? "" : JSON.stringify(body));
    pool.push(connection);
    if (status >= 300) throw new Error(`${method} ${path}: ${text.slice(0, 300)}`);
    JSON.parse(text);
  };
  await send("POST", "/_api/collection", { name: "docs" });
  await send("POST", "/_api/index?collection=docs", { type: "persistent", fields: ["group"] });
  await send("POST", "/_api/document/docs", FIRST);
  const query = "FOR d IN docs FILTER d.group == @group LIMIT 20 RETURN { name: d.name, tags: d.tags }";
  const rival: Rival = {
    "point reads": (id) => send("GET", `/_api/document/docs/${known(id)}`),
    "inserts": (id) => send("POST", "/_api/document/docs", document(1e6 + id)),
    "inserts of 1000": (id) => send("POST", "/_api/document/docs?silent=true", batch(id)),
    "small queries": (id) => send("POST", "/_api/cursor", { query, bindVars: { group: id % 1000 } }),
  };
  return { rival, close: () => pool.forEach((connection) => connection.close()) };
}

function sqlite(file: string): Rival {
  const database = new DatabaseSync(file);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF");
  database.exec("CREATE TABLE docs (key TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID");
  database.exec("CREATE INDEX by_group ON docs (json_extract(body, '$.group'))");
  const insert = database.prepare("INSERT INTO docs VALUES (?, ?)");
  const all = (documents: readonly ReturnType<typeof document>[]): void => {
    database.exec("BEGIN");
    for (const one of documents) insert.run(one._key, JSON.stringify(one));
    database.exec("COMMIT");
  };
  all(FIRST);
  const read = database.prepare("SELECT body FROM docs WHERE key = ?");
  const query = database.prepare("SELECT body FROM docs WHERE json_extract(body, '$.group') = ? LIMIT 20");
  return {
    "point reads": (id) => JSON.parse((read.get(known(id)) as { body: string }).body),
    "inserts": (id) => all([document(1e6 + id)]),
    "inserts of 1000": (id) => all(batch(id)),
    "small queries": (id) => query.all(id % 1000).map((row) => JSON.parse((row as { body: string }).body)),
  };
}

async function postgresRival(sql: postgres.Sql): Promise<Rival> {
  await sql`CREATE TABLE docs (key text PRIMARY KEY, body jsonb NOT NULL)`;
  await sql`CREATE INDEX by_group ON docs ((body->'group'))`;
  const all = (documents: readonly ReturnType<typeof document>[]): Promise<unknown> => {
    const rows = documents.map((one) => ({ key: one._key, body: sql.json(one) }));
    return sql`INSERT INTO docs ${sql(rows)}`;
  };
  for (let i = 0; i < DOCUMENTS; i += BATCH) await all(FIRST.slice(i, i + BATCH));
  await sql`ANALYZE docs`;
  return {
    "point reads": (id) => sql`SELECT body FROM docs WHERE key = ${known(id)}`,
    "inserts": (id) => all([document(1e6 + id)]),
    "inserts of 1000": (id) => all(batch(id)),
    "small queries": (id) =>
      sql`SELECT body->'name', body->'tags' FROM docs WHERE body->'group' = ${sql.json(id % 1000)} LIMIT 20`,
  };
}

/** Somebody who does the operations, and how many at the same time. */
interface Entrant {
  readonly rival: Rival;
  readonly connections: number;
  /** The `id` of the next operation. */
  next: number;
}

/** Operations per second while an entrant's connections do nothing else. */
async function rate(entrant: Entrant, operation: Operation, seconds: number): Promise<number> {
  let done = 0;
  const start = performance.now();
  const end = start + seconds * 1000;
  await Promise.all(Array.from({ length: entrant.connections }, async () => {
    while (performance.now() < end) {
      await entrant.rival[operation](entrant.next++);
      done++;
    }
  }));
  return done / (performance.now() - start) * 1000;
}

/** The operations per second of each entrant, by its name, in each round. */
type Rounds = ReadonlyMap<string, readonly number[]>;

/** Measures an operation: all entrants take turns, so that a machine that is slow for a while is slow for all of them. */
async function rounds(entrants: ReadonlyMap<string, Entrant>, operation: Operation, seconds: number): Promise<Rounds> {
  const found = new Map([...entrants.keys()].map((name) => [name, [] as number[]]));
  for (const entrant of entrants.values()) await rate(entrant, operation, WARM_UP);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, entrant] of entrants) {
      found.get(name)!.push(await rate(entrant, operation, seconds / ROUNDS));
    }
  }
  return found;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/** The table of medians; the multiples are medians of those of each round. */
function table(found: ReadonlyMap<Operation, Rounds>, names: readonly string[]): string {
  const [first, ...others] = names;
  const lines = [
    `| requests per second | ${names.join(" | ")} |`,
    `| --- |${" ---: |".repeat(names.length)}`,
  ];
  for (const [operation, rates] of found) {
    const own = rates.get(first!)!;
    const cells = others.map((name) => {
      const other = rates.get(name)!;
      const multiple = median(own.map((mine, round) => mine / other[round]!));
      return `${Math.round(median(other))} (${first} ${multiple.toFixed(2)} ×)`;
    });
    lines.push(`| ${operation} | ${[Math.round(median(own)), ...cells].join(" | ")} |`);
  }
  return lines.join("\n");
}

async function main(): Promise<void> {
  const options = scriptOptions(Deno.args, { seconds: 5, connections: 16, "without-postgres": false });
  const { seconds, connections } = options;
  await using cleaning = new AsyncDisposableStack();
  const folder = Deno.makeTempDirSync({ prefix: "denosh-bench-" });
  cleaning.defer(() => Deno.removeSync(folder, { recursive: true }));
  // PostgreSQL's user has to get in
  Deno.chmodSync(folder, 0o755);
  const server = cleaning.use(await LeaderProcess.start(join(folder, "denosh")));
  const { rival, close } = await denosh(server.url, connections);
  cleaning.defer(close);
  const entrants = new Map<string, Entrant>([
    ["denosh", { rival, connections, next: 0 }],
    ["SQLite, no server", { rival: sqlite(join(folder, "rival.sqlite")), connections: 1, next: 0 }],
  ]);
  if (!options["without-postgres"] && hasPostgres()) {
    const postgresServer = cleaning.use(await PostgresServer.start(join(folder, "postgres")));
    await postgresServer.sql("ALTER SYSTEM SET synchronous_commit = off", "SELECT pg_reload_conf()");
    const sql = postgres({ host: "127.0.0.1", port: postgresServer.port, user: "postgres", max: connections });
    cleaning.defer(() => sql.end());
    entrants.set("PostgreSQL 15", { rival: await postgresRival(sql), connections, next: 0 });
  }
  const found = new Map<Operation, Rounds>();
  for (const operation of OPERATIONS) found.set(operation, await rounds(entrants, operation, seconds));
  const text = table(found, [...entrants.keys()]);
  Deno.stdout.writeSync(encoder.encode(`${connections} connections\n\n${text}\n`));
}

if (import.meta.main) await main();
