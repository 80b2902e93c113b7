import { describe, expect, test } from 'vitest';
import type { Facts } from '../../scripts/notices/facts.ts';
import { printNotices } from '../../scripts/notices/print-run.ts';
import { missingElements, parentNoticeElements } from '../../scripts/notices/required-elements.ts';
import { fakeStore } from '../helpers/fake-store.ts';
import { facts, plan, rowsWith, school, settings, student, term } from './fixture.ts';

const missing = (changed: Partial<Facts>) => missingElements(parentNoticeElements, { ...facts, ...changed }).map(({ message }) => message);

test('the table lists N01 to N20, each once', () => {
  expect(parentNoticeElements.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, index) => `N${String(index + 1).padStart(2, '0')}`));
});

test('nothing is missing where everything has been entered', () => {
  expect(missing({})).toEqual([]);
});

describe('each gap is named with its element and the place to enter it', () => {
  test.each<[string, Partial<Facts>, RegExp]>([
    ['N01', { term: { ...term, name: '' } }, /^N01 缺学年学期:请在Directus「学期」里填写$/],
    ['N03', { settings: { ...settings, notice_basis: [] } }, /^N03 缺缘由与依据.*「县级参数」/],
    ['N06', { plan: { ...plan, summer_end: '' } }, /^N06 缺夏令时起止时刻.*「一校一案」/],
    ['N07', { plan: { ...plan, content: [] } }, /^N07 缺服务内容/],
    ['N08', { plan: { ...plan, staffing: null } }, /^N08 缺服务人员安排/],
    ['N09', { term: { ...term, months: null } }, /^N09 缺计费月数.*「学期」/],
    ['N10', { settings: { ...settings, fee_authority_no: null } }, /^N10 缺收费依据文号/],
    ['N11', { settings: { ...settings, waiver_policy: null } }, /^N11 缺减免办法/],
    ['N12', { school: { ...school, pay_account: null } }, /^N12 缺缴费方式.*「学校」/],
    ['N13', { settings: { ...settings, refund_rule: null } }, /^N13 缺退费办法/],
    ['N15', { settings: { ...settings, safety_words: '  ' } }, /^N15 缺安全保障与责任/],
    ['N16', { settings: { ...settings, leave_words: null } }, /^N16 缺请假与中途退出办法/],
    ['N17', { settings: { ...settings, privacy_words: null } }, /^N17 缺个人信息告知/],
    ['N18', { school: { ...school, hotline: null } }, /^N18 缺学校监督电话:请在Directus「学校」里填写$/],
    ['N20', { settings: { ...settings, reply_days: null } }, /^N20 缺回执交回天数/],
  ])('%s', (_id, changed, wording) => {
    const found = missing(changed);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(wording);
  });

  test('a school without a plan is told so once, and to hand it in', () => {
    expect(missing({ plan: null })).toEqual([expect.stringMatching(/^N06 缺一校一案/)]);
  });
});

const deps = (store: ReturnType<typeof fakeStore>) => ({
  store,
  config: { chromium: '/nowhere/chromium', publicUrl: 'https://kehou.example', timezone: 'Asia/Shanghai', folders: { notices: '/nowhere' } },
  progress: { bar: () => ({ step() {}, total() {}, end() {} }), note() {} },
});

test('a letter without its complaint phone is not printed, and nothing is recorded', async () => {
  const store = fakeStore({ ...rowsWith([student()]), schools: [{ ...school, hotline: null }] }, settings);
  const result = await printNotices(deps(store), { kind: '告家长书', school: school.code });
  expect(result.missing).toEqual(['N18 缺学校监督电话:请在Directus「学校」里填写']);
  expect(result.printed).toBe(0);
  expect(store.writes).toEqual([]);
});

test('an unknown kind, school or class gets one clear sentence', async () => {
  const store = fakeStore(rowsWith([student()]), settings);
  await expect(printNotices(deps(store), { kind: '催款单', school: school.code })).rejects.toThrow(/不能印「催款单」.*告家长书/);
  await expect(printNotices(deps(store), { kind: '告家长书', school: '9999999999' })).rejects.toThrow(/没有标识码为 9999999999 的学校/);
  await expect(printNotices(deps(store), { kind: '告家长书', school: school.code, grade: 9 })).rejects.toThrow(/没有要发「告家长书」的在册学生/);
});

test('a dry run says what would be printed and writes nothing', async () => {
  const store = fakeStore(rowsWith([student(), student({ name: '李一诺' })]), settings);
  const result = await printNotices(deps(store), { kind: '告家长书', school: school.code, dryRun: true });
  expect(result).toMatchObject({ dryRun: true, copies: 2, printed: 2, reused: 0 });
  expect(store.writes).toEqual([]);
});
