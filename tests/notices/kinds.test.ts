import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import JSZip from 'jszip';
import { afterAll, describe, expect, test } from 'vitest';
import { newRowId } from '../../schema/row-id.ts';
import { countyWords } from '../../scripts/county/words.ts';
import type { Enrolment, FeeRow, Notice } from '../../scripts/notices/facts.ts';
import { previewNotice } from '../../scripts/notices/preview.ts';
import { printArea } from '../../scripts/notices/print-area.ts';
import { printNotices } from '../../scripts/notices/print-run.ts';
import { fakeStore } from '../helpers/fake-store.ts';
import { deskFor, infoOf, temporaryFolder, textOf } from './desk.ts';
import { manyStudents, rowsWith, school, settings, student, term } from './fixture.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const pupils = [...manyStudents(3, 3), student({ name: '欧阳买买提·吐尔逊江', grade: 1, class_no: '1' })];
const [paying, refused, halfFree, withoutFees] = pupils as [(typeof pupils)[0], (typeof pupils)[0], (typeof pupils)[0], (typeof pupils)[0]];

const enrolment = (of: { id: string }, values: Partial<Enrolment> = {}) =>
  ({
    id: newRowId(),
    student: of.id,
    school: school.code,
    term: term.id,
    days: [1, 3],
    services: ['篮球'],
    pick_up: '家长接',
    state: '已通过',
    ...values,
  }) as Enrolment;
const fee = (of: { id: string }, month: string, values: Partial<FeeRow> = {}) =>
  ({ id: newRowId(), student: of.id, school: school.code, term: term.id, month, due: 60, waived: 0, paid: 60, refund: null, ...values }) as FeeRow;
const closure = {
  id: 'NOTICE222222',
  kind: '变更停课通知',
  school: school.code,
  term: term.id,
  state: '待印',
  matter: '停课',
  from_on: '2026-10-08',
  to_on: '2026-10-09',
  reason: '学校承办全县运动会',
  arrangement: '请家长16:30到校门口接孩子',
} as Notice;

const rows = () => ({
  ...rowsWith(pupils),
  enrolments: [enrolment(paying), enrolment(refused, { state: '已拒绝', school_review: '名额已满' }), enrolment(halfFree), enrolment(withoutFees)],
  fees: [
    fee(paying, '2026-09'),
    fee(paying, '2026-10', { paid: 60, days_absent: 5, refund: 14.3, refund_reason: '请假', refund_method: '抵扣下期' }),
    fee(paying, '2026-11', { paid: 0 }),
    fee(halfFree, '2026-09', { waived: 30, paid: 30 }),
  ],
  notices: [closure],
});

const printed = async (kind: string, store = fakeStore(rows(), settings)) => {
  const result = await printNotices(deskFor(store, join(folder.path, kind), { batchSize: 50 }), { kind, school: school.code });
  const files = new Map(result.files.map((file) => [basename(file, '.pdf'), file]));
  return { result, store, files, textFor: (of: { id: string }) => textOf(files.get(of.id) as string) };
};

test('the application form holds every column of DOMAIN 2.2, ticks nothing, and names its student', async () => {
  const { result, textFor } = await printed('自愿申请表');
  expect(result).toMatchObject({ copies: 4, failed: 0, missing: [] });
  const words = [
    '自愿申请表',
    '编号',
    '自愿参加',
    '不参加',
    '参加星期',
    '接送方式',
    '申请理由',
    '申请减免',
    '同意',
    '家长签名',
    '班级初审意见',
    '学校核准意见',
    '2026年9月6日',
  ];
  for (const word of words) expect(textFor(paying)).toContain(word);
  for (const of of pupils) expect(textFor(of)).toContain(of.name);
});

test('the result goes to those who have one, says what was decided, and why not', async () => {
  const { result, textFor } = await printed('报名结果');
  expect(result.copies).toBe(4);
  expect(textFor(paying)).toContain('同意参加');
  expect(textFor(paying)).toContain('周一、周三');
  expect(textFor(refused)).toContain('未能安排');
  expect(textFor(refused)).toContain('名额已满');
  expect(textFor(refused)).not.toContain('同意参加');
});

test('the fee letter shows the sum with its arithmetic: months, waivers, refunds set off', async () => {
  const { result, textFor } = await printed('收费与减免告知');
  expect(result.copies).toBe(3);
  expect(textFor(paying)).toContain('应缴合计：60+60+60=180元');
  expect(textFor(paying)).toContain('尚需缴纳：180−120−14.30=45.70元');
  expect(textFor(halfFree)).toContain('尚需缴纳：60−30−30=0元');
  expect(textFor(withoutFees)).toContain('60元×4个月=240元');
  expect(result.files.some((file) => file.includes(refused.id))).toBe(false);
});

test('a share that the county has set, and a refund for each day, are computed', async () => {
  const pupil = student({ waiver_kind: '农村低保', waiver_state: '已认定' });
  const absent = student();
  const store = fakeStore(
    {
      ...rowsWith([pupil, absent]),
      enrolments: [enrolment(pupil), enrolment(absent)],
      fees: [fee(absent, '2026-09', { days_absent: 3 })],
    },
    { ...settings, waiver_shares: ['农村低保 50%'], refund_way: '按天', refund_unit: 3 },
  );
  const { textFor } = await printed('收费与减免告知', store);
  expect(textFor(pupil)).toContain('减免50%即120元');
  expect(textFor(pupil)).toContain('您家应缴120元');
  expect(textFor(absent)).toContain('缺席3天×3元/天=9元');
  expect(textFor(absent)).toContain('退费合计：9元');
});

test('the notice of a closure says what, when, why and who looks after the children, to those who take part', async () => {
  const { result, textFor, store } = await printed('变更停课通知');
  expect(result).toMatchObject({ copies: 3, missing: [] });
  for (const word of ['停课通知', '2026年10月8日至10月9日', '承办全县运动会', '16:30到校门口', '退费']) expect(textFor(paying)).toContain(word);
  expect(store.rowsOf('notices')).toMatchObject([{ id: closure.id, state: '已印', copies: 3 }]);
});

test('a closure without its reason or arrangement is not printed, and both are named with the place to enter them', async () => {
  const store = fakeStore({ ...rows(), notices: [{ ...closure, reason: null, arrangement: '' }] }, settings);
  const { result } = await printed('变更停课通知', store);
  expect(result.printed).toBe(0);
  expect(result.missing).toEqual(['N03 缺变更原因:请在Directus「通知」里这一份里填写', 'N15 缺看护与接送安排:请在Directus「通知」里这一份里填写']);
});

describe('who gets a letter', () => {
  const count = async (options: object) =>
    (await printNotices(deskFor(fakeStore(rows(), settings), folder.path), { kind: '收费与减免告知', school: school.code, dryRun: true, ...options }))
      .copies;

  test.each([
    [{ only: '应缴未缴' }, 1],
    [{ students: [halfFree.id] }, 1],
    [{ grade: 1, classNo: '1' }, 3],
  ])('%j: %i', async (options, copies) => {
    expect(await count(options)).toBe(copies);
  });

  test('those whose waiver is recognised, and those who have not answered', async () => {
    const only = async (kind: string, filter: '已减免' | '未回执') =>
      (
        await printNotices(deskFor(fakeStore({ ...rows(), enrolments: [enrolment(paying)] }, settings), folder.path), {
          kind,
          school: school.code,
          dryRun: true,
          only: filter,
        })
      ).copies;
    expect(await only('告家长书', '已减免')).toBe(1);
    expect(await only('告家长书', '未回执')).toBe(3);
  });

  test('a township: every school in it that has somebody to write to, with one list of their manifests', async () => {
    const second = { ...school, id: '2141000002', code: '2141000002', name: '汝南县第二小学(示例)', hotline: null };
    const third = { ...school, id: '2141000003', code: '2141000003', township: '别处' };
    const base = rows();
    const store = fakeStore(
      { ...base, schools: [school, second, third], plans: [...(base.plans ?? []), { ...base.plans?.[0], id: newRowId(), school: second.code }] },
      settings,
    );
    await store.createRows('students', [student({ school: second.code })]);
    const result = await printArea(deskFor(store, join(folder.path, 'area')), { township: '城区' }, { kind: '告家长书' });
    expect(result).toMatchObject({ copies: 4, printed: 4, school: null });
    expect(result.missing).toEqual([`${second.code}:N18 缺学校监督电话:请在Directus「学校」里填写`]);
    expect(JSON.parse(readFileSync(result.manifest as string, 'utf8')).schools).toHaveLength(2);
  });

  test('a school that somebody else is printing is left to them and named, the others are printed', async () => {
    const second = { ...school, id: '2141000002', code: '2141000002', name: '汝南县第二小学(示例)' };
    const base = rows();
    const store = fakeStore(
      { ...base, schools: [school, second], plans: [...(base.plans ?? []), { ...base.plans?.[0], id: newRowId(), school: second.code }] },
      settings,
    );
    await store.createRows('students', [student({ school: second.code })]);
    const own = { id: 'other', host: '二楼电脑', machine: 'other', pid: 1, since: '2026/9/1 09:00:00' };
    await store.call('POST', '/kehou-press/hold', { place: `${school.code} ${term.id} 告家长书`, own, instead: null, silence: 1000 });
    const result = await printArea(deskFor(store, join(folder.path, 'busy')), {}, { kind: '告家长书' });
    expect(result).toMatchObject({ copies: 1, printed: 1 });
    expect(result.missing).toEqual([expect.stringMatching(new RegExp(`^${school.code}:正在由「二楼电脑」`))]);
  });
});

test.each(['2026-02-30', '2026-13-01', '2026/9/1', '九月一日'])('%s is no day to print a letter on', async (dated) => {
  const run = printNotices(deskFor(fakeStore(rows(), settings), folder.path), { kind: '告家长书', school: school.code, dated, dryRun: true });
  await expect(run).rejects.toThrow(`成文日期「${dated}」不对:请写成 2026-09-01 的样子。`);
});

test('a zip of the school holds every letter and the manifest', async () => {
  const store = fakeStore(rows(), settings);
  const result = await printNotices(deskFor(store, join(folder.path, 'zip')), { kind: '报名结果', school: school.code, zip: true });
  const zip = await JSZip.loadAsync(readFileSync(result.zip as string));
  expect(
    Object.values(zip.files)
      .filter(({ dir }) => !dir)
      .map(({ name }) => basename(name))
      .sort(),
  ).toEqual([...result.files.map((file) => basename(file)), 'manifest.json'].sort());
  expect(statSync(result.zip as string).mode & 0o077).toBe(0);
  // Names are UTF-8, so that Windows shows them; sizes stand before the letters, which old unpackers ask for.
  const bytes = readFileSync(result.zip as string);
  const letter = bytes.lastIndexOf('PK\u0003\u0004', bytes.indexOf(basename(result.files[0] as string)), 'latin1');
  expect(bytes.readUInt16LE(letter + 6) & 0x0808).toBe(0x0800);
});

test('uploaded once, replaced when changed, never twice', async () => {
  const store = fakeStore(rows(), settings);
  const run = () => printNotices(deskFor(store, join(folder.path, 'upload')), { kind: '报名结果', school: school.code, upload: true });
  expect((await run()).uploaded).toBe(5);
  const uploads = () => store.writes.filter((write) => write === 'upload 1').length;
  expect(uploads()).toBe(5);
  await run();
  expect(uploads()).toBe(5);
  await store.updateRow('students', paying.id, { name: '改名生' });
  await run();
  expect(uploads()).toBe(7);
  expect([...store.files.values()].every(({ folder: path }) => path.startsWith('通知/'))).toBe(true);
});

test('a preview shows one real student, is marked as one, and records nothing', async () => {
  const store = fakeStore(rows(), settings);
  const preview = await previewNotice(deskFor(store, join(folder.path, 'preview')), { kind: '报名结果', school: school.code, students: [paying.id] });
  expect(textOf(preview.file)).toContain(paying.name);
  // Slanted across the page, so its two characters come apart.
  expect(textOf(preview.file)).toMatch(/样/);
  expect(store.writes).toEqual([]);
});

test('each print keeps the template that it was made with', async () => {
  const store = fakeStore(rows(), settings);
  const result = await printNotices(deskFor(store, join(folder.path, 'kept')), { kind: '报名结果', school: school.code });
  const version = store.rowsOf('notice_copies')[0]?.template_version as string;
  expect(existsSync(join(result.folder, `模板_${version}.json`))).toBe(true);
  expect(infoOf(result.files[0] as string).Pages).toBe('1');
});

test.each(['自愿申请表', '报名结果', '收费与减免告知', '变更停课通知'])('a letter of one page stays under 80 kB: %s', async (kind) => {
  // As many words as counties have in their letters.
  const long = { ...settings, ...countyWords };
  const { result } = await printed(kind, fakeStore(rows(), long));
  const single = result.files.filter((file) => infoOf(file).Pages === '1');
  expect(single.length).toBeGreaterThan(0);
  for (const file of single) expect(statSync(file).size).toBeLessThan(80_000);
});
