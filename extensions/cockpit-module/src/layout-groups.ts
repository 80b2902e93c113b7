/**
 * Proposals and kept layouts, put together as the office decides them: one question for each header that a school has. Pure.
 */
import type { Layout, LayoutColumn } from '../../../schema/layout.ts';

export interface LayoutSchool {
  readonly code: string;
  readonly name: string;
}

/** A workbook whose columns are to be confirmed. */
export interface AskedSource {
  readonly id: string;
  readonly place: string;
  readonly school: LayoutSchool | null;
  readonly proposals: readonly Layout[] | null;
}

export interface KeptSchool extends LayoutSchool {
  readonly layouts: readonly Layout[] | null;
}

/** One header of a school's own sheets, in whichever files and tabs it stands. */
export interface LayoutGroup {
  /** Stays the same as long as the question does. */
  readonly key: string;
  readonly school: LayoutSchool | null;
  readonly fingerprint: string;
  /** `十月.xlsx「三年级」` */
  readonly sheets: readonly string[];
  /** Tables that stand beside each other under one header row are decided together: they are known by the same words. */
  readonly parts: readonly Layout[];
}

const columnMark = ({ header, nth }: LayoutColumn): string => `${header}\n${nth}`;
const partMark = (layout: Layout): string => layout.columns.map(columnMark).join('\n\n');

const join = (group: LayoutGroup, sheet: string, layout: Layout): LayoutGroup => ({
  ...group,
  sheets: group.sheets.includes(sheet) ? group.sheets : [...group.sheets, sheet],
  parts: group.parts.some((part) => partMark(part) === partMark(layout)) ? group.parts : [...group.parts, layout],
});

interface Entry {
  readonly owner: string;
  readonly school: LayoutSchool | null;
  readonly sheet: string;
  readonly layout: Layout;
}

const grouped = (entries: readonly Entry[]): LayoutGroup[] => {
  const groups = new Map<string, LayoutGroup>();
  for (const { owner, school, sheet, layout } of entries) {
    const key = `${owner}\n${layout.fingerprint}`;
    const group = groups.get(key) ?? { key, school, fingerprint: layout.fingerprint, sheets: [], parts: [] };
    groups.set(key, join(group, sheet, layout));
  }
  return [...groups.values()];
};

/** What is to be confirmed; the same header in several workbooks of a school is one question. */
export const askedGroups = (sources: readonly AskedSource[]): LayoutGroup[] =>
  grouped(
    sources.flatMap(({ id, place, school, proposals }) =>
      (proposals ?? []).map((layout) => ({ owner: school?.code ?? id, school, sheet: `${place}「${layout.label}」`, layout })),
    ),
  );

/** What has been confirmed. */
export const keptGroups = (schools: readonly KeptSchool[]): LayoutGroup[] =>
  grouped(
    schools.flatMap(({ code, name, layouts }) =>
      (layouts ?? []).map((layout) => ({ owner: code, school: { code, name }, sheet: `「${layout.label}」`, layout })),
    ),
  );

/** The layouts of a school with these in place of what it had for the same header. */
export const withLayouts = (kept: readonly Layout[], fingerprint: string, parts: readonly Layout[]): Layout[] => [
  ...kept.filter((layout) => layout.fingerprint !== fingerprint),
  ...parts.map((part) => ({ ...part, confirmed: true })),
];

/** A layout that leaves the whole sheet alone. */
export const leftAlone = (layout: Layout): Layout => ({
  ...layout,
  constants: {},
  columns: layout.columns.map(({ header, nth }) => ({ header, nth, field: null })),
});
