/**
 * The one error class that leaves the engine, the server and replication.
 *
 * @module
 */
import { type ErrorName, ERRORS } from "./error_table.ts";

const TEXTS: ReadonlyMap<number, string> = new Map(Object.values(ERRORS).map(([number, text]) => [number, text]));

/** HTTP statuses of error numbers, where they are not the 400 or 500 of {@linkcode httpStatus}. */
const STATUSES: ReadonlyMap<number, number> = new Map(
  Object.entries({
    403: [11, 1004],
    404: [14, 1202, 1203, 1212, 1228, 1600, 1655, 1703, 1903, 1924, 1926, 1930, 3007],
    409: [1005, 1207, 1210, 1601, 1702, 1851, 1921, 1922],
    410: [21, 1500],
    412: [1200],
    500: [2, 3, 4, 18, 28, 32, 1100, 1400, 1401, 1402, 1403, 1405, 1412, 1414],
    501: [9, 1470, 1471, 1477],
    503: [30, 36],
    507: [1104],
  }).flatMap(([status, numbers]) => numbers.map((number) => [number, Number(status)] as const)),
);

/** The HTTP status that belongs to an error number: numbers that are statuses themselves stay, the rest is 400. */
export function httpStatus(errorNum: number): number {
  const known = STATUSES.get(errorNum);
  if (known !== undefined) return known;
  return errorNum >= 400 && errorNum < 600 ? errorNum : 400;
}

/** A failure that scripts and drivers tell apart by its number. */
export class ArangoError extends Error {
  /** Tells it from other errors. */
  override readonly name: string = "ArangoError";
  /** ArangoDB's error number. */
  readonly errorNum: number;
  /** The HTTP status that a server answers with. */
  readonly code: number;

  /**
   * Makes an error.
   *
   * @param errorNum ArangoDB's error number, or the name of the error
   * @param message the whole text; the number's own text when absent
   * @param options `code` overrides the HTTP status, `cause` keeps what led here
   */
  constructor(errorNum: number | ErrorName, message?: string, options: { code?: number; cause?: unknown } = {}) {
    const number = typeof errorNum === "number" ? errorNum : ERRORS[errorNum][0];
    super(message ?? TEXTS.get(number) ?? "unknown error", "cause" in options ? { cause: options.cause } : undefined);
    this.errorNum = number;
    this.code = options.code ?? httpStatus(number);
  }

  /** The text, under the name that scripts know. */
  get errorMessage(): string {
    return this.message;
  }
}

/**
 * An {@linkcode ArangoError} whose text is the number's own, a colon and `detail`, as ArangoDB writes most of them.
 *
 * @param name the error
 * @param detail to which thing it happened
 */
export function arangoError(name: ErrorName, detail?: string): ArangoError {
  const [number, text] = ERRORS[name];
  return new ArangoError(number, detail === undefined ? text : `${text}: ${detail}`);
}
