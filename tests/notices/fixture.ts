/** One invented school with everything that a 告家长书 needs. Words are examples, not policy. */

import type { Row, TableName, tables } from '../../schema/index.ts';
import { newRowId } from '../../schema/row-id.ts';
import type { Store } from '../../scripts/directus/store.ts';
import type { Activity, Facts, Plan, School, Settings, Student, Term } from '../../scripts/notices/facts.ts';

/** A stored row in which everything not given is null, as Directus answers. */
const row = <T>(values: Partial<T>): T => values as T;

export const settings = row<Settings>({
  county_name: '汝南县(示例)',
  bureau_name: '汝南县教育局(示例)',
  office_name: '基础教育股',
  fee_authority: '汝南县发展和改革委员会(示例)',
  fee_authority_no: '汝发改审批〔2021〕21号',
  summer_from: '05-01',
  summer_to: '09-30',
  bureau_phone: '0396-0000001',
  price_phone: '12315',
  notice_basis: [
    '中共中央办公厅、国务院办公厅《关于进一步减轻义务教育阶段学生作业负担和校外培训负担的意见》(中办发〔2021〕40号)',
    '教育部办公厅等四部门《关于进一步规范义务教育课后服务有关工作的通知》(教基厅函〔2023〕26号)',
    '《汝南县中小学课后服务工作实施方案》',
  ],
  waiver_policy: '原建档立卡贫困家庭子女免费;其他家庭经济困难学生可申请减免。\n需要减免的,开学后10个工作日内向班主任提交证明材料,由学校审核。',
  refund_rule: '请假、停课、转学或中途退出的,按未服务的天数折算退费,原路退回或抵扣下月费用。',
  safety_words:
    '服务教师每天课前点名,班主任、服务教师、家长三段交接签字。请按时在校门口接孩子;由家长以外的人接的,须事先书面委托。\n服务期间学生由学校看护;服务结束并离校后,由监护人负责。',
  leave_words: '临时不参加的,请当天16:00前向班主任请假。中途退出的,由家长提出书面申请,自下月起停止收费。',
  reply_days: 5,
  privacy_words:
    '为组织课后服务,学校收集孩子的姓名、年级班级、参加情况和监护人姓名、电话,不收集身份证号和住址。信息只由学校和县教育局课后服务工作人员使用。您可以随时向班主任查询、更正或要求删除。不同意的,请在回执中勾选“不同意”,学校以纸质方式为孩子办理,不影响正常教学安排。',
  retention_months: 12,
});

export const school = row<School>({
  id: '2141000001',
  code: '2141000001',
  name: '汝南县第一小学(示例)',
  type: '小学',
  township: '城区',
  hotline: '0396-0000002',
  leader: '周明',
  leader_phone: '13800001001',
  pay_account: '由家长直接缴入学校账户,学校开具财政票据。',
});

export const term = row<Term>({
  id: '2026-1',
  name: '2026—2027学年上学期',
  starts_on: '2026-09-01',
  ends_on: '2027-01-22',
  service_starts_on: '2026-09-07',
  service_ends_on: '2027-01-15',
  months: 4,
  current: true,
});

export const plan = row<Plan>({
  id: newRowId(),
  school: school.code,
  term: term.id,
  summer_start: '16:30',
  summer_end: '18:30',
  winter_start: '16:00',
  winter_end: '18:00',
  time_notes: '一、二年级可提前半小时由家长接走',
  content: ['作业辅导', '体育', '文艺', '阅读', '科普'],
  content_notes: '第一时段以作业辅导为主,第二时段开展兴趣活动',
  staffing: '由本校教师承担,外聘人员均经学校审核并公示。',
  fee_rate: 60,
  fee_unit: '元/生·月',
  late_contact: '请拨打值班电话0396-0000003,教师将在门卫室陪同等候',
});

const activity = (name: string, grades: number[], days: number[]): Activity =>
  row<Activity>({ id: newRowId(), school: school.code, term: term.id, name, grades, days, start: '17:30', end: '18:30', state: '已发布' });

export const activities = [
  activity('篮球', [3, 4, 5, 6], [1, 3]),
  activity('书法', [1, 2, 3, 4, 5, 6], [2, 4]),
  activity('合唱', [3, 4], [5]),
  activity('科学小实验', [3, 4, 5], [2]),
  activity('绘本阅读', [1, 2], [1, 3]),
  activity('啦啦操', [1, 2, 3], [4]),
];

export const facts: Facts = { settings, school, term, plan, activities, matter: null };

let phones = 0;
export const student = (values: Partial<Student> = {}): Student => {
  phones += 1;
  return row<Student>({
    id: newRowId(),
    school: school.code,
    name: '张晓雨',
    grade: 3,
    class_no: '2',
    guardian_phone: `1380000${String(phones % 10000).padStart(4, '0')}`,
    waiver_kind: null,
    waiver_state: null,
    status: '在册',
    ...values,
  });
};

const family = '张王李赵刘陈杨黄周吴徐孙马朱胡林郭何高罗';
const given = '子涵雨桐浩然欣怡宇轩梓萱俊杰诗琪博文佳宁思远一诺';

/** `count` invented students in classes of `perClass`, every one with a name of their own. */
export const manyStudents = (count: number, perClass = 40): Student[] =>
  Array.from({ length: count }, (_, index) => {
    const classIndex = Math.floor(index / perClass);
    const name = `${family[index % family.length]}${given[Math.floor(index / family.length) % given.length]}${given[(index * 7 + Math.floor(index / 97)) % given.length]}`;
    return student({
      name,
      grade: 1 + (Math.floor(classIndex / 3) % 6),
      class_no: String(1 + (classIndex % 3)),
      ...(index % 20 === 0 ? { waiver_kind: '脱贫户', waiver_state: '已认定' } : {}),
    });
  });

/** The rows of the fixture school, as a store holds them. */
export const rowsWith = (
  students: readonly Student[],
): Partial<{ [N in TableName]: readonly Partial<Row<(typeof tables)[N]> & { id: string }>[] }> => ({
  schools: [school],
  terms: [term],
  plans: plan ? [plan] : [],
  activities,
  students,
});

/** Stores the school with everything, and these students of it. */
export const storeSchool = async (
  store: Store,
  students: readonly Readonly<Record<string, unknown>>[],
  more: Partial<Settings> = {},
): Promise<void> => {
  const { id: _same, ...row } = school;
  await store.createRows('schools', [row]);
  await store.createRows('terms', [term]);
  await store.createRows('plans', [plan]);
  await store.createRows('activities', activities);
  await store.createRows('students', students as never);
  await store.updateSettings({ ...settings, ...more });
};
