/**
 * Every built-in rule, and what each becomes with the county's choices. The order is DOMAIN's.
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
import type { Chosen, RefundMethod, Rule, RuleContext, RuleSeverity, SettingsRow } from './types.ts';
import { voluntaryRules } from './voluntary.ts';

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

const ruleById = new Map(builtInRules.map((rule) => [rule.id, rule]));
export const builtInRule = (id: string): Rule | undefined => ruleById.get(id);

/** Title and documents, as a finding cites them. At most 200 characters. */
export const clauseOf = (rule: Pick<Rule, 'title' | 'sources'>): string =>
  rule.sources.length > 0 ? `${rule.title}(${citation(rule.sources)})` : rule.title;

/** The standard in words, for the screen of rules. */
export const standardOf = ({ limit }: Rule): string | null => {
  if (!limit) return null;
  const parts = [
    ...(limit.setting ? [`见县级参数“${settings.fields[limit.setting].label}”`] : []),
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
