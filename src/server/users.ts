/**
 * Who may do what: the users in `_system/_users`.
 *
 * Source: HTTP API description of `/_api/user` and `/_open/auth`.
 *
 * @module
 */
import { ArangoError } from "../base/arango_error.ts";
import type { ApiRequest } from "../base/exchange.ts";
import type { Collection } from "../engine/collection.ts";
import type { Engine } from "../engine/engine.ts";
import { type AccessToken, claimedUser, isAccessToken, newAccessToken } from "./access_tokens.ts";
import { CheckedPasswords } from "./checked_passwords.ts";
import { FailedLogins } from "./failed_logins.ts";
import { hashPassword } from "./passwords.ts";
import { type Level, Rights } from "./rights.ts";
import { Tokens } from "./tokens.ts";
import {
  type Attributes,
  fromDocument,
  type KnownUser,
  newDocument,
  permissions,
  type User,
  type UserDocument,
  type UserRequest,
} from "./user_document.ts";

/** Who sends a request, and what that user may do. */
export interface Caller {
  /** The name. */
  readonly user: string;
  /** What the user may do. */
  readonly rights: Rights;
}

/** Options of {@linkcode Users}. */
export interface UsersOptions {
  /** The password of root in a directory without users; the empty one when absent. */
  readonly rootPassword?: string;
  /** See {@linkcode Tokens}. */
  readonly jwtSecret?: string | Uint8Array;
}

/** The users of a server. */
export class Users {
  readonly #engine: Engine;
  readonly #rootPassword: string;
  /** Passwords that were wrong. */
  readonly failedLogins: FailedLogins = new FailedLogins();
  /** Makes and checks session tokens. */
  readonly tokens: Tokens;
  #loaded: { tick: bigint | undefined; byName: Map<string, KnownUser> } | undefined;
  readonly #passwords = new CheckedPasswords();

  /** The users in the directory of `engine`. */
  constructor(engine: Engine, options: UsersOptions) {
    this.#engine = engine;
    this.#rootPassword = options.rootPassword ?? "";
    this.tokens = new Tokens(options.jwtSecret);
  }

  #collection(): Collection | undefined {
    return this.#engine.database("_system").find("_users");
  }

  /** Makes root in a directory that has no users yet; another process may be doing the same. */
  prepare(): void {
    if (this.#engine.readOnly || (this.#collection()?.count() ?? 0) > 0) return;
    const users = this.#ensured();
    this.#engine.write([users], () => {
      if (users.count() > 0) return;
      // as in `RestReplicationLoggerFollowBufferLimit`
      const everything = { permissions: permissions("rw"), collections: { "*": { permissions: permissions("rw") } } };
      this.#write(newDocument({ user: "root", passwd: this.#rootPassword }, { _system: everything, "*": everything }));
    }, { durable: true });
    // as in `09_workWithAQL_statementsPlansBind`
    users.ensureIndex({ type: "hash", fields: ["user"], unique: true, sparse: true });
  }

  #ensured(): Collection {
    const system = this.#engine.database("_system");
    system.ensureCollections([{ name: "_users", properties: { isSystem: true } }]);
    return system.collection("_users");
  }

  #write(document: UserDocument): void {
    const { _key, ...rest } = document;
    const text = JSON.stringify(rest);
    const collection = this.#ensured();
    if (_key === undefined) collection.insert(text, { waitForSync: true });
    else collection.replace(_key, text, { waitForSync: true });
    this.#loaded = undefined;
  }

  #known(): Map<string, KnownUser> {
    const collection = this.#collection();
    const tick = collection && this.#engine.catalog.collectionTick(collection.id);
    if (this.#loaded && this.#loaded.tick === tick) return this.#loaded.byName;
    const byName = new Map<string, KnownUser>();
    for (const page of collection?.pages() ?? []) {
      for (const { text } of page) {
        const known = fromDocument(JSON.parse(text));
        if (known) byName.set(known.name, known);
      }
    }
    this.#loaded = { tick, byName };
    return byName;
  }

  /** The user with a name. */
  find(name: string): User | undefined {
    return this.#known().get(name);
  }

  /**
   * The user with a name.
   *
   * @throws ArangoError 1703
   */
  get(name: string): User {
    return this.#existing(name);
  }

  #existing(name: string): KnownUser {
    const known = this.#known().get(name);
    if (!known) throw new ArangoError("ERROR_USER_NOT_FOUND");
    return known;
  }

  /** All users. */
  all(): User[] {
    return [...this.#known().values()];
  }

  /** What a user may do; nothing if there is no such user. */
  rights(name: string): Rights {
    return this.#known().get(name)?.rights ?? new Rights(new Map());
  }

  /**
   * Makes a user.
   *
   * @throws ArangoError 1702 name taken, 1700 empty name
   */
  add(request: UserRequest): User {
    if (request.user === "") throw new ArangoError("ERROR_USER_INVALID_NAME");
    if (this.find(request.user)) throw new ArangoError("ERROR_USER_DUPLICATE");
    this.#write(newDocument(request, {}));
    return this.get(request.user);
  }

  /**
   * Replaces or updates a user; grants stay.
   *
   * @param keep whether what the request does not name stays as it is
   * @throws ArangoError 1703
   */
  change(request: UserRequest, keep: boolean): User {
    const { document } = this.#existing(request.user);
    const { passwd, active, extra } = request;
    const simple = passwd === undefined && keep ? document.authData.simple : hashPassword(passwd ?? "");
    this.#write({
      ...document,
      authData: { active: active ?? (keep ? document.authData.active : true), simple },
      userData: keep ? { ...document.userData, ...extra } : extra ?? {},
    });
    return this.get(request.user);
  }

  /**
   * What the web interface keeps with a user.
   *
   * @throws ArangoError 1703
   */
  config(name: string): Attributes {
    return this.#existing(name).document.configData ?? {};
  }

  /**
   * Replaces what the web interface keeps with a user.
   *
   * @throws ArangoError 1703
   */
  setConfig(name: string, configData: Attributes): void {
    this.#write({ ...this.#existing(name).document, configData });
  }

  /**
   * Removes a user.
   *
   * @throws ArangoError 1703
   */
  remove(name: string): void {
    const { document } = this.#existing(name);
    this.#collection()!.remove(document._key!, { waitForSync: true });
    this.#loaded = undefined;
  }

  /**
   * Sets the level for a database, or with undefined takes it back, with the levels of its collections.
   *
   * @throws ArangoError 1703
   */
  grantDatabase(name: string, database: string, level: Level | undefined): void {
    const { document } = this.#existing(name);
    const databases = structuredClone(document.databases);
    if (level === undefined) delete databases[database];
    else databases[database] = { ...databases[database], permissions: permissions(level) };
    this.#write({ ...document, databases });
  }

  /**
   * Sets the level for a collection, or with undefined takes it back.
   *
   * @param collection `*` for all that have no level of their own
   * @throws ArangoError 1703
   */
  grantCollection(name: string, database: string, collection: string, level: Level | undefined): void {
    const { document } = this.#existing(name);
    const databases = structuredClone(document.databases);
    const entry = databases[database] ??= {};
    const collections = entry.collections ??= {};
    if (level === undefined) delete collections[collection];
    else collections[collection] = { permissions: permissions(level) };
    this.#write({ ...document, databases });
  }

  /** Takes back what was granted for a database that is gone. */
  forgetDatabase(database: string): void {
    for (const { document } of this.#known().values()) {
      if (!(database in document.databases)) continue;
      const databases = structuredClone(document.databases);
      delete databases[database];
      this.#write({ ...document, databases });
    }
  }

  /** Whether a password is an active user's; wrong ones are counted. */
  isPassword(name: string, password: string): boolean {
    const known = this.#known().get(name);
    const right = this.#passwords.isRight(name, password, known?.document.authData.simple) && known!.active;
    if (!right) this.failedLogins.note();
    return right;
  }

  /**
   * The user that credentials belong to.
   *
   * @param name may be empty when the password is an access token, which names its user
   * @returns undefined when they are wrong
   */
  identify(name: string, password: string): string | undefined {
    const claimed = claimedUser(password);
    const owner = claimed === undefined || (name !== "" && name !== claimed) ? undefined : this.#known().get(claimed);
    if (owner?.active && isAccessToken(password, owner.document.accessTokens?.tokens ?? [])) return owner.name;
    return this.isPassword(name, password) ? name : undefined;
  }

  /**
   * The access tokens of a user.
   *
   * @throws ArangoError 1703
   */
  accessTokens(name: string): readonly AccessToken[] {
    return this.#existing(name).document.accessTokens?.tokens ?? [];
  }

  /**
   * Makes an access token.
   *
   * @param validUntil seconds since 1970; a year from now when absent
   * @returns the token, which cannot be had again, and what is kept of it
   * @throws ArangoError 1703 no such user, 409 the name is taken
   */
  addAccessToken(user: string, name: string, validUntil?: number): { token: string; stored: AccessToken } {
    const { document } = this.#existing(user);
    const { lastId, tokens } = document.accessTokens ?? { lastId: 0, tokens: [] };
    if (tokens.some((one) => one.name === name)) {
      throw new ArangoError("ERROR_HTTP_CONFLICT", `user '${user}' has an access token '${name}' already`);
    }
    const made = newAccessToken(user, lastId + 1, name, validUntil);
    this.#write({ ...document, accessTokens: { lastId: lastId + 1, tokens: [...tokens, made.stored] } });
    return made;
  }

  /**
   * Takes an access token back, if it is there.
   *
   * @throws ArangoError 1703
   */
  removeAccessToken(user: string, id: number): void {
    const { document } = this.#existing(user);
    const { lastId, tokens } = document.accessTokens ?? { lastId: 0, tokens: [] };
    const rest = tokens.filter((one) => one.id !== id);
    if (rest.length < tokens.length) this.#write({ ...document, accessTokens: { lastId, tokens: rest } });
  }

  /** Who sends a request, by its `authorization` header; undefined if that is missing or wrong. */
  authenticate(request: ApiRequest): Caller | undefined {
    const [, scheme, credentials] = /^(\w+) +(.+)$/.exec(request.headers.authorization ?? "") ?? [];
    switch (scheme?.toLowerCase()) {
      case "basic":
        return this.#basic(credentials!);
      case "bearer":
        return this.#bearer(credentials!.trim(), request.url);
      default:
        return undefined;
    }
  }

  #basic(credentials: string): Caller | undefined {
    const text = decodeBase64(credentials);
    const colon = text?.indexOf(":") ?? -1;
    if (text === undefined || colon < 0) return undefined;
    const user = this.identify(text.slice(0, colon), text.slice(colon + 1));
    return user === undefined ? undefined : this.#caller(user);
  }

  #bearer(token: string, url: string): Caller | undefined {
    const claims = this.tokens.verify(token);
    if (!claims) return undefined;
    const path = url.replace(/\?.*$/, "").replace(/^\/_db\/[^/]*/, "");
    if (claims.allowedPaths && !claims.allowedPaths.includes(path)) return undefined;
    if (claims.user === undefined) return { user: "root", rights: new Rights(undefined) };
    return this.find(claims.user)?.active ? this.#caller(claims.user) : undefined;
  }

  #caller(user: string): Caller {
    return { user, rights: this.rights(user) };
  }
}

function decodeBase64(text: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // no base 64 or no UTF-8: no credentials
    return undefined;
  }
}
