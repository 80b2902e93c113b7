/**
 * A school drawn as small tables: one drawing per collection, headers are the labels of the model. Blank cells are null,
 * weekdays are digits (135), several words stand between 、, 行号 may be given and is else 名1, 名2 after the table.
 */
import type { Field, Fields } from '../../schema/fields.ts';
import { tables } from '../../schema/index.ts';
import { activeRules, builtInRules, type RuleChoice } from '../../schema/rules/catalogue.ts';
import { noSchoolRows, type RuleTable, type SchoolRows } from '../../schema/rules/columns.ts';
import { evaluateSchool, type Found } from '../../schema/rules/evaluate.ts';
import { indexSchool } from '../../schema/rules/school-index.ts';
import type { PeerGroup, ProviderRow, RuleContext, SchoolFacts, SettingsRow, TermRow } from '../../schema/rules/types.ts';
import { calendarOf } from '../../scripts/rules/calendar.ts';

export const drawnTerm: TermRow = {
  id: '2026-1',
  starts_on: '2026-09-01',
  ends_on: '2027-01-22',
  service_starts_on: '2026-09-07',
  service_ends_on: '2027-01-15',
  months: null,
  extra_school_days: null,
  extra_days_off: null,
};

export const drawnSettings: SettingsRow = {
  fee_cap_primary: 60,
  fee_cap_junior: 60,
  min_days: 5,
  min_minutes: 120,
  off_work_summer: '18:30',
  off_work_winter: '18:00',
  summer_from: '05-01',
  summer_to: '09-30',
  due_day: 1,
  defer_holidays: false,
  answer_days: 7,
};

export const drawnSchool: SchoolFacts = {
  code: '2141990001',
  name: '柳林镇中心小学(示例)',
  type: '小学',
  urban_rural: '镇区',
  enrolled: 100,
  opened_on: null,
  closed_on: null,
  leader: '周敏',
  pay_account: '学校收费专户,不经家委会或第三方收取',
};

export type Drawn = Partial<Record<RuleTable | 'providers', string>> & {
  readonly school?: Partial<SchoolFacts>;
  readonly settings?: Partial<SettingsRow>;
  readonly term?: Partial<TermRow>;
  readonly today?: string;
  readonly months?: readonly string[];
  readonly peers?: PeerGroup;
  /** The county's choices for the rule. */
  readonly choice?: Partial<RuleChoice>;
};

const numeric = new Set(['whole', 'money', 'percent', 'minutes', 'grade']);

const cellValue = (field: Field, words: string): unknown => {
  if (words === '') return null;
  if (numeric.has(field.kind)) return Number(words);
  if (field.kind === 'yesNo') return words === '是';
  if (field.kind === 'weekdays' || field.kind === 'grades') return [...words].map(Number);
  if (field.kind === 'list' || field.kind === 'choices') return words.split('、');
  return words;
};

const cellsOf = (line: string): string[] =>
  line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim());

/** The rows of one drawing in normal form; fields that are not drawn are null. */
export const drawRows = (table: RuleTable | 'providers', drawing: string): Record<string, unknown>[] => {
  const lines = drawing.split('\n').filter((line) => line.trim().startsWith('|'));
  const headers = cellsOf(lines[0] ?? '');
  const fields = tables[table].fields as Fields;
  const blank = Object.fromEntries(Object.keys(fields).map((name) => [name, null]));
  const named = headers.map((header) => {
    const found = Object.entries(fields).find(([, field]) => field.label === header);
    if (!found && header !== '行号') throw new Error(`「${tables[table].label}」没有“${header}”`);
    return found;
  });
  return lines.slice(1).map((line, index) => {
    const cells = cellsOf(line);
    const drawn = named.flatMap((found, at) => (found ? [[found[0], cellValue(found[1], cells[at] ?? '')]] : []));
    const id = cells[headers.indexOf('行号')] ?? `${table}${index + 1}`;
    return { ...blank, ...Object.fromEntries(drawn), id };
  });
};

const rowsIn = (drawn: Drawn): SchoolRows =>
  Object.fromEntries(
    Object.keys(noSchoolRows).map((name) => {
      const drawing = drawn[name as RuleTable];
      return [name, drawing ? drawRows(name as RuleTable, drawing) : []];
    }),
  ) as unknown as SchoolRows;

/** Everything that rules look at, from the drawing; what is not drawn is empty. */
export const contextFor = (drawn: Drawn): RuleContext => {
  const rows = rowsIn(drawn);
  const term = { ...drawnTerm, ...drawn.term };
  const settings = { ...drawnSettings, ...drawn.settings };
  return {
    school: { ...drawnSchool, ...drawn.school },
    settings,
    term,
    calendar: calendarOf(term, settings, 'Asia/Shanghai'),
    today: drawn.today ?? '2026-11-24',
    months: drawn.months ?? ['2026-09', '2026-10', '2026-11'],
    rows,
    index: indexSchool(rows),
    providers: new Map(drawn.providers ? drawRows('providers', drawn.providers).map((row) => [row.id as string, row as unknown as ProviderRow]) : []),
    peers: drawn.peers ?? { figures: new Map(), codes: [] },
  };
};

const builtIn = (id: string) => builtInRules.find((rule) => rule.id === id);

/** A row of `rules` that only switches the rule on. */
export const choiceOf = (id: string, choice: Partial<RuleChoice> = {}): RuleChoice => ({
  rule: id,
  title: builtIn(id)?.title ?? id,
  clause: null,
  origin: '内置',
  enabled: true,
  severity: builtIn(id)?.severity ?? '参',
  in_force_from: builtIn(id)?.from ?? null,
  in_force_to: null,
  threshold: null,
  threshold_time: null,
  refund_method: null,
  words: null,
  school_types: null,
  ...choice,
});

/** What one built-in rule finds, whether or not it is in use as it comes. */
export const findBy = (id: string, drawn: Drawn): Found[] => {
  const context = contextFor(drawn);
  const rules = activeRules([choiceOf(id, drawn.choice)], context.settings).filter((rule) => rule.id === id);
  return evaluateSchool(rules, context);
};
