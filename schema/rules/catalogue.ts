/**
 * Every built-in rule, and what each becomes with the county's choices.
 */
import { settings } from '../tables/settings.ts';
import { bookingRules } from './bookings.ts';
import { chargeRules } from './charge-rules.ts';
import { feeRules } from './fee-rules.ts';
import { managementRules } from './management.ts';
import { outlierRule } from './outliers.ts';
import { peopleRules } from './people.ts';
import { citation } from './sources.ts';
import { timetableRules } from './timetable.ts';
import type { Chosen, RefundMethod, Rule, RuleContext, RuleSeverity, SettingsRow, UndecidedRule } from './types.ts';
import { homework, voluntaryRules } from './voluntary.ts';

export const builtInRules: readonly Rule[] = [
  ...timetableRules,
  ...bookingRules,
  ...voluntaryRules,
  ...feeRules,
  ...chargeRules,
  ...peopleRules,
  ...managementRules,
  outlierRule,
];

/** What stands in the county's list: the rules that data decides, and those that it cannot. */
export const listedRules: readonly (Rule | UndecidedRule)[] = [...builtInRules, homework];

const ruleById = new Map(listedRules.map((rule) => [rule.id, rule]));
export const listedRule = (id: string): Rule | UndecidedRule | undefined => ruleById.get(id);

/** Title and documents, as a finding cites them; what no document asks for says so. At most 200 characters. */
export const clauseOf = (rule: Pick<Rule, 'title' | 'sources'>): string =>
  `${rule.title}(${rule.sources.length > 0 ? citation(rule.sources) : '本县核对项,不是文件规定'})`;

/** The standard in words, for the screen of rules. */
export const standardOf = (rule: Rule | UndecidedRule): string | null => {
  if ('undecided' in rule) return rule.undecided;
  const { limit } = rule;
  if (!limit) return null;
  const named = [limit.setting, limit.beside].flatMap((name) => (name ? [`“${settings.fields[name].label}”`] : []));
  const parts = [
    ...(named.length ? [`见县级参数${named.join('')}`] : []),
    ...(limit.threshold === undefined ? [] : [`${limit.threshold} ${limit.unit ?? ''}`.trim()]),
    ...(limit.time ? [limit.time] : []),
    ...(limit.words ? [limit.words.join('、')] : []),
    ...(limit.usesMethod ? ['须先选退费算法'] : []),
  ];
  return parts.join(';');
};

/** A row of the collection `rules`, as far as the county decides by it. */
export interface RuleChoice {
  readonly rule: string;
  readonly title: string;
  readonly clause: string | null;
  readonly origin: string | null;
  readonly enabled: boolean | null;
  readonly severity: string;
  readonly in_force_from: string | null;
  readonly in_force_to: string | null;
  readonly threshold: number | null;
  readonly threshold_time: string | null;
  readonly refund_method: string | null;
  readonly words: readonly string[] | null;
  readonly school_types: readonly string[] | null;
}

/** A rule as it is in use: the built-in record and what the county has chosen for it. */
export interface ActiveRule {
  readonly id: string;
  readonly clause: string;
  readonly severity: RuleSeverity;
  readonly from: string | null;
  readonly to: string | null;
  readonly schoolTypes: readonly string[] | null;
  evaluate(context: RuleContext): ReturnType<Rule['evaluate']>;
}

const filled = <T>(list: readonly T[] | null | undefined): readonly T[] | null => (list && list.length > 0 ? list : null);

const numberIn = (value: unknown): number => (typeof value === 'number' ? value : 0);

const chosenFor = (rule: Rule, choice: RuleChoice | undefined, county: SettingsRow): Chosen => ({
  threshold: rule.limit?.setting ? numberIn(county[rule.limit.setting]) : (choice?.threshold ?? rule.limit?.threshold ?? 0),
  time: choice?.threshold_time ?? rule.limit?.time ?? '',
  words: filled(choice?.words) ?? rule.limit?.words ?? [],
  method: (choice?.refund_method as RefundMethod | null | undefined) ?? null,
});

/** The built-in rules that the county uses. A rule without a row is used as DOMAIN says. */
export const activeRules = (choices: readonly RuleChoice[], county: SettingsRow): ActiveRule[] => {
  const byRule = new Map(choices.map((one) => [one.rule, one]));
  return builtInRules.flatMap((rule) => {
    const choice = byRule.get(rule.id);
    if (!(choice?.enabled ?? rule.enabled)) return [];
    const chosen = chosenFor(rule, choice, county);
    return [
      {
        id: rule.id,
        clause: clauseOf(rule),
        severity: (choice?.severity as RuleSeverity | undefined) ?? rule.severity,
        from: choice?.in_force_from ?? rule.from ?? null,
        to: choice?.in_force_to ?? rule.to ?? null,
        schoolTypes: filled(choice?.school_types) ?? rule.schoolTypes ?? null,
        evaluate: (context) => rule.evaluate(context, chosen),
      },
    ];
  });
};

/** Whether a matter of a month (`2026-10`), or of today, falls under a rule. */
export const inForce = (rule: Pick<ActiveRule, 'from' | 'to'>, when: string): boolean =>
  (rule.from === null || when >= rule.from.slice(0, when.length)) && (rule.to === null || when <= rule.to.slice(0, when.length));
