/**
 * The bodies of the values calls, checked for their shape before any range is looked at, as Google does.
 * Never touches a spreadsheet.
 */
import { ApiError, invalid, invalidBody } from '../errors.ts';
import type { InputOption, Scalar } from './input.ts';
import type { ReadOptions } from './output.ts';

export interface ValueRange {
  readonly range: string | undefined;
  readonly majorDimension: 'ROWS' | 'COLUMNS';
  readonly values: readonly (readonly Scalar[])[];
}

export type Body = Readonly<Record<string, unknown>>;

const listType = 'type.googleapis.com/google.protobuf.ListValue';

const isScalar = (value: unknown): value is Scalar => value === null || ['string', 'number', 'boolean'].includes(typeof value);

const wrongValue = (field: string, type: string, value: unknown): ApiError =>
  invalidBody(field, `Invalid value at '${field}' (${type}), ${JSON.stringify(value)}`);

const readRow = (row: unknown, field: string, index: number): readonly Scalar[] => {
  if (!Array.isArray(row)) throw wrongValue(field, listType, row);
  const wrong = row.findIndex((value) => !isScalar(value));
  if (wrong >= 0) {
    const kind = Array.isArray(row[wrong]) ? 'list_value' : 'struct_value';
    throw invalid(`Invalid values[${index}][${wrong}]: ${kind} ${JSON.stringify(row[wrong])}`);
  }
  return row as Scalar[];
};

/** One of the words a parameter may be; `fallback` when it is not given. Throws 400 for another word. */
export const readWord = <W extends string>(value: unknown, name: string, words: readonly W[], fallback: W): W => {
  if (value === undefined || value === null || value === '') return fallback;
  const word = words.find((one) => one === value);
  if (!word) throw wrongValue(name, `type.googleapis.com/google.apps.sheets.v4.${name}`, value);
  return word;
};

const knownFields = new Set(['range', 'majorDimension', 'values', 'dataFilter']);

/** A ValueRange. `field`: what the body is called in messages, `data` for a whole body. */
export const readValueRange = (body: unknown, field = 'data'): ValueRange => {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalidBody(field, `Invalid value at '${field}' (type.googleapis.com/google.apps.sheets.v4.ValueRange), ${JSON.stringify(body)}`);
  const { range, majorDimension, values } = body as Body;
  const unknown = Object.keys(body).find((name) => !knownFields.has(name));
  if (unknown) throw invalidBody(field, `Invalid JSON payload received. Unknown name "${unknown}" at '${field}': Cannot find field.`);
  if (values !== undefined && values !== null && !Array.isArray(values)) throw wrongValue(`${field}.values`, listType, values);
  return {
    range: typeof range === 'string' ? range : undefined,
    majorDimension: readWord(majorDimension, 'majorDimension', ['ROWS', 'COLUMNS'], 'ROWS'),
    values: (values ?? []).map((row: unknown, index: number) => readRow(row, `${field}.values`, index)),
  };
};

/** `valueInputOption`, which must be given. */
export const readInputOption = (value: unknown): InputOption => {
  const option = readWord(value, 'valueInputOption', ['RAW', 'USER_ENTERED', 'INPUT_VALUE_OPTION_UNSPECIFIED'], 'INPUT_VALUE_OPTION_UNSPECIFIED');
  if (option === 'INPUT_VALUE_OPTION_UNSPECIFIED') throw invalid("'valueInputOption' is required but not specified");
  return option;
};

type Ask = (name: string) => unknown;

/** How values are to be read; `prefix` is `response` where a write reads back. */
export const readReadOptions = (ask: Ask, response = false): ReadOptions => {
  const name = (plain: string): string => (response ? `response${plain[0]?.toUpperCase()}${plain.slice(1)}` : plain);
  const render = name('valueRenderOption');
  const date = name('dateTimeRenderOption');
  return {
    valueRenderOption: readWord(ask(render), render, ['FORMATTED_VALUE', 'UNFORMATTED_VALUE', 'FORMULA'], 'FORMATTED_VALUE'),
    dateTimeRenderOption: readWord(ask(date), date, ['SERIAL_NUMBER', 'FORMATTED_STRING'], 'SERIAL_NUMBER'),
    majorDimension: response ? 'ROWS' : readWord(ask('majorDimension'), 'majorDimension', ['ROWS', 'COLUMNS'], 'ROWS'),
  };
};

/** Python clients write `True` and `False`. */
export const isTrue = (value: unknown): boolean => value === true || (typeof value === 'string' && /^true$/i.test(value));

/** Does `work`, with `Invalid data[0]: ` before its fault. */
export const naming = <T>(label: string, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 400) throw error;
    throw new ApiError(400, `Invalid ${label}: ${error.message}`, { details: error.details, older: error.older });
  }
};
