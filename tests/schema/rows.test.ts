import { expect, test } from 'vitest';
import { derive } from '../../schema/derive.ts';
import type { Table } from '../../schema/fields.ts';
import { tables } from '../../schema/index.ts';
import { isRowId, newRowId } from '../../schema/row-id.ts';
import { checkRow, rowParser } from '../../schema/rows.ts';

const students = tables.students as unknown as Table;
const reports = tables.monthly_reports as unknown as Table;
const child = { school: '2141990001', name: '李晓彤', grade: 3, class_no: '2' };

test('a row in normal form has no fault', () => {
  expect(checkRow(students, { ...child, guardian_phone: '13800000001', groups: ['留守'] }, false)).toEqual([]);
  expect(rowParser(students).safeParse(child).success).toBe(true);
});

test('each fault names its field in Chinese', () => {
  const faults = checkRow(students, { ...child, name: null, grade: 12, guardian_phone: '123', groups: ['艺术'] }, false);
  expect(faults.map((one) => one.message)).toEqual([
    '姓名:必填',
    '年级:须是 1 到 9 的年级',
    '学生类别:只能是:随迁、单亲、残疾、留守、困难、一般',
    '监护人电话:电话须是 11 位手机号,或带区号的座机',
  ]);
});

test('an update may leave a required field out but not empty it', () => {
  expect(checkRow(students, { guardian_name: '李强' }, true)).toEqual([]);
  expect(checkRow(students, { name: '' }, true).map((one) => one.field)).toEqual(['name']);
});

test('a day that is in no calendar is refused', () => {
  expect(checkRow(tables.terms as unknown as Table, { starts_on: '2026-02-30' }, true)[0]?.message).toBe('开始日期:没有这一天');
});

test('money has two decimals, counts none', () => {
  expect(checkRow(reports, { due: 68220.5 }, true)).toEqual([]);
  expect(checkRow(reports, { due: 0.005 }, true)).toHaveLength(1);
  expect(checkRow(reports, { participants: 1.5 }, true)).toHaveLength(1);
});

test('the rate follows from participants and students: 2309 of 2356 is 98.01 (S30)', () => {
  expect(derive('monthly_reports', { participants: 2309, enrolled: 2356 })).toMatchObject({ rate: 98.01, staff_rate: null });
  expect(derive('monthly_reports', { participants: 0, enrolled: 0 })).toMatchObject({ rate: null });
});

test('a 行号 is never taken for a number or a formula, and a damaged one is noticed', () => {
  for (let count = 0; count < 2000; count += 1) {
    const id = newRowId();
    expect(id).toMatch(/^[BCDFGHJ-NP-TV-Z][2-9BCDFGHJ-NP-TV-Z]{11}$/);
    expect(isRowId(id)).toBe(true);
    const place = count % 12;
    const other = id[place] === '7' ? '8' : '7';
    expect(isRowId(id.slice(0, place) + other + id.slice(place + 1))).toBe(false);
  }
  expect(isRowId('20260901')).toBe(false);
});
