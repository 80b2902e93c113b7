/** The print-ready document of each class: the list for collecting the 回执, then every letter. Builds from finished letters; prints only the lists. */

import { join } from 'node:path';
import { PDFName } from 'pdf-lib';
import { className, gradeWord } from '../../schema/vocabulary.ts';
import { joinPdfs } from '../print/join.ts';
import { liftModel } from '../print/model.ts';
import { linksOf, openPdf, placesOf } from '../print/split.ts';
import type { Facts } from './facts.ts';
import { classFile, isIntact, readIfThere, sha256, writeWhole } from './files.ts';
import type { PressRoom } from './press-room.ts';
import type { SchoolClass } from './recipients.ts';
import type { Press } from './template.ts';
import { addDays, zhDate } from './wording.ts';

/** One class in the manifest. */
export interface ClassSet {
  readonly grade: number;
  readonly class: string;
  readonly file: string;
  readonly copies: number;
  readonly pages: number;
  readonly sha256: string;
  /** Changes when any letter, the order or the list changes; the same fingerprint is not built again. */
  readonly fingerprint: string;
}

/** A class with its finished letters, in the order of handing out. */
export interface ClassLetters {
  readonly of: SchoolClass;
  readonly letters: readonly { readonly studentId: string; readonly name: string; readonly path: string; readonly sha256: string }[];
}

export interface ClassSetOptions {
  readonly folder: string;
  readonly dated: string;
  readonly at: Date;
  readonly oddStarts: boolean;
  /** Kind of letter, for the title. */
  readonly title: string;
  /** Whether answers are collected: then the set begins with a list for ticking them off. */
  readonly reply: boolean;
  readonly previous: readonly ClassSet[];
}

const markOf = (index: number): string => `http://print.invalid/class/${index}`;
const placeOf = ({ grade, classNo }: SchoolClass): string => `${gradeWord(grade)}${className(classNo)}`;

const rosterOf = (facts: Facts, { of, letters }: ClassLetters, index: number, { dated, title }: ClassSetOptions) => ({
  title,
  mark: markOf(index),
  place: placeOf(of),
  school: facts.school.name,
  term: facts.term.name,
  total: letters.length,
  replyBy: zhDate(addDays(dated, facts.settings.reply_days ?? 0)),
  // Names only: who is freed of the fee, and who comes first, stands on no list of a class (N11, P7).
  students: letters.map(({ name }, at) => ({ no: at + 1, name })),
});

/** Prints the lists of all classes in one document and cuts it; their marks are taken off. */
const printRosters = async (room: PressRoom, press: Press, rosters: readonly ReturnType<typeof rosterOf>[], at: Date): Promise<Uint8Array[]> => {
  const source = await openPdf(await room.whole(press.rosters(rosters)));
  const places = placesOf(
    source.getPages().map(linksOf),
    rosters.map(({ mark }) => mark),
  );
  for (const page of source.getPages()) page.node.delete(PDFName.of('Annots'));
  return places.map((place) => liftModel(source, place, null).whole({ title: '回执收集表', at }));
};

const buildSet = async (
  facts: Facts,
  set: ClassLetters,
  roster: Uint8Array | null,
  fingerprint: string,
  options: ClassSetOptions,
): Promise<ClassSet> => {
  const parts = roster ? [roster] : [];
  for (const { path } of set.letters) {
    const bytes = await readIfThere(path);
    if (!bytes) throw new Error(`a letter vanished while its class was put together: ${path}`);
    parts.push(bytes);
  }
  const title = `${facts.school.name}${placeOf(set.of)}课后服务${options.title}`;
  const merged = joinPdfs(parts, { title, subject: facts.term.name, author: facts.school.name, at: options.at }, options.oddStarts);
  const file = classFile(set.of.grade, set.of.classNo);
  await writeWhole(join(options.folder, file), merged.bytes);
  return {
    grade: set.of.grade,
    class: set.of.classNo,
    file,
    copies: set.letters.length,
    pages: merged.pages,
    sha256: sha256(merged.bytes),
    fingerprint,
  };
};

/** Builds what has changed and keeps the rest; the answer lists every class, in order. */
export const buildClassSets = async (
  facts: Facts,
  room: PressRoom,
  press: Press,
  classes: readonly ClassLetters[],
  options: ClassSetOptions,
  step: () => void,
): Promise<ClassSet[]> => {
  const wanted = await Promise.all(
    classes.map(async (set, index) => {
      const roster = rosterOf(facts, set, index, options);
      const fingerprint = sha256(
        JSON.stringify([options.oddStarts, options.reply, { ...roster, mark: '' }, set.letters.map((letter) => letter.sha256)]),
      );
      const before = options.previous.find((one) => one.fingerprint === fingerprint);
      const kept = before && (await isIntact(join(options.folder, before.file), before.sha256)) ? before : null;
      return { set, roster, fingerprint, kept };
    }),
  );
  const changed = wanted.filter(({ kept }) => !kept);
  const rosters =
    changed.length > 0 && options.reply
      ? await printRosters(
          room,
          press,
          changed.map(({ roster }) => roster),
          options.at,
        )
      : [];
  const built: ClassSet[] = [];
  for (const { set, fingerprint, kept } of wanted) {
    built.push(kept ?? (await buildSet(facts, set, rosters.shift() ?? null, fingerprint, options)));
    step();
  }
  return built;
};
