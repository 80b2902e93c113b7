/**
 * The tables as this Directus has them now: read from its own fields, kept until one of them changes.
 * Never writes; what a field means is decided in schema/live-tables.ts.
 */
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
  read(place: Place): Promise<LiveModel>;
}

/** What Directus tells when somebody has changed the data model. */
export const fieldEvents = ['fields.create', 'fields.update', 'fields.delete'] as const;

/** `onChange` subscribes to one event of Directus. */
export const liveModelReader = (FieldsService: FieldsServiceClass, onChange: (event: string, forget: () => void) => void): LiveModelReader => {
  let known: Promise<LiveModel> | null = null;
  const forget = () => {
    known = null;
  };
  for (const event of fieldEvents) onChange(event, forget);
  return {
    read(place) {
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
