/**
 * Who AQL is measured against: hand-written SQL on the same files, PostgreSQL in the same process, and a loop.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { PGlite } from "@electric-sql/pglite";

/** What a rival does for one work; gives how many results there were. */
export type Contestant = () => number | Promise<number>;

/** The works, by name; a rival may lack some. */
export type Works = Readonly<Record<string, Contestant>>;

/** The parameters of the works. */
export interface WorkSizes {
  /** How many documents there are. */
  readonly documents: number;
  /** How many orders there are, and how many documents the works that write write. */
  readonly orders: number;
  /** The values that the look-ups by index look for. */
  readonly visits: readonly number[];
}

/** The names of the works, in the order of the table. */
export const WORKS = {
  scan: "full scan, filter on one attribute (1 %)",
  attribute: "scan, one attribute of each document",
  group: "group by an attribute, count",
  top: "top 10 by an attribute",
  equality: "200 look-ups by secondary index",
  range: "range by secondary index (1 %)",
  join: "join of two collections by key",
  upsert: "UPSERT of existing and new documents",
  insert: "INSERT from a query",
} as const;

interface TextRow {
  readonly text: string;
}

/** Hand-written SQL on copies of denosh's files, with indexes on expressions. */
export function sqliteWorks(people: string, orders: string, sizes: WorkSizes): Works & Disposable {
  const db = new DatabaseSync(people);
  db.exec(`PRAGMA cache_size = -65536; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    ATTACH '${orders}' AS o; CREATE INDEX by_visits ON doc (json_extract(text, '$.visits'));
    CREATE TABLE target (rev INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, text TEXT NOT NULL)`);
  const all = (sql: string, ...values: number[]): Record<string, unknown>[] =>
    db.prepare(sql).all(...values) as Record<string, unknown>[];
  const parsed = (rows: Record<string, unknown>[]): number =>
    (rows as unknown as TextRow[]).map(({ text }) => JSON.parse(text)).length;
  return {
    scan: () => parsed(all("SELECT text FROM doc WHERE json_extract(text, '$.balance') > 9900")),
    attribute: () => all("SELECT json_extract(text, '$.name') AS name FROM doc").length,
    group: () => all("SELECT json_extract(text, '$.age') AS age, count(*) AS n FROM doc GROUP BY 1 ORDER BY 1").length,
    top: () => parsed(all("SELECT text FROM doc ORDER BY json_extract(text, '$.balance') DESC LIMIT 10")),
    equality() {
      const find = db.prepare("SELECT text FROM doc WHERE json_extract(text, '$.visits') = ?");
      let found = 0;
      for (const visits of sizes.visits) found += parsed(find.all(visits) as Record<string, unknown>[]);
      return found;
    },
    range: () => parsed(all("SELECT text FROM doc WHERE json_extract(text, '$.visits') BETWEEN 100 AND 140")),
    join: () =>
      all(`SELECT json_extract(p.text, '$.name') AS name FROM o.doc o
        JOIN doc p ON p.key = json_extract(o.text, '$.person')`).length,
    upsert() {
      db.exec(`BEGIN; INSERT INTO doc (rev, key, text)
        SELECT (SELECT max(rev) FROM doc) + row_number() OVER (), json_extract(text, '$.target'),
          json_object('_key', json_extract(text, '$.target'), 'age', 1) FROM o.doc WHERE true
        ON CONFLICT (key) DO UPDATE SET text = json_patch(text, '{"seen":true}'); COMMIT`);
      return 0;
    },
    insert() {
      db.exec(
        `BEGIN; INSERT INTO target WITH RECURSIVE i (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < ${sizes.orders})
        SELECT n, 'k' || n, json_object('_key', 'k' || n, 'n', n, 'square', n * n) FROM i; COMMIT`,
      );
      return 0;
    },
    [Symbol.dispose]: () => db.close(),
  } as Works & Disposable;
}

/** PostgreSQL in this process, in memory, with JSONB and indexes on expressions. */
export async function pgliteWorks(
  people: Iterable<string>,
  orders: Iterable<string>,
  sizes: WorkSizes,
): Promise<Works & AsyncDisposable> {
  const db = new PGlite();
  await db.exec(
    "CREATE TABLE people (key text PRIMARY KEY, doc jsonb); CREATE TABLE orders (key text PRIMARY KEY, doc jsonb); CREATE TABLE target (doc jsonb)",
  );
  for (const [name, texts] of [["people", people], ["orders", orders]] as const) {
    for (const part of parts(texts, 50_000)) {
      const lines = part.map((text) => {
        const { _key: key } = JSON.parse(text) as { _key: string };
        return `${key}\t${text.replaceAll("\\", "\\\\")}\n`;
      });
      await db.query(`COPY ${name} FROM '/dev/blob'`, [], { blob: new Blob(lines) });
    }
  }
  await db.exec("CREATE INDEX by_visits ON people (((doc->'visits')::int)); ANALYZE");
  const all = async (sql: string, ...values: number[]): Promise<number> => (await db.query(sql, values)).rows.length;
  return {
    scan: () => all("SELECT doc FROM people WHERE (doc->'balance')::float8 > 9900"),
    attribute: () => all("SELECT doc->>'name' AS name FROM people"),
    group: () => all("SELECT (doc->'age')::int AS age, count(*) AS n FROM people GROUP BY 1 ORDER BY 1"),
    top: () => all("SELECT doc FROM people ORDER BY (doc->'balance')::float8 DESC LIMIT 10"),
    async equality() {
      let found = 0;
      for (const visits of sizes.visits) {
        found += await all("SELECT doc FROM people WHERE (doc->'visits')::int = $1", visits);
      }
      return found;
    },
    range: () => all("SELECT doc FROM people WHERE (doc->'visits')::int BETWEEN 100 AND 140"),
    join: () => all("SELECT p.doc->>'name' AS name FROM orders o JOIN people p ON p.key = o.doc->>'person'"),
    async upsert() {
      await db.query(
        `INSERT INTO people SELECT doc->>'target', jsonb_build_object('_key', doc->>'target', 'age', 1) FROM orders
        ON CONFLICT (key) DO UPDATE SET doc = people.doc || '{"seen":true}'`,
      );
      return 0;
    },
    async insert() {
      await db.query(`INSERT INTO target SELECT jsonb_build_object('_key', 'k' || n, 'n', n, 'square', n::float8 * n)
        FROM generate_series(1, ${sizes.orders}) n`);
      return 0;
    },
    [Symbol.asyncDispose]: () => db.close(),
  } as Works & AsyncDisposable;
}

/** A loop over parsed documents, as a script would write it. */
export function loopWorks(people: () => Iterable<string>, orders: () => Iterable<string>): Works {
  interface Person {
    readonly _key: string;
    readonly name: string;
    readonly age: number;
    readonly balance: number;
  }
  function* parsed(): Generator<Person> {
    for (const text of people()) yield JSON.parse(text) as Person;
  }
  return {
    scan: () => [...parsed()].filter(({ balance }) => balance > 9900).length,
    attribute: () => Array.from(parsed(), ({ name }) => name).length,
    group() {
      const groups = new Map<number, number>();
      for (const { age } of parsed()) groups.set(age, (groups.get(age) ?? 0) + 1);
      return [...groups].sort(([a], [b]) => a - b).length;
    },
    top: () => [...parsed()].sort((a, b) => b.balance - a.balance).slice(0, 10).length,
    join() {
      const byKey = new Map(Array.from(parsed(), (person) => [person._key, person]));
      const names: string[] = [];
      for (const text of orders()) {
        const found = byKey.get((JSON.parse(text) as { person: string }).person);
        if (found) names.push(found.name);
      }
      return names.length;
    },
  };
}

function* parts(texts: Iterable<string>, size: number): Generator<string[]> {
  let part: string[] = [];
  for (const text of texts) {
    part.push(text);
    if (part.length < size) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}
