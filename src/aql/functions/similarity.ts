/**
 * How alike two texts are.
 *
 * @module
 */
import { ArangoError } from "../../base/arango_error.ts";
import { editDistance } from "../../base/edit_distance.ts";
import { type AqlValue, isNumber, isObject, toInteger, toStringValue } from "../values.ts";
import { argument, type FunctionContext, type FunctionSpec, pure, warnArgumentType, warnIn } from "./function_spec.ts";

function levenshteinMatch(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const [value = null, target = null, distance = null, transpositions = true] = args;
  if (!isNumber(distance) || distance < 0) return warnArgumentType(context, "LEVENSHTEIN_MATCH");
  if (typeof transpositions !== "boolean") return warnArgumentType(context, "LEVENSHTEIN_MATCH");
  if (!transpositions && distance > 4) return warnArgumentType(context, "LEVENSHTEIN_MATCH");
  const text = typeof value === "string" ? value : "";
  const wanted = typeof target === "string" ? target : "";
  return editDistance(text, wanted, transpositions) <= Math.trunc(Number(distance));
}

/** The weight of the heaviest common sequence, in order, of two sequences whose members `match` to a weight of 0 to 1. */
function commonSequence(a: number, b: number, match: (i: number, j: number) => number): number {
  let last = new Array<number>(b + 1).fill(0);
  for (let i = 0; i < a; i++) {
    const row = [0];
    for (let j = 0; j < b; j++) {
      row.push(Math.max(last[j + 1] ?? 0, row[j] ?? 0, Math.fround((last[j] ?? 0) + match(i, j))));
    }
    last = row;
  }
  return last[b] ?? 0;
}

function equalAt(x: readonly string[], i: number, y: readonly string[], j: number, n: number): number {
  let count = 0;
  for (let k = 0; k < n; k++) if (x[i + k] === y[j + k]) count++;
  return count;
}

/** The share of the target's n-grams that the value has in the same order; only whole n-grams count. */
function ngramSimilarity(value: string, target: string, n: number): number {
  const x = [...value];
  const y = [...target];
  if (x.length < n || y.length < n) return x.length === 0 && y.length === 0 ? 1 : 0;
  const count = y.length - n + 1;
  const common = commonSequence(x.length - n + 1, count, (i, j) => equalAt(x, i, y, j, n) === n ? 1 : 0);
  return Math.fround(common / count);
}

/** As {@linkcode ngramSimilarity}, but n-grams match by share and the longer text's count divides. */
function ngramPositionalSimilarity(value: string, target: string, n: number): number {
  const x = [...value];
  const y = [...target];
  const longest = Math.max(x.length, y.length);
  if (x.length < n || y.length < n) {
    if (longest === 0) return 1;
    return x.length === y.length ? Math.fround(equalAt(x, 0, y, 0, longest) / longest) : 0;
  }
  const common = commonSequence(
    x.length - n + 1,
    y.length - n + 1,
    (i, j) => Math.fround(equalAt(x, i, y, j, n) / n),
  );
  return Math.fround(common / (longest - n + 1));
}

function ngram(name: string, compute: (value: string, target: string, n: number) => number): FunctionSpec {
  return pure(name, [3, 3], (context, args) => {
    const [value = null, target = null, n = null] = args;
    if (typeof value !== "string" || typeof target !== "string" || !isNumber(n)) return warnArgumentType(context, name);
    const size = toInteger(n);
    return size < 1 ? warnIn(context, name, 10) : compute(value, target, size);
  });
}

type Tokenize = (text: string) => readonly AqlValue[];

function ngramMatch(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const name = "NGRAM_MATCH";
  if (args.length < 3) return warnIn(context, name, 1541);
  const [value = null, target = null, third = null] = args;
  const analyzer = args.length > 3 ? argument(args, 3) : typeof third === "string" ? third : "identity";
  const threshold = typeof third === "string" && args.length === 3 ? 0.7 : third;
  if (typeof value !== "string" || typeof target !== "string" || !isNumber(threshold) || typeof analyzer !== "string") {
    return warnArgumentType(context, name);
  }
  if (threshold <= 0 || threshold > 1) warnIn(context, name, 10);
  const tokenize = context.tokenizer?.(analyzer);
  if (!tokenize) return warnIn(context, name, 10);
  const tokens = tokenize(value);
  const wanted = tokenize(target);
  const common = commonSequence(tokens.length, wanted.length, (i, j) => tokens[i] === wanted[j] ? 1 : 0);
  return common >= Math.ceil(Number(threshold) * wanted.length);
}

function tokensOf(value: AqlValue, tokenize: Tokenize): AqlValue {
  if (typeof value === "string") return [...tokenize(value)];
  if (Array.isArray(value)) return value.map((one) => tokensOf(one, tokenize));
  if (isObject(value)) throw new ArangoError("ERROR_BAD_PARAMETER", "function 'TOKENS()': analyzers take no objects");
  if (isNumber(value)) return numberTokens(Number(value));
  return [value === null ? "" : Uint8Array.of(value ? 0xff : 0).toBase64()];
}

/**
 * The tokens under which searches index a number: the 8 bytes of a double, flipped so that their order is that of the
 * numbers, and the same without the last 2, 4 and 6, each behind a byte that tells how many bits are missing.
 */
function numberTokens(value: number): string[] {
  const view = new DataView(new ArrayBuffer(9));
  view.setFloat64(1, value);
  const bits = view.getBigUint64(1);
  view.setBigUint64(1, value < 0 ? ~bits : bits ^ (1n << 63n));
  return [0, 16, 32, 48].map((missing) => {
    view.setUint8(0, 0xa0 + missing);
    return new Uint8Array(view.buffer, 0, 9 - missing / 8).toBase64();
  });
}

function tokens(context: FunctionContext, args: readonly AqlValue[]): AqlValue {
  const analyzer = args.length > 1 ? argument(args, 1) : "identity";
  const tokenize = typeof analyzer === "string" ? context.tokenizer?.(analyzer) : undefined;
  if (tokenize) return tokensOf(argument(args, 0), tokenize);
  throw new ArangoError(
    "ERROR_BAD_PARAMETER",
    `failed to find arangosearch analyzer with name '${toStringValue(analyzer)}'`,
  );
}

/** Functions that compare texts by likeness. */
export const SIMILARITY_FUNCTIONS: readonly FunctionSpec[] = [
  pure(
    "LEVENSHTEIN_DISTANCE",
    [2, 2],
    (_context, args) => editDistance(toStringValue(argument(args, 0)), toStringValue(argument(args, 1)), true),
  ),
  pure("LEVENSHTEIN_MATCH", [3, 6], levenshteinMatch),
  pure("NGRAM_MATCH", [2, 4], ngramMatch),
  ngram("NGRAM_POSITIONAL_SIMILARITY", ngramPositionalSimilarity),
  ngram("NGRAM_SIMILARITY", ngramSimilarity),
  pure("TOKENS", [1, 2], tokens),
];
