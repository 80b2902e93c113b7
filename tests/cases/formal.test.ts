import { expect, test } from 'vitest';
import { conventionsOf } from '../../schema/cases/conventions.ts';
import { hintFor, quotedFigures, type Return } from '../../schema/cases/figures.ts';
import { checkCase, formalState } from '../../schema/cases/formal.ts';
import { gateReasons } from '../../schema/cases/gate.ts';
import { personalNumbers, studentNames } from '../../schema/cases/personal.ts';
import { declaredPhotos } from '../../schema/cases/photo-names.ts';
import { type CasePhoto, type SimilarCase, unknownPhoto } from '../../schema/cases/records.ts';
import { matchName } from '../../scripts/cases/photo-places.ts';
import { caseTexts } from '../../scripts/county/case-texts.ts';

const row = {
  school: '2141000001',
  title: '两段课后时光',
  category: '课后服务',
  summary: '学校把课后两小时分成两段,先写作业,后活动,孩子愿意来。',
  background: '留守儿童多,放学后没有去处。'.repeat(4),
  practice: '先分时段,再排人,交接签字不离人。'.repeat(20),
  results: '家长满意,作业在校内基本完成。'.repeat(4),
  lessons: null as string | null,
  photos: null,
  photo_names: null,
};
const check = (change: Partial<typeof row> & { similar_settled?: boolean; names_settled?: boolean } = {}, similar: SimilarCase[] = []) =>
  checkCase({ row: { ...row, ...change }, conventions: conventionsOf({}), similar, quoted: [], now: '2026-11-26T00:00:00Z' });
const codes = (change: Parameters<typeof check>[0], similar?: SimilarCase[]) =>
  check(change, similar).faults.map((fault) => [fault.code, fault.level, fault.part]);

test('a case with its parts is sound', () => {
  expect(check().faults).toEqual([]);
  expect(formalState(check())).toBe('合格');
});

test.each([
  [{ results: null }, ['part-missing', '阻', '成效']],
  [{ practice: '见附件。' }, ['too-short', '阻', '主要做法']],
  [{ summary: '长'.repeat(401) }, ['too-long', '阻', '摘要']],
  [{ lessons: '可打 13800001234' }, ['personal-number', '阻', '经验与启示']],
  [{ results: `${row.results}三(2)班张子轩同学进步很大。` }, ['student-name', '阻', '成效']],
  [{ category: '' }, ['no-category', '提', '类别']],
])('%j is told as %j', (change, fault) => {
  expect(codes(change as never)).toContainEqual(fault);
});

test('a name that the bureau has looked into is no fault; it is never repeated in full', () => {
  const text = { results: `${row.results}张子轩同学进步很大。` };
  expect(JSON.stringify(check(text).faults)).toContain('张××');
  expect(JSON.stringify(check(text).faults)).not.toContain('子轩');
  expect(codes({ ...text, names_settled: true })).toEqual([]);
});

test('likeness blocks until it is looked into, and tells an old text of the same school from a copy', () => {
  const other = { id: 'X', title: '旧文', school: row.school, year: '2025', share: 62.5, earlier: true, passages: [] };
  expect(check({}, [other]).faults[0]?.message).toContain('与本校2025年的《旧文》有 62.5% 相同,像是旧稿重报');
  expect(check({}, [{ ...other, school: '2141000002' }]).faults[0]?.message).toContain('与另一所学校的《旧文》');
  // Somebody's later copy is no fault of the original.
  expect(codes({}, [{ ...other, earlier: false }])).toEqual([['similar', '提', '全文']]);
  expect(codes({ similar_settled: true }, [other])).toEqual([['similar', '提', '全文']]);
});

test.each([
  ['手机 138 0000 1234', ['手机号']],
  ['手机 １３８００００１２３４', ['手机号']],
  ['手机 138\u200b00001234', ['手机号']],
  ['证件 41282720140203123X', ['身份证号']],
  ['卡号 6228480402564890018', ['银行卡号']],
  ['邮箱 li.ming@example.com', ['邮箱']],
  ['微信号:liming_2014', ['QQ或微信号']],
  ['监督电话0396-8022000,经费13,800,001,234元,文号〔2021〕40号', []],
])('personal numbers: %s', (text, kinds) => {
  expect(personalNumbers(text)).toEqual(kinds);
});

test.each([
  ['学生陈家豪说,作业写完了。', ['陈××']],
  ['欧阳若琳同学', ['欧阳××']],
  ['全体同学、许多同学、高年级同学,安排同学值日,任何同学都可以', []],
  ['李某同学、小明同学、王老师', []],
])('names of students: %s', (text, names) => {
  expect(studentNames(text)).toEqual(names);
});

test('texts that name nobody are not accused', () => {
  const all = caseTexts.map((text) => [text.title, text.summary, text.background, text.practice, text.results, text.lessons].join('\n'));
  expect(all.flatMap((text) => [...studentNames(text), ...personalNumbers(text)])).toEqual([]);
});

const report = (month: string, rate: number, participants = 400): Return =>
  ({
    id: `R${month}`,
    school: '2141000001',
    month,
    rate,
    participants,
    enrolled: 500,
    staff_participating: 30,
    staff_rate: null,
    courses: 12,
    clubs: 6,
    state: null,
  }) as Return;

test('a quoted figure is frozen with month and row; a later correction is told and changes nothing', () => {
  const text = { ...row, results: '参与率达到93.6%,参加学生468人。' };
  const first = quotedFigures(text, [report('2026-09', 81.2), report('2026-10', 93.61, 468)], [], 'T1');
  expect(first.figures).toMatchObject([
    { label: '参与率', value: 93.61, month: '2026-10', row: 'R2026-10', frozen: 'T1', quote: '参与率达到93.6%' },
    { label: '参加学生数', value: 468, month: '2026-10' },
  ]);
  const later = quotedFigures(text, [report('2026-10', 90, 450)], first.figures, 'T2');
  expect(later.figures).toEqual(first.figures);
  expect(later.faults.map((fault) => fault.code)).toEqual(['figure-corrected', 'figure-corrected']);
});

test('a figure that no return holds is told to the reviewers', () => {
  const { faults } = quotedFigures({ ...row, results: '参与率达到99%。' }, [report('2026-10', 93.61)], [], 'T1');
  expect(faults[0]).toMatchObject({ code: 'figure-without-source', level: '提' });
  expect(faults[0]?.message).toContain('最近一份月报(2026-10)是 93.61%');
});

const hint = { reports: [report('2026-10', 78), report('2026-11', 96)], openFindings: 0, hasCase: false, since: '2026-09', points: 10, now: 'T' };
test.each([
  ['a rise without anything open', {}, '参与率 10月以来升 18 个百分点(78% 到 96%),没有未结预警:建议约稿。'],
  ['an open finding', { openFindings: 1 }, null],
  ['a case that is there already', { hasCase: true }, null],
  ['a small rise', { points: 20 }, null],
  ['a single month', { reports: [report('2026-11', 96)] }, null],
])('suggestion: %s', (_what, change, reason) => {
  expect(hintFor({ ...hint, ...change })?.reason ?? null).toBe(reason);
});

const photos = (change: object) =>
  declaredPhotos({ photo_names: ['a.jpg', 'b.jpg'], photo_consent: null, photo_consented: null, photo_faceless: null, photos: null, ...change }).map(
    (photo) => [photo.name, photo.faces, photo.consent],
  );

test('what the sheet says of each photo is recorded; nothing said is not known', () => {
  expect(photos({})).toEqual([
    ['a.jpg', '不清楚', '不清楚'],
    ['b.jpg', '不清楚', '不清楚'],
  ]);
  expect(photos({ photo_consented: ['A.JPG'], photo_faceless: ['b.jpg'] })).toEqual([
    ['a.jpg', '不清楚', '已同意'],
    ['b.jpg', '无', '不清楚'],
  ]);
  expect(photos({ photo_consent: true })[1]).toEqual(['b.jpg', '不清楚', '已同意']);
});

test('what the bureau declared stays, what it uploaded stays, and a name that left the sheet goes', () => {
  const known: CasePhoto[] = [
    { ...unknownPhoto({ name: 'a.jpg', file: 'F1' }), declared: '县局', faces: '有', consent: '未取得' },
    { ...unknownPhoto({ name: 'own.jpg', file: 'F2' }), declared: '县局' },
    unknownPhoto({ name: 'gone.jpg', file: 'F3' }),
  ];
  expect(photos({ photos: known, photo_consent: true })).toEqual([
    ['a.jpg', '有', '未取得'],
    ['own.jpg', '不清楚', '不清楚'],
    ['b.jpg', '不清楚', '已同意'],
  ]);
});

test('a file is found by its name without regard to capitals or ending; a doubtful one is not guessed', () => {
  expect(matchName('走廊.jpg', ['走廊.JPG', '门口.jpg'])).toBe('走廊.JPG');
  expect(matchName('走廊', ['走廊.jpg', '走廊.txt'])).toBe('走廊.jpg');
  expect(matchName('走廊', ['走廊.jpg', '走廊.png'])).toBeNull();
});

const gated = { ...row, photo_consent: null, photo_consented: null, photo_faceless: null, names_settled: null };

test('the gate names every reason, from findings to photos to names', () => {
  const named = { ...gated, results: `${row.results}张子轩同学进步很大。`, lessons: '短', practice: '见附件。' };
  const reasons = gateReasons({ ...named, photos: [unknownPhoto({ file: 'F' })] }, new Set(['R-F1']));
  expect(reasons.map((reason) => /监护人(?=同意,请)|拍摄地点|R-F1|张××/.exec(reason)?.[0])).toEqual(['监护人', '拍摄地点', 'R-F1', '张××']);
  expect(gateReasons(gated, undefined)).toEqual([]);
  expect(gateReasons({ ...named, names_settled: true }, undefined)).toEqual([]);
});

test('a consent that the sheet takes back shuts the gate at once; a photo that left the sheet is no longer asked about', () => {
  const agreed = { ...unknownPhoto({ name: 'a.jpg', file: 'F' }), clean: true, consent: '已同意' as const };
  const withPhoto = { ...gated, photos: [agreed], photo_names: ['a.jpg'] };
  expect(gateReasons({ ...withPhoto, photo_consent: true }, undefined)).toEqual([]);
  for (const photo_consent of [false, null]) expect(gateReasons({ ...withPhoto, photo_consent }, undefined)[0]).toContain('监护人同意');
  expect(gateReasons({ ...withPhoto, photo_names: [], photo_consent: false }, undefined)).toEqual([]);
});
