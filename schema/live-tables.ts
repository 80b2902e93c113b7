/**
 * The tables as a running Directus has them: the model of schema/tables, with the fields that staff added in
 * Settings → Data model and what they changed of the model's own. Pure; it never drops what the model needs to work.
 */
import type { Choice, Field, FieldOf, FieldOptions, Fields, Kind, Rule, Table } from './fields.ts';
import { type TableName, tables } from './index.ts';

/** One field as `GET /fields` and Directus' FieldsService tell it; only what is used here. */
export interface FieldSetup {
  readonly collection: string;
  readonly field: string;
  readonly type: string;
  readonly meta: FieldMeta | null;
  readonly schema: {
    readonly max_length?: number | null;
    readonly numeric_scale?: number | null;
    readonly default_value?: unknown;
    readonly is_nullable?: boolean;
    readonly is_generated?: boolean;
    readonly is_unique?: boolean;
  } | null;
}

export interface FieldMeta {
  readonly interface?: string | null;
  readonly options?: {
    readonly choices?: readonly { readonly text?: string | null; readonly value?: unknown }[] | null;
    readonly allowOther?: boolean;
    readonly min?: number | null;
    readonly max?: number | null;
  } | null;
  readonly special?: readonly string[] | null;
  readonly hidden?: boolean | null;
  readonly readonly?: boolean | null;
  readonly required?: boolean | null;
  readonly note?: string | null;
  readonly sort?: number | null;
  readonly validation?: Rule | null;
  readonly validation_message?: string | null;
  readonly translations?: readonly { readonly language: string; readonly translation: string }[] | null;
}

export type LiveTables = Readonly<Record<TableName, Table>>;

/** The model alone, where no Directus is asked. */
export const modelTables = tables as unknown as LiveTables;

type Details<K extends Kind> = Omit<FieldOf<K>, keyof FieldOptions | 'kind' | '_value'>;
type Recognise<K extends Kind> = (setup: FieldSetup) => Details<K> | null;

const optionsOf = (setup: FieldSetup): NonNullable<FieldMeta['options']> => setup.meta?.options ?? {};

/** Whether a field has one of these column types and is edited through one of these interfaces; none chosen counts as the plain one. */
const entered = (setup: FieldSetup, types: readonly string[], interfaces: readonly string[]): boolean =>
  types.includes(setup.type) && interfaces.includes(setup.meta?.interface ?? 'input');

const number = (value: unknown): number | null => (value === null || value === undefined || value === '' ? null : Number(value));

const rangeOf = (setup: FieldSetup): { min?: number; max?: number } => {
  const [min, max] = [number(optionsOf(setup).min), number(optionsOf(setup).max)];
  return { ...(min === null ? {} : { min }), ...(max === null ? {} : { max }) };
};

const choicesOf = (setup: FieldSetup): Choice[] =>
  (optionsOf(setup).choices ?? []).flatMap(({ text, value }): Choice[] => {
    if (typeof value !== 'string' || value === '') return [];
    return [{ value, en: value, ...(text && text !== value ? { label: text } : {}) }];
  });

/** A list of words to choose from, and no others. */
const closedList = (setup: FieldSetup): Choice[] | null => {
  const choices = choicesOf(setup);
  return choices.length && !optionsOf(setup).allowOther ? choices : null;
};

const listColumn = (setup: FieldSetup): { stored?: 'csv' } => (setup.type === 'csv' ? { stored: 'csv' } : {});
const lists = ['json', 'csv'];
const oneOfMany = ['select-dropdown', 'select-radio'];
const manyOfMany = ['select-multiple-checkbox', 'select-multiple-dropdown'];

/**
 * Which of the fields that staff can make is which kind: the inverse of the printers in directus.ts. Null: a kind whose meaning only
 * the model knows (a grade is a number to Directus), or that never stands in a sheet.
 */
const recognised = {
  text: (setup) =>
    entered(setup, ['string'], ['input']) || (entered(setup, ['string'], oneOfMany) && optionsOf(setup).allowOther)
      ? { maxLength: setup.schema?.max_length ?? 255 }
      : null,
  longText: (setup) => (entered(setup, ['text'], ['input', 'input-multiline']) ? {} : null),
  whole: (setup) => (entered(setup, ['integer', 'bigInteger'], ['input', 'slider']) ? rangeOf(setup) : null),
  decimal: (setup) =>
    entered(setup, ['decimal', 'float'], ['input', 'slider']) ? { ...rangeOf(setup), scale: setup.schema?.numeric_scale ?? 5 } : null,
  date: (setup) => (entered(setup, ['date'], ['datetime']) ? {} : null),
  time: (setup) => (entered(setup, ['time'], ['datetime']) ? {} : null),
  yesNo: (setup) => (entered(setup, ['boolean'], ['boolean', 'toggle']) ? {} : null),
  choice: (setup) => {
    const choices = entered(setup, ['string', 'text'], oneOfMany) ? closedList(setup) : null;
    return choices && { choices };
  },
  choices: (setup) => {
    const choices = entered(setup, lists, manyOfMany) ? closedList(setup) : null;
    return choices && { choices, ...listColumn(setup) };
  },
  list: (setup) => (entered(setup, lists, ['tags']) || (entered(setup, lists, manyOfMany) && optionsOf(setup).allowOther) ? listColumn(setup) : null),
  html: null,
  money: null,
  percent: null,
  minutes: null,
  month: null,
  timestamp: null,
  weekdays: null,
  grade: null,
  grades: null,
  classNo: null,
  phone: null,
  code: null,
  json: null,
  photos: null,
  link: null,
} satisfies { [K in Kind]: Recognise<K> | null };

/** Fields that hold something else than what somebody types: relations, files, dates of creation, hashes. */
const isPlain = (setup: FieldSetup): boolean => (setup.meta?.special ?? []).every((special) => special.startsWith('cast-'));

const detailsOf = (setup: FieldSetup): { kind: Kind } | null => {
  if (!isPlain(setup) || setup.schema?.is_generated) return null;
  for (const [kind, recognise] of Object.entries(recognised)) {
    const details = (recognise as Recognise<Kind> | null)?.(setup);
    if (details) return { kind: kind as Kind, ...details };
  }
  return null;
};

/** A header has to fit its cell, and may hold no line break. */
const longestHeader = 40;
const asHeader = (words: string | null | undefined): string => (words ?? '').replace(/\s+/g, ' ').trim().slice(0, longestHeader);

const translated = (setup: FieldSetup): string => asHeader(setup.meta?.translations?.find((one) => one.language === 'zh-CN')?.translation);

const simpleDefault = (setup: FieldSetup, kind: Kind): { default?: string | number | boolean } => {
  const value = setup.schema?.default_value;
  if (value === null || value === undefined || value === '' || typeof value === 'object') return {};
  if (kind === 'yesNo') return { default: value === true || value === 1 || value === '1' || value === 'true' };
  if (kind === 'whole' || kind === 'decimal') return Number.isFinite(Number(value)) ? { default: Number(value) } : {};
  if (kind === 'choice' || kind === 'text' || kind === 'longText') return { default: String(value) };
  return {};
};

/** What the data model asks of a value besides its kind: that it is the only one, and what stands under 验证. */
const demandsOf = ({ meta, schema }: FieldSetup): Pick<FieldOptions, 'unique' | 'condition'> => {
  const rule = meta?.validation;
  const message = meta?.validation_message?.trim();
  const asked = rule && Object.keys(rule).length > 0 ? { condition: { rule, ...(message ? { message } : {}) } } : {};
  return { ...(schema?.is_unique ? { unique: true } : {}), ...asked };
};

/** A field that staff made; null where it is of no kind that a sheet can hold. */
const addedField = (setup: FieldSetup): Field | null => {
  const details = detailsOf(setup);
  if (!details) return null;
  const { meta, schema } = setup;
  const named = translated(setup);
  const hidden = meta?.hidden === true;
  const needed = schema?.is_nullable === false || (meta?.required === true && !hidden);
  return {
    ...details,
    label: named || asHeader(meta?.note) || setup.field,
    en: setup.field,
    ...(meta?.note && named ? { note: meta.note } : {}),
    ...(needed ? { required: true } : {}),
    ...demandsOf(setup),
    ...(meta?.readonly ? { owner: 'bureau' } : {}),
    ...(hidden ? { hidden: true } : {}),
    ...simpleDefault(setup, details.kind),
  } as Field;
};

const sameText = (a: string | null | undefined, b: string | null | undefined): boolean => (a ?? '') === (b ?? '');

/** The choices as staff have them; those of the model keep the spellings that it knows, those that programs set cannot go. */
const liveChoices = (field: FieldOf<'choice' | 'choices'>, setup: FieldSetup, kept: readonly unknown[]): readonly Choice[] => {
  const wanted = choicesOf(setup);
  const same =
    wanted.length === field.choices.length &&
    wanted.every(
      (one, at) => one.value === field.choices[at]?.value && sameText(one.label ?? one.value, field.choices[at]?.label ?? field.choices[at]?.value),
    );
  if (!wanted.length || same) return field.choices;
  const known = new Map(field.choices.map((choice) => [choice.value, choice]));
  const needed = field.choices.filter((choice) => kept.includes(choice.value) && !wanted.some((one) => one.value === choice.value));
  return [...wanted.map((one) => ({ ...known.get(one.value), ...one, en: known.get(one.value)?.en ?? one.value })), ...needed];
};

const changedDetails = (field: Field, setup: FieldSetup, kept: readonly unknown[]): Partial<Field> => {
  if (field.kind === 'choice' || field.kind === 'choices') {
    const choices = liveChoices(field, setup, kept);
    return choices === field.choices ? {} : { choices };
  }
  if (field.kind === 'text' || field.kind === 'code') {
    const longest = setup.schema?.max_length;
    return longest && longest < (field.maxLength ?? 255) ? { maxLength: longest } : {};
  }
  if (!('min' in field) && !('max' in field)) return {};
  const range = rangeOf(setup);
  return range.min === field.min && range.max === field.max ? {} : range;
};

/**
 * A field of the model with what staff changed of it: label, note, choices, limits, required, hidden. What the model requires stays
 * required and in sight. The model's own label stays readable as an alias.
 */
const changedField = (field: Field, setup: FieldSetup, kept: readonly unknown[]): Field => {
  const { meta } = setup;
  if (!meta || field.owner === 'system') return field;
  const label = translated(setup);
  const renamed = label !== '' && label !== field.label;
  const changes: Partial<FieldOptions> = {
    ...(renamed ? { label, aliases: [...(field.aliases ?? []), field.label] } : {}),
    ...(sameText(meta.note, field.note) ? {} : { note: meta.note ?? '' }),
    ...(meta.required && !field.required && field.owner !== 'bureau' && !meta.hidden ? { required: true } : {}),
    ...(meta.hidden && !field.required && !field.hidden && !field.onlyWhen ? { hidden: true } : {}),
    ...demandsOf(setup),
    ...changedDetails(field, setup, kept),
  };
  return Object.keys(changes).length ? ({ ...field, ...changes } as Field) : field;
};

/** Values that programs write into a field: archive marks and the value that a new row begins with. */
const keptValues = (table: Table, name: string, field: Field): unknown[] => [
  ...(table.archive?.field === name ? [table.archive.archived, table.archive.active] : []),
  ...(field.default === undefined ? [] : [field.default]),
];

const bySort = (a: FieldSetup, b: FieldSetup): number =>
  (a.meta?.sort ?? Number.MAX_SAFE_INTEGER) - (b.meta?.sort ?? Number.MAX_SAFE_INTEGER) || (a.field < b.field ? -1 : 1);

const liveTable = (table: Table, setups: readonly FieldSetup[]): Table => {
  const own = table.fields as Fields;
  const byName = new Map(setups.map((setup) => [setup.field, setup]));
  const known = Object.entries(own).map(([name, field]): [string, Field] => {
    const setup = byName.get(name);
    // The technical tables are not filled in by anybody.
    return [name, setup && (table.tab || table.besides) ? changedField(field, setup, keptValues(table, name, field)) : field];
  });
  const added = setups
    .filter((setup) => !(setup.field in own) && setup.field !== 'id')
    .sort(bySort)
    .flatMap((setup): [string, Field][] => {
      const field = addedField(setup);
      return field ? [[setup.field, field]] : [];
    });
  const changed = added.length > 0 || known.some(([name, field]) => field !== own[name]);
  return changed ? { ...table, fields: Object.fromEntries([...known, ...added]) } : table;
};

/** The model's tables with the fields of a Directus laid over them; a table that staff left as it is stays the very same object. */
export const liveTables = (setups: readonly FieldSetup[], model: LiveTables = modelTables): LiveTables => {
  const byTable = new Map<string, FieldSetup[]>();
  for (const setup of setups) byTable.set(setup.collection, [...(byTable.get(setup.collection) ?? []), setup]);
  return Object.fromEntries(Object.entries(model).map(([name, table]) => [name, liveTable(table, byTable.get(name) ?? [])])) as LiveTables;
};
