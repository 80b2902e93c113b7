/** The shapes of rules, of what they look at and of what they find. Types only: nothing here decides. */
import type { Row, TableName, Tables } from '../index.ts';
import type { SchoolRows } from './columns.ts';
import type { SchoolIndex } from './school-index.ts';
import type { SourceId } from './sources.ts';

/** 禁: a hard prohibition, 须: ought to be done, 参: other places' practice or our inference, a hint only (DOMAIN section 5). */
export type RuleSeverity = '禁' | '须' | '参';
export type RefundMethod = '按天' | '按课时' | '半月' | '学期比例';

type Id<T> = T & { readonly id: string };
export type TermRow = Pick<
  Row<Tables['terms']>,
  'id' | 'starts_on' | 'ends_on' | 'service_starts_on' | 'service_ends_on' | 'months' | 'extra_school_days' | 'extra_days_off'
>;
export type SchoolFacts = Pick<
  Row<Tables['schools']>,
  'code' | 'name' | 'type' | 'urban_rural' | 'enrolled' | 'opened_on' | 'closed_on' | 'leader' | 'pay_account'
>;
export type SettingsRow = Pick<
  Row<Tables['settings']>,
  | 'fee_cap_primary'
  | 'fee_cap_junior'
  | 'min_days'
  | 'min_minutes'
  | 'off_work_summer'
  | 'off_work_winter'
  | 'summer_from'
  | 'summer_to'
  | 'due_day'
  | 'defer_holidays'
  | 'answer_days'
>;
export type ProviderRow = Id<
  Pick<
    Row<Tables['providers']>,
    'state' | 'licence_until' | 'on_platform' | 'price' | 'price_method' | 'outside_price' | 'contract_from' | 'contract_to'
  >
>;

/** What a rule has to know of days; holidays come from outside, so that rules stay pure. Days are `2026-11-24`, months `2026-11`. */
export interface Calendar {
  isSchoolDay(day: string): boolean;
  /** The school days of a month, in order. */
  schoolDays(month: string): readonly string[];
  /** The county's day of a moment in UTC. */
  dayOf(moment: string): string;
  /** Last day on which the return of a month is on time (S01; day and deferral are county settings). */
  dueDay(month: string): string;
}

/** A figure of a monthly return for comparison among schools: figure -> school code -> month -> value. */
export type PeerFigures = ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, number>>>;

/** Everything of one school that rules look at. */
export interface RuleContext {
  readonly school: SchoolFacts;
  readonly settings: SettingsRow;
  readonly term: TermRow;
  readonly calendar: Calendar;
  /** `2026-11-24`. */
  readonly today: string;
  /** Months to judge, in order: those of the term that have begun, or the one that was asked for. */
  readonly months: readonly string[];
  readonly rows: SchoolRows;
  readonly index: SchoolIndex;
  readonly providers: ReadonlyMap<string, ProviderRow>;
  readonly peers: PeerGroup;
}

/** The schools of the same kind, and all their figures. */
export interface PeerGroup {
  readonly figures: PeerFigures;
  /** Codes of schools of the same type and settlement, this one left out. */
  readonly codes: readonly string[];
}

/** One row that shows a cause. `note` holds figures, never a name. */
export interface Evidence {
  readonly collection: TableName;
  readonly id: string;
  readonly note?: string;
}

/** What a rule found in one school: one cause, and every row that shows it. */
export interface Cause {
  /** Stable name within school and rule: the month, the term, or one of them and a word. */
  readonly cause: string;
  /** The month concerned; null where it is a matter of the whole term. */
  readonly month: string | null;
  /** Chinese: what is wrong, with figures and the remedy. No names of persons. */
  readonly message: string;
  readonly rows: readonly Evidence[];
  /** Yuan. */
  readonly atStake?: number;
}

/** The county's choices for one rule, with the standard where it has made none. */
export interface Chosen {
  readonly threshold: number;
  /** `18:00`. */
  readonly time: string;
  readonly words: readonly string[];
  readonly method: RefundMethod | null;
}

/** What a rule is held against: 县级参数, or the rule's own row, where the county may choose differently. */
export interface Limit {
  readonly setting?: keyof SettingsRow;
  /** Settings that count beside it: of the other season, of the other part of a school. */
  readonly beside?: keyof SettingsRow;
  readonly threshold?: number;
  readonly unit?: string;
  /** `18:00`. */
  readonly time?: string;
  readonly words?: readonly string[];
  /** The county has to choose a refund formula first. */
  readonly usesMethod?: true;
}

/** A rule of DOMAIN section 5 that no table of ours says anything about: it stands in the list for people, and is never evaluated. */
export interface UndecidedRule extends Pick<Rule, 'id' | 'title' | 'sources' | 'severity'> {
  /** Chinese: why, and who looks at it instead. */
  readonly undecided: string;
}

/** One rule as data. */
export interface Rule {
  /**
   * Id of DOMAIN section 5; a letter behind it where that rule has several checks, each with its own severity and switch. R-X (X: 县) and a
   * number for a check of the county's own, which no document asks for.
   */
  readonly id: string;
  readonly title: string;
  /** None for a check of the county's own. */
  readonly sources: readonly SourceId[];
  readonly severity: RuleSeverity;
  /** Whether it is in use before the county has chosen. */
  readonly enabled: boolean;
  /** In force, both days included; left out where DOMAIN gives none. */
  readonly from?: string;
  readonly to?: string;
  /** School types; left out for all. */
  readonly schoolTypes?: readonly string[];
  /** Tables that it looks at. */
  readonly tables: readonly TableName[];
  readonly limit?: Limit;
  /** Pure. Causes of months outside `context.months` are dropped by the caller. */
  evaluate(context: RuleContext, chosen: Chosen): Cause[];
}
