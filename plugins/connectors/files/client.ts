/** A file, a folder or what else stands in a folder. */
export interface Entry {
  /** Below the folder of the instance, with slashes, without one at its beginning. */
  readonly path: string;
  readonly name: string;
  /** `link`: one that leads to a folder, nowhere, or where nobody may go. */
  readonly type: 'file' | 'folder' | 'link' | 'other';
  /** Bytes; 0 for what is no file. */
  readonly size: number;
  /** ISO time; `null` where it is not known. */
  readonly modifiedAt: string | null;
}

/** What one connection can do below the folder of the instance. Paths were checked by `safePath`. */
export interface FileClient {
  /** Entries below a folder in an order of its own, always the same; those behind `after`, where it is given. Fails as `missing` says where there is no such folder. */
  walk(query: WalkQuery, turn: Turn): AsyncGenerator<readonly Entry[]>;
  /** `undefined` where there is nothing. */
  find(path: string, signal: AbortSignal): Promise<Entry | undefined>;
  /** Fails as `missing` says, and with `REMOTE_TOO_LARGE` where a file has more than `mostBytes`. */
  read(path: string, mostBytes: number, signal: AbortSignal): Promise<{ readonly bytes: Uint8Array; readonly modifiedAt: string | null }>;
  /** The file has its whole new content or stays as it was, unless `how` says otherwise. Says whether it was written. Fails as `taken` says. */
  write(path: string, content: Content, how: WriteOptions, signal: AbortSignal): Promise<boolean>;
  /** Puts the content at byte `at` of a file, which ends behind it. */
  append?(path: string, content: Content, how: { readonly at: number; readonly makesFolders: boolean }, signal: AbortSignal): Promise<void>;
  /** A file or an empty folder. Says whether there was something. */
  remove(path: string, signal: AbortSignal, begun?: Begun): Promise<boolean>;
  /** Fails as `missing` and `taken` say. */
  move(from: string, to: string, how: { readonly replaces: boolean; readonly makesFolders: boolean }, signal: AbortSignal, begun?: Begun): Promise<void>;
}

/** Kept from one try at a question to the next: what was begun may have been done, though no answer came. */
export interface Begun {
  is: boolean;
}

export interface WalkQuery {
  /** `''` for the folder of the instance. */
  readonly folder: string;
  readonly isRecursive: boolean;
  readonly pageSize: number;
  readonly after?: string | undefined;
}

/** The signal of the exchange that asks for the next page. */
export interface Turn {
  signal: AbortSignal;
}

export interface Content {
  /** Bytes. */
  readonly size: number;
  /** SHA-256 in hexadecimal digits. */
  readonly sha256: string;
  readonly mediaType: string;
  /** From the beginning, each time. */
  open(): AsyncIterable<Uint8Array>;
}

export interface WriteOptions {
  readonly ifExists: 'replace' | 'refuse' | 'skip';
  readonly makesFolders: boolean;
  /** Written beside it under another name first. */
  readonly isAtomic: boolean;
  /** The same on each attempt, another for each file that is written. */
  readonly id: string;
}
