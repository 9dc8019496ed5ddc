/**
 * The file of a collection at work: opened when it is needed, brought up to date, locked for writing.
 *
 * What other processes do shows in the catalog: as long as nobody else has committed there ({@linkcode Engine.epoch}),
 * what was found out about the file still holds.
 *
 * @module
 */
import type { CollectionFile, FileState } from "../storage/collection_file.ts";
import type { IndexOfFile, TransactionFile } from "../storage/transaction_file.ts";
import type { Engine } from "./engine.ts";

/** What a {@linkcode FileHandle} needs to know of its collection. */
export interface FileOwner {
  readonly isEdge: boolean;
  /** The name of the file as last seen; null while the collection is empty. */
  readonly fileName: string | null;
  /**
   * Looks at the definition again.
   *
   * @param now also if that was done a moment ago
   * @throws ArangoError 1203 if the collection is gone
   */
  refresh(now?: boolean): void;
  /** Makes the file. */
  createFile(): void;
  /** The tables of secondary indexes that are in the file. */
  readonly indexTables: readonly IndexOfFile[];
  /** Whether the file contains everything that the catalog has committed. */
  isUpToDate(file: CollectionFile): boolean;
  /** Brings the file, which is locked, to the state that the catalog has committed. */
  recover(file: CollectionFile): void;
}

/** An open file, or one that can be opened. */
export class FileHandle {
  readonly #engine: Engine;
  readonly #owner: FileOwner;
  #file: TransactionFile | undefined;
  /** The epoch in which the file was last found up to date. */
  #checkedEpoch = -1;
  /** The epoch in which the file was last made ready for writing. */
  #readyEpoch = -1;
  #locked = false;
  /** What is read until {@linkcode unpin}; undefined inside while the collection is empty. */
  #pinned: { readonly file: TransactionFile | undefined } | undefined;
  /** What the file says about itself, as long as that is known. */
  #state: FileState | undefined;
  /** The epoch in which that was so. */
  #stateEpoch = -1;

  constructor(engine: Engine, owner: FileOwner) {
    this.#engine = engine;
    this.#owner = owner;
  }

  /** Whether the documents are edges. */
  get isEdge(): boolean {
    return this.#owner.isEdge;
  }

  /** Whether a transaction of this process holds the file, or its state. */
  get isLocked(): boolean {
    return this.#locked || this.#pinned !== undefined;
  }

  /** Whether the state that is read is fixed. */
  get isPinned(): boolean {
    return this.#pinned !== undefined;
  }

  /** Fixes the state that is read until {@linkcode unpin}: what is written meanwhile does not come into the file. */
  pin(): void {
    if (this.#pinned) return;
    const file = this.#current();
    if (file) {
      this.#engine.held.release(file.file);
      file.fix();
    }
    this.#pinned = { file };
  }

  /** Whether the state that is fixed contains everything that the catalog has committed. */
  get isPinnedUpToDate(): boolean {
    const file = this.#pinned?.file;
    return !file || this.#owner.isUpToDate(file);
  }

  /** Forgets what was written since {@linkcode pin}, and reads what is committed again. */
  unpin(): void {
    const file = this.#pinned?.file;
    this.#pinned = undefined;
    this.#locked = false;
    file?.letGo();
    this.#forget();
  }

  /** Closes the file; the next operation opens it again. */
  close(): void {
    if (this.#file) this.#engine.held.forget(this.#file.file);
    this.#pinned = undefined;
    this.#file?.[Symbol.dispose]();
    this.#file = undefined;
    this.#state = undefined;
    this.#engine.files.forget(this);
  }

  /**
   * The file to read from, with everything that is committed.
   *
   * @returns undefined while the collection is empty
   */
  reading(): CollectionFile | undefined {
    this.#engine.openTransaction?.pin(this);
    return this.#pinned ? this.#pinned.file : this.#current();
  }

  #current(): TransactionFile | undefined {
    this.#owner.refresh();
    if (this.#locked) return this.#file;
    const file = this.#open();
    if (file && this.#checkedEpoch !== this.#engine.epoch) {
      if (!this.#owner.isUpToDate(file)) {
        this.#lock().file.commit();
        this.unlocked();
      }
      this.#checkedEpoch = this.#engine.epoch;
    }
    return this.#file;
  }

  /** How many documents there are; what the file has said is good until somebody else commits. */
  count(): number {
    const file = this.reading();
    if (!file) return 0;
    if (this.isLocked) return file.count();
    if (this.#stateEpoch !== this.#engine.epoch) this.#state = undefined;
    this.#stateEpoch = this.#engine.epoch;
    return (this.#state ??= file.state()).count;
  }

  #open(): TransactionFile | undefined {
    while (!this.#file && this.#owner.fileName !== null) this.#tryToOpen(this.#owner.fileName);
    if (this.#file) this.#engine.files.touch(this);
    return this.#file;
  }

  /** Opens a file unless another one has taken its place: then it may be deleted, as a whole or in part. */
  #tryToOpen(name: string): void {
    let file: TransactionFile | undefined;
    try {
      file = this.#engine.files.open(this, name);
    } catch (error) {
      this.#owner.refresh(true);
      if (this.#owner.fileName === name) throw error;
      return;
    }
    let isCurrent = false;
    try {
      this.#owner.refresh(true);
      isCurrent = this.#owner.fileName === name;
    } finally {
      if (!isCurrent) file[Symbol.dispose]();
    }
    if (!isCurrent) return;
    this.#file = file;
    this.#forget();
  }

  /** Locks the file for writing, making it first if need be; a state that is fixed is made ready for changes of it. */
  lock(): CollectionFile {
    this.#engine.openTransaction?.pin(this);
    return this.#pinned ? this.#divert() : this.#lock();
  }

  #divert(): CollectionFile {
    const file = this.#pinned!.file!;
    file.divert(this.#owner.indexTables);
    this.#state = undefined;
    this.#locked = true;
    const last = file.lastRevision();
    if (last !== undefined) this.#engine.clock.observe(last);
    return file;
  }

  #lock(): CollectionFile {
    for (;;) {
      if (!this.#file) this.#owner.refresh(true);
      if (this.#owner.fileName === null) this.#owner.createFile();
      const file = this.#open()!;
      this.#engine.held.release(file.file);
      file.file.exec("BEGIN IMMEDIATE");
      try {
        // the wait for the lock may have outlasted a replacement of the file
        this.#owner.refresh(true);
        if (this.#file === file) {
          if (this.#readyEpoch !== this.#engine.epoch) this.#catchUp(file);
          this.#locked = true;
          return file;
        }
      } catch (error) {
        if (file.file.inTransaction) file.file.exec("ROLLBACK");
        throw error;
      }
    }
  }

  /** Sees what others have written since this process last looked. */
  #catchUp(file: CollectionFile): void {
    this.#state = undefined;
    this.#owner.recover(file);
    // new revisions must be larger than those that others have given out meanwhile
    const last = file.lastRevision();
    if (last !== undefined) this.#engine.clock.observe(last);
    this.#checkedEpoch = this.#readyEpoch = this.#engine.epoch;
  }

  /** Makes the next one who uses the file look at it anew. */
  #forget(): void {
    this.#checkedEpoch = this.#readyEpoch = -1;
    this.#state = undefined;
  }

  /** What the locked file says about itself. */
  get state(): FileState {
    return this.#state ??= this.#file!.state();
  }

  /**
   * Notes that the lock of {@linkcode lock} is gone.
   *
   * @param state what the file says about itself, if everything was committed; without it the next one who uses the file
   *   looks whether it lags behind the catalog
   */
  unlocked(state?: FileState): void {
    this.#locked = false;
    this.#file?.file.setLargeCache(false);
    if (state) {
      this.#state = state;
      this.#stateEpoch = this.#readyEpoch;
    } else {
      this.#forget();
    }
  }
}
