/**
 * What the tests of all folders share.
 *
 * @module
 */

/** A directory that is removed when the test ends. */
export class TemporaryDirectory implements Disposable {
  /** Where it is. */
  readonly path: string = Deno.makeTempDirSync({ prefix: "denosh-test-" });

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}
