/** Layouts beyond the sample workbooks, one quirk a test, drawn as tables (tests/helpers/sheet.ts says how). */
import { describe, expect, test } from 'vitest';
import { cellOf } from '../../schema/cells.ts';
import type { ParsedRow, ParsedTab, RawTab } from '../../schema/parsed.ts';
import { parseTab } from '../../scripts/sync/parse-tab.ts';
import { complaints, sheet } from '../helpers/sheet.ts';

const rowsOf = (tab: ParsedTab): unknown[] => tab.rows.map(({ row, values }) => ({ row, ...values }));
const values = (tab: RawTab): unknown[] => parseTab(tab).rows.map((row) => row.values);
const ignored = (tab: ParsedTab): string[] => tab.ignoredRows.map(({ row, reason }) => `${row} ${reason}`);

const zhang = { 姓名: '张三', 年级: 3, 班级: 1, 星期: [1, 2, 3, 4, 5] };

describe('finding the header', () => {
  test('title rows, a unit row and a blank row above the header are passed over', () => {
    const tab = parseTab(
      sheet(
        '报名',
        `
        | 某某小学(示例)学生报名表 | < | < | < |
        | 填报单位:某某小学 | | 2026年9月 | |

        | 姓名 | 年级 | 班级 | 参加星期 |
        | 张三 | 三年级 | 1班 | 每天 |
      `,
      ),
    );
    expect(tab).toMatchObject({ table: 'students', headerRow: 4 });
    expect(ignored(tab)).toEqual(['1 标题或说明', '2 标题或说明', '3 空行']);
    expect(rowsOf(tab)).toEqual([{ row: 5, ...zhang }]);
  });

  test('spaces, line breaks, stars and brackets inside header words do not matter', () => {
    expect(
      values(
        sheet(
          'x',
          `
        | *姓  名 | 年\\n级 | 班 级（必填） | 参加星期（打√或写星期几） | 家长\\n联系电话 |
        | 张三 | 三 | 1 | 1-5 | 13800001234 |
      `,
        ),
      ),
    ).toEqual([{ ...zhang, 监护人电话: '13800001234' }]);
  });

  test('columns may stand in any order, with others between them', () => {
    expect(
      values(
        sheet(
          'x',
          `
        | 备注 | 星期 | 班主任 | 班级 | 姓名 | 民族 |
        | 无 | 一至五 | 王老师 | 三(1)班 | 张三 | 汉 |
      `,
        ),
      ),
    ).toEqual([zhang]);
  });

  test('a header of two rows without merged cells is joined, as in csv', () => {
    expect(
      values(
        sheet(
          '',
          `
        | 姓名 | 年级 | 班级 | 家长信息 | | 参加时间 | | | | |
        | | | | 姓名 | 电话 | 周一 | 周二 | 周三 | 周四 | 周五 |
        | 张三 | 三 | 1 | 李四 | 13800001234 | √ | √ | √ | √ | √ |
      `,
        ),
      ),
    ).toEqual([{ ...zhang, 监护人姓名: '李四', 监护人电话: '13800001234' }]);
  });

  test('a header of three rows is joined by its first and last', () => {
    const tab = parseTab(
      sheet(
        '月报统计表',
        `
        | 统计月份 | 学生情况 | < | < | < | 填报人 |
        | ^ | 在校学生数 | 参加学生数 | < | < | ^ |
        | ^ | ^ | 合计 | 一年级 | 二年级 | ^ |
        | 2026年9月 | 100 | 80 | 40 | 40 | 王老师 |
      `,
      ),
    );
    expect(tab).toMatchObject({ table: 'monthly_reports', headerRow: 3, headerRows: [1, 2, 3], problems: [] });
    expect(tab.rows[0]?.values).toEqual({
      统计月: '2026-09',
      在校学生数: 100,
      参加学生数: 80,
      '分年级参加数/一年级': 40,
      '分年级参加数/二年级': 40,
      填报人: '王老师',
    });
  });

  test('a header printed again on each page is no pupil', () => {
    const tab = parseTab(
      sheet(
        'x',
        `
        | 姓名 | 年级 | 班级 | 星期 |
        | 张三 | 三 | 1 | 1-5 |
        | 姓名 | 年级 | 班级 | 星期 |
        | 李四 | 三 | 1 | 1-5 |
      `,
      ),
    );
    expect(tab.rows.map(({ row }) => row)).toEqual([2, 4]);
    expect(ignored(tab)).toEqual(['3 重复的表头']);
  });

  test('the same header twice is asked about', () => {
    expect(
      complaints(
        parseTab(
          sheet(
            'x',
            `
        | 姓名 | 年级 | 班级 | 星期 | 星期 |
        | 张三 | 三 | 1 | 1-5 | 1-3 |
      `,
          ),
        ),
      ),
    ).toEqual(['E1 ambiguous/header-twice', 'D2 ambiguous/two-columns']);
  });

  test('groups above the columns say whose name, telephone, date and number is meant', () => {
    expect(
      values(
        sheet(
          '报名',
          `
        | 学生信息 | < | < | 监护人信息 | < | < | 课后服务 | < | 委托接送 | < |
        | 姓名 | 年级 | 班级 | 姓名 | 关系 | 电话 | 星期 | 项目 | 姓名 | 电话 |
        | 张三 | 三 | 1 | 李四 | 父亲 | 13800001234 | 1-5 | 书法 | 王五 | 13800005678 |
      `,
        ),
      ),
    ).toEqual([
      {
        ...zhang,
        监护人姓名: '李四',
        监护人关系: '父亲',
        监护人电话: '13800001234',
        服务项目: ['书法'],
        委托接送人: '王五',
        委托接送人电话: '13800005678',
      },
    ]);
    expect(
      values(
        sheet(
          '人员',
          `
        | 基本信息 | < | 课时补助 | < | < | 准入查询 | < | 资格证书 | < |
        | 姓名 | 身份 | 课时数 | 标准 | 金额 | 日期 | 结果 | 名称 | 号码 |
        | 王 | 志愿者 | 8 | 40 | 320 | 2026-9-1 | 无犯罪记录 | 教师资格证 | 2016 |
      `,
        ),
      ),
    ).toEqual([
      {
        姓名: '王',
        身份: '志愿者',
        课时数: 8,
        补助标准: 40,
        金额: 320,
        准入查询日: '2026-09-01',
        准入查询结果: '无记录',
        证书名称: '教师资格证',
        证书编号: '2016',
      },
    ]);
    expect(
      values(
        sheet(
          '课程',
          `
        | 课程信息 | < | 年级 | 时间安排 | < | < | 师资 | < | 人数 | < |
        | 名称 | 类别 | ^ | 星期 | 开始 | 结束 | 主讲 | 辅助 | 容量 | 已报 |
        | 书法 | 文艺 | 1-3 | 周一 | 16:30 | 18:30 | 王 | 李 | 30 | 20 |
      `,
        ),
      ),
    ).toEqual([
      {
        课程名: '书法',
        类别: '文艺',
        年级: [1, 2, 3],
        星期: [1],
        开始时刻: '16:30',
        结束时刻: '18:30',
        主教师: '王',
        副教师: '李',
        容量: 30,
        已报: 20,
      },
    ]);
  });

  test('our own workbook lacks every required column, a list of the school only what names its rows', () => {
    expect(complaints(parseTab(sheet('月报', '| 统计月 | 在校学生数 | 参加学生数 |\n| 2026-09 | 100 | 80 |')))).toEqual([]);
    expect(complaints(parseTab(sheet('月报', '| 行号 | 统计月 | 在校学生数 | 参加学生数 |\n| | 2026-09 | 100 | 80 |')))).toEqual([
      'A1 required-missing/column',
    ]);
  });

  test('a column that the table cannot do without is named when it is missing', () => {
    const tab = parseTab(
      sheet(
        '学生报名',
        `
        | 姓名 | 年级 | 星期 |
        | 张三 | 三 | 1-5 |
      `,
      ),
    );
    expect(complaints(tab)).toEqual(['A1 required-missing/column']);
    expect(tab.problems[0]?.message).toContain('班级');
  });
});

describe('telling tables apart', () => {
  const table = (drawing: string, name = 'Sheet1'): string | null => parseTab(sheet(name, drawing)).table;

  test('an address list of teachers is none of our tables', () => {
    expect(
      table(`
        | 姓名 | 学科 | 联系电话 |
        | 王老师 | 语文 | 13800001234 |`),
    ).toBeNull();
  });
  test('instructions are none of our tables', () => {
    expect(
      table(`
        | 填表说明 |
        | 一、姓名、年级、班级必须填写。 |
        | 二、星期写周一至周五。 |`),
    ).toBeNull();
  });
  test('a duty roster with identity and check is staff', () => {
    expect(
      table(`
        | 教师姓名 | 人员类别 | 值班星期 | 准入查询日期 |
        | 王老师 | 本校教师 | 周一 | 2026-09-01 |`),
    ).toBe('staff');
  });
  test('a list with receipts is fees, though it names pupils', () => {
    expect(
      table(`
        | 班级 | 学生姓名 | 月份 | 应缴金额 | 实缴金额 | 票据号码 |
        | 三(1)班 | 张三 | 2026-09 | 60 | 60 | 001 |`),
    ).toBe('fees');
  });
  test('a class list under the title 学生名单 is students even without days', () => {
    expect(
      table(
        `
        | 序号 | 姓名 | 性别 | 年级 | 班级 |
        | 1 | 张三 | 男 | 三 | 1 |`,
        '学生名单',
      ),
    ).toBe('students');
  });
  test('clubs with teacher and place are activities', () => {
    expect(
      table(`
        | 社团名称 | 指导教师 | 活动地点 | 活动时间 |
        | 书法社 | 王老师 | 书法室 | 周一 16:30-18:30 |`),
    ).toBe('activities');
  });
  test('a tab with a header and nothing under it is recognised and has no rows', () => {
    expect(parseTab(sheet('月报', '| 统计月 | 在校学生数 | 参加学生数 | 填报人 |'))).toMatchObject({
      table: 'monthly_reports',
      rows: [],
      problems: [],
    });
  });
  test('an empty tab is none of our tables', () => {
    expect(parseTab(sheet('Sheet3', ''))).toMatchObject({ table: null, rows: [], ignoredRows: [] });
  });
});

describe('rows that are no data', () => {
  const students = (rows: string): ParsedTab => parseTab(sheet('x', `| 序号 | 姓名 | 年级 | 班级 | 星期 |\n| =1 | 张三 | 三 | 1 | 1-5 |\n${rows}`));

  test('totals are passed over in whatever words', () => {
    const tab = students(
      `
      | 小计 | 1人 | | | |
      | 合 计 | | | | |
      | | 总计: | 1人 | | |
      | 三年级合计 | 1 | | | |`.replace(/^\n/, ''),
    );
    expect(ignored(tab)).toEqual(['3 合计行', '4 合计行', '5 合计行', '6 合计行']);
  });
  test('notes, signatures and dates are passed over', () => {
    const tab = students(
      `
      | 注:1.本表一式两份;2.如实填写。 | < | < | < | < |
      | 说明:参加时间写星期几。 | | | | |
      | 填表人:王老师 | | 审核人: | | 2026年9月1日 |
      | 校长(签章) | | | 年 月 日 | |
      | 本表由班主任填写,教导处汇总后上报。 | | | | |`.replace(/^\n/, ''),
    );
    expect(ignored(tab)).toEqual(['3 说明文字', '4 说明文字', '5 签字行', '6 签字行', '7 说明文字']);
  });
  test('numbered but empty rows are passed over, also with the class filled in beforehand', () => {
    expect(ignored(students('| =2 | | | | |\n| =3 | | 三 | 1 | |'))).toEqual(['3 只有序号或预填内容,没有数据', '4 只有序号或预填内容,没有数据']);
  });
  test('an example row is passed over', () => {
    expect(ignored(students('| 示例 | 王小明 | 三 | 1 | 周一至周五 |'))).toEqual(['3 填写示例']);
  });
  test('rows of dashes are blank', () => {
    expect(ignored(students('| — | — | — | — | — |'))).toEqual(['3 空行']);
  });
  test('a row with a name and nothing else is a row, and is refused for what it lacks', () => {
    const codes = ['D3 required-missing', 'C3 required-missing', 'E3 required-missing/no-application'];
    expect(complaints(students('| =2 | 李四 | | | |'))).toEqual(codes);
  });
  test('a child may stand in the list before its family has answered, or when it takes no part; an application needs its days', () => {
    const tab = parseTab(
      sheet(
        'x',
        `
        | 姓名 | 年级 | 班级 | 申请日 | 星期 | 状态 |
        | 张三 | 三 | 1 | | | |
        | 李四 | 三 | 1 | | | 不参加 |
        | 王五 | 三 | 1 | 2026-09-01 | | |
        | 赵六 | 三 | 1 | | | 参加吗 |`,
      ),
    );
    expect(tab.problems.map(({ cell, code, severity }) => `${cell} ${code} ${severity}`)).toEqual([
      'E2 required-missing/no-application warning',
      'E4 required-missing error',
      'E5 required-missing error',
      'F5 not-in-choices error',
    ]);
    expect(tab.rows[1]?.values).toEqual({ 姓名: '李四', 年级: 3, 班级: 1, 状态: '不参加' });
  });
  test('totals at the top, in the middle and in any column are passed over', () => {
    const tab = parseTab(
      sheet(
        'x',
        `
        | 班级 | 姓名 | 星期 |
        | 合计 | 3人 | |
        | 三(1)班 | 张三 | 1-5 |
        | | 小  计 | 1 |
        | 三(2)班 | 李四 | 1-5 |
        | 三(2)班 | 王五 | 1-5 |
        | | 小计 | 2人 |
        | 总  计 | | 3人 |
      `,
      ),
    );
    expect(tab.rows.map(({ values: { 姓名 } }) => 姓名)).toEqual(['张三', '李四', '王五']);
    expect(ignored(tab)).toEqual(['2 合计行', '4 合计行', '7 合计行', '8 合计行']);
  });
  test('signatures between the rows, also with the name that was signed, are passed over', () => {
    const tab = students('| 班主任签字: | | | 年级主任签字: | |\n| =2 | 李四 | 三 | 2 | 1-5 |\n| 班主任(签字) | 王老师 | 2026.9.1 | | |');
    expect(tab.rows.map(({ row }) => row)).toEqual([2, 4]);
    expect(ignored(tab)).toEqual(['3 签字行', '5 签字行']);
  });
  test('page numbers, 续表 and 以下空白 are no pupils; a pupil with a remark is one', () => {
    const page =
      '| | 第1页 共2页 | | | |\n| | 续表 | | | |\n| | (以下为住校生) | | | |\n| =2 | 李四 | 三 | 1 | 1-5 |\n| | ——以下空白—— | | | |\n| | 第 2 页,共 2 页 | | | |';
    expect(ignored(students(page))).toEqual(['3 说明文字', '4 说明文字', '5 说明文字', '7 说明文字', '8 说明文字']);
    expect(students('| | 完小生 | 三 | 1 | 1-5 |').rows).toHaveLength(2);
  });
  test('units and column numbers below the header are no data', () => {
    const month = (line: string): ParsedTab =>
      parseTab(sheet('月报', `| 统计月 | 在校学生数 | 参加学生数 | 填报人 |\n${line}\n| 2026-09 | 100 | 80 | 王 |`));
    expect(ignored(month('| | (人) | (人) | |'))).toEqual(['2 单位行']);
    expect(ignored(month('| 甲 | =1 | =2 | =3 |'))).toEqual(['2 栏次']);
    expect(ignored(month('| =1 | =2 | =3 | =4 |'))).toEqual(['2 栏次']);
    expect(month('| 2026-08 | =1 | =2 | 王 |').rows).toHaveLength(2);
  });
  test('a header of two rows, printed again on each page, is passed over both times', () => {
    const header = '| 姓名 | 班级 | 参加时间 | < | < | < | < |\n| ^ | ^ | 周一 | 周二 | 周三 | 周四 | 周五 |';
    const tab = parseTab(sheet('x', `${header}\n| 张三 | 三(1)班 | √ | √ | √ | √ | √ |\n${header}\n| 李四 | 三(1)班 | √ | | √ | √ | √ |`));
    expect(tab.rows.map(({ values: { 星期 } }) => 星期)).toEqual([
      [1, 2, 3, 4, 5],
      [1, 3, 4, 5],
    ]);
    expect(ignored(tab)).toEqual(['4 重复的表头', '5 重复的表头']);
  });
  test('empty rows with nothing but a format behind the last pupil are not even rows', () => {
    const raw = sheet('x', '| 姓名 | 年级 | 班级 | 星期 |\n| 张三 | 三 | 1 | 1-5 |');
    expect(parseTab({ ...raw, rows: [...raw.rows, ...Array.from({ length: 500 }, () => [null, null, null])] }).ignoredRows).toEqual([]);
  });
  test('an average is no total, and half a lesson is no whole one', () => {
    const tab = parseTab(
      sheet(
        'x',
        `
        | 课程名称 | 星期 | 时间 | 人数 | 课时 |
        | 书法 | 周一 | 16:30-18:00 | 30 | 0.5 |
        | 平均 | | | 29 | |
        | 合计:1门课程,30人 | | | | |
      `,
      ),
    );
    expect(complaints(tab)).toEqual(['E2 not-a-number/whole']);
    expect(ignored(tab)).toEqual(['3 合计行', '4 合计行']);
  });
  test('a pupil hidden by hand is still a pupil', () => {
    const tab = sheet('x', '| 姓名 | 年级 | 班级 | 星期 |\n| 张三 | 三 | 1 | 1-5 |', { hiddenRows: { byHand: [2], byFilter: [] } });
    expect(values(tab)).toEqual([zhang]);
  });
  test('every row up to the last filled one is accounted for', () => {
    const raw = sheet('x', '| 报名表 |\n\n| 姓名 | 年级 | 班级 | 星期 |\n| 张三 | 三 | 1 | 1-5 |\n\n| 合计 | 1人 |\n| 制表: |');
    const tab = parseTab(raw);
    expect([...tab.headerRows, ...tab.rows.map(({ row }) => row), ...tab.ignoredRows.map(({ row }) => row)].sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });
});

describe('cells that speak for others', () => {
  test('a merged class speaks for all its rows, with the address of each row', () => {
    const tab = parseTab(
      sheet(
        'x',
        `
        | 班级 | 姓名 | 星期 |
        | 三(1)班 | 张三 | 1-5 |
        | ^ | 李四 | 一三五 |
      `,
      ),
    );
    expect(tab.rows[1]?.values).toEqual({ 姓名: '李四', 年级: 3, 班级: 1, 星期: [1, 3, 5] });
    expect(cellOf(tab, tab.rows[1] as ParsedRow, '班级')).toBe('A3');
  });
  test('同上 and 〃 repeat the cell above, also several times', () => {
    expect(
      values(
        sheet(
          'x',
          `
        | 姓名 | 年级 | 班级 | 星期 |
        | 张三 | 三 | 1 | 1-5 |
        | 李四 | 同上 | 〃 | 〃 |
        | 王五 | 〃 | 同上 | 同上 |
      `,
        ),
      ),
    ).toEqual([zhang, { ...zhang, 姓名: '李四' }, { ...zhang, 姓名: '王五' }]);
  });
  test('同上 goes on over hidden rows, totals and blank rows', () => {
    const tab = parseTab(
      sheet(
        'x',
        `
        | 姓名 | 班级 | 星期 |
        | 张三 | 三(1)班 | 1-5 |
        | 李四 | 〃 | 〃 |
        | 小计 | 2人 | |
        | 王五 | 同上 | ″ |

        | 赵六 | 〃 | 同上 |
      `,
        { hiddenRows: { byHand: [3], byFilter: [] } },
      ),
    );
    expect(tab.rows.map(({ values: { 年级, 班级, 星期 } }) => [年级, 班级, 星期])).toEqual(Array.from({ length: 4 }, () => [3, 1, [1, 2, 3, 4, 5]]));
    expect(tab.problems).toEqual([]);
  });
  test('a merged class speaks across a blank row; without the merge a blank class is missing, not guessed', () => {
    const list = (second: string): ParsedTab =>
      parseTab(sheet('x', `| 班级 | 姓名 | 星期 |\n| 三(1)班 | 张三 | 1-5 |\n| ${second} | | |\n| ${second} | 李四 | 1-5 |`));
    expect(list('^').rows[1]?.values).toEqual({ 姓名: '李四', 年级: 3, 班级: 1, 星期: [1, 2, 3, 4, 5] });
    expect(complaints(list(''))).toEqual(['A4 required-missing']);
  });
  test('同上 in the first row has nothing to repeat', () => {
    expect(complaints(parseTab(sheet('x', '| 姓名 | 年级 | 班级 | 星期 |\n| 张三 | 三 | 1 | 同上 |')))).toEqual(['D2 ambiguous/nothing-above']);
  });
  test('a class written above its pupils holds until the next one', () => {
    const tab = parseTab(
      sheet(
        'x',
        `
        | 序号 | 姓名 | 家长电话 | 参加星期 |
        | 三(1)班 | < | < | < |
        | =1 | 张三 | 13800001234 | 1-5 |
        | 三年级2班 | | | |
        | =1 | 李四 | 13800005678 | 每天 |
      `,
      ),
    );
    expect(tab.rows.map(({ values: { 姓名, 年级, 班级 } }) => [姓名, 年级, 班级])).toEqual([
      ['张三', 3, 1],
      ['李四', 3, 2],
    ]);
    expect(ignored(tab)).toEqual(['2 班级小标题', '4 班级小标题']);
  });
  test('a class with its head count, written above its pupils, is still the class', () => {
    const tab = parseTab(
      sheet(
        'x',
        '| 姓名 | 星期 | 家长电话 |\n| 三(1)班(共2人) | | |\n| 张三 | 1-5 | 13800001234 |\n| 四（2）班 35人 | | |\n| 李四 | 1-5 | 13800001235 |',
      ),
    );
    expect(tab.rows.map(({ values: { 年级, 班级 } }) => [年级, 班级])).toEqual([
      [3, 1],
      [4, 2],
    ]);
  });
  test('a formula that nobody has worked out is asked about, not taken for a blank', () => {
    const raw = sheet('x', '| 姓名 | 年级 | 班级 | 星期 |\n| 张三 | 三 | 1 | 1-5 |');
    const unworked = { text: '', value: null, formula: true as const, error: true as const };
    expect(complaints(parseTab({ ...raw, rows: raw.rows.map((row, index) => (index === 1 ? [...row.slice(0, 3), unworked] : row)) }))).toEqual([
      'D2 formula-error/no-result',
    ]);
  });
  test('a hidden column is read, a date counts from 1904 where the workbook says so', () => {
    const raw = sheet('x', '| 姓名 | 年级 | 班级 | 星期 | 申请日 |\n| 张三 | 三 | 1 | 1-5 | ={yyyy/m/d}44804 |', {
      hiddenColumns: [4],
      date1904: true,
    });
    expect(values(raw)).toEqual([{ ...zhang, 申请日: '2026-09-01' }]);
  });
  test('a tab titled with its class says the class of all its pupils', () => {
    expect(values(sheet('三(1)班', '| 姓名 | 星期 | 家长电话 |\n| 张三 | 1-5 | 13800001234 |'))).toEqual([{ ...zhang, 监护人电话: '13800001234' }]);
  });
});

describe('one cell, several fields', () => {
  test('a class code is checked against the grade beside it', () => {
    const tab = parseTab(sheet('x', '| 姓名 | 年级 | 班级 | 星期 |\n| 张三 | 三 | 301 | 1-5 |\n| 李四 | 三 | 402 | 1-5 |'));
    expect(tab.rows[0]?.values).toEqual(zhang);
    expect(complaints(tab)).toEqual(['C3 ambiguous/class-grade']);
  });
  test('a class fills the grade that was left blank', () => {
    expect(values(sheet('x', '| 姓名 | 年级 | 班级 | 星期 |\n| 张三 | | 三(1)班 | 1-5 |'))).toEqual([zhang]);
  });
  test('a class without a grade anywhere lacks its grade', () => {
    expect(complaints(parseTab(sheet('x', '| 姓名 | 班级 | 星期 |\n| 张三 | 1班 | 1-5 |')))).toEqual(['B2 required-missing']);
  });
  test('a blank class is one problem, not two', () => {
    expect(complaints(parseTab(sheet('x', '| 姓名 | 班级 | 星期 |\n| 张三 | | 1-5 |')))).toEqual(['B2 required-missing']);
  });
  test('guardian and telephone in one cell are told apart', () => {
    expect(values(sheet('x', '| 姓名 | 年级 | 班级 | 星期 | 家长及电话 |\n| 张三 | 三 | 1 | 1-5 | 李四 138-0000-1234 |'))).toEqual([
      { ...zhang, 监护人姓名: '李四', 监护人电话: '13800001234' },
    ]);
  });
  test('days and times in one cell are told apart', () => {
    expect(values(sheet('x', '| 课程名称 | 上课时间 | 地点 |\n| 书法 | 周二、周四 16:30-18:30 | 书法室 |'))).toEqual([
      { 课程名: '书法', 星期: [2, 4], 开始时刻: '16:30', 结束时刻: '18:30', 地点: '书法室' },
    ]);
  });
  test('days in one column and times in another, both called 时间, find their places', () => {
    expect(values(sheet('x', '| 课程名称 | 上课时间 | 时间段 | 地点 |\n| 书法 | 周二、周四 | 16:30-18:30 | 书法室 |'))).toEqual([
      { 课程名: '书法', 星期: [2, 4], 开始时刻: '16:30', 结束时刻: '18:30', 地点: '书法室' },
    ]);
  });
  test('of two columns that could be the telephone, the one that says more is taken', () => {
    expect(values(sheet('x', '| 姓名 | 年级 | 班级 | 星期 | 电话 | 家长联系电话 |\n| 张三 | 三 | 1 | 1-5 | 13800000001 | 13800000002 |'))).toEqual([
      { ...zhang, 监护人电话: '13800000002' },
    ]);
  });
  test('times without days lack their days when no other column has them', () => {
    expect(complaints(parseTab(sheet('x', '| 课程名称 | 上课时间 | 地点 |\n| 书法 | 16:30-18:30 | 书法室 |')))).toEqual(['B2 required-missing']);
  });
  test('the unit beside a fee is kept as 收费单位', () => {
    expect(values(sheet('月报', '| 统计月 | 在校学生数 | 参加学生数 | 收费标准 | 填报人 |\n| 2026-09 | 100 | 80 | 3元/课时 | 王 |'))).toEqual([
      { 统计月: '2026-09', 在校学生数: 100, 参加学生数: 80, 收费标准: 3, 收费单位: '元/生·课时', 填报人: '王' },
    ]);
  });
});

describe('tick columns', () => {
  const ticks = (marks: string): ParsedTab =>
    parseTab(
      sheet(
        'x',
        `| 姓名 | 年级 | 班级 | 参加时间 | < | < | < | < |\n| ^ | ^ | ^ | 星期一 | 星期二 | 星期三 | 星期四 | 星期五 |\n| 张三 | 三 | 1 | ${marks} |`,
      ),
    );

  test('every usual mark ticks, crosses and blanks do not', () => {
    expect(ticks('√ | ✓ | 是 | × | ').rows[0]?.values.星期).toEqual([1, 2, 3]);
    expect(ticks('Y | 1 | ☑ | 否 | 0').rows[0]?.values.星期).toEqual([1, 2, 3]);
  });
  test('a mark that may be either is asked about, and nothing is taken', () => {
    const tab = ticks('√ | ? | √ | ○ | √');
    expect(complaints(tab)).toEqual(['E3 ambiguous/tick', 'G3 ambiguous/tick']);
    expect(tab.rows[0]?.values.星期).toBeUndefined();
  });
  test('no tick at all lacks the days', () => {
    expect(complaints(ticks(' | | | | '))).toEqual(['D3 required-missing/no-application']);
  });
  test('days without a group above them are ticks too', () => {
    expect(values(sheet('x', '| 姓名 | 年级 | 班级 | 周一 | 周二 | 周三 | 周四 | 周五 |\n| 张三 | 三 | 1 | √ | √ | √ | √ | √ |'))).toEqual([zhang]);
  });
  test('groups and services under their headings are lists', () => {
    expect(
      values(
        sheet(
          'x',
          `
        | 姓名 | 年级 | 班级 | 星期 | 学生类别 | < | 报名项目 | < |
        | ^ | ^ | ^ | ^ | 留守 | 随迁子女 | 书法 | 篮球 |
        | 张三 | 三 | 1 | 1-5 | √ | | √ | √ |
      `,
        ),
      ),
    ).toEqual([{ ...zhang, 学生类别: ['留守'], 服务项目: ['书法', '篮球'] }]);
  });
  test('a way home ticked twice is asked about', () => {
    const way = (marks: string): ParsedTab =>
      parseTab(sheet('x', `| 姓名 | 年级 | 班级 | 星期 | 接送方式 | < |\n| ^ | ^ | ^ | ^ | 家长接 | 自行离校 |\n| 张三 | 三 | 1 | 1-5 | ${marks} |`));
    expect(way('√ | ').rows[0]?.values.接送方式).toBe('家长接');
    expect(complaints(way('√ | √'))).toEqual(['E3 ambiguous/several']);
  });
});

describe('rows against each other', () => {
  test('one name and one telephone twice is a duplicate, in one class or in two', () => {
    const tab = parseTab(
      sheet(
        'x',
        `
        | 姓名 | 班级 | 星期 | 家长电话 |
        | 张三 | 三(1)班 | 1-5 | 13800001234 |
        | 李四 | 三(1)班 | 1-5 | 13800001234 |
        | 张三 | 四(1)班 | 1-5 | 138 0000 1234 |
        | 张三 | 三(1)班 | 1-5 | 13800009999 |
      `,
      ),
    );
    expect(complaints(tab)).toEqual(['A4 duplicate/student']);
    expect(tab.problems[0]?.message).toContain('第 2 行(A2)');
  });
  test('one teacher in two places at overlapping times is double-booked, at different times not', () => {
    const tab = parseTab(
      sheet(
        'x',
        `
        | 课程名 | 星期 | 起止时间 | 主教师 |
        | 书法 | 周一 | 16:30-17:30 | 王 |
        | 篮球 | 周一 | 17:30-18:30 | 王 |
        | 合唱 | 一三 | 17:00-18:00 | 王 |
      `,
      ),
    );
    expect(complaints(tab)).toEqual(['D4 duplicate/double-booked']);
    expect(tab.problems[0]).toMatchObject({ severity: 'warning', rule: 'R-X1' });
  });
  test('a weekend is against R-T5, and the row is still taken', () => {
    const tab = parseTab(sheet('x', '| 课程名 | 星期 | 起止时间 | 主教师 |\n| 书法 | 周六 | 16:30-18:30 | 王 |'));
    expect(tab.problems).toMatchObject([{ cell: 'B2', code: 'out-of-range/weekend', severity: 'warning', rule: 'R-T5' }]);
    expect(tab.rows[0]?.values.星期).toEqual([6]);
  });
  test('an end before its start is found, whether columns or one cell say so', () => {
    expect(complaints(parseTab(sheet('x', '| 课程名 | 星期 | 开始时间 | 结束时间 | 主教师 |\n| 书法 | 周一 | 16:30 | 16:00 | 王 |')))).toEqual([
      'D2 out-of-range/before',
    ]);
    expect(complaints(parseTab(sheet('x', '| 课程名 | 星期 | 起止时间 | 主教师 |\n| 书法 | 周一 | 18:30-16:30 | 王 |')))).toEqual([
      'C2 out-of-range/before',
    ]);
  });
  test('outside staff without an admission check is R-H1, a teacher of the school is not', () => {
    const tab = parseTab(sheet('x', '| 姓名 | 身份 | 星期 | 准入查询日 |\n| 王 | 志愿者 | 周一 | |\n| 李 | 本校教师 | 周二 | |'));
    expect(tab.problems).toMatchObject([{ cell: 'D2', code: 'required-missing', rule: 'R-H1', severity: 'warning' }]);
  });
  test('lessons times rate is the amount', () => {
    expect(complaints(parseTab(sheet('x', '| 姓名 | 身份 | 课时数 | 补助标准 | 金额 |\n| 王 | 本校教师 | 8节 | 40元/课时 | 400 |')))).toEqual([
      'E2 inconsistent-sum/amount',
    ]);
  });
  test('due minus waiver is what was paid, unless nothing was paid yet', () => {
    const tab = parseTab(
      sheet(
        'x',
        `
        | 姓名 | 班级 | 统计期 | 应缴 | 减免额 | 实缴 | 状态 | 票据号 |
        | 张三 | 三(1)班 | 2026-09 | 60 | | 50 | 已付款 | A1 |
        | 李四 | 三(1)班 | 2026-09 | 60 | 30 | 30 | 已付款 | A2 |
        | 王五 | 三(1)班 | 2026-09 | 60 | | 0 | 待付款 | |
        | 李四 | 三(1)班 | 2026年9月 | 60 | | 60 | 已付款 | A2 |
      `,
      ),
    );
    expect(complaints(tab)).toEqual(['F2 inconsistent-sum/net', 'A5 duplicate/fee', 'H5 duplicate/receipt']);
  });
  test('the fee cap is the one of the settings, per month and school level', () => {
    const fees = sheet(
      'x',
      '| 姓名 | 班级 | 统计期 | 标准 | 实缴 |\n| 张三 | 三(1)班 | 2026-09 | 70 | |\n| 李四 | 七(1)班 | 2026-09 | 70 | |\n| 王五 | 三(2)班 | 2026-09 | 270元/学期 | |',
    );
    expect(complaints(parseTab(fees))).toEqual(['D2 out-of-range/fee-cap', 'D3 out-of-range/fee-cap']);
    expect(complaints(parseTab(fees, { limits: { feeCapPrimary: 60, feeCapJunior: 80, days: 5, minutes: 120 } }))).toEqual([
      'D2 out-of-range/fee-cap',
    ]);
  });
  test('a monthly return is held against itself', () => {
    const tab = parseTab(
      sheet(
        '月报',
        `
        | 统计月 | 在校学生数 | 参加学生数 | 每周5天全程参加数 | 分年级参加数/一年级 | 分年级参加数/二年级 | 每周天数 | 每天时长 | 隐患数 | 已整改数 | 填报人 |
        | 2026-09 | 100 | 120 | 130 | 60 | 50 | 4 | 90分钟 | 1 | 2 | 王 |
        | 2026-09 | 100 | 80 | 70 | 40 | 40 | 5 | 120 | 2 | 2 | 王 |
      `,
      ),
    );
    expect(complaints(tab)).toEqual([
      'C2 out-of-range/more-than',
      'D2 out-of-range/more-than',
      'J2 out-of-range/more-than',
      'C2 inconsistent-sum/parts',
      'G2 out-of-range/days',
      'H2 out-of-range/minutes',
      'A3 duplicate/month',
    ]);
  });
  test('a month without service need not have five days', () => {
    expect(
      complaints(parseTab(sheet('月报', '| 统计月 | 是否开展 | 在校学生数 | 参加学生数 | 每周天数 | 填报人 |\n| 2026-02 | 否 | 100 | 0 | 0 | 王 |'))),
    ).toEqual([]);
  });
  test('a part that cannot be read stops the sum from being judged', () => {
    expect(
      complaints(
        parseTab(
          sheet(
            '月报',
            '| 统计月 | 在校学生数 | 参加学生数 | 分年级参加数/一年级 | 分年级参加数/二年级 | 填报人 |\n| 2026-09 | 100 | 80 | 40 | !#REF! | 王 |',
          ),
        ),
      ),
    ).toEqual(['E2 formula-error']);
  });
  test('totals of groups and of all are compared with their rows', () => {
    const tab = parseTab(
      sheet(
        'x',
        `
        | 姓名 | 班级 | 统计期 | 应缴 | 实缴 |
        | 张三 | 三(1)班 | 2026-09 | 60 | 60 |
        | 李四 | 三(1)班 | 2026-09 | 60 | 60 |
        | 小计 | | | 120 | 100 |
        | 王五 | 三(2)班 | 2026-09 | 60 | 60 |
        | 小计 | | | 60 | 60 |
        | 合计 | | | 180.00元 | ￥240 |
      `,
      ),
    );
    expect(complaints(tab)).toEqual(['E4 inconsistent-sum/total-row', 'E7 inconsistent-sum/total-row']);
  });
  test('a head count that fits neither the rows nor the names is named', () => {
    expect(complaints(parseTab(sheet('x', '| 序号 | 姓名 | 年级 | 班级 | 星期 |\n| =1 | 张三 | 三 | 1 | 1-5 |\n| 合计 | 1人 | | | |')))).toEqual([]);
    expect(complaints(parseTab(sheet('x', '| 序号 | 姓名 | 年级 | 班级 | 星期 |\n| =1 | 张三 | 三 | 1 | 1-5 |\n| 合计 | 2人 | | | |')))).toEqual([
      'B3 inconsistent-sum/total-row',
    ]);
  });
});

describe('the workbook that Kehou makes', () => {
  test('行号 goes to the row, 同步状态 and 问题说明 are left alone', () => {
    const tab = parseTab(
      sheet(
        '学生报名',
        `
        | 行号 | 姓名 | 年级 | 班级 | 星期 | 同步状态 | 问题说明 |
        | B23456789BCD | 张三 | 三年级 | 1 | 周一至周五 | 已收 | |
        | | 李四 | 三年级 | 1 | 周一 | | |
        | B23456789BCF | | | | | 已收 | |
      `,
      ),
    );
    expect(tab.rows.map(({ id }) => id)).toEqual(['B23456789BCD', null]);
    expect(tab.rows[0]?.values).toEqual(zhang);
    expect(ignored(tab)).toEqual(['4 只有行号,其余为空']);
    expect(tab.problems).toEqual([]);
  });
  test('attendance is read and its sum checked', () => {
    const tab = parseTab(
      sheet('考勤', '| 行号 | 日期 | 时段 | 课程 | 应到 | 实到 | 请假 | 缺勤 |\n| | 2026-09-01 | 第一段 | 书法 | 30 | 28 | 1 | 0 |'),
    );
    expect(tab.table).toBe('attendance');
    expect(complaints(tab)).toEqual(['E2 inconsistent-sum/attendance']);
  });
});

describe('what every problem tells', () => {
  test('the sentence says tab, row, column, cell, what was written, and what to do', () => {
    const tab = parseTab(sheet('学生报名', '| 姓名 | 年级 | 班级 | 星期 | 家长电话 |\n| 张三 | 三 | 1 | 1-5 | 138000012 |'));
    expect(tab.problems[0]).toMatchObject({ cell: 'E2', row: 2, header: '监护人电话', code: 'phone-invalid', value: '138000012', severity: 'error' });
    expect(tab.problems[0]?.message).toBe(
      '「学生报名」第 2 行“监护人电话”(E2)填的是“138000012”,不是有效电话号码。请填 11 位手机号,或带区号的座机号。',
    );
  });
});
