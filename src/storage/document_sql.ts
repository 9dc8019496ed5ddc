/**
 * SQL for parts of stored documents: conditions on their attributes, and their attributes alone.
 *
 * AQL compares by a total order of all types, SQLite by its own. A condition made here holds for every document for which
 * the AQL comparison holds, and maybe for others: whoever uses it tests what is left. Where both agree, SQLite drops the
 * documents at the speed of C.
 *
 * @module
 */
import { valuePicker } from "../base/attributes_text.ts";
import type { SqlValue } from "./sqlite.ts";

/** A comparison of an attribute with a JSON value. */
export interface AttributeComparison {
  readonly kind: "compare";
  readonly path: readonly string[];
  readonly operator: "==" | "!=" | "<" | "<=" | ">" | ">=";
  readonly value: unknown;
}

/** A condition on attributes. */
export type AttributeCondition =
  | AttributeComparison
  | { readonly kind: "and" | "or"; readonly parts: readonly AttributeCondition[] };

/** A piece of SQL with its parameters. */
export interface SqlPart {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** A number as SQLite reads it may be this much (relatively) off: it does not round the last digits as JavaScript does. */
const TOLERANCE = 1e-14;
/** Beyond this, integers and doubles are different things. */
const LARGEST = Number.MAX_SAFE_INTEGER;
/** So many values in a condition leave room for those of the statement around it: SQLite takes 32,766 parameters. */
const MAX_VALUES = 30_000;

/** Whether a path can be written in SQLite's notation as it is. */
function isPlain(path: readonly string[]): boolean {
  return path.length > 0 && path.every((name) => name !== "" && JSON.stringify(name) === `"${name}"`);
}

function jsonPath(path: readonly string[]): string {
  return `$${path.map((name) => `."${name}"`).join("")}`;
}

/** What SQLite has for an attribute: for keys the column, else a look into the JSON text. */
function extracted(path: readonly string[], value: unknown): SqlPart {
  if (path.length !== 1 || path[0] !== "_key") return { sql: "json_extract(text, ?)", values: [jsonPath(path)] };
  // a column of texts would make a text of a number that it is compared with
  return { sql: typeof value === "string" ? "key" : "+key", values: [] };
}

/**
 * The SQL of a condition on the rows of a collection file's documents.
 *
 * @returns undefined where nothing useful can be said in SQL
 */
export function conditionSql(condition: AttributeCondition): SqlPart | undefined {
  if (condition.kind === "compare") return comparisonSql(condition);
  const parts = condition.parts.map(conditionSql);
  const known = parts.filter((part) => part !== undefined);
  // an alternative that SQL cannot tell could be every document
  if (known.length === 0 || (condition.kind === "or" && known.length < parts.length)) return undefined;
  const joint = condition.kind === "or" ? " OR " : " AND ";
  const values = known.flatMap((part) => part.values);
  return values.length > MAX_VALUES ? undefined : { sql: `(${known.map(({ sql }) => sql).join(joint)})`, values };
}

function comparisonSql({ path, operator, value }: AttributeComparison): SqlPart | undefined {
  if (!isPlain(path)) return undefined;
  const { sql, values } = extracted(path, value);
  const with_ = (text: string, ...more: SqlValue[]): SqlPart => ({ sql: text, values: [...values, ...more] });
  if (value === null) {
    if (operator === "==" || operator === "<=") return with_(`${sql} IS NULL`);
    return operator === "!=" || operator === ">" ? with_(`${sql} IS NOT NULL`) : undefined;
  }
  if (typeof value === "boolean") return operator === "==" ? with_(`${sql} = ${value ? 1 : 0}`) : undefined;
  if (typeof value === "string") {
    return operator === "==" && value.isWellFormed() && !value.includes("\0") ? with_(`${sql} = ?`, value) : undefined;
  }
  if (typeof value !== "number" || Math.abs(value) > LARGEST) return undefined;
  const slack = Math.abs(value) * TOLERANCE;
  switch (operator) {
    case "==":
      return with_(`${sql} BETWEEN ? AND ?`, value - slack, value + slack);
    case ">":
    case ">=":
      // texts, which arrays and objects are here too, come after all numbers
      return with_(`${sql} >= ?`, value - slack);
    case "<":
    case "<=":
      // null and false come before all numbers, and so does true, which is 1 here
      return with_(`coalesce(${sql}, 0) <= ?`, Math.max(value + slack, 1));
    default:
      return undefined;
  }
}

/** What is made of a document: itself, the value of an attribute, or an object of the values of some. */
export type DocumentForm =
  | { readonly kind: "document" }
  | { readonly kind: "attribute"; readonly attribute: string }
  | { readonly kind: "object"; readonly members: readonly DocumentFormMember[] };

/** A member of an object that is made of a document. */
export interface DocumentFormMember {
  readonly label: string;
  readonly attribute: string;
}

/** Larger objects are left to who asks for them: SQLite takes expressions of up to 1000 levels, and a member is up to four. */
const MAX_MEMBERS = 200;

/** The SQL of the JSON text of an attribute. */
function attributeSql(name: string, collection: string): SqlPart {
  if (name === "_key") return { sql: `'"' || key || '"'`, values: [] };
  if (name === "_id") return { sql: `? || key || '"'`, values: [JSON.stringify(`${collection}/`).slice(0, -1)] };
  return { sql: "coalesce(text -> ?, 'null')", values: [`$."${name}"`] };
}

/**
 * The SQL of the JSON text of what is made of a document.
 *
 * @param collection the name of the collection, for `_id`
 * @returns undefined where SQL cannot make it
 */
export function formSql(form: DocumentForm, collection: string): SqlPart | undefined {
  if (form.kind === "document") return { sql: "text", values: [] };
  if (form.kind === "attribute") {
    return isPlain([form.attribute]) ? attributeSql(form.attribute, collection) : undefined;
  }
  const { members } = form;
  if (members.length > MAX_MEMBERS || !members.every(({ attribute }) => isPlain([attribute]))) return undefined;
  const parts = members.map(({ label, attribute }, i): SqlPart => {
    const { sql, values } = attributeSql(attribute, collection);
    return { sql: `? || ${sql} || `, values: [`${i === 0 ? "{" : ","}${JSON.stringify(label)}:`, ...values] };
  });
  return parts.length === 0
    ? { sql: "'{}'", values: [] }
    : { sql: `${parts.map(({ sql }) => sql).join("")}'}'`, values: parts.flatMap(({ values }) => values) };
}

/** How the text of what is made of a document is found: a text that SQLite gives, and what is made of that. */
export interface FormText {
  readonly given: SqlPart;
  /** Makes the text out of the one that is given; absent where that is the one already. */
  readonly finish?: (given: string) => string;
}

/** Longer documents stay in SQLite, in bytes: many of them at once would need much memory. */
const LONG_DOCUMENT = 8192;
/** More attributes are left to SQLite, too. */
const FEW_ATTRIBUTES = 8;

/**
 * Finds out how the text of what is made of a document is found soonest. Measured: to take attributes out of a text here takes
 * scans half to three quarters of the time that SQLite takes for it, and queries that find 20 documents by an index 0.89.
 *
 * @param collection the name of the collection, for `_id`
 * @returns undefined where SQL cannot make it
 */
export function formText(form: DocumentForm, collection: string): FormText | undefined {
  const made = formSql(form, collection);
  if (!made || form.kind === "document") return made && { given: made };
  const members = form.kind === "object" ? form.members : [{ label: "", attribute: form.attribute }];
  const names = [...new Set(members.map(({ attribute }) => attribute))];
  const isKnown = names.every((name) => name === "_key" || name === "_id");
  if (isKnown || names.length > FEW_ATTRIBUTES) return { given: made };
  // what SQLite has made begins with a space
  const sql = `CASE WHEN octet_length(text) <= ${LONG_DOCUMENT} THEN text ELSE ' ' || ${made.sql} END`;
  const starts = members.map(({ label }, i) => `${i === 0 ? "{" : ","}${JSON.stringify(label)}:`);
  const places = members.map(({ attribute }) => names.indexOf(attribute));
  const valuesOf = valuePicker(names);
  const finished = (text: string): string => {
    const values = valuesOf(text);
    if (form.kind === "attribute") return values[0]!;
    let object = "";
    for (let i = 0; i < starts.length; i++) object += starts[i]! + values[places[i]!]!;
    return `${object}}`;
  };
  return {
    given: { sql, values: made.values },
    finish: (given) => given[0] === " " ? given.slice(1) : finished(given),
  };
}

/**
 * The SQL of a JSON object with some attributes of a document.
 *
 * @param names the names of the attributes; the others may be left out
 * @param collection the name of the collection, for `_id`
 * @returns undefined where the whole document has to be read
 */
export function partialDocumentSql(names: readonly string[], collection: string): SqlPart | undefined {
  return formSql({ kind: "object", members: names.map((name) => ({ label: name, attribute: name })) }, collection);
}
