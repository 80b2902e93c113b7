/**
 * One reader per kind of field: a cell in, a value in its normal form or a problem out.
 * The readers themselves are in read-*.ts; a new kind breaks the build here.
 */
import type { Field, FieldOf, Kind } from '../../schema/fields.ts';
import type { RawCell } from '../../schema/parsed.ts';
import { fold, meansBlank, withoutApostrophe } from './plain-text.ts';
import { readChoice, readChoices, readYesNo } from './read-choice.ts';
import { readDate, readMonth } from './read-date.ts';
import { readClass, readGrade, readGrades } from './read-grade.ts';
import { readDecimal, readMinutes, readMoney, readPercent, readWhole } from './read-number.ts';
import { readPhone } from './read-phone.ts';
import { readCode, readList, readText } from './read-text.ts';
import { readTime } from './read-time.ts';
import { readWeekdays } from './read-weekdays.ts';
import { blank, fault, type Reading, type Surroundings } from './reading.ts';

/** Kinds that never stand in a sheet; asked for one, the reader keeps the text. */
const readers = {
  text: readText,
  longText: readText,
  html: readText,
  whole: readWhole,
  money: readMoney,
  decimal: readDecimal,
  percent: readPercent,
  minutes: readMinutes,
  date: readDate,
  month: readMonth,
  time: readTime,
  timestamp: readText,
  yesNo: readYesNo,
  choice: readChoice,
  choices: readChoices,
  list: readList,
  weekdays: readWeekdays,
  grade: readGrade,
  grades: readGrades,
  classNo: (cell) => readClass(cell).klass,
  phone: readPhone,
  code: readCode,
  json: readText,
  photos: readList,
  link: readText,
} satisfies { [K in Kind]: (cell: RawCell, field: FieldOf<K>, surroundings: Surroundings) => Reading };

const errorText = /^#(N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)$/i;

/** What is the same for every kind: nothing there, a failed formula, a column that was too narrow. Null: ask the reader. */
export const beforeReading = (cell: RawCell | null): Reading | null => {
  if (!cell) return blank;
  if (cell.error) return fault(cell.formula && cell.text === '' ? 'formula-error/no-result' : 'formula-error');
  if (typeof cell.value !== 'string') return null;
  const folded = fold(cell.text);
  if (meansBlank(folded)) return blank;
  if (errorText.test(folded)) return fault('formula-error');
  return /^#{2,}$/.test(folded) ? fault('ambiguous/width') : null;
};

/** Words are kept as they are written; everywhere else an apostrophe before digits is only the spreadsheet's mark of text. */
const wording: ReadonlySet<Kind> = new Set(['text', 'longText', 'html', 'list', 'json']);

const asMeant = (cell: RawCell, kind: Kind): RawCell => {
  if (typeof cell.value !== 'string' || wording.has(kind)) return cell;
  const text = withoutApostrophe(cell.text);
  return text === cell.text ? cell : { ...cell, text, value: text };
};

/** Reads one cell as a value of a field. */
export const readCell = (cell: RawCell | null, field: Field, surroundings: Surroundings): Reading => {
  const early = beforeReading(cell);
  if (early) return early;
  const read = readers[field.kind] as (cell: RawCell, field: Field, surroundings: Surroundings) => Reading;
  return read(asMeant(cell as RawCell, field.kind), field, surroundings);
};
