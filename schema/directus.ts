/**
 * Prints the tables as Directus artefacts: collections, fields, links, bookmarks.
 * Pure: it says what should be there; scripts/directus/apply-model.ts makes it so.
 */
import { areas, type Choice, type Field, type FieldOf, type Fields, type JsonColumn, type Kind, type Table } from './fields.ts';
import { type TableName, tables } from './index.ts';
import { gradeNames, weekdayNames } from './vocabulary.ts';

/** A field as Directus' API takes it. `alias` fields have no column. */
export interface DirectusField {
  readonly field: string;
  readonly type: string;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly schema: Readonly<Record<string, unknown>> | null;
}

export interface DirectusCollection {
  readonly collection: string;
  readonly meta: Readonly<Record<string, unknown>>;
  /** Null for a navigation folder. */
  readonly schema: Readonly<Record<string, unknown>> | null;
  readonly fields: readonly DirectusField[];
}

export interface DirectusRelation {
  readonly collection: string;
  readonly field: string;
  readonly related_collection: string;
  readonly schema: { readonly on_delete: string };
}

/** A bookmark that everybody sees in the navigation. */
export interface DirectusBookmark {
  readonly collection: string;
  readonly bookmark: string;
  readonly icon: string;
  readonly filter: Readonly<Record<string, unknown>> | null;
  readonly layout: string;
  readonly layout_query: Readonly<Record<string, unknown>>;
  /** Widths of the columns in pixels. */
  readonly layout_options: { readonly tabular: { readonly widths: Readonly<Record<string, number>> } };
}

/** A table that Directus does not manage: no screen, no permission, and no place among the 25 collections. */
export interface PlainTable {
  readonly name: string;
  readonly columns: Readonly<
    Record<string, { readonly type: 'string' | 'text' | 'integer' | 'timestamp'; readonly length?: number; readonly nullable?: true }>
  >;
  readonly primary: readonly string[];
  readonly indexes: readonly (readonly string[])[];
}

export interface DirectusModel {
  readonly collections: readonly DirectusCollection[];
  readonly relations: readonly DirectusRelation[];
  readonly bookmarks: readonly DirectusBookmark[];
  readonly plainTables: readonly PlainTable[];
}

interface Printed {
  readonly type: string;
  readonly interface: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly display?: string;
  readonly displayOptions?: Readonly<Record<string, unknown>>;
  readonly special?: readonly string[];
  readonly schema?: Readonly<Record<string, unknown>>;
}

const choiceOptions = (choices: readonly Choice[]) => ({ choices: choices.map((one) => ({ text: one.label ?? one.value, value: one.value })) });
const numbered = (names: readonly string[]) => ({ choices: names.map((text, index) => ({ text, value: index + 1 })) });
const range = (field: { readonly min?: number; readonly max?: number }) => ({
  ...(field.min === undefined ? {} : { min: field.min }),
  ...(field.max === undefined ? {} : { max: field.max }),
});
const oneLine = (length: number): Printed => ({ type: 'string', interface: 'input', options: { trim: true }, schema: { max_length: length } });
const jsonList = (rest: Omit<Printed, 'type' | 'special'>): Printed => ({ type: 'json', special: ['cast-json'], ...rest });
const csvList = (rest: Omit<Printed, 'type' | 'special'>): Printed => ({ type: 'csv', special: ['cast-csv'], ...rest });
const listColumn = (field: { readonly stored?: 'csv' }) => (field.stored === 'csv' ? csvList : jsonList);

/** What each kind of field looks like in Directus; a new kind does not compile until it stands here. */
const columnInterfaces = {
  text: { type: 'string', interface: 'input' },
  longText: { type: 'text', interface: 'input-multiline' },
  number: { type: 'decimal', interface: 'input' },
  yesNo: { type: 'boolean', interface: 'boolean' },
  moment: { type: 'timestamp', interface: 'datetime' },
  table: { type: 'string', interface: 'select-dropdown' },
} as const satisfies { readonly [T in JsonColumn['type']]: { readonly type: string; readonly interface: string } };

const tableChoices = () => ({ choices: Object.values(tables).map(({ name, label }) => ({ text: label, value: name })) });

/** How the values of a column are shown, where not as they are. */
const columnDisplay = (type: JsonColumn['type']) => {
  if (type === 'moment') return { display: 'datetime', display_options: { format: 'yyyy-MM-dd HH:mm' } };
  return type === 'table' ? { options: tableChoices(), display: 'labels', display_options: tableChoices() } : {};
};

const jsonInterface = ({ editor, columns, template }: FieldOf<'json'>): Pick<Printed, 'interface' | 'options'> => {
  if (editor) return { interface: editor };
  if (!columns) return { interface: 'input-code', options: { language: 'JSON' } };
  const fields = columns.map((column) => ({
    field: column.field,
    name: column.label,
    type: columnInterfaces[column.type].type,
    meta: {
      field: column.field,
      ...columnInterfaces[column.type],
      width: column.type === 'longText' ? 'full' : 'half',
      ...columnDisplay(column.type),
    },
  }));
  const shown = template ?? columns.map(({ field }) => `{{${field}}}`).join(' · ');
  return { interface: 'list', options: { template: shown, addLabel: '加一行', fields } };
};

const printers = {
  text: (field) => oneLine(field.maxLength ?? 255),
  longText: () => ({ type: 'text', interface: 'input-multiline' }),
  html: ({ editor, keep }) => ({ type: 'text', interface: editor ?? 'input-rich-text-html', ...(keep ? { options: { keep } } : {}) }),
  whole: (field) => ({ type: 'integer', interface: 'input', options: range(field) }),
  money: (field) => ({
    type: 'decimal',
    interface: 'input',
    options: { ...range(field), step: 0.01 },
    schema: { numeric_precision: 14, numeric_scale: 2 },
  }),
  decimal: (field) => ({
    type: 'decimal',
    interface: 'input',
    options: range(field),
    schema: { numeric_precision: 14, numeric_scale: field.scale ?? 2 },
  }),
  percent: (field) => ({
    type: 'decimal',
    interface: 'input',
    options: { ...range(field), step: 0.01, iconRight: 'percent' },
    schema: { numeric_precision: 7, numeric_scale: 2 },
  }),
  minutes: (field) => ({ type: 'integer', interface: 'input', options: { ...range(field), iconRight: 'timer' } }),
  date: () => ({ type: 'date', interface: 'datetime', display: 'datetime', displayOptions: { format: 'yyyy-MM-dd' } }),
  month: () => ({ type: 'string', interface: 'input', options: { placeholder: '2026-09', trim: true }, schema: { max_length: 7 } }),
  time: () => ({ type: 'time', interface: 'datetime', options: { includeSeconds: false }, display: 'datetime', displayOptions: { format: 'HH:mm' } }),
  timestamp: () => ({
    type: 'timestamp',
    interface: 'datetime',
    display: 'datetime',
    displayOptions: { relative: true },
    special: ['cast-timestamp'],
  }),
  yesNo: () => ({ type: 'boolean', interface: 'boolean', options: { label: '是' }, display: 'boolean', special: ['cast-boolean'] }),
  choice: (field) => ({
    type: 'string',
    ...(field.radio
      ? { interface: 'select-radio', options: choiceOptions(field.choices) }
      : { interface: 'select-dropdown', options: { ...choiceOptions(field.choices), allowNone: true } }),
    display: 'labels',
    displayOptions: choiceOptions(field.choices),
    schema: { max_length: 60 },
  }),
  choices: (field) =>
    listColumn(field)({
      interface: 'select-multiple-checkbox',
      options: { ...choiceOptions(field.choices), itemsShown: 20 },
      display: 'labels',
      displayOptions: choiceOptions(field.choices),
    }),
  list: (field) => listColumn(field)({ interface: 'tags', options: { whitespace: null, alphabetize: false }, display: 'labels' }),
  weekdays: () =>
    jsonList({
      interface: 'select-multiple-checkbox',
      options: { ...numbered(weekdayNames), itemsShown: 7 },
      display: 'labels',
      displayOptions: numbered(weekdayNames),
    }),
  grade: () => ({
    type: 'integer',
    interface: 'select-dropdown',
    options: numbered(gradeNames),
    display: 'labels',
    displayOptions: numbered(gradeNames),
  }),
  grades: () =>
    jsonList({
      interface: 'select-multiple-checkbox',
      options: { ...numbered(gradeNames), itemsShown: 9 },
      display: 'labels',
      displayOptions: numbered(gradeNames),
    }),
  classNo: () => oneLine(30),
  phone: () => ({ type: 'string', interface: 'input', options: { trim: true, iconLeft: 'call' }, schema: { max_length: 30 } }),
  code: (field) => ({
    type: 'string',
    interface: 'input',
    options: { trim: true, font: 'monospace' },
    schema: { max_length: field.maxLength ?? 255 },
  }),
  json: (field) => ({ type: 'json', special: ['cast-json'], ...jsonInterface(field) }),
  photos: () => jsonList({ interface: 'tags', display: 'labels' }),
  link: (field) => {
    const template = (tables as unknown as Record<string, Table>)[field.to]?.display ?? '{{id}}';
    return {
      type: 'string',
      interface: 'select-dropdown-m2o',
      options: { template, enableCreate: false },
      display: 'related-values',
      displayOptions: { template },
      special: ['m2o'],
      schema: { max_length: linkLength(field.to) },
    };
  },
} satisfies { [K in Kind]: (field: FieldOf<K>) => Printed };

/** Length of the key of a table, and so of a link to it. */
const linkLength = (to: string): number => (to === 'schools' ? 10 : to === 'terms' ? 6 : 12);

const both = (zh: string, en: string, key: 'translation' = 'translation') => [
  { language: 'zh-CN', [key]: zh },
  { language: 'en-US', [key]: en },
];

const shownWhen = ({ field, is }: NonNullable<Field['onlyWhen']>) => ({
  name: `${field} = ${is}`,
  rule: { _and: [{ [field]: { _eq: is } }] },
  hidden: false,
});

const neededUnless = ({ field, is }: NonNullable<Field['unless']>) => ({
  name: `${field} = ${is}`,
  rule: { _and: [{ [field]: { _eq: is } }] },
  required: false,
});

const shownOnce = (field: string) => ({ name: `${field} is there`, rule: { _and: [{ [field]: { _nnull: true } }] }, hidden: false });

const printField = (table: Table, name: string, field: Field): DirectusField => {
  const printed = (printers[field.kind] as (field: Field) => Printed)(field);
  const isKey = typeof table.primary === 'object' && table.primary.field === name;
  return {
    field: name,
    type: printed.type,
    meta: {
      interface: printed.interface,
      options: printed.options ?? null,
      display: printed.display ?? null,
      display_options: printed.displayOptions ?? null,
      special: printed.special ?? null,
      width: field.half ? 'half' : 'full',
      required: field.required === true,
      hidden: field.hidden === true || field.onlyWhen !== undefined,
      ...(field.onlyWhen ? { conditions: [shownWhen(field.onlyWhen)] } : field.unless ? { conditions: [neededUnless(field.unless)] } : {}),
      readonly: field.owner === 'system' && field.kind !== 'link' && !isKey,
      note: field.note ?? null,
      group: field.group ? `group_${field.group}` : null,
      translations: both(field.label, field.en),
    },
    schema: {
      ...(printed.schema ?? {}),
      is_nullable: !isKey,
      ...(field.default === undefined ? {} : { default_value: field.default }),
      ...(isKey ? { is_primary_key: true } : {}),
      ...(field.indexed === undefined ? {} : { is_indexed: field.indexed }),
    },
  };
};

const idField = (table: Table): DirectusField[] => {
  if (typeof table.primary === 'object') return [];
  const auto = table.primary === 'auto';
  return [
    {
      field: 'id',
      type: auto ? 'integer' : 'string',
      meta: {
        interface: 'input',
        readonly: true,
        hidden: true,
        required: false,
        width: 'half',
        note: auto ? null : '系统给的 12 位行号,填报表第一列就是它。',
        translations: both('行号', 'Row id'),
      },
      schema: auto ? { is_primary_key: true, has_auto_increment: true } : { is_primary_key: true, max_length: 12, is_nullable: false },
    },
  ];
};

const groupFields = (table: Table): DirectusField[] =>
  Object.entries(table.groups ?? {}).map(([key, title]) => ({
    field: `group_${key}`,
    type: 'alias',
    meta: {
      interface: 'group-detail',
      special: ['alias', 'no-data', 'group'],
      options: { start: 'open' },
      width: 'full',
      translations: both(title, key),
    },
    schema: null,
  }));

const doorField = ({ door }: Table): DirectusField[] =>
  door
    ? [
        {
          field: 'door',
          type: 'alias',
          meta: {
            interface: 'presentation-links',
            special: ['alias', 'no-data'],
            options: { links: [{ label: door.label, icon: door.icon, type: 'primary', actionType: 'url', url: door.url }] },
            width: 'full',
            ...(door.once ? { hidden: true, conditions: [shownOnce(door.once)] } : {}),
            translations: both(door.label, door.en),
          },
          schema: null,
        },
      ]
    : [];

/** Fields on top first, then each group with its fields, so that the form reads like the paper form. */
const printFields = (table: Table): DirectusField[] => {
  const printed = Object.entries(table.fields as Fields).map(([name, field]) => printField(table, name, field));
  return [...idField(table), ...doorField(table), ...printed, ...groupFields(table)].map((field, index) => ({
    ...field,
    meta: { ...field.meta, sort: index + 1 },
  }));
};

const areaNames = Object.keys(areas) as (keyof typeof areas)[];
/** Names of the navigation folders; ASCII, as they stand in addresses. */
const areaKey = (area: keyof typeof areas): string => `area_${areaNames.indexOf(area) + 1}`;
const areaIcons = ['account_balance', 'diversity_3', 'insights', 'campaign', 'settings_suggest'];

const printCollection = (table: Table, sort: number): DirectusCollection => ({
  collection: table.name,
  meta: {
    icon: table.icon,
    note: table.note,
    singleton: table.singleton === true,
    display_template: table.display,
    group: areaKey(table.area),
    sort,
    archive_field: table.archive?.field ?? null,
    archive_value: table.archive?.archived ?? null,
    unarchive_value: table.archive?.active ?? null,
    archive_app_filter: table.archive !== undefined,
    accountability: 'all',
    translations: [
      { language: 'zh-CN', translation: table.label, singular: table.label, plural: table.label },
      { language: 'en-US', translation: table.en, singular: table.en, plural: table.en },
    ],
  },
  schema: {},
  fields: printFields(table),
});

const printFolder = (area: keyof typeof areas, index: number): DirectusCollection => ({
  collection: areaKey(area),
  meta: {
    icon: areaIcons[index],
    sort: index + 1,
    collapse: 'open',
    group: null,
    translations: both(area, areas[area]).map((one) => ({ ...one, singular: one.translation, plural: one.translation })),
  },
  schema: null,
  fields: [],
});

const printRelations = (table: Table): DirectusRelation[] =>
  Object.entries(table.fields as Fields).flatMap(([name, field]) =>
    field.kind === 'link'
      ? [{ collection: table.name, field: name, related_collection: field.to, schema: { on_delete: field.required ? 'NO ACTION' : 'SET NULL' } }]
      : [],
  );

/** Pixels that a column of this kind takes to be read; what is not named gets Directus' own 160. */
const kindWidths: Partial<Record<Kind, number>> = {
  text: 200,
  longText: 420,
  link: 230,
  date: 120,
  month: 100,
  time: 90,
  timestamp: 140,
  yesNo: 80,
  choice: 110,
  whole: 90,
  minutes: 90,
  money: 110,
  percent: 90,
  decimal: 90,
  grade: 100,
  classNo: 80,
  code: 120,
};

/** A list: its columns, each as wide as it needs to be. */
const listOf = (table: TableName, columns: readonly string[], sort: string, more: Readonly<Record<string, unknown>> = {}) => {
  const fields = tables[table].fields as Fields;
  const widths = columns.flatMap((name) => {
    const width = kindWidths[(fields[name] as Field).kind];
    return width ? [[name, width]] : [];
  });
  return {
    layout: 'tabular',
    layout_query: { tabular: { fields: columns, sort: [sort], page: 1, ...more } },
    layout_options: { tabular: { widths: Object.fromEntries(widths) as Record<string, number> } },
  };
};

/** The list screen of each table, newest or first rows on top. */
const defaultView = (table: Table): DirectusBookmark[] =>
  table.singleton
    ? []
    : [
        {
          collection: table.name,
          bookmark: '',
          icon: 'bookmark',
          filter: null,
          ...listOf(table.name as TableName, table.columns, table.sort ?? (table.columns[0] as string), { limit: 50 }),
        },
      ];

const views: readonly DirectusBookmark[] = [
  {
    collection: 'sheet_problems',
    bookmark: '未办结的填报问题',
    icon: 'rule',
    filter: { closed_at: { _null: true } },
    ...listOf('sheet_problems', ['school', 'tab', 'cell', 'message', 'kind'], 'school'),
  },
  {
    collection: 'sources',
    bookmark: '有误的填报表',
    icon: 'error',
    filter: { state: { _neq: '正常' } },
    ...listOf('sources', ['school', 'place', 'refused', 'message', 'read_at'], '-refused'),
  },
  {
    collection: 'findings',
    bookmark: '未办预警',
    icon: 'report',
    filter: { state: { _eq: '未办' } },
    ...listOf('findings', ['school', 'rule', 'severity', 'message'], '-opened_at'),
  },
  {
    collection: 'cases',
    bookmark: '待评审案例',
    icon: 'rate_review',
    filter: { state: { _in: ['已提交', '评审中'] } },
    ...listOf('cases', ['title', 'school', 'category', 'state'], 'title'),
  },
  {
    collection: 'staff',
    bookmark: '准入查询缺失',
    icon: 'gpp_maybe',
    filter: { _and: [{ checked_on: { _null: true } }, { identity: { _nin: ['本校教师', '管理人员'] } }] },
    ...listOf('staff', ['school', 'name', 'identity', 'role'], 'school'),
  },
  {
    collection: 'students',
    bookmark: '享受减免的学生',
    icon: 'volunteer_activism',
    filter: { waiver_kind: { _nnull: true } },
    ...listOf('students', ['school', 'grade', 'class_no', 'name', 'waiver_kind', 'waiver_state'], 'school'),
  },
  {
    collection: 'jobs',
    bookmark: '进行中的任务',
    icon: 'pending_actions',
    filter: { state: { _in: ['排队', '进行中'] } },
    ...listOf('jobs', ['kind', 'state', 'progress', 'message'], '-requested_at'),
  },
];

/**
 * `kehou_base`: the last agreed value of every synced row. `kehou_changes`: who changed what, from which cell or screen, for good.
 * `kehou_marks`: what reviewers of a case have handed in, sealed until all have: no screen of Directus shows it.
 * `kehou_views`: how often the page of a case was opened on a day; never by whom.
 * `kehou_model`: the model as it was applied last, so that what staff changed of it since is known as theirs.
 * `kehou_mail`: which reminder or digest went to whom, so that none goes twice; `purpose` names the occasion.
 * `kehou_presses`: which run prints or sends which notice right now. `kehou_letter_texts`: the words of valid letters as they were printed,
 * for the page of a letter.
 */
export const plainTables: readonly PlainTable[] = [
  {
    name: 'kehou_base',
    columns: {
      collection: { type: 'string', length: 40 },
      item: { type: 'string', length: 12 },
      school: { type: 'string', length: 10 },
      source: { type: 'string', length: 12, nullable: true },
      agreed: { type: 'text' },
      agreed_at: { type: 'timestamp' },
    },
    primary: ['collection', 'item'],
    indexes: [['collection', 'school']],
  },
  {
    name: 'kehou_changes',
    columns: {
      id: { type: 'string', length: 36 },
      changed_at: { type: 'timestamp' },
      collection: { type: 'string', length: 40 },
      item: { type: 'string', length: 36 },
      action: { type: 'string', length: 10 },
      actor: { type: 'string', length: 60 },
      channel: { type: 'string', length: 10 },
      source: { type: 'string', length: 12, nullable: true },
      tab: { type: 'string', length: 60, nullable: true },
      sheet_row: { type: 'integer', nullable: true },
      /** `{field: [old, new, cell]}`. */
      fields: { type: 'text' },
    },
    primary: ['id'],
    indexes: [['collection', 'item'], ['changed_at']],
  },
  {
    name: 'kehou_marks',
    columns: {
      case: { type: 'string', length: 12 },
      reviewer: { type: 'string', length: 60 },
      marks: { type: 'text' },
      verdict: { type: 'string', length: 20 },
      advice: { type: 'text' },
      submitted_at: { type: 'timestamp' },
    },
    primary: ['case', 'reviewer'],
    indexes: [],
  },
  {
    name: 'kehou_views',
    columns: {
      /** Id of the case. */
      item: { type: 'string', length: 12 },
      /** `2026-11-24`, in the county's time zone. */
      day: { type: 'string', length: 10 },
      views: { type: 'integer' },
    },
    primary: ['item', 'day'],
    indexes: [],
  },
  {
    name: 'kehou_model',
    columns: {
      part: { type: 'string', length: 20 },
      applied: { type: 'text' },
    },
    primary: ['part'],
    indexes: [],
  },
  {
    name: 'kehou_mail',
    columns: {
      /** `remind/2026-10/due/2141990001`. */
      purpose: { type: 'string', length: 80 },
      recipient: { type: 'string', length: 254 },
      /** `sending`, `sent` or `failed`. */
      state: { type: 'string', length: 10 },
      tries: { type: 'integer' },
      at: { type: 'timestamp' },
      /** The server's own words. */
      words: { type: 'text', nullable: true },
    },
    primary: ['purpose', 'recipient'],
    indexes: [],
  },
  {
    name: 'kehou_presses',
    columns: {
      /** `2141000001 2026-1 告家长书`. */
      place: { type: 'string', length: 80 },
      /** As JSON. */
      holder: { type: 'text' },
      /** Milliseconds, by the database's clock. */
      beat: { type: 'string', length: 20 },
    },
    primary: ['place'],
    indexes: [],
  },
  {
    name: 'kehou_letter_texts',
    columns: {
      hash: { type: 'string', length: 64 },
      school: { type: 'string', length: 10 },
      html: { type: 'text' },
      stored_at: { type: 'timestamp' },
    },
    primary: ['hash'],
    indexes: [['school']],
  },
];

/** Everything Directus should hold for these tables. */
export const directusModel = (all: Readonly<Record<string, Table>> = tables as unknown as Record<string, Table>): DirectusModel => {
  const list = Object.values(all);
  return {
    collections: [...areaNames.map(printFolder), ...list.map((table, index) => printCollection(table, index + 1))],
    relations: list.flatMap(printRelations),
    bookmarks: [...list.flatMap(defaultView), ...views.filter((view) => view.collection in all)],
    plainTables,
  };
};

/** Tables that hold personal data of children or staff (S of DESIGN section 3). */
export const sensitiveTables: readonly TableName[] = (Object.values(tables) as Table[])
  .filter((table) => table.sensitive)
  .map((table) => table.name as TableName);
