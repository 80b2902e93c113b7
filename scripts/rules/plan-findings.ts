/**
 * What becomes of a school's findings after an evaluation: opened, brought up to date, gone, found again, or left alone.
 * Pure: it plans, write-findings.ts writes.
 */
import { createHash } from 'node:crypto';
import { asksAnswer, isClosedByPerson, isOpenFinding, withStep } from '../../schema/findings.ts';
import type { Found } from '../../schema/rules/evaluate.ts';
import { stableRowId } from './stable-id.ts';

/** A finding as it is kept, as far as the plan needs it. */
export interface KeptFinding {
  readonly id: string;
  readonly rule: string;
  readonly cause: string | null;
  readonly month: string | null;
  readonly severity: string;
  readonly clause: string | null;
  readonly message: string;
  readonly state: string | null;
  readonly evidence_hash: string | null;
  readonly history: unknown;
  readonly answer: string | null;
  readonly closed_by: string | null;
  readonly close_reason: string | null;
  readonly closed_at: string | null;
}

export const findingColumns: readonly (keyof Omit<KeptFinding, 'id'>)[] = [
  'rule',
  'cause',
  'month',
  'severity',
  'clause',
  'message',
  'state',
  'evidence_hash',
  'history',
  'answer',
  'closed_by',
  'close_reason',
  'closed_at',
];

export type Change = Readonly<Record<string, unknown>> & { readonly id: string };

export interface FindingPlan {
  readonly opened: readonly Change[];
  readonly changed: readonly Change[];
  /** Found again after it was gone or closed; among `changed` too. */
  readonly reopened: number;
  /** No longer found; among `changed` too. */
  readonly gone: number;
  /** Still as it was, open or closed for good. */
  readonly unchanged: number;
  /** The state of each found cause afterwards, in the order found. */
  readonly states: readonly string[];
}

export interface Scope {
  readonly school: string;
  /** Rules in use. */
  readonly rules: ReadonlySet<string>;
  readonly months: readonly string[];
  readonly wholeTerm: boolean;
  /** Causes of the whole term begin with its id. */
  readonly term: string;
  /** Moment of the evaluation. */
  readonly now: string;
  /** Last day for the school's answer to what is opened now. */
  readonly answerBy: string;
}

const system = '系统';

/** The same school, rule and cause have the same 行号, so that no cause is ever opened twice. */
export const findingId = (school: string, rule: string, cause: string): string => stableRowId('finding', school, rule, cause);

/** Names the evidence: its rows and the figures beside them, whatever their order. */
export const evidenceHash = (found: Pick<Found, 'rows' | 'message'>): string =>
  createHash('sha256')
    .update(JSON.stringify([found.message, found.rows.map((row) => `${row.collection}/${row.id}/${row.note ?? ''}`).sort()]))
    .digest('hex');

const valuesOf = (found: Found) => ({
  clause: found.clause,
  severity: found.severity,
  message: found.message,
  rows: found.rows,
  at_stake: found.atStake ?? null,
  evidence_hash: evidenceHash(found),
});

/** By when the school has to answer; a mere question has no last day. */
const dueOf = (found: Found, scope: Scope): string | null => (asksAnswer(found) ? scope.answerBy : null);

const openFinding = (found: Found, scope: Scope): Change => ({
  id: findingId(scope.school, found.rule, found.cause),
  school: scope.school,
  rule: found.rule,
  cause: found.cause,
  month: found.month,
  ...valuesOf(found),
  state: '未办',
  due_on: dueOf(found, scope),
  opened_at: scope.now,
  history: withStep({}, { at: scope.now, to: '未办', by: system, reason: '规则核查发现' }),
});

const stepTo = (kept: KeptFinding, scope: Scope, to: string, reason: string) => ({
  state: to,
  history: withStep({ ...kept }, { at: scope.now, to, by: system, reason }),
});

/** The change that a found cause makes to its finding; null where there is none. */
const changeFor = (kept: KeptFinding, found: Found, scope: Scope): { change: Change; reopened: boolean } | null => {
  const sameEvidence = kept.evidence_hash === evidenceHash(found);
  const gone = kept.state === '已消除';
  // Closed by a person: only other evidence opens it again.
  if (gone || (isClosedByPerson(kept.state) && !sameEvidence)) {
    const reason = gone ? '规则核查又发现' : `证据有变化;此前办结:${kept.close_reason ?? ''}`;
    const step = stepTo(kept, scope, '未办', reason);
    // It waits for a new answer; the old one stays in the history.
    const again = { due_on: dueOf(found, scope), answer: null, closed_by: null, close_reason: null, closed_at: null };
    return { change: { id: kept.id, ...valuesOf(found), ...step, ...again }, reopened: true };
  }
  const same = sameEvidence && kept.severity === found.severity && kept.clause === found.clause;
  return same || isClosedByPerson(kept.state) ? null : { change: { id: kept.id, ...valuesOf(found) }, reopened: false };
};

/** Whether this evaluation could have found the cause of a finding again. */
const isJudged = (kept: KeptFinding, scope: Scope): boolean =>
  kept.month === null ? scope.wholeTerm && (kept.cause ?? '').split('/')[0] === scope.term : scope.months.includes(kept.month);

const goneReason = (kept: KeptFinding, scope: Scope): string => (scope.rules.has(kept.rule) ? '再次核查,证据已不存在' : '规则已停用或删除');

const keyOf = (one: { readonly rule: string; readonly cause: string | null }): string => `${one.rule} ${one.cause}`;

/** Findings of other terms and months stay as they are. */
export const planFindings = (kept: readonly KeptFinding[], found: readonly Found[], scope: Scope): FindingPlan => {
  // By rule and cause, not by 行号: a rule whose id has changed takes its findings along.
  const known = new Map(kept.map((one) => [keyOf(one), one]));
  const foundKeys = new Set<string>();
  const opened: Change[] = [];
  const changed: Change[] = [];
  let reopened = 0;
  const states = found.map((one) => {
    foundKeys.add(keyOf(one));
    const before = known.get(keyOf(one));
    if (!before) {
      opened.push(openFinding(one, scope));
      return '未办';
    }
    const change = changeFor(before, one, scope);
    if (change) changed.push(change.change);
    if (!change?.reopened) return before.state ?? '未办';
    reopened += 1;
    return '未办';
  });
  const gone = kept.filter((one) => isOpenFinding(one) && !foundKeys.has(keyOf(one)) && isJudged(one, scope));
  changed.push(
    ...gone.map((one) => {
      const reason = goneReason(one, scope);
      return { id: one.id, ...stepTo(one, scope, '已消除', reason), closed_by: system, close_reason: reason, closed_at: scope.now };
    }),
  );
  return { opened, changed, reopened, gone: gone.length, unchanged: found.length + gone.length - opened.length - changed.length, states };
};
