/**
 * Applies rules to one school. Pure: rows in, causes out; it neither reads nor keeps anything.
 */
import { type ActiveRule, inForce } from './catalogue.ts';
import type { Cause, RuleContext, RuleSeverity } from './types.ts';

/** A cause with the rule that names it. */
export interface Found extends Cause {
  readonly rule: string;
  readonly clause: string;
  readonly severity: RuleSeverity;
}

const applies = (rule: ActiveRule, context: RuleContext): boolean => rule.schoolTypes === null || rule.schoolTypes.includes(context.school.type);

const isJudged = (rule: ActiveRule, cause: Cause, context: RuleContext): boolean => {
  if (cause.month !== null && !context.months.includes(cause.month)) return false;
  return inForce(rule, cause.month ?? context.today);
};

/** Everything that the rules find in one school, rule by rule. */
export const evaluateSchool = (rules: readonly ActiveRule[], context: RuleContext): Found[] =>
  rules
    .filter((rule) => applies(rule, context))
    .flatMap((rule) =>
      rule
        .evaluate(context)
        .filter((cause) => isJudged(rule, cause, context))
        .map((cause) => ({ ...cause, rule: rule.id, clause: rule.clause, severity: rule.severity })),
    );
