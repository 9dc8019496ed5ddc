/**
 * Access levels and what they allow.
 *
 * Source: ArangoDB's manual, "Managing Users", "Permission Resolution" and "System Collections".
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

/** The highest of levels; the lowest there is when none is given. */
function higher(...levels: readonly (Level | undefined)[]): Level {
  return levels.reduce<Level>((best, one) => (one !== undefined && allows(one, best) ? one : best), "none");
}

/** Levels of system collections that are everybody's. */
const SYSTEM_LEVELS: ReadonlyMap<string, Level> = new Map([["_users", "none"], ["_queues", "ro"], ["_frontend", "rw"]]);

/** The grants of a user: levels by database and collection; `*` stands for all that have no level of their own. */
export type Grants = ReadonlyMap<string, { readonly level?: Level; readonly collections: ReadonlyMap<string, Level> }>;

/** What a user may do. */
export class Rights {
  readonly #grants: Grants | undefined;

  /** What `grants` allow; undefined allows everything. */
  constructor(grants: Grants | undefined) {
    this.#grants = grants;
  }

  /** The level for a database: its own grant, else the higher one of those for `*` and for `_system`. */
  database(name: string): Level {
    if (!this.#grants) return "rw";
    return this.#grants.get(name)?.level ?? higher(this.#grants.get("*")?.level, this.#grants.get("_system")?.level);
  }

  /**
   * The level for a collection. Nothing without a level for its database; else its own grant; else the highest of the
   * wildcards for collections of the database and of all databases, and the levels of all databases, of the database itself
   * and of `_system`: a wildcard cannot take away what the database's level gives. System collections follow the database,
   * with exceptions of their own.
   */
  collection(database: string, name: string): Level {
    if (!this.#grants) return "rw";
    const level = this.database(database);
    if (level === "none") return "none";
    if (name.startsWith("_")) return SYSTEM_LEVELS.get(name) ?? level;
    const [own, all, system] = [database, "*", "_system"].map((one) => this.#grants!.get(one));
    return own?.collections.get(name) ??
      higher(own?.collections.get("*"), all?.collections.get("*"), all?.level, level, system?.level);
  }

  /** Whether the user may change everything that belongs to the server. */
  get isAdmin(): boolean {
    return this.database("_system") === "rw";
  }

  /**
   * Checks the right that a route asks for.
   *
   * @throws ArangoError 11; 1230, whatever the rights are, for what is done in `_system` only
   */
  assert(access: Access, database: string): void {
    if (access === "system" && database !== "_system") {
      throw new ArangoError("ERROR_ARANGO_USE_SYSTEM_DATABASE", undefined, { code: 403 });
    }
    const allowed = access === "open" || access === "user" ||
      (isForAdmins(access) ? this.isAdmin : allows(this.database(database), access === "write" ? "rw" : "ro"));
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

/** Whether a route is for administrators only. */
export function isForAdmins(access: Access): boolean {
  return access === "admin" || access === "system";
}

/** Everything is allowed. */
export const ALL_RIGHTS: Rights = new Rights(undefined);
