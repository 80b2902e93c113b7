/** One print run of a notice at a time, whichever machine it runs on. By one clock, the database's, and never by those of the machines. */
import type { Knex } from 'knex';
import type { Held, Holder, HoldRequest } from '../../../schema/press.ts';
import { whoHolds } from '../../../schema/press.ts';
import { isPostgres } from '../../shared/is-postgres.ts';
import { lockSchool } from '../../shared/school-lock.ts';

const table = 'kehou_presses';

/** SQLite's clock is that of the one machine that has the file. */
const clock = async (trx: Knex): Promise<number> => {
  if (!isPostgres(trx)) return Date.now();
  const { rows } = await trx.raw<{ rows: { now: string }[] }>('select floor(extract(epoch from clock_timestamp()) * 1000) as now');
  return Number(rows[0]?.now);
};

export const hold = (database: Knex, request: HoldRequest): Promise<Held> =>
  database.transaction(async (trx) => {
    const { place, own } = request;
    await lockSchool(trx, place);
    const now = await clock(trx);
    const row: { holder: string; beat: string } | undefined = await trx(table).where({ place }).first('holder', 'beat');
    const held = whoHolds(request, row ? { holder: JSON.parse(row.holder) as Holder, beat: Number(row.beat) } : null, now);
    if (held.holder.id === own.id)
      await trx(table)
        .insert({ place, holder: JSON.stringify(own), beat: String(now) })
        .onConflict('place')
        .merge();
    return held;
  });

/** Gives a place back; somebody else's stays. */
export const leave = (database: Knex, { place, id }: { readonly place: string; readonly id: string }): Promise<void> =>
  database.transaction(async (trx) => {
    await lockSchool(trx, place);
    const row: { holder: string } | undefined = await trx(table).where({ place }).first('holder');
    if (row && (JSON.parse(row.holder) as Holder).id === id) await trx(table).where({ place }).delete();
  });
