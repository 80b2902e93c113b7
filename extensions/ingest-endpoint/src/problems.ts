/**
 * Keeps the open problems of a workbook: new ones are opened, those that are gone are closed, the others stay as they are.
 */
import type { Knex } from 'knex';
import type { TabAnswer } from '../../../schema/ingest.ts';
import type { Problem } from '../../../schema/parsed.ts';
import { newRowId } from '../../../schema/row-id.ts';
import { insertRows, momentFor, runQuery, updateRows } from './bulk.ts';
import type { Scope } from './load-tab.ts';

/** A conflict is another one as soon as either side has changed again: its words hold both values. */
const identity = (tab: string, cell: string, code: string, value: string, message: string): string =>
  [tab, cell, code, value, ...(code === 'conflict' ? [message] : [])].join('\u0001');

const kindOf = (one: Problem): string => (one.code === 'conflict' ? '冲突' : one.severity === 'warning' ? '提示' : '有误');

interface OpenProblem {
  readonly id: string;
  readonly tab: string;
  readonly cell: string;
  readonly code: string;
  readonly value: string | null;
  readonly message: string;
}

/** Cells can hold long texts; the problem list needs only enough to recognise them. */
const short = (value: string): string => value.slice(0, 200);

export const keepProblems = async (trx: Knex, answers: readonly TabAnswer[], scope: Scope, now: Date): Promise<void> => {
  const columns = ['id', 'tab', 'cell', 'code', 'value', 'message'];
  const open = await runQuery<OpenProblem>(trx, trx('sheet_problems').where({ source: scope.source }).whereNull('closed_at').select(columns));
  const known = new Map(open.map((one) => [identity(one.tab, one.cell, one.code, one.value ?? '', one.message), one.id]));
  const fresh: Record<string, unknown>[] = [];
  for (const answer of answers) {
    for (const one of answer.problems) {
      if (known.delete(identity(answer.tab, one.cell, one.code, short(one.value), one.message))) continue;
      fresh.push({
        id: newRowId(),
        tab: answer.tab,
        cell: one.cell,
        sheet_row: one.row,
        header: one.header,
        code: one.code,
        value: short(one.value),
        message: one.message,
        kind: kindOf(one),
        ...(one.conflict ? { held: one.conflict, sheet_value: one.conflict.shownSheet, live_value: one.conflict.shownLive } : {}),
      });
    }
  }
  await insertRows(trx, {
    table: 'sheet_problems',
    columns: ['id', 'tab', 'cell', 'sheet_row', 'header', 'code', 'value', 'message', 'kind', 'sheet_value', 'live_value', 'held'],
    rows: fresh,
    same: { source: scope.source, school: scope.school, opened_at: momentFor(trx, now) },
  });
  await updateRows(trx, {
    table: 'sheet_problems',
    columns: ['id'],
    rows: [...known.values()].map((id) => ({ id })),
    same: { closed_at: momentFor(trx, now) },
  });
};
