/**
 * Rules on when the service takes place (R-T1 to R-T8). Who and what is in two places at once stands in bookings.ts.
 */
import { weekdayNames } from '../vocabulary.ts';
import { evidence, monthCauses, rowsOf, served, termCause } from './causes.ts';
import type { RuleRow } from './columns.ts';
import { firstJuniorGrade, minutesBetween, offWorkOn, onWeekend, tooFewDays, tooShort, wordsIn } from './facts.ts';
import { firstDay, lastDay } from './school-index.ts';
import type { Evidence, Rule, RuleContext } from './types.ts';

const schoolWeek = [1, 2, 3, 4, 5];

/** The two seasons of a plan; the county's winter hours count where it has set no summer. */
const seasons = (plan: RuleRow<'plans'>) =>
  [
    { name: '夏令时', start: plan.summer_start, end: plan.summer_end, offWork: 'off_work_summer' },
    { name: '冬令时', start: plan.winter_start, end: plan.winter_end, offWork: 'off_work_winter' },
  ] as const;

/** The earliest moment at which a plan lets the service begin; teaching may last until then. */
const earliestStart = (context: RuleContext): string | null => {
  const { plan } = context.index;
  if (!plan) return null;
  return [plan.summer_start, plan.winter_start].filter((time): time is string => !!time).sort()[0] ?? null;
};

/** Weekdays without any course, where the timetable was filled in at all. */
const daysWithout = (context: RuleContext): number[] => {
  const days = new Set(context.index.offered.flatMap((row) => row.days));
  return days.size === 0 ? [] : schoolWeek.filter((day) => !days.has(day));
};

const fiveDays: Rule = {
  id: 'R-T1',
  title: '每周 5 天都开展',
  sources: ['S01', 'S04'],
  severity: '须',
  enabled: true,
  tables: ['monthly_reports', 'activities'],
  limit: { setting: 'min_days' },
  evaluate(context, { threshold }) {
    const missing = daysWithout(context);
    return [
      ...monthCauses(context, (month) => {
        const report = served(context, month);
        const days = report?.days_per_week ?? null;
        if (!report || days === null || !tooFewDays(days, threshold)) return null;
        return {
          rows: [evidence('monthly_reports', report.id, `每周 ${days} 天`)],
          message: `${month} 月报每周开展 ${days} 天,应为 ${threshold} 天。请开满;确未开满的,请说明原因。`,
        };
      }),
      ...termCause(context, missing.length > 0 && threshold >= schoolWeek.length, () => ({
        about: '课表',
        rows: rowsOf('activities', context.index.offered),
        message: `课程安排里${missing.map((day) => weekdayNames[day - 1]).join('、')}没有任何课程。请补上,或说明原因。`,
      })),
    ];
  },
};

const twoHours: Rule = {
  id: 'R-T2',
  title: '每天不少于 2 小时(按分钟判,课时制仅提示)',
  sources: ['S01', 'S20'],
  severity: '须',
  enabled: true,
  tables: ['monthly_reports', 'plans'],
  limit: { setting: 'min_minutes' },
  evaluate(context, { threshold }) {
    const { plan } = context.index;
    const short = plan
      ? seasons(plan).filter(({ start, end }) => start !== null && end !== null && tooShort(minutesBetween(start, end), threshold))
      : [];
    return [
      ...monthCauses(context, (month) => {
        const report = served(context, month);
        const minutes = report?.minutes_per_day ?? null;
        if (!report || minutes === null || !tooShort(minutes, threshold)) return null;
        const lessons = minutes >= 80 && minutes <= 90 ? '“2 课时”不等于 2 小时。' : '';
        return {
          rows: [evidence('monthly_reports', report.id, `${minutes} 分钟`)],
          message: `${month} 月报每天 ${minutes} 分钟,不足 ${threshold} 分钟。${lessons}请按分钟核对并补足。`,
        };
      }),
      ...termCause(context, plan !== null && short.length > 0, () => ({
        about: '方案',
        rows: plan ? [evidence('plans', plan.id)] : [],
        message: `一校一案的${short.map((one) => `${one.name} ${one.start}—${one.end}`).join('、')}不足 ${threshold} 分钟。请调整时间。`,
      })),
    ];
  },
};

/** The earlier of the off-work times that hold at the two ends of a month. */
const offWorkIn = (month: string, context: RuleContext): string | null => {
  const times = [firstDay(month), lastDay(month)].map((day) => offWorkOn(day, context.settings));
  return times.filter((time): time is string => time !== null).sort()[0] ?? null;
};

const untilOffWork: Rule = {
  id: 'R-T3',
  title: '结束时刻原则上不早于当地正常下班时间(分季节)',
  sources: ['S01', 'S02'],
  severity: '须',
  enabled: true,
  tables: ['plans', 'monthly_reports'],
  limit: { setting: 'off_work_summer', beside: 'off_work_winter' },
  evaluate(context) {
    const { plan } = context.index;
    const early = plan
      ? seasons(plan).flatMap(({ name, end, offWork }) => {
          const limit = context.settings[offWork];
          return end !== null && limit !== null && end < limit ? [`${name} ${end} 结束,下班 ${limit}`] : [];
        })
      : [];
    return [
      ...monthCauses(context, (month) => {
        const report = served(context, month);
        const limit = offWorkIn(month, context);
        if (!report?.end || limit === null || report.end >= limit) return null;
        return {
          rows: [evidence('monthly_reports', report.id, `${report.end} 结束`)],
          message: `${month} 月报 ${report.end} 结束,早于下班时间 ${limit}。请核对,原则上不早于下班时间。`,
        };
      }),
      ...termCause(context, early.length > 0, () => ({
        about: '方案',
        rows: plan ? [evidence('plans', plan.id)] : [],
        message: `一校一案:${early.join(';')}。原则上不早于当地正常下班时间,请调整。`,
      })),
    ];
  },
};

const notTooLate: Rule = {
  id: 'R-T4',
  title: '结束时刻不晚于上限(外省和协议样本有,国家文件无此上限)',
  sources: ['S26'],
  severity: '参',
  enabled: false,
  tables: ['plans'],
  limit: { time: '18:00' },
  evaluate(context, { time }) {
    const { plan } = context.index;
    const late = plan ? seasons(plan).filter(({ end }) => end !== null && end > time) : [];
    return termCause(context, late.length > 0, () => ({
      rows: plan ? [evidence('plans', plan.id)] : [],
      message: `一校一案${late.map((one) => `${one.name} ${one.end}`).join('、')}结束,晚于 ${time}。此上限只供参考,请看是否合适。`,
    }));
  },
};

const onSchoolDays: Rule = {
  id: 'R-T5',
  title: '只安排在上课日,周末、假期不算',
  sources: ['S05', 'S01'],
  severity: '禁',
  enabled: true,
  tables: ['activities', 'staff', 'attendance', 'terms'],
  evaluate(context) {
    const weekend = [
      ...rowsOf(
        'activities',
        context.index.offered.filter((row) => onWeekend(row.days)),
      ),
      ...rowsOf(
        'staff',
        context.index.serving.filter((row) => onWeekend(row.days ?? [])),
      ),
    ];
    return [
      ...termCause(context, weekend.length > 0, () => ({
        about: '周末',
        rows: weekend,
        message: `课程或人员安排有 ${weekend.length} 行排在周末。课后服务只能排在上课日,请改到周一至周五。`,
      })),
      ...monthCauses(context, (month) => {
        const rows = (context.index.attendanceByMonth.get(month) ?? []).filter((row) => !context.calendar.isSchoolDay(row.date));
        const days = [...new Set(rows.map((row) => row.date))].sort();
        if (rows.length === 0) return null;
        return {
          about: '考勤',
          rows: rowsOf('attendance', rows, (row) => row.date),
          message: `${days.join('、')} 不是上课日,却登记了 ${rows.length} 次考勤。请核对日期;本地另定的上课日请县局登记在“学期”的补课日里。`,
        };
      }),
    ];
  },
};

const afterTeaching: Rule = {
  id: 'R-T5b',
  title: '在完成国家课程和教学计划之后,不压缩正常教学时间(起始时刻早于方案,请核查)',
  sources: ['S05'],
  severity: '参',
  enabled: true,
  from: '2023-12-27',
  tables: ['activities', 'plans'],
  evaluate(context) {
    const begin = earliestStart(context);
    const rows = begin === null ? [] : context.index.offered.filter((row) => row.start < begin && row.end > begin);
    return termCause(context, rows.length > 0, () => ({
      rows: rowsOf('activities', rows, (row) => `${row.start}—${row.end}`),
      message: `${rows.length} 门课程早于方案的开始时刻 ${begin}。是否占用了正常教学时间?请核对。`,
    }));
  },
};

/** Courses that are no after-school service by their name, or that end before it begins. */
const outsideService = (context: RuleContext, words: readonly string[]): RuleRow<'activities'>[] => {
  const begin = earliestStart(context);
  return context.index.offered.filter((row) => wordsIn(row.name, words).length > 0 || (begin !== null && row.end <= begin));
};

const notCounted: Rule = {
  id: 'R-T6',
  title: '早到校看管和自习、午餐午休看管、晚自习不得纳入课后服务,也不得列入其收费',
  sources: ['S05'],
  severity: '禁',
  enabled: true,
  from: '2023-12-27',
  tables: ['activities', 'enrolments', 'attendance'],
  limit: { words: ['早自习', '早读', '早托', '早到校', '晨读', '午餐', '午休', '午托', '午间', '中午', '晚自习', '夜自习'] },
  evaluate(context, { words }) {
    const courses = outsideService(context, words);
    const ids = new Set(courses.map((row) => row.id));
    const chosen = context.rows.enrolments.filter((row) => row.services?.some((name) => wordsIn(name, words).length > 0));
    const counted = context.rows.attendance.filter((row) => ids.has(row.activity));
    const rows: Evidence[] = [
      ...rowsOf('activities', courses, (row) => `${row.start}—${row.end}`),
      ...rowsOf('enrolments', chosen),
      ...rowsOf('attendance', counted, (row) => row.date),
    ];
    return termCause(context, rows.length > 0, () => ({
      rows,
      message:
        `早、午或晚自习时段列入了课后服务:课程 ${courses.length} 门、报名 ${chosen.length} 人、考勤 ${counted.length} 次。` +
        '请从课程安排、报名和收费里去掉,人数和天数也不计在内。',
    }));
  },
};

const eveningStudy: Rule = {
  id: 'R-T7',
  title: '初中工作日晚自习班不计课后服务,结束时刻提示(外地 20:00 或 20:30,河南上限未检得)',
  sources: ['S02', 'S21'],
  severity: '参',
  enabled: true,
  tables: ['activities'],
  limit: { time: '20:30' },
  evaluate(context, { time }) {
    const rows = context.index.offered.filter((row) => row.end > time && (row.grades ?? []).some((grade) => grade >= firstJuniorGrade));
    return termCause(context, rows.length > 0, () => ({
      rows: rowsOf('activities', rows, (row) => `${row.end} 结束`),
      message: `${rows.length} 门初中课程晚于 ${time} 结束。是否为晚自习?晚自习不计课后服务,请核对。`,
    }));
  },
};

const extendedCare: Rule = {
  id: 'R-T8',
  title: '家长接送仍有困难的,提供延时托管',
  sources: ['S02', 'S04'],
  severity: '须',
  enabled: true,
  tables: ['enrolments', 'monthly_reports'],
  evaluate(context) {
    const asking = context.rows.enrolments.filter((row) => row.extended_care === true && row.state === '已通过');
    if (asking.length === 0) return [];
    return monthCauses(context, (month) => {
      const report = served(context, month);
      const inTime = asking.filter((row) => (row.applied_on ?? '') <= lastDay(month));
      if (report?.extended_care !== 0 || inTime.length === 0) return null;
      return {
        rows: [evidence('monthly_reports', report.id, '延时托管 0 人'), ...rowsOf('enrolments', inTime)],
        message: `${inTime.length} 名学生申请了延时托管,${month} 月报却是 0 人。请提供延时托管,或核对月报。`,
      };
    });
  },
};

export const timetableRules: readonly Rule[] = [
  fiveDays,
  twoHours,
  untilOffWork,
  notTooLate,
  onSchoolDays,
  afterTeaching,
  notCounted,
  eveningStudy,
  extendedCare,
];
