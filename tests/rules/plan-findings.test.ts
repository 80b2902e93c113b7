import { expect, test } from 'vitest';
import { isRowId } from '../../schema/row-id.ts';
import type { Found } from '../../schema/rules/evaluate.ts';
import { type KeptFinding, planFindings, type Scope } from '../../scripts/rules/plan-findings.ts';

const scope: Scope = {
  school: '2141990001',
  rules: new Set(['R-F1', 'R-M1']),
  months: ['2026-09', '2026-10'],
  wholeTerm: true,
  term: '2026-1',
  now: '2026-11-24T18:00:00.000Z',
  answerBy: '2026-12-01',
};

const overcharge = (more: Partial<Found> = {}): Found => ({
  rule: 'R-F1',
  clause: '收费不超过批准标准',
  severity: '禁',
  cause: '2026-10',
  month: '2026-10',
  message: '2026-10 多收 20 元',
  rows: [{ collection: 'fees', id: 'F1', note: '80 元' }],
  atStake: 20,
  ...more,
});

/** What is kept after a plan was carried out. */
const keep = (kept: readonly KeptFinding[], found: readonly Found[], now = scope): KeptFinding[] => {
  const plan = planFindings(kept, found, now);
  const byId = new Map<string, KeptFinding>(kept.map((one) => [one.id, one]));
  for (const change of [...plan.opened, ...plan.changed]) byId.set(change.id, { ...blank, ...byId.get(change.id), ...change } as KeptFinding);
  return [...byId.values()];
};
const blank = { answer: null, closed_by: null, close_reason: null, closed_at: null };

const only = (kept: readonly KeptFinding[]): KeptFinding => {
  expect(kept).toHaveLength(1);
  return kept[0] as KeptFinding;
};
const byHand = (one: KeptFinding, state: string): KeptFinding => ({
  ...one,
  state,
  closed_by: '基教股',
  close_reason: '已退还',
  closed_at: scope.now,
});

test('a cause is opened once, however often it is found', () => {
  const first = planFindings([], [overcharge()], scope);
  expect(first.opened).toHaveLength(1);
  expect(isRowId(first.opened[0]?.id ?? '')).toBe(true);
  expect(first.opened[0]).toMatchObject({ school: '2141990001', rule: 'R-F1', cause: '2026-10', state: '未办', at_stake: 20 });
  const again = planFindings(keep([], [overcharge()]), [overcharge()], scope);
  expect(again).toMatchObject({ opened: [], changed: [], unchanged: 1, states: ['未办'] });
});

test('a cause whose finding has another 行号, from before its rule was renumbered, is not opened again', () => {
  const [first] = keep([], [overcharge()]);
  const moved = { ...(first as KeptFinding), id: 'RENUMBERED00' };
  expect(planFindings([moved], [overcharge()], scope)).toMatchObject({ opened: [], changed: [], unchanged: 1, gone: 0 });
  expect(planFindings([byHand(moved, '误报')], [overcharge()], scope)).toMatchObject({ opened: [], changed: [] });
});

test('the order of the evidence is no change; another figure is', () => {
  const two = [
    { collection: 'fees' as const, id: 'F1' },
    { collection: 'fees' as const, id: 'F2' },
  ];
  const kept = keep([], [overcharge({ rows: two })]);
  expect(planFindings(kept, [overcharge({ rows: [...two].reverse() })], scope).changed).toEqual([]);
  const worse = planFindings(kept, [overcharge({ rows: two, message: '2026-10 多收 40 元', atStake: 40 })], scope);
  expect(worse.changed).toEqual([expect.objectContaining({ message: '2026-10 多收 40 元', at_stake: 40 })]);
  expect(worse.reopened).toBe(0);
});

test('what the school answered stays answered while the cause is there', () => {
  const answered = { ...only(keep([], [overcharge()])), state: '学校已说明', answer: '本周退还' };
  expect(planFindings([answered], [overcharge()], scope)).toMatchObject({ changed: [], states: ['学校已说明'] });
});

test('when the evidence is gone the finding goes by itself, and its history says so', () => {
  const gone = only(keep(keep([], [overcharge()]), []));
  expect(gone).toMatchObject({ state: '已消除', closed_by: '系统', close_reason: '再次核查,证据已不存在', closed_at: scope.now });
  expect((gone.history as { to: string }[]).map((step) => step.to)).toEqual(['未办', '已消除']);
});

test('what comes back is opened again with its history', () => {
  const back = only(keep(keep(keep([], [overcharge()]), []), [overcharge()]));
  expect(back).toMatchObject({ state: '未办', closed_by: null, close_reason: null });
  expect((back.history as { to: string }[]).map((step) => step.to)).toEqual(['未办', '已消除', '未办']);
});

test.each(['已办结', '误报'])('what a person closed as %s stays closed until its evidence changes', (state) => {
  const closed = byHand(only(keep([], [overcharge()])), state);
  expect(planFindings([closed], [overcharge()], scope)).toMatchObject({ opened: [], changed: [], reopened: 0, states: [state] });
  const plan = planFindings([closed], [overcharge({ rows: [{ collection: 'fees', id: 'F9' }] })], scope);
  expect(plan.reopened).toBe(1);
  expect(plan.changed[0]).toMatchObject({ state: '未办', closed_by: null });
  expect(JSON.stringify(plan.changed[0]?.history)).toContain('此前办结:已退还');
});

test('what a person closed and is no longer found stays as the person left it', () => {
  const closed = byHand(only(keep([], [overcharge()])), '已办结');
  expect(planFindings([closed], [], scope)).toMatchObject({ changed: [], gone: 0 });
});

test('findings of other months and terms are left alone', () => {
  const kept = keep([], [overcharge({ cause: '2026-05', month: '2026-05' }), overcharge({ rule: 'R-M1', cause: '2025-2', month: null })]);
  expect(planFindings(kept, [], scope)).toMatchObject({ opened: [], changed: [], gone: 0 });
});

test('judging one month closes nothing that concerns the whole term', () => {
  const kept = keep([], [overcharge({ rule: 'R-M1', cause: '2026-1/方案', month: null })]);
  expect(planFindings(kept, [], { ...scope, wholeTerm: false }).gone).toBe(0);
  expect(planFindings(kept, [], scope).gone).toBe(1);
});

test('a rule that is switched off takes its open findings with it', () => {
  const gone = only(keep(keep([], [overcharge()]), [], { ...scope, rules: new Set() }));
  expect(gone.close_reason).toBe('规则已停用或删除');
});

test('the same cause in two schools or of two rules is two findings', () => {
  const ids = [
    planFindings([], [overcharge()], scope),
    planFindings([], [overcharge({ rule: 'R-F2' })], scope),
    planFindings([], [overcharge()], { ...scope, school: '2141990002' }),
  ].map((plan) => plan.opened[0]?.id);
  expect(new Set(ids).size).toBe(3);
});
