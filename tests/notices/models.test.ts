import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { PDFDocument, StandardFonts } from 'pdf-lib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { placeOf } from '../../schema/vocabulary.ts';
import { newCode, newShortCode } from '../../scripts/notices/codes.ts';
import { composeLetters, type Finished, type Order } from '../../scripts/notices/compose.ts';
import { noRecords, type Student } from '../../scripts/notices/facts.ts';
import { openFormBook } from '../../scripts/notices/forms.ts';
import { noticeKinds } from '../../scripts/notices/kinds.ts';
import { openPressRoom, type PressRoom } from '../../scripts/notices/press-room.ts';
import { printArea } from '../../scripts/notices/print-area.ts';
import { openPress } from '../../scripts/notices/template.ts';
import { ownWords } from '../../scripts/notices/words.ts';
import { joinPdfs } from '../../scripts/print/join.ts';
import { liftModel } from '../../scripts/print/model.ts';
import { openPdf } from '../../scripts/print/split.ts';
import { fakeStore } from '../helpers/fake-store.ts';
import { chromium, deskFor, infoOf, temporaryFolder, textOf } from './desk.ts';
import { facts, manyStudents, rowsWith, school, settings, student } from './fixture.ts';

const url = 'https://kehou.example';
const folder = temporaryFolder();
afterAll(() => folder.remove());

/** The grey values of all pages, as a printer would see them. */
const pixelsOf = (path: string): Buffer => execFileSync('pdftoppm', ['-gray', '-r', '60', path], { maxBuffer: 100_000_000, encoding: 'buffer' });

describe.each(noticeKinds.map(({ name }) => name))('a %s that was filled into a model', (name) => {
  const kind = noticeKinds.find((one) => one.name === name) as (typeof noticeKinds)[number];
  const words = ownWords(kind.template);
  const press = openPress(kind.template, url, '紧凑', words);
  const letterOf = (pupil: Student) => kind.letterOf({ facts, student: pupil, records: noRecords, dated: '2026-09-01', words });
  const pupils = ['张晓雨', '王小明', '李红', '赵兰', '𠮷田'].map((one) => student({ name: one }));
  const stamps = new Map(pupils.map(({ id }) => [id, { code: newCode(), shortCode: newShortCode() }]));
  let room: PressRoom;
  beforeAll(() => {
    room = openPressRoom({ chromium }, { assemble: press.document });
  });
  afterAll(() => room.close());

  const compose = async (inModels: boolean): Promise<Map<string, Finished>> => {
    const book = openFormBook(press, url, facts, letterOf);
    const orders = pupils.map((pupil): Order => {
      const stamp = stamps.get(pupil.id) as { code: string; shortCode: string };
      return {
        key: pupil.id,
        name: pupil.name,
        place: placeOf(pupil),
        form: inModels ? book.entryOf(pupil).form : null,
        stamp,
        info: { title: name },
        pages: 1,
        html: () => book.letterOf(pupil, stamp),
      };
    });
    const done = new Map<string, Finished>();
    expect(
      await composeLetters({ room, press, publicUrl: url }, orders, async (batch) => {
        for (const one of batch) done.set(one.key, one);
      }),
    ).toEqual([]);
    return done;
  };

  test('looks and reads like one that was printed by itself', async () => {
    const [filled, alone] = [await compose(true), await compose(false)];
    for (const pupil of pupils) {
      const paths = [filled, alone].map((letters, index) => {
        const path = join(folder.path, `${name}-${pupil.id}-${index}.pdf`);
        writeFileSync(path, letters.get(pupil.id)?.bytes ?? new Uint8Array());
        return path;
      }) as [string, string];
      // Readers may take the cells of a table in another order; the characters are the same.
      expect([...textOf(paths[0])].sort().join('')).toBe([...textOf(paths[1])].sort().join(''));
      expect(infoOf(paths[0]).Pages).toBe(infoOf(paths[1]).Pages);
      const [one, other] = [pixelsOf(paths[0]), pixelsOf(paths[1])];
      expect(one.length).toBe(other.length);
      const different = one.reduce((count, value, at) => count + (Math.abs(value - (other[at] as number)) > 96 ? 1 : 0), 0);
      expect(different / one.length).toBeLessThan(0.0005);
    }
  });
});

test('a county’s letters: each holds its own student’s name and code and nobody else’s', async () => {
  const schools = ['2141000001', '2141000002', '2141000003'].map((code, index) => ({
    ...school,
    id: code,
    code,
    name: `汝南县第${'一二三'[index]}小学(示例)`,
  }));
  const pupils = manyStudents(45, 5).map((pupil, index) => ({ ...pupil, school: schools[index % 3]?.code as string }));
  const base = rowsWith(pupils);
  const plans = schools.map(({ code }, index) => ({ ...base.plans?.[0], id: `PLAN2222222${index}`, school: code }));
  const store = fakeStore({ ...base, schools, plans }, settings);
  const result = await printArea(deskFor(store, join(folder.path, 'county'), { batchSize: 100 }), {}, { kind: '告家长书' });
  expect(result).toMatchObject({ copies: 45, printed: 45, failed: 0 });
  const copies = store.rowsOf('notice_copies') as { student: string; short_code: string; school: string }[];
  const shown = (code: string): string => `${code.slice(0, 4)}-${code.slice(4)}`;
  for (const file of result.files) {
    const text = textOf(file);
    const own = copies.find(({ student: of }) => of === basename(file, '.pdf'));
    expect(text).toContain(shown(own?.short_code ?? ''));
    for (const copy of copies) if (copy !== own) expect(text).not.toContain(shown(copy.short_code));
    const name = pupils.find(({ id }) => id === own?.student)?.name as string;
    expect(text.split(name)).toHaveLength(3);
    for (const pupil of pupils) if (pupil.name !== name) expect(text).not.toContain(pupil.name);
    for (const { code, name: place } of schools) expect(text.includes(place.replace('(示例)', ''))).toBe(code === own?.school);
  }
});

test('joined letters keep their pages, begin on fronts when asked, and share what they have in common', async () => {
  const store = fakeStore(rowsWith(manyStudents(6, 6)), settings);
  const printed = await printArea(deskFor(store, join(folder.path, 'joined'), { batchSize: 50 }), { school: school.code }, { kind: '自愿申请表' });
  const parts = printed.files.map((file) => readFileSync(file));
  const plain = joinPdfs(parts, { title: 'joined' });
  const duplex = joinPdfs(parts, { title: 'joined' }, true);
  expect([plain.pages, duplex.pages]).toEqual([6, 11]);
  expect(plain.bytes.length).toBeLessThan(parts.reduce((sum, part) => sum + part.length, 0) / 2);
  expect(() => joinPdfs([new Uint8Array(300)], { title: 'x' })).toThrow(/not written here/);
});

test('a font that is not TrueType is copied as it is: the letter only grows larger', async () => {
  const source = await PDFDocument.create();
  const font = await source.embedFont(StandardFonts.Helvetica);
  for (const word of ['first', 'second']) source.addPage().drawText(word, { font });
  const path = join(folder.path, 'plain.pdf');
  const printed = await openPdf(await source.save());
  writeFileSync(path, liftModel(printed, { from: 1, to: 2 }, null).whole({ title: 'plain' }));
  expect(textOf(path)).toBe('second');
  // And it is no place for a blank: the letter is then printed by itself.
  const blanks = { texts: { f: { pieces: 1 } }, square: null, address: 'http://print.invalid/model/0' };
  expect(() => liftModel(printed, { from: 0, to: 1 }, blanks)).toThrow(/blank/);
});
