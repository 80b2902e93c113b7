/**
 * Adds a tab of the bureau's rows to a workbook that was handed out before the model had it: behind all other tabs, so that no name and
 * no formula has to move. Its colours are those of the tabs that are there. It fills in no rows; workbook-answers.ts does.
 */
import { systemHeaders, type Tab } from '../../schema/sheets.ts';
import { setColumn, setRule } from './column-xml.ts';
import { letterOf, parseSheet, type SheetXml, setCell } from './sheet-xml.ts';
import type { StyleParts } from './style-parts.ts';
import { lastPreparedRow, stateColours } from './workbook-create.ts';
import { openForRows } from './workbook-finish.ts';
import { colours, columnStyle, headerColour, headerStyle, systemStyle, widthOf } from './workbook-styles.ts';
import { closedToTyping } from './workbook-validation.ts';
import { attribute, escapeXml, type Package, type SheetPart, workbookPath } from './xlsx-package.ts';

const skeleton = (words: string): string =>
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' +
  `<sheetPr><tabColor rgb="${colours.header}"/></sheetPr><dimension ref="A1"/><sheetViews><sheetView workbookViewId="0">` +
  '<pane xSplit="2" ySplit="1" topLeftCell="C2" activePane="bottomRight" state="frozen"/></sheetView></sheetViews>' +
  `<sheetFormatPr defaultRowHeight="15"/><sheetData><row r="1" ht="34" customHeight="1"></row></sheetData>${words}</worksheet>`;

const protection =
  '<sheetProtection sheet="1" formatCells="0" formatColumns="0" formatRows="0" insertColumns="0" insertRows="0" insertHyperlinks="0"' +
  ' deleteRows="0" sort="0" autoFilter="0" pivotTables="0"/>';

const page =
  '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/><pageSetup paperSize="9" orientation="landscape"/>';

/** Number of the colour that the other tabs give a cell by a rule whose formula says `sign`. */
const ruleFormat = (sheets: readonly string[], sign: string): string | null => {
  for (const xml of sheets)
    for (const [tag, rule = ''] of xml.matchAll(/<cfRule\b[^>]*>\s*<formula>([\s\S]*?)<\/formula>/g))
      if (rule.includes(sign)) return attribute(tag, 'dxfId') ?? null;
  return null;
};

/** The same colour rules as in the other tabs. */
const colourRules = (tab: Tab, lastRow: number, sheets: readonly string[]): string => {
  const [status, message] = [letterOf(tab.columns.length + 2), letterOf(tab.columns.length + 3)];
  const rule = (sign: string, priority: number, formula: string): string => {
    const format = ruleFormat(sheets, sign);
    return format === null
      ? ''
      : `<cfRule type="expression" dxfId="${format}" priority="${priority}"><formula>${escapeXml(formula)}</formula></cfRule>`;
  };
  const area = (sqref: string, rules: readonly string[]): string =>
    rules.some(Boolean) ? `<conditionalFormatting sqref="${sqref}">${rules.join('')}</conditionalFormatting>` : '';
  const named = (open: string, close: string): string => `ISNUMBER(FIND("${open}"&B$1&"${close}",$${message}2))`;
  return (
    area(`B2:${letterOf(tab.columns.length + 1)}${lastRow}`, [rule('【', 1, named('【', '】')), rule('〔', 2, named('〔', '〕'))]) +
    area(
      `${status}2:${status}${lastRow}`,
      stateColours.map(([state], index) => rule(state, index + 3, `$${status}2="${state}"`)),
    )
  );
};

const drawColumns = (sheet: SheetXml, tab: Tab, lastRow: number, styles: StyleParts, strings: readonly string[]): void => {
  const plain = { style: systemStyle(false), colour: colours.systemHeader };
  const all = [
    { ...plain, header: systemHeaders.id, width: 15, rule: closedToTyping(systemHeaders.id) },
    ...tab.columns.map((column) => ({
      header: column.header,
      width: widthOf(column),
      style: columnStyle(column),
      colour: headerColour(column),
      rule: column.readOnly ? closedToTyping(column.header) : null,
    })),
    { ...plain, header: systemHeaders.status, width: 10, rule: closedToTyping(systemHeaders.status) },
    { ...plain, header: systemHeaders.message, width: 60, style: systemStyle(true), rule: closedToTyping(systemHeaders.message) },
  ];
  for (const [index, { header, width, style, colour, rule }] of all.entries()) {
    setColumn(sheet, index + 1, { width, style: styles.formatOf(style) });
    setRule(sheet, index + 1, rule, lastRow);
    setCell(sheet, 1, index + 1, header, strings, styles.formatOf(headerStyle(colour)) ?? undefined);
  }
};

const freeNumber = (text: string, pattern: RegExp): number => Math.max(0, ...[...text.matchAll(pattern)].map(([, number]) => Number(number))) + 1;

/** Names a new sheet in the parts that list all sheets. */
const registerSheet = async (pkg: Package, name: string): Promise<string> => {
  const path = await workbookPath(pkg);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const relsPath = `${folder}_rels/${path.slice(folder.length)}.rels`;
  const [workbook, rels, types] = [await pkg.read(path), await pkg.read(relsPath), await pkg.read('[Content_Types].xml')];
  const part = `worksheets/sheet${freeNumber(pkg.paths().join('\n'), /worksheets\/sheet(\d+)\.xml$/gm)}.xml`;
  const id = `rId${freeNumber(rels, /\sId="rId(\d+)"/g)}`;
  const prefix = /<sheet\s[^>]*?\s(\w+):id=/.exec(workbook)?.[1] ?? 'r';
  const sheet = `<sheet name="${escapeXml(name)}" sheetId="${freeNumber(workbook, /\ssheetId="(\d+)"/g)}" ${prefix}:id="${id}"/>`;
  pkg.write(
    path,
    workbook.replace('</sheets>', () => `${sheet}</sheets>`),
  );
  const relation = `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="${part}"/>`;
  pkg.write(
    relsPath,
    rels.replace('</Relationships>', () => `${relation}</Relationships>`),
  );
  const override = `<Override PartName="/${folder}${part}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`;
  pkg.write(
    '[Content_Types].xml',
    types.replace('</Types>', () => `${override}</Types>`),
  );
  return folder + part;
};

/** Adds the tab. `others` are the parts of the sheets that are there. Null where the workbook is written in a way that we do not know. */
export const addTab = async (
  pkg: Package,
  tab: Tab,
  book: { readonly others: readonly SheetPart[]; readonly styles: StyleParts; readonly strings: readonly string[] },
): Promise<(SheetPart & { readonly sheet: SheetXml }) | null> => {
  const workbook = await pkg.read(await workbookPath(pkg));
  if (!workbook.includes('</sheets>')) return null;
  const sheets: string[] = [];
  for (const { path } of book.others) sheets.push(await pkg.read(path));
  const lastRow = lastPreparedRow(tab, 0, 0);
  const filter = `<autoFilter ref="A1:${letterOf(tab.columns.length + 3)}${lastRow}"/>`;
  const xml = openForRows(skeleton(`${protection}${filter}${colourRules(tab, lastRow, sheets)}${page}`));
  const sheet = parseSheet(xml);
  if (!sheet) return null;
  drawColumns(sheet, tab, lastRow, book.styles, book.strings);
  const path = await registerSheet(pkg, tab.name);
  pkg.write(path, xml);
  return { name: tab.name, path, state: 'visible', sheet };
};
