/**
 * Reads telephone numbers: 11 digits, or a landline with its area code.
 * Digits that a spreadsheet has dropped stay lost, and two numbers in a cell are asked about.
 */
import type { RawCell } from '../../schema/parsed.ts';
import { meaningOf } from './number-format.ts';
import { fold } from './plain-text.ts';
import { fault, numberIn, type Reading, value } from './reading.ts';

const mobile = /^1[3-9]\d{9}$/;
const landline = /^(0\d{2,3})-?(\d{7,8})$/;
/** Public service numbers such as 12315, and 400 lines. */
const service = /^(1\d{4}|[48]00-?\d{3}-?\d{4})$/;

const plainNumber = (text: string): string | null => {
  const bare = text.replace(/^\(?\+?(?:00)?86\)?-?(?=1[3-9])/, '').replace(/^[(](0\d{2,3})[)]/, '$1-');
  const digits = bare.replace(/[-.·]/g, '');
  if (mobile.test(digits)) return digits;
  const line = landline.exec(bare);
  if (line) return `${line[1]}-${line[2]}`;
  return service.test(bare) ? bare : null;
};

/** Removes who the number belongs to: 妈妈13800001234, 13800001234(父). */
const withoutWords = (text: string): string => text.replace(/\([^\d)]*\)/g, '').replace(/^[\p{Script=Han}:]+|[\p{Script=Han}:]+$/gu, '');

/** A telephone number as text: mobiles as 11 digits, landlines as `0396-1234567`. */
export const readPhone = (cell: RawCell): Reading => {
  const number = numberIn(cell);
  if (number !== null && meaningOf(cell.format) !== null) return fault('phone-invalid');
  const folded = number === null ? fold(cell.text).replace(/(?<=^\d{11})\.0+$/, '') : String(number);
  if (/^\d(\.\d+)?E\+?\d+$/i.test(folded)) return fault('phone-invalid/lost-digits');
  const single = plainNumber(withoutWords(folded));
  if (single !== null) return value(single);
  const parts = (number === null ? cell.text.normalize('NFKC') : folded)
    .split(/[\s/,;、|或\\]+/)
    .map((part) => plainNumber(withoutWords(fold(part))));
  const found = parts.filter((part) => part !== null);
  if ((folded.match(/(?<!\d)1[3-9]\d{9}(?!\d)/g) ?? []).length > 1) return fault('ambiguous/several-phones');
  return found.length > 1 ? fault('ambiguous/several-phones') : fault('phone-invalid');
};
