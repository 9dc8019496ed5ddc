/**
 * How much room text takes on a terminal.
 *
 * @module
 */

const WIDE =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
const NARROW = /^[\x20-\x7e]*$/;
const INVISIBLE = /\p{Mn}|\p{Me}|\p{Cf}|\p{Cc}/u;
// deno-lint-ignore no-control-regex -- escape sequences begin with a control character
const ESCAPE = /\x1b\[[0-9;?]*[A-Za-z]/g;

/** Text without escape sequences. */
export function withoutEscapes(text: string): string {
  return text.replace(ESCAPE, "");
}

/** Columns of one character. */
export function characterWidth(char: string): number {
  return NARROW.test(char) ? 1 : INVISIBLE.test(char) ? 0 : WIDE.test(char) ? 2 : 1;
}

/** Columns of a text without line ends; escape sequences take none. */
export function textWidth(text: string): number {
  const plain = withoutEscapes(text);
  if (NARROW.test(plain)) return plain.length;
  let width = 0;
  for (const char of plain) width += characterWidth(char);
  return width;
}
