/**
 * The tables that Directus does not manage (`kehou_base`, `kehou_changes`, `kehou_model`): made on request of the schema command, which
 * also keeps there what it applied last.
 */
import type { Knex } from 'knex';
import type { PlainTable } from '../../../schema/directus.ts';

const addColumn = (builder: Knex.CreateTableBuilder, name: string, column: PlainTable['columns'][string]): void => {
  const make = {
    string: () => builder.string(name, column.length ?? 255),
    text: () => builder.text(name),
    integer: () => builder.integer(name),
    timestamp: () => builder.timestamp(name),
  } satisfies Record<typeof column.type, () => Knex.ColumnBuilder>;
  const made = make[column.type]();
  if (!column.nullable) made.notNullable();
};

/** Names of the tables that are not there; with `create` they are made, in one transaction. */
export const plainTablesMissing = async (database: Knex, wanted: readonly PlainTable[], create: boolean): Promise<string[]> => {
  const missing: PlainTable[] = [];
  for (const table of wanted) if (!(await database.schema.hasTable(table.name))) missing.push(table);
  if (!create) return missing.map((table) => table.name);
  await database.transaction(async (trx) => {
    for (const table of missing) {
      await trx.schema.createTable(table.name, (builder) => {
        for (const [name, column] of Object.entries(table.columns)) addColumn(builder, name, column);
        builder.primary([...table.primary]);
        for (const columns of table.indexes) builder.index([...columns]);
      });
    }
  });
  return [];
};

const model = 'kehou_model';

/** The model as it was applied last, as the schema command noted it; null where it never was. */
export const appliedModel = async (database: Knex): Promise<unknown> => {
  if (!(await database.schema.hasTable(model))) return null;
  const row: { applied: string } | undefined = await database(model).where({ part: 'fields' }).first('applied');
  return row ? JSON.parse(row.applied) : null;
};

export const noteAppliedModel = async (database: Knex, applied: unknown): Promise<void> => {
  await database(model)
    .insert({ part: 'fields', applied: JSON.stringify(applied) })
    .onConflict('part')
    .merge();
};
