/** A run over a whole county: every file is looked into, and none of them holds anything of another family. */
import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newRowId } from '../../schema/row-id.ts';
import { type AreaResult, printArea } from '../../scripts/notices/print-area.ts';
import { type FakeStore, fakeStore } from '../helpers/fake-store.ts';
import { deskFor, infoOf, temporaryFolder, textOf } from './desk.ts';
import { activities, manyStudents, plan, rowsWith, school, settings, student, term } from './fixture.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const codes = ['2141000001', '2141000002', '2141000003'];
/** Names as registers hold them: with characters that few fonts have, in pairs, from other peoples, with marks that mean something elsewhere. */
const hardNames = ['王𬭎', '李㛃', '张䶮', '欧阳买买提·吐尔逊江阿不都热合曼', '赵<b>兰</b>', '钱{{学校}}', '孙&amp;', '周囗'];

const pupils = codes.flatMap((code) => [
  ...manyStudents(100, 25).map((one) => ({ ...one, school: code })),
  ...hardNames.map((name, index) => student({ name: `${name}${codes.indexOf(code)}`, school: code, grade: 1 + (index % 6), class_no: '1' })),
]);
let store: FakeStore;
let result: AreaResult;

beforeAll(async () => {
  const [base] = [rowsWith(pupils)];
  store = fakeStore(
    {
      ...base,
      terms: [term],
      schools: codes.map((code, index) => ({ ...school, id: code, code, name: `示例第${index + 1}小学` })),
      plans: codes.map((code) => ({ ...plan, id: newRowId(), school: code })),
      activities: codes.flatMap((code) => activities.map((one) => ({ ...one, id: newRowId(), school: code }))),
    },
    settings,
  );
  result = await printArea(deskFor(store, folder.path, { batchSize: 50 }), {}, { kind: '告家长书' });
}, 240_000);

test('every student of every school gets one letter', () => {
  expect(result).toMatchObject({ copies: pupils.length, printed: pupils.length, failed: 0, missing: [] });
  expect(new Set(result.files).size).toBe(pupils.length);
});

test('every PDF holds its own student, school and code, and no name, code or school of anybody else', { timeout: 240_000 }, () => {
  const byId = new Map(pupils.map((one) => [one.id, one]));
  const copies = store.rowsOf('notice_copies') as { student: string; code: string; short_code: string }[];
  const copyOf = new Map(copies.map((one) => [one.student, one]));
  const squeezed = (name: string): string => name.replace(/\s/g, '');
  const names = [...new Set(pupils.map(({ name }) => squeezed(name)))];
  const short = copies.map(({ short_code }) => `${short_code.slice(0, 4)}-${short_code.slice(4)}`);
  for (const file of result.files) {
    const own = byId.get(basename(file, '.pdf')) as (typeof pupils)[number];
    const text = textOf(file);
    const code = copyOf.get(own.id)?.short_code ?? '';
    expect(text).toContain(`尊敬的${squeezed(own.name)}同学家长：`);
    expect(text).toContain(`示例第${codes.indexOf(own.school) + 1}小学`);
    expect(short.filter((one) => text.includes(one))).toEqual([`${code.slice(0, 4)}-${code.slice(4)}`]);
    // A name that is part of the own one (王𬭎 in 王𬭎0) says nothing of another child.
    expect(names.filter((name) => text.includes(name) && !squeezed(own.name).includes(name))).toEqual([]);
    for (const index of [0, 1, 2]) if (codes[index] !== own.school) expect(text).not.toContain(`示例第${index + 1}小学`);
    expect(readFileSync(file).includes(Buffer.from(copyOf.get(own.id)?.code ?? 'none'))).toBe(true);
  }
});

test('rare characters and hostile names stay on the letter as they are written, on pages that are numbered from one', () => {
  for (const own of pupils.filter(({ name }) => hardNames.some((hard) => name.startsWith(hard)))) {
    const file = result.files.find((one) => basename(one) === `${own.id}.pdf`) as string;
    expect(dirname(file)).toContain(`${own.grade}年级1班`);
    expect(infoOf(file).Pages).toBe('2');
  }
});
