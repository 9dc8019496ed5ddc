/**
 * Colours of JavaScript while it is typed.
 *
 * @module
 */

const RESET = "\x1b[0m";

/** What a token is, the first pattern that fits, and its colour. */
const KINDS: readonly (readonly [pattern: string, colour: string])[] = [
  [String.raw`\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)`, "\x1b[2m"],
  [String.raw`"(?:\\[\s\S]|[^"\\\n])*(?:"|$|(?=\n))|'(?:\\[\s\S]|[^'\\\n])*(?:'|$|(?=\n))`, "\x1b[35m"],
  ["`(?:\\\\[\\s\\S]|[^`\\\\])*(?:`|$)", "\x1b[35m"],
  [
    String
      .raw`(?<![\w$.])(?:async|await|break|case|catch|class|const|continue|debugger|default|delete|do|else|extends|` +
    String
      .raw`finally|for|function|if|in|instanceof|let|new|of|return|super|switch|this|throw|try|typeof|var|void|while|` +
    String.raw`with|yield)(?![\w$])`,
    "\x1b[34m",
  ],
  [String.raw`(?<![\w$.])(?:true|false|null|undefined|NaN|Infinity)(?![\w$])`, "\x1b[33m"],
  [String.raw`(?<![\w$])(?:0[xXbBoO][\da-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)n?(?![\w$])`, "\x1b[32m"],
];

const TOKENS = new RegExp(KINDS.map(([pattern]) => `(${pattern})`).join("|"), "g");

/**
 * Puts colours into JavaScript.
 *
 * @param text JavaScript, complete or not
 * @returns the same text with escape sequences
 */
export function highlighted(text: string): string {
  return text.replace(TOKENS, (token: string, ...groups: unknown[]) => {
    const kind = KINDS.findIndex((_, index) => groups[index] !== undefined);
    const colour = KINDS[kind]![1];
    // a colour does not go over the end of a line
    return `${colour}${token.replaceAll("\n", `${RESET}\n${colour}`)}${RESET}`;
  });
}
