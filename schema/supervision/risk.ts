/**
 * Which schools to visit next, and why: by what stands against them, and a share by lot so that nobody is safe (R-D1, S01:
 * 定期与不定期检查). It proposes; people decide. Pure.
 */
import { drawLottery } from '../enrolment/places.ts';

/** What stands against one school. */
export interface SchoolRisk {
  readonly code: string;
  /** Months of the term whose return came after the due day. */
  readonly late: number;
  /** Months of the term without a return though the due day is over. */
  readonly missing: number;
  /** Open findings by severity; outliers are counted apart. */
  readonly forbidden: number;
  readonly required: number;
  readonly hints: number;
  readonly outliers: number;
  readonly corrections: number;
  readonly complaints: number;
  /** Measures of earlier inspections whose deadline is over. */
  readonly overdue: number;
  /** Days; null for a school that was never visited. */
  readonly daysSinceVisit: number | null;
}

/** Points for one of each; ours, for no rule gives any: the county sets its own in 县级参数. */
export const riskWeights = {
  late: { label: '迟报', points: 3, unit: '次' },
  missing: { label: '未报', points: 5, unit: '次' },
  forbidden: { label: '禁级预警', points: 10, unit: '项' },
  required: { label: '须级预警', points: 4, unit: '项' },
  hints: { label: '提示', points: 1, unit: '项' },
  outliers: { label: '异常数字', points: 2, unit: '项' },
  corrections: { label: '更正', points: 2, unit: '次' },
  complaints: { label: '未办结投诉', points: 8, unit: '件' },
  overdue: { label: '逾期未整改', points: 10, unit: '项' },
  unvisited: { label: '久未督导', points: 2, unit: '季' },
} as const;
export type RiskName = keyof typeof riskWeights;
const names = Object.keys(riskWeights) as RiskName[];

export type Weights = Readonly<Record<RiskName, number>>;

/** The county's points: lines such as `迟报 3`; what it does not name keeps ours. Lines that say nothing known come back as faults. */
export const readWeights = (lines: readonly string[] | null): { weights: Weights; faults: readonly string[] } => {
  const weights = Object.fromEntries(names.map((name) => [name, riskWeights[name].points])) as Record<RiskName, number>;
  const faults: string[] = [];
  for (const line of lines ?? []) {
    const [, label, points] = /^(.*?)[\s::]*(\d+(?:\.\d+)?)\s*分?$/.exec(line.trim()) ?? [];
    const name = names.find((one) => riskWeights[one].label === label?.trim());
    if (name) weights[name] = Number(points);
    else faults.push(line);
  }
  return { weights, faults };
};

/** A visit is missed for a year at most; longer ago is not worse. */
const mostQuarters = 4;

const amountOf = (risk: SchoolRisk, name: RiskName): number => {
  if (name !== 'unvisited') return risk[name];
  return risk.daysSinceVisit === null ? mostQuarters : Math.min(mostQuarters, Math.floor(risk.daysSinceVisit / 91));
};

const lineOf = (risk: SchoolRisk, name: RiskName, weights: Weights): string => {
  const { label, unit } = riskWeights[name];
  const points = `${Math.round(amountOf(risk, name) * weights[name])} 分`;
  if (name !== 'unvisited') return `${label} ${risk[name]} ${unit}(${points})`;
  return risk.daysSinceVisit === null ? `还没有督导过(${points})` : `${risk.daysSinceVisit} 天没有督导(${points})`;
};

export interface Scored {
  readonly code: string;
  readonly score: number;
  /** What makes the score, the most first; empty for none. */
  readonly reasons: readonly string[];
}

export const scoreSchool = (risk: SchoolRisk, weights: Weights): Scored => {
  const parts = names
    .map((name) => ({ name, points: amountOf(risk, name) * weights[name] }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points);
  return {
    code: risk.code,
    score: Math.round(parts.reduce((sum, { points }) => sum + points, 0)),
    reasons: parts.map(({ name }) => lineOf(risk, name, weights)),
  };
};

export interface Proposal extends Scored {
  readonly chosenBy: '风险' | '随机';
  /** Chinese. */
  readonly because: string;
}

export interface ProposalRules {
  /** Schools in all. */
  readonly count: number;
  /** Per cent of them that the lot decides. */
  readonly randomShare: number;
  readonly seed: string;
  readonly weights: Weights;
}

/**
 * The schools to visit: the highest scores, and as many by lot among the others as the share says, so that every school may be
 * visited. The same seed draws the same schools.
 */
export const proposeVisits = (risks: readonly SchoolRisk[], rules: ProposalRules): Proposal[] => {
  const scored = risks.map((risk) => scoreSchool(risk, rules.weights)).sort((a, b) => b.score - a.score || (a.code < b.code ? -1 : 1));
  const count = Math.min(rules.count, scored.length);
  const byLot = Math.min(count, Math.ceil((count * rules.randomShare) / 100));
  const worst = scored.filter(({ score }) => score > 0).slice(0, count - byLot);
  const others = scored.filter((one) => !worst.includes(one));
  const lottery = drawLottery(
    others.map(({ code }) => code),
    rules.seed,
  );
  const drawn = [...others].sort((a, b) => (lottery.get(a.code) as number) - (lottery.get(b.code) as number)).slice(0, count - worst.length);
  return [
    ...worst.map((one): Proposal => ({ ...one, chosenBy: '风险', because: `风险分 ${one.score}:${one.reasons.join(';')}。` })),
    ...drawn.map(
      (one): Proposal => ({
        ...one,
        chosenBy: '随机',
        because: `随机抽取(种子“${rules.seed}”,第 ${lottery.get(one.code)} 号)。${one.reasons.length ? `另:${one.reasons.join(';')}。` : ''}`,
      }),
    ),
  ];
};
