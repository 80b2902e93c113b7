/**
 * Rules on safety, on plans and returns, and on what follows an inspection (R-S1, R-M1 to R-M3, R-D1, R-D2).
 */
import { dueFor, isOpenIn } from '../months.ts';
import { evidence, monthCauses, rowsOf, served, termCause } from './causes.ts';
import type { RuleRow } from './columns.ts';
import { firstDay, lastDay, tookPart } from './school-index.ts';
import type { Evidence, Rule, RuleContext } from './types.ts';

const daysAgo = (today: string, days: number): string => new Date(Date.parse(today) - days * 86_400_000).toISOString().slice(0, 10);

const prepared: Rule = {
  id: 'R-S1',
  title: '安全应急预案齐备',
  sources: ['S01', 'S03'],
  severity: '须',
  enabled: true,
  tables: ['plans', 'monthly_reports'],
  evaluate(context) {
    const { plan } = context.index;
    return [
      ...termCause(context, plan?.safety_plan === false, () => ({
        about: '方案',
        rows: plan ? [evidence('plans', plan.id)] : [],
        message: '一校一案写明没有安全应急预案。请制定预案并演练。',
      })),
      ...monthCauses(context, (month) => {
        const report = served(context, month);
        if (report?.safety_plan !== false) return null;
        return { rows: [evidence('monthly_reports', report.id)], message: `${month} 月报填写没有安全预案。请制定预案,或核对月报。` };
      }),
    ];
  },
};

const hazardsMended: Rule = {
  id: 'R-S1b',
  title: '安全隐患按时限销号',
  sources: ['S01', 'S03'],
  severity: '须',
  enabled: true,
  tables: ['safety_checks'],
  evaluate(context) {
    const rows = context.rows.safety_checks.filter(
      (row) => row.result === '隐患' && row.closed_on === null && row.deadline !== null && row.deadline < context.today,
    );
    return termCause(context, rows.length > 0, () => ({
      rows: rowsOf('safety_checks', rows, (row) => `时限 ${row.deadline}`),
      message: `${rows.length} 处隐患过了时限还没有销号。请整改、复查,填写销号日。`,
    }));
  },
};

const checksRecorded: Rule = {
  id: 'R-S1c',
  title: '场所、救护、消防检查有记录(多少天内须有一次,未见规定,由本县定)',
  sources: ['S01', 'S03'],
  severity: '参',
  enabled: true,
  tables: ['safety_checks'],
  limit: { threshold: 60, unit: '天' },
  evaluate(context, { threshold }) {
    const since = daysAgo(context.today, threshold);
    const latest =
      context.rows.safety_checks
        .map((row) => row.checked_on)
        .sort()
        .at(-1) ?? null;
    const began = (context.term.service_starts_on ?? context.term.starts_on) <= since;
    const inService = context.rows.enrolments.some((row) => row.state === '已通过');
    return termCause(context, began && inService && (latest === null || latest < since), () => ({
      rows: [],
      message: `最近 ${threshold} 天没有安全检查记录${latest ? `,上次是 ${latest}` : ''}。是否漏登?请补登检查结果。`,
    }));
  },
};

const handedOver: Rule = {
  id: 'R-S1d',
  title: '交接班有签字',
  sources: ['S01', 'S03'],
  severity: '须',
  enabled: true,
  tables: ['attendance'],
  evaluate(context) {
    return monthCauses(context, (month) => {
      const rows = (context.index.attendanceByMonth.get(month) ?? []).filter((row) => row.handover_signed === false);
      if (rows.length === 0) return null;
      return {
        rows: rowsOf('attendance', rows, (row) => row.date),
        message: `${month} 有 ${rows.length} 次考勤没有交接签字。请补签并落实三段交接。`,
      };
    });
  },
};

const attendanceKept: Rule = {
  id: 'R-S1e',
  title: '学生考勤有记录',
  sources: ['S01', 'S03'],
  severity: '须',
  enabled: true,
  tables: ['attendance', 'enrolments'],
  evaluate(context) {
    const taking = context.rows.enrolments.filter((row) => row.state === '已通过').length;
    return termCause(context, taking > 0 && context.rows.attendance.length === 0, () => ({
      rows: [],
      message: `本学期已报名 ${taking} 人,还没有一次考勤记录。请按课程逐日登记。`,
    }));
  },
};

const planInPlace: Rule = {
  id: 'R-M1',
  title: '一校一案已备、公开,负责人明确',
  sources: ['S01'],
  severity: '须',
  enabled: true,
  tables: ['plans', 'schools'],
  evaluate(context) {
    const { plan } = context.index;
    const faults = plan
      ? [...(plan.published_on ? [] : ['没有公示日期']), ...(plan.leader || context.school.leader ? [] : ['没有写明负责人'])]
      : ['还没有报方案'];
    return termCause(context, faults.length > 0, () => ({
      rows: plan ? [evidence('plans', plan.id)] : [],
      message: `本学期一校一案${faults.join(',')}。请补报并公示。`,
    }));
  },
};

const reportedInTime: Rule = {
  id: 'R-M2',
  title: '月报按截止日报送',
  sources: ['S01'],
  severity: '须',
  enabled: true,
  tables: ['monthly_reports', 'schools', 'settings'],
  evaluate(context) {
    const { opened_on: opened, closed_on: closed } = context.school;
    return monthCauses(context, (month) => {
      const due = dueFor(context.index.extensions.get(month), context.calendar.dueDay(month));
      if (due >= context.today || !isOpenIn(month, opened, closed)) return null;
      const report = context.index.reports.get(month);
      const at = report?.first_valid_at ? context.calendar.dayOf(report.first_valid_at) : null;
      if (report && (at === null || at <= due)) return null;
      return {
        rows: report ? [evidence('monthly_reports', report.id, `${at} 收到`)] : [],
        message: report ? `${month} 月报 ${at} 才收到,截止日是 ${due}。请说明迟报原因。` : `${month} 月报截止日 ${due} 已过,还没有收到。请尽快补报。`,
      };
    });
  },
};

interface Difference {
  readonly label: string;
  readonly claimed: number;
  readonly counted: number;
}

/** Figures of a return beside what the school's own rows add up to; only where there are such rows. */
const differences = (context: RuleContext, month: string, report: RuleRow<'monthly_reports'>): Difference[] => {
  const taking = context.rows.enrolments.filter((row) => tookPart(row, firstDay(month), lastDay(month))).length;
  const fees = context.index.feesByMonth.get(month) ?? [];
  const payers = fees.filter((row) => (row.due ?? 0) - (row.waived ?? 0) > 0 && row.state !== '已取消').length;
  const paid = fees.reduce((sum, row) => sum + (row.state === '已取消' ? 0 : (row.paid ?? 0)), 0);
  const all = [
    ...(context.rows.enrolments.length ? [{ label: '参加学生数', claimed: report.participants, counted: taking }] : []),
    ...(fees.length && report.payers !== null ? [{ label: '应收人数', claimed: report.payers, counted: payers }] : []),
    ...(fees.length && report.collected !== null ? [{ label: '实收额', claimed: report.collected, counted: Math.round(paid * 100) / 100 }] : []),
  ];
  return all;
};

const figuresAgree: Rule = {
  id: 'R-M2b',
  title: '月报数字与名册、收费明细一致(一致性为推断;阈值为允许相差的百分比)',
  sources: ['S01'],
  severity: '参',
  enabled: true,
  tables: ['monthly_reports', 'enrolments', 'fees'],
  limit: { threshold: 5, unit: '%' },
  evaluate(context, { threshold }) {
    return monthCauses(context, (month) => {
      const report = context.index.reports.get(month);
      const apart = report
        ? differences(context, month, report).filter(
            ({ claimed, counted }) => Math.abs(claimed - counted) * 100 > Math.max(claimed, counted) * threshold,
          )
        : [];
      if (!report || apart.length === 0) return null;
      const words = apart.map(({ label, claimed, counted }) => `${label}月报 ${claimed}、明细 ${counted}`);
      return {
        rows: [evidence('monthly_reports', report.id, words.join(';'))],
        message: `${month} ${words.join(';')}。哪个对?请核对后改正。`,
      };
    });
  },
};

const everySchool: Rule = {
  id: 'R-M3',
  title: '义务教育学校全覆盖',
  sources: ['S01', 'S04'],
  severity: '须',
  enabled: true,
  tables: ['monthly_reports', 'schools'],
  evaluate(context) {
    return monthCauses(context, (month) => {
      const report = context.index.reports.get(month);
      if (report?.provides_service !== false) return null;
      return { rows: [evidence('monthly_reports', report.id)], message: `${month} 月报填写没有开展课后服务。请开展;确有原因的请说明。` };
    });
  },
};

const everybodyInNeed: Rule = {
  id: 'R-M3b',
  title: '有需要的学生全覆盖(申请被拒绝的优先群体学生,请核查)',
  sources: ['S01', 'S04'],
  severity: '参',
  enabled: true,
  tables: ['enrolments', 'students'],
  evaluate(context) {
    const rows = context.rows.enrolments.filter((row) => {
      const groups = context.index.students.get(row.student)?.groups ?? [];
      return row.state === '已拒绝' && groups.some((group) => group !== '一般');
    });
    return termCause(context, rows.length > 0, () => ({
      rows: rowsOf('enrolments', rows),
      message: `${rows.length} 名优先群体学生的申请被拒绝。是否另有安排?请核对后说明。`,
    }));
  },
};

const demandsMet: Rule = {
  id: 'R-D1',
  title: '督导要求按时限整改、复查',
  sources: ['S01'],
  severity: '须',
  enabled: true,
  tables: ['inspections'],
  evaluate(context) {
    const rows = context.rows.inspections.filter(
      (row) => row.measure !== null && row.state !== '已办结' && row.rechecked_on === null && row.deadline !== null && row.deadline < context.today,
    );
    return termCause(context, rows.length > 0, () => ({
      rows: rowsOf('inspections', rows, (row) => `时限 ${row.deadline}`),
      message: `${rows.length} 次督导的整改时限已过,还没有复查。请学校交回执,县局安排复查。`,
    }));
  },
};

const grave: readonly string[] = ['通报', '约谈', '移送'];

const heldTwice: Rule = {
  id: 'R-D2',
  title: '一年内被问责达到阈值次数的,从重(《教育督导问责办法》)',
  sources: ['S16'],
  severity: '参',
  enabled: true,
  from: '2021-09-01',
  tables: ['inspections'],
  limit: { threshold: 2, unit: '次/年' },
  evaluate(context, { threshold }) {
    const since = daysAgo(context.today, 365);
    const rows: Evidence[] = rowsOf(
      'inspections',
      context.rows.inspections.filter((row) => row.measure !== null && grave.includes(row.measure) && (row.inspected_on ?? '') > since),
      (row) => `${row.inspected_on} ${row.measure}`,
    );
    return termCause(context, rows.length >= threshold, () => ({
      rows,
      message: `一年内通报、约谈或移送 ${rows.length} 次。是否按从重情形办理?请县局研究。`,
    }));
  },
};

export const managementRules: readonly Rule[] = [
  prepared,
  hazardsMended,
  checksRecorded,
  handedOver,
  attendanceKept,
  planInPlace,
  reportedInTime,
  figuresAgree,
  everySchool,
  everybodyInNeed,
  demandsMet,
  heldTwice,
];
