/**
 * What the rules found, for people to read: by school, the gravest first. Row ids, counts and sums; no names of children.
 */
import { type MismatchKind, mismatchKinds } from '../../schema/rules/reconcile.ts';
import type { FindingLine, RulesResult, SchoolOutcome } from './evaluate.ts';

const severities = ['禁', '须', '参'] as const;

const findingText = (line: FindingLine): string => {
  const state = line.state === '未办' ? '' : `[${line.state}]`;
  const rows = line.rows.length ? `(证据 ${line.rows.length} 条)` : '';
  return `  ${line.severity} ${line.rule} ${state}${line.message}${rows}\n       依据:${line.clause}`;
};

const kinds = Object.keys(mismatchKinds) as MismatchKind[];

const reconciliationText = ({ reconciliation }: SchoolOutcome): string[] =>
  reconciliation.flatMap((row) => {
    const found = kinds.filter((kind) => row.mismatches[kind].count > 0).map((kind) => `${mismatchKinds[kind]} ${row.mismatches[kind].count}`);
    return found.length ? [`  五方核对 ${row.month}:${found.join(',')};涉及金额 ${row.at_stake} 元`] : [];
  });

/** One school's part; empty where there is nothing to say. */
export const schoolText = (outcome: SchoolOutcome): string[] => {
  const lines = [
    ...severities.flatMap((severity) => outcome.findings.filter((line) => line.severity === severity).map(findingText)),
    ...reconciliationText(outcome),
  ];
  return lines.length ? [`${outcome.school.name}(${outcome.school.code})`, ...lines, ''] : [];
};

export const summaryText = (result: RulesResult, dryRun: boolean): string[] => [
  `核查 ${result.schools} 所学校、${result.students} 名学生,在用规则 ${result.rules} 条:发现 ${result.found} 项,其中未办的禁、须 ${result.severe} 项;五方核对涉及金额 ${result.atStake} 元。`,
  dryRun
    ? '只核查,没有登记。'
    : `新开 ${result.opened},更新 ${result.changed}(重开 ${result.reopened},消除 ${result.gone}),未变 ${result.unchanged};用时 ${(result.ms / 1000).toFixed(1)} 秒。`,
  ...result.ruleFaults.map((fault) => `看不懂的自定规则,没有使用:${fault}`),
];
