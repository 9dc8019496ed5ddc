/**
 * The rival of the sync benchmark: two PostgreSQL servers on loopback, one follows the other by logical replication.
 *
 * @module
 */
import { join } from "node:path";
import { freePort } from "./free_port.ts";

/** Where Debian's package has its programs. */
const PROGRAMS = "/usr/lib/postgresql/15/bin";
const TABLE = "CREATE TABLE docs (key text PRIMARY KEY, body jsonb NOT NULL)";

/** PostgreSQL does not run as root: then its processes are those of Debian's user for it. */
interface User {
  readonly uid?: number;
  readonly gid?: number;
}

function postgresUser(): User {
  if (Deno.uid() !== 0) return {};
  const entry = Deno.readTextFileSync("/etc/passwd").split("\n").find((line) => line.startsWith("postgres:"));
  if (!entry) throw new Error("PostgreSQL does not run as root, and there is no user 'postgres'");
  const [, , uid, gid] = entry.split(":");
  return { uid: Number(uid), gid: Number(gid) };
}

/** Whether PostgreSQL 15 is installed. */
export function hasPostgres(): boolean {
  try {
    return Deno.statSync(join(PROGRAMS, "postgres")).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** One server. */
export class PostgresServer implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #user: User;
  readonly port: number;

  private constructor(child: Deno.ChildProcess, user: User, port: number) {
    this.#child = child;
    this.#user = user;
    this.port = port;
  }

  /**
   * Makes a cluster and starts it.
   *
   * @param directory is made; everybody may enter its parent
   */
  static async start(directory: string): Promise<PostgresServer> {
    const user = postgresUser();
    Deno.mkdirSync(directory);
    if (user.uid !== undefined) Deno.chownSync(directory, user.uid, user.gid!);
    await output("initdb", ["-D", directory, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"], user);
    const port = freePort();
    const settings = {
      port,
      listen_addresses: "127.0.0.1",
      unix_socket_directories: directory,
      wal_level: "logical",
      // a worker that has just ended is not started again for this long
      wal_retrieve_retry_interval: "50ms",
      max_wal_size: "4GB",
      shared_buffers: "256MB",
    };
    const child = new Deno.Command(join(PROGRAMS, "postgres"), {
      args: ["-D", directory, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
      cwd: directory,
      ...user,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    const server = new PostgresServer(child, user, port);
    for (let attempt = 0;; attempt++) {
      try {
        await server.sql("SELECT 1");
        return server;
      } catch (error) {
        if (attempt === 200) {
          await server[Symbol.asyncDispose]();
          throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  /** Runs commands; gives what they print, without headings. */
  async sql(...commands: readonly string[]): Promise<string> {
    const args = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", `${this.port}`];
    return await output("psql", [...args, "-U", "postgres", ...commands.flatMap((text) => ["-c", text])], this.#user);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // a "fast shutdown"
    this.#child.kill("SIGINT");
    await this.#child.status;
  }
}

async function output(program: string, args: readonly string[], user: User): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(join(PROGRAMS, program), {
    args: [...args],
    cwd: "/",
    ...user,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes).trim();
  if (!success) throw new Error(`${program} failed: ${text(stderr)}`);
  return text(stdout);
}

/** A leader with documents, and a follower. */
export class PostgresPair implements AsyncDisposable {
  readonly #leader: PostgresServer;
  readonly #follower: PostgresServer;
  #subscriptions = 0;

  private constructor(leader: PostgresServer, follower: PostgresServer) {
    this.#leader = leader;
    this.#follower = follower;
  }

  /**
   * Makes both clusters and fills the leader.
   *
   * @param directory which exists and which everybody may enter
   * @param file JSON lines with a `_key` each, which everybody may read
   */
  static async start(directory: string, file: string): Promise<PostgresPair> {
    const leader = await PostgresServer.start(join(directory, "postgres-leader"));
    try {
      const follower = await PostgresServer.start(join(directory, "postgres-follower"));
      const pair = new PostgresPair(leader, follower);
      await leader.sql(TABLE, "CREATE PUBLICATION all_docs FOR TABLE docs");
      await follower.sql(TABLE);
      await pair.put(file);
      await leader.sql("VACUUM ANALYZE docs", "CHECKPOINT");
      return pair;
    } catch (error) {
      await leader[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Inserts or replaces documents of the leader. */
  async put(file: string): Promise<void> {
    await this.#leader.sql(
      "CREATE TEMPORARY TABLE incoming (line text)",
      // characters that JSON text never holds: each line is one value as it stands
      `\\copy incoming FROM '${file}' WITH (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02')`,
      "INSERT INTO docs SELECT line::jsonb->>'_key', line::jsonb FROM incoming ON CONFLICT (key) DO UPDATE SET body = excluded.body",
    );
  }

  /** Removes documents of the leader. */
  async remove(keys: readonly string[]): Promise<void> {
    await this.#leader.sql(`DELETE FROM docs WHERE key IN (${keys.map((key) => `'${key}'`).join(",")})`);
  }

  /** Copies everything to an empty follower; gives the milliseconds from the order until the table is ready. */
  async initialCopy(): Promise<number> {
    const name = `s${this.#subscriptions++}`;
    if (this.#subscriptions > 1) {
      await this.#follower.sql(`DROP SUBSCRIPTION s${this.#subscriptions - 2}`, "TRUNCATE docs", "CHECKPOINT");
    }
    const started = performance.now();
    await this.#follower.sql(
      `CREATE SUBSCRIPTION ${name} CONNECTION 'host=127.0.0.1 port=${this.#leader.port} user=postgres dbname=postgres' PUBLICATION all_docs`,
      "DO $$ BEGIN WHILE EXISTS (SELECT FROM pg_subscription_rel WHERE srsubstate <> 'r') LOOP PERFORM pg_sleep(0.005); END LOOP; END $$",
    );
    return performance.now() - started;
  }

  /** Changes the leader while the follower looks away; gives the milliseconds that it then takes to follow. */
  async catchUp(change: () => Promise<void>): Promise<number> {
    const name = `s${this.#subscriptions - 1}`;
    await this.#follower.sql(`ALTER SUBSCRIPTION ${name} DISABLE`);
    await change();
    await this.#leader.sql("CHECKPOINT");
    const position = await this.#leader.sql("SELECT pg_current_wal_lsn()");
    const started = performance.now();
    await this.#follower.sql(`ALTER SUBSCRIPTION ${name} ENABLE`);
    await this.#leader.sql(
      `DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM pg_replication_slots WHERE confirmed_flush_lsn >= '${position}') LOOP PERFORM pg_sleep(0.005); END LOOP; END $$`,
    );
    return performance.now() - started;
  }

  /** How many documents the follower has. */
  async count(): Promise<number> {
    return Number(await this.#follower.sql("SELECT count(*) FROM docs"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#follower[Symbol.asyncDispose]();
    await this.#leader[Symbol.asyncDispose]();
  }
}
