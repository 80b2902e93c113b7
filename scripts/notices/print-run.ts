/**
 * One print run: the letters of one kind at one school, as files and rows.
 * Prints nothing twice, replaces what has changed, and after a kill goes on where the records end. Never prints a letter that lacks a required element.
 */

import { join } from 'node:path';
import type { Layout } from '../../schema/letters.ts';
import { isDay } from '../../schema/rows.ts';
import { placeOf } from '../../schema/vocabulary.ts';
import { UsageError } from '../cli.ts';
import { type Hold, thisMachine, usual } from './alone.ts';
import { buildClassSets, type ClassLetters } from './class-sets.ts';
import { composeLetters, type Order } from './compose.ts';
import { type Facts, type Notice, readFacts, readRecords } from './facts.ts';
import { copyWhole, hashIfThere, isIntact, runFolder, sweep } from './files.ts';
import { type FormBook, openFormBook } from './forms.ts';
import { asksReply, type NoticeKind, noticeKinds } from './kinds.ts';
import { readManifest, writeManifest } from './manifest.ts';
import { findNotice, openNotice, readAddresses, validCopies } from './notice-rows.ts';
import { aloneAtPress } from './one-press.ts';
import { type Copy, type PlannedLetter, planLetter } from './plan-run.ts';
import { openPressRoom, type PressRoom } from './press-room.ts';
import { inClasses, inScope, isHere, readStudents } from './recipients.ts';
import { finishRecording, recordOnce } from './record-once.ts';
import { finishRemoving } from './remove-once.ts';
import { type Missing, missingElements, missingInWords } from './required-elements.ts';
import type { PrintDeps, PrintOptions, PrintResult, Run } from './run-types.ts';
import { storeBatch, storeTexts, supersede, withdraw } from './store-letters.ts';
import { keepTemplate, layoutOf, openPress, type Press } from './template.ts';
import { removeOutdatedFiles, uploadLetters } from './upload.ts';
import { chooseWords } from './words.ts';
import { zipLetters } from './zip.ts';

export type { PrintDeps, PrintOptions, PrintResult } from './run-types.ts';

export const kindOf = (name: string): NoticeKind => {
  const kind = noticeKinds.find((one) => one.name === name);
  if (!kind) throw new UsageError(`不能印「${name}」。现在可印:${noticeKinds.map((one) => one.name).join('、')}。`);
  return kind;
};

/** The calendar day in the county. */
const today = (now: Date, timeZone: string): string => new Intl.DateTimeFormat('en-CA', { timeZone }).format(now);

const checkDay = (day: string): string => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || !isDay(day)) throw new UsageError(`成文日期「${day}」不对:请写成 2026-09-01 的样子。`);
  return day;
};

/** What lies here of letters that were printed before. */
interface Shelf {
  readonly folder: string;
  /** Where the notice was printed before. */
  readonly earlier: string | null;
  /** Checksum of the file that this folder has of a code: printed here, it may differ from the one printed and recorded elsewhere. */
  readonly own: ReadonlyMap<string, string>;
}

/**
 * A kept letter needs no press when its file is still what was recorded, or what was printed under its code, here or where the notice was
 * printed before. Gives the file's checksum.
 */
const readyHash = async (letter: PlannedLetter, { folder, earlier, own }: Shelf, dryRun: boolean): Promise<string | null> => {
  const { kept } = letter;
  if (!kept) return null;
  const here = await hashIfThere(join(folder, letter.file));
  if (here !== null && (here === kept.sha256 || here === own.get(kept.code))) return here;
  if (!earlier || !kept.file || !(await isIntact(join(earlier, kept.file), kept.sha256))) return null;
  if (!dryRun) await copyWhole(join(earlier, kept.file), join(folder, letter.file));
  return kept.sha256;
};

/** What has been read and decided before anything is printed. */
export interface Prepared {
  readonly kind: NoticeKind;
  readonly facts: Facts;
  readonly found: Notice | null;
  readonly gaps: readonly Missing[];
  readonly dated: string;
  readonly press: Press;
  readonly book: FormBook;
  readonly copies: ReadonlyMap<string, readonly Copy[]>;
  readonly students: ReturnType<typeof inScope>;
  /** Valid letters of students who have left. */
  leftOf(copies: Prepared['copies']): readonly Copy[];
}

/** Reads everything that a run needs. Throws UsageError for an unknown kind, school, term or notice. */
export const prepareRun = async (deps: PrintDeps, options: PrintOptions): Promise<Prepared> => {
  const kind = kindOf(options.kind);
  const read = await readFacts(deps.store, options.school, options.term);
  const found = await findNotice(deps.store, kind, read, options.notice);
  const facts: Facts = { ...read, matter: kind.template === 'change-notice' ? found : null };
  const words = chooseWords(kind.template, found, facts.settings);
  const now = (deps.now ?? (() => new Date()))();
  const dated = checkDay(options.dated ?? found?.dated ?? today(now, deps.config.timezone));
  const layout: Layout = options.layout ?? layoutOf(found?.template_version);
  const press = openPress(kind.template, deps.config.publicUrl, layout, words);
  const [all, recordsOf, copies] = await Promise.all([
    readStudents(deps.store, facts.school.code),
    readRecords(deps.store, facts.school.code, facts.term.id),
    validCopies(deps.store, found),
  ]);
  const copiesOf = (id: string) => copies.get(id) ?? [];
  const students = inScope(all, options, { facts, recordsOf, copiesOf }).filter(({ id }) => kind.goesTo(recordsOf(id)));
  const here = new Set(all.filter(isHere).map(({ id }) => id));
  return {
    kind,
    facts,
    found,
    gaps: [...missingElements(kind.elements, facts), ...missingInWords(words, kind.keep)],
    dated,
    press,
    copies,
    students,
    leftOf: (valid) => [...valid].filter(([id]) => !here.has(id)).flatMap(([, list]) => list),
    book: openFormBook(press, deps.config.publicUrl, facts, (student) =>
      kind.letterOf({ facts, student, dated, words, records: recordsOf(student.id) }),
    ),
  };
};

const orderOf = (run: Run, letter: PlannedLetter, { book, kind, press }: Prepared): Order => ({
  key: letter.student.id,
  name: letter.student.name,
  place: placeOf(letter.student),
  form: letter.form,
  stamp: letter.stamp,
  pages: letter.kept?.pages ?? kind.pages[press.layout],
  info: {
    title: `${run.facts.school.name}课后服务${kind.name}(${placeOf(letter.student)})`,
    subject: run.facts.term.name,
    author: run.facts.school.name,
    at: run.at,
  },
  html: () => book.letterOf(letter.student, letter.stamp),
});

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

/** Prints the letters that wait, storing each handful while the next is made. */
const printWaiting = async (run: Run, prepared: Prepared, room: PressRoom, waiting: readonly PlannedLetter[]) => {
  const bar = run.deps.progress.bar(prepared.kind.name, waiting.length);
  const byStudent = new Map(waiting.map((letter) => [letter.student.id, letter]));
  let recorded: Promise<void> = Promise.resolve();
  const failures = await composeLetters(
    { room, press: prepared.press, publicUrl: run.deps.config.publicUrl, ...(run.deps.room?.batchSize ? { handful: run.deps.room.batchSize } : {}) },
    waiting.map((letter) => orderOf(run, letter, prepared)),
    async (batch) => {
      // One handful is recorded while the next is made, and no more than one.
      const before = recorded;
      recorded = before.then(async () => {
        await storeBatch(run, byStudent, batch);
        bar.step(batch.length);
      });
      recorded.catch((error: unknown) => error);
      await before;
    },
  );
  await recorded;
  bar.end();
  return failures;
};

interface Outcome extends Pick<PrintResult, 'printed' | 'superseded' | 'failures' | 'pages' | 'classFiles' | 'zip' | 'uploaded' | 'shared'> {
  readonly manifest: string;
}

const printAll = async (
  run: Run,
  prepared: Prepared,
  options: PrintOptions,
  letters: readonly PlannedLetter[],
  waiting: readonly PlannedLetter[],
  left: readonly Copy[],
): Promise<Outcome> => {
  const { deps, facts } = run;
  const room = openPressRoom(deps.config, { ...deps.room, assemble: prepared.press.document });
  try {
    const failures = await printWaiting(run, prepared, room, waiting);
    // Left over from a run that was killed between the new row and the old one.
    const again = new Set(waiting.map(({ student }) => student.id));
    await supersede(
      run,
      letters.filter((letter) => run.done.has(letter.student.id) && letter.kept && !again.has(letter.student.id)),
    );
    await withdraw(run, left);
    await run.hold();
    const previous = await readManifest(run.folder);
    const classes = options.students === undefined ? lettersByClass(run, letters) : [];
    const bar = deps.progress.bar('按班合订', classes.length);
    const sets = await buildClassSets(
      facts,
      room,
      prepared.press,
      classes,
      {
        folder: run.folder,
        dated: run.notice.dated ?? '',
        at: run.at,
        oddStarts: options.oddStarts ?? false,
        reply: asksReply(prepared.kind),
        title: prepared.kind.name,
        previous: previous?.classes ?? [],
      },
      () => bar.step(),
    );
    bar.end();
    const all = [options.grade, options.classNo, options.students, options.only].every((one) => one === undefined);
    const manifest = await writeManifest(run, sets, previous, all);
    await keepTemplate(run.folder, prepared.press);
    const done = letters.filter(({ student }) => run.done.has(student.id));
    await run.hold();
    const zip = options.zip ? await zipLetters(run, done, manifest.path) : null;
    const uploaded = options.upload ? await uploadLetters(run, options.upload === 'sets' ? [] : done, sets) : { count: 0, sets: [] };
    const changed = manifest.changed || waiting.length > 0 || run.notice.state !== '已印';
    if (changed) {
      await removeOutdatedFiles(run, manifest.files, all);
      await storeTexts(deps.store, facts.school.code, []);
    }
    if (changed && !run.onlyHereToo)
      await deps.store.updateRow('notices', run.notice.id, {
        state: failures.length > 0 ? '有误' : '已印',
        copies: manifest.copies,
        pages: manifest.pages,
        manifest_hash: manifest.hash,
        folder: run.folder,
        machine: run.machine,
        printed_at: run.at.toISOString(),
      });
    return {
      printed: waiting.length - failures.length,
      failures,
      superseded: done.reduce((sum, letter) => sum + letter.replaced.length, 0),
      pages: letters.reduce((sum, letter) => sum + (run.done.get(letter.student.id)?.pages ?? 0), 0),
      classFiles: sets.map(({ file }) => join(run.folder, file)),
      manifest: manifest.path,
      zip,
      uploaded: uploaded.count,
      shared: uploaded.sets,
    };
  } finally {
    await room.close();
  }
};

/** A letter is 1 to 4 pages; a longer one is printed as it is, and the office hears of it. */
const mostPages = 4;

const lengthAdvice = (letters: readonly PlannedLetter[], done: Run['done'], { press }: Prepared): string[] => {
  const long = letters.map(({ student }) => done.get(student.id)?.pages ?? 0).filter((pages) => pages > mostPages);
  if (long.length === 0) return [];
  const shorter = press.layout === '标准' ? '可改用紧凑版式,或缩短' : '可缩短';
  return [`有 ${long.length} 份超过 ${mostPages} 页(最长 ${Math.max(...long)} 页):${shorter}正文和减免、退费办法的文字。`];
};

const nothing = {
  copies: 0,
  pages: 0,
  printed: 0,
  reused: 0,
  superseded: 0,
  withdrawn: 0,
  failed: 0,
  files: [],
  classFiles: [],
  zip: null,
  uploaded: 0,
  shared: [],
  manifest: null,
  failures: [],
} as const;

/** Letters that need no press, by student. */
const readyLetters = async (letters: readonly PlannedLetter[], folder: string, earlier: string | null, dryRun: boolean): Promise<Run['done']> => {
  const own = new Map((await readManifest(folder))?.copies.map(({ code, sha256 }) => [code, sha256]));
  const done: Run['done'] = new Map();
  for (const letter of letters) {
    const sha256 = await readyHash(letter, { folder, earlier, own }, dryRun);
    if (sha256) done.set(letter.student.id, { sha256, pages: letter.kept?.pages ?? 0 });
  }
  return done;
};

/** Whether all of these letters are on record already, and nothing of the record changes. */
const addsNothing = (found: Notice | null, letters: readonly PlannedLetter[], left: readonly Copy[]): boolean =>
  found?.state === '已印' && left.length === 0 && letters.every(({ kept, replaced }) => kept && replaced.length === 0);

/**
 * Prints what has to be printed and returns the account of it; nothing is printed when a required element is missing (`missing`).
 * Throws UsageError for an unknown kind, school or term and for an empty scope.
 */
export const printNotices = async (deps: PrintDeps, options: PrintOptions): Promise<PrintResult> => {
  const begun = Date.now();
  const prepared = await prepareRun(deps, options);
  const { facts, kind, press } = prepared;
  const folder = options.out ?? runFolder(deps.config.folders.notices, facts, kind.name);
  const times = { ...usual(), machine: deps.machine ?? thisMachine() };
  const account = {
    kind: kind.name,
    school: facts.school.code,
    term: facts.term.id,
    dryRun: options.dryRun === true,
    folder,
    missing: prepared.gaps.filter(({ level }) => level === '必备').map(({ message }) => message),
    advice: prepared.gaps.filter(({ level }) => level === '宜').map(({ message }) => message),
  };
  if (account.missing.length > 0) return { ...account, ...nothing, ms: Date.now() - begun };
  if (prepared.students.length === 0 && prepared.leftOf(prepared.copies).length === 0) {
    if (options.skipEmpty) return { ...account, ...nothing, ms: Date.now() - begun };
    throw new UsageError(`${facts.school.name}的这个范围里没有要发「${kind.name}」的在册学生:请核对年级、班级和条件,或先同步学校的「学生报名」。`);
  }

  const work = async (hold: Hold): Promise<PrintResult> => {
    if (!options.dryRun) {
      await finishRecording(deps.store, folder);
      await finishRemoving(deps.store, folder);
    }
    // Read again inside: a run that has ended meanwhile has printed some of them.
    const found = await findNotice(deps.store, kind, facts, options.notice);
    const copies = await validCopies(deps.store, found);
    const left = prepared.leftOf(copies);
    const letters = prepared.students.map((student) => planLetter(prepared.book, student, copies.get(student.id) ?? []));
    const done = await readyLetters(letters, folder, found?.folder ?? null, account.dryRun);
    const waiting = letters.filter(({ student }) => !done.has(student.id));
    const counts = { copies: letters.length, reused: letters.length - waiting.length, withdrawn: left.length };
    if (options.dryRun) {
      const superseded = letters.reduce((sum, letter) => sum + letter.replaced.length, 0);
      return { ...account, ...nothing, ...counts, printed: waiting.length, superseded, ms: Date.now() - begun };
    }
    await sweep(folder);
    const isOurs = !found?.machine || found.machine === times.machine;
    const onlyHereToo = !isOurs && found?.dated === prepared.dated && addsNothing(found, letters, left);
    const untouched = waiting.length === 0 && left.length === 0 && found?.state === '已印' && found.dated === prepared.dated;
    const printing = { dated: prepared.dated, folder, machine: times.machine, template_version: press.version };
    const notice =
      (untouched || onlyHereToo) && found
        ? found
        : await openNotice(deps.store, facts, found, kind.name, printing, (row) => recordOnce(deps.store, folder, 'notices', [row]));
    const at = (deps.now ?? (() => new Date()))();
    const textOf = (letter: PlannedLetter) => prepared.book.textOf(letter.student, letter);
    const run: Run = {
      deps,
      facts,
      notice,
      template: press.version,
      folder,
      machine: times.machine,
      isOurs,
      onlyHereToo,
      at,
      done,
      hold,
      addresses: await readAddresses(deps.store, facts.school.code),
      textOf,
      stored: new Set(),
    };
    const { failures, ...outcome } = await printAll(run, prepared, options, letters, waiting, left);
    const files = letters.filter(({ student }) => done.has(student.id)).map(({ file }) => join(folder, file));
    const advice = [...account.advice, ...lengthAdvice(letters, done, prepared)];
    return { ...account, ...counts, ...outcome, advice, failures, failed: failures.length, files, ms: Date.now() - begun };
  };
  if (options.dryRun) return work(async () => undefined);
  return aloneAtPress(folder, deps.store, facts, kind.name, work, times);
};
