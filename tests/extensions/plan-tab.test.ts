import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { linkTargets } from '../../extensions/ingest-endpoint/src/links.ts';
import { locateRow } from '../../extensions/ingest-endpoint/src/locate-row.ts';
import { planRow } from '../../extensions/ingest-endpoint/src/plan-row.ts';
import { planTab } from '../../extensions/ingest-endpoint/src/plan-tab.ts';
import type { LiveRow, LiveTable, PlanContext, TabPlan } from '../../extensions/ingest-endpoint/src/plan-types.ts';
import { quietRows } from '../../extensions/ingest-endpoint/src/quiet-rows.ts';
import type { TableName } from '../../schema/index.ts';
import { modelTables } from '../../schema/live-tables.ts';
import type { NormalValue, ParsedRow, ParsedTab, Problem } from '../../schema/parsed.ts';
import { problem } from '../../schema/problems.ts';
import { newRowId } from '../../schema/row-id.ts';
import { tabOf, tabsOf } from '../../schema/sheets.ts';

const letters = 'BCDEFGHIJKLMNOPQRSTUVWXYZ';

/** A tab as the parser gives it: headers in order, one entry per row; `id` is the 行号 column. */
const parsed = (
  table: TableName,
  headers: string[],
  rows: (Record<string, NormalValue> & { id?: never })[],
  ids: (string | null)[] = [],
  problems: Problem[] = [],
): ParsedTab => ({
  tab: tabOf(table).name,
  table,
  headerRow: 1,
  headerRows: [1],
  columns: Object.fromEntries(headers.map((header, index) => [header, [index + 1]])),
  letters: Object.fromEntries(headers.map((header, index) => [header, letters[index] ?? ''])),
  ignoredRows: [],
  problems,
  rows: rows.map(
    (values, index): ParsedRow => ({
      row: index + 2,
      id: ids[index] ?? null,
      values,
    }),
  ),
});

const empty: LiveTable = { rows: new Map(), base: new Map(), fromHere: new Set(), besides: new Map() };
const held = (rows: LiveRow[], base: [string, Record<string, unknown>][] = [], besides: [string, string][] = []): LiveTable => ({
  rows: new Map(rows.map((row) => [row.id, row])),
  base: new Map(base),
  fromHere: new Set(base.map(([id]) => id)),
  besides: new Map(besides),
});

const context = (live: [TableName, LiveTable][], links: PlanContext['links'] = new Map()): PlanContext => ({
  tables: modelTables,
  school: '2141990001',
  term: '2026-1',
  now: '2026-11-24T00:00:00.000Z',
  newId: newRowId,
  whole: true,
  live: new Map(live),
  links,
});

const headers = ['姓名', '年级', '班级', '监护人电话', '星期'];
const child = (name: string, phone: string, more: Record<string, NormalValue> = {}) => ({
  姓名: name,
  年级: 3,
  班级: 2,
  监护人电话: phone,
  星期: [1, 3],
  ...more,
});
const planOf = (plan: TabPlan, table: TableName) => plan.tables.find((one) => one.table === table);
const [one, two] = [newRowId(), newRowId()];
const liveChild = (id: string, name: string, phone: string): LiveRow => ({
  id,
  school: '2141990001',
  name,
  grade: 3,
  class_no: '2',
  guardian_phone: phone,
  status: '在册',
});
const agreedChild = (name: string, phone: string) => ({ name, grade: 3, class_no: '2', guardian_phone: phone });
const liveEnrolment = (id: string, student: string): LiveRow => ({ id, student, school: '2141990001', term: '2026-1', days: [1, 3] });

let enrolments: LiveTable;
let students: LiveTable;
beforeEach(() => {
  const [e1, e2] = [newRowId(), newRowId()];
  students = held(
    [liveChild(one, '李彤', '13800000001'), liveChild(two, '王乐', '13800000002')],
    [
      [one, agreedChild('李彤', '13800000001')],
      [two, agreedChild('王乐', '13800000002')],
    ],
  );
  enrolments = held(
    [liveEnrolment(e1, one), liveEnrolment(e2, two)],
    [
      [e1, { days: [1, 3] }],
      [e2, { days: [1, 3] }],
    ],
    [
      [one, e1],
      [two, e2],
    ],
  );
});
const both = () =>
  context([
    ['students', students],
    ['enrolments', enrolments],
  ]);
const tab = tabOf('students');

test('a new row becomes a student and an enrolment, and gets a 行号', () => {
  const plan = planTab(
    tab,
    parsed('students', headers, [child('李彤', '13800000001')]),
    context([
      ['students', empty],
      ['enrolments', empty],
    ]),
  );
  const student = planOf(plan, 'students')?.inserts[0];
  expect(student?.values).toMatchObject({ school: '2141990001', name: '李彤', grade: 3, class_no: '2', status: '在册' });
  expect(planOf(plan, 'enrolments')?.inserts[0]?.values).toMatchObject({ student: student?.id, term: '2026-1', days: [1, 3], step: '家长申请' });
  expect(plan.answer.rows[0]).toMatchObject({ row: 2, id: student?.id, status: '已收' });
  expect(plan.answer.counts).toEqual({ read: 1, taken: 1, unchanged: 0, refused: 0, ignored: 0, conflicts: 0, archived: 0 });
});

const none = () =>
  context([
    ['students', empty],
    ['enrolments', empty],
  ]);
const { 星期: _days, ...unanswered } = child('李彤', '13800000001');

test('a child whose family has not answered becomes a student alone; one that takes no part has that on record, and no days', () => {
  const alone = planTab(tab, parsed('students', headers, [unanswered]), none());
  expect(alone.answer.counts).toMatchObject({ read: 1, taken: 1 });
  expect([planOf(alone, 'students')?.inserts.length, planOf(alone, 'enrolments')?.inserts.length]).toEqual([1, 0]);
  const declined = planTab(tab, parsed('students', [...headers, '状态'], [{ ...unanswered, 状态: '不参加' }]), none());
  expect(declined.answer.counts).toMatchObject({ read: 1, taken: 1 });
  expect(planOf(declined, 'enrolments')?.inserts[0]?.values).toMatchObject({ state: '不参加', step: '不参加' });
  const applied = planTab(tab, parsed('students', [...headers, '申请日'], [{ ...unanswered, 申请日: '2026-09-01' }]), none());
  expect(applied.answer.counts).toMatchObject({ read: 1, taken: 0, refused: 1 });
});

test('what the family answers by phone meanwhile goes into the empty cells; days that were agreed are not emptied', () => {
  const phone = { ...liveEnrolment('E', one), pick_up: '家长接' };
  const answered = (base: [string, Record<string, unknown>][]) =>
    planTab(
      tab,
      parsed('students', [...headers, '接送方式'], [unanswered], [one]),
      context([
        ['students', students],
        ['enrolments', held([phone], base, [[one, 'E']])],
      ]),
    );
  expect(answered([]).answer.rows[0]?.outward).toMatchObject({ 星期: [1, 3], 接送方式: '家长接' });
  expect(answered([['E', { days: [1, 3], pick_up: '家长接' }]]).answer.rows[0]).toMatchObject({ status: '有误' });
});

test('the same rows again change nothing', () => {
  const plan = planTab(tab, parsed('students', headers, [child('李彤', '13800000001'), child('王乐', '13800000002')]), both());
  expect(plan.answer.counts).toMatchObject({ read: 2, taken: 0, unchanged: 2 });
  for (const table of plan.tables) expect([table.inserts, table.updates, [...table.agreed]]).toEqual([[], [], []]);
});

test('what a form says of a record is stored, though a form has no columns', () => {
  const form = { ...parsed('students', headers, [child('李彤', '13800000001')]), columns: {}, letters: {} };
  const plan = planTab(
    tab,
    form,
    context([
      ['students', empty],
      ['enrolments', empty],
    ]),
  );
  expect(planOf(plan, 'students')?.inserts[0]?.values).toMatchObject({ name: '李彤', grade: 3, class_no: '2', guardian_phone: '13800000001' });
});

const maybe = <T>(...values: T[]) => fc.constantFrom(...values);
const phones = maybe<string | null>(null, '13800000001', '13800000002');
const days = maybe<number[] | null>(null, [], [1, 3], [1]);

test('a row that needs no plan is one that a plan leaves alone, whatever sheet, Directus and agreement say', () => {
  const side = fc.record({ phone: phones, days });
  let quiet = 0;
  fc.assert(
    fc.property(
      side,
      // Drawn apart they would hardly ever say the same.
      fc.oneof(fc.constant(null), side),
      fc.oneof(fc.constant(undefined), fc.constant(null), side),
      maybe('在册', '已离校'),
      maybe<string | null>(one, null, two),
      (sheet, otherLive, otherBase, status, id) => {
        const live = otherLive ?? sheet;
        const base = otherBase === undefined ? sheet : otherBase;
        const [e1] = [newRowId()];
        const held1 = held(
          [{ ...liveChild(one, '李彤', ''), guardian_phone: live.phone, status }],
          base ? [[one, { ...agreedChild('李彤', ''), guardian_phone: base.phone }]] : [],
        );
        const held2 = held([{ ...liveEnrolment(e1, one), days: live.days }], base ? [[e1, { days: base.days }]] : [], [[one, e1]]);
        const filled = Object.fromEntries(
          Object.entries({ ...child('李彤', ''), 监护人电话: sheet.phone, 星期: sheet.days }).filter(([, value]) => value !== null),
        ) as Record<string, NormalValue>;
        const given = parsed('students', headers, [filled], [id]);
        const around = context([
          ['students', held1],
          ['enrolments', held2],
        ]);
        if (!quietRows(tab, given, around, new Set()).size) return;
        quiet += 1;
        const headersThere = new Set(headers);
        const found: Problem[] = [];
        const plans = new Map(planTab(tab, parsed('students', headers, []), { ...around, whole: false }).tables.map((table) => [table.table, table]));
        const row = locateRow(tab, given, headersThere, around, given.rows[0] as ParsedRow, found);
        expect(planRow(tab, row, one, around, plans, found)).toEqual({ status: '未变', id: one, outward: {} });
        expect(found).toEqual([]);
        for (const table of plans.values()) expect([table.inserts, table.updates, [...table.agreed]]).toEqual([[], [], []]);
      },
    ),
    { numRuns: 4000 },
  );
  expect(quiet).toBeGreaterThan(20);
});

test('two rows with one 行号 are never passed over', () => {
  const twice = parsed('students', headers, [child('李彤', '13800000001'), child('李彤', '13800000001')], [one, one]);
  expect(quietRows(tab, twice, both(), new Set()).size).toBe(0);
});

test('sorting the tab changes nothing: the 行号 goes with its row', () => {
  const plan = planTab(tab, parsed('students', headers, [child('王乐', '13800000002'), child('李彤', '13800000001')], [two, one]), both());
  expect(plan.answer.rows.map((row) => [row.id, row.status])).toEqual([
    [two, '未变'],
    [one, '未变'],
  ]);
});

test('a renamed student with a 行号 stays the same student', () => {
  const plan = planTab(tab, parsed('students', headers, [child('李晓彤', '13800000001'), child('王乐', '13800000002')], [one, two]), both());
  expect(planOf(plan, 'students')?.updates).toEqual([{ id: one, changes: { name: '李晓彤' }, before: { name: '李彤' } }]);
  expect(plan.answer.counts).toMatchObject({ taken: 1, unchanged: 1, archived: 0 });
});

test('a row with an error is refused and what is stored stays', () => {
  const wrong = problem('phone-invalid', { tab: '学生报名', cell: 'E2', row: 2, header: '监护人电话', value: '138' });
  const plan = planTab(
    tab,
    parsed('students', headers, [{ 姓名: '李彤', 年级: 3, 班级: 2, 星期: [1] }, child('王乐', '13800000002')], [one, two], [wrong]),
    both(),
  );
  expect(plan.answer.rows[0]).toMatchObject({ id: one, status: '有误' });
  expect(planOf(plan, 'students')?.updates).toEqual([]);
  expect(plan.answer.counts).toMatchObject({ read: 2, refused: 1, unchanged: 1, archived: 0 });
});

test('both sides changed the phone: a conflict that shows both values', () => {
  (students.rows.get(one) as LiveRow).guardian_phone = '13800000077';
  const plan = planTab(tab, parsed('students', headers, [child('李彤', '13800000099'), child('王乐', '13800000002')], [one, two]), both());
  expect(plan.answer.rows[0]?.status).toBe('冲突');
  expect(plan.answer.problems[0]).toMatchObject({ code: 'conflict', cell: 'E2', value: '13800000099' });
  expect(plan.answer.problems[0]?.message).toContain('13800000077');
  expect(planOf(plan, 'students')?.updates).toEqual([]);
});

test('the bureau corrected the phone: the sheet is told, in the words of its own columns', () => {
  (students.rows.get(one) as LiveRow).guardian_phone = '13800000077';
  const plan = planTab(tab, parsed('students', headers, [child('李彤', '13800000001'), child('王乐', '13800000002')], [one, two]), both());
  expect(plan.answer.rows[0]).toMatchObject({ status: '未变', outward: { 监护人电话: '13800000077' } });
});

test('a row copied with its 行号 is a new row; the original keeps its number', () => {
  const plan = planTab(
    tab,
    parsed('students', headers, [child('新来的', '13800000005'), child('李彤', '13800000001'), child('王乐', '13800000002')], [one, one, two]),
    both(),
  );
  expect(plan.answer.rows.map((row) => row.status)).toEqual(['已收', '未变', '未变']);
  expect(plan.answer.rows[1]?.id).toBe(one);
  expect(plan.answer.rows[0]?.id).not.toBe(one);
});

test('two copies that both look like the original are asked about, not guessed', () => {
  const plan = planTab(tab, parsed('students', headers, [child('李彤', '13800000001'), child('李彤', '13800000001')], [one, one]), both());
  expect(plan.answer.rows.map((row) => row.status)).toEqual(['未变', '有误']);
  expect(plan.answer.problems.map((fault) => fault.code)).toEqual(['ambiguous/row-id']);
});

test('a 行号 of another school is refused', () => {
  const plan = planTab(tab, parsed('students', headers, [child('外校', '13800000009')], [newRowId()]), both());
  expect(plan.answer.problems.map((fault) => fault.code)).toEqual(['not-found/row-id']);
  expect(planOf(plan, 'students')?.inserts).toEqual([]);
});

test('a row that left the sheet is archived, not deleted, and comes back with it', () => {
  const gone = planTab(tab, parsed('students', headers, [child('王乐', '13800000002')], [two]), both());
  expect(planOf(gone, 'students')?.updates).toEqual([{ id: one, changes: { status: '已离校' }, before: { status: '在册' } }]);
  expect(gone.answer.counts.archived).toBe(1);
  (students.rows.get(one) as LiveRow).status = '已离校';
  const back = planTab(tab, parsed('students', headers, [child('李彤', '13800000001'), child('王乐', '13800000002')], [one, two]), both());
  expect(planOf(back, 'students')?.updates).toEqual([{ id: one, changes: { status: '在册' }, before: { status: '已离校' } }]);
});

test('half the tab gone at once is a slip: nothing is archived and the school is asked', () => {
  const many = Array.from({ length: 20 }, (_, index) => liveChild(newRowId(), `学生${index}`, `138000001${String(index).padStart(2, '0')}`));
  const live = held(
    many,
    many.map((row) => [row.id, agreedChild(String(row.name), String(row.guardian_phone))]),
  );
  const kept = many.slice(0, 10);
  const plan = planTab(
    tab,
    parsed(
      'students',
      headers,
      kept.map((row) => child(String(row.name), String(row.guardian_phone))),
      kept.map((row) => row.id),
    ),
    context([
      ['students', live],
      ['enrolments', empty],
    ]),
  );
  expect(plan.answer.counts.archived).toBe(0);
  expect(plan.answer.problems.map((fault) => fault.code)).toContain('vanished');
});

test('a roster spread over two tabs loses nobody: a row missing from one may stand in the other', () => {
  const plan = planTab(tab, parsed('students', headers, [child('王乐', '13800000002')], [two]), { ...both(), whole: false });
  expect(plan.answer.counts.archived).toBe(0);
  expect(planOf(plan, 'students')?.updates).toEqual([]);
});

test('a row that names another school is refused', () => {
  const sheet = parsed(
    'monthly_reports',
    ['学校标识码', '统计月', '在校学生数', '参加学生数', '填报人'],
    [{ 学校标识码: '2141990009', 统计月: '2026-10', 在校学生数: 10, 参加学生数: 9, 填报人: '张' }],
  );
  const plan = planTab(tabOf('monthly_reports'), sheet, context([['monthly_reports', empty]]));
  expect(plan.answer.problems.map((fault) => [fault.cell, fault.code])).toEqual([['B2', 'school-mismatch']]);
  expect(plan.answer.counts).toMatchObject({ taken: 0, refused: 1 });
});

test('a fee finds its student by name, grade and class; a stranger and a namesake are refused', () => {
  const targets = linkTargets([liveChild(one, '李彤', '1'), liveChild(two, '王乐', '2'), liveChild(newRowId(), '王乐', '3')], 'name');
  const fees = parsed(
    'fees',
    ['姓名', '年级', '班级', '统计期', '应缴'],
    [
      { 姓名: '李彤', 年级: 3, 班级: 2, 统计期: '2026-10', 应缴: 60 },
      { 姓名: '张三', 年级: 3, 班级: 2, 统计期: '2026-10', 应缴: 60 },
      { 姓名: '王乐', 年级: 3, 班级: 2, 统计期: '2026-10', 应缴: 60 },
    ],
  );
  const plan = planTab(tabOf('fees'), fees, context([['fees', empty]], new Map([['fees.student', targets]])));
  expect(planOf(plan, 'fees')?.inserts.map((row) => row.values.student)).toEqual([one]);
  expect(plan.answer.problems.map((fault) => [fault.cell, fault.code])).toEqual([
    ['B3', 'not-found/student'],
    ['B4', 'ambiguous/student'],
  ]);
  expect(plan.answer.counts).toMatchObject({ read: 3, taken: 1, refused: 2 });
});

test('a student renamed by the bureau keeps the fees that still carry the old name, and the fee tab is told the new one', () => {
  const fee = newRowId();
  const live = held(
    [{ id: fee, school: '2141990001', term: '2026-1', student: one, month: '2026-10', due: 60 }],
    [[fee, { student: one, month: '2026-10', due: 60, 'student|words': '李彤|3|2' }]],
  );
  const targets = linkTargets([liveChild(one, '李晓彤', '1')], 'name');
  const sheet = parsed('fees', ['姓名', '年级', '班级', '统计期', '应缴'], [{ 姓名: '李彤', 年级: 3, 班级: 2, 统计期: '2026-10', 应缴: 60 }], [fee]);
  const plan = planTab(tabOf('fees'), sheet, context([['fees', live]], new Map([['fees.student', targets]])));
  expect(plan.answer.problems).toEqual([]);
  expect(plan.answer.rows[0]).toMatchObject({ status: '未变', outward: { 姓名: '李晓彤' } });
});

test('a frozen return changes only through a 更正单', () => {
  const report: LiveRow = { id: one, school: '2141990001', month: '2026-10', enrolled: 100, participants: 90, filled_by: '张', state: '已冻结' };
  const live = held([report], [[one, { month: '2026-10', enrolled: 100, participants: 90, filled_by: '张' }]]);
  const sheet = parsed(
    'monthly_reports',
    ['统计月', '在校学生数', '参加学生数', '填报人'],
    [{ 统计月: '2026-10', 在校学生数: 100, 参加学生数: 95, 填报人: '张' }],
    [one],
  );
  const plan = planTab(tabOf('monthly_reports'), sheet, context([['monthly_reports', live]]));
  expect(plan.answer.problems.map((fault) => [fault.cell, fault.code])).toEqual([['D2', 'frozen']]);
  expect(plan.answer.rows[0]?.status).toBe('有误');
});

test('what the bureau starts a new row with is shown in the sheet at once', () => {
  const sheet = parsed(
    'monthly_reports',
    ['统计月', '在校学生数', '参加学生数', '填报人', '月报状态'],
    [{ 统计月: '2026-10', 在校学生数: 100, 参加学生数: 90, 填报人: '张' }],
  );
  const plan = planTab(tabOf('monthly_reports'), sheet, context([['monthly_reports', empty]]));
  expect(plan.answer.rows[0]?.outward).toEqual({ 月报状态: '已收' });
});

test('the same month twice in one sheet is one return and one problem', () => {
  const month = { 统计月: '2026-10', 在校学生数: 100, 参加学生数: 90, 填报人: '张' };
  const plan = planTab(
    tabOf('monthly_reports'),
    parsed('monthly_reports', ['统计月', '在校学生数', '参加学生数', '填报人'], [month, { ...month, 参加学生数: 91 }]),
    context([['monthly_reports', empty]]),
  );
  expect(planOf(plan, 'monthly_reports')?.inserts).toHaveLength(1);
  expect(plan.answer.problems.map((fault) => [fault.row, fault.code])).toEqual([[3, 'duplicate']]);
});

test('a row is taken whole or not at all: a wrong enrolment keeps its new student out', () => {
  const plan = planTab(
    tab,
    parsed('students', headers, [child('李彤', '13800000001', { 星期: [9] })]),
    context([
      ['students', empty],
      ['enrolments', empty],
    ]),
  );
  expect(plan.answer.rows[0]).toMatchObject({ id: null, status: '有误' });
  for (const table of plan.tables) expect(table.inserts).toEqual([]);
});

test('a return gets its rate and the time of its first valid arrival', () => {
  const sheet = parsed(
    'monthly_reports',
    ['统计月', '在校学生数', '参加学生数', '填报人'],
    [{ 统计月: '2026-10', 在校学生数: 2356, 参加学生数: 2309, 填报人: '张' }],
  );
  const plan = planTab(tabOf('monthly_reports'), sheet, context([['monthly_reports', empty]]));
  expect(planOf(plan, 'monthly_reports')?.inserts[0]?.values).toMatchObject({ rate: 98.01, first_valid_at: '2026-11-24T00:00:00.000Z' });
});

const withSteps = [...headers, '申请日', '班级初审', '学校核准', '状态'];

test('an application takes its steps by the sheet, and each is in its trail', () => {
  const row = child('王小明', '13800000001', { 申请日: '2026-09-01', 班级初审: '同意', 学校核准: '同意', 状态: '已通过' });
  const plan = planTab(
    tabOf('students'),
    parsed('students', withSteps, [row]),
    context([
      ['students', empty],
      ['enrolments', empty],
    ]),
  );
  const values = plan.tables.find((one) => one.table === 'enrolments')?.inserts[0]?.values ?? {};
  expect(values).toMatchObject({ state: '已通过', step: '学校核准', step_by: '学校(填报表)', step_at: '2026-11-24T00:00:00.000Z' });
  expect((values.trail as { to: string }[]).map((one) => one.to)).toEqual(['家长申请', '班级初审', '学校核准']);
});

test('a step that is left out refuses the row, names the cell and says what to do', () => {
  const row = child('王小明', '13800000001', { 申请日: '2026-09-01', 状态: '已通过', 学校核准: '同意' });
  const plan = planTab(
    tabOf('students'),
    parsed('students', withSteps, [row]),
    context([
      ['students', empty],
      ['enrolments', empty],
    ]),
  );
  expect(plan.answer.rows[0]?.status).toBe('有误');
  expect(plan.answer.problems.map((one) => `${one.code} ${one.cell}`)).toEqual(['step-refused H2']);
  expect(plan.answer.problems[0]?.message).toBe(
    '「学生报名」第 2 行“班级初审”(H2)还没有走完“家长申请、班级初审、学校核准”,不能写成“已通过”。请先填“班级初审”(经办人和意见,如“同意”)。',
  );
});

test('a sheet of the school without columns for opinions is taken as it is', () => {
  const row = child('王小明', '13800000001', { 状态: '已通过' });
  const plan = planTab(
    tabOf('students'),
    parsed('students', [...headers, '状态'], [row]),
    context([
      ['students', empty],
      ['enrolments', empty],
    ]),
  );
  expect(plan.answer.rows[0]?.status).toBe('已收');
});

test('a value that staff made the only one: the later row is refused with its cell, the others are taken', () => {
  const card = { kind: 'text', label: '卡号', en: 'card', unique: true } as const;
  const tables = { ...modelTables, students: { ...modelTables.students, fields: { ...modelTables.students.fields, card } } };
  const tab = tabOf('students', tabsOf(tables as never));
  const children = [
    { ...child('甲', '13800000001'), 卡号: 'A1' },
    { ...child('乙', '13800000002'), 卡号: 'A1' },
    { ...child('丙', '13800000003'), 卡号: 'A9' },
    { ...child('丁', '13800000004') },
  ];
  const taken = new Map([['card', new Map([['A9', { id: 'of another school' }]])]]);
  const live: [TableName, LiveTable][] = [
    ['students', { ...empty, taken }],
    ['enrolments', empty],
  ];
  const plan = planTab(tab, parsed('students', [...headers, '卡号'], children), { ...context(live), tables: tables as never });
  expect(plan.answer.rows.map((row) => row.status)).toEqual(['已收', '有误', '有误', '已收']);
  expect(plan.answer.problems.map((one) => [one.row, one.header, one.code, one.message.split(',')[2]])).toEqual([
    [3, '卡号', 'duplicate/value', expect.stringContaining('第 2 行已经用了它')],
    [4, '卡号', 'duplicate/value', expect.stringContaining('可能是别的学校')],
  ]);
});
