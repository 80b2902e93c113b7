/**
 * Marks the workbooks that do not show what Directus holds by now, so that the next sync opens them though nobody has touched them.
 * Never reads or writes a row itself.
 */
import type { Knex } from 'knex';
import type { LinkField } from '../../../schema/fields.ts';
import type { TableName } from '../../../schema/index.ts';
import { modelTables } from '../../../schema/live-tables.ts';
import { tabs } from '../../../schema/sheets.ts';

/** Tables whose rows stand in workbooks. */
const inWorkbooks = new Set<TableName>(tabs.flatMap((tab) => tab.tables));

/** Links by whose words rows of other tabs name a row of this table: 收费 names its student. */
const namedBy = (name: TableName): { table: TableName; link: string }[] =>
  [...inWorkbooks].flatMap((table) =>
    Object.entries(modelTables[table].fields)
      .filter(([, field]) => field.kind === 'link' && field.to === name && (field as LinkField).by?.length)
      .map(([link]) => ({ table, link })),
  );

const mark = (database: Knex, collection: string, items: readonly string[] | Knex.QueryBuilder): Promise<number> =>
  database('sources')
    .whereIn(
      'id',
      database('kehou_base')
        .where({ collection })
        .whereIn('item', items as string[])
        .select('source'),
    )
    .update({ outdated: true });

/** After a change or a deletion of these rows on a screen. */
export const markWorkbooksOf = async (database: Knex, name: TableName, ids: readonly string[]): Promise<void> => {
  if (inWorkbooks.has(name)) await mark(database, name, ids);
  for (const { table, link } of namedBy(name))
    await mark(
      database,
      table,
      database(table)
        .whereIn(link, [...ids])
        .select('id'),
    );
};

/** After a person has made a row that its school is to find in its workbook. */
export const markWorkbooksOfSchool = async (database: Knex, name: TableName, { school }: Readonly<Record<string, unknown>>): Promise<void> => {
  if (modelTables[name].tab?.bureauRows && school) await database('sources').where({ school, own: '系统模板' }).update({ outdated: true });
};

/** Whether workbooks have columns of this table. */
const hasColumns = (collection: string): boolean => inWorkbooks.has(collection as TableName) || namedBy(collection as TableName).length > 0;

interface KnownSchema {
  readonly collections: Readonly<Record<string, { readonly fields: object } | undefined>>;
}

/** After a change of the data model: every workbook may lack a column or have another label. */
export const markAllWorkbooks = async (database: Knex, schema: KnownSchema, collection: string): Promise<void> => {
  // While a county is being set up the column is not there yet, and neither is a workbook.
  if (!hasColumns(collection) || !('outdated' in (schema.collections.sources?.fields ?? {}))) return;
  await database('sources').update({ outdated: true });
};
