/**
 * What all schools share in one evaluation: parameters, term, calendar, rules in use, providers, everybody's figures.
 * Read once; it holds no child.
 */
import { isReported } from '../../schema/monthly-return.ts';
import { monthOf, monthsBetween, shiftMonth } from '../../schema/months.ts';
import { type ActiveRule, activeRules } from '../../schema/rules/catalogue.ts';
import { ruleColumns } from '../../schema/rules/columns.ts';
import { type CustomChoice, type CustomRule, compileCustom, customFaults } from '../../schema/rules/custom.ts';
import { figureColumns, gatherFigures } from '../../schema/rules/outliers.ts';
import type { Calendar, PeerFigures, ProviderRow, SchoolFacts, SettingsRow, TermRow } from '../../schema/rules/types.ts';
import { UsageError } from '../cli.ts';
import type { Store } from '../directus/store.ts';
import { calendarOf } from './calendar.ts';

export interface County {
  readonly settings: SettingsRow;
  readonly term: TermRow;
  readonly calendar: Calendar;
  readonly today: string;
  /** Months to judge. */
  readonly months: readonly string[];
  /** Matters of the whole term are judged too: not when one month was asked for. */
  readonly wholeTerm: boolean;
  /** First month of returns that is read. */
  readonly since: string;
  readonly rules: readonly ActiveRule[];
  /** Rules of the county's own that cannot be understood, in Chinese; they are left out. */
  readonly ruleFaults: readonly string[];
  /** Table -> columns, for the built-in rules and the county's own. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
  readonly providers: ReadonlyMap<string, ProviderRow>;
  readonly schools: readonly SchoolFacts[];
  readonly figures: PeerFigures;
}

const schoolFields = ['code', 'name', 'type', 'urban_rural', 'enrolled', 'opened_on', 'closed_on', 'leader', 'pay_account'];
/** Months before the first judged one that show what is usual in a school. */
const monthsOfHistory = 12;

/** The term of a month or a day: the one that holds it, else the latest that has begun. */
const termOf = (terms: readonly (TermRow & { readonly current: boolean | null })[], month: string | null, today: string) => {
  if (month) return terms.find((one) => monthOf(one.starts_on) <= month && month <= monthOf(one.ends_on));
  return terms.find((one) => one.current === true) ?? terms.find((one) => one.starts_on <= today);
};

const findTerm = async (store: Store, month: string | null, today: string): Promise<TermRow> => {
  const terms = await store.readRows('terms', { sort: ['-starts_on'] });
  const term = termOf(terms, month, today);
  if (term) return term;
  throw new UsageError(month ? `没有哪个学期包含 ${month}:请先在 Directus「学期」里登记` : '还没有登记学期:请先在 Directus「学期」里登记当前学期');
};

const ownRules = (rows: readonly CustomChoice[]): { usable: CustomRule[]; faults: string[] } => {
  const own = rows.filter((row) => row.origin !== '内置' && row.enabled === true);
  const faulty = own.flatMap((row) => customFaults(row).map((fault) => `规则 ${row.rule}:${fault}`));
  return { usable: own.filter((row) => customFaults(row).length === 0).map(compileCustom), faults: faulty };
};

const columnsFor = (own: readonly CustomRule[]): Record<string, readonly string[]> => {
  const wanted = new Map<string, Set<string>>(Object.entries(ruleColumns).map(([table, columns]) => [table, new Set<string>(columns)]));
  for (const { table, columns } of own) for (const column of columns) wanted.get(table)?.add(column);
  return Object.fromEntries([...wanted].map(([table, columns]) => [table, [...columns]]));
};

/** Reads what all schools share. Throws UsageError where no term is registered. */
export const readCounty = async (store: Store, timezone: string, today: string, month: string | null): Promise<County> => {
  const term = await findTerm(store, month, today);
  const months = month ? [month] : monthsBetween(monthOf(term.starts_on), [monthOf(today), monthOf(term.ends_on)].sort()[0] as string);
  const since = shiftMonth(months[0] ?? monthOf(today), -monthsOfHistory);
  const [settings, choices, providers, schools, reports] = await Promise.all([
    store.readSettings(),
    store.readRows('rules'),
    store.readRows('providers'),
    store.readRows('schools', { fields: schoolFields, sort: ['code'] }),
    store.readRows('monthly_reports', {
      fields: ['id', 'school', 'month', 'state', ...figureColumns],
      filter: { month: { _in: monthsBetween(since, months.at(-1) ?? since) } },
    }),
  ]);
  const own = ownRules(choices);
  return {
    settings,
    term,
    calendar: calendarOf(term, settings, timezone),
    today,
    months,
    wholeTerm: month === null,
    since,
    rules: [...activeRules(choices, settings), ...own.usable.map((one) => one.rule)],
    ruleFaults: own.faults,
    columns: columnsFor(own.usable),
    providers: new Map(providers.map((row) => [row.id, row])),
    schools,
    figures: gatherFigures(reports.filter(isReported)),
  };
};
