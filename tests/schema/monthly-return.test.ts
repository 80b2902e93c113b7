import { expect, test } from 'vitest';
import { differencesOf, differenceWords, fieldNamed, isFigure, nextVersion, openSteps } from '../../schema/monthly-return.ts';
import { notApplicableFaults, readNotApplicable } from '../../schema/not-applicable.ts';
import { tabOf } from '../../schema/sheets.ts';
import { parseTab } from '../../scripts/sync/parse-tab.ts';
import { sheet } from '../helpers/sheet.ts';

test('不适用说明 is read by column and reason; what nobody can tell is said', () => {
  const read = readNotApplicable('退费人数、退费额:本月没有退费\n延时托管学生数:没有人申请;随便写写');
  expect([...read.reasons]).toEqual([
    ['refunded', '本月没有退费'],
    ['refund_amount', '本月没有退费'],
    ['extended_care', '没有人申请'],
  ]);
  expect(read.unclear).toEqual(['随便写写']);
  expect(notApplicableFaults({ refunded: 0, not_applicable: '退费人数:没有' })[0]?.words).toContain('只留一样');
  expect(notApplicableFaults({ refunded: null, not_applicable: '退费人数:没有' })).toEqual([]);
});

test('in the sheet a value, a true zero, 不适用 and a blank are four things', () => {
  const tab = sheet(
    '月报',
    `| 统计月  | 在校学生数 | 参加学生数 | 填报人 | 退费人数 | 投诉件数 | 延时托管学生数 | 不适用说明           |
     | 2026-09 | 100        | 80         | 周敏   | 不适用   | 0        |                | 退费人数:本月没有退费 |
     | 2026-10 | 100        | 80         | 周敏   | 不适用   | 2        |                |                      |
     | 2026-11 | 100        | 80         | 周敏   | 3        | 2        |                | 退费人数:没有        |`,
  );
  const parsed = parseTab(tab);
  expect(parsed.rows.map((row) => [row.values.退费人数, row.values.投诉件数, row.values.延时托管学生数])).toEqual([
    [undefined, 0, undefined],
    [undefined, 2, undefined],
    [3, 2, undefined],
  ]);
  expect(parsed.problems.map((one) => [one.row, one.code])).toEqual([
    [3, 'not-applicable'],
    [4, 'not-applicable/both'],
  ]);
  expect(parsed.problems[0]?.message).toContain('请在“不适用说明”里补一行“退费人数:理由”');
});

test('a prefilled row is the school’s return once it is signed, confirmed, and every change has its reason', () => {
  const row = {
    proposed: { at: '', figures: { participants: { value: 80, table: 'enrolments', words: '', rows: 80 } } },
    enrolled: 100,
    participants: 80,
  };
  expect(openSteps(row)).toEqual(['填写“填报人”', '核对无误后在“核对确认”里选“是”']);
  expect(openSteps({ ...row, filled_by: '周敏', confirmed: true })).toEqual([]);
  expect(openSteps({ ...row, participants: 81, filled_by: '周敏', confirmed: true })).toEqual(['“参加学生数”与台账算得的不同,请在“更正理由”里写明']);
  expect(openSteps({ ...row, participants: 81, filled_by: '周敏', confirmed: true, correction_reason: '新来一名学生' })).toEqual([]);
});

test('a correction gives the next version and a figure-by-figure difference', () => {
  const row = { id: 'R', participants: 80, complaints: null, version: 1, state: '已冻结', proposed: null };
  const changes = { participants: 82, complaints: 0 };
  expect(differenceWords(differencesOf(row, changes))).toBe('参加学生数:80 → 82\n投诉件数:空白 → 0');
  expect(nextVersion(row, changes)).toEqual({
    participants: 82,
    complaints: 0,
    state: '已更正',
    version: 2,
    frozen: { participants: 82, complaints: 0 },
  });
});

test('every column of the sheet that a school enters is a figure, but for the words between school and bureau', () => {
  const talk = tabOf('monthly_reports').columns.filter((column) => !isFigure(column.name));
  expect(talk.map((column) => column.header)).toEqual(['核对确认', '更正理由', '延期至', '月报状态']);
  for (const column of tabOf('monthly_reports').columns) if (isFigure(column.name)) expect(fieldNamed(column.header)).toBe(column.name);
});
