/**
 * What a command that failed at the prompt may have been meant to be.
 *
 * @module
 */
import { similarNames } from "../base/similar_names.ts";

/** Commands of other shells, and what they are here. */
const OTHER_SHELLS: readonly (readonly [command: RegExp, meant: (words: RegExpExecArray) => string])[] = [
  [/^show\s+(?:collections|tables)\b/i, () => "db._collections()"],
  [/^show\s+(?:dbs|databases)\b/i, () => "db._databases()"],
  [/^use\s+([\w-]+)\s*;?$/i, ([, name]) => `db._useDatabase("${name}")`],
  [/^select\b[^]*\bfrom\s+(\w+)/i, ([, name]) => `db._query("FOR d IN ${name} RETURN d")`],
];

/** How queries begin: loops, which have brackets in JavaScript, and other operations, whose small letters mean something there. */
const QUERIES = [/^for\s+\w+(?:\s*,\s*\w+)*\s+in\s/i, /^(?:RETURN|LET|INSERT|UPDATE|REPLACE|REMOVE|UPSERT|WITH)\s/];

/** The longest query that is repeated whole. */
const SHORT = 60;

/**
 * A line for somebody who knows another shell, forgot to call `_query`, or misspelt a collection.
 *
 * @param command what has failed
 * @param collections asks for the names of all collections; only where the answer matters
 * @returns undefined where there is nothing to say
 */
export function commandHint(command: string, collections: () => readonly string[]): string | undefined {
  const text = command.trim();
  for (const [form, meant] of OTHER_SHELLS) {
    const words = form.exec(text);
    if (words) return `Hint: here it is ${meant(words)}`;
  }
  if (QUERIES.some((form) => form.test(text))) {
    const shown = text.length > SHORT || text.includes("\n") ? "…" : text.replace(/[\\`]/g, "\\$&");
    return `Hint: queries are run by db._query(\`${shown}\`)`;
  }
  const used = Array.from(text.matchAll(/(?<![\w$.])db\.([A-Za-z]\w*)\s*\./g), ([, name]) => name!);
  if (used.length === 0) return undefined;
  const known = collections();
  // some are always there: an empty list is no answer
  if (known.length === 0) return undefined;
  const unknown = used.find((name) => !known.includes(name));
  if (unknown === undefined) return undefined;
  const [near] = similarNames(unknown, known);
  const advice = near === undefined ? `db._create("${unknown}") makes it` : `did you mean '${near}'?`;
  return `Hint: there is no collection '${unknown}'; ${advice}`;
}
