/**
 * Proposals inside of a query that is being typed as a string.
 *
 * @module
 */
import type { Proposals } from "./line_editor.ts";

/** What queries know beside variables. */
export interface QueryNames {
  /** Reserved words, in upper case. */
  readonly keywords: readonly string[];
  /** Names of functions, in upper case. */
  readonly functions: readonly string[];
}

/** What a database knows. */
export interface DatabaseNames {
  /** Names of collections. */
  collections(): readonly string[];
  /** Names of the attributes that documents of a collection have. */
  attributes(collection: string): readonly string[];
}

/** What stands before a string that is a query. */
const QUERY_BEGIN =
  /(?:\b_(?:query|explain|parse|profileQuery|createStatement)\s*\(\s*(?:\{[^"'`]*?\bquery\s*:\s*)?|\b(?:query|explain)\s*:\s*|\baql\s*(?=`))(["'`])/g;

/** The query that a cursor stands in; undefined if it stands in none. */
export function queryBefore(text: string): string | undefined {
  let query: string | undefined;
  for (const found of text.matchAll(QUERY_BEGIN)) {
    const start = found.index + found[0].length;
    const rest = text.slice(start);
    const isClosed = new RegExp(String.raw`(?<!\\)${found[1]}`).test(rest);
    if (!isClosed) query = rest;
  }
  return query;
}

/**
 * Proposes how a query may go on.
 *
 * @param query its text before the cursor
 * @param cursor where the cursor stands in the line
 */
export function queryProposals(query: string, cursor: number, names: QueryNames, database: DatabaseNames): Proposals {
  const path = /([A-Za-z_]\w*)\.(\w*)$/.exec(query);
  if (path) {
    const [, variable = "", begun = ""] = path;
    const collection = new RegExp(String.raw`\bFOR\s+${variable}\s+IN\s+([\w-]+)`, "i").exec(query)?.[1];
    const known = collection !== undefined && database.collections().includes(collection);
    const attributes = known ? database.attributes(collection) : [];
    return { start: cursor - begun.length, texts: attributes.filter((name) => name.startsWith(begun)).sort() };
  }
  const word = /\w*$/.exec(query)![0];
  const variables = [...query.matchAll(/\b(?:FOR|LET|INTO|COLLECT)\s+(\w+)/gi)].map(([, name]) => name!);
  const upper = word.toUpperCase();
  // a word in small letters stays so
  const cased = (name: string): string => word !== "" && word === word.toLowerCase() ? name.toLowerCase() : name;
  const texts = [
    ...names.keywords.filter((name) => name.startsWith(upper)).map(cased),
    ...names.functions.filter((name) => name.startsWith(upper)).map((name) => `${cased(name)}(`),
    ...database.collections().filter((name) => name.startsWith(word)),
    ...variables.filter((name) => name.startsWith(word) && name !== word),
  ];
  return { start: cursor - word.length, texts: word === "" ? [] : [...new Set(texts)].sort() };
}
