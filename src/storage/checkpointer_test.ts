import { equal, match, ok } from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { TemporaryDirectory } from "../base/testing.ts";
import { Checkpointer } from "./checkpointer.ts";
import { SqliteFile } from "./sqlite.ts";

const PAGE = 4096;
/** More pages than a write-ahead log has before a checkpoint is asked for. */
const MANY = 5000;

/** A file in a directory of its own, and what a checkpointer complains of. */
class Place extends TemporaryDirectory {
  readonly complaints: string[] = [];
  readonly checkpointer = new Checkpointer((message) => void this.complaints.push(message));
  readonly file = join(this.path, "pages.sqlite");

  open(checkpointer?: Checkpointer): SqliteFile {
    const file = new SqliteFile(this.file, { journal: "wal", pageSize: PAGE, checkpointer });
    file.exec("CREATE TABLE IF NOT EXISTS pages (bytes BLOB)");
    // whoever writes shall not do it
    file.deferCheckpoints(true);
    return file;
  }

  override [Symbol.dispose](): void {
    this.checkpointer[Symbol.dispose]();
    super[Symbol.dispose]();
  }
}

function write(file: SqliteFile, pages: number): void {
  file.transaction(() => {
    // a row that fills its page
    for (let i = 0; i < pages; i++) file.sql("INSERT INTO pages VALUES (zeroblob(?))").run(PAGE - 200);
  });
}

/** How many pages the log has, and how many of them are in the file. */
function logOf(file: SqliteFile): { logged: number; moved: number } {
  const [, logged, moved] = file.sql("PRAGMA wal_checkpoint(NOOP)").get() as number[];
  return { logged: logged!, moved: moved! };
}

/** How many pages of the log are not yet in the file. */
function waiting(file: SqliteFile): number {
  const { logged, moved } = logOf(file);
  return logged - moved;
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries++) {
    ok(tries < 6000, "nothing has happened for half a minute");
    await pause(5);
  }
}

Deno.test("a thread brings the log into the file once there is much of it", async () => {
  using place = new Place();
  using file = place.open(place.checkpointer);
  write(file, 100);
  ok(waiting(file) >= 100);
  write(file, MANY);
  await until(() => waiting(file) === 0);
  write(file, 1);
  ok(logOf(file).logged < 100, "the log begins anew");
  equal(place.complaints.join(), "");
});

Deno.test("a checkpoint goes as far as readers allow, and the next one further", async () => {
  using place = new Place();
  using file = place.open(place.checkpointer);
  using reader = place.open();
  write(file, 10);
  reader.exec("BEGIN");
  equal(reader.sql("SELECT count(*) FROM pages").get()![0], 10);
  write(file, MANY);
  write(file, MANY);
  ok(waiting(file) >= 2 * MANY);
  equal(reader.sql("SELECT count(*) FROM pages").get()![0], 10);
  reader.exec("COMMIT");
  write(file, MANY);
  await until(() => waiting(file) === 0);
});

Deno.test("a file that was deleted is left alone, and one that is none is told of", async () => {
  using place = new Place();
  place.checkpointer.request(place.file);
  const other = join(place.path, "other.sqlite");
  Deno.writeTextFileSync(other, "no database, but long enough to have a header: ".repeat(100));
  place.checkpointer.request(other);
  await until(() => place.complaints.length > 0);
  ok(!existsSync(place.file));
  equal(place.complaints.length, 1);
  match(place.complaints[0]!, /other\.sqlite .*is no intact denosh file/);
});

Deno.test("who ends it waits for the checkpoint that runs, and nothing is left of the log", () => {
  using place = new Place();
  {
    using file = place.open(place.checkpointer);
    write(file, MANY);
  }
  place.checkpointer[Symbol.dispose]();
  place.checkpointer.request(place.file);
  ok(!existsSync(`${place.file}-wal`));
  using file = place.open();
  equal(file.sql("SELECT count(*) FROM pages").get()![0], MANY);
  equal(file.sql("PRAGMA integrity_check").get()![0], "ok");
});
