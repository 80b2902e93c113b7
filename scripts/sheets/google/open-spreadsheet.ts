/**
 * One spreadsheet on its way through a sync: fetched once, parsed, answered.
 * It never remembers anything itself; what is to be remembered goes out as the cursor.
 */
import { tabs as modelTabs, type Tab } from '../../../schema/sheets.ts';
import { type ParseOptions, parseTab } from '../../sync/parse-tab.ts';
import { metaOf } from '../folder.ts';
import type { Answered, Answers, Opened, Reading } from '../source.ts';
import type { GoogleClient } from './client.ts';
import type { GoogleCursor } from './cursor.ts';
import { GoogleFault } from './fault.ts';
import { sheetFault } from './fault-words.ts';
import { feedbackTitle, writeFeedback } from './feedback-tab.ts';
import { withModelFormats } from './raw-tab.ts';
import { isOwn, type Read, readSpreadsheet } from './read-spreadsheet.ts';
import type { SheetTab } from './spreadsheet.ts';
import { versionOf } from './version.ts';
import { writeAnswers } from './write-answers.ts';

const theirs = (tabs: readonly SheetTab[]): SheetTab[] => tabs.filter((tab) => tab.title !== feedbackTitle);

const readingOf = (read: Read, options: ParseOptions): Reading => {
  const tabs = theirs(read.sheet.tabs);
  const raw = (read.sheet.complete ? tabs : tabs.map((tab) => withModelFormats(tab, options.tabs))).map((tab) => tab.raw);
  return { meta: metaOf(raw), tabs: raw.map((tab) => parseTab(tab, options)).filter((tab) => tab.table !== null) };
};

const answerRead = async (
  client: GoogleClient,
  place: string,
  read: Read,
  readAt: number,
  answers: Answers,
  models: readonly Tab[],
): Promise<Answered> => {
  const { tabs } = read.sheet;
  if (!isOwn(tabs)) {
    const fate = await writeFeedback(client, place, tabs, answers);
    return { fate, version: versionOf(theirs(tabs)), cursor: read.cursor };
  }
  const written = await writeAnswers(client, place, { read: { tabs, at: readAt }, answers, models });
  return { fate: written.fate, version: versionOf(written.tabs), cursor: read.cursor };
};

/** Calls Google once as a rule. All faults are SheetFaults. `learned` hears what is to be remembered. */
export const openSpreadsheet = async (
  client: GoogleClient,
  place: string,
  cursor: GoogleCursor,
  learned: (cursor: GoogleCursor) => void,
): Promise<Opened> => {
  const inWords = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof GoogleFault) throw sheetFault(error, { title: cursor.title ?? place, account: client.account });
      throw error;
    }
  };
  const read = await inWords(() => readSpreadsheet(client, place, cursor));
  const readAt = client.clock.now();
  learned(read.cursor);
  let models: readonly Tab[] = modelTabs;
  return {
    version: versionOf(theirs(read.sheet.tabs)),
    cursor: read.cursor,
    async read(options) {
      models = options.tabs ?? modelTabs;
      return readingOf(read, options);
    },
    answer: (answers) => inWords(() => answerRead(client, place, read, readAt, answers, models)),
  };
};
