/**
 * A few reader threads, used again for file after file: a file that hangs or eats memory is stopped alone and reported.
 * It decides nothing about content; what comes back is what readBytesOf and parseTab give in this thread.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { ParseOptions } from '../sync/parse-tab.ts';
import { type FileReading, fails } from './read-file.ts';
import type { WorkbookReading } from './read-tables.ts';
import type { ReadAnswer, ReadTask } from './read-worker.ts';

export interface PoolOptions {
  /** Threads. */
  readonly size?: number;
  /** How long one file may take. An ordinary workbook takes a fiftieth of a second. */
  readonly seconds?: number;
  /** Memory of one thread. The largest workbook that readingLimits allow fits. */
  readonly megabytes?: number;
}

export interface ReaderPool {
  /** The tabs of a file, given by its path or its bytes. Resolves always; `name` serves the messages. */
  read(source: string | Uint8Array, name: string): Promise<FileReading>;
  /** The same file read and parsed. Hand in the same `options` object for all files of a run: it is sent only when it changes. */
  parse(source: string | Uint8Array, name: string, options?: ParseOptions): Promise<WorkbookReading>;
  /** Ends the threads. What is being read is answered as stopped. */
  close(): Promise<void>;
}

interface Job {
  readonly source: string | Uint8Array;
  readonly name: string;
  /** Null: read only. */
  readonly options: ParseOptions | null;
  readonly done: (answer: ReadAnswer) => void;
  readonly failed: (error: Error) => void;
}

interface Reader {
  readonly worker: Worker;
  ready: boolean;
  job: Job | null;
  timer: NodeJS.Timeout | null;
  /** The options that the thread has. */
  options: ParseOptions | null;
}

const entry = new URL('./read-worker.ts', import.meta.url);
const defaults = { size: Math.min(2, availableParallelism()), seconds: 30, megabytes: 320 } as const;

const noOptions: ParseOptions = {};

const stopped = (name: string, why: string): ReadAnswer => fails('unreadable/stopped', name, why);

const isOutOfMemory = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';

/** Bytes of its own, so that they can be handed over instead of copied: those of a file read in one go may share a larger block. */
const ownBytes = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);

class Pool implements ReaderPool {
  readonly #limits: Required<PoolOptions>;
  readonly #readers = new Set<Reader>();
  readonly #waiting: Job[] = [];
  #closed = false;

  constructor(options: PoolOptions) {
    this.#limits = { ...defaults, ...options };
  }

  read(source: string | Uint8Array, name: string): Promise<FileReading> {
    return this.#add(source, name, null) as Promise<FileReading>;
  }

  parse(source: string | Uint8Array, name: string, options: ParseOptions = noOptions): Promise<WorkbookReading> {
    return this.#add(source, name, options).then((answer) => ('meta' in answer ? answer : { tabs: [], meta: null, problem: answer.problem }));
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const job of this.#waiting.splice(0)) job.done(stopped(job.name, '读取被中断'));
    await Promise.all([...this.#readers].map((reader) => this.#end(reader, '读取被中断')));
  }

  #add(source: string | Uint8Array, name: string, options: ParseOptions | null): Promise<ReadAnswer> {
    if (this.#closed) return Promise.reject(new Error('the reader pool is closed'));
    return new Promise((done, failed) => {
      this.#waiting.push({ source, name, options, done, failed });
      this.#next();
    });
  }

  /** Gives waiting files to idle threads, and starts a thread where all are busy and there may be more. */
  #next(): void {
    for (const reader of this.#readers) {
      if (this.#waiting.length === 0) return;
      if (reader.ready && !reader.job) this.#give(reader, this.#waiting.shift() as Job);
    }
    const starting = [...this.#readers].filter((reader) => !reader.ready).length;
    if (this.#waiting.length > starting && this.#readers.size < this.#limits.size) this.#start();
  }

  #start(): void {
    const worker = new Worker(entry, { resourceLimits: { maxOldGenerationSizeMb: this.#limits.megabytes, maxYoungGenerationSizeMb: 32 } });
    const reader: Reader = { worker, ready: false, job: null, timer: null, options: null };
    this.#readers.add(reader);
    worker.on('message', (answer: ReadAnswer | 'ready') => {
      if (answer === 'ready') reader.ready = true;
      else this.#settle(reader, (job) => job.done(answer));
      worker.unref();
      this.#next();
    });
    worker.on('error', (error) => this.#lost(reader, error));
    worker.on('exit', () => this.#lost(reader, null));
    this.#next();
  }

  #give(reader: Reader, job: Job): void {
    const { options, name } = job;
    const source = typeof job.source === 'string' ? job.source : ownBytes(job.source);
    const parse: ReadTask['parse'] = options && (options === reader.options ? {} : { options });
    if (options) reader.options = options;
    reader.job = job;
    reader.timer = setTimeout(() => void this.#end(reader, `读了 ${this.#limits.seconds} 秒还没有读完`), this.#limits.seconds * 1000);
    // Only a thread at work keeps the process alive.
    reader.worker.ref();
    reader.worker.postMessage({ source, name, parse } satisfies ReadTask, typeof source === 'string' ? [] : [source.buffer]);
  }

  #settle(reader: Reader, say: (job: Job) => void): void {
    const { job, timer } = reader;
    if (timer) clearTimeout(timer);
    reader.job = null;
    reader.timer = null;
    if (job) say(job);
  }

  /** Ends a thread in the middle of its file. */
  async #end(reader: Reader, why: string): Promise<void> {
    this.#readers.delete(reader);
    await reader.worker.terminate();
    this.#settle(reader, (job) => job.done(stopped(job.name, why)));
    this.#next();
  }

  /** A thread is gone: its file is reported, another thread takes the next. */
  #lost(reader: Reader, error: Error | null): void {
    if (!this.#readers.delete(reader)) return;
    this.#settle(reader, (job) => job.done(stopped(job.name, error && !isOutOfMemory(error) ? '读取程序中断' : '占用内存过多')));
    // A thread that cannot even start is a broken set-up, not a broken file.
    if (!reader.ready) for (const job of this.#waiting.splice(0)) job.failed(new Error('the reader thread does not start', { cause: error }));
    this.#next();
  }
}

/** Opens a pool; threads start with the first files. Close it at the end of the run. */
export const openReaderPool = (options: PoolOptions = {}): ReaderPool => new Pool(options);

let shared: ReaderPool | null = null;

/** Reads one file in a thread of a pool that the whole process shares. An idle thread does not keep the process alive. */
export const readInWorker = (source: string | Uint8Array, name: string): Promise<FileReading> => {
  shared ??= openReaderPool();
  return shared.read(source, name);
};

/** Reads and parses one file there. */
export const parseInWorker = (source: string | Uint8Array, name: string, options?: ParseOptions): Promise<WorkbookReading> => {
  shared ??= openReaderPool();
  return shared.parse(source, name, options);
};
