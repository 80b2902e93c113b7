/**
 * 更正单: asked for by a school's sheet or by staff, decided by a named person. An approval that knows the new figures writes them into the
 * return, as its next version, in one transaction or not at all; one that names columns only opens them.
 */
import { InvalidPayloadError } from '@directus/errors';
import type { Knex } from 'knex';
import type { Table } from '../../../schema/fields.ts';
import { type TableName, tables } from '../../../schema/index.ts';
import { sameValue } from '../../../schema/merge.ts';
import { type Difference, differenceWords, fieldNamed, isClosed, nextVersion } from '../../../schema/monthly-return.ts';
import { checkRow } from '../../../schema/rows.ts';
import { lockSchool } from '../../shared/school-lock.ts';
import { fromRow } from '../../shared/values.ts';
import type { Decided, Desk } from './decision.ts';
import { type Actor, nameOf } from './finding-check.ts';
import { whileApplying } from './return-check.ts';

type Values = Record<string, unknown>;

const slipTable = tables.corrections as unknown as Table;
const reportTable = tables.monthly_reports as unknown as Table;

const refuse = (reason: string): never => {
  throw new InvalidPayloadError({ reason: `「更正单」${reason}` });
};

const isBlank = (value: unknown): boolean => typeof value !== 'string' || value.trim() === '';

const readReport = async (database: Knex, id: unknown): Promise<Values> => {
  const stored: Values | undefined = await database('monthly_reports')
    .where({ id: String(id) })
    .first('*');
  return stored ? fromRow(reportTable, stored) : refuse('没有这一份月报');
};

const checkNames = (labels: unknown): void => {
  if (!Array.isArray(labels) || labels.length === 0) refuse('请写明更正哪几栏');
  const unknown = (labels as unknown[]).filter((label) => fieldNamed(String(label)) === null);
  if (unknown.length) refuse(`看不出是月报的哪一栏:${unknown.join('、')}。请写月报里的栏名,如 参加学生数`);
};

const signed = async (payload: Values, database: Knex, actor: Actor | null): Promise<Values> => {
  const by = isBlank(payload.decided_by) ? await nameOf(database, actor) : payload.decided_by;
  if (isBlank(by)) refuse('须有批准人:请在“批准人”里写姓名');
  return { decided_by: by, decided_at: new Date().toISOString() };
};

/** A slip that staff open by hand. */
export const checkSlip = async (payload: Values, database: Knex, actor: Actor | null): Promise<Values> => {
  checkNames(payload.fields);
  const report = await readReport(database, payload.report);
  if (!isClosed(report)) refuse('这份月报没有冻结,不用更正单,直接改就行');
  const state = payload.state ?? '待批准';
  if (state !== '待批准' && state !== '已批准') refuse('新开的更正单只能是“待批准”或“已批准”');
  return {
    ...payload,
    school: report.school,
    requested_by: isBlank(payload.requested_by) ? await nameOf(database, actor) : payload.requested_by,
    requested_at: new Date().toISOString(),
    ...(state === '已批准' ? await signed(payload, database, actor) : {}),
  };
};

/** The differences that a slip wants, where a sheet has asked for it. */
const wantedOf = (slip: Values): Difference[] => (Array.isArray(slip.difference) ? (slip.difference as Difference[]) : []);

/** Writes the new figures as the next version of the return. */
const applySlip = async (desk: Desk, trx: Knex, slip: Values): Promise<Values> => {
  const report = await readReport(trx, slip.report);
  const wanted = wantedOf(slip);
  const moved = wanted.filter((one) => !sameValue(report[one.field], one.old));
  if (moved.length) refuse(`“${moved.map((one) => one.label).join('”“')}”在申请之后又改过,请先同步一次,按新的情况再批`);
  const figures = Object.fromEntries(wanted.map((one) => [one.field, one.new]));
  const faults = checkRow(desk.model.tables.monthly_reports, figures, true);
  if (faults.length) refuse(faults.map((one) => one.message).join(';'));
  const changes = nextVersion(report, figures);
  const id = String(report.id);
  await whileApplying(id, () => desk.itemsIn(trx, 'monthly_reports').updateOne(id, changes, { bypassEmitAction: () => undefined }));
  return { state: '已完成', version: changes.version, difference_words: differenceWords(wanted) };
};

interface Settled {
  readonly rows: Decided[];
  readonly written: Values;
}

const decideSlip = async (desk: Desk, trx: Knex, id: string, payload: Values): Promise<Settled> => {
  const stored: Values = (await trx('corrections').where({ id }).first('*')) ?? refuse('没有这一张更正单');
  const slip = { ...fromRow(slipTable, stored), ...payload };
  await lockSchool(trx, String(slip.school));
  if (stored.state !== '待批准') refuse(`这一张已经是“${String(stored.state)}”,不能再批`);
  if (payload.state === '不批准' && isBlank(slip.decision_note)) refuse('不批准须在“批准意见”里写明理由,学校在表里看得到');
  const signature = await signed(slip, trx, desk.accountability);
  if (payload.state === '不批准' || wantedOf(slip).length === 0) return { rows: [], written: signature };
  const written = await applySlip(desk, trx, slip);
  return { rows: [{ table: 'monthly_reports' as TableName, item: String(slip.report) }], written: { ...signature, ...written } };
};

/** Only the system says that a slip is done, or that the school has taken it back. */
const decisions = new Set(['已批准', '不批准']);

/** What staff saved in the form of a slip; the same shape as `decide` of decision.ts. */
export const decideSlips = async (desk: Desk, ids: readonly string[], payload: Values): Promise<{ payload: Values; rows: Decided[] }> => {
  if ('fields' in payload) checkNames(payload.fields);
  if (!('state' in payload) || payload.state === '待批准') return { payload, rows: [] };
  if (!decisions.has(String(payload.state))) refuse('“已完成”“已撤回”由系统写明;请选“已批准”或“不批准”');
  if (ids.length !== 1) refuse('更正单请一张一张地批');
  const work = (trx: Knex): Promise<Settled> => decideSlip(desk, trx, String(ids[0]), payload);
  const { rows, written } = desk.database.isTransaction ? await work(desk.database) : await desk.database.transaction(work);
  return { payload: { ...payload, ...written }, rows };
};
