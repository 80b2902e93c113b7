/**
 * The five-way reconciliation as a table: one line per school and month, with the records behind each contradiction.
 */
import {
  chargedSum,
  type MismatchKind,
  mismatchKinds,
  moneyAtStake,
  type Reconciliation,
  reconcile,
  unservedSum,
} from '../../schema/rules/reconcile.ts';
import type { RuleContext } from '../../schema/rules/types.ts';

export interface MismatchCell {
  readonly count: number;
  /** Yuan; 0 where no money is concerned. */
  readonly amount: number;
  /** Ids of the records: fees, attendance or enrolments. */
  readonly rows: readonly string[];
}

export interface ReconciliationRow {
  readonly school: string;
  readonly month: string;
  readonly counts: Reconciliation['counts'];
  readonly mismatches: Readonly<Record<MismatchKind, MismatchCell>>;
  /** Yuan; a record that shows two contradictions counts once. */
  readonly at_stake: number;
}

const cellOf = (one: Reconciliation, kind: MismatchKind): MismatchCell => {
  if (kind === 'attendedWithoutEnrolment') {
    const rows = one[kind].map(({ row }) => row.id);
    return { count: rows.length, amount: 0, rows };
  }
  if (kind === 'paidWithoutService') {
    const rows = one[kind];
    return { count: rows.length, amount: unservedSum(rows), rows: rows.map(({ fee }) => fee.id) };
  }
  const rows = one[kind];
  return { count: rows.length, amount: kind === 'enrolledWithoutNotice' ? 0 : chargedSum(one[kind]), rows: rows.map((row) => row.id) };
};

const kinds = Object.keys(mismatchKinds) as MismatchKind[];

/** One line for each month in which anything is on record. */
export const reconciliationRows = (context: RuleContext): ReconciliationRow[] =>
  [...reconcile(context).values()]
    .filter(({ counts }) => counts.roster + counts.charged + counts.attendanceDays > 0)
    .map((one) => ({
      school: context.school.code,
      month: one.month,
      counts: one.counts,
      mismatches: Object.fromEntries(kinds.map((kind) => [kind, cellOf(one, kind)])) as Record<MismatchKind, MismatchCell>,
      at_stake: moneyAtStake(one),
    }));
