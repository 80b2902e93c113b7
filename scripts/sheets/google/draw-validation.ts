/**
 * What Google says while somebody types: the rules of our workbook's columns in Google's words.
 * It never checks a value itself.
 */
import type { DataValidation } from 'exceljs';
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { type Column, rowStates } from '../../../schema/sheets.ts';
import { type Lists, validationOf } from '../workbook-validation.ts';

export type Rule = sheets_v4.Schema$DataValidationRule;
type Condition = sheets_v4.Schema$BooleanCondition;

const condition = (type: string, ...values: readonly string[]): Condition => ({
  type,
  values: values.map((userEnteredValue) => ({ userEnteredValue })),
});

/** Stands for a comma within a value of a list. */
const innerComma = '\u0001';

/** Google's rules carry lists of any length themselves. */
export const inlineLists: Lists = {
  linked: {},
  place: (values) => `"${values.map((value) => value.replaceAll(',', innerComma).replaceAll('"', '""')).join(',')}"`,
};

const listCondition = (formula: string): Condition => {
  if (!formula.startsWith('"')) return condition('ONE_OF_RANGE', `=${formula}`);
  const values = formula.slice(1, -1).replaceAll('""', '"').split(',');
  return condition('ONE_OF_LIST', ...values.map((value) => value.replaceAll(innerComma, ',')));
};

const dayOf = (value: unknown): string => (value instanceof Date ? value.toISOString().slice(0, 10) : String(value));

/** `letter`: the column's own, for rules that Google only knows as formulas. */
const conditionOf = (rule: DataValidation, letter: string): Condition | null => {
  const [low, high] = rule.formulae ?? [];
  if (rule.type === 'list') return listCondition(String(low));
  if (rule.type === 'whole' || rule.type === 'decimal') return condition('NUMBER_BETWEEN', String(low), String(high));
  if (rule.type === 'date') return condition('DATE_BETWEEN', dayOf(low), dayOf(high));
  if (rule.type === 'textLength') return condition('CUSTOM_FORMULA', `=AND(LEN(${letter}2)>=${low},LEN(${letter}2)<=${high})`);
  // Rules that only carry a hint: the note on the header says the same.
  return null;
};

/**
 * The rule of a column; null where anything may stand. What the bureau decides has none: Google marks every cell that a closed rule
 * does not accept, the bureau's own words too; a value typed there is put right by the next sync.
 */
export const ruleOf = (column: Column, letter: string, lists: Lists): Rule | null => {
  const rule = column.readOnly ? null : validationOf(column, lists);
  const made = rule && conditionOf(rule, letter);
  if (!rule || !made) return null;
  const words = rule.error ?? rule.prompt;
  return { condition: made, strict: rule.showErrorMessage === true, showCustomUi: rule.type === 'list', ...(words ? { inputMessage: words } : {}) };
};

const closed = (made: Condition, header: string): Rule => ({
  condition: made,
  strict: true,
  showCustomUi: false,
  inputMessage: `“${header}”由系统填写,请不要改动。`,
});

/** 行号 takes only what the system may have written: nobody types that, but rows can be sorted, copied and deleted. */
export const idRule = (header: string): Rule => closed(condition('CUSTOM_FORMULA', '=REGEXMATCH(TO_TEXT(A2),"^[2-9BCDFGHJ-NP-TV-Z]{12}$")'), header);

export const statusRule = (header: string): Rule => closed(condition('ONE_OF_LIST', ...Object.values(rowStates)), header);
