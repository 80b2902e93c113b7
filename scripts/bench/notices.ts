/**
 * How much faster Kehou prints personal letters than one reused Puppeteer page that prints them one by one.
 * Prints invented letters only; stores nothing and needs no database.
 */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { placeOf } from '../../schema/vocabulary.ts';
import { loadConfig } from '../config.ts';
import { newCode, newShortCode } from '../notices/codes.ts';
import { composeLetters, type Order } from '../notices/compose.ts';
import { noRecords, type Student } from '../notices/facts.ts';
import { openFormBook } from '../notices/forms.ts';
import { noticeKinds } from '../notices/kinds.ts';
import { openPressRoom } from '../notices/press-room.ts';
import { openPress } from '../notices/template.ts';
import { ownWords } from '../notices/words.ts';
import { openBrowser } from '../print/browser.ts';
import { atLeast, type Bar } from './rig/bar.ts';
import { benchFacts, benchStudents } from './sample-school.ts';
import { printWithTypst } from './typst.ts';

const publicUrl = 'https://kehou.example';
const dated = '2026-09-01';
const at = new Date('2026-09-01T02:00:00Z');

const letterOrders = (kindName: string, students: readonly Student[]) => {
  const kind = noticeKinds.find(({ name }) => name === kindName);
  if (!kind) throw new Error(`no such kind: ${kindName}`);
  const words = ownWords(kind.template);
  const press = openPress(kind.template, publicUrl, '紧凑', words);
  const letterOf = (student: Student) => kind.letterOf({ facts: benchFacts, student, records: noRecords, dated, words });
  const book = openFormBook(press, publicUrl, benchFacts, letterOf);
  const orders = (): Order[] =>
    students.map((student) => {
      const stamp = { code: newCode(), shortCode: newShortCode() };
      return {
        key: student.id,
        name: student.name,
        place: placeOf(student),
        form: book.entryOf(student).form,
        stamp,
        pages: kind.pages.紧凑,
        info: { title: kindName, at },
        html: () => press.letter(letterOf(student), stamp),
      };
    });
  return { press, orders };
};

/** (a) One page, used again for every letter; the browser is running already. */
const printOneByOne = async (documents: readonly string[], folder: string): Promise<number> => {
  const browser = await openBrowser(loadConfig());
  try {
    const page = await browser.newPage();
    const print = async (html: string): Promise<Uint8Array> => {
      await page.setContent(html);
      return page.pdf({ format: 'A4', preferCSSPageSize: true, printBackground: true });
    };
    await print(documents[0] ?? '');
    const begun = performance.now();
    for (const [index, html] of documents.entries()) await writeFile(join(folder, `${index}.pdf`), await print(html));
    return (performance.now() - begun) / documents.length;
  } finally {
    await browser.close();
  }
};

interface Measured {
  readonly each: number;
  readonly bytes: number;
}

/** (b) Kehou, from the students' rows to one file each; the browser is running already, as for (a). */
const printWithKehou = async (kind: string, students: readonly Student[], folder: string): Promise<Measured> => {
  const { press, orders } = letterOrders(kind, students);
  const room = openPressRoom(loadConfig(), { assemble: press.document });
  try {
    await room.whole('<p>warm</p>');
    let bytes = 0;
    const begun = performance.now();
    const failures = await composeLetters({ room, press, publicUrl }, orders(), async (batch) => {
      for (const letter of batch) bytes += letter.bytes.length;
      await Promise.all(batch.map((letter) => writeFile(join(folder, `${letter.key}.pdf`), letter.bytes)));
    });
    if (failures.length > 0) throw new Error(`${failures.length} letters were not printed: ${failures[0]?.reason}`);
    return { each: (performance.now() - begun) / students.length, bytes: Math.round(bytes / students.length) };
  } finally {
    await room.close();
  }
};

const round = (value: number): number => Math.round(value * 100) / 100;

const inFolder = async <T>(work: (folder: string) => Promise<T>): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'kehou-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const compare = async (kind: string, count: number, alone: number): Promise<{ ours: Measured; against: number }> =>
  inFolder(async (folder) => {
    const students = benchStudents(count);
    const { press, orders } = letterOrders(kind, students.slice(0, alone));
    const documents = orders().map((order) => press.document([order.html()], order.pages));
    // The yardstick before and after, so that a machine that is busy meanwhile is busy for both.
    const first = await printOneByOne(documents.slice(0, alone / 2), folder);
    const ours = await printWithKehou(kind, students, folder);
    const second = await printOneByOne(documents.slice(alone / 2), folder);
    return { ours, against: (first + second) / 2 };
  });

/** The bar of DESIGN section 10: 40 times one reused page, for the two-page 告家长书; the one-page letter and Typst stand in the note. */
export const bar = async ({ full = false }: { readonly full?: boolean } = {}): Promise<Bar> => {
  const count = full ? 4000 : 1000;
  const two = await compare('告家长书', count, 20);
  const one = await compare('变更停课通知', count, 20);
  return atLeast({
    name: 'notices',
    what: '每生一份 PDF(两页的告家长书)/ 同一封信用一个反复使用的 Puppeteer 页面逐份打印',
    unit: 'letters/s',
    ours: round(1000 / two.ours.each),
    against: round(1000 / two.against),
    bar: 40,
    details: {
      letters: count,
      kB: Math.round(two.ours.bytes / 1000),
      'one page, letters/s': round(1000 / one.ours.each),
      'one page, against': round(1000 / one.against),
      'one page, ratio': round(one.against / one.ours.each),
      'one page, kB': Math.round(one.ours.bytes / 1000),
    },
    note: await printWithTypst(full ? 400 : 100),
  });
};
