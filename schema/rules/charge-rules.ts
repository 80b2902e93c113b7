/**
 * Rules on what children are charged, and on what becomes of the money (R-F4, R-F6, R-F7, R-F8).
 */
import { evidence, monthCauses, rowsOf, termCause } from './causes.ts';
import { basisOf, type Fee } from './fee-standards.ts';
import { chargedMonths, inYuan, monthsPaid, refundDue } from './fees.ts';
import { chargedSum, reconcile, unservedSum } from './reconcile.ts';
import { chargedBy } from './school-index.ts';
import type { Chosen, Rule, RuleContext } from './types.ts';

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
      const stake = unservedSum(rows);
      return {
        rows: rows.map(({ fee, amount }) => evidence('fees', fee.id, inYuan(amount))),
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

export const chargeRules: readonly Rule[] = [
  exemptPayNothing,
  separateAccounts,
  remitted,
  notBeforehand,
  refundFormula,
  refundWhenLeft,
  chargedForService,
  chargedParticipants,
];
