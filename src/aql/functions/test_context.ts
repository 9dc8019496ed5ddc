/**
 * Calling functions in tests.
 *
 * @module
 */
import { builtInTokenizer } from "../../analyzers/built_in.ts";
import type { AqlValue } from "../values.ts";
import { AQL_FUNCTIONS, type FunctionContext } from "./mod.ts";

/** What a call answered, and the numbers of the warnings that it raised. */
export interface Outcome {
  readonly value: AqlValue;
  readonly warnings: readonly number[];
  readonly messages: readonly string[];
}

/** Calls a function with a clock at 1,700,000,000,000, random numbers of 0.25 and whatever `ports` adds. */
export function call(name: string, args: readonly AqlValue[], ports: Partial<FunctionContext> = {}): Outcome {
  const spec = AQL_FUNCTIONS.get(name);
  if (spec === undefined) throw new Error(`there is no function ${name}()`);
  const warnings: number[] = [];
  const messages: string[] = [];
  const context: FunctionContext = {
    warn(errorNum, message) {
      warnings.push(errorNum);
      messages.push(message);
    },
    now: () => 1_700_000_000_000,
    random: () => 0.25,
    tokenizer: builtInTokenizer,
    ...ports,
  };
  return { value: spec.run(context, args), warnings, messages };
}

/** A row of a table of calls: name, arguments, result, numbers of the warnings. */
export type Row = readonly [name: string, args: readonly AqlValue[], value: AqlValue, warnings?: readonly number[]];
