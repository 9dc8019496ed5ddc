import { deepStrictEqual as deepEqual, throws } from "node:assert/strict";
import { scriptOptions } from "./script_options.ts";

const DEFAULTS = { runs: 120, seed: 1, "without-postgres": false };

Deno.test("options are whole numbers and flags, in any order; the rest has its defaults", () => {
  deepEqual(scriptOptions([], DEFAULTS), DEFAULTS);
  deepEqual(scriptOptions(["--seed=7", "--without-postgres", "--runs", "3"], DEFAULTS), {
    runs: 3,
    seed: 7,
    "without-postgres": true,
  });
});

Deno.test("what is no option, or no whole number, is named together with what there is", () => {
  for (const unknown of ["--rounds", "runs", "-h", "--toString"]) {
    throws(() => scriptOptions([unknown], DEFAULTS), /unknown argument .*known: --runs N --seed N --without-postgres$/);
  }
  for (const wrong of ["0", "-1", "1.5", "many"]) {
    throws(() => scriptOptions(["--runs", wrong], DEFAULTS), /whole number/);
  }
  throws(() => scriptOptions(["--runs"], DEFAULTS), /whole number/);
});
