/**
 * Figures in cases: which of a school's returns a case quotes, frozen with where they come from, and which schools' figures speak for
 * asking them. Pure. A figure is frozen once: a later correction of the return is told, and changes nothing.
 */
import { rateOf } from '../derive.ts';
import type { Row } from '../fields.ts';
import { shiftMonth } from '../months.ts';
import type { monthlyReports } from '../tables/monthly-reports.ts';
import type { CaseText } from './parts.ts';
import { parts, plain } from './parts.ts';
import type { CaseFault, CaseFigure, CaseHint } from './records.ts';

export type Return = Pick<
  Row<typeof monthlyReports>,
  'school' | 'month' | 'rate' | 'participants' | 'enrolled' | 'staff_participating' | 'staff_rate' | 'courses' | 'clubs' | 'state'
> & { readonly id: string };

type Quotable = 'rate' | 'participants' | 'enrolled' | 'staff_participating' | 'courses' | 'clubs';

interface Quote {
  readonly field: Quotable;
  readonly label: string;
  readonly unit: string;
  /** Its first group is the figure as it is written. */
  readonly pattern: RegExp;
}

const number = '(\\d[\\d,]*(?:\\.\\d+)?)';
/** Up to a few words between the name of a figure and the figure: 参与率达到95.6%. */
const near = '[^\\d。;;]{0,8}?';
const quotes: readonly Quote[] = [
  { field: 'rate', label: '参与率', unit: '%', pattern: new RegExp(`参[与加]率${near}${number}\\s*[%]`, 'g') },
  {
    field: 'participants',
    label: '参加学生数',
    unit: '人',
    pattern: new RegExp(`参加(?:课后服务的?)?学生(?:数|现有|共|达到?|有|增[至到])*${near}${number}\\s*[人名]`, 'g'),
  },
  {
    field: 'enrolled',
    label: '在校学生数',
    unit: '人',
    pattern: new RegExp(`(?:在校学生|在校生|现有学生)(?:数|共|有)*${near}${number}\\s*[人名]`, 'g'),
  },
  { field: 'staff_participating', label: '参与教师数', unit: '人', pattern: new RegExp(`参[与加]教师(?:数|共|有)*${near}${number}\\s*[人名]`, 'g') },
  { field: 'courses', label: '课程(班)数', unit: '门', pattern: new RegExp(`开[设出](?:课程|活动课)(?:共)?${near}${number}\\s*[门个]`, 'g') },
  { field: 'clubs', label: '社团数', unit: '个', pattern: new RegExp(`社团(?:共|有|达到?|增[至到])*${near}${number}\\s*个`, 'g') },
];

/** A figure as a case writes it. */
interface Written {
  readonly quote: Quote;
  readonly value: number;
  readonly decimals: number;
  readonly words: string;
  readonly part: string;
}

const writtenIn = (row: CaseText): Written[] =>
  parts.flatMap(({ field, title }) =>
    quotes.flatMap((quote) =>
      [...plain(row[field]).matchAll(quote.pattern)].map((match): Written => {
        const digits = (match[1] ?? '').replaceAll(',', '');
        return { quote, value: Number(digits), decimals: digits.split('.')[1]?.length ?? 0, words: match[0], part: title };
      }),
    ),
  );

const rounded = (value: number, decimals: number): number => Math.round(value * 10 ** decimals) / 10 ** decimals;
const figureIn = (report: Return, field: Quotable): number | null =>
  field === 'rate' ? (report.rate ?? rateOf(report.participants, report.enrolled)) : report[field];

const newestFirst = (a: Return, b: Return): number => (a.month < b.month ? 1 : -1);

const figureOf = (report: Return, quote: Pick<Quote, 'field' | 'label' | 'unit'>, value: number, now: string, words: string): CaseFigure => ({
  label: quote.label,
  value,
  unit: quote.unit,
  table: 'monthly_reports',
  field: quote.field,
  month: report.month,
  row: report.id,
  frozen: now,
  quote: words,
});

export interface QuotedFigures {
  /** Frozen before, still quoted or attached, and newly found. */
  readonly figures: readonly CaseFigure[];
  readonly faults: readonly CaseFault[];
}

const unmatched = ({ quote, words, part }: Written, newest: Return | undefined): CaseFault => {
  const known = newest && figureIn(newest, quote.field);
  const beside = newest && known !== null && known !== undefined ? `最近一份月报(${newest.month})是 ${known}${quote.unit}` : '还没有月报可对';
  return { code: 'figure-without-source', level: '提', part, message: `“${part}”里的“${words}”在本校月报里找不到出处,${beside},请核对。` };
};

const correctedSince = (figure: CaseFigure, reports: readonly Return[]): CaseFault[] => {
  const report = reports.find((one) => one.id === figure.row);
  const now = report && figureIn(report, figure.field as Quotable);
  if (now === undefined || now === null || now === figure.value) return [];
  const words = `${figure.label} ${figure.month} 引用时是 ${figure.value}${figure.unit},月报后来改为 ${now}${figure.unit},请看正文要不要改。`;
  return [{ code: 'figure-corrected', level: '提', part: '成效', message: words }];
};

/**
 * The figures that a case quotes from its school's returns. `before`: what was frozen already. A figure that agrees with several months is
 * taken from the newest.
 */
export const quotedFigures = (row: CaseText, reports: readonly Return[], before: readonly CaseFigure[], now: string): QuotedFigures => {
  const sorted = [...reports].sort(newestFirst);
  const written = writtenIn(row);
  const kept = before.filter((figure) => figure.quote === '' || written.some((one) => one.words === figure.quote));
  const fresh: CaseFigure[] = [];
  const faults: CaseFault[] = [];
  for (const one of written) {
    if ([...kept, ...fresh].some((figure) => figure.quote === one.words)) continue;
    const source = sorted.find((report) => {
      const value = figureIn(report, one.quote.field);
      return value !== null && rounded(value, one.decimals) === one.value;
    });
    if (source) fresh.push(figureOf(source, one.quote, figureIn(source, one.quote.field) as number, now, one.words));
    else faults.push(unmatched(one, sorted[0]));
  }
  return { figures: [...kept, ...fresh], faults: [...faults, ...kept.flatMap((figure) => correctedSince(figure, reports))] };
};

export interface HintInput {
  readonly reports: readonly Return[];
  /** Findings of the school that are open, of any severity. */
  readonly openFindings: number;
  /** It has a case that is being judged or is out already. */
  readonly hasCase: boolean;
  /** First month of the term, `2026-09`. */
  readonly since: string;
  readonly points: number;
  readonly now: string;
}

const spoken = (month: string, since: string): string => (month.slice(0, 4) === since.slice(0, 4) ? `${Number(month.slice(5))}月` : month);

/** Why a school is worth asking, with the figures; null where its figures do not speak for it or something is open against it. */
export const hintFor = ({ reports, openFindings, hasCase, since, points, now }: HintInput): Omit<CaseHint, 'asked'> | null => {
  if (openFindings > 0 || hasCase) return null;
  // The month before the term counts as its beginning where the school reported then.
  const told = reports.filter((report) => report.month >= shiftMonth(since, -1) && figureIn(report, 'rate') !== null).sort(newestFirst);
  const [last, first] = [told[0], told.at(-1)];
  if (!last || !first || first === last) return null;
  const [from, to] = [figureIn(first, 'rate') as number, figureIn(last, 'rate') as number];
  const risen = rounded(to - from, 1);
  if (risen < points) return null;
  const quote = { field: 'rate', label: '参与率', unit: '%' } as const;
  const count = { field: 'participants', label: '参加学生数', unit: '人' } as const;
  const figures = [
    figureOf(first, quote, from, now, ''),
    figureOf(last, quote, to, now, ''),
    ...(last.participants === null ? [] : [figureOf(last, count, last.participants, now, '')]),
  ];
  return {
    at: now,
    reason: `参与率 ${spoken(first.month, last.month)}以来升 ${risen} 个百分点(${from}% 到 ${to}%),没有未结预警:建议约稿。`,
    figures,
  };
};
