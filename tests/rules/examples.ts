/** One school in order and one at fault for every rule; `shows` are the rows that the finding must cite. */
import type { Drawn } from './drawn-school.ts';

export interface Example {
  readonly rule: string;
  /** A sentence of the office. */
  readonly says: string;
  readonly fine: Drawn;
  readonly faulty: Drawn;
  readonly shows: readonly string[];
  /** Words that the message must have. */
  readonly message: string;
  readonly atStake?: number;
}

const report = (header: string, cells: string): string => `
  | 统计月  | 在校学生数 | 参加学生数 | 是否开展 | ${header} |
  | 2026-10 | 100        | 90         | 是       | ${cells}  |`;

const plan = (times: string, header = '版本', cells = '1'): string => `
  | 夏令时开始时刻 | 夏令时结束时刻 | 冬令时开始时刻 | 冬令时结束时刻 | 收费标准 | 收费单位 | ${header} |
  | ${times.split(' ').join(' | ')} | 60 | 元/生·月 | ${cells} |`;

const usual = plan('16:40 18:40 16:30 18:30');

const courses = (lines: string): string => `
  | 课程名 | 年级 | 星期 | 开始时刻 | 结束时刻 | 地点 | 主教师 | 已报 | 容量 |
  ${lines}`;

const pupil = (kind = '', decision = ''): string => `
  | 行号 | 年级 | 班级 | 学生类别 | 减免类别 | 减免审核 |
  | 甲   | 3    | 1    | 困难     | ${kind}  | ${decision} |`;

const enrolled = (header: string, cells: string): string => `
  | 行号 | 学生 | 状态   | 申请日     | 星期  | ${header} |
  | 报甲 | 甲   | 已通过 | 2026-09-01 | 12345 | ${cells}  |`;

const fee = (cells: string): string => `
  | 行号 | 学生 | 统计期 | 标准 | 应缴 | 减免额 | 实缴 | 状态 | 缺席天 | 退费额 |
  ${cells}`;

const person = (cells: string): string => `
  | 行号 | 姓名 | 身份 | 星期 | 开始时刻 | 结束时刻 | 班或社团 | 地点 | 准入查询日 | 准入查询结果 | 证书名称 | 证书有效期至 |
  ${cells}`;

const wholeClass = (apart: string): { students: string; enrolments: string } => ({
  students: `| 行号 | 年级 | 班级 |\n${Array.from({ length: 10 }, (_none, index) => `| 生${index} | 2 | 1 |`).join('\n')}`,
  enrolments: `| 行号 | 学生 | 状态 | 申请日 | 星期 | 服务项目 |\n${Array.from(
    { length: 10 },
    (_none, index) => `| 报${index} | 生${index} | 已通过 | ${index === 3 ? apart : '2026-09-01'} | 12345 | 作业辅导 |`,
  ).join('\n')}`,
});

const provider = (cells: string): string => `
  | 行号 | 机构名     | 类别 | 名单状态 | 许可有效期至 | 合同开始   | 合同结束   | 引进费用标准 | 费用确定方式 | 同质校外价 | 全国校外教育培训监管平台登记 |
  | 机构 | 示例体育社 | 体育 | ${cells} |`;
const listed = provider('在册 | 2028-06-30 | 2026-09-01 | 2027-08-31 | 30 | 招标 | 80 | 是');
const boughtIn = (category: string, by = '机构'): string => `
  | 行号 | 课程名 | 类别        | 星期 | 开始时刻 | 结束时刻 | 来源 | 合作机构 |
  | 课   | 武术   | ${category} | 2    | 16:30    | 18:30    | 引进 | ${by}    |`;

export const examples: readonly Example[] = [
  {
    rule: 'R-T1',
    says: 'a month with four days a week',
    fine: { monthly_reports: report('每周开展天数', '5') },
    faulty: { monthly_reports: report('每周开展天数', '4') },
    shows: ['monthly_reports1'],
    message: '2026-10 月报每周开展 4 天,应为 5 天',
  },
  {
    rule: 'R-T1',
    says: 'a timetable without any course on Wednesday',
    fine: { activities: courses('| 作业辅导 | 1 | 12345 | 16:30 | 18:30 | 各班 | 甲 | 30 | 50 |') },
    faulty: { activities: courses('| 作业辅导 | 1 | 1245 | 16:30 | 18:30 | 各班 | 甲 | 30 | 50 |') },
    shows: ['activities1'],
    message: '周三没有任何课程',
  },
  {
    rule: 'R-T2',
    says: 'two lessons are not two hours',
    fine: { monthly_reports: report('每天时长', '120') },
    faulty: { monthly_reports: report('每天时长', '80') },
    shows: ['monthly_reports1'],
    message: '“2 课时”不等于 2 小时',
  },
  {
    rule: 'R-T2',
    says: 'a plan whose winter is too short',
    fine: { plans: usual },
    faulty: { plans: plan('16:40 18:40 16:30 18:00') },
    shows: ['plans1'],
    message: '冬令时 16:30—18:00不足 120 分钟',
  },
  {
    rule: 'R-T3',
    says: 'summer ends before the county leaves its offices, winter does not',
    fine: { plans: usual },
    faulty: { plans: plan('16:00 18:10 16:00 18:10') },
    shows: ['plans1'],
    message: '夏令时 18:10 结束,下班 18:30',
  },
  {
    rule: 'R-T3',
    says: 'a return of October is held against winter hours',
    fine: { monthly_reports: report('结束时刻', '18:10') },
    faulty: { monthly_reports: report('结束时刻', '17:30') },
    shows: ['monthly_reports1'],
    message: '早于下班时间 18:00',
  },
  {
    rule: 'R-T4',
    says: 'an end later than the limit of other provinces',
    fine: { plans: plan('15:40 17:50 15:40 18:00') },
    faulty: { plans: usual },
    shows: ['plans1'],
    message: '晚于 18:00',
  },
  {
    rule: 'R-T5',
    says: 'a course on Saturday',
    fine: { activities: courses('| 武术 | 3 | 15 | 16:30 | 18:30 | 操场 | 甲 | 30 | 50 |') },
    faulty: { activities: courses('| 武术 | 3 | 56 | 16:30 | 18:30 | 操场 | 甲 | 30 | 50 |') },
    shows: ['activities1'],
    message: '排在周末',
  },
  {
    rule: 'R-T5',
    says: 'a head count in the National Day holidays',
    fine: { attendance: '| 行号 | 日期 | 课程 | 应到 | 实到 |\n| 考 | 2026-10-09 | 课 | 9 | 9 |' },
    faulty: { attendance: '| 行号 | 日期 | 课程 | 应到 | 实到 |\n| 考 | 2026-10-02 | 课 | 9 | 9 |' },
    shows: ['考'],
    message: '2026-10-02 不是上课日',
  },
  {
    rule: 'R-T5b',
    says: 'a course that begins while lessons may still go on',
    fine: { plans: usual, activities: courses('| 合唱 | 3 | 15 | 16:30 | 18:30 | 礼堂 | 甲 | 30 | 50 |') },
    faulty: { plans: usual, activities: courses('| 合唱 | 3 | 15 | 15:40 | 18:30 | 礼堂 | 甲 | 30 | 50 |') },
    shows: ['activities1'],
    message: '早于方案的开始时刻 16:30',
  },
  {
    rule: 'R-T6',
    says: 'care over lunch, chosen and counted as service',
    fine: {
      activities: '| 行号 | 课程名 | 星期 | 开始时刻 | 结束时刻 |\n| 课 | 作业辅导 | 12345 | 16:30 | 18:30 |',
      attendance: '| 行号 | 日期 | 课程 | 应到 | 实到 |\n| 考 | 2026-10-09 | 课 | 9 | 9 |',
    },
    faulty: {
      activities: '| 行号 | 课程名 | 星期 | 开始时刻 | 结束时刻 |\n| 课 | 午休看管 | 12345 | 12:00 | 14:00 |',
      enrolments: enrolled('服务项目', '作业辅导、午休看管'),
      attendance: '| 行号 | 日期 | 课程 | 应到 | 实到 |\n| 考 | 2026-10-09 | 课 | 9 | 9 |',
    },
    shows: ['课', '报甲', '考'],
    message: '课程 1 门、报名 1 人、考勤 1 次',
  },
  {
    rule: 'R-T6',
    says: 'a course with a harmless name that is over before the service begins',
    fine: { plans: usual, activities: courses('| 看书 | 3 | 15 | 16:30 | 17:30 | 图书室 | 甲 | 30 | 50 |') },
    faulty: { plans: usual, activities: courses('| 看书 | 3 | 15 | 07:10 | 07:50 | 图书室 | 甲 | 30 | 50 |') },
    shows: ['activities1'],
    message: '早、午或晚自习时段列入了课后服务',
  },
  {
    rule: 'R-T7',
    says: 'evening study of junior grades past half past eight',
    fine: { activities: courses('| 自习 | 89 | 15 | 19:00 | 20:30 | 教室 | 甲 | 30 | 50 |') },
    faulty: { activities: courses('| 自习 | 89 | 15 | 19:00 | 21:00 | 教室 | 甲 | 30 | 50 |') },
    shows: ['activities1'],
    message: '晚于 20:30 结束',
  },
  {
    rule: 'R-T8',
    says: 'extended care asked for and none given',
    fine: { enrolments: enrolled('延时托管', '是'), monthly_reports: report('延时托管学生数', '1') },
    faulty: { enrolments: enrolled('延时托管', '是'), monthly_reports: report('延时托管学生数', '0') },
    shows: ['monthly_reports1', '报甲'],
    message: '1 名学生申请了延时托管',
  },
  {
    rule: 'R-X1',
    says: 'one teacher in two courses at once; back to back is no matter',
    fine: {
      activities: courses(`| 合唱 | 3 | 15 | 16:30 | 17:30 | 礼堂 | 李老师 | 30 | 50 |
                           | 剪纸 | 4 | 15 | 17:30 | 18:30 | 教室 | 李老师 | 30 | 50 |`),
    },
    faulty: {
      activities: courses(`| 合唱 | 3 | 15 | 16:30 | 17:31 | 礼堂 | 李老师、王老师 | 30 | 50 |
                           | 剪纸 | 4 | 15 | 17:30 | 18:30 | 教室 | 王老师 | 30 | 50 |`),
    },
    shows: ['activities1', 'activities2'],
    message: '同一位教师同一时间在两处',
  },
  {
    rule: 'R-X2',
    says: 'two courses in the music room at once; the sports ground holds several',
    fine: {
      activities: courses(`| 足球 | 3 | 1 | 16:30 | 18:30 | 操场东侧 | 甲 | 30 | 50 |
                           | 跳绳 | 4 | 1 | 16:30 | 18:30 | 操场东侧 | 乙 | 30 | 50 |`),
    },
    faulty: {
      activities: courses(`| 合唱 | 3 | 1 | 16:30 | 18:30 | 音乐教室 | 甲 | 30 | 50 |
                           | 口琴 | 4 | 1 | 17:00 | 18:30 | 音乐教室 | 乙 | 30 | 50 |`),
    },
    shows: ['activities1', 'activities2'],
    message: '在同一场地、同一时间',
  },
  {
    rule: 'R-X3',
    says: 'more children than places',
    fine: { activities: courses('| 合唱 | 3 | 15 | 16:30 | 18:30 | 礼堂 | 甲 | 30 | 30 |') },
    faulty: { activities: courses('| 合唱 | 3 | 15 | 16:30 | 18:30 | 礼堂 | 甲 | 31 | 30 |') },
    shows: ['activities1'],
    message: '已报人数超过容量',
  },
  {
    rule: 'R-X4',
    says: 'sixty children for one teacher; a second one on duty halves them',
    fine: {
      activities: courses('| 作业辅导 | 3 | 15 | 16:30 | 18:30 | 各班 | 甲 | 60 | 60 |'),
      staff: person('| 人 | 乙 | 本校教师 | 15 | 16:30 | 18:30 | 作业辅导 | 各班 | 2026-08-20 | 无记录 | | |'),
    },
    faulty: { activities: courses('| 作业辅导 | 3 | 15 | 16:30 | 18:30 | 各班 | 甲 | 60 | 60 |') },
    shows: ['activities1'],
    message: '超过 50 名学生',
  },
  {
    rule: 'R-V1',
    says: 'a child that takes part without an application',
    fine: { enrolments: enrolled('班级初审', '同意') },
    faulty: { enrolments: '| 行号 | 学生 | 状态 | 申请日 | 星期 |\n| 报甲 | 甲 | 已通过 | | 12345 |' },
    shows: ['报甲'],
    message: '没有申请日',
  },
  {
    rule: 'R-V1b',
    says: 'every child of a school takes part',
    fine: { monthly_reports: '| 统计月 | 在校学生数 | 参加学生数 |\n| 2026-10 | 400 | 399 |' },
    faulty: { monthly_reports: '| 统计月 | 在校学生数 | 参加学生数 |\n| 2026-10 | 400 | 400 |' },
    shows: ['monthly_reports1'],
    message: '参与率 100%。是否每位家长都是自愿申请?',
  },
  {
    rule: 'R-V1c',
    says: 'a whole class with one and the same answer',
    fine: wholeClass('2026-09-02'),
    faulty: wholeClass('2026-09-01'),
    shows: Array.from({ length: 10 }, (_none, index) => `报${index}`),
    message: '1 个班全班的星期、项目和申请日完全一样',
  },
  {
    rule: 'R-V2',
    says: 'a child enrolled without a letter to its parents',
    fine: {
      enrolments: enrolled('班级初审', '同意'),
      notices: '| 行号 | 种类 | 状态 |\n| 通 | 告家长书 | 已印 |',
      notice_copies: '| 通知 | 学生 | 状态 |\n| 通 | 甲 | 有效 |',
    },
    faulty: {
      enrolments: enrolled('班级初审', '同意'),
      notices: '| 行号 | 种类 | 状态 |\n| 通 | 告家长书 | 已撤回 |',
      notice_copies: '| 通知 | 学生 | 状态 |\n| 通 | 甲 | 有效 |',
    },
    shows: ['报甲'],
    message: '本学期没有印发告家长书',
  },
  {
    rule: 'R-V3',
    says: 'approved, but the class never reviewed it',
    fine: { enrolments: enrolled('班级初审 | 学校核准', '同意 | 同意') },
    faulty: { enrolments: enrolled('班级初审 | 学校核准', ' | 同意') },
    shows: ['报甲'],
    message: '缺班级初审或学校核准',
  },
  {
    rule: 'R-V3c',
    says: 'a course was chosen in September, and nobody has arranged a place',
    fine: {
      students: pupil(),
      enrolments: enrolled('服务项目 | 办理步骤', '合唱 | 候补'),
      activities: '| 行号 | 课程名 | 年级 | 星期 | 开始时刻 | 结束时刻 |\n| 课 | 合唱 | 3 | 5 | 16:30 | 18:30 |',
    },
    faulty: {
      students: pupil(),
      enrolments: enrolled('服务项目 | 办理步骤', '合唱 | 学校核准'),
      activities: '| 行号 | 课程名 | 年级 | 星期 | 开始时刻 | 结束时刻 |\n| 课 | 合唱 | 3 | 5 | 16:30 | 18:30 |',
    },
    shows: ['报甲'],
    message: '还没有统筹安排的结果',
  },
  {
    rule: 'R-V3b',
    says: 'more children in class than on the roster of the day',
    fine: {
      students: pupil(),
      enrolments: enrolled('服务项目', '合唱'),
      activities: '| 行号 | 课程名 | 年级 | 星期 | 开始时刻 | 结束时刻 |\n| 课 | 合唱 | 3 | 5 | 16:30 | 18:30 |',
      attendance: '| 行号 | 日期 | 课程 | 应到 | 实到 |\n| 考 | 2026-10-09 | 课 | 1 | 1 |',
    },
    faulty: {
      students: pupil(),
      enrolments: enrolled('服务项目', '合唱'),
      activities: '| 行号 | 课程名 | 年级 | 星期 | 开始时刻 | 结束时刻 |\n| 课 | 合唱 | 3 | 5 | 16:30 | 18:30 |',
      attendance: '| 行号 | 日期 | 课程 | 应到 | 实到 |\n| 考 | 2026-10-09 | 课 | 3 | 3 |',
    },
    shows: ['考'],
    message: '最多多 2 人',
  },
  {
    rule: 'R-C1',
    says: 'a course of new lessons; a plan that forbids them is in order',
    fine: {
      plans: plan('16:40 18:40 16:30 18:30', '课程安排说明', '不讲新课、不集体补课'),
      activities: courses('| 数学拓展 | 8 | 15 | 16:30 | 18:30 | 教室 | 甲 | 30 | 50 |'),
    },
    faulty: { activities: courses('| 数学新课预习 | 8 | 15 | 16:30 | 18:30 | 教室 | 甲 | 30 | 50 |') },
    shows: ['activities1'],
    message: '不得安排',
  },
  {
    rule: 'R-F1',
    says: 'eighty yuan a month where sixty are approved',
    fine: { students: pupil(), fees: fee('| 费 | 甲 | 2026-10 | 60 | 60 | 0 | 60 | 已付款 | | |') },
    faulty: { students: pupil(), fees: fee('| 费 | 甲 | 2026-10 | 80 | 80 | 0 | 80 | 已付款 | | |') },
    shows: ['费'],
    message: '共多收 20 元',
    atStake: 20,
  },
  {
    rule: 'R-F1',
    says: 'a lump sum of 60×4.5=270 for the term is no overcharge, a second payment beside it is',
    fine: { students: pupil(), fees: fee('| 费 | 甲 | 2026-09 | 60 | 270 | 0 | 270 | 已付款 | | |') },
    faulty: {
      students: pupil(),
      fees: fee(`| 费  | 甲 | 2026-09 | 60 | 270 | 0 | 270 | 已付款 | | |
                 | 又 | 甲 | 2026-10 | 60 | 60  | 0 | 60  | 已付款 | | |`),
    },
    shows: ['又'],
    message: '共多收 60 元',
    atStake: 60,
  },
  {
    rule: 'R-F1',
    says: 'what was overcharged and given back is settled',
    fine: { students: pupil(), fees: fee('| 费 | 甲 | 2026-10 | 80 | 80 | 0 | 80 | 已退款 | | 20 |') },
    faulty: { students: pupil(), fees: fee('| 费 | 甲 | 2026-10 | 80 | 80 | 0 | 80 | 已退款 | | 5 |') },
    shows: ['费'],
    message: '共多收 15 元',
  },
  {
    rule: 'R-F1',
    says: 'a plan that posts more than was approved',
    fine: { plans: usual },
    faulty: { plans: usual, settings: { fee_cap_primary: 50 } },
    shows: ['plans1'],
    message: '超过批准标准 50 元',
  },
  {
    rule: 'R-F1b',
    says: '1.8 yuan an hour for two hours and twenty-one days is more than sixty a month',
    fine: { monthly_reports: report('收费标准 | 收费单位 | 每天时长 | 本月实际服务天数', '1.4 | 元/生·小时 | 120 | 21') },
    faulty: { monthly_reports: report('收费标准 | 收费单位 | 每天时长 | 本月实际服务天数', '1.8 | 元/生·小时 | 120 | 21') },
    shows: ['monthly_reports1'],
    message: '折合每月 75.6 元',
  },
  {
    rule: 'R-F1b',
    says: 'a fee for the term is held against its months',
    fine: { monthly_reports: report('收费标准 | 收费单位', '270 | 元/生·学期') },
    faulty: { monthly_reports: report('收费标准 | 收费单位', '300 | 元/生·学期') },
    shows: ['monthly_reports1'],
    message: '折合每月 66.67 元',
  },
  {
    rule: 'R-F1b',
    says: 'a fee by lesson: three lessons of forty minutes in two hours',
    fine: { monthly_reports: report('收费标准 | 收费单位 | 每天时长 | 本月实际服务天数', '0.9 | 元/生·课时 | 120 | 21') },
    faulty: { monthly_reports: report('收费标准 | 收费单位 | 每天时长 | 本月实际服务天数', '2.95 | 元/生·课时 | 120 | 21') },
    shows: ['monthly_reports1'],
    message: '折合每月 185.85 元',
  },
  {
    rule: 'R-F2',
    says: 'a course that costs extra without an approval',
    fine: { activities: '| 课程名 | 星期 | 开始时刻 | 结束时刻 | 费用 | 费用批准文号 |\n| 武术 | 2 | 16:30 | 18:30 | 100 | 汝发改〔2026〕1号 |' },
    faulty: { activities: '| 课程名 | 星期 | 开始时刻 | 结束时刻 | 费用 | 已报 |\n| 武术 | 2 | 16:30 | 18:30 | 100 | 20 |' },
    shows: ['activities1'],
    message: '没有批准文号',
    atStake: 2000,
  },
  {
    rule: 'R-F2',
    says: 'a due with something added to the standard; half months are not',
    fine: { fees: fee('| 费 | 甲 | 2026-09 | 40 | 60 | 0 | 60 | 已付款 | | |') },
    faulty: { fees: fee('| 费 | 甲 | 2026-09 | 40 | 48 | 0 | 48 | 已付款 | | |') },
    shows: ['费'],
    message: '应缴多于标准,共 8 元',
  },
  {
    rule: 'R-F3',
    says: 'fees through the parents’ committee',
    fine: { school: { pay_account: '学校账户,不经家委会或第三方收取' } },
    faulty: { school: { pay_account: '由家委会负责人统一收取' } },
    shows: ['2141990001'],
    message: '“家委会”',
  },
  {
    rule: 'R-F4',
    says: 'a child of a family lifted out of poverty that pays',
    fine: { students: pupil('脱贫户'), fees: fee('| 费 | 甲 | 2026-10 | 60 | 60 | 60 | 0 | | | |') },
    faulty: { students: pupil('脱贫户'), fees: fee('| 费 | 甲 | 2026-10 | 60 | 60 | 30 | 30 | 已付款 | | |') },
    shows: ['费'],
    message: '1 名应减免的学生被收费,共 30 元',
    atStake: 30,
  },
  {
    rule: 'R-F4',
    says: 'a recognised waiver of another kind may be a part of the fee, but not nothing',
    fine: { students: pupil('农村低保', '已认定'), fees: fee('| 费 | 甲 | 2026-10 | 60 | 60 | 30 | 30 | 已付款 | | |') },
    faulty: { students: pupil('农村低保', '已认定'), fees: fee('| 费 | 甲 | 2026-10 | 60 | 60 | 0 | 60 | 已付款 | | |') },
    shows: ['费'],
    message: '请退还并登记减免',
  },
  {
    rule: 'R-F5',
    says: 'fees that are not posted',
    fine: { monthly_reports: report('收费标准 | 收费公示', '60 | 是') },
    faulty: { monthly_reports: report('收费标准 | 收费公示', '60 | 否') },
    shows: ['monthly_reports1'],
    message: '收费没有公示',
  },
  {
    rule: 'R-F5',
    says: 'a standard that is not the plan’s',
    fine: { plans: usual, fees: fee('| 费 | 甲 | 2026-10 | 60 | 60 | 0 | 60 | 已付款 | | |') },
    faulty: { plans: usual, fees: fee('| 费 | 甲 | 2026-10 | 55 | 55 | 0 | 55 | 已付款 | | |') },
    shows: ['费'],
    message: '与一校一案公示的 60 元不一致',
  },
  {
    rule: 'R-F6',
    says: 'money taken, no spending put down; a true zero is an answer',
    fine: { monthly_reports: report('实收额 | 教师补助支出', '5400 | 0') },
    faulty: { monthly_reports: report('实收额', '5400') },
    shows: ['monthly_reports1'],
    message: '确无支出填 0',
  },
  {
    rule: 'R-F6b',
    says: 'money taken and not remitted',
    fine: { monthly_reports: report('实收额 | 缴财政专户日期', '5400 | 2026-10-30') },
    faulty: { monthly_reports: report('实收额', '5400') },
    shows: ['monthly_reports1'],
    message: '没有缴财政专户日期',
  },
  {
    rule: 'R-F7',
    says: 'four and a half months paid in December, when six weeks are left',
    fine: { fees: fee('| 费 | 甲 | 2026-12 | 60 | 90 | 0 | 90 | 已付款 | | |') },
    faulty: { fees: fee('| 费 | 甲 | 2026-12 | 60 | 270 | 0 | 270 | 已付款 | | |') },
    shows: ['费'],
    message: '是否预收了下学期的?',
  },
  {
    rule: 'R-F7b',
    says: 'a refund by day: ten of twenty days of sixty yuan are thirty',
    fine: {
      monthly_reports: report('本月实际服务天数 | 每天时长', '20 | 120'),
      fees: fee('| 费 | 甲 | 2026-10 | 60 | 60 | 0 | 60 | 已退款 | 10 | 30 |'),
      choice: { refund_method: '按天' },
    },
    faulty: {
      monthly_reports: report('本月实际服务天数 | 每天时长', '20 | 120'),
      fees: fee('| 费 | 甲 | 2026-10 | 60 | 60 | 0 | 60 | 已退款 | 10 | 12 |'),
      choice: { refund_method: '按天' },
    },
    shows: ['费'],
    message: '与“按天”算法不一致',
    atStake: 18,
  },
  {
    rule: 'R-F7c',
    says: 'a child left in the month and nothing was given back',
    fine: {
      enrolments: '| 学生 | 状态 | 申请日 | 星期 | 退出日 |\n| 甲 | 中途退出 | 2026-09-01 | 12345 | 2026-10-16 |',
      fees: fee('| 费 | 甲 | 2026-10 | 60 | 60 | 0 | 60 | 已退款 | 9 | 30 |'),
    },
    faulty: {
      enrolments: '| 学生 | 状态 | 申请日 | 星期 | 退出日 |\n| 甲 | 中途退出 | 2026-09-01 | 12345 | 2026-10-16 |',
      fees: fee('| 费 | 甲 | 2026-10 | 60 | 60 | 0 | 60 | 已付款 | | |'),
    },
    shows: ['费'],
    message: '中途退出,还没有退费登记',
  },
  {
    rule: 'R-F8',
    says: 'a child that left in September pays for October',
    fine: {
      enrolments: '| 学生 | 状态 | 申请日 | 星期 | 退出日 |\n| 甲 | 中途退出 | 2026-09-01 | 12345 | 2026-10-16 |',
      fees: fee('| 费 | 甲 | 2026-10 | 60 | 60 | 0 | 60 | 已付款 | | |'),
    },
    faulty: {
      enrolments: '| 学生 | 状态 | 申请日 | 星期 | 退出日 |\n| 甲 | 中途退出 | 2026-09-01 | 12345 | 2026-09-16 |',
      fees: fee('| 费 | 甲 | 2026-10 | 60 | 60 | 0 | 60 | 已付款 | | |'),
    },
    shows: ['费'],
    message: '缴了费而当月没有服务,共 60 元',
    atStake: 60,
  },
  {
    rule: 'R-F8b',
    says: 'a child whose application is still waiting pays',
    fine: { enrolments: enrolled('班级初审', '同意'), fees: fee('| 费 | 甲 | 2026-10 | 60 | 60 | 0 | 60 | 已付款 | | |') },
    faulty: {
      enrolments: '| 学生 | 状态 | 申请日 | 星期 |\n| 甲 | 待审核 | 2026-09-01 | 12345 |',
      fees: fee('| 费 | 甲 | 2026-10 | 60 | 60 | 0 | 60 | 已付款 | | |'),
    },
    shows: ['费'],
    message: '没有通过的申请却被收费,共 60 元',
    atStake: 60,
  },
  {
    rule: 'R-P1',
    says: 'homework help bought in',
    fine: { activities: boughtIn('体育'), providers: listed },
    faulty: { activities: boughtIn('作业辅导'), providers: listed },
    shows: ['课'],
    message: '学科辅导不得引进',
  },
  {
    rule: 'R-P2',
    says: 'a price that is not below that outside',
    fine: { activities: boughtIn('体育'), providers: listed },
    faulty: { activities: boughtIn('体育'), providers: provider('在册 | 2028-06-30 | 2026-09-01 | 2027-08-31 | 80 | 招标 | 80 | 是') },
    shows: ['机构', '课'],
    message: '不低于校外同质价',
  },
  {
    rule: 'R-P3',
    says: 'a provider that is suspended',
    fine: { activities: boughtIn('体育'), providers: listed },
    faulty: { activities: boughtIn('体育'), providers: provider('暂停 | 2028-06-30 | 2026-09-01 | 2027-08-31 | 30 | 招标 | 80 | 是') },
    shows: ['课'],
    message: '不在册、暂停或已到期',
  },
  {
    rule: 'R-P3',
    says: 'a provider whose licence has run out, and one that nobody knows',
    fine: { activities: boughtIn('体育'), providers: listed },
    faulty: {
      activities: `${boughtIn('体育')}\n| 课二 | 围棋 | 体育 | 3 | 16:30 | 18:30 | 引进 | 生人 |`,
      providers: provider('在册 | 2026-11-23 | 2026-09-01 | 2027-08-31 | 30 | 招标 | 80 | 是'),
    },
    shows: ['课', '课二'],
    message: '2 门课程',
  },
  {
    rule: 'R-P3b',
    says: 'a certificate that ended yesterday',
    fine: { staff: person('| 人 | 乙 | 社会专业人员 | 2 | 16:30 | 18:30 | 武术 | 操场 | 2026-08-20 | 无记录 | 社会体育指导员证 | 2026-11-24 |') },
    faulty: { staff: person('| 人 | 乙 | 社会专业人员 | 2 | 16:30 | 18:30 | 武术 | 操场 | 2026-08-20 | 无记录 | 社会体育指导员证 | 2026-11-23 |') },
    shows: ['人'],
    message: '1 名人员的证书已过期',
  },
  {
    rule: 'R-P4',
    says: 'a provider that is not on the national platform',
    fine: { activities: boughtIn('体育'), providers: listed },
    faulty: { activities: boughtIn('体育'), providers: provider('在册 | 2028-06-30 | 2026-09-01 | 2027-08-31 | 30 | 招标 | 80 | 否') },
    shows: ['课'],
    message: '没有在全国监管平台登记',
  },
  {
    rule: 'R-H1',
    says: 'a volunteer who was never checked, and a teacher with a record',
    fine: {
      staff: person(`| 人 | 乙 | 志愿者   | 2 | 16:30 | 18:30 | 阅读 | 图书室 | 2026-08-20 | 无记录 | | |
                     | 师 | 丙 | 本校教师 | 2 | 16:30 | 18:30 | 阅读 | 图书室 |            |        | | |`),
    },
    faulty: {
      staff: person(`| 人 | 乙 | 志愿者   | 2 | 16:30 | 18:30 | 阅读 | 图书室 |            | 待查   | | |
                     | 师 | 丙 | 本校教师 | 2 | 16:30 | 18:30 | 阅读 | 图书室 | 2026-08-20 | 有记录 | | |`),
    },
    shows: ['师', '人'],
    message: '有记录的立即停止上岗',
  },
  {
    rule: 'R-H1b',
    says: 'a teacher of the school without a check on file',
    fine: { staff: person('| 师 | 丙 | 本校教师 | 2 | 16:30 | 18:30 | 阅读 | 图书室 | 2026-08-20 | 无记录 | | |') },
    faulty: { staff: person('| 师 | 丙 | 本校教师 | 2 | 16:30 | 18:30 | 阅读 | 图书室 | | | | |') },
    shows: ['师'],
    message: '没有登记准入查询日',
  },
  {
    rule: 'R-H2',
    says: 'a check of 366 days ago',
    fine: { staff: person('| 师 | 丙 | 本校教师 | 2 | 16:30 | 18:30 | 阅读 | 图书室 | 2025-11-24 | 无记录 | | |') },
    faulty: { staff: person('| 师 | 丙 | 本校教师 | 2 | 16:30 | 18:30 | 阅读 | 图书室 | 2025-11-23 | 无记录 | | |') },
    shows: ['师'],
    message: '超过 365 天',
  },
  {
    rule: 'R-S1',
    says: 'a school without an emergency plan',
    fine: { plans: plan('16:40 18:40 16:30 18:30', '安全应急预案', '是') },
    faulty: { plans: plan('16:40 18:40 16:30 18:30', '安全应急预案', '否') },
    shows: ['plans1'],
    message: '没有安全应急预案',
  },
  {
    rule: 'R-S1b',
    says: 'a hazard past its deadline',
    fine: { safety_checks: '| 行号 | 日期 | 结果 | 时限 | 销号日 |\n| 患 | 2026-11-01 | 隐患 | 2026-11-08 | 2026-11-05 |' },
    faulty: { safety_checks: '| 行号 | 日期 | 结果 | 时限 | 销号日 |\n| 患 | 2026-11-01 | 隐患 | 2026-11-08 | |' },
    shows: ['患'],
    message: '过了时限还没有销号',
  },
  {
    rule: 'R-S1c',
    says: 'no safety check for two months',
    fine: { enrolments: enrolled('班级初审', '同意'), safety_checks: '| 日期 | 结果 |\n| 2026-10-20 | 合格 |' },
    faulty: { enrolments: enrolled('班级初审', '同意'), safety_checks: '| 日期 | 结果 |\n| 2026-09-10 | 合格 |' },
    shows: [],
    message: '上次是 2026-09-10',
  },
  {
    rule: 'R-S1d',
    says: 'a hand-over that nobody signed',
    fine: { attendance: '| 行号 | 日期 | 课程 | 应到 | 实到 | 交接签字 |\n| 考 | 2026-10-09 | 课 | 9 | 9 | 是 |' },
    faulty: { attendance: '| 行号 | 日期 | 课程 | 应到 | 实到 | 交接签字 |\n| 考 | 2026-10-09 | 课 | 9 | 9 | 否 |' },
    shows: ['考'],
    message: '没有交接签字',
  },
  {
    rule: 'R-S1e',
    says: 'children enrolled and not one head count',
    fine: { enrolments: enrolled('班级初审', '同意'), attendance: '| 日期 | 课程 | 应到 | 实到 |\n| 2026-10-09 | 课 | 1 | 1 |' },
    faulty: { enrolments: enrolled('班级初审', '同意') },
    shows: [],
    message: '还没有一次考勤记录',
  },
  {
    rule: 'R-M1',
    says: 'a plan that was not made public',
    fine: { plans: plan('16:40 18:40 16:30 18:30', '方案公示日期', '2026-08-30') },
    faulty: { plans: usual },
    shows: ['plans1'],
    message: '没有公示日期',
  },
  {
    rule: 'R-M2',
    says: 'a return that came a minute after midnight in the county, and one that is not due yet',
    fine: { monthly_reports: report('首次有效时间', '2026-11-01T15:59:00.000Z'), months: ['2026-10', '2026-11'] },
    faulty: { monthly_reports: report('首次有效时间', '2026-11-01T16:01:00.000Z'), months: ['2026-10', '2026-11'] },
    shows: ['monthly_reports1'],
    message: '2026-10 月报 2026-11-02 才收到,截止日是 2026-11-01',
  },
  {
    rule: 'R-M2',
    says: 'a school whose due day the county has put off, and one whose later day is over too',
    fine: { monthly_reports: '| 统计月 | 月报状态 | 延期至 |\n| 2026-10 | 待确认 | 2026-11-30 |', months: ['2026-10'] },
    faulty: { monthly_reports: '| 统计月 | 月报状态 | 延期至 |\n| 2026-10 | 待确认 | 2026-11-10 |', months: ['2026-10'] },
    shows: [],
    message: '2026-10 月报截止日 2026-11-10 已过',
  },
  {
    rule: 'R-M2',
    says: 'a return that never came; a school that was closed owes none',
    fine: { school: { closed_on: '2026-06-30' }, months: ['2026-10'] },
    faulty: { months: ['2026-10'] },
    shows: [],
    message: '2026-10 月报截止日 2026-11-01 已过',
  },
  {
    rule: 'R-M2b',
    says: 'a return that claims ninety children where the roster has one',
    fine: {
      enrolments: enrolled('班级初审', '同意'),
      monthly_reports: '| 统计月 | 在校学生数 | 参加学生数 |\n| 2026-10 | 100 | 1 |',
    },
    faulty: {
      enrolments: enrolled('班级初审', '同意'),
      monthly_reports: '| 统计月 | 在校学生数 | 参加学生数 |\n| 2026-10 | 100 | 90 |',
    },
    shows: ['monthly_reports1'],
    message: '参加学生数月报 90、明细 1。哪个对?',
  },
  {
    rule: 'R-M3',
    says: 'a school that offers no service',
    fine: { monthly_reports: '| 统计月 | 在校学生数 | 参加学生数 | 是否开展 |\n| 2026-10 | 100 | 90 | 是 |' },
    faulty: { monthly_reports: '| 统计月 | 在校学生数 | 参加学生数 | 是否开展 |\n| 2026-10 | 100 | 0 | 否 |' },
    shows: ['monthly_reports1'],
    message: '没有开展课后服务',
  },
  {
    rule: 'R-M3b',
    says: 'a child of a poor family was refused',
    fine: { students: pupil(), enrolments: enrolled('班级初审', '同意') },
    faulty: { students: pupil(), enrolments: '| 行号 | 学生 | 状态 | 申请日 | 星期 |\n| 报甲 | 甲 | 已拒绝 | 2026-09-01 | 12345 |' },
    shows: ['报甲'],
    message: '是否另有安排?',
  },
  {
    rule: 'R-D1',
    says: 'what an inspection demanded was not checked again',
    fine: { inspections: '| 行号 | 日期 | 处理 | 时限 | 状态 | 复查日期 |\n| 督 | 2026-11-01 | 整改 | 2026-11-10 | 待复查 | 2026-11-09 |' },
    faulty: { inspections: '| 行号 | 日期 | 处理 | 时限 | 状态 | 复查日期 |\n| 督 | 2026-11-01 | 整改 | 2026-11-10 | 待复查 | |' },
    shows: ['督'],
    message: '整改时限已过',
  },
  {
    rule: 'R-D2',
    says: 'held to account twice in a year; a reminder does not count',
    fine: { inspections: '| 行号 | 日期 | 处理 | 状态 |\n| 督 | 2026-03-01 | 通报 | 已办结 |\n| 醒 | 2026-10-01 | 提醒 | 已办结 |' },
    faulty: { inspections: '| 行号 | 日期 | 处理 | 状态 |\n| 督 | 2026-03-01 | 通报 | 已办结 |\n| 约 | 2026-10-01 | 约谈 | 已办结 |' },
    shows: ['督', '约'],
    message: '是否按从重情形办理?',
  },
  {
    rule: 'R-X5',
    says: 'a rate of participation far from that of schools of its kind',
    fine: { monthly_reports: report('填报人', '周'), peers: peersAround(90) },
    faulty: { monthly_reports: report('填报人', '周'), peers: peersAround(40) },
    shows: ['monthly_reports1'],
    message: '同类学校当月的中位数是 90 %。数字对吗?',
  },
];

/** Eight schools with rates around 90, and the drawn school with its own. */
function peersAround(own: number): Drawn['peers'] {
  const others = [88, 89, 89.5, 90, 90, 90.5, 91, 92];
  const rates = new Map(others.map((rate, index) => [`S${index}`, new Map([['2026-10', rate]])]));
  rates.set('2141990001', new Map([['2026-10', own]]));
  return { figures: new Map([['rate', rates]]), codes: others.map((_rate, index) => `S${index}`) };
}
