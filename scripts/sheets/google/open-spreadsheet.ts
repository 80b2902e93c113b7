/**
 * One spreadsheet on its way through a sync: fetched once, parsed, answered.
 * It never remembers anything itself; what is to be remembered goes out as the cursor.
 */
import { tabs as modelTabs } from '../../../schema/sheets.ts';
import { type ParseOptions, parseTab } from '../../sync/parse-tab.ts';
import { parseOwnTabs, recordsOf } from '../column-records.ts';
import { metaOf } from '../folder.ts';
import type { Answered, Answers, Opened, Reading } from '../source.ts';
import type { GoogleClient } from './client.ts';
import type { GoogleCursor } from './cursor.ts';
import { GoogleFault } from './fault.ts';
import { sentenceOf, sheetFault } from './fault-words.ts';
import { feedbackTitle, writeFeedback } from './feedback-tab.ts';
import { withModelFormats } from './raw-tab.ts';
import { isOwn, type Read, readSpreadsheet } from './read-spreadsheet.ts';
import type { SheetTab } from './spreadsheet.ts';
import { versionOf } from './version.ts';
import { writeAnswers } from './write-answers.ts';

const theirs = (tabs: readonly SheetTab[]): SheetTab[] => tabs.filter((tab) => tab.title !== feedbackTitle);

const readingOf = ({ sheet }: Read, options: ParseOptions): Reading => {
  const tabs = theirs(sheet.tabs);
  const raw = (sheet.complete ? tabs : tabs.map((tab) => withModelFormats(tab, options.tabs))).map((tab) => tab.raw);
  const meta = metaOf(raw);
  const parsed = meta ? parseOwnTabs(raw, { ...options, tabs: options.tabs ?? modelTabs }, recordsOf(raw)) : raw.map((tab) => parseTab(tab, options));
  return { meta, tabs: parsed.filter((tab) => tab.table !== null) };
};

interface Fetched {
  readonly client: GoogleClient;
  readonly place: string;
  readonly read: Read;
  readonly readAt: number;
}

const answerOwn = async ({ client, place, read, readAt }: Fetched, answers: Answers): Promise<Answered> => {
  const job = { read: { tabs: read.sheet.tabs, at: readAt }, answers, models: answers.model ?? modelTabs };
  const written = await writeAnswers(client, place, job);
  return { fate: written.fate, version: versionOf(written.tabs), cursor: read.cursor };
};

const answerForeign = async ({ client, place, read }: Fetched, answers: Answers): Promise<Answered> => {
  const fate = await writeFeedback(client, place, read.sheet.tabs, answers);
  return { fate, version: versionOf(theirs(read.sheet.tabs)), cursor: read.cursor };
};

/** What cannot be written is said in one sentence; the rows are taken all the same. */
const answerFetched = async (fetched: Fetched, answers: Answers): Promise<Answered> => {
  const { client, place, read } = fetched;
  try {
    return await (isOwn(read.sheet.tabs) ? answerOwn : answerForeign)(fetched, answers);
  } catch (error) {
    if (!(error instanceof GoogleFault)) throw error;
    const message = sentenceOf(error, { title: read.sheet.title || place, account: client.account });
    return { fate: 'unreadable', version: versionOf(theirs(read.sheet.tabs)), cursor: read.cursor, message };
  }
};

const fetchSpreadsheet = async (client: GoogleClient, place: string, cursor: GoogleCursor): Promise<Fetched> => {
  try {
    const read = await readSpreadsheet(client, place, cursor);
    return { client, place, read, readAt: client.clock.now() };
  } catch (error) {
    if (error instanceof GoogleFault) throw sheetFault(error, { title: cursor.title ?? place, account: client.account });
    throw error;
  }
};

/** Calls Google once as a rule. All faults are SheetFaults. `learned` hears what is to be remembered. */
export const openSpreadsheet = async (
  client: GoogleClient,
  place: string,
  cursor: GoogleCursor,
  learned: (cursor: GoogleCursor) => void,
): Promise<Opened> => {
  const fetched = await fetchSpreadsheet(client, place, cursor);
  const { read } = fetched;
  learned(read.cursor);
  return {
    version: versionOf(theirs(read.sheet.tabs)),
    cursor: read.cursor,
    read: async (options) => readingOf(read, options),
    answer: (answers) => answerFetched(fetched, answers),
  };
};
