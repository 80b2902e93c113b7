/**
 * The month (or term) on one page for the bureau's superiors: figures, charts, what is missing and what stands out. Counts only.
 * Fills templates/report/brief.hbs; every word is escaped there or by the charts.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import type { Value, Values } from '../../schema/county-table.ts';
import { cleanLine } from '../text/clean.ts';
import { typeset } from '../text/typeset.ts';
import type { TrendPoint } from './charts.ts';
import type { MonthFigures } from './figures.ts';
import { grouped, percentText, shareText, yuan } from './in-print.ts';
import { type Spread, spreadWords } from './spread.ts';
import type { Heading } from './workbook.ts';

/** What the bureau's other lists say of the period. */
export interface Matters {
  /** Open findings by severity. */
  readonly forbidden: number;
  readonly required: number;
  /** Figures that stand out, as questions. */
  readonly outliers: number;
  readonly correctionsWaiting: number;
  readonly correctionsDone: number;
}

const numberText = (value: Value | undefined): string => (typeof value === 'number' ? grouped.format(value) : '—');
const moneyText = (value: Value | undefined): string => (typeof value === 'number' ? yuan.format(value) : '—');

/** `比上月增加 1.20 个百分点`; nothing where there is no month to compare with. */
const changeWords = (now: Value | undefined, before: Value | undefined): string => {
  if (typeof now !== 'number' || typeof before !== 'number') return '';
  const points = Math.round((now - before) * 10_000) / 100;
  return points === 0 ? '与上月持平' : `比上月${points > 0 ? '增加' : '减少'} ${Math.abs(points).toFixed(2)} 个百分点`;
};

const tilesOf = ({ county, totals }: MonthFigures, before: Values | null) =>
  [
    { label: '按时报送率', value: percentText(county.rate), note: `应报 ${county.expected},已报 ${county.reported},按时 ${county.onTime}` },
    { label: '数据完整率', value: percentText(county.completeness), note: '已报学校填了数或写明不适用的栏' },
    {
      label: '学生参与率',
      value: shareText(totals.rate),
      note: changeWords(totals.rate, before?.rate) || `参加 ${numberText(totals.participants)} 人`,
    },
    {
      label: '教师参与率',
      value: shareText(totals.staff_rate),
      note: changeWords(totals.staff_rate, before?.staff_rate) || `参与 ${numberText(totals.staff_participating)} 人`,
    },
  ].map((tile) => ({ ...tile, label: typeset(tile.label), note: typeset(tile.note) }));

/** More names would push the page over; all of them stand below the 统计表. */
const mostNames = 12;

const missingWords = ({ missing }: MonthFigures): string => {
  const names = missing.slice(0, mostNames).map((school) => cleanLine(school.name));
  return missing.length === 0 ? '应报学校已全部报送。' : `未报 ${missing.length} 所:${names.join('、')}${missing.length > mostNames ? '等' : ''}。`;
};

const weakest = ({ townships }: MonthFigures): string => {
  const known = townships.flatMap((group) => (typeof group.totals.rate === 'number' ? [{ name: group.township, rate: group.totals.rate }] : []));
  const low = [...known].sort((a, b) => a.rate - b.rate).slice(0, 3);
  return known.length > 3 ? `参与率较低的是${low.map((one) => `${one.name}(${shareText(one.rate)})`).join('、')}。` : '';
};

const partsOf = (figures: MonthFigures, matters: Matters, spread: Spread) => {
  const { county, totals } = figures;
  const cases = spreadWords(spread);
  const extended = figures.townships.flatMap((group) => group.lines).filter((line) => line.extension !== null).length;
  return [
    {
      title: '报送。',
      text: `应报 ${county.expected} 份,已报 ${county.reported} 份,其中按时 ${county.onTime} 份,及时率 ${percentText(county.timeliness)}${extended ? `;准予延期 ${extended} 所` : ''}。${missingWords(figures)}`,
    },
    {
      title: '参加。',
      text: `在校学生 ${numberText(totals.enrolled)} 人,参加 ${numberText(totals.participants)} 人,每周 5 天全程参加 ${numberText(totals.full_week_participants)} 人;参与教师 ${numberText(totals.staff_participating)} 人。${weakest(figures)}`,
    },
    {
      title: '收费与减免。',
      text: `应收 ${moneyText(totals.due)} 元,实收 ${moneyText(totals.collected)} 元;减免 ${numberText(totals.waived)} 人 ${moneyText(totals.waived_amount)} 元,退费 ${numberText(totals.refunded)} 人 ${moneyText(totals.refund_amount)} 元。`,
    },
    {
      title: '安全与投诉。',
      text: `检查 ${numberText(totals.safety_checks)} 次,发现隐患 ${numberText(totals.hazards)} 处,已整改 ${numberText(totals.hazards_fixed)} 处;投诉 ${numberText(totals.complaints)} 件,办结 ${numberText(totals.complaints_closed)} 件。`,
    },
    {
      title: '核查。',
      text: `未办预警:禁 ${matters.forbidden} 条,须 ${matters.required} 条;与以往或同类学校相差较大、请学校核对的 ${matters.outliers} 条。更正单:待批准 ${matters.correctionsWaiting} 张,已更正 ${matters.correctionsDone} 张。`,
    },
    ...(cases ? [{ title: '推广。', text: cases }] : []),
  ].map((part) => ({ title: typeset(part.title), text: typeset(part.text) }));
};

export interface Brief {
  readonly figures: MonthFigures;
  /** `2026年10月`, or the term's name. */
  readonly period: string;
  readonly heading: Heading & { readonly county: string };
  /** Totals of the month before; null where there is none, and for a term. */
  readonly before: Values | null;
  readonly trend: readonly TrendPoint[];
  readonly matters: Matters;
  readonly spread: Spread;
}

/** The whole page as HTML, ready for the printer. `folder` is `templates/report`. */
export const fillBrief = async (folder: string, { figures, period, heading, before, trend, matters, spread }: Brief): Promise<string> => {
  // The library that draws them is six hundred files, which every other command and the worker can do without.
  const { participationChart, standingChart, trendChart } = await import('./charts.ts');
  const [page, css] = await Promise.all([readFile(join(folder, 'brief.hbs'), 'utf8'), readFile(join(folder, 'brief.css'), 'utf8')]);
  const handlebars = Handlebars.create();
  handlebars.registerPartial('style', css);
  const rows = Math.max(4, Math.min(figures.byTownship.length, 24));
  return handlebars.compile(page, { knownHelpersOnly: true })({
    heading,
    period,
    tiles: tilesOf(figures, before),
    charts: {
      participation: participationChart(figures, 680, 220),
      standing: standingChart(figures, 330, 60 + Math.min(240, rows * 17)),
      trend: trendChart(trend, 330, 60 + Math.min(240, rows * 17)),
    },
    parts: partsOf(figures, matters, spread),
  });
};
