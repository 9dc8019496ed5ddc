/**
 * Node's event emitter.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/** The module `events`. Source: arangosh.md 3.3. */
export function events({ module }: ModuleScope): void {
  /** A function rather than a class, so that old code can call and inherit from it as it did. */
  function EventEmitter(this: Loose): void {
    this._events ??= {};
  }
  const listeners = (self: Loose, name: string): Loose[] => (self._events ??= {})[name] ??= [];
  EventEmitter.prototype = {
    constructor: EventEmitter,
    on(this: Loose, name: string, listener: Loose) {
      if (typeof listener !== "function") throw new TypeError("listener must be a function");
      listeners(this, name).push(listener);
      return this;
    },
    once(this: Loose, name: string, listener: Loose) {
      const run = (...args: Loose[]) => {
        this.removeListener(name, run);
        listener.apply(this, args);
      };
      run.listener = listener;
      return this.on(name, run);
    },
    removeListener(this: Loose, name: string, listener: Loose) {
      const list = listeners(this, name);
      const index = list.findIndex((each) => each === listener || each.listener === listener);
      if (index >= 0) this._events[name] = list.filter((_, at) => at !== index);
      return this;
    },
    removeAllListeners(this: Loose, name?: string) {
      if (name === undefined) this._events = {};
      else delete this._events?.[name];
      return this;
    },
    emit(this: Loose, name: string, ...args: Loose[]) {
      const list = [...listeners(this, name)];
      if (list.length === 0 && name === "error") {
        throw args[0] instanceof Error ? args[0] : new Error("Uncaught, unspecified 'error' event.");
      }
      for (const listener of list) listener.apply(this, args);
      return list.length > 0;
    },
    listeners(this: Loose, name: string) {
      return [...listeners(this, name)];
    },
    listenerCount(this: Loose, name: string) {
      return listeners(this, name).length;
    },
    setMaxListeners(this: Loose) {
      return this;
    },
  };
  const prototype: Loose = EventEmitter.prototype;
  prototype.addListener = prototype.on;
  prototype.off = prototype.removeListener;
  const exported: Loose = EventEmitter;
  exported.EventEmitter = EventEmitter;
  exported.listenerCount = (emitter: Loose, name: string) => emitter.listenerCount(name);
  module.exports = exported;
}
