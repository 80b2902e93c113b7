/**
 * Requests about protections and names of ranges.
 * Whom a protection keeps out is decided in access.ts.
 */
import { invalid } from '../../errors.ts';
import { randomId, randomNumber } from '../../random.ts';
import { readSpan } from '../a1.ts';
import { type Editing, isSheetProtection, mayEdit, protectedFault, protectedGridRange } from '../access.ts';
import { overlay, writeMask } from '../mask.ts';
import type { NamedRange, ProtectedRange, Protection, Sheet } from '../model.ts';
import { protectionAnswer, rangeAnswer } from '../resource.ts';
import { type Handlers, sheetOf, targetOf } from './common.ts';

const ownerSheet = (editing: Editing, protection: Protection): Sheet => sheetOf(editing, protectedGridRange(editing.book, protection).sheetId);

const findProtection = ({ book }: Editing, id: number | null | undefined): { sheet: Sheet; protection: Protection } => {
  for (const sheet of book.sheets) {
    const protection = sheet.protections.find((one) => one.range.protectedRangeId === id);
    if (protection) return { sheet, protection };
  }
  throw invalid(`No protected range with id: ${id ?? 0}`);
};

const assertMayChange = (editing: Editing, protection: Protection): void => {
  if (!mayEdit(protection, editing.caller, editing.owner)) throw protectedFault();
};

/** What the caller says of being allowed is not stored: it depends on who asks. */
const storable = ({ requestingUserCanEdit: _ignored, ...range }: ProtectedRange): ProtectedRange => {
  if (range.warningOnly && range.editors) throw invalid('ProtectedRange is warningOnly. Editors cannot be set on it.');
  if (!range.range && !range.namedRangeId && !range.tableId) throw invalid('A protected range must have a range or a named range.');
  return structuredClone(range);
};

const assertSingleSheetProtection = (editing: Editing, protection: Protection): void => {
  const sheet = ownerSheet(editing, protection);
  const isWhole = (one: Protection): boolean => isSheetProtection(protectedGridRange(editing.book, one));
  if (isWhole(protection) && sheet.protections.some((other) => other.range.protectedRangeId !== protection.range.protectedRangeId && isWhole(other)))
    throw invalid(`Sheet "${sheet.properties.title}" already has sheet protection.`);
};

const assertName = ({ book }: Editing, name: string, except?: NamedRange): void => {
  if (!/^[\p{L}_][\p{L}\p{N}_.]{0,249}$/u.test(name) || readSpan(name) || /^(true|false)$/i.test(name))
    throw invalid(`The name "${name}" is not a valid name for a range.`);
  if (book.namedRanges.some((other) => other !== except && other.name?.toLowerCase() === name.toLowerCase()))
    throw invalid(`A named range with the name "${name}" already exists.`);
};

const findNamed = ({ book }: Editing, id: string | null | undefined): NamedRange => {
  const named = book.namedRanges.find((one) => one.namedRangeId === id);
  if (!named) throw invalid(`No named range with id: ${id ?? ''}`);
  return named;
};

export const protectionRequests = {
  addProtectedRange: (editing, { protectedRange = {} }) => {
    const { caller, random, book } = editing;
    const range = storable(protectedRange);
    const protectedRangeId = range.protectedRangeId ?? randomNumber(random);
    if (book.sheets.some((sheet) => sheet.protections.some((one) => one.range.protectedRangeId === protectedRangeId)))
      throw invalid(`A protected range with id ${protectedRangeId} already exists.`);
    const protection: Protection = { creator: caller, range: { ...range, protectedRangeId } };
    if (range.range && !isSheetProtection(range.range)) targetOf(editing, range.range);
    assertSingleSheetProtection(editing, protection);
    ownerSheet(editing, protection).protections.push(protection);
    // The reply leaves the editors empty; a later get lists them.
    const { editors: _editors, ...answer } = protectionAnswer(protection, editing);
    return { addProtectedRange: { protectedRange: { ...answer, requestingUserCanEdit: true, editors: {} } } };
  },
  updateProtectedRange: (editing, { protectedRange = {}, fields }) => {
    const { sheet, protection } = findProtection(editing, protectedRange.protectedRangeId);
    assertMayChange(editing, protection);
    const next = storable(overlay(protection.range, protectedRange, writeMask(fields, 'protectedRange')));
    protection.range = { ...next, protectedRangeId: protection.range.protectedRangeId };
    assertSingleSheetProtection(editing, protection);
    sheet.protections = sheet.protections.filter((one) => one !== protection);
    ownerSheet(editing, protection).protections.push(protection);
  },
  deleteProtectedRange: (editing, { protectedRangeId }) => {
    const { sheet, protection } = findProtection(editing, protectedRangeId);
    assertMayChange(editing, protection);
    sheet.protections = sheet.protections.filter((one) => one !== protection);
  },
  addNamedRange: (editing, { namedRange = {} }) => {
    assertName(editing, namedRange.name ?? '');
    const { sheet } = targetOf(editing, namedRange.range);
    const namedRangeId = namedRange.namedRangeId ?? randomId(editing.random, 12);
    if (editing.book.namedRanges.some((one) => one.namedRangeId === namedRangeId))
      throw invalid(`A named range with id ${namedRangeId} already exists.`);
    const named: NamedRange = { ...namedRange, namedRangeId, range: { ...namedRange.range, sheetId: sheet.properties.sheetId } };
    editing.book.namedRanges.push(named);
    return { addNamedRange: { namedRange: { ...named, range: rangeAnswer(named.range ?? {}) } } };
  },
  updateNamedRange: (editing, { namedRange = {}, fields }) => {
    const named = findNamed(editing, namedRange.namedRangeId);
    const next = overlay(named, namedRange, writeMask(fields, 'namedRange'));
    assertName(editing, next.name ?? '', named);
    targetOf(editing, next.range);
    editing.book.namedRanges = editing.book.namedRanges.map((one) => (one === named ? { ...next, namedRangeId: named.namedRangeId } : one));
  },
  deleteNamedRange: (editing, { namedRangeId }) => {
    const named = findNamed(editing, namedRangeId);
    editing.book.namedRanges = editing.book.namedRanges.filter((one) => one !== named);
  },
} satisfies Handlers;
