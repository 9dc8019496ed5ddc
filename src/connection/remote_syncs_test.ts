import { ok, throws } from "node:assert/strict";
import { join } from "node:path";
import { ArangoError } from "../base/arango_error.ts";
import { RemoteSyncs } from "./remote_syncs.ts";

Deno.test({
  name: "what somebody else may have put in the place of the locks' directory is not used",
  ignore: Deno.uid() === null,
  fn: () => {
    const runtime = Deno.makeTempDirSync({ prefix: "denosh-test-" });
    const before = Deno.env.get("XDG_RUNTIME_DIR");
    Deno.env.set("XDG_RUNTIME_DIR", runtime);
    try {
      const elsewhere = join(runtime, "elsewhere");
      Deno.mkdirSync(elsewhere);
      const directory = join(runtime, `denosh-${Deno.uid()}`);
      const exchange = {
        request: (): never => {
          throw new Error("nothing is to be sent");
        },
      };
      const isRefused = (): void => {
        const syncs = new RemoteSyncs(exchange, { endpoint: "tcp://127.0.0.1:1" });
        throws(() => syncs.start({ endpoint: "tcp://127.0.0.1:2" }, "_system"), (error) => {
          ok(error instanceof ArangoError && error.errorNum === 11 && error.message.includes(directory));
          return true;
        });
      };
      Deno.symlinkSync(elsewhere, directory);
      isRefused();
      Deno.removeSync(directory);
      Deno.mkdirSync(directory);
      Deno.chmodSync(directory, 0o777);
      isRefused();
    } finally {
      if (before === undefined) Deno.env.delete("XDG_RUNTIME_DIR");
      else Deno.env.set("XDG_RUNTIME_DIR", before);
      Deno.removeSync(runtime, { recursive: true });
    }
  },
});
