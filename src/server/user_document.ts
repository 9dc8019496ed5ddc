/**
 * The documents of `_users`.
 *
 * A user is a document with the attributes that ArangoDB gives it: `user`, `authData`, `databases` (levels by database and
 * collection) and `userData`. Passwords are kept as salted PBKDF2 hashes; ArangoDB's own salted SHA-256 is understood too.
 *
 * Source: recorded example `RestReplicationLoggerFollowBufferLimit` (a document of `_users`).
 *
 * @module
 */
import type { AccessToken } from "./access_tokens.ts";
import { hashPassword, type PasswordHash } from "./passwords.ts";
import { type Grants, type Level, Rights } from "./rights.ts";

interface Permissions {
  permissions: { read: boolean; write: boolean };
}

/** A document of `_users`. */
export interface UserDocument {
  readonly _key?: string;
  user: string;
  source: string;
  authData: { active: boolean; simple: PasswordHash };
  accessTokens?: { readonly lastId: number; readonly tokens: readonly AccessToken[] };
  databases: Record<string, Partial<Permissions> & { collections?: Record<string, Permissions> }>;
  userData: Attributes;
  configData?: Attributes;
}

/** What clients keep with a user. */
export type Attributes = Readonly<Record<string, unknown>>;

/** The attributes that a client gives; what is no object gives none. */
export function attributesOf(extra: unknown): Attributes {
  return typeof extra === "object" && !Array.isArray(extra) ? { ...extra } : {};
}

/** What clients say about a user. */
export interface UserRequest {
  /** The name. */
  readonly user: string;
  /** The password in the clear; the empty one when absent. */
  readonly passwd?: string;
  /** Whether the user may log in (default true). */
  readonly active?: boolean;
  /** Whatever the client wants to keep. */
  readonly extra?: Attributes;
}

/** A user as the server knows it. */
export interface User {
  /** The name. */
  readonly name: string;
  /** Whether the user may log in. */
  readonly active: boolean;
  /** What clients keep with the user. */
  readonly extra: Attributes;
  /** Levels by database and collection. */
  readonly grants: Grants;
}

/** A user with what only the server sees. */
export interface KnownUser extends User {
  /** As it is stored. */
  readonly document: UserDocument;
  /** What the user may do. */
  readonly rights: Rights;
}

/** A level as documents have it. */
export function permissions(level: Level): Permissions["permissions"] {
  return { read: level !== "none", write: level === "rw" };
}

function levelOf(entry: Partial<Permissions> | undefined): Level | undefined {
  if (!entry?.permissions) return undefined;
  return entry.permissions.write ? "rw" : entry.permissions.read ? "ro" : "none";
}

/** The document of a new user. */
export function newDocument(request: UserRequest, databases: UserDocument["databases"]): UserDocument {
  const { user, passwd = "", active = true, extra = {} } = request;
  return { user, source: "LOCAL", authData: { active, simple: hashPassword(passwd) }, databases, userData: extra };
}

/** The user that a document describes; undefined if it describes none. */
export function fromDocument(document: UserDocument): KnownUser | undefined {
  if (typeof document.user !== "string" || typeof document.authData?.simple?.hash !== "string") return undefined;
  document.databases ??= {};
  const grants = new Map(
    Object.entries(document.databases).map(([name, entry]) => {
      const level = levelOf(entry);
      const collections = new Map<string, Level>();
      for (const [collection, one] of Object.entries(entry.collections ?? {})) {
        const own = levelOf(one);
        if (own) collections.set(collection, own);
      }
      return [name, { ...(level ? { level } : {}), collections }] as const;
    }),
  );
  return {
    name: document.user,
    active: document.authData.active === true,
    extra: document.userData ?? {},
    grants,
    document,
    rights: new Rights(grants),
  };
}
