/**
 * A few reader processes, used again for file after file: a file that hangs or eats memory is stopped alone and reported.
 * It decides nothing about content; what comes back is what readBytesOf and parseTab give in this process.
 *
 * Processes, not threads: where a thread asks for a large block at its memory limit, V8 ends the whole process with it.
 * Damaged .xls files do just that (tests/sync/damage.test.ts).
 */
import { type ChildProcess, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { ParseOptions } from '../sync/parse-tab.ts';
import { type FileReading, fails } from './read-file.ts';
import type { WorkbookReading } from './read-tables.ts';
import type { ReadAnswer, ReadTask } from './read-worker.ts';

export interface PoolOptions {
  /** Processes. */
  readonly size?: number;
  /** How long one file may take. An ordinary workbook takes a fiftieth of a second. */
  readonly seconds?: number;
  /** Memory for values in one process. The largest workbook that readingLimits allow fits. */
  readonly megabytes?: number;
}

export interface ReaderPool {
  /** The tabs of a file, given by its path or its bytes. Resolves always; `name` serves the messages. */
  read(source: string | Uint8Array, name: string): Promise<FileReading>;
  /** The same file read and parsed. Hand in the same `options` object for all files of a run: it is sent only when it changes. */
  parse(source: string | Uint8Array, name: string, options?: ParseOptions): Promise<WorkbookReading>;
  /** Ends the processes. What is being read is answered as stopped. */
  close(): void;
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
  readonly child: ChildProcess;
  ready: boolean;
  job: Job | null;
  timer: NodeJS.Timeout | null;
  /** The options that the process has. */
  options: ParseOptions | null;
  /** The end of what it said before it ended. */
  lastWords: string;
}

const entry = fileURLToPath(new URL('./read-worker.ts', import.meta.url));
const defaults = { size: Math.min(2, availableParallelism()), seconds: 60, megabytes: 320 } as const;

const noOptions: ParseOptions = {};

const stopped = (name: string, why: string): ReadAnswer => fails('unreadable/stopped', name, why);

/** V8's own words when the limit is reached. They only choose the sentence; the file is stopped either way. */
const saysOutOfMemory = (words: string): boolean => /heap out of memory|Allocation failed/.test(words);

/** Only a process at work keeps this one alive. */
const keepAlive = ({ child }: Reader, busy: boolean): void => {
  const holds = [child, child.channel, child.stderr as Socket | null];
  for (const one of holds) one?.[busy ? 'ref' : 'unref']();
};

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
    return this.#add(source, name, options).then((answer) =>
      'meta' in answer ? answer : { tabs: [], meta: null, proposals: [], problem: answer.problem },
    );
  }

  close(): void {
    this.#closed = true;
    for (const job of this.#waiting.splice(0)) job.done(stopped(job.name, '读取被中断'));
    for (const reader of this.#readers) this.#end(reader, '读取被中断');
  }

  #add(source: string | Uint8Array, name: string, options: ParseOptions | null): Promise<ReadAnswer> {
    if (this.#closed) return Promise.reject(new Error('the reader pool is closed'));
    return new Promise((done, failed) => {
      this.#waiting.push({ source, name, options, done, failed });
      this.#next();
    });
  }

  /** Gives waiting files to idle processes, and starts one where all are busy and there may be more. */
  #next(): void {
    for (const reader of this.#readers) {
      if (this.#waiting.length === 0) return;
      if (reader.ready && !reader.job) this.#give(reader, this.#waiting.shift() as Job);
    }
    const starting = [...this.#readers].filter((reader) => !reader.ready).length;
    if (this.#waiting.length > starting && this.#readers.size < this.#limits.size) this.#start();
  }

  #start(): void {
    const child = fork(entry, {
      // A workbook is many small values that live as long as its reading: with room for them the collector runs half as often.
      execArgv: [`--max-old-space-size=${this.#limits.megabytes}`, '--max-semi-space-size=32', '--disable-warning=ExperimentalWarning'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const reader: Reader = { child, ready: false, job: null, timer: null, options: null, lastWords: '' };
    this.#readers.add(reader);
    child.stderr?.setEncoding('utf8').on('data', (words: string) => {
      reader.lastWords = (reader.lastWords + words).slice(-4000);
    });
    child.on('message', (answer: ReadAnswer | 'ready') => {
      if (answer === 'ready') reader.ready = true;
      else this.#settle(reader, (job) => job.done(answer));
      keepAlive(reader, false);
      this.#next();
    });
    child.on('error', () => this.#lost(reader));
    // After `close` all that it said has been read.
    child.on('close', () => this.#lost(reader));
  }

  #give(reader: Reader, job: Job): void {
    const { options, name, source } = job;
    const parse: ReadTask['parse'] = options && (options === reader.options ? {} : { options });
    if (options) reader.options = options;
    reader.job = job;
    reader.timer = setTimeout(() => this.#end(reader, `读了 ${this.#limits.seconds} 秒还没有读完`), this.#limits.seconds * 1000);
    keepAlive(reader, true);
    reader.child.send({ source, name, parse } satisfies ReadTask, (error) => {
      // It ended while it was waiting for work: the same file goes to another.
      if (!error) return;
      const { job: unread } = reader;
      reader.job = null;
      this.#settle(reader, () => undefined);
      if (unread) this.#waiting.unshift(unread);
      this.#lost(reader);
    });
  }

  #settle(reader: Reader, say: (job: Job) => void): void {
    const { job, timer } = reader;
    if (timer) clearTimeout(timer);
    reader.job = null;
    reader.timer = null;
    if (job) say(job);
  }

  /** Ends a process, in the middle of its file if it has one. */
  #end(reader: Reader, why: string): void {
    this.#readers.delete(reader);
    reader.child.kill('SIGKILL');
    this.#settle(reader, (job) => job.done(stopped(job.name, why)));
    this.#next();
  }

  /** A process is gone: its file is reported, another process takes the next. */
  #lost(reader: Reader): void {
    if (!this.#readers.delete(reader)) return;
    this.#settle(reader, (job) => job.done(stopped(job.name, saysOutOfMemory(reader.lastWords) ? '占用内存过多' : '读取程序中断')));
    // A process that cannot even start is a broken set-up, not a broken file.
    if (!reader.ready) for (const job of this.#waiting.splice(0)) job.failed(new Error(`the reader process does not start: ${reader.lastWords}`));
    this.#next();
  }
}

/** Opens a pool; its processes start with the first files. Close it at the end of the run. */
export const openReaderPool = (options: PoolOptions = {}): ReaderPool => new Pool(options);

let shared: ReaderPool | null = null;

/** Reads one file in a process of a pool that is shared here. Idle processes do not keep this one alive, and end with it. */
export const readInWorker = (source: string | Uint8Array, name: string): Promise<FileReading> => {
  shared ??= openReaderPool();
  return shared.read(source, name);
};

/** Reads and parses one file there. */
export const parseInWorker = (source: string | Uint8Array, name: string, options?: ParseOptions): Promise<WorkbookReading> => {
  shared ??= openReaderPool();
  return shared.parse(source, name, options);
};
