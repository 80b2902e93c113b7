/**
 * Writes the answers into a spreadsheet in one request, and reads them back in its reply.
 * It never writes to a row that is not the one that was read, and never repeats a write without looking first.
 */
import type { TabAnswer } from '../../../schema/ingest.ts';
import { plainTabs, type Tab } from '../../../schema/sheets.ts';
import { recordsOf } from '../column-records.ts';
import type { AnswerFate, Answers } from '../source.ts';
import { rangeOf } from './a1.ts';
import { type CellWrite, type Request, writeRequests } from './cells.ts';
import type { GoogleClient } from './client.ts';
import { newTab } from './draw-tab.ts';
import { GoogleFault } from './fault.ts';
import { sheetIdFor } from './feedback-tab.ts';
import { followTab, openRecords, type RecordBook } from './follow-columns.ts';
import { planFront } from './front-page.ts';
import { type Layout, layoutOf } from './layout.ts';
import { movesBetween, repair, sameRows, withCells } from './moves.ts';
import { planTab, unmoved } from './plan-answers.ts';
import { tabsOfSheets } from './raw-tab.ts';
import { readValues } from './read-spreadsheet.ts';
import type { SheetTab } from './spreadsheet.ts';

/** A reading may be so old that it is written upon without another look: what happens in between shows in the reply. */
const freshFor = 2000;

const looks = 4;

export interface Written {
  readonly fate: AnswerFate;
  /** The tabs as they are now. */
  readonly tabs: readonly SheetTab[];
  /** There are other tabs than those that were read. */
  readonly otherTabs?: true;
}

export interface Job {
  /** The tabs as they were read, and when. */
  readonly read: { readonly tabs: readonly SheetTab[]; readonly at: number };
  readonly answers: Answers;
  /** Tabs of the model. */
  readonly models: readonly Tab[];
  /** The service account: the only one that may edit what is protected. */
  readonly account: string;
}

/** Written or not; or a fault after which nobody knows, with the tabs as they would then be. */
type Attempt = Written | { readonly unsure: unknown; readonly tried: readonly SheetTab[] };

interface TabPlan {
  readonly tab: SheetTab;
  readonly layout: Layout | null;
  readonly cells: readonly CellWrite[];
}

interface Plan {
  readonly tabs: readonly TabPlan[];
  readonly requests: readonly Request[];
  /** Every answered row is still what was read. */
  readonly whole: boolean;
}

const modelFor = (answer: TabAnswer, tabs: readonly Tab[]): Tab | undefined => tabs.find((tab) => tab.table === answer.table);

/** Tabs of the model that no longer stand in the spreadsheet, neither by their columns nor by their name. */
const missingTabs = (answers: Answers, now: readonly SheetTab[], tabs: readonly Tab[]): string[] =>
  tabs
    .filter((tab) => !answers.tabs.some((answer) => answer.table === tab.table) && !now.some((one) => one.title === tab.name))
    .map((tab) => tab.name);

/** One tab of the answers: how it stands now, and what of it must change. */
interface TabSteps {
  readonly plan: TabPlan | null;
  readonly requests: readonly Request[];
  readonly whole: boolean;
}

const nothing = (whole: boolean): TabSteps => ({ plan: null, requests: [], whole });

/** Rows that the answers add below the last one need room. */
const roomFor = (tab: SheetTab, cells: readonly CellWrite[]): Request[] => {
  const short = Math.max(0, ...cells.map((cell) => cell.row + 1)) - tab.rowCount;
  return short > 0 ? [{ appendDimension: { sheetId: tab.sheetId, dimension: 'ROWS', length: short + 20 } }] : [];
};

/** A tab of the bureau's rows comes with its first row. */
const bringTab = (model: Tab, answer: TabAnswer, now: readonly SheetTab[], account: string): TabSteps => {
  if (!model.bureauRows || answer.rows.length === 0) return nothing(!now.some((tab) => tab.title === model.name));
  const { tab, requests } = newTab(model, sheetIdFor(now), account);
  const layout = layoutOf(tab) as Layout;
  const cells = planTab(tab, layout, model, answer);
  return { plan: { tab, layout, cells }, requests: [...requests, ...roomFor(tab, cells)], whole: true };
};

interface Present {
  readonly before: SheetTab | undefined;
  readonly found: SheetTab | undefined;
  readonly now: readonly SheetTab[];
}

const planAnswer = ({ before, found, now }: Present, answer: TabAnswer, { models, answers, account }: Job, book: RecordBook | null): TabSteps => {
  const model = modelFor(answer, models);
  if (!model) return nothing(true);
  if (!before && !now.some((tab) => tab.title === answer.tab) && model.bureauRows) return bringTab(model, answer, now, account);
  const there = found && layoutOf(found);
  if (!before || !found || !there) return nothing(false);
  const { tab, requests } = book
    ? followTab(found, there, model, book, answers.coming?.get(answer.tab) ?? nothingComing)
    : { tab: found, requests: [] };
  const layout = layoutOf(tab) ?? there;
  const whole = sameRows(before, found, there);
  const cells = planTab(tab, layout, model, answer, whole ? unmoved : movesBetween(before, found, there));
  return { plan: { tab, layout, cells }, requests: [...requests, ...roomFor(tab, cells)], whole };
};

const nothingComing: ReadonlySet<string> = new Set();

const makePlan = (read: readonly SheetTab[], now: readonly SheetTab[], job: Job): Plan => {
  const { answers, models } = job;
  const meta = now.find((tab) => tab.title === plainTabs.meta);
  const book = meta ? openRecords(meta, recordsOf([meta.raw])) : null;
  const steps = answers.tabs.map((answer): TabSteps => {
    const before = read.find((tab) => tab.title === answer.tab);
    const found = now.find((one) => one.sheetId === before?.sheetId);
    return planAnswer({ before, found, now }, answer, job, book);
  });
  const tabs = steps.flatMap(({ plan }) => plan ?? []);
  const front = now.find((tab) => tab.title === plainTabs.instructions);
  const news = tabs.some((one) => one.cells.length > 0);
  const frontPlan = front ? planFront(front, answers, now, { news, missing: missingTabs(answers, now, models) }) : null;
  const all = [...tabs, ...(front && frontPlan ? [{ tab: front, layout: null, cells: frontPlan.cells }] : [])].filter((one) => one.cells.length > 0);
  const structure = [...steps.flatMap(({ requests }) => requests), ...(book?.requests() ?? []), ...(frontPlan?.before ?? [])];
  return {
    tabs: all,
    requests: [...structure, ...all.flatMap(({ tab, cells }) => writeRequests(tab.sheetId, cells))],
    whole: steps.every((step) => step.whole),
  };
};

const replyFields =
  'updatedSpreadsheet(sheets(properties(sheetId,title,gridProperties(rowCount,columnCount)),data(startRow,startColumn,rowData(values(effectiveValue)))))';

/** One request; its reply holds the touched tabs as they were at the moment of writing. */
const send = async (client: GoogleClient, id: string, plan: Plan): Promise<SheetTab[]> => {
  const reply = await client.write('sheetsWrites', ({ sheets }) =>
    sheets.spreadsheets.batchUpdate({
      spreadsheetId: id,
      fields: replyFields,
      requestBody: {
        requests: [...plan.requests],
        includeSpreadsheetInResponse: true,
        responseIncludeGridData: true,
        responseRanges: plan.tabs.map(({ tab }) => rangeOf(tab.title)),
      },
    }),
  );
  return tabsOfSheets(reply.updatedSpreadsheet?.sheets ?? []);
};

/** Takes back what landed on a wrong row. Its own outcome shows at the next sync, which reads the spreadsheet again. */
const takeBack = async (client: GoogleClient, id: string, plan: Plan, after: readonly SheetTab[]): Promise<void> => {
  const requests = plan.tabs.flatMap(({ tab, layout, cells }) => {
    const now = after.find((one) => one.sheetId === tab.sheetId);
    return layout && now ? writeRequests(tab.sheetId, repair(tab, cells, now, layout)) : [];
  });
  if (requests.length === 0) return;
  await client.write('sheetsWrites', ({ sheets }) => sheets.spreadsheets.batchUpdate({ spreadsheetId: id, requestBody: { requests } }));
};

/** Whether the reply shows the rows as they were when the plan was made, with our cells in them. */
const landed = (plan: Plan, after: readonly SheetTab[]): boolean =>
  plan.tabs.every(({ tab, layout, cells }) => {
    const now = after.find((one) => one.sheetId === tab.sheetId);
    return !layout || (now !== undefined && sameRows(withCells(tab, cells), now, layout));
  });

/** The tabs with what was written. */
const afterPlan = (now: readonly SheetTab[], plan: Plan): SheetTab[] => {
  const brought = plan.tabs.filter(({ tab }) => !now.some((one) => one.sheetId === tab.sheetId));
  return [
    ...now.map((tab) => {
      const written = plan.tabs.find((one) => one.tab.sheetId === tab.sheetId);
      return written ? withCells(tab, written.cells) : tab;
    }),
    ...brought.map(({ tab, cells }) => withCells(tab, cells)),
  ];
};

const isSame = (before: readonly SheetTab[], now: readonly SheetTab[]): boolean =>
  before.every((tab) => {
    const [other, layout] = [now.find((one) => one.sheetId === tab.sheetId), layoutOf(tab)];
    return !layout || (other !== undefined && sameRows(tab, other, layout));
  });

const isUnsure = (error: unknown): boolean => error instanceof GoogleFault && error.kind === 'failing';

/** Tabs or cells that were there a moment ago are gone, or a tab has come: the next sync reads what there is. */
const isOvertaken = (error: unknown): boolean => error instanceof GoogleFault && ['range', 'grid', 'taken'].includes(error.kind);

/** One look and, where something is to be written, one write. */
const attempt = async (client: GoogleClient, id: string, job: Job, now: readonly SheetTab[], tried: readonly SheetTab[] | null): Promise<Attempt> => {
  // What a write without an answer may have left behind is ours, and no change of the school's.
  const before = tried && isSame(tried, now) ? tried : job.read.tabs;
  const plan = makePlan(before, now, job);
  if (plan.requests.length === 0) return { fate: !plan.whole ? 'changed' : tried ? 'answered' : 'unchanged', tabs: now };
  const expected = afterPlan(now, plan);
  try {
    const after = await send(client, id, plan);
    if (landed(plan, after))
      return { fate: plan.whole ? 'answered' : 'changed', tabs: expected, ...(expected.length > now.length ? { otherTabs: true } : {}) };
    await takeBack(client, id, plan, after);
    return { fate: 'changed', tabs: now };
  } catch (error) {
    if (isOvertaken(error)) return { fate: 'changed', tabs: now, otherTabs: true };
    return { unsure: error, tried: expected };
  }
};

/**
 * `read`: the tabs as they were read at `at`. Throws GoogleFault where the spreadsheet cannot be written.
 * After a write whose outcome is unknown the tabs are read again, and only what is still missing is written.
 */
export const writeAnswers = async (client: GoogleClient, id: string, job: Job): Promise<Written> => {
  let [now, tried] = [job.read.tabs, null as readonly SheetTab[] | null];
  for (let look = 1; ; look += 1) {
    if (look > 1 || client.clock.now() - job.read.at > freshFor) now = await readValues(client, id, job.read.tabs);
    const done = await attempt(client, id, job, now, tried);
    if ('fate' in done) return done;
    if (!isUnsure(done.unsure) || look === looks) throw done.unsure;
    tried = done.tried;
    await client.clock.wait(1000 * 2 ** look);
  }
};
