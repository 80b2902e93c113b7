/**
 * What the mapping screen offers for a column, and what becomes of a layout when somebody chooses. Pure.
 */
import type { Field } from '../../../schema/fields.ts';
import type { Layout, LayoutColumn } from '../../../schema/layout.ts';
import { combinedFields, layoutColumns, mappingFaults, readsNothing } from '../../../schema/layout-fields.ts';
import type { Tab } from '../../../schema/sheets.ts';
import { gradeNames, weekdayNames } from '../../../schema/vocabulary.ts';

export interface Choice {
  /** Of an option; '' is 不读. */
  readonly value: string;
  readonly label: string;
}

export interface ChoiceGroup {
  readonly label: string;
  readonly choices: readonly Choice[];
}

type Part = NonNullable<LayoutColumn['part']>;

const valueFor = (field: string | null, part?: Part): string => (field === null ? '' : JSON.stringify(part === undefined ? [field] : [field, part]));

/** The option that a column stands at. */
export const chosen = ({ field, part }: LayoutColumn): string => valueFor(field, part);

/** The single values that a tick may stand for, as people call them. */
const tickParts = (field: Field): readonly (readonly [Part, string])[] => {
  if (field.kind === 'weekdays') return weekdayNames.map((name, at) => [at + 1, name]);
  if (field.kind === 'grades') return gradeNames.map((name, at) => [at + 1, name]);
  return field.kind === 'choices' ? field.choices.map(({ value, label }) => [value, label ?? value]) : [];
};

/** What any column of a table may be read as. */
export const choiceGroups = (tab: Tab): ChoiceGroup[] => {
  const columns = layoutColumns(tab);
  const combined = combinedFields(tab);
  return [
    {
      label: `${tab.name}的栏目`,
      choices: columns.map(({ word, label, column }) => ({ value: valueFor(word), label: column.required ? `${label}(必填)` : label })),
    },
    ...(combined.length ? [{ label: '一格里有几项', choices: combined.map((word) => ({ value: valueFor(word), label: word })) }] : []),
    ...columns.flatMap(({ word, label, column }): ChoiceGroup[] => {
      const choices = tickParts(column.field).map(([part, name]) => ({ value: valueFor(word, part), label: `${label}:${name}(打√)` }));
      return choices.length ? [{ label: `打√的栏:${label}`, choices }] : [];
    }),
  ];
};

/** The option of a column that the list does not have: a tick for a word of its own, or a field that the model has no more. */
export const strayChoice = (column: LayoutColumn, groups: readonly ChoiceGroup[]): Choice | null => {
  const value = chosen(column);
  if (value === '' || groups.some(({ choices }) => choices.some((one) => one.value === value))) return null;
  return { value, label: column.part === undefined ? `${column.field}(没有这一栏)` : `${column.field}:${column.part}(打√)` };
};

/** The layout with one column read as the option says; what a person has chosen is no guess any more. */
export const withChoice = (layout: Layout, at: number, value: string): Layout => {
  const [field = null, part] = value === '' ? [] : (JSON.parse(value) as [string, Part?]);
  const columns = layout.columns.map((column, index): LayoutColumn => {
    if (index !== at) return column;
    const { header, nth } = column;
    return { header, nth, field, ...(part === undefined ? {} : { part }) };
  });
  return { ...layout, columns };
};

/** The layout for another table: what that one does not have is not read. */
export const withTable = (layout: Layout, tab: Tab): Layout => {
  const values = new Set(choiceGroups(tab).flatMap(({ choices }) => choices.map(({ value }) => value)));
  const constants = new Set(constantFields(tab).map(({ word }) => word));
  return {
    ...layout,
    table: tab.table,
    columns: layout.columns.map((column) => (values.has(chosen(column)) ? column : { header: column.header, nth: column.nth, field: null })),
    constants: Object.fromEntries(Object.entries(layout.constants).filter(([word]) => constants.has(word))),
  };
};

const mostClasses = 20;

/** The words that a cell of this kind may say, so that what is fixed for every row can always be read; null where it cannot be listed. */
const wordsOf = (field: Field): readonly string[] | null => {
  if (field.kind === 'grade') return gradeNames;
  if (field.kind === 'yesNo') return ['是', '否'];
  if (field.kind === 'choice') return field.choices.map(({ value, label }) => label ?? value);
  return field.kind === 'classNo' ? Array.from({ length: mostClasses }, (_, at) => `${at + 1}班`) : null;
};

export interface ConstantField {
  readonly word: string;
  readonly label: string;
  readonly words: readonly string[];
}

/** Fields that may be the same in every row, with the words to choose from. */
export const constantFields = (tab: Tab): ConstantField[] =>
  layoutColumns(tab).flatMap(({ word, label, column }): ConstantField[] => {
    const words = wordsOf(column.field);
    return words ? [{ word, label, words }] : [];
  });

/** Why these layouts cannot be confirmed together as they stand; Chinese, none where they can. */
export const confirmFaults = (parts: readonly Layout[], tabFor: (layout: Layout) => Tab): string[] => {
  if (parts.every(readsNothing)) return ['还没有一栏选了“读作”。整张表都不用读的,请按“不是台账,不读”'];
  return parts.flatMap((part) => {
    const twice = Object.keys(part.constants).filter((word) => part.columns.some(({ field, part: tick }) => field === word && tick === undefined));
    return [...mappingFaults(part, tabFor(part)), ...twice.map((word) => `“${word}”已经有一栏,不能又是固定内容`)];
  });
};
