/** A school's own layout: proposed with how sure each column is, confirmed by a person, and known again next month by its headers. */
import { describe, expect, test } from 'vitest';
import { type Layout, readLayouts } from '../../schema/layout.ts';
import type { ParsedTab } from '../../schema/parsed.ts';
import { applyLayout, layoutFaults } from '../../scripts/sync/apply-layout.ts';
import { describeLayout } from '../../scripts/sync/describe-layout.ts';
import { describeInspection, hasProblems, inspectFiles, proposeLayouts } from '../../scripts/sync/inspect.ts';
import { parseTabs } from '../../scripts/sync/parse-tabs.ts';
import { fingerprint, layoutOf } from '../../scripts/sync/propose-layout.ts';
import { complaints, sheet } from '../helpers/sheet.ts';

/** Headers that no table of ours has: a kindergarten teacher's words. */
const odd = (rows: string, title = '阳光小学九月份课后看护登记') =>
  sheet('Sheet1', `| ${title} | < | < | < | < |\n| 小朋友 | 所在班 | 哪几天来 | 家里手机 | 爱吃什么 |\n${rows}`);
const september = odd('| 张三 | 三(1)班 | 周一至周五 | 13800001234 | 面条 |\n| 李四 | 三(2)班 | 一、三 | 13800005678 | 米饭 |');
const october = odd('| 王五 | 三(1)班 | 每天 | 138000 | 饺子 |', '阳光小学十月份课后看护登记(修订)');

const proposed = (): Layout => {
  const [layout] = layoutOf(september);
  if (!layout) throw new Error('a layout is proposed');
  return layout;
};
/** What a person in the bureau makes of the proposal: the one column that could not be guessed, and the mark. */
const confirmed = (): Layout => ({
  ...proposed(),
  confirmed: true,
  columns: proposed().columns.map((column) => (column.header === '小朋友' ? { ...column, field: '姓名' } : column)),
});
const named =
  (text: string, field: string | null) =>
  (layout: Layout): Layout => ({
    ...layout,
    columns: layout.columns.map((column) => (column.header === text ? { ...column, field } : column)),
  });
const valuesOf = (tabs: readonly ParsedTab[] | null): unknown[] =>
  (tabs ?? []).flatMap((tab) => tab.rows.map(({ row, values }) => ({ row, ...values })));

describe('a proposal', () => {
  const known = sheet(
    '报名',
    '| 姓名 | 年级 | 班级 | 星期 | 家里手机 | 血型 |\n| 张三 | 三 | 1 | 1-5 | 13800001234 | A |\n| 李四 | 三 | 1 | 1-5 | 13800001235 | B |',
  );

  test('says of each column what it seems to hold and how sure that is', () => {
    const [layout] = layoutOf(known);
    expect(layout).toMatchObject({ table: 'students', shape: 'table', confirmed: false, headerRows: 1 });
    expect(layout?.columns.map(({ header, field, sure }) => [header, field, sure])).toEqual([
      ['姓名', '姓名', 'certain'],
      ['年级', '年级', 'certain'],
      ['班级', '班级', 'certain'],
      ['星期', '星期', 'certain'],
      ['家里手机', expect.stringMatching(/监护人电话|null/), 'likely'],
      ['血型', null, 'unknown'],
    ]);
  });
  test('holds no value of any cell: it is about headers, not about children', () => {
    expect(JSON.stringify(layoutOf(known))).not.toMatch(/张三|13800001234/);
  });
  test('changes nothing by itself: an unconfirmed layout is never used', () => {
    expect(applyLayout(september, proposed())).toBeNull();
    expect(parseTabs(september, { layouts: [proposed()] })).toEqual(parseTabs(september));
  });
  test('is said in Chinese, a line per column, for whoever confirms it', () => {
    const said = describeLayout(layoutOf(known)[0] as Layout);
    expect(said).toContain('「报名」学生(表头 1 行),待确认:6 栏');
    expect(said).toContain('姓名 → 姓名(认得)');
    expect(said).toContain('血型 → 不读(不认识,不读)');
  });
  test('our own workbook needs none', () => {
    expect(layoutOf(sheet('学生报名', '| 行号 | 姓名 | 年级 | 班级 | 星期 | 同步状态 |\n| | 张三 | 三 | 1 | 1-5 | |'))).toEqual([]);
  });
  test('an address list gets none', () => {
    expect(layoutOf(sheet('通讯录', '| 科室 | 职务 | 办公室 |\n| 教务处 | 主任 | 201 |\n| 政教处 | 主任 | 202 |'))).toEqual([]);
  });
});

describe('a tab whose headers are not known', () => {
  const nearly = sheet(
    'Sheet1',
    '| 孩子姓名 | 孩子班级 | 参加哪天(周几) | 手机 |\n| 张三 | 三(1)班 | 周一至周五 | 13800001234 |\n| 李四 | 三(1)班 | 周一 | 13800001235 |',
  );
  test('is not read by guesses, and not passed over in silence', () => {
    const [tab] = parseTabs(nearly);
    expect(tab).toMatchObject({ table: null, rows: [], problems: [{ code: 'ambiguous/layout', severity: 'warning' }] });
    expect(tab?.problems[0]?.message).toMatch(/「Sheet1」可能是学生,但表头不能全部认定\(.*“孩子姓名”像是“姓名”.*请县局核对栏目对照表/);
  });
  test('is read once the bureau has confirmed what was proposed', () => {
    const layout = { ...(layoutOf(nearly)[0] as Layout), confirmed: true };
    expect(valuesOf(parseTabs(nearly, { layouts: [layout] }))[0]).toMatchObject({ row: 2, 姓名: '张三', 班级: 1, 年级: 3, 星期: [1, 2, 3, 4, 5] });
  });
});

describe('a confirmed layout', () => {
  test('reads the month it was made from', () => {
    expect(valuesOf(applyLayout(september, confirmed()))).toEqual([
      { row: 3, 姓名: '张三', 年级: 3, 班级: 1, 星期: [1, 2, 3, 4, 5], 监护人电话: '13800001234' },
      { row: 4, 姓名: '李四', 年级: 3, 班级: 2, 星期: [1, 3], 监护人电话: '13800005678' },
    ]);
  });
  test('is known again next month, under another title, with its problems in their cells', () => {
    const [tab] = parseTabs(october, { layouts: [confirmed()] });
    expect(tab).toMatchObject({ table: 'students', headerRow: 2, rows: [{ row: 3, values: { 姓名: '王五', 年级: 3, 班级: 1 } }] });
    expect(complaints(tab as ParsedTab)).toEqual(['D3 phone-invalid']);
  });
  test('is known again when its columns were moved, and when the table begins lower', () => {
    const moved = sheet(
      '表',
      '\n| 填于十一月 |\n\n| 哪几天来 | 家里手机 | 爱吃什么 | 小朋友 | 所在班 |\n| 周一 | 13800001234 | 面 | 张三 | 三(1)班 |',
    );
    expect(valuesOf(applyLayout(moved, confirmed()))).toEqual([{ row: 4, 姓名: '张三', 年级: 3, 班级: 1, 星期: [1], 监护人电话: '13800001234' }]);
  });
  test('is not used for other headers: one column more may change what another means', () => {
    const more = sheet('Sheet1', '| 小朋友 | 所在班 | 哪几天来 | 家里手机 | 爱吃什么 | 新手机 |\n| 张三 | 三(1)班 | 周一 | 1 | 面 | 2 |');
    expect(applyLayout(more, confirmed())).toBeNull();
    expect(parseTabs(more, { layouts: [confirmed()] })[0]?.table).toBeNull();
  });
  test('accounts for every row, as any reading does', () => {
    const [tab] = parseTabs(odd('| 张三 | 三(1)班 | 周一 | | |\n\n| 合计 | 1人 | | | |\n| 注:手机可不填。 | | | | |'), { layouts: [confirmed()] });
    expect(
      [...(tab?.headerRows ?? []), ...(tab?.rows ?? []).map(({ row }) => row), ...(tab?.ignoredRows ?? []).map(({ row }) => row)].sort(),
    ).toEqual([1, 2, 3, 4, 5, 6]);
    expect(tab?.ignoredRows.map(({ reason }) => reason)).toEqual(['标题或说明', '空行', '合计行', '说明文字']);
  });
  test('gives what no column has: a grade that is the same for the whole sheet', () => {
    const sheetOfGrade = sheet('一年级', '| 小朋友 | 几班 | 哪几天来 |\n| 张三 | 1班 | 周一 |');
    const layout: Layout = {
      version: 1,
      label: '一年级',
      confirmed: true,
      shape: 'table',
      table: 'students',
      headerRows: 1,
      fingerprint: '横:几班|哪几天来|小朋友',
      columns: [
        { header: '小朋友', nth: 1, field: '姓名' },
        { header: '几班', nth: 1, field: '班级' },
        { header: '哪几天来', nth: 1, field: '星期' },
      ],
      constants: { 年级: '一年级' },
    };
    expect(valuesOf(applyLayout(sheetOfGrade, layout))).toEqual([{ row: 2, 姓名: '张三', 年级: 1, 班级: 1, 星期: [1] }]);
    expect(parseTabs(sheetOfGrade, { layouts: [layout] })[0]?.problems).toEqual([]);
  });
  test('overrules what a header seems to say', () => {
    const telephone = sheet('x', '| 姓名 | 年级 | 班级 | 星期 | 电话 |\n| 张三 | 三 | 1 | 1-5 | 13800001234 |');
    const [layout] = layoutOf(telephone);
    const ignoring = named('电话', null)({ ...(layout as Layout), confirmed: true });
    expect(valuesOf(parseTabs(telephone))[0]).toHaveProperty('监护人电话');
    expect(valuesOf(parseTabs(telephone, { layouts: [ignoring] }))[0]).not.toHaveProperty('监护人电话');
  });
  test('tells two columns of one name apart by their order', () => {
    const twice = sheet('x', '| 姓名 | 年级 | 班级 | 星期 | 电话 | 电话 |\n| 张三 | 三 | 1 | 1-5 | 037812345678 | 13800001234 |');
    const layout = { ...(layoutOf(twice)[0] as Layout), confirmed: true };
    const second = {
      ...layout,
      columns: layout.columns.map((column) => (column.header === '电话' ? { ...column, field: column.nth === 2 ? '监护人电话' : null } : column)),
    };
    expect(valuesOf(applyLayout(twice, second))[0]).toMatchObject({ 监护人电话: '13800001234' });
  });
});

describe('a form', () => {
  const month = sheet('九月', '| 看护情况 | |\n| 哪个月 | 2026-09 |\n| 全校多少人 | 100 |\n| 来了多少人 | 80 |\n| 食堂 | 有 |\n| 谁填的 | 王老师 |');
  const layout: Layout = {
    version: 1,
    label: '看护情况',
    confirmed: true,
    shape: 'form',
    table: 'monthly_reports',
    headerRows: 1,
    fingerprint: '竖:来了多少人|全校多少人|哪个月|谁填的|食堂',
    columns: [
      { header: '哪个月', nth: 1, field: '统计月' },
      { header: '全校多少人', nth: 1, field: '在校学生数' },
      { header: '来了多少人', nth: 1, field: '参加学生数' },
      { header: '食堂', nth: 1, field: null },
      { header: '谁填的', nth: 1, field: '填报人' },
    ],
    constants: { 每周开展天数: '5' },
  };
  test('in words of its own is read line by line', () => {
    expect(parseTabs(month)[0]?.table).toBeNull();
    const [tab] = parseTabs(month, { layouts: [layout] });
    expect(valuesOf([tab as ParsedTab])).toEqual([{ row: 2, 统计月: '2026-09', 在校学生数: 100, 参加学生数: 80, 填报人: '王老师', 每周开展天数: 5 }]);
    expect(tab?.rows[0]?.cells).toMatchObject({ 参加学生数: 'B4' });
  });
  test('a form without one of its lines is another form', () => {
    expect(applyLayout({ ...month, rows: month.rows.slice(0, 5) }, layout)).toBeNull();
  });
});

describe('several tables on a tab', () => {
  const both = sheet('x', '| 小朋友 | 所在班 | 哪几天来 | | 小朋友 | 所在班 | 哪几天来 |\n| 张三 | 三(1)班 | 周一 | | 李四 | 三(2)班 | 周二 |');
  const half = (nth: number): Layout => ({
    version: 1,
    label: 'x',
    confirmed: true,
    shape: 'table',
    table: 'students',
    headerRows: 1,
    fingerprint: '横:哪几天来|哪几天来|小朋友|小朋友|所在班|所在班',
    columns: [
      { header: '小朋友', nth, field: '姓名' },
      { header: '所在班', nth, field: '班级' },
      { header: '哪几天来', nth, field: '星期' },
    ],
    constants: {},
  });
  test('are read by a layout each', () => {
    const tabs = parseTabs(both, { layouts: [half(1), half(2)] });
    expect(tabs.map(({ area }) => area)).toEqual(['A1:C2', 'E1:G2']);
    expect(valuesOf(tabs)).toEqual([
      { row: 2, 姓名: '张三', 年级: 3, 班级: 1, 星期: [1] },
      { row: 2, 姓名: '李四', 年级: 3, 班级: 2, 星期: [2] },
    ]);
  });
});

describe('a mapping edited by hand', () => {
  test('is taken as JSON, and every mistake of form is named', () => {
    expect(readLayouts(JSON.parse(JSON.stringify([confirmed()]))).layouts).toEqual([confirmed()]);
    expect(readLayouts([{ ...confirmed(), confirmed: 'ja', table: 'pupils' }]).faults).toHaveLength(2);
    expect(readLayouts({}).faults).toHaveLength(1);
  });
  test('fields that are none, fields given twice and constants that cannot be read are named, and it is not used', () => {
    const wrong: Layout = { ...named('小朋友', '绰号')(confirmed()), constants: { 年级: '幼儿园', 血型: 'A' } };
    expect(layoutFaults(wrong)).toEqual(['“小朋友”对照的“绰号”不是学生报名的栏目', '固定内容“年级:幼儿园”不能用', '固定内容“血型:A”不能用']);
    expect(layoutFaults(named('爱吃什么', '姓名')(confirmed()))).toEqual(['“姓名”对照了不止一栏']);
    expect(applyLayout(september, wrong)).toBeNull();
  });
});

describe('looking into a file', () => {
  const read = () => Promise.resolve({ tabs: [september, sheet('封面', '| 你好 |')] });

  test('shows each column with its guess, and what is not understood', async () => {
    const said = describeInspection(await inspectFiles(['a.xlsx'], read));
    expect(said).toContain('「Sheet1」 不是台账,未读取');
    expect(said).toContain('所在班 → 班级(认得)');
    expect(said).toContain('哪几天来 → 星期(像是,请核对)');
    expect(said).toContain('爱吃什么 → 不读(不认识,不读)');
    expect(said).toContain('「封面」 不是台账,未读取');
  });
  test('gives the proposals to be written into a mapping file', async () => {
    const layouts = await proposeLayouts(['a.xlsx'], read);
    expect(layouts).toEqual([proposed()]);
    expect(readLayouts(JSON.parse(JSON.stringify(layouts))).faults).toEqual([]);
  });
  test('reads by a mapping file once it is confirmed', async () => {
    const files = await inspectFiles(['a.xlsx'], read, { layouts: [confirmed()] });
    expect(files[0]?.tabs[0]).toMatchObject({ table: 'students', rows: [{ row: 3 }, { row: 4 }] });
    expect(hasProblems(files)).toBe(false);
  });
});

test('the fingerprint is the same for the same headers and for them alone', () => {
  expect(fingerprint(september)).toBe(fingerprint(october));
  expect(fingerprint(september)).toBe('横:哪几天来|家里手机|小朋友|所在班|爱吃什么');
  expect(fingerprint(sheet('x', '| 你好 |'))).toBeNull();
});
