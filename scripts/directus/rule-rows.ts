/**
 * The built-in rules as rows of the collection `rules`, where staff choose limits and switch them on and off.
 * What staff have chosen (启用, 级别, 阈值, 用词, 起止) is theirs: only the names and clauses follow the model.
 */
import { clauseOf, listedRules, standardOf } from '../../schema/rules/catalogue.ts';
import type { Rule, UndecidedRule } from '../../schema/rules/types.ts';
import { stableRowId } from '../rules/stable-id.ts';
import type { Store } from './store.ts';

type Listed = Rule | UndecidedRule;

const textOf = (rule: Listed) => ({ title: rule.title, clause: clauseOf(rule), standard: standardOf(rule), origin: '内置' });

/** What a rule starts with. One that data cannot decide is never in use. */
const firstRow = (rule: Listed) => ({
  id: stableRowId('rule', rule.id),
  rule: rule.id,
  ...textOf(rule),
  severity: rule.severity,
  ...('undecided' in rule
    ? { enabled: false, in_force_from: null, in_force_to: null }
    : { enabled: rule.enabled, in_force_from: rule.from ?? null, in_force_to: rule.to ?? null }),
});

/** One line for each rule, for the committed snapshot. */
export const ruleLines = (): string[] => listedRules.map((rule) => `rule ${rule.id} ${JSON.stringify(firstRow(rule))}`);

interface LiveRule {
  readonly id: string;
  readonly rule: string;
  readonly [key: string]: unknown;
}

/** Ids that rules had in earlier installations. Their findings go with them, so that no cause is opened a second time. */
const formerIds: Readonly<Record<string, string>> = {
  'double-booked': 'R-X1',
  'room-twice': 'R-X2',
  'over-capacity': 'R-X3',
  'staff-ratio': 'R-X4',
  outlier: 'R-X5',
};

const renumber = async (store: Store, row: LiveRule, rule: Listed): Promise<void> => {
  await store.call('PATCH', '/items/findings', {
    query: { filter: { rule: { _eq: row.rule } }, limit: -1 },
    data: { rule: rule.id, clause: clauseOf(rule) },
  });
  await store.call('PATCH', `/items/rules/${row.id}`, { rule: rule.id, ...textOf(rule) });
};

/** Rules that a Directus lacks or names differently, each with what mends it; none before it has the collection. */
export const ruleDifferences = async (store: Store): Promise<{ what: string; mend: () => Promise<unknown> }[]> => {
  const collections = await store.call<{ collection: string }[]>('GET', '/collections');
  if (!collections.some((one) => one.collection === 'rules')) return [];
  const live = await store.call<LiveRule[]>('GET', '/items/rules?limit=-1&fields=id,rule,title,clause,standard,origin');
  const byRule = new Map(live.map((one) => [one.rule, one]));
  const former = live.flatMap((row) => {
    const rule = listedRules.find((one) => one.id === formerIds[row.rule]);
    return rule && !byRule.has(rule.id) ? [{ row, rule }] : [];
  });
  const missing = listedRules.filter((rule) => !byRule.has(rule.id) && !former.some((one) => one.rule === rule));
  const renamed = listedRules.filter((rule) => {
    const found = byRule.get(rule.id);
    return found && Object.entries(textOf(rule)).some(([name, value]) => found[name] !== value);
  });
  return [
    ...former.map(({ row, rule }) => ({ what: `规则 ${row.rule} 现编号为 ${rule.id}`, mend: () => renumber(store, row, rule) })),
    ...(missing.length
      ? [{ what: `缺规则 ${missing.map((rule) => rule.id).join('、')}`, mend: () => store.call('POST', '/items/rules', missing.map(firstRow)) }]
      : []),
    ...renamed.map((rule) => ({
      what: `规则 ${rule.id} 的名称、条款或默认阈值不同`,
      mend: () => store.call('PATCH', `/items/rules/${byRule.get(rule.id)?.id}`, textOf(rule)),
    })),
  ];
};
