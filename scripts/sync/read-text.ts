/**
 * Reads words, long texts and identifiers: exactly as written, only the spaces around them go.
 * A number that a spreadsheet has rounded, or a character that it has lost, is never put back by guessing.
 */
import type { FieldOptions } from '../../schema/fields.ts';
import type { RawCell } from '../../schema/parsed.ts';
import { meaningOf } from './number-format.ts';
import { fold, splitList, tidy } from './plain-text.ts';
import { fault, numberIn, type Reading, value } from './reading.ts';

/** From 16 digits on, a number cell no longer holds what was typed. */
const exactBelow = 1e15;
const scientific = /^\d(\.\d+)?E\+?\d{1,2}$/i;

/** The text of a cell as it was meant: a number keeps its digits, not the shape it is shown in. */
export const writtenText = (cell: RawCell): string => {
  const number = numberIn(cell);
  if (number === null || meaningOf(cell.format) !== null || !Number.isInteger(number)) return tidy(cell.text);
  // A format such as 00000000 shows leading zeros that belong to the number.
  return /^0\d+$/.test(cell.text) ? cell.text : String(number);
};

const namesPerson = /姓名|教师|填报人|作者|接送人|负责人|审核人|校长|领导|办理人/;
/** What a character becomes that the file's encoding does not have. */
const lost = /[?？\ufffd□〓]/;

/** Whose name it is on a line of its own: one person, with nothing said about them. */
const oneName = /^(姓名|学生姓名|监护人姓名|委托接送人|教师姓名)$/;
const notOneName = /[、,，;；/\n]|\d{5,}|^[\d\s.]+$|^\d+[.．)）:：\s]|^[=+\-@]|[(（][^)）]*(转|退|休学|离|毕业|停|示例|样例|例|班|\d)[^)）]*[)）]/;
/** 张×× and 张某某 hide a name, 空缺 keeps a place for one. */
const noName = /\d\p{Script=Han}|\p{Script=Han}[*＊×✕xX]+|某|^(空|空缺|缺|暂缺|待定|未定|待补)$/u;
const doubleSurname =
  /^(欧阳|司马|上官|诸葛|皇甫|令狐|东方|慕容|尉迟|公孙|夏侯|独孤|长孙|宇文|司徒|司空|端木|南宫|轩辕|申屠|呼延|赫连|澹台|拓跋|百里|东郭|西门)$/;

/** 张三 李四; 张 三 is one name padded to the width of three characters, 欧阳 娜娜 one with a long surname. */
const isTwoNames = (text: string): boolean => {
  const parts = /^(\p{Script=Han}{2,4})[\s\u3000]+(\p{Script=Han}{2,4})$/u.exec(text);
  return parts !== null && !doubleSurname.test(parts[1] as string);
};

const fits = (text: string, field: { readonly maxLength?: number }): Reading =>
  field.maxLength !== undefined && [...text].length > field.maxLength
    ? { value: text, code: 'out-of-range/too-long', detail: String(field.maxLength) }
    : value(text);

/** One line of text. */
export const readText = (cell: RawCell, field: FieldOptions & { readonly maxLength?: number }): Reading => {
  const text = writtenText(cell);
  if (text.includes('\ufffd') || (namesPerson.test(field.label) && lost.test(text))) return fault('ambiguous/lost-character');
  if (namesPerson.test(field.label) && /^(无|没有|暂无)$/.test(text)) return {};
  if (oneName.test(field.label) && (notOneName.test(text) || noName.test(text) || isTwoNames(text))) return fault('ambiguous/name');
  return fits(text, field);
};

/** Identifier: kept as text, digits and all. */
export const readCode = (cell: RawCell, field: FieldOptions & { readonly maxLength?: number }): Reading => {
  const number = numberIn(cell);
  if (number !== null && (Math.abs(number) >= exactBelow || !Number.isSafeInteger(Math.round(number)))) return fault('ambiguous/lost-digits');
  if (number !== null && meaningOf(cell.format) !== null) return fault('ambiguous/date-instead');
  const text = writtenText(cell);
  if (/^(无|没有|暂无|未开|免|未办)$/.test(text)) return {};
  if (scientific.test(text)) return fault('ambiguous/lost-digits');
  if (text.includes('\ufffd')) return fault('ambiguous/lost-character');
  return fits(/^[0-9０-９]+$/.test(text) ? fold(text) : text, field);
};

/** Free words, in any number. */
export const readList = (cell: RawCell): Reading => {
  const text = writtenText(cell);
  if (/^(无|没有|暂无)$/.test(text)) return {};
  const words = splitList(text);
  return words.length > 0 ? value([...new Set(words)]) : {};
};
