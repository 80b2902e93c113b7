/**
 * Rules on money (R-F1 to R-F8): what is posted, what is charged, who pays, what is given back.
 */
import { evidence, monthCauses, rowsOf, served, termCause } from './causes.ts';
import type { RuleRow } from './columns.ts';
import { firstJuniorGrade, minutesBetween, overCap, wordsIn } from './facts.ts';
import { chargedMonths, inYuan, type MonthBasis, monthlyFee, monthsPaid, refundDue, yuan } from './fees.ts';
import { chargedSum, reconcile } from './reconcile.ts';
import { chargedBy } from './school-index.ts';
import type { Chosen, Evidence, Rule, RuleContext } from './types.ts';

type Fee = RuleRow<'fees'>;

const juniorOnly = ['初中', '完全中学初中部'];
const bothParts = ['九年一贯制', '十二年一贯制', '特殊教育'];

/** The fee that was approved for a grade, yuan a month; null where the county has set none. */
const capFor = (context: RuleContext, grade: number | null): number | null => {
  const { fee_cap_primary: primary, fee_cap_junior: junior } = context.settings;
  if (grade !== null) return grade >= firstJuniorGrade ? junior : primary;
  if (juniorOnly.includes(context.school.type)) return junior;
  // One standard for a school of both parts: it may be that of the part that costs more.
  return bothParts.includes(context.school.type) && primary !== null && junior !== null ? Math.max(primary, junior) : primary;
};

/** What turns a posted standard into a month: days of the return, minutes of the plan. */
const basisOf = (context: RuleContext, month: string, lessonMinutes: number): MonthBasis => {
  const { plan } = context.index;
  const planned = plan?.winter_start && plan.winter_end ? minutesBetween(plan.winter_start, plan.winter_end) : null;
  const report = context.index.reports.get(month);
  return {
    days: report?.service_days ?? context.calendar.schoolDays(month).length,
    minutes: report?.minutes_per_day ?? planned ?? context.settings.min_minutes ?? 0,
    lessonMinutes,
    months: chargedMonths(context.term),
  };
};

const perMonth = '元/生·月';
const unitOf = (unit: string | null): string => unit ?? perMonth;

interface Posted {
  readonly row: Evidence;
  readonly rate: number;
  readonly unit: string;
}

/** The standards that a school has put down: in its plan, and in the return of the month. */
const postedIn = (context: RuleContext, month: string): Posted[] => {
  const report = context.index.reports.get(month);
  return report?.fee_rate ? [{ row: evidence('monthly_reports', report.id), rate: report.fee_rate, unit: unitOf(report.fee_unit) }] : [];
};
const plannedStandard = (context: RuleContext): Posted[] => {
  const { plan } = context.index;
  return plan?.fee_rate ? [{ row: evidence('plans', plan.id), rate: plan.fee_rate, unit: unitOf(plan.fee_unit) }] : [];
};

/** How many months a charge may stand for: those of a lump sum; by lesson or hour the whole term where it is the only charge. */
const monthsOf = (context: RuleContext, fee: Fee, charges: number): number => {
  const unit = unitOf(context.index.plan?.fee_unit ?? null);
  const months = chargedMonths(context.term);
  if (unit === '元/生·学期') return months;
  if (unit !== perMonth) return charges === 1 ? months : 1;
  return Math.min(months, monthsPaid(fee.due ?? fee.paid ?? 0, fee.rate));
};

/** Charges above the approved fee: in a month, or for the whole term where several months were paid at once. */
const overcharged = (context: RuleContext): { fee: Fee; charged: number; allowed: number }[] =>
  [...context.index.feesByStudent].flatMap(([student, fees]) => {
    const cap = capFor(context, context.index.students.get(student)?.grade ?? null);
    if (cap === null) return [];
    // A lump sum of several months uses up those months: the term as a whole has no more than it has.
    let left = cap * chargedMonths(context.term);
    return [...fees]
      .sort((a, b) => (a.month < b.month ? -1 : 1))
      .flatMap((fee) => {
        const charged = chargedBy(fee);
        const allowed = yuan(Math.min(left, cap * monthsOf(context, fee, fees.length)));
        left = Math.max(0, left - charged);
        return overCap(charged, allowed) ? [{ fee, charged, allowed }] : [];
      });
  });

const underCap: Rule = {
  id: 'R-F1',
  title: '收费不超过批准标准(所据文件题名限中心城区,适用乡镇校与否须核)',
  sources: ['S01', 'S09'],
  severity: '禁',
  enabled: true,
  tables: ['fees', 'plans', 'monthly_reports', 'students'],
  limit: { setting: 'fee_cap_primary' },
  evaluate(context) {
    const cap = capFor(context, null);
    const isOver = (one: Posted): boolean => cap !== null && one.unit === perMonth && overCap(one.rate, cap);
    const planned = plannedStandard(context).filter(isOver);
    const over = overcharged(context);
    return [
      ...termCause(context, planned.length > 0, () => ({
        about: '方案',
        rows: planned.map((one) => ({ ...one.row, note: inYuan(one.rate) })),
        message: `一校一案的收费标准 ${inYuan(planned[0]?.rate ?? 0)}/生·月,超过批准标准 ${cap} 元。请改正;已多收的请退还。`,
      })),
      ...monthCauses(context, (month) => {
        const posted = postedIn(context, month).filter(isOver);
        const rows = over.filter(({ fee }) => fee.month === month);
        if (posted.length + rows.length === 0) return null;
        const stake = rows.reduce((sum, one) => sum + one.charged - one.allowed, 0);
        return {
          rows: [
            ...posted.map((one) => ({ ...one.row, note: inYuan(one.rate) })),
            ...rows.map(({ fee, charged, allowed }) => evidence('fees', fee.id, `收 ${inYuan(charged)},最多 ${inYuan(allowed)}`)),
          ],
          message:
            `${month} ${posted.length ? '月报的收费标准超过批准标准;' : ''}${rows.length} 名学生的收费超过批准标准,共多收 ${inYuan(stake)}。` +
            '请核对,多收的请退还并登记退费。',
          atStake: stake,
        };
      }),
    ];
  },
};

const convertedCap: Rule = {
  id: 'R-F1b',
  title: '按课时、小时、学期计费的,折算成月不超过批准标准(折算为推断;阈值为一课时的分钟数,外地小学 40、初中 45)',
  sources: ['S01', 'S20'],
  severity: '参',
  enabled: true,
  tables: ['plans', 'monthly_reports'],
  limit: { threshold: 40, unit: '分钟/课时' },
  evaluate(context, { threshold }) {
    const cap = capFor(context, null);
    return monthCauses(context, (month) => {
      const posted = postedIn(context, month);
      const [one] = posted.length > 0 ? posted : plannedStandard(context);
      if (!one || cap === null || one.unit === perMonth) return null;
      const basis = basisOf(context, month, threshold);
      const fee = monthlyFee(one.rate, one.unit, basis);
      if (fee === null || !overCap(fee, cap)) return null;
      return {
        rows: [{ ...one.row, note: `${one.rate} ${one.unit},折合每月 ${inYuan(fee)}` }],
        message: `${month} 收费 ${one.rate} ${one.unit},按 ${basis.days} 天、每天 ${basis.minutes} 分钟折合每月 ${inYuan(fee)},高于 ${cap} 元。折算是否正确?请核对。`,
      };
    });
  },
};

/** Due for more than the standard by no whole number of half months: something was added. */
const addedTo = (fee: Fee): boolean => {
  if (fee.rate === null || fee.due === null || fee.state === '已取消' || fee.due <= fee.rate) return false;
  return monthsPaid(fee.due, fee.rate) === 1;
};

const nothingAdded: Rule = {
  id: 'R-F2',
  title: '不得擅自增项、扩大范围、捆绑、违背意愿收费',
  sources: ['S05'],
  severity: '禁',
  enabled: true,
  from: '2023-12-27',
  tables: ['activities', 'fees', 'plans'],
  evaluate(context) {
    const courses = context.index.offered.filter((row) => (row.fee ?? 0) > 0 && !row.fee_authority_no);
    // By lesson or hour the due is the standard many times over.
    const counted = unitOf(context.index.plan?.fee_unit ?? null) === perMonth;
    return [
      ...termCause(context, courses.length > 0, () => ({
        about: '课程',
        rows: rowsOf('activities', courses, (row) => inYuan(row.fee ?? 0)),
        message: `${courses.length} 门课程另行收费,却没有批准文号。请停收、退还,或补登批准文号。`,
        atStake: courses.reduce((sum, row) => sum + (row.fee ?? 0) * (row.enrolled ?? 0), 0),
      })),
      ...monthCauses(context, (month) => {
        const rows = counted ? (context.index.feesByMonth.get(month) ?? []).filter(addedTo) : [];
        if (rows.length === 0) return null;
        const stake = rows.reduce((sum, row) => sum + (row.due ?? 0) - (row.rate ?? 0), 0);
        return {
          rows: rowsOf('fees', rows, (row) => `应缴 ${inYuan(row.due ?? 0)},标准 ${inYuan(row.rate ?? 0)}`),
          message: `${month} 有 ${rows.length} 名学生的应缴多于标准,共 ${inYuan(stake)}。是否加了别的项目?请去掉并退还。`,
          atStake: stake,
        };
      }),
    ];
  },
};

const throughSchool: Rule = {
  id: 'R-F3',
  title: '不得通过家委会、第三方机构收取',
  sources: ['S05'],
  severity: '禁',
  enabled: true,
  from: '2023-12-27',
  tables: ['schools'],
  limit: { words: ['家委会', '家长委员会', '第三方', '机构代收'] },
  evaluate(context, { words }) {
    const used = wordsIn(context.school.pay_account, words);
    return termCause(context, used.length > 0, () => ({
      rows: [evidence('schools', context.school.code, `“${used.join('”“')}”`)],
      message: `缴费方式写着“${used.join('”“')}”。收费须进学校账户或用财政票据,不得经家委会、第三方。请改正。`,
    }));
  },
};

const exemptPayNothing: Rule = {
  id: 'R-F4',
  title: '困难学生减免,建档立卡(脱贫户)家庭子女免费(应免而收费)',
  sources: ['S05', 'S01'],
  severity: '须',
  enabled: true,
  tables: ['fees', 'students'],
  evaluate(context) {
    return monthCauses(context, (month) => {
      const rows = reconcile(context).get(month)?.chargedWhileExempt ?? [];
      if (rows.length === 0) return null;
      const stake = chargedSum(rows);
      return {
        rows: rowsOf('fees', rows, (row) => inYuan(chargedBy(row))),
        message: `${month} 有 ${rows.length} 名应减免的学生被收费,共 ${inYuan(stake)}。请退还并登记减免。`,
        atStake: stake,
      };
    });
  },
};

/** Standards that are not the plan's: in the return, and in the rows of the fees. */
const otherStandards = (context: RuleContext, month: string): Evidence[] => {
  const { plan } = context.index;
  if (!plan?.fee_rate) return [];
  const differs = (rate: number | null): boolean => rate !== null && rate > 0 && Math.abs(rate - plan.fee_rate) > 0.004;
  const unit = unitOf(plan.fee_unit);
  return [
    ...postedIn(context, month).flatMap((one) => (one.unit !== unit || differs(one.rate) ? [{ ...one.row, note: `${one.rate} ${one.unit}` }] : [])),
    ...rowsOf(
      'fees',
      (context.index.feesByMonth.get(month) ?? []).filter((row) => differs(row.rate)),
      (row) => inYuan(row.rate ?? 0),
    ),
  ];
};

const feesPosted: Rule = {
  id: 'R-F5',
  title: '执行收费公示,公示标准与月报标准一致',
  sources: ['S05', 'S12'],
  severity: '须',
  enabled: true,
  tables: ['monthly_reports', 'plans', 'fees'],
  evaluate(context) {
    return monthCauses(context, (month) => {
      const report = served(context, month);
      const unposted = report !== null && report.fee_posted === false && (report.fee_rate ?? report.collected ?? 0) > 0;
      const others = otherStandards(context, month);
      if (!unposted && others.length === 0) return null;
      return {
        rows: [...(unposted && report ? [evidence('monthly_reports', report.id, '未公示')] : []), ...others],
        message:
          `${month} ${unposted ? '收费没有公示。' : ''}${others.length > 0 ? `有 ${others.length} 处标准与一校一案公示的 ${context.index.plan?.fee_rate} 元不一致。` : ''}` +
          '未公示或与规定不符的不得收取,请公示并改成一致。',
      };
    });
  },
};

const separateAccounts: Rule = {
  id: 'R-F6',
  title: '纳入学校财务专项管理、专款专用(收了费而未登记支出)',
  sources: ['S01'],
  severity: '须',
  enabled: true,
  tables: ['monthly_reports'],
  evaluate(context) {
    return monthCauses(context, (month) => {
      const report = context.index.reports.get(month);
      if (!report || !(report.collected ?? 0) || report.staff_pay !== null || report.other_spending !== null) return null;
      return {
        rows: [evidence('monthly_reports', report.id, `实收 ${inYuan(report.collected ?? 0)}`)],
        message: `${month} 实收 ${inYuan(report.collected ?? 0)},教师补助支出和其他支出都空着。请按专项账填写,确无支出填 0。`,
      };
    });
  },
};

const remitted: Rule = {
  id: 'R-F6b',
  title: '缴财政专户、收支两条线(邻县要求,本县是否要求未见)',
  sources: ['S10'],
  severity: '参',
  enabled: false,
  tables: ['monthly_reports'],
  evaluate(context) {
    return monthCauses(context, (month) => {
      const report = context.index.reports.get(month);
      if (!report || !(report.collected ?? 0) || report.remitted_on !== null) return null;
      return {
        rows: [evidence('monthly_reports', report.id, `实收 ${inYuan(report.collected ?? 0)}`)],
        message: `${month} 实收 ${inYuan(report.collected ?? 0)},没有缴财政专户日期。请核对是否已缴。`,
        atStake: report.collected ?? 0,
      };
    });
  },
};

/** A lump sum for more months than the term has from its month on. */
const beyondTerm = (context: RuleContext, fee: Fee): boolean => {
  const end = context.term.service_ends_on ?? context.term.ends_on;
  if (fee.month > end.slice(0, 7)) return true;
  const left = chargedMonths({ ...context.term, months: null, service_starts_on: `${fee.month}-01` });
  return chargedBy(fee) > 0 && monthsPaid(chargedBy(fee), fee.rate) > left;
};

const notBeforehand: Rule = {
  id: 'R-F7',
  title: '不跨学期预收',
  sources: ['S20'],
  severity: '参',
  enabled: true,
  tables: ['fees', 'terms'],
  evaluate(context) {
    const rows = context.rows.fees.filter((fee) => beyondTerm(context, fee));
    return termCause(context, rows.length > 0, () => ({
      rows: rowsOf('fees', rows, (row) => `${row.month} 收 ${inYuan(chargedBy(row))}`),
      message: `${rows.length} 笔收费超出本学期余下的月数。是否预收了下学期的?请核对。`,
      atStake: chargedSum(rows),
    }));
  },
};

/** What the refund of a row should be by the county's formula, yuan. */
const expectedRefund = (context: RuleContext, fee: Fee, month: string, { threshold, method }: Chosen): number => {
  if (method === null) return 0;
  const basis = basisOf(context, month, threshold);
  return refundDue(method, {
    paid: fee.paid ?? 0,
    days: basis.days,
    absent: fee.days_absent ?? 0,
    lessons: Math.max(1, Math.floor(basis.minutes / basis.lessonMinutes)),
    monthsBegun: context.months.filter((one) => one <= month).length,
  });
};

const refundFormula: Rule = {
  id: 'R-F7b',
  title: '按实际服务结算:退费额与本县算法一致(本县算法未检得,选定“退费算法”后启用;阈值为一课时的分钟数)',
  sources: ['S20', 'S26'],
  severity: '参',
  enabled: false,
  tables: ['fees'],
  limit: { threshold: 40, unit: '分钟/课时', usesMethod: true },
  evaluate(context, chosen) {
    if (chosen.method === null) return [];
    return monthCauses(context, (month) => {
      const wrong = (context.index.feesByMonth.get(month) ?? []).flatMap((fee) => {
        if (fee.refund_reason === '多收' || fee.paid === null || (fee.days_absent === null && fee.refund === null)) return [];
        const due = expectedRefund(context, fee, month, chosen);
        return Math.abs(due - (fee.refund ?? 0)) > 0.5 ? [{ fee, due }] : [];
      });
      if (wrong.length === 0) return null;
      return {
        rows: wrong.map(({ fee, due }) => evidence('fees', fee.id, `已退 ${inYuan(fee.refund ?? 0)},${chosen.method}算 ${inYuan(due)}`)),
        message: `${month} 有 ${wrong.length} 笔退费与“${chosen.method}”算法不一致。请核对缺席天数和退费额。`,
        atStake: wrong.reduce((sum, { fee, due }) => sum + Math.abs(due - (fee.refund ?? 0)), 0),
      };
    });
  },
};

const refundWhenLeft: Rule = {
  id: 'R-F7c',
  title: '未服务的退费(中途退出的当月未退费)',
  sources: ['S20'],
  severity: '参',
  enabled: true,
  tables: ['fees', 'enrolments'],
  evaluate(context) {
    return monthCauses(context, (month) => {
      const rows = (context.index.feesByMonth.get(month) ?? []).filter((fee) => {
        const enrolment = context.index.enrolments.get(fee.student);
        const left = enrolment?.state === '中途退出' && enrolment.left_on?.startsWith(month);
        return left && (fee.paid ?? 0) > 0 && !fee.refund && fee.state !== '待退款';
      });
      if (rows.length === 0) return null;
      return {
        rows: rowsOf('fees', rows, (row) => `已收 ${inYuan(row.paid ?? 0)}`),
        message: `${month} 有 ${rows.length} 名学生中途退出,还没有退费登记。未服务的天数是否已结算?请核对。`,
        atStake: chargedSum(rows),
      };
    });
  },
};

const chargedForService: Rule = {
  id: 'R-F8',
  title: '不得只收费不服务(缴费而无服务)',
  sources: ['S20'],
  severity: '禁',
  enabled: true,
  tables: ['fees', 'enrolments', 'monthly_reports', 'attendance'],
  evaluate(context) {
    return monthCauses(context, (month) => {
      const rows = reconcile(context).get(month)?.paidWithoutService ?? [];
      if (rows.length === 0) return null;
      const stake = chargedSum(rows);
      return {
        rows: rowsOf('fees', rows, (row) => inYuan(chargedBy(row))),
        message: `${month} 有 ${rows.length} 名学生缴了费而当月没有服务,共 ${inYuan(stake)}。请退还,或补登参加情况。`,
        atStake: stake,
      };
    });
  },
};

const chargedParticipants: Rule = {
  id: 'R-F8b',
  title: '不得向未参加的学生收费(收费而无申请)',
  sources: ['S20', 'S05'],
  severity: '禁',
  enabled: true,
  tables: ['fees', 'enrolments'],
  evaluate(context) {
    return monthCauses(context, (month) => {
      const rows = reconcile(context).get(month)?.chargedWithoutApplication ?? [];
      if (rows.length === 0) return null;
      const stake = chargedSum(rows);
      return {
        rows: rowsOf('fees', rows, (row) => inYuan(chargedBy(row))),
        message: `${month} 有 ${rows.length} 名学生没有通过的申请却被收费,共 ${inYuan(stake)}。请退还,或补办申请手续。`,
        atStake: stake,
      };
    });
  },
};

export const feeRules: readonly Rule[] = [
  underCap,
  convertedCap,
  nothingAdded,
  throughSchool,
  exemptPayNothing,
  feesPosted,
  separateAccounts,
  remitted,
  notBeforehand,
  refundFormula,
  refundWhenLeft,
  chargedForService,
  chargedParticipants,
];
