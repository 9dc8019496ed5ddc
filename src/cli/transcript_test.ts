import { equal } from "node:assert/strict";
import { Transcript } from "./transcript.ts";

/** What is shown when commands print these texts one after the other. */
function shown(...printed: string[]): string {
  let text = "";
  const transcript = new Transcript((part) => text += part);
  for (const one of printed) {
    transcript.write(one);
    transcript.endCommand();
  }
  transcript.end();
  return text;
}

Deno.test("results that follow each other have an empty line between them", () => {
  equal(shown("1\n", "2\n"), "1\n\n2\n\n");
});

Deno.test("results with a silent command between them have none, as in ArangoDB's recordings", () => {
  equal(shown("1\n", "", "2\n"), "1\n2\n\n");
  equal(shown("1\n", "", "", "2\n"), "1\n\n2\n\n");
});

Deno.test("silent commands at the start and at the end show nothing", () => {
  equal(shown("", "", "1\n", ""), "1\n");
});

Deno.test("line ends that a command prints itself are kept", () => {
  equal(shown("1\n\n\n\n", "2\n"), "1\n\n\n\n2\n\n");
  equal(shown("\n\n\n", "2\n"), "\n\n\n2\n\n");
});
