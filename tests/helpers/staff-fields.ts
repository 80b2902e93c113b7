/** Fields as Directus tells them: the model's own, and such as staff make in Settings → Data model. */
import { directusModel } from '../../schema/directus.ts';
import type { Table } from '../../schema/fields.ts';
import { type FieldMeta, type FieldSetup, liveTables } from '../../schema/live-tables.ts';
import { type Tab, tabsOf } from '../../schema/sheets.ts';

/** What `GET /fields` says where Directus holds these tables. */
export const setupsOf = (tables?: Readonly<Record<string, Table>>): FieldSetup[] =>
  directusModel(tables).collections.flatMap((one) => one.fields.map((field) => ({ ...field, collection: one.collection }) as FieldSetup));

export const modelSetups = setupsOf();

/** A Chinese display name, as the admin keeps it. */
export const zh = (translation: string) => [{ language: 'zh-CN', translation }];

/** A field of students that staff made. */
export const staffField = (field: string, type: string, meta: FieldMeta, schema: FieldSetup['schema'] = {}): FieldSetup => ({
  collection: 'students',
  field,
  type,
  meta,
  schema,
});

/** The model's setups with other meta for one field, `students.gender`. */
export const changedField = (name: string, meta: FieldMeta): FieldSetup[] =>
  modelSetups.map((one) => (`${one.collection}.${one.field}` === name ? { ...one, meta: { ...one.meta, ...meta } } : one));

/** 乘车路线: a required dropdown, one of whose choices has a text of its own. */
export const busRoute = (meta: FieldMeta = {}): FieldSetup =>
  staffField('bus_route', 'string', {
    interface: 'select-dropdown',
    options: {
      choices: [
        { text: '一号线', value: 'one' },
        { text: '二号线', value: '二号线' },
      ],
    },
    translations: zh('乘车路线'),
    note: '坐校车的填',
    required: true,
    ...meta,
  });

export const tabsWith = (...added: FieldSetup[]): readonly Tab[] => tabsOf(liveTables([...modelSetups, ...added]));
