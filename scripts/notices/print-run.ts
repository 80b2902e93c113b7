/**
 * One print run: the letters of one kind for a school, a grade, a class or some students, as files and rows.
 * Prints nothing twice, replaces what has changed, and after a kill goes on where the records end. Never prints a letter that lacks a required element.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Row, tables } from '../../schema/index.ts';
import { newRowId } from '../../schema/row-id.ts';
import { type Progress, UsageError } from '../cli.ts';
import type { Config } from '../config.ts';
import type { Store } from '../directus/store.ts';
import { buildClassSets, type ClassLetters, type ClassSet } from './class-sets.ts';
import { noticeUrl } from './codes.ts';
import { type Facts, readFacts, type Student } from './facts.ts';
import { alone, copyWhole, isIntact, pathPart, readIfThere, sha256, writeWhole } from './files.ts';
import { type NoticeKind, noticeKinds } from './kinds.ts';
import { type Copy, type PlannedLetter, planLetter } from './plan-run.ts';
import { type Failure, openPressRoom, type PressRoom, type PressRoomOptions, type Printed, type Sheet } from './press-room.ts';
import { inClasses, readRecipients, type Scope } from './recipients.ts';
import { missingElements } from './required-elements.ts';
import { type Layout, layoutOf, openPress, type Press } from './template.ts';
import { className, gradeWord } from './wording.ts';

export interface PrintDeps {
  readonly store: Store;
  readonly config: Pick<Config, 'chromium' | 'publicUrl' | 'timezone'> & { readonly folders: Pick<Config['folders'], 'notices'> };
  readonly progress: Progress;
  readonly now?: () => Date;
  /** How to print, where the usual way does not fit: a browser shared by several runs, smaller batches. */
  readonly room?: Pick<PressRoomOptions, 'batchSize' | 'parallel' | 'timeout' | 'open' | 'closes'>;
}

export interface PrintOptions extends Scope {
  readonly kind: string;
  readonly term?: string;
  /** Folder of this run; default `<notices folder>/<school>/<term>_<kind>`. */
  readonly out?: string;
  /** 成文日期, `2026-09-01`; default: the date of the notice that exists already, else today. */
  readonly dated?: string;
  /** Default: the layout that this notice was printed in before, else 紧凑. */
  readonly layout?: Layout;
  /** In the print-ready documents every letter starts on the front of a sheet. */
  readonly oddStarts?: boolean;
  readonly dryRun?: boolean;
}

export interface PrintResult {
  readonly kind: string;
  readonly school: string;
  readonly term: string;
  readonly dryRun: boolean;
  /** Letters in the scope of this run. */
  readonly copies: number;
  readonly pages: number;
  readonly printed: number;
  readonly reused: number;
  readonly superseded: number;
  readonly failed: number;
  /** One PDF per student, absolute paths. */
  readonly files: readonly string[];
  /** One print-ready PDF per class, absolute paths. */
  readonly classFiles: readonly string[];
  readonly folder: string;
  readonly manifest: string | null;
  /** Why nothing was printed: what is missing, and where to enter it. */
  readonly missing: readonly string[];
  /** What should be there and is not, but does not stop the press. */
  readonly advice: readonly string[];
  /** Letters that could not be printed, by 行号. */
  readonly failures: readonly Failure[];
  readonly ms: number;
}

type Notice = Row<typeof tables.notices> & { id: string };

interface Manifest {
  readonly notice: string;
  readonly kind: string;
  readonly school: string;
  readonly term: string;
  readonly dated: string;
  readonly template: string;
  readonly pages: number;
  readonly copies: readonly { student: string; code: string; shortCode: string; file: string; pages: number; sha256: string }[];
  readonly classes: readonly ClassSet[];
}

const manifestName = 'manifest.json';
/** Directus takes this many rows in one call without noticeable waits. */
const recordChunk = 200;

const kindOf = (name: string): NoticeKind => {
  const kind = noticeKinds.find((one) => one.name === name);
  if (!kind) throw new UsageError(`不能印「${name}」。现在可印:${noticeKinds.map((one) => one.name).join('、')}。`);
  return kind;
};

/** The calendar day in the county. */
const today = (now: Date, timeZone: string): string => new Intl.DateTimeFormat('en-CA', { timeZone }).format(now);

const checkDay = (day: string): string => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day))) throw new UsageError(`成文日期「${day}」不对:请写成 2026-09-01 的样子。`);
  return day;
};

const findNotice = async (store: Store, kind: string, facts: Facts): Promise<Notice | null> => {
  const filter = {
    _and: [{ kind: { _eq: kind } }, { school: { _eq: facts.school.code } }, { term: { _eq: facts.term.id } }, { state: { _neq: '已撤回' } }],
  };
  const [notice] = await store.readRows('notices', { filter, limit: 1 });
  return notice ?? null;
};

const validCopies = async (store: Store, notice: Notice | null): Promise<Map<string, Copy[]>> => {
  const byStudent = new Map<string, Copy[]>();
  if (!notice) return byStudent;
  const copies = await store.readRows('notice_copies', { filter: { _and: [{ notice: { _eq: notice.id } }, { state: { _eq: '有效' } }] } });
  for (const copy of copies) byStudent.set(copy.student, [...(byStudent.get(copy.student) ?? []), copy]);
  return byStudent;
};

/** A kept letter needs no press when its file is still what was recorded, here or where the notice was printed before. */
const isReady = async (letter: PlannedLetter, folder: string, earlierFolder: string | null, dryRun: boolean): Promise<boolean> => {
  const { kept } = letter;
  if (!kept) return false;
  if (await isIntact(join(folder, letter.file), kept.sha256)) return true;
  if (!earlierFolder || !kept.file || !(await isIntact(join(earlierFolder, kept.file), kept.sha256))) return false;
  if (!dryRun) await copyWhole(join(earlierFolder, kept.file), join(folder, letter.file));
  return true;
};

const sheetOf = (letter: PlannedLetter, press: Press, facts: Facts, kind: string, publicUrl: string, at: Date, pages: number): Sheet => ({
  key: letter.student.id,
  html: press.letter(letter.data, letter.stamp),
  mark: noticeUrl(publicUrl, letter.stamp.code),
  pages: letter.kept?.pages ?? pages,
  info: {
    title: `${facts.school.name}课后服务${kind}(${gradeWord(letter.student.grade)}${className(letter.student.class_no)})`,
    subject: facts.term.name,
    author: facts.school.name,
    at,
  },
});

/** Everything that one run carries from step to step. */
interface Run {
  readonly deps: PrintDeps;
  readonly facts: Facts;
  readonly notice: Notice;
  readonly folder: string;
  readonly at: Date;
  readonly done: Map<string, { sha256: string; pages: number }>;
}

const copyRow = (run: Run, letter: PlannedLetter, printed: Printed, hash: string): Partial<Copy> => ({
  id: letter.copyId,
  notice: run.notice.id,
  student: letter.student.id,
  school: run.facts.school.code,
  code: letter.stamp.code,
  short_code: letter.stamp.shortCode,
  content_hash: letter.contentHash,
  file: letter.file,
  sha256: hash,
  pages: printed.pages,
  state: '有效',
  printed_at: run.at.toISOString(),
});

/** Files first, then rows: a letter on record is a letter on disk. */
const storeBatch = async (run: Run, letters: ReadonlyMap<string, PlannedLetter>, batch: readonly Printed[]): Promise<void> => {
  const finished = batch.map((printed) => ({ printed, letter: letters.get(printed.key) as PlannedLetter, hash: sha256(printed.bytes) }));
  await Promise.all(finished.map(({ printed, letter }) => writeWhole(join(run.folder, letter.file), printed.bytes)));
  const { store } = run.deps;
  const fresh = finished.filter(({ letter }) => !letter.kept).map(({ letter, printed, hash }) => copyRow(run, letter, printed, hash));
  for (let from = 0; from < fresh.length; from += recordChunk) await store.createRows('notice_copies', fresh.slice(from, from + recordChunk));
  for (const { letter, printed, hash } of finished)
    if (letter.kept)
      await store.updateRow('notice_copies', letter.kept.id, {
        sha256: hash,
        pages: printed.pages,
        file: letter.file,
        printed_at: run.at.toISOString(),
      });
  await supersede(
    run,
    finished.map(({ letter }) => letter),
  );
  for (const { letter, printed, hash } of finished) run.done.set(letter.student.id, { sha256: hash, pages: printed.pages });
};

/** Marks the copies that these letters replace, and removes their files where the new letter has not taken the place. */
const supersede = async (run: Run, letters: readonly PlannedLetter[]): Promise<void> => {
  const replaced = letters.flatMap((letter) => letter.replaced.map((copy) => ({ copy, file: letter.file })));
  if (replaced.length === 0) return;
  await run.deps.store.updateRows(
    'notice_copies',
    replaced.map(({ copy }) => copy.id),
    { state: '已替换' },
  );
  for (const { copy, file } of replaced) if (copy.file && copy.file !== file) await rm(join(run.folder, copy.file), { force: true });
};

const lettersByClass = (run: Run, letters: readonly PlannedLetter[]): ClassLetters[] => {
  const planned = new Map(letters.map((letter) => [letter.student.id, letter]));
  return inClasses(letters.map(({ student }) => student))
    .map((of) => ({
      of,
      letters: of.students.flatMap((student) => {
        const done = run.done.get(student.id);
        const letter = planned.get(student.id);
        return done && letter ? [{ studentId: student.id, name: student.name, path: join(run.folder, letter.file), sha256: done.sha256 }] : [];
      }),
    }))
    .filter((set) => set.letters.length > 0);
};

const readManifest = async (folder: string): Promise<Manifest | null> => {
  const bytes = await readIfThere(join(folder, manifestName));
  if (!bytes) return null;
  try {
    return JSON.parse(bytes.toString()) as Manifest;
  } catch {
    // A damaged manifest is made anew from the records; it holds nothing that is not elsewhere.
    return null;
  }
};

const bySchoolOrder = (a: ClassSet, b: ClassSet): number => a.grade - b.grade || a.class.localeCompare(b.class, 'zh', { numeric: true });

/** The manifest lists every valid letter of the notice, also those outside the scope of this run. */
const writeManifest = async (
  run: Run,
  template: string,
  sets: readonly ClassSet[],
  previous: Manifest | null,
): Promise<{ path: string; hash: string; copies: number; pages: number; changed: boolean }> => {
  const copies = [...(await validCopies(run.deps.store, run.notice)).values()].flat().sort((a, b) => ((a.file ?? '') < (b.file ?? '') ? -1 : 1));
  const built = new Set(sets.map(({ file }) => file));
  const pages = copies.reduce((sum, copy) => sum + (copy.pages ?? 0), 0);
  const manifest: Manifest = {
    notice: run.notice.id,
    kind: run.notice.kind,
    school: run.facts.school.code,
    term: run.facts.term.id,
    dated: run.notice.dated ?? '',
    template,
    pages,
    copies: copies.map((copy) => ({
      student: copy.student,
      code: copy.code,
      shortCode: copy.short_code ?? '',
      file: copy.file ?? '',
      pages: copy.pages ?? 0,
      sha256: copy.sha256 ?? '',
    })),
    classes: [...(previous?.classes ?? []).filter(({ file }) => !built.has(file)), ...sets].sort(bySchoolOrder),
  };
  const text = `${JSON.stringify(manifest, null, 1)}\n`;
  const path = join(run.folder, manifestName);
  const changed = (await readIfThere(path))?.toString() !== text;
  if (changed) await writeWhole(path, text);
  return { path, hash: sha256(text), copies: copies.length, pages, changed };
};

const openNotice = async (
  deps: PrintDeps,
  facts: Facts,
  found: Notice | null,
  kind: string,
  dated: string,
  folder: string,
  template: string,
): Promise<Notice> => {
  const values = { dated, folder, template_version: template, state: '印制中' };
  if (found) {
    await deps.store.updateRow('notices', found.id, values);
    return { ...found, ...values };
  }
  const notice = {
    id: newRowId(),
    kind,
    school: facts.school.code,
    term: facts.term.id,
    scope: null,
    copies: null,
    pages: null,
    manifest_hash: null,
    printed_at: null,
    ...values,
  };
  await deps.store.createRows('notices', [notice]);
  return notice;
};

interface Outcome {
  readonly letters: readonly PlannedLetter[];
  readonly printed: number;
  readonly superseded: number;
  readonly failures: readonly Failure[];
  readonly pages: number;
  readonly classFiles: readonly string[];
  readonly manifest: string;
}

const printAll = async (
  run: Run,
  options: PrintOptions,
  press: Press,
  letters: readonly PlannedLetter[],
  waiting: readonly PlannedLetter[],
  template: string,
): Promise<Outcome> => {
  const { deps, facts } = run;
  const room: PressRoom = openPressRoom(deps.config, { ...deps.room, assemble: press.document });
  const bar = deps.progress.bar(options.kind, waiting.length);
  try {
    const known = [...run.done.values()][0]?.pages ?? 0;
    const sheets = waiting.map((letter) => sheetOf(letter, press, facts, options.kind, deps.config.publicUrl, run.at, known));
    const byStudent = new Map(waiting.map((letter) => [letter.student.id, letter]));
    let recorded: Promise<void> = Promise.resolve();
    const record = async (before: Promise<void>, batch: readonly Printed[]): Promise<void> => {
      await before;
      await storeBatch(run, byStudent, batch);
      bar.step(batch.length);
    };
    const failures = await room.print(sheets, async (batch) => {
      // One batch is recorded while the next is cut, and no more than one.
      const before = recorded;
      recorded = record(before, batch);
      recorded.catch((error: unknown) => error);
      await before;
    });
    await recorded;
    bar.end();
    // Left over from a run that was killed between the new row and the old one.
    await supersede(
      run,
      letters.filter((letter) => run.done.has(letter.student.id) && letter.kept && !byStudent.has(letter.student.id)),
    );
    const previous = await readManifest(run.folder);
    const classes = lettersByClass(run, letters);
    const classBar = deps.progress.bar('按班合订', classes.length);
    const whole = options.students === undefined;
    const sets = whole
      ? await buildClassSets(
          facts,
          room,
          press,
          classes,
          { folder: run.folder, dated: run.notice.dated ?? '', at: run.at, oddStarts: options.oddStarts ?? false, previous: previous?.classes ?? [] },
          () => classBar.step(),
        )
      : [];
    classBar.end();
    const manifest = await writeManifest(run, template, sets, previous);
    if (manifest.changed || waiting.length > 0 || run.notice.state !== '已印')
      await deps.store.updateRow('notices', run.notice.id, {
        state: failures.length > 0 ? '有误' : '已印',
        copies: manifest.copies,
        pages: manifest.pages,
        manifest_hash: manifest.hash,
        folder: run.folder,
        printed_at: run.at.toISOString(),
      });
    const printed = waiting.length - failures.length;
    return {
      letters,
      printed,
      failures,
      superseded: letters.filter((letter) => run.done.has(letter.student.id)).reduce((sum, letter) => sum + letter.replaced.length, 0),
      pages: letters.reduce((sum, letter) => sum + (run.done.get(letter.student.id)?.pages ?? 0), 0),
      classFiles: sets.map(({ file }) => join(run.folder, file)),
      manifest: manifest.path,
    };
  } finally {
    await room.close();
  }
};

/**
 * Prints what has to be printed and returns the account of it; nothing is printed when a required element is missing (`missing`).
 * Throws UsageError for an unknown kind, school or term and for an empty scope.
 */
export const printNotices = async (deps: PrintDeps, options: PrintOptions): Promise<PrintResult> => {
  const begun = Date.now();
  const kind = kindOf(options.kind);
  const now = (deps.now ?? (() => new Date()))();
  const facts = await readFacts(deps.store, options.school, options.term);
  const folder =
    options.out ?? join(deps.config.folders.notices, pathPart(`${facts.school.code}_${facts.school.name}`), `${facts.term.id}_${kind.name}`);
  const gaps = missingElements(kind.elements, facts);
  const account = {
    kind: kind.name,
    school: facts.school.code,
    term: facts.term.id,
    dryRun: options.dryRun === true,
    folder,
    missing: gaps.filter(({ level }) => level === '必备').map(({ message }) => message),
    advice: gaps.filter(({ level }) => level === '宜').map(({ message }) => message),
  };
  const nothing = { copies: 0, pages: 0, printed: 0, reused: 0, superseded: 0, failed: 0, files: [], classFiles: [], manifest: null, failures: [] };
  if (account.missing.length > 0) return { ...account, ...nothing, ms: Date.now() - begun };

  const students: Student[] = await readRecipients(deps.store, options);
  if (students.length === 0) throw new UsageError('这个范围里没有在册学生:请核对年级和班级,或先同步学校的「学生报名」。');
  const found = await findNotice(deps.store, kind.name, facts);
  const dated = checkDay(options.dated ?? found?.dated ?? today(now, deps.config.timezone));
  const press = openPress(kind.template, deps.config.publicUrl, options.layout ?? layoutOf(found?.template_version));

  const work = async (): Promise<PrintResult> => {
    const copies = await validCopies(deps.store, found);
    const letters = students.map((student) => planLetter(press, student, kind.letterOf(facts, student, dated), copies.get(student.id) ?? []));
    const done: Run['done'] = new Map();
    for (const letter of letters)
      if (letter.kept && (await isReady(letter, folder, found?.folder ?? null, account.dryRun)))
        done.set(letter.student.id, { sha256: letter.kept.sha256 ?? '', pages: letter.kept.pages ?? 0 });
    const waiting = letters.filter(({ student }) => !done.has(student.id));
    const reused = letters.length - waiting.length;
    if (options.dryRun) {
      const superseded = letters.reduce((sum, letter) => sum + letter.replaced.length, 0);
      return { ...account, ...nothing, copies: letters.length, printed: waiting.length, reused, superseded, ms: Date.now() - begun };
    }
    const untouched = waiting.length === 0 && found?.state === '已印';
    const notice = untouched && found ? found : await openNotice(deps, facts, found, kind.name, dated, folder, press.version);
    const run: Run = { deps, facts, notice, folder, at: now, done };
    const outcome = await printAll(run, options, press, letters, waiting, press.version);
    return {
      ...account,
      copies: letters.length,
      pages: outcome.pages,
      printed: outcome.printed,
      reused,
      superseded: outcome.superseded,
      failed: outcome.failures.length,
      files: letters.filter(({ student }) => done.has(student.id)).map(({ file }) => join(folder, file)),
      classFiles: outcome.classFiles,
      manifest: outcome.manifest,
      failures: outcome.failures,
      ms: Date.now() - begun,
    };
  };
  return options.dryRun ? work() : alone(folder, work);
};
