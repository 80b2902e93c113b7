/** What 「栏目对照」 offers and refuses, without a browser: the same as the reader would. */
import { describe, expect, test } from 'vitest';
import {
  choiceGroups,
  chosen,
  confirmFaults,
  constantFields,
  strayChoice,
  withChoice,
  withTable,
} from '../../extensions/cockpit-module/src/layout-choices.ts';
import { askedGroups, keptGroups, leftAlone, withLayouts } from '../../extensions/cockpit-module/src/layout-groups.ts';
import type { Layout } from '../../schema/layout.ts';
import { missingFields } from '../../schema/layout-fields.ts';
import { tabOf, tabs } from '../../schema/sheets.ts';
import { applyLayout, layoutFaults } from '../../scripts/sync/apply-layout.ts';
import { layoutOf } from '../../scripts/sync/propose-layout.ts';
import { sheet } from '../helpers/sheet.ts';

const september = sheet(
  '三年级',
  `| 阳光小学九月份课后看护登记 | < | < | < | < |
   | 小朋友 | 所在班 | 哪几天来 | 家里手机 | 爱吃什么 |
   | 张三 | 三(1)班 | 周一至周五 | 13800001234 | 面条 |
   | 李四 | 三(2)班 | 一、三 | 13800005678 | 米饭 |`,
);
const proposal = (raw = september): Layout => layoutOf(raw)[0] as Layout;
const students = tabOf('students');
const tabFor = ({ table }: Layout) => tabOf(table);
const option = (tab = students, label: string): string =>
  choiceGroups(tab)
    .flatMap(({ choices }) => choices)
    .find((one) => one.label === label)?.value ?? `no ${label}`;

describe('what is offered', () => {
  test('every option of every table is one that the reader takes', () => {
    for (const tab of tabs)
      for (const { value, label } of choiceGroups(tab).flatMap(({ choices }) => choices)) {
        const layout = withChoice(withTable({ ...leftAlone(proposal()), constants: {} }, tab), 0, value);
        expect(layoutFaults(layout), `${tab.name} ${label}`).toEqual([]);
        expect(confirmFaults([layout], tabFor)).toEqual([]);
      }
  });
  test('every word that may be fixed for all rows is one that the reader can read', () => {
    for (const tab of tabs)
      for (const { word, words } of constantFields(tab))
        for (const text of words) {
          const layout: Layout = { ...leftAlone(proposal()), table: tab.table, constants: { [word]: text } };
          expect(layoutFaults(layout), `${tab.name} ${word}`).toEqual([]);
        }
  });
  test('a tick for a word of its own stays as it was proposed, and is named', () => {
    const column = { header: '服务项目/书法', nth: 1, field: '服务项目', part: '书法' };
    expect(strayChoice(column, choiceGroups(students))).toEqual({ value: chosen(column), label: '服务项目:书法(打√)' });
  });
});

describe('what somebody chooses', () => {
  test('a column is read as chosen and is no guess any more', () => {
    const layout = withChoice(proposal(), 0, option(students, '姓名(必填)'));
    expect(layout.columns[0]).toEqual({ header: '小朋友', nth: 1, field: '姓名' });
    expect(missingFields(layout, students)).toEqual(['年级']);
  });
  test('a tick column keeps what its tick stands for', () => {
    expect(withChoice(proposal(), 4, option(students, '星期:周三(打√)')).columns[4]).toEqual({ header: '爱吃什么', nth: 1, field: '星期', part: 3 });
  });
  test('for another table, what that one does not have is not read', () => {
    const layout = withTable({ ...withChoice(proposal(), 0, option(students, '姓名(必填)')), constants: { 年级: '三年级' } }, tabOf('staff'));
    expect(layout.table).toBe('staff');
    expect(layout.columns.find(({ header }) => header === '小朋友')?.field).toBe('姓名');
    expect(layoutFaults(layout)).toEqual([]);
  });
  test('one field for two columns, a fixed field with a column, and nothing at all are refused with the reason', () => {
    const twice = withChoice(withChoice(proposal(), 0, option(students, '姓名(必填)')), 4, option(students, '姓名(必填)'));
    expect(confirmFaults([twice], tabFor)).toEqual(layoutFaults(twice));
    expect(confirmFaults([twice], tabFor)).toEqual(['“姓名”对照了不止一栏']);
    const fixed = { ...withChoice(proposal(), 0, option(students, '年级(必填)')), constants: { 年级: '三年级' } };
    expect(confirmFaults([fixed], tabFor)).toEqual(['“年级”已经有一栏,不能又是固定内容']);
    expect(confirmFaults([leftAlone(proposal())], tabFor)).toEqual([expect.stringContaining('不是台账,不读')]);
  });
});

describe('one question for one header', () => {
  const school = { code: '2141000001', name: '东关小学(示例)' };
  const beside = (headers: readonly string[], table: Layout['table'] = 'students'): Layout => ({
    ...proposal(),
    table,
    columns: headers.map((header) => ({ header, nth: 1, field: null })),
  });

  test('the same header in several files of a school is asked once; without a school each file asks for itself', () => {
    const source = (id: string, place: string, of: typeof school | null) => ({ id, place, school: of, proposals: [proposal()] });
    const groups = askedGroups([
      source('a', '九月.xlsx', school),
      source('b', '十月.xlsx', school),
      source('c', '不知.xlsx', null),
      source('d', '未知.xlsx', null),
    ]);
    expect(groups.map(({ sheets }) => sheets)).toEqual([
      ['九月.xlsx「三年级」', '十月.xlsx「三年级」'],
      ['不知.xlsx「三年级」'],
      ['未知.xlsx「三年级」'],
    ]);
  });
  test('tables beside each other share their words, are decided together and both kept', () => {
    const [left, right] = [beside(['姓名']), beside(['教师'], 'staff')];
    const [group, ...more] = askedGroups([{ id: 'a', place: '合表.xlsx', school, proposals: [left, right] }]);
    expect(more).toEqual([]);
    const kept = withLayouts([beside(['旧'])], group?.fingerprint ?? '', group?.parts ?? []);
    expect(kept).toEqual([
      { ...left, confirmed: true },
      { ...right, confirmed: true },
    ]);
    expect(keptGroups([{ ...school, layouts: kept }])).toMatchObject([{ parts: kept }]);
  });
});

describe('what is no sheet of ours', () => {
  const refused = (layout: Layout): Layout => ({ ...leftAlone(layout), confirmed: true });

  test('every row is ignored for that reason, and the school is asked for nothing', () => {
    const [tab, ...more] = applyLayout(september, refused(proposal())) ?? [];
    expect(more).toEqual([]);
    expect(tab).toMatchObject({ table: 'students', rows: [], problems: [], headerRows: [2] });
    expect(tab?.ignoredRows).toEqual([1, 3, 4].map((row) => ({ row, reason: '县局已确认这不是台账,不读' })));
  });
  test('so is a form with its names on the left', () => {
    const form = sheet(
      '登记',
      `| 学生姓名 | 张三 |
       | 年级 | 三年级 |
       | 班级 | 2 |
       | 监护人电话 | 13800001234 |
       | 参加星期 | 周一、周三 |`,
    );
    expect(proposal(form).shape).toBe('form');
    const [tab] = applyLayout(form, refused(proposal(form))) ?? [];
    expect(tab).toMatchObject({ rows: [], problems: [], headerRows: [1] });
    expect(tab?.ignoredRows.map(({ row }) => row)).toEqual([2, 3, 4, 5]);
  });
});
