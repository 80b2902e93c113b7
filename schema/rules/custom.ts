/**
 * Rules that staff add without code: field, comparison, another field or a value, and what to tell the school.
 * A rule that cannot be understood is a fault in Chinese, never a rule that finds nothing.
 */
import type { Field, Fields } from '../fields.ts';
import { type TableName, tables } from '../index.ts';
import { ruleTables } from '../vocabulary.ts';
import type { ActiveRule, RuleChoice } from './catalogue.ts';
import { monthCauses, rowsOf, termCause } from './causes.ts';
import type { RuleTable } from './columns.ts';
import type { Cause, RuleContext, RuleSeverity } from './types.ts';

/** A row of `rules` that staff wrote. */
export interface CustomChoice extends RuleChoice {
  readonly table: string | null;
  readonly field: string | null;
  readonly comparison: string | null;
  readonly other_field: string | null;
  readonly value: string | null;
  readonly message: string | null;
}

export interface CustomRule {
  readonly rule: ActiveRule;
  readonly table: RuleTable;
  /** Columns that it reads. */
  readonly columns: readonly string[];
}

type Plain = number | string | boolean | readonly (string | number)[] | null;
type AnyRow = Readonly<Record<string, unknown>> & { readonly id: string };
interface Named {
  readonly name: string;
  readonly field: Field;
}

const numeric = new Set(['whole', 'money', 'decimal', 'percent', 'minutes', 'grade']);
const ordered = new Set([...numeric, 'date', 'month', 'time', 'timestamp']);
const lists = new Set(['choices', 'list', 'weekdays', 'grades', 'photos']);

const comparisons: Readonly<Record<string, (value: Plain, other: Plain) => boolean>> = {
  '=': (value, other) => value === other,
  '≠': (value, other) => value !== other,
  '<': (value, other) => (value as number) < (other as number),
  '≤': (value, other) => (value as number) <= (other as number),
  '>': (value, other) => (value as number) > (other as number),
  '≥': (value, other) => (value as number) >= (other as number),
  包含: (value, other) => (Array.isArray(value) ? value.map(String).includes(String(other)) : String(value).includes(String(other))),
};
const inOrder = new Set(['<', '≤', '>', '≥']);
const alone = new Set(['为空', '不为空']);

const findField = (table: RuleTable, words: string): Named | null => {
  const wanted = words.trim();
  const found = Object.entries(tables[table].fields as Fields).find(([name, field]) => name === wanted || field.label === wanted);
  return found ? { name: found[0], field: found[1] } : null;
};

/** What the person typed, as the field holds it; null where it cannot be that. */
const valueFor = (field: Field, typed: string): Plain => {
  const words = typed.trim();
  if (numeric.has(field.kind)) return words !== '' && Number.isFinite(Number(words)) ? Number(words) : null;
  if (field.kind === 'date') return /^\d{4}-\d{2}-\d{2}$/.test(words) ? words : null;
  if (field.kind === 'month') return /^\d{4}-\d{2}$/.test(words) ? words : null;
  if (field.kind === 'time') return /^\d{2}:\d{2}$/.test(words) ? words : null;
  if (field.kind === 'yesNo') return words === '是' ? true : words === '否' ? false : null;
  return words === '' ? null : words;
};

const likeKind = (a: Field, b: Field): boolean => a.kind === b.kind || (numeric.has(a.kind) && numeric.has(b.kind));

/** Faults of the other side of a comparison. */
const otherFaults = (row: CustomChoice, table: RuleTable, field: Field): string[] => {
  if (alone.has(row.comparison ?? '')) return [];
  if (row.other_field && row.value) return ['“与哪一栏比”和“与什么比”只填一个'];
  if (row.other_field) {
    const other = findField(table, row.other_field);
    if (!other) return [`「${tables[table].label}」里没有“${row.other_field}”这一栏`];
    return likeKind(field, other.field) ? [] : [`“${field.label}”和“${other.field.label}”不是同一类数据,不能比较`];
  }
  if (!row.value) return ['请填“与什么比”或“与哪一栏比”'];
  if (row.comparison !== '包含' && valueFor(field, row.value) === null) return [`“${row.value}”不能与“${field.label}”比较,请按那一栏的样子填写`];
  return [];
};

const comparisonFaults = (row: CustomChoice, field: Field): string[] => {
  const comparison = row.comparison ?? '';
  if (!alone.has(comparison) && !comparisons[comparison]) return ['请选“怎样算有问题”'];
  if (inOrder.has(comparison) && !ordered.has(field.kind)) return [`“${field.label}”不分大小,请用 =、≠、包含或为空`];
  if (lists.has(field.kind) && (comparison === '=' || comparison === '≠')) return [`“${field.label}”可有多项,请用包含或为空`];
  return [];
};

const isRuleTable = (name: string | null): name is RuleTable => ruleTables.some((one) => one.value === name);

/** What is wrong with a rule of the county's own, in Chinese; empty where it can be used. */
export const customFaults = (row: CustomChoice): string[] => {
  if (!isRuleTable(row.table)) return ['请选“核对哪张表”'];
  const named = findField(row.table, row.field ?? '');
  if (!named) return [`「${tables[row.table].label}」里没有“${row.field ?? ''}”这一栏,请照栏名填写`];
  const faults = comparisonFaults(row, named.field);
  return [...faults, ...(faults.length ? [] : otherFaults(row, row.table, named.field)), ...(row.message?.trim() ? [] : ['请填“提示学校的话”'])];
};

const isBlank = (value: unknown): boolean => value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/** Whether a row is at fault. A blank cell is at fault only where the rule asks for blanks. */
const testOf = (row: CustomChoice, field: Named, other: Named | null): ((one: AnyRow) => boolean) => {
  const comparison = row.comparison ?? '';
  if (comparison === '为空') return (one) => isBlank(one[field.name]);
  if (comparison === '不为空') return (one) => !isBlank(one[field.name]);
  const compare = comparisons[comparison] as (value: Plain, wanted: Plain) => boolean;
  const fixed = row.value === null ? null : comparison === '包含' ? row.value.trim() : valueFor(field.field, row.value);
  return (one) => {
    const [value, wanted] = [one[field.name], other ? one[other.name] : fixed];
    return !isBlank(value) && !isBlank(wanted) && compare(value as Plain, wanted as Plain);
  };
};

/** The month of a row, where its table has one. */
const monthOf: Partial<Record<TableName, (row: AnyRow) => string>> = {
  fees: (row) => row.month as string,
  monthly_reports: (row) => row.month as string,
  attendance: (row) => (row.date as string).slice(0, 7),
};

const evaluateCustom = (context: RuleContext, table: RuleTable, message: string, field: Named, isAtFault: (row: AnyRow) => boolean): Cause[] => {
  const rows = (context.rows[table] as readonly AnyRow[]).filter(isAtFault);
  // Only figures: other cells may hold a name.
  const note = numeric.has(field.field.kind) ? (row: AnyRow) => `${field.field.label} ${String(row[field.name])}` : undefined;
  const found = (some: readonly AnyRow[]) => ({ rows: rowsOf(table, some, note), message: `${message.trim()}(${some.length} 行)` });
  const month = monthOf[table];
  if (!month) return termCause(context, rows.length > 0, () => found(rows));
  return monthCauses(context, (one) => {
    const some = rows.filter((row) => month(row) === one);
    return some.length > 0 ? found(some) : null;
  });
};

/** A row of `rules` as a rule in use. Call it only where `customFaults` has none. */
export const compileCustom = (row: CustomChoice): CustomRule => {
  const table = row.table as RuleTable;
  const field = findField(table, row.field ?? '') as Named;
  const other = row.other_field ? findField(table, row.other_field) : null;
  const isAtFault = testOf(row, field, other);
  return {
    table,
    columns: [field.name, ...(other ? [other.name] : [])],
    rule: {
      id: row.rule,
      clause: (row.clause ?? row.title).slice(0, 200),
      severity: row.severity as RuleSeverity,
      from: row.in_force_from,
      to: row.in_force_to,
      schoolTypes: row.school_types && row.school_types.length > 0 ? row.school_types : null,
      evaluate: (context) => evaluateCustom(context, table, row.message ?? '', field, isAtFault),
    },
  };
};
