import { readFile } from 'node:fs/promises';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RowChange } from '../../extensions/ingest-endpoint/src/changes.ts';
import { applyModel, findDifferences } from '../../scripts/directus/apply-model.ts';
import { syncSheets } from '../../scripts/intake/run-sync.ts';
import { type Clerk, folderPlace, workbookPath } from '../helpers/clerk.ts';
import { databaseKinds, type TestDirectus } from '../helpers/directus.ts';
import { busRoute, staffField, zh } from '../helpers/staff-fields.ts';
import { firstSchool, progress, sampleCounty, secondSchool, startWithCounty } from './stories.ts';

const roster = '学生报名';

describe.each(databaseKinds)('staff add a field in the data model on %s', (database) => {
  let directus: TestDirectus;
  let clerk: Clerk;
  const sync = () => syncSheets(directus.config, directus.store, progress);
  const admin = <T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown) => directus.adminStore.call<T>(method, path, body);
  const change = (body: unknown) => admin('PATCH', '/fields/students/bus_route', body);
  const idOf = (row: number) => clerk.see(roster, row, '行号');
  const busOf = async (row: number) =>
    ((await directus.store.readRow('students', await idOf(row))) as unknown as { bus_route: string | null }).bus_route;
  const problems = () => directus.store.readRows('sheet_problems', { filter: { closed_at: { _null: true } } });
  const column = async (header: string): Promise<ExcelJS.Column | undefined> => {
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.load((await readFile(workbookPath(directus.config, firstSchool))) as never);
    const sheet = workbook.getWorksheet(roster);
    if (!sheet) throw new Error(`no ${roster}`);
    const at = (sheet.getRow(1).values as unknown[]).indexOf(header);
    return at > 0 ? sheet.getColumn(at) : undefined;
  };

  beforeAll(async () => {
    directus = await startWithCounty(database);
    clerk = await folderPlace(directus.config, sampleCounty).handOut(firstSchool);
    await sync();
    const { collection: _students, ...field } = busRoute({ required: false });
    await admin('POST', '/fields/students', { ...field, schema: { max_length: 30 } });
  });
  afterAll(() => directus?.stop());

  test('the next sync brings the column to a workbook that nobody has touched, with label and dropdown', async () => {
    expect(await sync()).toMatchObject({ opened: 1, answersWritten: 1, refused: 0, conflicts: 0 });
    const made = await column('乘车路线');
    expect(made?.worksheet.getCell(3, made.number).dataValidation).toMatchObject({ type: 'list', formulae: ['"一号线,二号线"'] });
    expect(made?.worksheet.getCell(1, made.number).note).toBe('从下拉列表中选。\n坐校车的填');
    expect(await sync()).toMatchObject({ opened: 0 });
  });

  test('neither the model check nor its repair minds the field, nor what staff change of the model’s own', async () => {
    const gender = () => directus.adminStore.call<{ meta: { hidden: boolean } }>('GET', '/fields/students/gender');
    await admin('PATCH', '/fields/students/gender', { meta: { hidden: true } });
    expect((await findDifferences(directus.adminStore)).map((one) => one.what)).toEqual([]);
    expect(await applyModel(directus.adminStore)).toEqual({ mended: [], left: [] });
    expect((await gender()).meta.hidden).toBe(true);
    expect(await directus.adminStore.call('GET', '/fields/students/bus_route')).toMatchObject({ field: 'bus_route' });
    await sync();
    expect((await column('性别'))?.hidden).toBe(true);
    await admin('PATCH', '/fields/students/gender', { meta: { hidden: false } });
    await sync();
    expect((await column('性别'))?.hidden).toBe(false);
  });

  test('what the school fills in is stored by its value, with its cell in the history', async () => {
    await clerk.type(roster, 2, '乘车路线', '一号线');
    expect(await sync()).toMatchObject({ taken: 1 });
    expect(await busOf(2)).toBe('one');
    const [last] = await directus.store.call<RowChange[]>('GET', `/kehou-ingest/changes/students/${await idOf(2)}`);
    expect(last?.fields).toEqual({ bus_route: [null, 'one', expect.stringMatching(/^[A-Z]+2$/)] });
  });

  test('what the bureau fills in reaches the sheet, though nobody has touched it', async () => {
    await directus.store.updateRow('students', await idOf(3), { bus_route: '二号线' } as never);
    expect(await sync()).toMatchObject({ opened: 1 });
    expect(await clerk.see(roster, 3, '乘车路线')).toBe('二号线');
  });

  test('a word that is no choice is a problem with its cell, and nothing of the row is lost', async () => {
    await clerk.type(roster, 3, '乘车路线', '九号线');
    expect(await sync()).toMatchObject({ refused: 1 });
    expect(await problems()).toMatchObject([{ header: '乘车路线', value: '九号线', code: 'not-in-choices', sheet_row: 3 }]);
    expect(await busOf(3)).toBe('二号线');
    await clerk.type(roster, 3, '乘车路线', '二号线');
    expect(await sync()).toMatchObject({ refused: 0 });
  });

  test('the form in Directus keeps the same rules', async () => {
    const office = await directus.signIn(directus.users.office);
    await expect(office.updateRow('students', await idOf(4), { bus_route: '九号线' } as never)).rejects.toThrow(/乘车路线:只能是:一号线、二号线/);
  });

  test('both sides change it: a conflict, as with every other field', async () => {
    await directus.store.updateRow('students', await idOf(5), { bus_route: 'one' } as never);
    await clerk.type(roster, 5, '乘车路线', '二号线');
    expect(await sync()).toMatchObject({ conflicts: 1 });
    expect((await problems())[0]?.message).toContain('“二号线”,县局系统里同时改成了“一号线”');
    await clerk.type(roster, 5, '乘车路线', '一号线');
    expect(await sync()).toMatchObject({ conflicts: 0 });
  });

  test('a new label, a new choice and an obligation are followed; what stood there is still read', async () => {
    const choices = ['one', '二号线', '三号线'].map((value) => ({ value, text: value === 'one' ? '一号线' : value }));
    await change({ meta: { translations: zh('校车线路'), options: { choices } } });
    await clerk.type(roster, 6, '乘车路线', '三号线');
    expect(await sync()).toMatchObject({ taken: 1, refused: 0 });
    expect([await busOf(6), await clerk.see(roster, 6, '校车线路')]).toEqual(['三号线', '三号线']);
    await change({ meta: { required: true } });
    await sync();
    expect(await clerk.see(roster, 7, '问题说明')).toContain('【校车线路】这一栏必须填写');
    await change({ meta: { required: false } });
    expect(await sync()).toMatchObject({ refused: 0 });
  });

  test('hidden, it goes out of sight and keeps its values on both sides; shown, it is back', async () => {
    await change({ meta: { hidden: true } });
    expect(await sync()).toMatchObject({ refused: 0, conflicts: 0 });
    expect((await column('校车线路'))?.hidden).toBe(true);
    expect([await busOf(2), await clerk.see(roster, 2, '校车线路')]).toEqual(['one', '一号线']);
    await change({ meta: { hidden: false } });
    await sync();
    expect((await column('校车线路'))?.hidden).toBe(false);
    await clerk.type(roster, 2, '校车线路', '二号线');
    expect(await sync()).toMatchObject({ taken: 1 });
    expect(await busOf(2)).toBe('二号线');
  });

  test('numbers, days, yes and no, lists of choices and free words are stored as Directus stores them, and come back the same', async () => {
    const options = { choices: ['糖尿病', '过敏'].map((value) => ({ text: value, value })) };
    const made = [
      staffField('height', 'decimal', { interface: 'input', translations: zh('身高') }, { numeric_precision: 6, numeric_scale: 1 } as never),
      staffField('seats', 'integer', { interface: 'input', translations: zh('座位号') }),
      staffField('joined_on', 'date', { interface: 'datetime', translations: zh('入队日期') }),
      staffField('left_at', 'time', { interface: 'datetime', translations: zh('离校时刻') }),
      staffField('has_pass', 'boolean', { interface: 'boolean', special: ['cast-boolean'], translations: zh('有乘车证') }),
      staffField('care', 'json', { interface: 'select-multiple-checkbox', special: ['cast-json'], options, translations: zh('照护') }),
      staffField('care_csv', 'csv', { interface: 'select-multiple-checkbox', special: ['cast-csv'], options, translations: zh('照护二') }),
      staffField('hobbies', 'json', { interface: 'tags', special: ['cast-json'], translations: zh('爱好') }),
      staffField('remark', 'text', { interface: 'input-multiline', translations: zh('留言') }),
    ];
    for (const { collection: _students, ...field } of made) await admin('POST', '/fields/students', field);
    await sync();
    const entered: Record<string, string | number> = {
      身高: 131.5,
      座位号: 12,
      入队日期: '2026-06-01',
      离校时刻: '16:40',
      有乘车证: '是',
      照护: '糖尿病、过敏',
      照护二: '过敏',
      爱好: '画画、篮球',
      留言: '靠窗',
    };
    for (const [header, value] of Object.entries(entered)) await clerk.type(roster, 8, header, value);
    const summary = await sync();
    expect((await problems()).map((one) => one.message)).toEqual([]);
    expect(summary).toMatchObject({ taken: 1, refused: 0 });
    const stored = (await directus.store.readRow('students', await idOf(8))) as unknown as Record<string, unknown>;
    expect({ ...stored, height: Number(stored.height) }).toMatchObject({
      height: 131.5,
      seats: 12,
      joined_on: '2026-06-01',
      has_pass: true,
      care: ['糖尿病', '过敏'],
      care_csv: ['过敏'],
      hobbies: ['画画', '篮球'],
      remark: '靠窗',
    });
    expect(String(stored.left_at).slice(0, 5)).toBe('16:40');
    await directus.store.updateRow('students', await idOf(8), { seats: 13 } as never);
    expect(await sync()).toMatchObject({ refused: 0, conflicts: 0 });
    expect(await clerk.see(roster, 8, '座位号')).toBe('13');
  });

  test('deleted, its column stays in the school’s file, is not read, and the school is told why', async () => {
    await admin('DELETE', '/fields/students/bus_route');
    expect(await sync()).toMatchObject({ refused: 0, conflicts: 0 });
    expect(await clerk.see(roster, 2, '校车线路')).toBe('二号线');
    expect((await problems()).map((one) => [one.kind, one.header])).toEqual([['提示', '校车线路']]);
    await clerk.type(roster, 2, '校车线路', '随便写');
    expect(await sync()).toMatchObject({ taken: 0, refused: 0 });
  });

  test('a value that must be the only one, and a rule of staff: the row is refused with its cell, all others are taken, across schools too', async () => {
    const validation = { _and: [{ card_no: { _regex: '^[A-Z][0-9]{3}$' } }] };
    const meta = { interface: 'input', translations: zh('乘车卡号'), validation, validation_message: '须是一个大写字母加三位数字' };
    const { collection: _students, ...card } = staffField('card_no', 'string', meta, { is_unique: true, max_length: 10 });
    await admin('POST', '/fields/students', card);
    const other = await folderPlace(directus.config, sampleCounty).handOut(secondSchool);
    await sync();
    await directus.store.updateRow('students', await idOf(2), { card_no: 'A009' } as never);
    for (const [at, value] of ['A001', 'A001', 'b1', 'A009', 'A002'].entries()) await other.type(roster, at + 2, '乘车卡号', value);
    expect(await sync()).toMatchObject({ taken: 2, refused: 3 });
    const told = (await problems()).filter((one) => one.header === '乘车卡号').map((one) => [one.sheet_row, one.code, one.message]);
    expect(told.sort()).toEqual([
      [3, 'duplicate/value', expect.stringContaining('填的是“A001”,这一栏不能重复,第 2 行已经用了它')],
      [4, 'invalid', expect.stringContaining('填的是“b1”,乘车卡号:须是一个大写字母加三位数字')],
      [5, 'duplicate/value', expect.stringContaining('可能是别的学校')],
    ]);
    for (const [at, value] of ['A003', 'B001', 'A010'].entries()) await other.type(roster, at + 3, '乘车卡号', value);
    expect(await sync()).toMatchObject({ taken: 3, refused: 0 });
  });
});
