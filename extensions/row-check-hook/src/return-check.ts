/**
 * What a person may do with a monthly return on a screen: confirm a prefilled one, extend a deadline with a reason, and change frozen
 * figures only where a 更正单 has been approved.
 */
import { InvalidPayloadError } from '@directus/errors';
import type { Knex } from 'knex';
import type { Table } from '../../../schema/fields.ts';
import { tables } from '../../../schema/index.ts';
import { sameValue } from '../../../schema/merge.ts';
import {
  differencesOf,
  differenceWords,
  fieldNamed,
  isClosed,
  isFigure,
  isReported,
  labelOf,
  nextVersion,
  openSteps,
} from '../../../schema/monthly-return.ts';
import { notApplicableFaults } from '../../../schema/not-applicable.ts';
import { fromRow, toRow } from '../../shared/values.ts';

type Values = Record<string, unknown>;

const reportTable = tables.monthly_reports as unknown as Table;
const slipTable = tables.corrections as unknown as Table;

/** Directus puts its own full stop behind the reason. */
const refuse = (reason: string): never => {
  throw new InvalidPayloadError({ reason: `「月报」${reason.replace(/。$/, '')}` });
};

const isBlank = (value: unknown): boolean => value === null || value === undefined || value === '';

/** Returns to which an approved 更正单 is being applied right now, by the approval itself. */
const applying = new Set<string>();

export const whileApplying = async <T>(report: string, work: () => Promise<T>): Promise<T> => {
  applying.add(report);
  try {
    return await work();
  } finally {
    applying.delete(report);
  }
};

const slipsOf = async (database: Knex, report: string, state: string): Promise<Values[]> =>
  (await database('corrections').where({ report, state }).select('*')).map((row: Values) => fromRow(slipTable, row));

const openedBy = (slips: readonly Values[]): ReadonlySet<string> =>
  new Set(slips.flatMap((slip) => (Array.isArray(slip.fields) ? slip.fields : []).flatMap((label) => fieldNamed(String(label)) ?? [])));

/** A closed return: only opened figures, and never back to open by hand. */
const checkClosed = async (row: Values, payload: Values, database: Knex): Promise<Values> => {
  const id = String(row.id);
  if (applying.has(id)) return payload;
  if ('state' in payload && !isClosed(payload)) refuse('已经冻结,不能改回;要改数字请开更正单');
  const changed = Object.keys(payload).filter((name) => isFigure(name) && !sameValue(payload[name], row[name]));
  if (changed.length === 0) return payload;
  const opened = openedBy(await slipsOf(database, id, '已批准'));
  const others = changed.filter((name) => !opened.has(name));
  if (others.length) refuse(`已经冻结,“${others.map(labelOf).join('”“')}”要改请先在「更正单」里新建一张,写明栏目和理由,批准后再改`);
  return { ...payload, ...nextVersion(row, Object.fromEntries(changed.map((name) => [name, payload[name]]))) };
};

/** A prefilled return that somebody confirms on the screen, for a school that has said so by telephone, say. */
const checkAwaited = (row: Values, payload: Values): Values => {
  const wanted = payload.confirmed === true || ('state' in payload && isReported(payload));
  if (!wanted) return payload;
  const steps = openSteps({ ...row, ...payload, confirmed: true });
  if (steps.length) refuse(`还不能算上报:请${steps.join(';')}`);
  return { ...payload, confirmed: true, state: '已收', first_valid_at: new Date().toISOString() };
};

const checkWords = (row: Values): void => {
  const [fault] = notApplicableFaults(row);
  if (fault) refuse(fault.words);
  if (!isBlank(row.due_on) && isBlank(row.due_reason)) refuse('准予延期须写“延期理由”');
};

/** The values to write; throws one Chinese sentence. `keys` are empty for a new row. */
export const checkReturn = async (payload: Values, keys: readonly string[], database: Knex): Promise<Values> => {
  if (keys.length === 0) {
    checkWords(payload);
    return payload;
  }
  const stored: Values[] = await database('monthly_reports')
    .whereIn('id', [...keys])
    .select('*');
  const rows = stored.map((one) => fromRow(reportTable, one));
  for (const row of rows) checkWords({ ...row, ...payload });
  const values: Values[] = [];
  for (const row of rows)
    values.push(isClosed(row) ? await checkClosed(row, payload, database) : row.state === '待确认' ? checkAwaited(row, payload) : payload);
  const [first = payload, ...others] = values;
  // Several rows share one payload: what differs from row to row is done one by one.
  if (others.some((one) => JSON.stringify(one) !== JSON.stringify(first))) refuse('这几行情况不同,请一行一行地改');
  return first;
};

/** After opened figures were changed on a screen: the 更正单 that opened them is done, with its figure-by-figure difference. */
export const completeSlips = async (database: Knex, before: Values | undefined, id: string): Promise<void> => {
  if (!before || !isClosed(before) || applying.has(id)) return;
  const stored: Values | undefined = await database('monthly_reports').where({ id }).first('*');
  if (!stored) return;
  const row = fromRow(reportTable, stored);
  const all = differencesOf(before, Object.fromEntries(Object.entries(row).filter(([name]) => isFigure(name))));
  if (all.length === 0) return;
  for (const slip of await slipsOf(database, id, '已批准')) {
    const opened = openedBy([slip]);
    const difference = all.filter((one) => opened.has(one.field));
    if (difference.length)
      await database('corrections')
        .where({ id: slip.id as string })
        .update(toRow(slipTable, { state: '已完成', version: row.version, difference, difference_words: differenceWords(difference) }));
  }
};
