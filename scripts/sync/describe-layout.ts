/**
 * Says in Chinese what a layout reads and how sure each column is, for whoever is to confirm it.
 */
import { tables } from '../../schema/index.ts';
import type { Layout, LayoutColumn } from '../../schema/layout.ts';

const words = { certain: '认得', likely: '像是,请核对', unknown: '不认识,不读' } as const;

const columnLine = ({ header, nth, field, part, sure }: LayoutColumn): string => {
  const name = `${header}${nth > 1 ? `(第 ${nth} 个)` : ''}`;
  const meaning = field === null ? '不读' : `${field}${part === undefined ? '' : `=${part}`}`;
  return `    ${name} → ${meaning}${sure ? `(${sure === 'unknown' || field !== null ? words[sure] : '不需要'})` : ''}`;
};

/** One layout, a line per column. */
export const describeLayout = (layout: Layout): string => {
  const unsure = layout.columns.filter(({ sure }) => sure === 'likely').length;
  const unread = layout.columns.filter(({ field }) => field === null).length;
  const constants = Object.entries(layout.constants).map(([header, value]) => `    ${header} = ${value}(固定)`);
  return [
    `  「${layout.label}」${tables[layout.table].label}(${layout.shape === 'form' ? '竖排的表' : `表头 ${layout.headerRows} 行`}),${layout.confirmed ? '已确认' : '待确认'}:${layout.columns.length} 栏,待核对 ${unsure} 栏,不读 ${unread} 栏`,
    ...layout.columns.map(columnLine),
    ...constants,
  ].join('\n');
};
