/**
 * One spreadsheet on its way through a sync: fetched once, parsed, answered.
 * It never remembers anything itself; what is to be remembered goes out as the cursor.
 */
import { tabs as modelTabs } from '../../../schema/sheets.ts';
import type { ParseOptions } from '../../sync/parse-tab.ts';
import { metaOf } from '../folder.ts';
import { parseWorkbook } from '../read-tables.ts';
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

/** A spreadsheet in a school's own layout is read as such a file of the folder is: several tables a tab, forms, confirmed layouts. */
const readingOf = ({ sheet }: Read, options: ParseOptions): Reading => {
  const tabs = theirs(sheet.tabs);
  const raw = (sheet.complete ? tabs : tabs.map((tab) => withModelFormats(tab, options.tabs))).map((tab) => tab.raw);
  const { tabs: read, proposals } = parseWorkbook({ tabs: raw }, options);
  const meta = metaOf(raw);
  const wanted = read.filter((tab) => !tab.hidden || meta === null);
  return { meta, proposals, tabs: wanted.flatMap((tab) => tab.parsed).filter((tab) => tab.table !== null || tab.problems.length > 0) };
};

interface Fetched {
  readonly client: GoogleClient;
  readonly place: string;
  readonly read: Read;
  readonly readAt: number;
}

const answerOwn = async ({ client, place, read, readAt }: Fetched, answers: Answers): Promise<Answered> => {
  const job = { read: { tabs: read.sheet.tabs, at: readAt }, answers, models: answers.model ?? modelTabs, account: client.account };
  const written = await writeAnswers(client, place, job);
  const { tabs, ...cursor } = read.cursor;
  // A tab that has come is met by the next reading only if that looks through all of them.
  return { fate: written.fate, version: versionOf(written.tabs), cursor: written.otherTabs || !tabs ? cursor : { ...cursor, tabs } };
};

const answerForeign = async ({ client, place, read }: Fetched, answers: Answers): Promise<Answered> => {
  const fate = await writeFeedback(client, place, read.sheet.tabs, answers);
  return { fate, version: versionOf(theirs(read.sheet.tabs)), cursor: read.cursor };
};

/** What cannot be written is said in one sentence; the rows are taken all the same. */
const answerFetched = async (fetched: Fetched, answers: Answers): Promise<Answered> => {
  const { client, place, read } = fetched;
  try {
    const own = isOwn(read.sheet.tabs) && answers.refusal === undefined;
    // Once it was refused as a whole, and a tab of ours said so: that is no longer true.
    if (own && read.sheet.tabs.some((tab) => tab.title === feedbackTitle)) await answerForeign(fetched, answers);
    return await (own ? answerOwn : answerForeign)(fetched, answers);
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
