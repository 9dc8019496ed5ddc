/**
 * Access levels and what they allow.
 *
 * Source: HTTP API description of `/_api/user`; `replication-protocol.md` §2.1.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { Access } from "./route.ts";

/** Everything, reading, nothing. */
export type Level = "rw" | "ro" | "none";

const ORDER: Readonly<Record<Level, number>> = { none: 0, ro: 1, rw: 2 };

/** Whether `level` allows what `needed` stands for. */
export function allows(level: Level, needed: Level): boolean {
  return ORDER[level] >= ORDER[needed];
}

/** The grants of a user: levels by database and collection; `*` stands for all that have no level of their own. */
export type Grants = ReadonlyMap<string, { readonly level?: Level; readonly collections: ReadonlyMap<string, Level> }>;

/** What a user may do. */
export class Rights {
  readonly #grants: Grants | undefined;

  /** What `grants` allow; undefined allows everything. */
  constructor(grants: Grants | undefined) {
    this.#grants = grants;
  }

  /** The level for a database: its own grant, else the one for `*`. */
  database(name: string): Level {
    if (!this.#grants) return "rw";
    return this.#grants.get(name)?.level ?? this.#grants.get("*")?.level ?? "none";
  }

  /**
   * The level for a collection: its own grant, else the database's for `*`, else that for all collections of all
   * databases. Without a level for the database that counts for nothing; the level for the database alone gives none for
   * its collections. System collections follow the database, but `_users` and `_queues` are nobody's.
   */
  collection(database: string, name: string): Level {
    if (!this.#grants) return "rw";
    if (name === "_users" || name === "_queues") return "none";
    const level = this.database(database);
    if (level === "none") return "none";
    if (name.startsWith("_")) return name === "_frontend" ? "rw" : level;
    const own = this.#grants.get(database)?.collections;
    return own?.get(name) ?? own?.get("*") ?? this.#grants.get("*")?.collections.get("*") ?? "none";
  }

  /** Whether the user may change everything that belongs to the server. */
  get isAdmin(): boolean {
    return this.database("_system") === "rw";
  }

  /**
   * Checks the right that a route asks for.
   *
   * @throws ArangoError 11
   */
  assert(access: Access, database: string): void {
    const allowed = access === "open" || access === "user" ||
      (access === "admin" ? this.isAdmin : allows(this.database(database), access === "write" ? "rw" : "ro"));
    if (!allowed) throw new ArangoError("ERROR_FORBIDDEN");
  }

  /**
   * Checks the right to a collection.
   *
   * @throws ArangoError 11
   */
  assertCollection(database: string, name: string, needed: Level): void {
    if (!allows(this.collection(database, name), needed)) throw new ArangoError("ERROR_FORBIDDEN");
  }
}

/** Everything is allowed. */
export const ALL_RIGHTS: Rights = new Rights(undefined);
