/**
 * Figures that stand out from the school's own months or from schools of its kind: questions, never accusations.
 * Modified z-score: 0.6745 · (value − median) ÷ median absolute deviation.
 */
import { evidence, monthCauses } from './causes.ts';
import type { RuleRow } from './columns.ts';
import type { PeerFigures, Rule, RuleContext, SchoolFacts } from './types.ts';

type Report = Pick<
  RuleRow<'monthly_reports'>,
  | 'enrolled'
  | 'participants'
  | 'staff_total'
  | 'staff_participating'
  | 'external_staff'
  | 'service_days'
  | 'payers'
  | 'collected'
  | 'waived'
  | 'refund_amount'
  | 'provides_service'
>;

const share = (part: number | null, whole: number | null): number | null => (part === null || !whole ? null : (part / whole) * 100);

/** The figures that are compared, in their unit. */
export const comparedFigures = {
  rate: { label: '参与率', unit: '%', of: (row: Report) => share(row.participants, row.enrolled) },
  staffRate: { label: '教师参与率', unit: '%', of: (row: Report) => share(row.staff_participating, row.staff_total) },
  external: { label: '每百名学生校外人员数', unit: '人', of: (row: Report) => share(row.external_staff, row.participants) },
  days: { label: '服务天数', unit: '天', of: (row: Report) => row.service_days },
  perPayer: { label: '人均实收', unit: '元', of: (row: Report) => (row.collected !== null && row.payers ? row.collected / row.payers : null) },
  waived: { label: '减免人数占比', unit: '%', of: (row: Report) => share(row.waived, row.participants) },
  refund: { label: '退费额占实收', unit: '%', of: (row: Report) => share(row.refund_amount, row.collected) },
} as const;
export type FigureName = keyof typeof comparedFigures;
const figureNames = Object.keys(comparedFigures) as FigureName[];

/** Columns of a return that the figures are made of. */
export const figureColumns: readonly (keyof Report)[] = [
  'enrolled',
  'participants',
  'staff_total',
  'staff_participating',
  'external_staff',
  'service_days',
  'payers',
  'collected',
  'waived',
  'refund_amount',
  'provides_service',
];

const medianOf = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? (sorted[half] as number) : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
};

/**
 * How far a value stands from others, in robust standard deviations. Where more than half of them are equal the mean
 * deviation takes the place of the median's (Iglewicz and Hoaglin); 0 where all are equal and so is the value.
 */
export const modifiedZ = (value: number, others: readonly number[]): number => {
  if (others.length === 0) return 0;
  const median = medianOf(others);
  const distances = others.map((one) => Math.abs(one - median));
  const mad = medianOf(distances);
  if (mad > 0) return (0.6745 * (value - median)) / mad;
  const mean = distances.reduce((sum, one) => sum + one, 0) / distances.length;
  if (mean > 0) return (value - median) / (1.253314 * mean);
  return value === median ? 0 : Number.POSITIVE_INFINITY * Math.sign(value - median);
};

/** All schools' figures from their returns. */
export const gatherFigures = (reports: readonly (Report & { readonly school: string; readonly month: string })[]): PeerFigures => {
  const gathered = new Map<string, Map<string, Map<string, number>>>(figureNames.map((name) => [name, new Map()]));
  for (const row of reports) {
    if (row.provides_service === false) continue;
    for (const name of figureNames) {
      const value = comparedFigures[name].of(row);
      if (value === null) continue;
      const schools = gathered.get(name) as Map<string, Map<string, number>>;
      const months = schools.get(row.school) ?? new Map<string, number>();
      schools.set(row.school, months.set(row.month, value));
    }
  }
  return gathered;
};

/** Schools of the same type and settlement, without the school itself. */
export const peersOf = (school: SchoolFacts, all: readonly SchoolFacts[]): string[] =>
  all.filter((one) => one.code !== school.code && one.type === school.type && one.urban_rural === school.urban_rural).map((one) => one.code);

/** Fewer say nothing about what is usual. */
const fewest = { months: 5, peers: 6 } as const;
/** A difference that nobody would ask about, whatever its score: a fiftieth of the median. */
const trifling = 50;

interface Standing {
  readonly value: number;
  readonly median: number;
  readonly among: string;
}

const standsOut = (value: number, others: readonly number[], least: number, threshold: number, among: string): Standing[] => {
  if (others.length < least) return [];
  const median = medianOf(others);
  if (Math.abs(value - median) * trifling <= Math.abs(median)) return [];
  return Math.abs(modifiedZ(value, others)) > threshold ? [{ value, median, among }] : [];
};

const standings = (context: RuleContext, name: FigureName, month: string, threshold: number): Standing[] => {
  const figures = context.peers.figures.get(name);
  const own = figures?.get(context.school.code);
  const value = own?.get(month);
  if (!figures || !own || value === undefined) return [];
  const before = [...own].filter(([other]) => other < month).map(([, one]) => one);
  const peers = context.peers.codes.flatMap((code) => figures.get(code)?.get(month) ?? []);
  return [...standsOut(value, before, fewest.months, threshold, '本校以往各月'), ...standsOut(value, peers, fewest.peers, threshold, '同类学校当月')];
};

const rounded = (value: number): string => String(Math.round(value * 100) / 100);

const inWords = (name: FigureName, { value, median, among }: Standing): string => {
  const { label, unit } = comparedFigures[name];
  return `${label} ${rounded(value)} ${unit},${among}的中位数是 ${rounded(median)} ${unit}`;
};

export const outlierRule: Rule = {
  id: 'R-X5',
  title: '与本校以往或同类学校相差较大的数字,请核对(改良 z 分数)',
  sources: [],
  severity: '参',
  enabled: true,
  tables: ['monthly_reports', 'schools'],
  limit: { threshold: 3.5, unit: '倍' },
  evaluate(context, { threshold }) {
    return monthCauses(context, (month) => {
      const report = context.index.reports.get(month);
      const words = figureNames.flatMap((name) => standings(context, name, month, threshold).map((one) => inWords(name, one)));
      if (!report || words.length === 0) return null;
      return {
        rows: [evidence('monthly_reports', report.id, words.join(';'))],
        message: `${month} ${words.join(';')}。数字对吗?如属实,是什么原因?`,
      };
    });
  },
};
