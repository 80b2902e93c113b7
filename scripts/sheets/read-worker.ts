/**
 * The process in which one file after the other is read and parsed, so that a file which hangs or eats memory ends with it.
 * Started by read-pool.ts only; it keeps nothing of a file and speaks only when asked.
 */
import type { ParseOptions } from '../sync/parse-tab.ts';
import { type FileReading, fails, readBytesOf, readFile } from './read-file.ts';
import { parseWorkbook, type WorkbookReading } from './read-tables.ts';

/** What the pool asks: a file by its path or its bytes. */
export interface ReadTask {
  readonly source: string | Uint8Array;
  readonly name: string;
  /** Null: the tabs as they stand in the file are wanted, not what they say. */
  readonly parse: null | {
    /** Sent when they differ from those of the task before: the model is large, and what is built from it is kept. */
    readonly options?: ParseOptions;
  };
}

export type ReadAnswer = FileReading | WorkbookReading;

let options: ParseOptions = {};

const read = ({ source, name }: ReadTask): Promise<FileReading> | FileReading =>
  typeof source === 'string' ? readFile(source, name) : readBytesOf(source, name);

const answer = async (task: ReadTask): Promise<ReadAnswer> => {
  if (task.parse?.options) options = task.parse.options;
  const reading = await read(task);
  return task.parse ? parseWorkbook(reading, options) : reading;
};

const say = (answer: ReadAnswer | 'ready'): void => {
  if (!process.send) throw new Error('read-worker.ts is a reader process: start it through read-pool.ts');
  process.send(answer);
};

process.on('message', (task: ReadTask) => {
  answer(task).then(say, (error: unknown) => {
    const failed = fails('unreadable', task.name, '读取时出错');
    // The next file is read all the same; what went wrong here is for the log.
    say({ ...failed, problem: { ...failed.problem, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) } });
  });
});
// Without the pool there is nobody to answer.
process.on('disconnect', () => process.exit());
say('ready');
