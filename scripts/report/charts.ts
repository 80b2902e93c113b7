/**
 * The charts of the brief as SVG, drawn by echarts without a browser: no script runs in the page that shows them.
 */
import * as echarts from 'echarts';
import type { MonthFigures } from './figures.ts';

const font = { fontFamily: 'WenQuanYi Zen Hei', fontSize: 12, color: '#222' } as const;
const colours = ['#2b6860', '#b0702a', '#9a3b3b'] as const;

const draw = (width: number, height: number, option: object): string => {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({ animation: false, textStyle: font, color: [...colours], ...option } as echarts.EChartsOption);
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
};

const rateOf = (value: unknown): number | null => (typeof value === 'number' ? Math.round(value * 10_000) / 100 : null);

const percentAxis = { type: 'value', min: 0, max: 100, axisLabel: { ...font, fontSize: 11, formatter: '{value}%' } } as const;

/** More bars than this cannot be read on half a page. */
const mostBars = 24;

/** Share of students and of staff who take part, by township. */
export const participationChart = (figures: MonthFigures, width: number, height: number): string => {
  const groups = figures.townships.slice(0, mostBars);
  return draw(width, height, {
    grid: { left: 44, right: 12, top: 34, bottom: groups.length > 8 ? 64 : 34 },
    legend: { top: 0, textStyle: font, itemHeight: 9 },
    xAxis: {
      type: 'category',
      data: groups.map((group) => group.township),
      axisLabel: { ...font, fontSize: 11, interval: 0, rotate: groups.length > 8 ? 40 : 0 },
    },
    yAxis: percentAxis,
    series: [
      { name: '学生参与率', key: 'rate' },
      { name: '教师参与率', key: 'staff_rate' },
    ].map(({ name, key }) => ({
      name,
      type: 'bar',
      barMaxWidth: 22,
      data: groups.map((group) => rateOf(group.totals[key])),
      label: { show: groups.length <= 6, position: 'top', fontFamily: font.fontFamily, fontSize: 10, formatter: '{c}%' },
    })),
  });
};

/** How the returns came in, by township: on time, late, not at all. */
export const standingChart = (figures: MonthFigures, width: number, height: number): string => {
  const all = figures.byTownship.slice(0, mostBars);
  const parts = [
    { name: '按时', of: (one: (typeof all)[number]) => one.onTime },
    { name: '逾期', of: (one: (typeof all)[number]) => one.reported - one.onTime },
    { name: '未报', of: (one: (typeof all)[number]) => one.expected - one.reported },
  ];
  return draw(width, height, {
    grid: { left: 96, right: 16, top: 34, bottom: 22 },
    legend: { top: 0, textStyle: font, itemHeight: 9 },
    xAxis: { type: 'value', minInterval: 1, axisLabel: { ...font, fontSize: 11 } },
    yAxis: {
      type: 'category',
      inverse: true,
      data: all.map((one) => one.name),
      axisLabel: { ...font, fontSize: 11, interval: 0, width: 88, overflow: 'truncate' },
    },
    series: parts.map(({ name, of }) => ({ name, type: 'bar', stack: 'all', barMaxWidth: 14, data: all.map(of) })),
  });
};

/** A month of the trend. */
export interface TrendPoint {
  readonly month: string;
  /** Per cent; null where nobody has reported. */
  readonly participation: number | null;
  readonly onTime: number | null;
}

/** The months up to this one. */
export const trendChart = (points: readonly TrendPoint[], width: number, height: number): string =>
  draw(width, height, {
    grid: { left: 44, right: 16, top: 34, bottom: 26 },
    legend: { top: 0, textStyle: font, itemHeight: 9 },
    xAxis: { type: 'category', data: points.map((point) => point.month), axisLabel: { ...font, fontSize: 11 } },
    yAxis: percentAxis,
    series: [
      { name: '学生参与率', data: points.map((point) => point.participation) },
      { name: '按时报送率', data: points.map((point) => point.onTime) },
    ].map((one) => ({
      ...one,
      type: 'line',
      symbol: 'circle',
      symbolSize: 6,
      connectNulls: false,
      label: { show: points.length <= 7, fontFamily: font.fontFamily, fontSize: 10, formatter: '{c}%' },
    })),
  });
