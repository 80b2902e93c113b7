/** Tabs that are more, or something else, than one table: lists side by side, tables below each other, forms, headers in two languages. */
import { describe, expect, test } from 'vitest';
import type { ParsedTab, RawTab } from '../../schema/parsed.ts';
import { parseTabs } from '../../scripts/sync/parse-tabs.ts';
import { complaints, sheet } from '../helpers/sheet.ts';

const rowsOf = (raw: RawTab): unknown[][] => parseTabs(raw).map(({ rows }) => rows.map(({ row, values }) => ({ row, ...values })));
const tablesOf = (raw: RawTab): unknown[] => parseTabs(raw).map(({ table, area }) => [table, area]);
const ignored = (tab: ParsedTab | undefined): string[] => (tab?.ignoredRows ?? []).map(({ row, reason }) => `${row} ${reason}`);

const pupil = (name: string, days: number[] = [1, 2, 3, 4, 5]) => ({ 姓名: name, 年级: 3, 班级: 1, 星期: days });

describe('tables beside each other', () => {
  test('a list that goes on in the right half of the page is read to its end', () => {
    const raw = sheet(
      'x',
      `
      | 三年级报名表 | < | < | < | | < | < | < | < |
      | 姓名 | 年级 | 班级 | 星期 | | 姓名 | 年级 | 班级 | 星期 |
      | 张三 | 三 | 1 | 1-5 | | 李四 | 三 | 1 | 1-3 |
      | 王五 | 三 | 1 | 1-5 | | | | | |
    `,
    );
    expect(tablesOf(raw)).toEqual([
      ['students', 'A1:E4'],
      ['students', 'F1:I3'],
    ]);
    expect(rowsOf(raw)).toEqual([
      [
        { row: 3, ...pupil('张三') },
        { row: 4, ...pupil('王五') },
      ],
      [{ row: 3, ...pupil('李四', [1, 2, 3]) }],
    ]);
  });

  test('the same without a column between the halves; every problem names its true cell', () => {
    const tabs = parseTabs(
      sheet(
        'x',
        `
        | 序号 | 姓名 | 班级 | 星期 | 序号 | 姓名 | 班级 | 星期 |
        | =1 | 张三 | 三(1)班 | 1-5 | =3 | 李四 | 三(1)班 | 1-5 |
        | =2 | 王五 | 三(1)班 | 1-5 | =4 | 赵六 | 三(1)班 | |
      `,
      ),
    );
    expect(tabs.map(complaints)).toEqual([[], ['H3 required-missing/no-application']]);
    expect(tabs[1]?.problems[0]?.message).toContain('「x」第 3 行“星期”(H3)');
  });

  test('two different tables are each read as what they are', () => {
    const raw = sheet(
      'x',
      `
      | 课程名称 | 星期 | 时间 | 指导教师 | | 姓名 | 身份 | 课时数 | 补助标准 |
      | 书法 | 周一 | 16:30-18:00 | 王 | | 王 | 志愿者 | 8 | 40 |
    `,
    );
    expect(tablesOf(raw)).toEqual([
      ['activities', 'A1:E2'],
      ['staff', 'F1:I2'],
    ]);
  });

  test('remarks beside a table make no second one', () => {
    const raw = sheet('x', '| 姓名 | 年级 | 班级 | 星期 | | 说明 |\n| 张三 | 三 | 1 | 1-5 | | 星期写周几 |\n| 李四 | 三 | 1 | 1-5 | | 年级写汉字 |');
    expect(tablesOf(raw)).toEqual([['students', undefined]]);
  });

  test('an empty column within a table does not cut it', () => {
    const raw = sheet('x', '| 姓名 | 年级 | 班级 | 星期 | | 家长姓名 | 家长电话 |\n| 张三 | 三 | 1 | 1-5 | | 李四 | 13800001234 |');
    expect(rowsOf(raw)).toEqual([[{ row: 2, ...pupil('张三'), 监护人姓名: '李四', 监护人电话: '13800001234' }]]);
  });
});

describe('tables below each other', () => {
  const raw = sheet(
    '台账',
    `
    | 一、课程安排 | < | < | < |
    | 课程名称 | 星期 | 时间 | 指导教师 |
    | 书法 | 周一 | 16:30-18:00 | 王 |
    | 合计 | 1门 | | |

    | 二、服务人员 | < | < | < |
    | 姓名 | 身份 | 课时数 | 补助标准 |
    | 王 | 志愿者 | 8 | 40 |
    | 李 | 家长 | 8 | 40 |
  `,
  );
  test('each is read under its own header', () => {
    expect(tablesOf(raw)).toEqual([
      ['activities', 'A1:D4'],
      ['staff', 'A5:D9'],
    ]);
    expect(parseTabs(raw).map(({ rows }) => rows.map(({ row }) => row))).toEqual([[3], [8, 9]]);
  });
  test('each row of the tab is accounted for once', () => {
    const [courses, staff] = parseTabs(raw);
    expect(ignored(courses)).toEqual(['1 标题或说明', '4 合计行']);
    expect(ignored(staff)).toEqual(['5 空行', '6 标题或说明']);
    expect(complaints(staff as ParsedTab)).toEqual(['B9 not-in-choices']);
  });
  test('the same header with its columns in another order begins a table of its own', () => {
    const again = sheet(
      'x',
      `
      | 姓名 | 年级 | 班级 | 星期 |
      | 张三 | 三 | 1 | 1-5 |
      | 班级 | 姓名 | 星期 | 年级 |
      | 1 | 李四 | 1-3 | 三 |
    `,
    );
    expect(rowsOf(again)).toEqual([[{ row: 2, ...pupil('张三') }], [{ row: 4, ...pupil('李四', [1, 2, 3]) }]]);
  });
  test('a pupil with nothing but a name above the next header is a pupil, not a title', () => {
    const again = sheet(
      'x',
      '| 姓名 | 年级 | 班级 | 星期 |\n| 张三 | 三 | 1 | 1-5 |\n| 李四 | | | |\n| 班级 | 姓名 | 星期 | 年级 |\n| 1 | 王五 | 1-3 | 三 |',
    );
    expect(parseTabs(again).map(({ rows }) => rows.map(({ values }) => values.姓名))).toEqual([['张三', '李四'], ['王五']]);
  });
  test('a table that starts twenty rows down, to the right, is found', () => {
    expect(rowsOf(sheet('x', `${'\n'.repeat(20)}| | | | 姓名 | 年级 | 班级 | 星期 |\n| | | | 张三 | 三 | 1 | 1-5 |`))).toEqual([
      [{ row: 21, ...pupil('张三') }],
    ]);
  });
});

test('a table below pages of introduction is found', () => {
  const raw = sheet('x', `${'| 前言 |\n'.repeat(60)}| 姓名 | 年级 | 班级 | 星期 |\n| 张三 | 三 | 1 | 1-5 |`);
  expect(rowsOf(raw)).toEqual([[{ row: 62, ...pupil('张三') }]]);
});

describe('forms', () => {
  const month = sheet(
    'Sheet1',
    `
    | 某某小学课后服务情况表 | < |
    | 项目 | 填报内容 |
    | 统计月 | 2026年9月 |
    | 在校学生数 | 100 |
    | 参加学生数 | 80人 |
    | 每天时长 | 2小时 |
    | 特色项目 | 无 |
    | 填报人 | 王老师 |
    | 联系电话 | 138000 |

    | 注:本表由学校填写。 | |
  `,
  );
  test('a monthly return with one line per figure is a return', () => {
    expect(rowsOf(month)).toEqual([[{ row: 3, 统计月: '2026-09', 在校学生数: 100, 参加学生数: 80, 每天时长: 120, 填报人: '王老师' }]]);
  });
  test('its problems and cells name the places where they stand, and belong to the record', () => {
    const [tab] = parseTabs(month);
    expect(tab?.problems).toMatchObject([{ cell: 'B9', row: 3, header: '电话', code: 'phone-invalid' }]);
    expect(tab?.problems[0]?.message).toContain('第 9 行“电话”(B9)');
    expect(tab?.rows[0]?.cells).toMatchObject({ 统计月: 'B3', 参加学生数: 'B5', 填报人: 'B8' });
  });
  test('every line is accounted for: the record, the lines of its fields, and the rest with a reason', () => {
    const [tab] = parseTabs(month);
    expect(tab).toMatchObject({ area: 'A1:B11', headerRow: 3, headerRows: [4, 5, 6, 8, 9] });
    expect(ignored(tab)).toEqual(['1 标题或说明', '2 标题或说明', '7 没有这一栏,未读取', '10 空行', '11 说明文字']);
  });
  test('two pairs in a line are two fields', () => {
    expect(
      rowsOf(
        sheet(
          'x',
          `
        | 统计月 | 2026-09 | 在校学生数 | 100 |
        | 参加学生数 | 80 | 参与教师数 | 10 |
        | 填报人 | 王 | 联系电话 | 13800001234 |
      `,
        ),
      ),
    ).toEqual([[{ row: 1, 统计月: '2026-09', 参加学生数: 80, 填报人: '王', 在校学生数: 100, 参与教师数: 10, 电话: '13800001234' }]]);
  });
  test('labels in groups, and a month in each column, are a return for each month', () => {
    const [tab] = parseTabs(
      sheet(
        'x',
        `
        | 统计月 | < | 2026-09 | 2026-10 |
        | 学生情况 | 在校学生数 | 100 | 101 |
        | ^ | 参加学生数 | 80 | 120 |
        | 填报人 | < | 王 | 王 |
      `,
      ),
    );
    expect(tab?.rows.map(({ values }) => [values.统计月, values.参加学生数])).toEqual([
      ['2026-09', 80],
      ['2026-10', 120],
    ]);
    expect(complaints(tab as ParsedTab)).toEqual(['D3 out-of-range/more-than']);
    expect(tab?.problems[0]?.message).toContain('第 3 行“参加学生数”(D3)');
  });
  test('a unit or a remark beside the content is no second record', () => {
    expect(
      rowsOf(
        sheet(
          'x',
          `
        | 指标 | 单位 | 数值 | 说明 |
        | 统计月 | | 2026-09 | 上一个自然月 |
        | 在校学生数 | 人 | 100 | 学籍数 |
        | 参加学生数 | 人 | 80 | 实际参加 |
        | 填报人 | | 王 | |
      `,
        ),
      ),
    ).toEqual([[{ row: 2, 统计月: '2026-09', 在校学生数: 100, 参加学生数: 80, 填报人: '王' }]]);
  });
  test('a course on a sheet of its own is a course', () => {
    expect(
      rowsOf(
        sheet(
          '书法',
          `
        | 课程名称 | 书法 | < | < |
        | 上课时间 | 周一、周三 16:30-18:00 | < | < |
        | 地点 | 书法室 | 指导教师 | 王老师 |
        | 人数上限 | 30人 | 面向年级 | 三至五年级 |
      `,
        ),
      ),
    ).toEqual([
      [{ row: 1, 课程名: '书法', 星期: [1, 3], 开始时刻: '16:30', 结束时刻: '18:00', 地点: '书法室', 主教师: '王老师', 容量: 30, 年级: [3, 4, 5] }],
    ]);
  });
  test('a case told line by line is a case', () => {
    expect(rowsOf(sheet('x', '| 案例标题 | 指尖上的非遗 |\n| 案例类别 | 课后服务 |\n| 作者 | 王老师 |\n| 摘要 | 剪纸进课堂。 |'))).toEqual([
      [{ row: 1, 标题: '指尖上的非遗', 类别: '课后服务', 作者: '王老师', 摘要: '剪纸进课堂。' }],
    ]);
  });
  test('what explains a form is none', () => {
    const lines = '| 统计月 | 写成2026-09 |\n| 在校学生数 | 填整数 |\n| 参加学生数 | 填整数 |\n| 填报人 | 姓名 |';
    expect(tablesOf(sheet('Sheet1', `| 栏目 | 填写要求 |\n${lines}`))).toEqual([[null, undefined]]);
    expect(tablesOf(sheet('填表说明', lines))).toEqual([[null, undefined]]);
  });
});

describe('headers in two languages', () => {
  const expected = [[{ row: 2, ...pupil('张三') }]];
  test('in one cell, beside or below each other', () => {
    expect(rowsOf(sheet('x', '| 姓名 Name | 年级/Grade | 班级\\nClass | 参加星期 (Days) |\n| 张三 | 三 | 1 | 1-5 |'))).toEqual(expected);
    expect(rowsOf(sheet('x', '| Name姓名 | Grade 年级 | Class 班级 | Days 星期 |\n| 张三 | 三 | 1 | 1-5 |'))).toEqual(expected);
  });
  test('in two rows', () => {
    const [tab] = parseTabs(sheet('x', '| 姓名 | 年级 | 班级 | 星期 |\n| Name | Grade | Class | Days |\n| 张三 | 三 | 1 | 1-5 |'));
    expect(tab).toMatchObject({ headerRows: [1, 2], problems: [], rows: [{ row: 3, values: pupil('张三') }] });
  });
});

test('a tab of only pictures, or of nothing, is none of ours', () => {
  expect(tablesOf(sheet('照片', ''))).toEqual([[null, undefined]]);
  expect(tablesOf({ ...sheet('照片', ''), rows: [] })).toEqual([[null, undefined]]);
});
