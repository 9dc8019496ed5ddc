/**
 * How important messages of a log are.
 *
 * @module
 */

/** Levels, the most important first; where a level is a number, that is its place. */
export const LEVELS = ["FATAL", "ERROR", "WARNING", "INFO", "DEBUG", "TRACE"] as const;

/** One of {@linkcode LEVELS}. */
export type Level = typeof LEVELS[number];
