/**
 * Rules on what is posted and asked for (R-F1, R-F2, R-F3, R-F5). What children are charged stands in charge-rules.ts.
 */
import { evidence, monthCauses, rowsOf, served, termCause } from './causes.ts';
import { overCap, wordsIn } from './facts.ts';
import { basisOf, capFor, type Fee, overcharged, type Posted, perMonth, plannedStandard, postedIn, unitOf } from './fee-standards.ts';
import { inYuan, monthlyFee, monthsPaid } from './fees.ts';
import type { Evidence, Rule, RuleContext } from './types.ts';

const underCap: Rule = {
  id: 'R-F1',
  title: '收费不超过批准标准(所据文件题名限中心城区,适用乡镇校与否须核)',
  sources: ['S01', 'S09'],
  severity: '禁',
  enabled: true,
  tables: ['fees', 'plans', 'monthly_reports', 'students'],
  limit: { setting: 'fee_cap_primary', beside: 'fee_cap_junior' },
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

export const feeRules: readonly Rule[] = [underCap, convertedCap, nothingAdded, throughSchool, feesPosted];
