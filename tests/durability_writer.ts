/**
 * A process that changes a data directory until it is killed or done: `durability_writer.ts JOB DIRECTORY …`.
 *
 * It writes a line for each change that is committed.
 *
 * @module
 */
import { Engine } from "../src/engine/engine.ts";
import { enginePlace, operate } from "./durability_operations.ts";

const encoder = new TextEncoder();

function report(line: string | number): void {
  Deno.stdout.writeSync(encoder.encode(`${line}\n`));
}

/** What the process can do, by name. */
const JOBS: Readonly<Record<string, (engine: Engine, ...rest: string[]) => void>> = {
  /** The operations of `durability_operations.ts` from a number on, for ever. */
  operations(engine, from) {
    const place = enginePlace(engine, false);
    for (let n = Number(from);; n++) {
      operate(place, n);
      report(n);
    }
  },
  /** New documents with keys of its own, each together with one step of a counter. */
  count(engine, name, times) {
    const collection = engine.database("_system").collection("c");
    for (let i = 0; i < Number(times); i++) {
      engine.write([collection], () => {
        const { value } = JSON.parse(collection.document("counter")!.text);
        collection.update("counter", JSON.stringify({ value: value + 1 }));
        collection.insert(JSON.stringify({ _key: `${name}-${i}` }));
      });
      report(i);
    }
  },
  /** Puts complete files with 100 and 300 documents in the place of a collection's, in turn. */
  replace(engine, times) {
    const database = engine.database("_system");
    const collection = database.collection("c");
    for (let i = 0; i < Number(times); i++) {
      const name = engine.emptyFile(collection);
      const size = i % 2 === 0 ? 300 : 100;
      const copy = engine.detached(collection, name, []);
      engine.write([copy], () => {
        for (let n = 0; n < size; n++) copy.insert(JSON.stringify({ size }));
      });
      copy.close();
      engine.swapFile(collection, name);
      report(i);
    }
  },
};

const [job = "", directory = "", ...rest] = Deno.args;
using engine = Engine.open({ directory });
report("ready");
JOBS[job]!(engine, ...rest);
