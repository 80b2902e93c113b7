/**
 * Rules on free will and the four steps (R-V1 to R-V3), and on what may not be taught (R-C1).
 * How long homework takes (R-C2) no table says: that rule is only listed.
 */
import { stepOf } from '../enrolment/steps.ts';
import { evidence, monthCauses, rowsOf, served, termCause } from './causes.ts';
import type { RuleRow } from './columns.ts';
import { daysBetween, wordsIn } from './facts.ts';
import { reconcile } from './reconcile.ts';
import { groupBy } from './school-index.ts';
import type { Evidence, Rule, RuleContext, UndecidedRule } from './types.ts';

type Enrolment = RuleRow<'enrolments'>;

const approved = (context: RuleContext): Enrolment[] => context.rows.enrolments.filter((row) => row.state === '已通过');

const writtenApplication: Rule = {
  id: 'R-V1',
  title: '不得强制或变相强制参加;须有书面自愿申请',
  sources: ['S05', 'S01'],
  severity: '禁',
  enabled: true,
  tables: ['enrolments'],
  evaluate(context) {
    const rows = approved(context).filter((row) => row.applied_on === null);
    return termCause(context, rows.length > 0, () => ({
      rows: rowsOf('enrolments', rows),
      message: `${rows.length} 名学生已通过报名,却没有申请日。请补登家长书面自愿申请;没有申请的,不得视为参加。`,
    }));
  },
};

/** Under this many children all of them may well wish to come: our inference, no rule. */
const smallSchool = 20;

const everybody: Rule = {
  id: 'R-V1b',
  title: '参与率达到阈值的,核查是否自愿(推断,仅提示)',
  sources: ['S05'],
  severity: '参',
  enabled: true,
  from: '2023-12-27',
  tables: ['monthly_reports'],
  limit: { threshold: 100, unit: '%' },
  evaluate(context, { threshold }) {
    return monthCauses(context, (month) => {
      const report = served(context, month);
      if (!report || report.enrolled < smallSchool || report.participants * 100 < report.enrolled * threshold) return null;
      const rate = Math.round((report.participants / report.enrolled) * 10000) / 100;
      return {
        rows: [evidence('monthly_reports', report.id, `${report.participants}/${report.enrolled}`)],
        message: `${month} 参与率 ${rate}%。是否每位家长都是自愿申请?请抽查回执后说明。`,
      };
    });
  },
};

/** What a child chose, as one word; whole classes that all say the same are worth a look. */
const choiceOf = (row: Enrolment): string => JSON.stringify([row.days, [...(row.services ?? [])].sort(), row.applied_on]);

/** Classes of which every child on the roll is enrolled with the very same answer. */
const uniformClasses = (context: RuleContext, least: number): Enrolment[][] =>
  [
    ...groupBy(
      context.rows.students.filter((row) => row.status !== '已离校'),
      (row) => `${row.grade}/${row.class_no}`,
    ).values(),
  ].flatMap((pupils) => {
    const answers = pupils.flatMap((pupil) => context.index.enrolments.get(pupil.id) ?? []);
    const same = new Set(answers.map(choiceOf)).size === 1 && answers.every((row) => row.state === '已通过');
    return pupils.length >= least && answers.length === pupils.length && same ? [answers] : [];
  });

const uniformAnswers: Rule = {
  id: 'R-V1c',
  title: '全班统一勾选的,核查是否自愿(推断,仅提示)',
  sources: ['S05'],
  severity: '参',
  enabled: true,
  from: '2023-12-27',
  tables: ['students', 'enrolments'],
  limit: { threshold: 10, unit: '人以上的班' },
  evaluate(context, { threshold }) {
    const classes = uniformClasses(context, threshold);
    return termCause(context, classes.length > 0, () => ({
      rows: rowsOf('enrolments', classes.flat()),
      message: `${classes.length} 个班全班的星期、项目和申请日完全一样。是否由班里统一勾选?请抽查回执后说明。`,
    }));
  },
};

const parentsInformed: Rule = {
  id: 'R-V2',
  title: '事先征求意见并告知对象、时间、内容、收费、安全保障(报名而无告家长书)',
  sources: ['S01', 'S05'],
  severity: '须',
  enabled: true,
  tables: ['enrolments', 'notices', 'notice_copies'],
  evaluate(context) {
    const rows = approved(context).filter((row) => !context.index.informed.has(row.student));
    return termCause(context, rows.length > 0, () => ({
      rows: rowsOf('enrolments', rows),
      message:
        context.index.informed.size === 0
          ? `本学期没有印发告家长书,已报名 ${rows.length} 人。请先告知家长,再收回执。`
          : `${rows.length} 名已报名的学生没有有效的告家长书。请补印、补送。`,
    }));
  },
};

const fourSteps: Rule = {
  id: 'R-V3',
  title: '家长自愿申请、班级初审、学校核准、统筹安排四步均留痕',
  sources: ['S01'],
  severity: '须',
  enabled: true,
  tables: ['enrolments'],
  evaluate(context) {
    const rows = approved(context).filter((row) => !row.class_review || !row.school_review);
    return termCause(context, rows.length > 0, () => ({
      rows: rowsOf('enrolments', rows, (row) => (row.class_review ? '缺学校核准' : row.school_review ? '缺班级初审' : '缺班级初审和学校核准')),
      message: `${rows.length} 名学生状态为已通过,却缺班级初审或学校核准的意见。请补登。`,
    }));
  },
};

/** How long after the application a place is waited for is our convention, so the county switches it on. */
const placesArranged: Rule = {
  id: 'R-V3c',
  title: '学校核准后统筹安排也须留痕(选了课程却没有安排结果;天数为约定)',
  sources: ['S01'],
  severity: '须',
  enabled: false,
  tables: ['enrolments', 'activities'],
  limit: { threshold: 14, unit: '天' },
  evaluate(context, { threshold }) {
    const courses = new Set(context.index.offered.map((row) => row.name));
    const rows = approved(context).filter(
      (row) =>
        stepOf(row) === '学校核准' &&
        (row.services ?? []).some((name) => courses.has(name)) &&
        row.applied_on !== null &&
        daysBetween(row.applied_on, context.today) > threshold,
    );
    return termCause(context, rows.length > 0, () => ({
      rows: rowsOf('enrolments', rows, (row) => `申请日 ${row.applied_on}`),
      message: `${rows.length} 名学生选了课程,申请已过 ${threshold} 天,还没有统筹安排的结果。请在工作台“统筹安排”,或说明由谁安排。`,
    }));
  },
};

const attendedUnenrolled: Rule = {
  id: 'R-V3b',
  title: '参加的学生都在报名名册里(出勤而未报名)',
  sources: ['S01'],
  severity: '须',
  enabled: true,
  tables: ['attendance', 'enrolments', 'activities'],
  evaluate(context) {
    return monthCauses(context, (month) => {
      const surplus = reconcile(context).get(month)?.attendedWithoutEnrolment ?? [];
      if (surplus.length === 0) return null;
      const most = Math.max(...surplus.map(({ row, roster }) => row.present - roster));
      return {
        rows: surplus.map(({ row, roster }) => evidence('attendance', row.id, `${row.date} 实到 ${row.present},名册 ${roster}`)),
        message: `${month} 有 ${surplus.length} 次考勤的实到人数多于报名名册,最多多 ${most} 人。请补办报名,或核对考勤。`,
      };
    });
  },
};

const noLessons: Rule = {
  id: 'R-C1',
  title: '不讲新课,不刷题备考,不集体补课',
  sources: ['S02', 'S05'],
  severity: '禁',
  enabled: true,
  tables: ['activities', 'staff', 'plans', 'monthly_reports'],
  limit: { words: ['新课', '新授', '补课', '刷题', '备考'] },
  evaluate(context, { words }) {
    const { plan } = context.index;
    const used = (text: string | null): boolean => wordsIn(text, words).length > 0;
    const noted = (text: string | null): string => `“${wordsIn(text, words).join('”“')}”`;
    const rows: Evidence[] = [
      ...rowsOf(
        'activities',
        context.index.offered.filter((row) => used(row.name)),
        (row) => noted(row.name),
      ),
      ...rowsOf(
        'staff',
        context.index.serving.filter((row) => used(row.serves)),
        (row) => noted(row.serves),
      ),
      ...(plan && used(plan.content_notes) ? [evidence('plans', plan.id, noted(plan.content_notes))] : []),
    ];
    return [
      ...termCause(context, rows.length > 0, () => ({
        rows,
        message: `课程、人员安排或方案里有 ${rows.length} 处写着讲新课、刷题备考或集体补课。课后服务不得安排,请撤下;用词不当的请改正。`,
      })),
      ...monthCauses(context, (month) => {
        const report = context.index.reports.get(month);
        if (!report || !used(report.highlights)) return null;
        return {
          rows: [evidence('monthly_reports', report.id, noted(report.highlights))],
          message: `${month} 月报的典型经验写到讲新课、刷题备考或集体补课。课后服务不得安排,请核对。`,
        };
      }),
    ];
  },
};

export const homework: UndecidedRule = {
  id: 'R-C2',
  title: '小学三年级以上在校内基本完成书面作业,初中完成大部分;一二年级不布置书面家庭作业,三至六年级不超过 60 分钟、初中不超过 90 分钟',
  sources: ['S01', 'S21'],
  severity: '须',
  undecided: '填报表里没有作业时长,系统不核查;督导、巡课时看',
};

export const voluntaryRules: readonly Rule[] = [
  writtenApplication,
  everybody,
  uniformAnswers,
  parentsInformed,
  fourSteps,
  placesArranged,
  attendedUnenrolled,
  noLessons,
];
