import { expect, test } from 'vitest';
import { choice, choices, date, decimal, defineTable, type Fields, list, longText, text, time, whole, words, yesNo } from '../../schema/fields.ts';
import { tableNames } from '../../schema/index.ts';
import { type FieldSetup, liveTables, modelTables } from '../../schema/live-tables.ts';
import { checkRow } from '../../schema/rows.ts';
import { tabOf, tabs, tabsMark, tabsOf } from '../../schema/sheets.ts';
import { headerNote } from '../../scripts/sheets/workbook-validation.ts';
import { busRoute, changedField, modelSetups, setupsOf, staffField, zh } from '../helpers/staff-fields.ts';

const [model, change, studentField, bus] = [modelSetups, changedField, staffField, busRoute()];
const studentTab = (setups: readonly FieldSetup[]) => tabOf('students', tabsOf(liveTables(setups)));
const headers = (setups: readonly FieldSetup[]) => studentTab(setups).columns.map((column) => column.header);
test('a Directus that nobody changed gives the very tables of the model', () => {
  const live = liveTables(model);
  for (const name of tableNames) expect(live[name], name).toBe(modelTables[name]);
  expect(tabsMark(tabsOf(live))).toBe(tabsMark(tabs));
});

test('every kind that staff can make is read back as the kind that prints it', () => {
  const made = {
    a: text({ label: '甲', en: 'a', maxLength: 30 }),
    b: longText({ label: '乙', en: 'b' }),
    c: whole({ label: '丙', en: 'c', min: 1, max: 9 }),
    d: decimal({ label: '丁', en: 'd', min: 0, scale: 3 }),
    e: date({ label: '戊', en: 'e' }),
    f: time({ label: '己', en: 'f' }),
    g: yesNo({ label: '庚', en: 'g', default: true }),
    h: choice({ label: '辛', en: 'h', choices: words({ 甲: '甲', 乙: { label: '乙等', en: '乙' } }) }),
    i: choices({ label: '壬', en: 'i', choices: words({ 甲: '甲', 乙: '乙' }) }),
    j: list({ label: '癸', en: 'j' }),
    k: list({ label: '子', en: 'k', stored: 'csv' }),
    l: text({ label: '丑', en: 'l', maxLength: 30, required: true, note: '照实填', hidden: false }),
  } satisfies Fields;
  const table = defineTable({ ...modelTables.students, groups: {}, columns: [], fields: made });
  const printed = setupsOf({ students: table }).filter((one) => one.field in made);
  const back = liveTables(printed.map((one) => ({ ...one, meta: { ...one.meta, required: one.meta?.required ?? false } }))).students.fields as Fields;
  for (const [name, field] of Object.entries(made)) {
    const { hidden: _never, ...wanted } = field as typeof field & { hidden?: boolean };
    expect(back[name], name).toEqual(wanted);
  }
});

test('a field that staff add is a column at the end of its part, with its label, dropdown, note and obligation', () => {
  const tab = studentTab([...model, bus]);
  const column = tab.columns.find((one) => one.name === 'bus_route');
  expect(column).toMatchObject({
    header: '乘车路线',
    table: 'students',
    required: true,
    custom: true,
    field: { kind: 'choice', note: '坐校车的填' },
  });
  expect(tab.columns.filter((one) => one.table === 'students').at(-1)).toBe(column);
  const faults = checkRow(liveTables([...model, bus]).students, { bus_route: '三号线' }, true);
  expect(faults.map((one) => one.message)).toEqual(['乘车路线:只能是:一号线、二号线']);
});

test('the only one, a rule with its words and a shorter column are seen, on fields of staff and on those of the model', () => {
  const validation = { _and: [{ card_no: { _starts_with: 'A' } }] };
  const card = studentField(
    'card_no',
    'string',
    { interface: 'input', validation, validation_message: ' 须以 A 开头 ' },
    { is_unique: true, max_length: 8 },
  );
  const field = (liveTables([...model, card]).students.fields as Fields).card_no;
  expect(field).toMatchObject({ unique: true, maxLength: 8, condition: { rule: validation, message: '须以 A 开头' } });
  const faults = checkRow(liveTables([...model, card]).students, { card_no: 'B1' }, true);
  expect(faults.map((one) => one.message)).toEqual(['card_no:须以 A 开头']);
  const shorter = model.map((one) =>
    one.collection === 'students' && one.field === 'name' ? { ...one, schema: { ...one.schema, max_length: 4, is_unique: true } } : one,
  );
  expect((liveTables(shorter).students.fields as Fields).name).toMatchObject({ maxLength: 4, unique: true });
  const note = tabOf('students', tabsOf(liveTables([...model, card]))).columns.find((one) => one.name === 'card_no');
  expect(note && headerNote(note)).toBe('不能与别的行重复。\n须以 A 开头');
});

test('a field without a Chinese name goes by its note, else by its key; a name that is taken gets the key behind it', () => {
  expect(headers([...model, studentField('height', 'decimal', { interface: 'input', note: '身高' })])).toContain('身高');
  expect(headers([...model, studentField('height', 'decimal', { interface: 'input' })])).toContain('height');
  expect(headers([...model, studentField('second', 'string', { interface: 'input', translations: zh('姓名') })])).toContain('姓名(second)');
  expect(headers([...model, studentField('state2', 'string', { interface: 'input', translations: zh('同步状态') })])).toContain('同步状态(state2)');
});

test('a hidden field leaves the columns, unless the model needs it', () => {
  const tab = studentTab(change('students.gender', { hidden: true }));
  expect(tab.columns.some((column) => column.name === 'gender')).toBe(false);
  expect(tab.hidden.map((column) => column.header)).toEqual(['性别']);
  expect(headers(change('students.name', { hidden: true }))).toContain('姓名');
  expect(checkRow(liveTables([...model, { ...bus, meta: { ...bus.meta, hidden: true } }]).students, {}, true)).toEqual([]);
});

test('a new label, new choices and a new obligation are followed, and the old label stays readable', () => {
  const renamed = studentTab(change('students.guardian_name', { translations: zh('家长姓名(全名)'), required: true }));
  const column = renamed.columns.find((one) => one.name === 'guardian_name');
  expect(column).toMatchObject({ header: '家长姓名(全名)', required: true, custom: true });
  expect(column?.aliases).toContain('监护人姓名');
  const gender = liveTables(
    change('students.gender', {
      options: {
        choices: [
          { text: '男', value: '男' },
          { text: '未说明', value: '未说明' },
        ],
      },
    }),
  ).students.fields as Fields;
  expect(gender.gender).toMatchObject({ choices: [{ value: '男', aliases: expect.arrayContaining(['男生']) }, { value: '未说明' }] });
});

test('choices that programs set stay, whatever staff take away', () => {
  const live = liveTables(change('activities.state', { options: { choices: [{ text: '筹备', value: '筹备' }] } })).activities.fields as Fields;
  expect(live.state?.kind === 'choice' && live.state.choices.map((one) => one.value)).toEqual(['筹备', '已发布', '已下架']);
});

test('relations, files, dates of creation and hashes are no columns', () => {
  const odd = [
    studentField('made_by', 'uuid', { interface: 'select-dropdown-m2o', special: ['user-created'] }),
    studentField('made_at', 'timestamp', { interface: 'datetime', special: ['date-created'] }),
    studentField('secret', 'hash', { interface: 'input-hash', special: ['hash'] }),
    studentField('friend', 'string', { interface: 'select-dropdown-m2o', special: ['m2o'] }),
    studentField('notice', 'alias', { interface: 'presentation-notice', special: ['alias', 'no-data'] }, null),
    studentField('unmanaged', 'string', { interface: 'input-code' }),
  ];
  expect(liveTables([...model, ...odd]).students).toBe(modelTables.students);
});
