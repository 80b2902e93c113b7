/**
 * The XML of a sheet's columns: width, format and visibility, dropdowns, colour rules and the ranges that reach over all columns.
 * Text surgery on one column; what stands in other columns stays as it is.
 */
import type { DataValidation } from 'exceljs';
import { dayNumber } from './format-value.ts';
import { elementAfterRows, insertElement, letterOf, numberOf, type SheetXml } from './sheet-xml.ts';
import { attribute, escapeXml } from './xlsx-package.ts';

export interface ColumnLook {
  readonly width?: number;
  readonly style?: string | null;
  readonly hidden?: boolean;
}

const withAttribute = (tag: string, name: string, value: string | null): string => {
  const bare = tag.replace(new RegExp(`\\s${name}="[^"]*"`), '');
  return value === null ? bare : bare.replace(/\s*\/>$/, ` ${name}="${value}"/>`);
};

const dressed = (tag: string, at: number, look: ColumnLook): string => {
  let made = withAttribute(withAttribute(tag, 'min', String(at)), 'max', String(at));
  if (look.width !== undefined) made = withAttribute(withAttribute(made, 'width', String(look.width)), 'customWidth', '1');
  if (look.style) made = withAttribute(made, 'style', look.style);
  return look.hidden === undefined ? made : withAttribute(made, 'hidden', look.hidden ? '1' : null);
};

/** A `<col>` that stands for several columns is cut around the one that changes. */
const splitAround = (tag: string, at: number, look: ColumnLook): string[] => {
  const [min, max] = [Number(attribute(tag, 'min')), Number(attribute(tag, 'max'))];
  if (at < min || at > max) return [tag];
  return [
    ...(min < at ? [withAttribute(tag, 'max', String(at - 1))] : []),
    dressed(tag, at, look),
    ...(max > at ? [withAttribute(tag, 'min', String(at + 1))] : []),
  ];
};

/** Sets the look of one column. */
export const setColumn = (sheet: SheetXml, at: number, look: ColumnLook): void => {
  const tags: string[] = sheet.head.match(/<col\s[^>]*?\/>/g) ?? [];
  const covered = tags.some((tag) => Number(attribute(tag, 'min')) <= at && at <= Number(attribute(tag, 'max')));
  const made = covered ? tags.flatMap((tag) => splitAround(tag, at, look)) : [...tags, dressed('<col/>', at, { width: 12, ...look })];
  made.sort((a, b) => Number(attribute(a, 'min')) - Number(attribute(b, 'min')));
  sheet.head = `${sheet.head.replace(/<cols>[\s\S]*?<\/cols>|<cols\s*\/>/, '')}<cols>${made.join('')}</cols>`;
  sheet.changed = true;
};

/** The format that new cells of a column get, as it stands. */
export const columnFormat = (sheet: SheetXml, at: number): string | undefined => {
  const tags: string[] = sheet.head.match(/<col\s[^>]*?\/>/g) ?? [];
  const tag = tags.find((one) => Number(attribute(one, 'min')) <= at && at <= Number(attribute(one, 'max')));
  return tag ? attribute(tag, 'style') : undefined;
};

interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const areaOf = (range: string): Area | null => {
  const found = /^\$?([A-Z]+)\$?(\d+)(?::\$?([A-Z]+)\$?(\d+))?$/.exec(range);
  if (!found) return null;
  const [, left = 'A', top = '1', right = left, bottom = top] = found;
  return { left: numberOf(left), top: Number(top), right: numberOf(right), bottom: Number(bottom) };
};
const rangeOf = ({ left, top, right, bottom }: Area): string => `${letterOf(left)}${top}:${letterOf(right)}${bottom}`;

/** The ranges without one column. */
const without = (sqref: string, at: number): string =>
  sqref
    .split(/\s+/)
    .flatMap((range) => {
      const area = areaOf(range);
      if (!area || at < area.left || at > area.right) return [range];
      return [...(area.left < at ? [rangeOf({ ...area, right: at - 1 })] : []), ...(area.right > at ? [rangeOf({ ...area, left: at + 1 })] : [])];
    })
    .join(' ');

const rulePattern = /<dataValidation(?=[\s>])[^>]*?(?:\/>|>[\s\S]*?<\/dataValidation>)/g;
const openTag = (element: string): string => element.slice(0, element.indexOf('>') + 1);

const formula = (value: unknown): string => {
  if (value instanceof Date) return String(dayNumber(value.toISOString().slice(0, 10)));
  return escapeXml(String(value));
};

const flag = (name: string, on: boolean | undefined): string => (on ? ` ${name}="1"` : '');
const words = (name: string, text: string | undefined): string => (text ? ` ${name}="${escapeXml(text)}"` : '');

const ruleXml = (rule: DataValidation, sqref: string): string => {
  const formulae = 'formulae' in rule ? (rule.formulae ?? []) : [];
  return (
    `<dataValidation type="${rule.type}"${flag('allowBlank', rule.allowBlank)}${flag('showInputMessage', rule.showInputMessage)}` +
    `${flag('showErrorMessage', rule.showErrorMessage)}${words('errorTitle', rule.errorTitle)}${words('error', rule.error)}` +
    `${words('promptTitle', rule.promptTitle)}${words('prompt', rule.prompt)} sqref="${sqref}">` +
    `${formulae.map((one, index) => `<formula${index + 1}>${formula(one)}</formula${index + 1}>`).join('')}</dataValidation>`
  );
};

const tailElement = (sheet: SheetXml, name: string): string | null => elementAfterRows(`<sheetData/>${sheet.tail}`, name);
const putTailElement = (sheet: SheetXml, name: string, element: string): void => {
  sheet.tail = insertElement(`<sheetData/>${sheet.tail}`, name, element).slice('<sheetData/>'.length);
  sheet.changed = true;
};

/** Gives the cells of a column this rule in place of any other; null: none. */
export const setRule = (sheet: SheetXml, at: number, rule: DataValidation | null, lastRow: number): void => {
  const kept = (tailElement(sheet, 'dataValidations')?.match(rulePattern) ?? []).flatMap((element) => {
    const sqref = without(attribute(openTag(element), 'sqref') ?? '', at);
    return sqref ? [element.replace(/(\ssqref=")[^"]*"/, `$1${sqref}"`)] : [];
  });
  const all = rule ? [...kept, ruleXml(rule, `${letterOf(at)}2:${letterOf(at)}${lastRow}`)] : kept;
  putTailElement(sheet, 'dataValidations', all.length ? `<dataValidations count="${all.length}">${all.join('')}</dataValidations>` : '');
};

const isFaultRule = (element: string): boolean => /FIND\((?:"|&quot;)[【〔]/.test(element);
const colourPattern = /<conditionalFormatting(?=[\s>])[\s\S]*?<\/conditionalFormatting>/g;

/** The last row that the workbook is prepared for: that of its colour rules, or of its dropdowns. */
export const preparedRows = (sheet: SheetXml, least: number): number => {
  const ranges = [...(sheet.tail.match(colourPattern) ?? []).filter(isFaultRule), ...(sheet.tail.match(rulePattern) ?? [])];
  const bottoms = ranges.flatMap((element) => (attribute(openTag(element), 'sqref') ?? '').split(/\s+/).map((range) => areaOf(range)?.bottom ?? 0));
  return Math.max(least, ...bottoms);
};

/** A cell of this column turns red, too, when 问题说明 names its header: the rules of the other columns reach over it. */
export const colourFaults = (sheet: SheetXml, at: number, lastRow: number): void => {
  const range = `${letterOf(at)}2:${letterOf(at)}${lastRow}`;
  const tail = sheet.tail.replace(colourPattern, (element) =>
    isFaultRule(element) ? element.replace(/(\ssqref=")([^"]*)"/, (_whole, before: string, sqref: string) => `${before}${sqref} ${range}"`) : element,
  );
  if (tail === sheet.tail) return;
  sheet.tail = tail;
  sheet.changed = true;
};

const stretched = (range: string, at: number): string => {
  const area = areaOf(range);
  return area && area.right < at && area.left === 1 ? rangeOf({ ...area, right: at }) : range;
};

const stretch = (xml: string, tag: string, name: string, at: number): string =>
  xml.replace(
    new RegExp(`(<${tag}\\b[^>]*?\\s${name}=")([^"]*)"`, 'g'),
    (_whole, before: string, range: string) => `${before}${stretched(range, at)}"`,
  );

/** What reaches over all columns of the table reaches to this one: sorting must take its cells along, and every reader must see it. */
export const reachTo = (sheet: SheetXml, at: number): void => {
  sheet.head = stretch(sheet.head, 'dimension', 'ref', at);
  sheet.tail = stretch(stretch(stretch(sheet.tail, 'autoFilter', 'ref', at), 'protectedRange', 'sqref', at), 'ignoredError', 'sqref', at);
  sheet.changed = true;
};

/** The same for the hidden name that Excel keeps of a filter. `$A$1:$Z$133` -> `$A$1:$AB$133`. */
export const filterNameReaching = (workbook: string, sheetIndex: number, at: number): string =>
  workbook.replace(/<definedName\b[^>]*>[^<]*<\/definedName>/g, (element) => {
    if (attribute(openTag(element), 'name') !== '_xlnm._FilterDatabase' || attribute(openTag(element), 'localSheetId') !== String(sheetIndex))
      return element;
    return element.replace(/(\$A\$1:\$)([A-Z]+)(\$\d+)/, (whole, before: string, right: string, row: string) =>
      numberOf(right) < at ? `${before}${letterOf(at)}${row}` : whole,
    );
  });
