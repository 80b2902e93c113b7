/**
 * Reads telephone numbers: 11 digits, or a landline with its area code.
 * Digits that a spreadsheet has dropped stay lost, and two numbers in a cell are asked about.
 */
import type { RawCell } from '../../schema/parsed.ts';
import { meaningOf } from './number-format.ts';
import { fold } from './plain-text.ts';
import { fault, numberIn, type Reading, value } from './reading.ts';

const mobile = /^1[3-9]\d{9}$/;
/** Area codes are 010, 02x and 03xx to 09xx. */
const landline = /^(010|02\d|0[3-9]\d{2})-?(\d{7,8})(?:-(\d{1,6}))?$/;
/** Public service numbers such as 12315, and 400 lines. */
const service = /^(1\d{4}|[48]00-?\d{3}-?\d{4})$/;

const plainNumber = (text: string): string | null => {
  const bare = text
    .replace(/^\(?\+?(?:00)?86\)?-?(?=1[3-9])/, '')
    // The nought of a trunk call in front of a mobile.
    .replace(/^0(?=1[3-9]\d{9}$)/, '')
    .replace(/^[(](0\d{2,3})[)]/, '$1-')
    .replace(/\(?(?:转|分机)(?:分机)?:?(\d{1,6})\)?$/, '-$1');
  const digits = bare.replace(/[-.·]/g, '');
  if (mobile.test(digits)) return digits;
  const line = landline.exec(bare);
  if (line) return `${line[1]}-${line[2]}${line[3] ? `-${line[3]}` : ''}`;
  return service.test(bare) ? bare : null;
};

/** Removes who the number belongs to: 妈妈13800001234, 13800001234(父). */
const withoutWords = (text: string): string => text.replace(/\([^\d)]*\)/g, '').replace(/^[\p{Script=Han}:]+|[\p{Script=Han}:]+$/gu, '');

/** A telephone number as text: mobiles as 11 digits, landlines as `0396-1234567`. */
export const readPhone = (cell: RawCell): Reading => {
  const number = numberIn(cell);
  if (number !== null && meaningOf(cell.format) !== null) return fault('phone-invalid');
  // What was saved as the text 1.38E+10 opens as 13800000000: the digits behind are gone for good.
  if (number !== null && number >= 1e10 && number % 1e6 === 0) return fault('phone-invalid/lost-digits');
  const folded = number === null ? fold(cell.text).replace(/(?<=^\d{11})\.0+$/, '') : String(number);
  if (/^\d(\.\d+)?E\+?\d+$/i.test(folded)) return fault('phone-invalid/lost-digits');
  const single = plainNumber(withoutWords(folded));
  if (single !== null) return value(single);
  const parts = (number === null ? cell.text.normalize('NFKC') : folded)
    .split(/[\s/,;、|或\\]+/)
    .map((part) => plainNumber(withoutWords(fold(part))));
  const found = parts.filter((part) => part !== null);
  if ((folded.match(/(?<!\d)1[3-9]\d{9}(?!\d)/g) ?? []).length > 1) return fault('ambiguous/several-phones');
  if (found.length > 1) return fault('ambiguous/several-phones');
  // 13800001234/妈妈: what stands beside the one number has no digit of its own.
  const [only] = found;
  return only && !/\d/.test(folded.replace(/[-.·]/g, '').replace(only.replaceAll('-', ''), '')) ? value(only) : fault('phone-invalid');
};
