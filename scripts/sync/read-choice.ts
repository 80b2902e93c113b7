/**
 * Reads choices by their words and aliases, yes and no, and ticks.
 * A word that is not on the list is never bent to fit.
 */
import type { Choice, ChoiceField, ChoicesField } from '../../schema/fields.ts';
import type { RawCell } from '../../schema/parsed.ts';
import { fold, splitList } from './plain-text.ts';
import { fault, type Reading, value } from './reading.ts';

/** Brackets, dots and slashes differ from school to school and never tell two choices apart. */
const key = (text: string): string =>
  fold(text)
    .replace(/[()·./\-“”"']/g, '')
    .toLowerCase();

const indexes = new WeakMap<readonly Choice[], Map<string, string>>();

const indexOf = (choices: readonly Choice[]): Map<string, string> => {
  const found = indexes.get(choices);
  if (found) return found;
  const index = new Map<string, string>();
  // A choice's own word wins over another's alias.
  for (const choice of choices) for (const word of choice.aliases ?? []) if (!index.has(key(word))) index.set(key(word), choice.value);
  for (const choice of choices) for (const word of [choice.label, choice.value]) if (word) index.set(key(word), choice.value);
  indexes.set(choices, index);
  return index;
};

const listed = (choices: readonly Choice[]): string => choices.map((choice) => choice.label ?? choice.value).join('、');

/** 低保 fits 城市低保 and 农村低保: which one is for the school to say. */
const couldMean = (choices: readonly Choice[], text: string): string[] =>
  key(text).length < 2 ? [] : choices.filter((choice) => key(choice.value).includes(key(text))).map((choice) => choice.value);

const nothing = /^(无|没有|暂无|未|空)$/;

/** One of a fixed list. 无 means blank where the list has no such word. */
export const readChoice = (cell: RawCell, field: ChoiceField): Reading => {
  const index = indexOf(field.choices);
  const exact = index.get(key(cell.text));
  if (exact !== undefined) return value(exact);
  if (nothing.test(fold(cell.text)) && !field.required) return {};
  const parts = splitList(cell.text).map((part) => index.get(key(part)));
  const distinct = new Set(parts);
  if (parts.length > 1 && !distinct.has(undefined))
    return distinct.size === 1 ? value(parts[0] as string) : fault('not-in-choices', listed(field.choices));
  const near = couldMean(field.choices, cell.text);
  return fault('not-in-choices', near.length > 1 ? `${near.join('、')}等,写明是哪一种` : listed(field.choices));
};

/** Any number out of a fixed list. */
export const readChoices = (cell: RawCell, field: ChoicesField): Reading => {
  const index = indexOf(field.choices);
  const whole = index.get(key(cell.text));
  if (whole !== undefined) return value([whole]);
  if (nothing.test(fold(cell.text))) return {};
  const found = splitList(cell.text).map((part) => index.get(key(part)));
  if (found.length === 0 || found.includes(undefined)) return fault('not-in-choices', listed(field.choices));
  const distinct = [...new Set(found as string[])];
  // 一般 says that none of the others is true.
  return distinct.length > 1 && distinct.includes('一般') ? fault('ambiguous/several') : value(distinct);
};

const yes =
  /^(是|有|对|√+|✓|✔|☑|✅|v|y|yes|t|true|1|已|已有|已开展|开展|已公示|公示|已制定|已备|已建立|已落实|正常开展|已完成|有的|是的|参加|同意|需要|要|●|■)$/i;
const no = /^(否|无|不|没有|没|×|✗|✘|✕|✖|╳|☒|❌|x|n|no|f|false|0|未|未有|未开展|不开展|未公示|未制定|不参加|不同意|不需要|不要|☐|□|○?无)$/i;

/** ☑是 ☐否, as forms print it. */
const boxed = /^([☑☒✅√■●☐□○])(是|有)([☑☒✅√■●☐□○])(否|无)$/;
const ticked = /[☑☒✅√■●]/;

/** Yes or no; a blank cell is neither. */
export const readYesNo = (cell: RawCell): Reading => {
  if (typeof cell.value === 'boolean') return value(cell.value);
  const boxes = boxed.exec(fold(cell.text));
  if (boxes)
    return ticked.test(boxes[1] as string) === ticked.test(boxes[3] as string)
      ? fault('not-in-choices/yes-no')
      : value(ticked.test(boxes[1] as string));
  // 是(见附件): the remark adds nothing to the answer.
  const folded = fold(cell.text).replace(/(?<=.)\([^()]*\)$/, '');
  if (yes.test(folded)) return value(true);
  return no.test(folded) ? value(false) : fault('not-in-choices/yes-no');
};

/** A tick in a column of its own: anything but a clear yes or no is asked about. */
export const readTick = (cell: RawCell, part: string): Reading => {
  if (typeof cell.value === 'boolean') return value(cell.value);
  const folded = fold(cell.text);
  if (yes.test(folded) || folded === fold(part)) return value(true);
  if (no.test(folded)) return value(false);
  return fault('ambiguous/tick');
};

/** The choice that a word names, for headers of tick columns; null when none. */
export const choiceOf = (choices: readonly Choice[], word: string): string | null => indexOf(choices).get(key(word)) ?? null;
