import { expect, test } from 'vitest';
import { directusModel, sensitiveTables } from '../../schema/directus.ts';
import type { Fields, Table } from '../../schema/fields.ts';
import { tableNames, tables } from '../../schema/index.ts';
import { roles } from '../../schema/roles.ts';
import { tabs } from '../../schema/sheets.ts';
import { coreLimits } from '../../scripts/directus/core-limits.ts';

const all = Object.values(tables) as unknown as Table[];
const names = (table: Table): string[] => ['id', ...Object.keys(table.fields)];

test('there are 25 tables, exactly as many as the Core tier allows', () => {
  expect(tableNames).toHaveLength(25);
  expect(directusModel().collections.filter((one) => one.schema !== null)).toHaveLength(coreLimits.collections);
});

test('every name that a table mentions is a field it has', () => {
  for (const table of all) {
    const known = names(table);
    const mentioned = [
      ...table.columns,
      ...(table.key ?? []),
      ...(table.archive ? [table.archive.field] : []),
      ...(table.sort ? [table.sort.replace(/^-/, '')] : []),
    ];
    for (const name of mentioned) expect(known, `${table.name} mentions ${name}`).toContain(name);
    for (const [, path] of table.display.matchAll(/\{\{(\w+)(?:\.\w+)?\}\}/g)) expect(known, `${table.name} shows ${path}`).toContain(path);
    for (const field of Object.values(table.fields as Fields)) if (field.group) expect(Object.keys(table.groups ?? {})).toContain(field.group);
  }
});

test('every link points to a table, and the fields that name it in a sheet are there', () => {
  for (const table of all) {
    for (const field of Object.values(table.fields as Fields)) {
      if (field.kind !== 'link') continue;
      expect(tableNames).toContain(field.to);
      for (const by of field.by ?? []) expect(names(tables[field.to as keyof typeof tables] as unknown as Table)).toContain(by);
    }
  }
});

test('an archive mark is one of the choices of its field', () => {
  for (const table of all) {
    if (!table.archive) continue;
    const field = (table.fields as Fields)[table.archive.field];
    const words = field?.kind === 'choice' ? field.choices.map((one) => one.value) : [];
    expect(words).toEqual(expect.arrayContaining([table.archive.archived, table.archive.active]));
  }
});

test('a default is a value that the field allows', () => {
  for (const table of all) {
    for (const [name, field] of Object.entries(table.fields as Fields)) {
      if (field.kind === 'choice' && field.default !== undefined)
        expect(
          field.choices.map((one) => one.value),
          `${table.name}.${name}`,
        ).toContain(field.default);
    }
  }
});

test('no column asks for id numbers, addresses, bank cards or 学籍号 (P8)', () => {
  const forbidden = /身份证|证件号码|住址|地址|银行卡|学籍号|病史|出生/;
  for (const table of all) for (const field of Object.values(table.fields as Fields)) expect(field.label).not.toMatch(forbidden);
});

test('the tables with personal data are the S set, and communications sees none of them', () => {
  expect([...sensitiveTables].sort()).toEqual(['enrolments', 'fees', 'notice_copies', 'sheet_problems', 'staff', 'students']);
  const communications = roles.find((role) => role.key === 'communications');
  for (const table of sensitiveTables) expect(communications?.permissions[table]).toBeUndefined();
});

test('the workbook has the tabs of DESIGN section 4 in order, and no header twice in a tab', () => {
  expect(tabs.map((tab) => tab.name)).toEqual(['一校一案', '课程安排', '服务人员', '学生报名', '考勤', '收费', '月报', '典型案例', '预警']);
  for (const tab of tabs) {
    const headers = tab.columns.map((column) => column.header);
    expect(new Set(headers).size, tab.name).toBe(headers.length);
  }
});

test('the tab of students carries the enrolment beside each student', () => {
  const tab = tabs.find((one) => one.table === 'students');
  expect(tab?.tables).toEqual(['students', 'enrolments']);
  expect(tab?.columns.find((column) => column.header === '星期')?.table).toBe('enrolments');
});

test('a fee names its student by 姓名, 年级 and 班级', () => {
  const columns = tabs.find((one) => one.table === 'fees')?.columns.filter((column) => column.via);
  expect(columns?.map((column) => column.header)).toEqual(['姓名', '年级', '班级']);
});

test('what the bureau decides is read-only in the sheet, what the system keeps is not there', () => {
  const columns = tabs.flatMap((tab) => tab.columns);
  expect(columns.filter((column) => column.readOnly).map((column) => column.header)).toEqual(
    expect.arrayContaining(['审核状态', '减免审核', '评审意见', '月报状态']),
  );
  expect(columns.some((column) => column.field.owner === 'system')).toBe(false);
});

test('each field is printed with both languages, and groups hold the fields that name them', () => {
  for (const collection of directusModel().collections) {
    const groups = collection.fields.filter((field) => field.type === 'alias').map((field) => field.field);
    for (const field of collection.fields) {
      expect((field.meta.translations as { language: string }[]).map((one) => one.language)).toEqual(['zh-CN', 'en-US']);
      if (field.meta.group) expect(groups).toContain(field.meta.group);
    }
  }
});
