/**
 * The analyzers of a database: the built-in ones, and those that are documents of `_analyzers`.
 *
 * Source: recorded examples `RestAnalyzer*` and `analyzer*`; the manual's "Analyzer Names"; `arangosh.md` §3.9.
 *
 * @module
 */
import {
  type AnalyzerProperties,
  type AnalyzerSurroundings,
  completeProperties,
  makeTokenizer,
  type Tokenizer,
} from "../analyzers/analyzer.ts";
import { type AnalyzerDefinition, BUILT_IN_ANALYZERS, completeFeatures } from "../analyzers/built_in.ts";
import { EngineSource } from "../aql/engine_source.ts";
import { parseQuery, runQuery } from "../aql/query.ts";
import { ArangoError } from "../base/arango_error.ts";
import type { Collection } from "../engine/collection.ts";
import type { Database } from "../engine/database.ts";
import type { RequestContext } from "./route.ts";

const NAME = /^[a-zA-Z][a-zA-Z0-9_-]{0,253}$/;

/** Queries of analyzers see no stored data. */
function surroundings(database: Database): AnalyzerSurroundings {
  const refuse = (): never => {
    throw new ArangoError("ERROR_BAD_PARAMETER", "bad parameter: the query of an analyzer must not use stored data");
  };
  return {
    prepareQuery: (query, memoryLimit) => {
      const { collections, bindVars } = parseQuery(query);
      if (collections.length > 0 || bindVars.some((name) => name !== "param")) refuse();
      const source = new EngineSource(database, { assertReadable: refuse, assertWritable: refuse });
      return (param) => {
        using run = runQuery(source, query, bindVars.length > 0 ? { param } : {}, { memoryLimit });
        return run.nextBatch(Infinity);
      };
    },
  };
}

/** The analyzers of a database. */
export class Analyzers {
  readonly #database: Database;
  /** The database whose analyzers others may use. */
  readonly #system: Database;

  /** The analyzers of `database`. */
  constructor(database: Database, system: Database) {
    this.#database = database;
    this.#system = system;
  }

  #collection(database = this.#database): Collection {
    return database.collection("_analyzers");
  }

  /** All that queries of the database may use by their own or a full name. */
  all(): AnalyzerDefinition[] {
    const databases = this.#system.name === this.#database.name ? [this.#system] : [this.#database, this.#system];
    return [
      ...BUILT_IN_ANALYZERS.values(),
      ...databases.flatMap((database) =>
        [...this.#collection(database).pages()].flat().map(({ text }) => shown(database, text))
      ),
    ];
  }

  /** An analyzer, by its own or its full name; undefined if there is none. */
  find(name: string): AnalyzerDefinition | undefined {
    const builtIn = BUILT_IN_ANALYZERS.get(name);
    if (builtIn) return builtIn;
    const { database, key } = this.#place(name) ?? {};
    const document = database && key && this.#collection(database).document(key);
    return document ? shown(database!, document.text) : undefined;
  }

  /** Where an analyzer would be; undefined in databases whose analyzers cannot be used. */
  #place(name: string): { readonly database: Database; readonly key: string } | undefined {
    const [, prefix, key] = /^(?:(.*)::)?([^:]*)$/.exec(name) ?? [];
    if (key === undefined) return undefined;
    if (prefix === undefined || prefix === this.#database.name) return { database: this.#database, key };
    return prefix === this.#system.name || prefix === "" ? { database: this.#system, key } : undefined;
  }

  /**
   * Makes an analyzer, if there is not the same one already.
   *
   * @returns the analyzer and whether it is new
   * @throws ArangoError 9 a type that is not here, 10 wrong names, settings or features, or another analyzer of this name
   */
  save(name: string, type: string, given: AnalyzerProperties, features: unknown): [AnalyzerDefinition, isNew: boolean] {
    const key = name.startsWith(`${this.#database.name}::`) ? name.slice(this.#database.name.length + 2) : name;
    if (!NAME.test(key)) throw new ArangoError("ERROR_BAD_PARAMETER", `invalid characters in analyzer name '${name}'`);
    const properties = completeProperties(type, given, surroundings(this.#database));
    const definition = { type, properties, features: completeFeatures(features) };
    const existing = this.find(key);
    if (existing) {
      const { name: _, ...rest } = existing;
      if (JSON.stringify(rest) === JSON.stringify(definition)) return [existing, false];
      throw new ArangoError(
        "ERROR_BAD_PARAMETER",
        `name collision: there is another analyzer with the name '${existing.name}'`,
      );
    }
    const text = JSON.stringify({ _key: key, name: key, ...definition });
    this.#collection().insert(text);
    return [shown(this.#database, text), true];
  }

  /**
   * Removes an analyzer.
   *
   * @returns its full name
   * @throws ArangoError 11 for one that is built in, or belongs to another database; 1202 no such analyzer
   */
  remove(name: string): string {
    const found = this.find(name);
    if (!found) throw noAnalyzer(name);
    const { database, key } = this.#place(name)!;
    if (BUILT_IN_ANALYZERS.has(name) || database !== this.#database) {
      throw new ArangoError("ERROR_FORBIDDEN", `forbidden: the analyzer '${name}' cannot be removed from here`);
    }
    this.#collection().remove(key);
    return found.name;
  }

  /** An analyzer at work; undefined if there is none of this name. */
  tokenizer(name: string): Tokenizer | undefined {
    const found = this.find(name);
    return found && makeTokenizer(found.type, found.properties, surroundings(this.#database));
  }
}

function shown(database: Database, text: string): AnalyzerDefinition {
  const { name, type, properties, features } = JSON.parse(text) as AnalyzerDefinition;
  return { name: `${database.name}::${name}`, type, properties, features };
}

/** The error (1202) for an analyzer that is not there. */
export function noAnalyzer(name: string): ArangoError {
  return new ArangoError("ERROR_ARANGO_DOCUMENT_NOT_FOUND", `unable to find analyzer: '${name}'`);
}

/** The analyzers that a request may use. */
export function analyzersOf({ server, databaseName }: RequestContext): Analyzers {
  return new Analyzers(server.database(databaseName), server.database("_system"));
}
