/**
 * What is wrong with a command line or a configuration file.
 *
 * @module
 */

/** A command line that cannot be understood; the text is what the user reads. */
export class OptionError extends Error {
  override readonly name = "OptionError";
  /** The exit status: 3 unknown option, 4 bad value, 6 configuration file. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
