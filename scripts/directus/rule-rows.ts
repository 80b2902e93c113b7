/**
 * The built-in rules as rows of the collection `rules`, where staff choose limits and switch them on and off.
 * What staff have chosen (启用, 级别, 阈值, 用词, 起止) is theirs: only the names and clauses follow the model.
 */
import { builtInRules, clauseOf, standardOf } from '../../schema/rules/catalogue.ts';
import type { Rule } from '../../schema/rules/types.ts';
import { stableRowId } from '../rules/stable-id.ts';
import type { Store } from './store.ts';

const textOf = (rule: Rule) => ({ title: rule.title, clause: clauseOf(rule), standard: standardOf(rule), origin: '内置' });

/** What a rule starts with. */
const firstRow = (rule: Rule) => ({
  id: stableRowId('rule', rule.id),
  rule: rule.id,
  ...textOf(rule),
  enabled: rule.enabled,
  severity: rule.severity,
  in_force_from: rule.from ?? null,
  in_force_to: rule.to ?? null,
});

/** One line for each rule, for the committed snapshot. */
export const ruleLines = (): string[] => builtInRules.map((rule) => `rule ${rule.id} ${JSON.stringify(firstRow(rule))}`);

interface LiveRule {
  readonly id: string;
  readonly rule: string;
  readonly [key: string]: unknown;
}

/** Rules that a Directus lacks or names differently, each with what mends it; none before it has the collection. */
export const ruleDifferences = async (store: Store): Promise<{ what: string; mend: () => Promise<unknown> }[]> => {
  const collections = await store.call<{ collection: string }[]>('GET', '/collections');
  if (!collections.some((one) => one.collection === 'rules')) return [];
  const live = await store.call<LiveRule[]>('GET', '/items/rules?limit=-1&fields=id,rule,title,clause,standard,origin');
  const byRule = new Map(live.map((one) => [one.rule, one]));
  const missing = builtInRules.filter((rule) => !byRule.has(rule.id));
  const renamed = builtInRules.filter((rule) => {
    const found = byRule.get(rule.id);
    return found && Object.entries(textOf(rule)).some(([name, value]) => found[name] !== value);
  });
  return [
    ...(missing.length
      ? [{ what: `缺规则 ${missing.map((rule) => rule.id).join('、')}`, mend: () => store.call('POST', '/items/rules', missing.map(firstRow)) }]
      : []),
    ...renamed.map((rule) => ({
      what: `规则 ${rule.id} 的名称、条款或默认阈值不同`,
      mend: () => store.call('PATCH', `/items/rules/${byRule.get(rule.id)?.id}`, textOf(rule)),
    })),
  ];
};
