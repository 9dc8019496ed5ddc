import { deepStrictEqual as deepEqual } from "node:assert/strict";

Deno.test("a reader that has seen enough ends the program without a word", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      new URL("./main.ts", import.meta.url).pathname,
      "--javascript.execute-string",
      "for (;;) print('line')",
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  const stderr = await new Response(child.stderr).text();
  deepEqual([(await child.status).code, stderr], [141, ""]);
});
