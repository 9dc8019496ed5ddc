/**
 * Node's streams without an event loop: everything happens at once.
 *
 * @module
 */

import type { Loose, ModuleScope } from "./scope.ts";

/**
 * The module `stream`, whose classes are also modules of their own (`_stream_readable` and so on). Functions rather than
 * classes, so that old code can call and inherit from them as it did.
 *
 * Source: arangosh.md 3.3.
 */
export function stream({ module, require }: ModuleScope): void {
  const { EventEmitter } = require("events");
  const { Buffer } = require("buffer");
  const { inherits } = require("util");

  function Stream(this: Loose): void {
    EventEmitter.call(this);
  }
  inherits(Stream, EventEmitter);
  Stream.prototype.pipe = function pipe(this: Loose, target: Loose, options?: Loose): Loose {
    if (options?.end !== false) this.on("end", () => target.end());
    target.emit("pipe", this);
    this.on("data", (chunk: Loose) => target.write(chunk));
    return target;
  };

  function Readable(this: Loose, options: Loose = {}): void {
    if (!(this instanceof (Readable as Loose))) return new (Readable as Loose)(options);
    (Stream as Loose).call(this);
    this.readable = true;
    this._readableState = {
      chunks: [],
      flowing: false,
      ended: false,
      told: false,
      encoding: options.encoding,
      options,
    };
    if (typeof options.read === "function") this._read = options.read;
  }
  inherits(Readable, Stream);
  Object.assign(Readable.prototype, {
    _read() {
      throw new Error("not implemented");
    },
    push(this: Loose, chunk: Loose, encoding?: Loose): boolean {
      const state = this._readableState;
      if (chunk === null) state.ended = true;
      else {state.chunks.push(
          typeof chunk === "string" && !state.options.objectMode ? Buffer.from(chunk, encoding) : chunk,
        );}
      if (state.flowing) deliver(this);
      return !state.ended;
    },
    read(this: Loose): Loose {
      const state = this._readableState;
      if (state.chunks.length === 0 && !state.ended) this._read(16384);
      if (state.chunks.length === 0) {
        deliver(this);
        return null;
      }
      return decoded(this, state.options.objectMode ? state.chunks.shift() : Buffer.concat(state.chunks.splice(0)));
    },
    on(this: Loose, name: string, listener: Loose): Loose {
      EventEmitter.prototype.on.call(this, name, listener);
      if (name === "data") this.resume();
      // in Node the end comes later than this call
      if (name === "end" && this._readableState.told) listener.call(this);
      return this;
    },
    resume(this: Loose): Loose {
      const state = this._readableState;
      if (state.flowing) return this;
      state.flowing = true;
      deliver(this);
      for (let count = -1; !state.ended && count !== state.count && state.flowing;) {
        count = state.count;
        if (this._read !== (Readable as Loose).prototype._read) this._read(16384);
      }
      return this;
    },
    pause(this: Loose): Loose {
      this._readableState.flowing = false;
      return this;
    },
    setEncoding(this: Loose, encoding: Loose): Loose {
      this._readableState.encoding = encoding;
      return this;
    },
  });

  function decoded(self: Loose, chunk: Loose): Loose {
    const { encoding } = self._readableState;
    return encoding && chunk instanceof Uint8Array ? (chunk as Loose).toString(encoding) : chunk;
  }

  /** Hands out what has been pushed, and tells the end once. */
  function deliver(self: Loose): void {
    const state = self._readableState;
    while (state.flowing && state.chunks.length > 0) {
      state.count = (state.count ?? 0) + 1;
      self.emit("data", decoded(self, state.chunks.shift()));
    }
    if (!state.ended || state.told || state.chunks.length > 0) return;
    state.told = true;
    self.readable = false;
    self.emit("end");
  }

  const writing: Loose = {
    _write() {
      throw new Error("not implemented");
    },
    write(this: Loose, chunk: Loose, encoding?: Loose, done?: Loose): boolean {
      const state = this._writableState;
      if (state.ended) throw new Error("write after end");
      const text = typeof chunk === "string" && state.options.decodeStrings !== false && !state.options.objectMode;
      const unit = typeof encoding === "string" ? encoding : "utf8";
      this._write(text ? Buffer.from(chunk, unit) : chunk, text ? "buffer" : unit, (error?: Loose) => {
        if (error) this.emit("error", error);
        (typeof encoding === "function" ? encoding : done)?.(error);
      });
      return true;
    },
    end(this: Loose, chunk?: Loose, encoding?: Loose): void {
      if (chunk !== undefined && chunk !== null && typeof chunk !== "function") this.write(chunk, encoding);
      if (this._writableState.ended) return;
      this._writableState.ended = true;
      this.writable = false;
      this._ending?.();
      this.emit("finish");
    },
  };
  function startWriting(self: Loose, options: Loose): void {
    self.writable = true;
    self._writableState = { ended: false, options };
    if (typeof options.write === "function") self._write = options.write;
  }
  function Writable(this: Loose, options: Loose = {}): void {
    if (!(this instanceof (Writable as Loose))) return new (Writable as Loose)(options);
    (Stream as Loose).call(this);
    startWriting(this, options);
  }
  inherits(Writable, Stream);
  Object.assign(Writable.prototype, writing);

  function Duplex(this: Loose, options: Loose = {}): void {
    if (!(this instanceof (Duplex as Loose))) return new (Duplex as Loose)(options);
    (Readable as Loose).call(this, options);
    startWriting(this, options);
  }
  inherits(Duplex, Readable);
  Object.assign(Duplex.prototype, writing);

  function Transform(this: Loose, options: Loose = {}): void {
    if (!(this instanceof (Transform as Loose))) return new (Transform as Loose)(options);
    (Duplex as Loose).call(this, options);
    for (const name of ["transform", "flush"]) {
      if (typeof options[name] === "function") this[`_${name}`] = options[name];
    }
  }
  inherits(Transform, Duplex);
  Object.assign(Transform.prototype, {
    _read() {},
    _transform() {
      throw new Error("not implemented");
    },
    _write(this: Loose, chunk: Loose, encoding: Loose, done: Loose) {
      this._transform(chunk, encoding, (error?: Loose, data?: Loose) => {
        if (data !== undefined && data !== null) this.push(data);
        done(error);
      });
    },
    _ending(this: Loose) {
      if (typeof this._flush !== "function") {
        this.push(null);
        return;
      }
      this._flush((error?: Loose, data?: Loose) => {
        if (error) this.emit("error", error);
        if (data !== undefined && data !== null) this.push(data);
        this.push(null);
      });
    },
  });

  function PassThrough(this: Loose, options: Loose = {}): void {
    if (!(this instanceof (PassThrough as Loose))) return new (PassThrough as Loose)(options);
    (Transform as Loose).call(this, options);
  }
  inherits(PassThrough, Transform);
  PassThrough.prototype._transform = (chunk: Loose, _encoding: Loose, done: Loose) => done(null, chunk);

  module.exports = Object.assign(Stream, { Stream, Readable, Writable, Duplex, Transform, PassThrough });
}

/** The modules `_stream_readable`, `_stream_writable` and so on: single classes of `stream`. */
export function streamClass({ module, require }: ModuleScope): void {
  const wanted = module.id.replace("_stream_", "");
  const streams = require("stream");
  module.exports = streams[Object.keys(streams).find((name) => name.toLowerCase() === wanted)!];
}
