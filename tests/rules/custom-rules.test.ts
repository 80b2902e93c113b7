import { expect, test } from 'vitest';
import { type CustomChoice, compileCustom, customFaults } from '../../schema/rules/custom.ts';
import { evaluateSchool } from '../../schema/rules/evaluate.ts';
import { choiceOf, contextFor, type Drawn } from './drawn-school.ts';

const written = (values: Partial<CustomChoice>): CustomChoice => ({
  ...choiceOf('本县-1', { origin: '自定', title: '本县规定', severity: '须' }),
  table: 'monthly_reports',
  field: '参加学生数',
  comparison: '<',
  other_field: null,
  value: '10',
  message: '参加的人太少,请说明',
  ...values,
});

const found = (values: Partial<CustomChoice>, drawn: Drawn) => {
  const rule = written(values);
  expect(customFaults(rule)).toEqual([]);
  return evaluateSchool([compileCustom(rule).rule], contextFor(drawn));
};

const reports = {
  monthly_reports: `
  | 行号 | 统计月  | 在校学生数 | 参加学生数 | 每周5天全程参加数 | 典型经验 | 服务内容 |
  | 九   | 2026-09 | 100        | 8          | 8                 | 不写     | 阅读     |
  | 十   | 2026-10 | 100        | 90         | 70                | 家长满意 | 体育、阅读 |
  | 十一 | 2026-11 | 100        | 80         |                   |          |          |`,
};

test('a number below a value is found in its month, with the figure and the words of staff', () => {
  expect(found({}, reports)).toEqual([
    {
      rule: '本县-1',
      clause: '本县规定',
      severity: '须',
      cause: '2026-09',
      month: '2026-09',
      message: '参加的人太少,请说明(1 行)',
      rows: [{ collection: 'monthly_reports', id: '九', note: '参加学生数 8' }],
    },
  ]);
});

test.each([
  [{ comparison: '=', value: '90' }, ['十']],
  [{ comparison: '≠', value: '90' }, ['九', '十一']],
  [{ comparison: '≤', value: '80' }, ['九', '十一']],
  [{ comparison: '>', value: '80' }, ['十']],
  [{ comparison: '≥', value: '80' }, ['十', '十一']],
  [{ field: '每周5天全程参加数', comparison: '为空', value: null }, ['十一']],
  [{ field: '每周5天全程参加数', comparison: '不为空', value: null }, ['九', '十']],
  [{ field: '每周5天全程参加数', comparison: '=', value: null, other_field: '参加学生数' }, ['九']],
  [{ field: '典型经验', comparison: '包含', value: '满意' }, ['十']],
  [{ field: '服务内容', comparison: '包含', value: '阅读' }, ['九', '十']],
  [{ field: 'month', comparison: '≥', value: '2026-11' }, ['十一']],
] as const)('%o finds %o', (values, rows) => {
  expect(found(values, reports).flatMap((one) => one.rows.map((row) => row.id))).toEqual(rows);
});

test('text cells are named by their row only: they may hold a name', () => {
  const drawn = { students: '| 行号 | 姓名 | 年级 | 班级 |\n| 生 | 王小明 | 3 | 1 |' };
  const causes = found({ table: 'students', field: '姓名', comparison: '包含', value: '小明' }, drawn);
  expect(causes[0]?.rows).toEqual([{ collection: 'students', id: '生' }]);
  expect(JSON.stringify(causes)).not.toContain('王小明');
});

test('a rule of the county’s own keeps to its schools', () => {
  expect(found({ school_types: ['初中'] }, reports)).toEqual([]);
  expect(found({ school_types: ['小学'] }, reports)).toHaveLength(1);
});

test.each([
  [{ table: null }, '请选“核对哪张表”'],
  [{ table: 'jobs' }, '请选“核对哪张表”'],
  [{ field: '参加人' }, '「月报」里没有“参加人”这一栏'],
  [{ comparison: null }, '请选“怎样算有问题”'],
  [{ value: null }, '请填“与什么比”或“与哪一栏比”'],
  [{ value: '很多' }, '“很多”不能与“参加学生数”比较'],
  [{ other_field: '在校学生数' }, '只填一个'],
  [{ value: null, other_field: '填报人' }, '不是同一类数据'],
  [{ value: null, other_field: '没有的栏' }, '没有“没有的栏”这一栏'],
  [{ field: '填报人', value: '周' }, '“填报人”不分大小'],
  [{ field: '服务内容', comparison: '=', value: '阅读' }, '“服务内容”可有多项'],
  [{ message: ' ' }, '请填“提示学校的话”'],
] as const)('%o cannot be understood, and says so', (values, fault) => {
  expect(customFaults(written(values)).join(';')).toContain(fault);
});
