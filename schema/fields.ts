/**
 * Field builders: the vocabulary in which every table of Kehou is written down.
 * Plain data only. Nothing here reads a file, the network or the environment.
 */

/** What is asked of a value, in Directus' own form: `{ "_and": [{ "code": { "_starts_with": "A" } }] }`. conditions.ts judges it. */
export type Rule = Readonly<Record<string, unknown>>;

/** One allowed value of a choice field. `value` is what is stored and what a sheet shows. */
export interface Choice {
  readonly value: string;
  /** Chinese text on screen; the value itself where it is left out. */
  readonly label?: string;
  readonly en: string;
  /** Other spellings that schools use for exactly this value. */
  readonly aliases?: readonly string[];
}

/** Who decides a value. `school`: the sheet may change it. `bureau`: read-only in the sheet. `system`: never in a sheet. */
export type Owner = 'school' | 'bureau' | 'system';

/** What all fields share. */
export interface FieldOptions {
  /** Chinese label: the canonical header of DOMAIN T1-T9, used in sheets, screens and messages. */
  readonly label: string;
  /** English label. */
  readonly en: string;
  /** Chinese help text under the field and in the sheet's header comment. */
  readonly note?: string;
  readonly required?: boolean;
  /** Not required while another field has this value. */
  readonly unless?: { readonly field: string; readonly is: string };
  readonly owner?: Owner;
  /** Other header words under which schools keep this column. */
  readonly aliases?: readonly string[];
  /** Form group of the table (a key of its `groups`). */
  readonly group?: string;
  /** Half-width on the Directus form, so that two fields stand side by side. */
  readonly half?: boolean;
  /** Value for a new row where nobody gives one. */
  readonly default?: string | number | boolean;
  /** False keeps a school-owned field out of the workbook (it is entered in Directus only). */
  readonly sheet?: false;
  /**
   * Database index, for fields that rows are looked up by. False where there must be none: SQLite takes an index for a good one without
   * knowing what is in it, and by a term it reads the rows of all schools.
   */
  readonly indexed?: boolean;
  /** Hidden on forms (technical fields). */
  readonly hidden?: boolean;
  /** No two rows of the table, of whatever school, may have the same value. */
  readonly unique?: true;
  /** What staff ask of a value beyond its kind, with their own words for a value that does not keep it. */
  readonly condition?: { readonly rule: Rule; readonly message?: string };
  /** On the form only while another field has this value. */
  readonly onlyWhen?: { readonly field: string; readonly is: string };
}

interface Of<K extends string, V> {
  readonly kind: K;
  /** Never set: carries the TypeScript type of a value of this field. */
  readonly _value?: V;
}

interface Range {
  readonly min?: number;
  readonly max?: number;
}

export type TextField = FieldOptions & Of<'text', string> & { readonly maxLength?: number };
export type LongTextField = FieldOptions & Of<'longText', string> & { readonly maxLength?: number };
export type HtmlField = FieldOptions &
  Of<'html', string> & {
    /** Id of the interface that edits it; without it Directus' own editor. */
    readonly editor?: string;
    /** Placeholders that a text must keep. */
    readonly keep?: readonly string[];
  };
export type WholeField = FieldOptions & Of<'whole', number> & Range & { readonly unit?: string };
export type MoneyField = FieldOptions & Of<'money', number> & Range & { readonly unit?: string };
export type DecimalField = FieldOptions & Of<'decimal', number> & Range & { readonly scale?: number };
export type PercentField = FieldOptions & Of<'percent', number> & Range;
export type MinutesField = FieldOptions & Of<'minutes', number> & Range;
export type DateField = FieldOptions & Of<'date', string>;
export type MonthField = FieldOptions & Of<'month', string>;
export type TimeField = FieldOptions & Of<'time', string>;
export type TimestampField = FieldOptions & Of<'timestamp', string>;
export type YesNoField = FieldOptions & Of<'yesNo', boolean>;
export type ChoiceField = FieldOptions &
  Of<'choice', string> & {
    readonly choices: readonly Choice[] /** All words at once, to be ticked, in place of a dropdown. */;
    readonly radio?: true;
  };
/** Staff may let Directus keep a list as one text with commas (its type csv); the model's own are JSON. */
interface ListColumn {
  readonly stored?: 'csv';
}
export type ChoicesField = FieldOptions & Of<'choices', string[]> & ListColumn & { readonly choices: readonly Choice[] };
export type ListField = FieldOptions & Of<'list', string[]> & ListColumn & { /** Each entry is a day, 2026-10-10. */ readonly days?: true };
export type WeekdaysField = FieldOptions & Of<'weekdays', number[]>;
export type GradeField = FieldOptions & Of<'grade', number>;
export type GradesField = FieldOptions & Of<'grades', number[]>;
export type ClassField = FieldOptions & Of<'classNo', string>;
export type PhoneField = FieldOptions & Of<'phone', string>;
export type CodeField = FieldOptions & Of<'code', string> & { readonly maxLength?: number; readonly pattern?: string };
export type JsonField = FieldOptions &
  Of<'json', unknown> & {
    /** Id of the interface that edits it, where people do; without it (and without `columns`) only programs read it. */
    readonly editor?: string;
    /** A list of such rows, which people edit as a table. */
    readonly columns?: readonly JsonColumn[];
    /** One row as it is read while it is closed; without it its values stand one after the other. */
    readonly template?: string;
  };
/** One column of a list that people edit as a table. */
export interface JsonColumn {
  readonly field: string;
  readonly label: string;
  /** `table`: the name of a table, shown by its label. */
  readonly type: 'text' | 'longText' | 'number' | 'yesNo' | 'moment' | 'table';
}
export type PhotosField = FieldOptions & Of<'photos', string[]>;
export type LinkField = FieldOptions &
  Of<'link', string> & {
    /** The table that the link points to. */
    readonly to: string;
    /** Fields of that table that stand in the sheet in place of the link (姓名, 年级, 班级 for a student). */
    readonly by?: readonly string[];
  };

export type Field =
  | TextField
  | LongTextField
  | HtmlField
  | WholeField
  | MoneyField
  | DecimalField
  | PercentField
  | MinutesField
  | DateField
  | MonthField
  | TimeField
  | TimestampField
  | YesNoField
  | ChoiceField
  | ChoicesField
  | ListField
  | WeekdaysField
  | GradeField
  | GradesField
  | ClassField
  | PhoneField
  | CodeField
  | JsonField
  | PhotosField
  | LinkField;

export type Kind = Field['kind'];
export type FieldOf<K extends Kind> = Extract<Field, { kind: K }>;

/** Makes the builder of one kind: adds the kind and keeps the literal type of the options (`required: true`). */
const builder =
  <K extends Kind>(kind: K) =>
  <const O extends Omit<FieldOf<K>, 'kind' | '_value'>>(options: O) =>
    ({ kind, ...options }) as O & Of<K, NonNullable<FieldOf<K>['_value']>>;

/** One line of text, stored as typed. */
export const text = builder('text');
/** Text with line breaks. */
export const longText = builder('longText');
/** Rich text from the editor of the admin screens; cleaned before it is printed or published. */
export const html = builder('html');
/** Whole number: a count of persons, classes, pieces. */
export const whole = builder('whole');
/** Yuan with two decimals. */
export const money = builder('money');
/** Any other number with a fraction; two places where `scale` is left out. */
export const decimal = builder('decimal');
/** Per cent with two decimals (98.01 means 98.01 %). */
export const percent = builder('percent');
/** A duration in minutes. */
export const minutes = builder('minutes');
/** Day, `2026-09-01`. */
export const date = builder('date');
/** Calendar month, `2026-09`. */
export const month = builder('month');
/** Time of day, `16:30`. */
export const time = builder('time');
/** Moment in UTC, ISO 8601. */
export const timestamp = builder('timestamp');
export const yesNo = builder('yesNo');
/** One of a fixed list. */
export const choice = builder('choice');
/** Any number out of a fixed list. */
export const choices = builder('choices');
/** Free words, in any number. */
export const list = builder('list');
/** Days of the week, 1 = Monday ... 7 = Sunday, sorted. */
export const weekdays = builder('weekdays');
/** School grade, 1 to 9 (七年级 = 初一 = 7). */
export const grade = builder('grade');
export const grades = builder('grades');
/** Number of the class within its grade, or its name where it has no number. */
export const classNo = builder('classNo');
/** Telephone number: 11 digits, or a landline with its area code. */
export const phone = builder('phone');
/** Identifier kept as text: certificate, receipt, licence, 文号. */
export const code = builder('code');
/** Structured value: read by programs, edited by people where it has an editor or columns. */
export const json = builder('json');
/** Pictures, as ids of Directus files. */
export const photos = builder('photos');
/** Link to one row of another table. */
export const link = builder('link');

/** A list of words as choices; an entry may be the bare word with its English, or a full choice. */
export const words = (all: Readonly<Record<string, string | Omit<Choice, 'value'>>>): readonly Choice[] =>
  Object.entries(all).map(([value, rest]) => (typeof rest === 'string' ? { value, en: rest } : { value, ...rest }));

export type Fields = Readonly<Record<string, Field>>;

/** Where a table stands in the workbook of a school. */
export interface TabPlace {
  /** Title of the tab. */
  readonly name: string;
  /** Position among the data tabs, from 1. */
  readonly order: number;
  /** Other titles under which schools keep this tab. */
  readonly aliases?: readonly string[];
  /** All its rows come from the bureau: schools answer beside them and add none. Never looked for in a school's own layout. */
  readonly bureauRows?: true;
}

export interface Table<F extends Fields = Fields> {
  readonly name: string;
  readonly label: string;
  readonly en: string;
  readonly note: string;
  /** Material icon in the admin navigation. */
  readonly icon: string;
  /** Navigation folder of the admin screens. */
  readonly area: Area;
  /** S of DESIGN section 3: personal data of children or staff. Bureau role only, never public, never in logs. */
  readonly sensitive?: true;
  readonly singleton?: true;
  /** Primary key. `rowId`: the 12-character 行号 of `row-id.ts`; else the field that is the key itself. */
  readonly primary: 'rowId' | 'auto' | { readonly field: string };
  /** Fields that together name a row within its school (and term): the identity of rows that have no 行号 yet. */
  readonly key?: readonly string[];
  readonly tab?: TabPlace;
  /** This table's columns stand in the tab of that other table, one row for one row (enrolments beside students). */
  readonly besides?: string;
  /** Rows belong to a school, and perhaps to a term: the workbook says which, so neither is a column. */
  readonly scope?: 'school' | 'school-term';
  readonly display: string;
  /** Form groups: key -> Chinese title. Fields without a group stand on top. */
  readonly groups?: Readonly<Record<string, string>>;
  /**
   * A button on top of each row's screen that leads to another screen of ours; `{{id}}` and other fields of the row may stand in the address.
   * What is no screen (a file) is reached from the row's own address: `../../..` leads out of the admin.
   */
  readonly door?: {
    readonly label: string;
    readonly en: string;
    readonly icon: string;
    readonly url: string;
    /** Shown once this field holds something. */
    readonly once?: string;
  };
  /** Columns of the list screen. */
  readonly columns: readonly string[];
  readonly sort?: string;
  /** Rows of this field's value are out of sight in the list screen (archive). */
  readonly archive?: { readonly field: string; readonly archived: string; readonly active: string };
  readonly fields: F;
}

/** The navigation folders of the admin screens, in order. */
export const areas = {
  基础信息: 'Basics',
  师生与服务: 'People and service',
  月报与督导: 'Returns and supervision',
  案例与通知: 'Cases and notices',
  填报与系统: 'Sheets and system',
} as const;
export type Area = keyof typeof areas;

export const defineTable = <const F extends Fields>(table: Table<F>): Table<F> => table;

type ValueOf<F> = F extends Of<string, infer V> ? V : never;
type Needed<F extends Fields> = { [K in keyof F]: F[K] extends { readonly required: true } ? K : never }[keyof F];

/** The values of one row, in normal form. Required fields are always there; the others may be null. */
export type Row<T extends Table> =
  T extends Table<infer F> ? { [K in Needed<F>]: ValueOf<F[K]> } & { [K in Exclude<keyof F, Needed<F>>]: ValueOf<F[K]> | null } : never;
