import { expect, test } from 'vitest';
import { unknownPhoto } from '../../schema/cases/records.ts';
import { type FindingRow, type SchoolRow, selectCases } from '../../scripts/showcase/select.ts';
import { type SampleCase, sampleCase, schools } from './sample-county.ts';

const select = (change: Partial<SampleCase>, findings: FindingRow[] = []) =>
  selectCases({ cases: [sampleCase(0, change) as never], schools: schools as SchoolRow[], findings, today: '2026-11-24' });
const reasons = (change: Partial<SampleCase>, findings: FindingRow[] = []) =>
  select(change, findings)
    .held.flatMap((item) => item.reasons)
    .join('');
const finding = (change: Partial<FindingRow>): FindingRow => ({
  school: sampleCase(0).school as string,
  rule: 'R-F1',
  severity: '禁',
  state: '未办',
  ...change,
});

test('a published case with everything in order is shown', () => {
  expect(select({})).toMatchObject({ shown: [{ id: 'CASE00000000' }], held: [] });
});

test.each(['已提交', '评审中', '修改', '通过', '不采用', '已撤回'])('a case in state %s is neither shown nor held', (state) => {
  expect(select({ state })).toEqual({ shown: [], held: [] });
});

test('photos without recorded consent hold a case back, whether refused or merely not recorded', () => {
  const clean = { ...unknownPhoto({ file: 'p' }), clean: true };
  expect(reasons({ photos: ['p'], photo_consent: true })).toContain('监护人同意');
  expect(reasons({ photos: [clean] })).toContain('监护人同意');
  expect(reasons({ photos: [{ ...clean, consent: '未取得', faces: '有' }] })).toContain('监护人同意');
  expect(select({ photos: [{ ...clean, consent: '已同意', faces: '有' }] }).shown).toHaveLength(1);
  expect(select({ photos: [{ ...clean, faces: '无' }] }).shown).toHaveLength(1);
  expect(select({ photos: [{ ...clean, shown: false }] }).shown[0]?.photos).toEqual([]);
});

test('a photo that still carries where it was taken holds its case back', () => {
  expect(reasons({ photos: [{ ...unknownPhoto({ file: 'p' }), faces: '无' }] })).toContain('拍摄地点');
});

test('authors are named only where they agreed, and the unit stands in the place of a missing one', () => {
  expect(select({ name_consent: true }).shown[0]).toMatchObject({ authors: '张老师 李老师', unit: '汝宁街道第一小学（示例）' });
  expect(select({ name_consent: false }).shown[0]?.authors).toBe('');
  expect(select({ name_consent: null }).shown[0]?.authors).toBe('');
});

test('an open severe finding of the school holds its cases back and is named', () => {
  expect(reasons({}, [finding({})])).toContain('R-F1');
  expect(reasons({}, [finding({ state: '学校已说明' })])).toContain('R-F1');
  expect(reasons({}, [finding({ state: null })])).toContain('R-F1');
});

test('a closed finding, a false alarm, a lesser one or that of another school holds nothing back', () => {
  const others = [
    finding({ state: '已办结' }),
    finding({ state: '误报' }),
    finding({ state: '已消除' }),
    finding({ severity: '须' }),
    finding({ school: '2141999999' }),
  ];
  expect(select({}, others).shown).toHaveLength(1);
});

test('phone and identity numbers in the text hold a case back without being repeated', () => {
  expect(reasons({ lessons: '联系王老师13800001234。' })).toMatch(/手机号/);
  expect(reasons({ practice: '学生证号411722201501011234' })).toMatch(/身份证号/);
  expect(reasons({ lessons: '联系王老师138-0000-1234。' })).not.toContain('1234');
  expect(select({ lessons: '监督电话0396-8022000,经费13,800,001,234元。' }).shown).toHaveLength(1);
});

test('a case waits for its day of publication and needs one', () => {
  expect(reasons({ published_on: '2026-11-25' })).toContain('未到');
  expect(reasons({ published_on: null })).toContain('没有填发布日期');
  expect(select({ published_on: '2026-11-24' }).shown).toHaveLength(1);
});

test('a case without text, title or school is held back', () => {
  expect(reasons({ title: ' \u200b ' })).toContain('标题');
  expect(reasons({ school: '0000000000' })).toContain('学校');
  expect(reasons({ summary: '', background: null, practice: ' ', results: '', lessons: '' })).toContain('没有正文');
});
