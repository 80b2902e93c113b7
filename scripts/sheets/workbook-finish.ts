/**
 * What exceljs cannot write, added to its output: editable ranges, silenced green triangles, wider comments, fixed dates.
 * It never changes a cell.
 */
import { plainTabs } from '../../schema/sheets.ts';
import { insertElement } from './sheet-xml.ts';
import { openPackage, type Package, sheetParts } from './xlsx-package.ts';

/**
 * The system's columns stay locked, but Excel refuses to sort or delete rows that hold locked cells, whatever the sheet
 * allows. An editable range without a password lifts that; typing into those columns is refused by their own rule.
 */
export const openForRows = (xml: string): string => {
  const range = /<autoFilter ref="[A-Z]+\d+:([A-Z]+)\d+"/.exec(xml)?.[1];
  if (!range) return xml;
  const ranges = `<protectedRanges><protectedRange sqref="A2:${range}20000" name="rows"/></protectedRanges>`;
  const triangles = `<ignoredErrors><ignoredError sqref="A1:${range}20000" numberStoredAsText="1"/></ignoredErrors>`;
  return insertElement(insertElement(xml, 'protectedRanges', ranges), 'ignoredErrors', triangles);
};

/** exceljs draws every comment the same small size, too small for a sentence. */
const widenComments = (vml: string): string =>
  vml.replace(/width:[\d.]+pt;height:[\d.]+pt/g, 'width:220pt;height:90pt').replace(/<x:Anchor>([^<]*)<\/x:Anchor>/g, (_whole, anchor: string) => {
    const [left = 0, , top = 0] = anchor.split(',').map((part) => Math.round(Number(part)));
    return `<x:Anchor>${left}, 6, ${top}, 4, ${left + 3}, 40, ${top + 6}, 4</x:Anchor>`;
  });

/** exceljs writes links inside the workbook as outside ones (`#'月报'!A1`), which LibreOffice and WPS take for files. */
const linkInside = (pkg: Package, path: string, xml: string): void => {
  pkg.write(path, xml.replace(/<hyperlink ref="([A-Z]+\d+)" r:id="\w+" location="#([^"]*)"\/>/g, '<hyperlink ref="$1" location="$2"/>'));
  pkg.remove(path.replace('worksheets/', 'worksheets/_rels/').concat('.rels'));
};

/** The same parts with fixed dates. */
export const redated = async (bytes: Uint8Array): Promise<Buffer> => (await openPackage(bytes)).datedBytes();

/** Finishes the bytes that exceljs wrote. */
export const finishPackage = async (bytes: Uint8Array): Promise<Buffer> => {
  const pkg = await openPackage(bytes);
  for (const part of await sheetParts(pkg)) {
    const xml = await pkg.read(part.path);
    if (part.name === plainTabs.instructions) linkInside(pkg, part.path, xml);
    else if (part.name !== plainTabs.meta) pkg.write(part.path, openForRows(xml));
  }
  for (const path of pkg.paths().filter((path) => path.endsWith('.vml'))) pkg.write(path, widenComments(await pkg.read(path)));
  return pkg.datedBytes();
};
