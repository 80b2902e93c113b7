/**
 * The tables as this Directus has them now: read from its own fields, kept until one of them changes.
 * Never writes; what a field means is decided in schema/live-tables.ts.
 */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { type FieldSetup, type LiveTables, liveTables } from '../../schema/live-tables.ts';
import { type Tab, tabsMark, tabsOf } from '../../schema/sheets.ts';

export interface LiveModel {
  readonly tables: LiveTables;
  readonly tabs: readonly Tab[];
  /** The same as the sync's where both mean the same columns. */
  readonly mark: string;
}

/** Where the fields are read: inside a transaction its own connection must be used, for SQLite has no other. */
interface Place {
  readonly knex: Knex;
  readonly schema: unknown;
}

type FieldsServiceClass = new (options: never) => { readAll(): Promise<unknown> };

const read = async (FieldsService: FieldsServiceClass, place: Place): Promise<LiveModel> => {
  const tables = liveTables((await new FieldsService(place as never).readAll()) as FieldSetup[]);
  const tabs = tabsOf(tables);
  return { tables, tabs, mark: tabsMark(tabs) };
};

export interface LiveModelReader {
  /** What was read before is used again while `revision` is the same and nothing was told to forget it. */
  read(place: Place, revision?: string | null): Promise<LiveModel>;
}

/** Where every process and extension can see that the data model has changed: endpoints are not told of Directus' events. */
const noted = 'kehou_model';

/** Databases that are known to have the table; while a county is being set up they have not. */
const setUp = new WeakSet<Knex>();

const isSetUp = async (knex: Knex): Promise<boolean> => {
  if (!setUp.has(knex) && (await knex.schema.hasTable(noted))) setUp.add(knex);
  return setUp.has(knex);
};

/** Names the state of the data model; null before the first change since the set-up. */
export const modelRevision = async (knex: Knex): Promise<string | null> => {
  if (!(await isSetUp(knex))) return null;
  const row: { applied: string } | undefined = await knex(noted).where({ part: 'revision' }).first('applied');
  return row?.applied ?? null;
};

export const noteModelChange = async (knex: Knex): Promise<void> => {
  if (!(await isSetUp(knex))) return;
  await knex(noted).insert({ part: 'revision', applied: randomUUID() }).onConflict('part').merge();
};

/** What Directus tells when somebody has changed the data model. */
export const fieldEvents = ['fields.create', 'fields.update', 'fields.delete'] as const;

/** `onChange`, where there is one, subscribes to one event of Directus. */
export const liveModelReader = (
  FieldsService: FieldsServiceClass,
  onChange: (event: string, forget: () => void) => void = () => undefined,
): LiveModelReader => {
  let known: Promise<LiveModel> | null = null;
  let readAt: string | null = null;
  const forget = () => {
    known = null;
  };
  for (const event of fieldEvents) onChange(event, forget);
  return {
    read(place, revision = null) {
      if (revision !== readAt) forget();
      readAt = revision;
      const reading = known ?? read(FieldsService, place);
      known = reading;
      // A reading that failed is not kept: the next caller tries again.
      reading.catch(() => {
        if (known === reading) forget();
      });
      return reading;
    },
  };
};
