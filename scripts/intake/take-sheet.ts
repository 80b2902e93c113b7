/**
 * One sheet: fetched, parsed, handed to Directus, answered. Whatever goes wrong concerns this sheet alone, and is noted at it.
 */
import { type IngestAnswer, type IngestRequest, noRows, type RowCounts } from '../../schema/ingest.ts';
import type { Layout } from '../../schema/layout.ts';
import type { ParsedTab } from '../../schema/parsed.ts';
import { StoreError } from '../directus/store.ts';
import { comingColumns } from '../sheets/column-records.ts';
import { type Answered, type Listing, type Opened, type Reading, SheetFault, type SourceKind } from '../sheets/source.ts';
import { movedFrom, type Present, reasonToLeave, schoolOf } from './belonging.ts';
import { type Desk, type KnownSheet, parseFor } from './desk.ts';
import { quiet, type SheetState, type SyncedSheet } from './summary.ts';

/** Stands for the version while the answers are not in the sheet yet: a sync that dies in between reads it again. */
const unanswered = '';

type Noted = Partial<Pick<KnownSheet, 'school' | 'term' | 'own' | 'file_hash' | 'cursor' | 'place'>> & {
  state?: '读不了' | '未收';
  message?: string;
  proposals?: readonly Layout[];
};

/** Puts what happened to a sheet on the list that the bureau sees; nothing is written where it stands there already. */
const note = async (desk: Desk, kind: SourceKind, place: string, values: Noted): Promise<void> => {
  if (desk.options.dryRun) return;
  const known = desk.known.get(place);
  if (!known) {
    await desk.store.createRows('sources', [{ kind, place, own: '学校自有', ...values, read_at: new Date().toISOString() } as never]);
    return;
  }
  const news = Object.entries(values).some(
    ([name, value]) => JSON.stringify(known[name as keyof KnownSheet] ?? null) !== JSON.stringify(value ?? null),
  );
  // A sheet of which nothing new was read may have been marked meanwhile, and then stays marked.
  const read = 'file_hash' in values ? { outdated: false } : {};
  if (news) await desk.store.updateRow('sources', known.id, { ...values, ...read, read_at: new Date().toISOString() } as never);
};

const rowsIn = (tabs: readonly ParsedTab[]): number => tabs.reduce((sum, tab) => sum + tab.rows.length + tab.ignoredRows.length, 0);

/** Every row of a sheet that is left alone counts as ignored, for the reason that its message gives. */
const allIgnored = (tabs: readonly ParsedTab[]): RowCounts => ({ ...noRows, read: rowsIn(tabs), ignored: rowsIn(tabs) });

const problemCount = (answer: IngestAnswer): number =>
  answer.tabs.reduce((sum, tab) => sum + tab.problems.filter((one) => one.severity === 'error').length, 0);

/** A sheet on its way through. */
interface Case {
  readonly desk: Desk;
  readonly kind: SourceKind;
  readonly listing: Listing;
  readonly opened: Opened;
  readonly reading: Reading;
  readonly present: Present;
}

/** Tells the school, beside its sheet, why nothing of it was taken. `done`: it need not be told again before it saves something new. */
const tell = async ({ desk, opened }: Case, refusal: string): Promise<Pick<SyncedSheet, 'answers' | 'unwritten'> & { done: boolean }> => {
  if (desk.options.dryRun) return { answers: 'none', done: true };
  const { fate, message } = await opened.answer({ tabs: [], refusal, receivedAt: desk.receivedAt });
  return { answers: fate, ...(message ? { unwritten: message } : {}), done: fate === 'answered' || fate === 'unchanged' };
};

/** Nothing of the sheet is taken: the bureau finds the reason in its list, the school beside its sheet. */
const refuseWhole = async (one: Case, state: '读不了' | '未收', school: string | null, message: string, counts = noRows): Promise<SyncedSheet> => {
  const { desk, kind, listing, opened } = one;
  const { done, ...told } = await tell(one, message);
  await note(desk, kind, listing.place, {
    ...(state === '未收' ? { school } : {}),
    state,
    message,
    file_hash: done ? opened.version : unanswered,
    cursor: opened.cursor,
  });
  return { ...quiet(listing.place, school, state, message), counts, ...told };
};

/** A sheet found under a new name goes on as the one that it was: its problems, its history and its rows stay with it. */
const follow = async ({ desk, listing, opened, reading, present }: Case): Promise<void> => {
  const before = movedFrom(desk, present, listing.place, opened.version, reading.meta);
  if (!before) return;
  desk.known.delete(before.place);
  desk.known.set(listing.place, { ...before, place: listing.place });
  if (!desk.options.dryRun) await desk.store.updateRow('sources', before.id, { place: listing.place });
};

const ingest = async ({ desk, kind, listing, reading }: Case, school: string): Promise<IngestAnswer> => {
  const request: IngestRequest = {
    source: {
      kind,
      place: listing.place,
      own: reading.meta ? '系统模板' : '学校自有',
      fileHash: unanswered,
      school,
      term: reading.meta?.term || desk.known.get(listing.place)?.term || desk.term,
    },
    dryRun: desk.options.dryRun === true,
    model: desk.model,
    tabs: reading.tabs,
  };
  return desk.handOver.take(request);
};

/** What the bureau is asked about a school's own layout, as the row of `sources` says it; nothing where all of it is sure. */
const asked = ({ meta, tabs, proposals = [] }: Reading): Pick<Noted, 'state' | 'message' | 'proposals'> => {
  if (meta) return {};
  const confirm = proposals.length ? '请在工作台「栏目对照」里确认一次,以后同样的表都照此读' : '请改用系统发的填报表,或把表头写成栏目的名称';
  if (!holdsTables(tabs)) return { state: '读不了', message: `没有认出这是哪一种台账,没有收。${confirm}`, proposals };
  return proposals.length ? { message: `${proposals.length} 张表的栏目拿不准。${confirm}`, proposals } : { proposals };
};

/** The same for the school, which cannot confirm anything. */
const unrecognised =
  '系统没有认出这张表里是哪一种台账,一行也没有收。请改用系统发的填报表填写,或把表头写成栏目的名称(如“姓名、年级、班级、星期、监护人电话”)后保存;县教育局也会核对这张表的栏目';

const holdsTables = (tabs: readonly ParsedTab[]): boolean => tabs.some((tab) => tab.table !== null);

/** The version is kept once the school can see the answers; a sheet that is open or has changed meanwhile is read again. */
const answer = async ({ desk, opened, reading }: Case, given: IngestAnswer): Promise<Pick<SyncedSheet, 'answers' | 'unwritten'>> => {
  if (desk.options.dryRun || !given.source) return { answers: 'none' };
  const written: Answered = await opened.answer({
    tabs: given.tabs,
    model: desk.parse.tabs,
    ...(reading.meta ? { coming: new Map(reading.tabs.map((tab) => [tab.tab, comingColumns(tab)])) } : {}),
    deadline: desk.deadline,
    receivedAt: desk.receivedAt,
    ...(reading.meta || holdsTables(reading.tabs) ? {} : { refusal: unrecognised }),
  });
  const { fate, message } = written;
  if (fate === 'answered' || fate === 'unchanged')
    await desk.notes.add({ id: given.source, values: { file_hash: written.version, cursor: written.cursor, ...asked(reading) } });
  else if (message || fate === 'changed')
    await desk.store.updateRow('sources', given.source, { cursor: written.cursor, ...(message ? { message } : {}) } as never);
  return { answers: fate, ...(message ? { unwritten: message } : {}) };
};

const takeRows = async (one: Case): Promise<SyncedSheet> => {
  const { desk, kind, listing, reading } = one;
  const { place } = listing;
  if (reading.problem) return refuseWhole(one, '读不了', desk.known.get(place)?.school ?? null, reading.problem);
  await follow(one);
  const school = reading.meta?.school || schoolOf(desk, listing);
  if (!school || !desk.schools.some((other) => other.code === school)) {
    const message = '不知道是哪所学校的表:请在 Directus「填报表」里给它选学校,或把学校标识码写进文件名';
    // Not marked as done: once the bureau has chosen the school, the next sync takes it.
    await note(desk, kind, place, { school: null, state: '读不了', message, file_hash: unanswered });
    return { ...quiet(place, null, '不知是哪所学校', message), counts: allIgnored(reading.tabs) };
  }
  const reason = reading.meta ? reasonToLeave(desk, one.present, place, reading.meta) : null;
  if (reason) return refuseWhole(one, '未收', school, reason, allIgnored(reading.tabs));
  const given = await ingest(one, school);
  const untold = reading.meta || holdsTables(reading.tabs) ? null : (asked(reading).message ?? null);
  return {
    place,
    school,
    state: untold ? '读不了' : '已同步',
    counts: given.counts,
    problems: problemCount(given),
    message: untold,
    ...(await answer(one, given)),
  };
};

/** Faults of this sheet alone, as the sentence that says them; anything else ends the sync. */
const faultOf = (error: unknown): string => {
  if (error instanceof SheetFault) return error.message;
  if (error instanceof StoreError && error.code === 'INTERNAL_SERVER_ERROR')
    return '系统存这份表时出错,没有收;表里的内容没有动。请把 logs/directus.log 的最后几行交给管理员,下次同步会再试';
  // Directus names what it refuses (an unknown term, say); the other schools go on.
  if (error instanceof StoreError && error.code !== 'UNREACHABLE' && error.code !== 'FORBIDDEN') return error.message;
  throw error;
};

/** Takes one listed sheet. Never throws for what is wrong with the sheet; Directus out of reach ends the sync. */
export const takeSheet = async (
  desk: Desk,
  kind: SourceKind,
  listing: Listing,
  open: (listing: Listing) => Promise<Opened>,
  present: Present,
): Promise<SyncedSheet> => {
  const known = desk.known.get(listing.place);
  const school = known?.school ?? null;
  const refused = async (state: SheetState, message: string): Promise<SyncedSheet> => {
    if (state === '读不了') await note(desk, kind, listing.place, { state, message, file_hash: unanswered });
    return quiet(listing.place, school, state, message);
  };
  if (listing.fault) return refused(listing.fault.state, listing.fault.message);
  if (!listing.changed && !desk.options.force) return quiet(listing.place, school, '未变');
  try {
    const opened = await open(listing);
    if (!desk.options.force && known?.file_hash && known.file_hash === opened.version) {
      await note(desk, kind, listing.place, { cursor: opened.cursor });
      return quiet(listing.place, school, '未变');
    }
    return await takeRows({ desk, kind, listing, opened, reading: await opened.read(parseFor(desk, schoolOf(desk, listing))), present });
  } catch (error) {
    return refused('读不了', faultOf(error));
  }
};
