/**
 * The formal check over all cases: photos brought in, texts held against each other, quoted figures frozen, the outcome kept at each case.
 * Rerun on the same state it changes nothing.
 */
import { setTimeout } from 'node:timers/promises';
import { quotedFigures } from '../../schema/cases/figures.ts';
import { checkCase, formalNote, formalState } from '../../schema/cases/formal.ts';
import { gateReasons } from '../../schema/cases/gate.ts';
import { parts } from '../../schema/cases/parts.ts';
import { caseFigures, type FormalCheck, formalCheck, type SimilarCase } from '../../schema/cases/records.ts';
import { type AlikePair, findAlike, type Prepared, passagesOf, prepare } from '../../schema/cases/similar.ts';
import { sameValue } from '../../schema/merge.ts';
import type { Progress } from '../cli.ts';
import type { Store } from '../directus/store.ts';
import { bringPhotos } from './bring-photos.ts';
import type { CaseRow, Material } from './material.ts';
import type { PhotoPlaces } from './photo-places.ts';

/** One case, as `npm run -s cases -- --check --json` prints it. */
export interface CheckedLine {
  readonly id: string;
  readonly title: string;
  readonly school: string;
  readonly state: string;
  readonly formal: '合格' | '须改';
  readonly faults: FormalCheck['faults'];
  readonly similar: readonly SimilarCase[];
  /** Why it could not be published as it is. */
  readonly gate: readonly string[];
  readonly figures: number;
  readonly photos: number;
  readonly changed: boolean;
}

export interface CheckOutcome {
  readonly cases: readonly CheckedLine[];
  readonly ms: { readonly alike: number; readonly all: number };
}

export interface CheckDesk {
  readonly store: Store;
  readonly places: PhotoPlaces;
  readonly progress: Progress;
  /** ISO 8601. */
  readonly now: string;
  /** `2026-11-24` */
  readonly today: string;
  readonly dryRun: boolean;
}

/** Cases most alike are shown; more of them would only be more of the same. */
const mostSimilar = 5;
/** A case that was taken back is no longer anybody's to be copied from, nor to be judged. */
const isLive = (row: CaseRow): boolean => row.state !== '已撤回';

const textsOf = (row: CaseRow): string[] => parts.map(({ field }) => row[field] ?? '').filter((text) => text !== '');

/** Day from which a case counts as there: handed in, or out already. */
const dayOf = (row: CaseRow, today: string): string => (row.submitted_on ?? row.published_on ?? today).slice(0, 10);

/** Case -> the cases most like it, with their common passages. */
const similarTo = (rows: readonly CaseRow[], from: number, today: string): Map<string, SimilarCase[]> => {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const prepared = new Map<string, Prepared>(rows.map((row) => [row.id, prepare({ id: row.id, parts: textsOf(row) })]));
  const found = new Map<string, SimilarCase[]>();
  const note = (mine: string, theirs: string, { share }: AlikePair): void => {
    const list = found.get(mine) ?? [];
    if (list.length >= mostSimilar) return;
    const other = byId.get(theirs) as CaseRow;
    const passages = passagesOf(prepared.get(mine) as Prepared, prepared.get(theirs) as Prepared);
    const earlier = dayOf(other, today) <= dayOf(byId.get(mine) as CaseRow, today);
    const year = (other.published_on ?? other.submitted_on ?? today).slice(0, 4);
    found.set(mine, [...list, { id: theirs, title: other.title, school: other.school, year, share, earlier, passages }]);
  };
  for (const pair of findAlike([...prepared.values()], from)) {
    note(pair.a, pair.b, pair);
    note(pair.b, pair.a, pair);
  }
  return found;
};

/** The moment of a check is no news by itself. */
const sameCheck = (before: unknown, after: FormalCheck): boolean => {
  const known = formalCheck(before);
  return known !== null && sameValue({ ...known, at: '' }, { ...after, at: '' });
};

type Changes = Partial<CaseRow>;

/** Rows that one call writes. */
const atOnce = 50;
/** Milliseconds within which a closed line is noticed. */
const heard = 20;

/** Collects what is to be written: a call for each row would take most of the time of a check. */
const openWriter = ({ store, dryRun }: CheckDesk) => {
  let waiting: (Changes & { readonly id: string })[] = [];
  const flush = async (): Promise<void> => {
    const rows = waiting;
    waiting = [];
    if (rows.length > 0 && !dryRun) await store.updateEach('cases', rows);
  };
  return {
    flush,
    async write(id: string, changes: Changes): Promise<void> {
      waiting.push({ ...changes, id });
      // A photo that has just been stored must be known at its case, or the next check would store it again.
      if (waiting.length >= atOnce || 'photos' in changes) await flush();
    },
  };
};

type Writer = ReturnType<typeof openWriter>;

const changesOf = (row: CaseRow, wanted: Changes & { readonly formal: FormalCheck }): Changes =>
  Object.fromEntries(
    Object.entries(wanted).filter(([field, value]) =>
      field === 'formal' ? !sameCheck(row.formal, wanted.formal) : !sameValue(row[field as keyof CaseRow] ?? null, value ?? null),
    ),
  );

const checkOne = async (desk: CheckDesk, writer: Writer, material: Material, row: CaseRow, similar: readonly SimilarCase[]): Promise<CheckedLine> => {
  const { conventions } = material;
  const photos = await bringPhotos({ ...desk, conventions }, row, material.workbooks.get(row.school) ?? null);
  const quoted = quotedFigures(row, material.reports.get(row.school) ?? [], caseFigures(row.figures), desk.now);
  const withPhotos = { ...row, photos };
  const formal = checkCase({ row: withPhotos, conventions, similar, quoted: quoted.faults, now: desk.now });
  const changes = changesOf(row, {
    formal,
    formal_state: formalState(formal),
    formal_note: formalNote(formal),
    figures: quoted.figures,
    photos,
    submitted_on: row.submitted_on ?? desk.today,
  });
  const changed = Object.keys(changes).length > 0;
  if (changed) await writer.write(row.id, changes);
  return {
    id: row.id,
    title: row.title,
    school: row.school,
    state: row.state ?? '',
    formal: formalState(formal),
    faults: formal.faults,
    similar,
    gate: gateReasons(withPhotos, material.severe.get(row.school)),
    figures: quoted.figures.length,
    photos: photos.length,
    changed,
  };
};

export const checkCases = async (desk: CheckDesk, material: Material): Promise<CheckOutcome> => {
  const begun = performance.now();
  const rows = material.cases.filter(isLive);
  desk.progress.note(`正在比对 ${rows.length} 篇案例的文字…`);
  const similar = similarTo(rows, material.conventions.similarFrom, desk.today);
  // Directus has hung up on a line that was silent for so long: a turn of the loop, and it is known before something is sent on it.
  await setTimeout(heard);
  const alike = performance.now() - begun;
  const bar = desk.progress.bar('审查案例', rows.length);
  const writer = openWriter(desk);
  const lines: CheckedLine[] = [];
  for (const row of rows) {
    lines.push(await checkOne(desk, writer, material, row, similar.get(row.id) ?? []));
    bar.step();
  }
  await writer.flush();
  bar.end();
  return { cases: lines, ms: { alike: Math.round(alike), all: Math.round(performance.now() - begun) } };
};
