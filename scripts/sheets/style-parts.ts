/**
 * `xl/styles.xml`: gives the number of a cell format, adding it where the workbook has none like it. Formats that are there stay.
 * It knows only what workbook-styles.ts uses of a style.
 */
import type { Style } from 'exceljs';
import { escapeXml, type Package } from './xlsx-package.ts';

const path = 'xl/styles.xml';

export interface StyleParts {
  /** Number of the format for the `s` of a cell or the `style` of a column. Null where the workbook has no styles at all. */
  formatOf(style: Partial<Style>): string | null;
  /** Puts what was added into the package. */
  save(): void;
}

interface List {
  readonly tag: string;
  readonly item: string;
}

const itemsIn = (inner: string, item: string): string[] =>
  inner.match(new RegExp(`<${item}(?=[\\s/>])[^>]*?(?:/>|>[\\s\\S]*?</${item}>)`, 'g')) ?? [];

/** The number of `wanted` in a list of the part, after adding it where needed. */
const place = (xml: string, { tag, item }: List, wanted: string): { xml: string; at: number } | null => {
  const found = new RegExp(`<${tag}(?=[\\s/>])([^>]*?)(?:/>|>([\\s\\S]*?)</${tag}>)`).exec(xml);
  if (!found) return null;
  const [whole, attributes = '', inner = ''] = found;
  const items = itemsIn(inner, item);
  const known = items.indexOf(wanted);
  if (known >= 0) return { xml, at: known };
  const counted = attributes.replace(/\scount="\d+"/, '');
  const list = `<${tag}${counted} count="${items.length + 1}">${inner}${wanted}</${tag}>`;
  return { xml: xml.slice(0, found.index) + list + xml.slice(found.index + whole.length), at: items.length };
};

const argbOf = (colour: unknown): string => (colour as { argb?: string } | undefined)?.argb ?? 'FF000000';

const fontXml = ({ font = {} }: Partial<Style>): string =>
  `<font>${font.bold ? '<b/>' : ''}<sz val="${font.size ?? 10}"/><color rgb="${argbOf(font.color)}"/><name val="${escapeXml(font.name ?? '')}"/></font>`;

const fillXml = ({ fill }: Partial<Style>): string =>
  fill?.type === 'pattern' && fill.pattern === 'solid'
    ? `<fill><patternFill patternType="solid"><fgColor rgb="${argbOf(fill.fgColor)}"/><bgColor indexed="64"/></patternFill></fill>`
    : '<fill><patternFill patternType="none"/></fill>';

const side = (name: string, line: { style?: string; color?: unknown } | undefined): string =>
  line ? `<${name} style="${line.style ?? 'thin'}"><color rgb="${argbOf(line.color)}"/></${name}>` : `<${name}/>`;

const borderXml = ({ border = {} }: Partial<Style>): string =>
  `<border>${side('left', border.left)}${side('right', border.right)}${side('top', border.top)}${side('bottom', border.bottom)}<diagonal/></border>`;

/** Formats that every program knows by number. */
const builtIn: Readonly<Record<string, number>> = { General: 0, '0': 1, '0.00': 2, '@': 49 };
/** Numbers below this belong to the programs. */
const firstOwnFormat = 164;

const numberFormat = (xml: string, code: string): { xml: string; id: number } => {
  const known = builtIn[code];
  if (known !== undefined) return { xml, id: known };
  const all = [...xml.matchAll(/<numFmt\b[^>]*?numFmtId="(\d+)"[^>]*?formatCode="([^"]*)"[^>]*?\/>/g)];
  const same = all.find(([, , written]) => written === escapeXml(code));
  if (same) return { xml, id: Number(same[1]) };
  const id = Math.max(firstOwnFormat - 1, ...all.map(([, number]) => Number(number))) + 1;
  const made = `<numFmt numFmtId="${id}" formatCode="${escapeXml(code)}"/>`;
  const placed = place(xml, { tag: 'numFmts', item: 'numFmt' }, made);
  return { xml: placed?.xml ?? xml.replace(/<fonts[\s>]/, (tag) => `<numFmts count="1">${made}</numFmts>${tag}`), id };
};

const alignmentXml = ({ alignment = {} }: Partial<Style>): string =>
  `<alignment${alignment.horizontal ? ` horizontal="${alignment.horizontal}"` : ''}${alignment.vertical ? ` vertical="${alignment.vertical === 'middle' ? 'center' : alignment.vertical}"` : ''}${alignment.wrapText ? ' wrapText="1"' : ''}/>`;

const addFormat = (xml: string, style: Partial<Style>): { xml: string; at: number } | null => {
  const number = numberFormat(xml, style.numFmt ?? 'General');
  const font = place(number.xml, { tag: 'fonts', item: 'font' }, fontXml(style));
  const fill = font && place(font.xml, { tag: 'fills', item: 'fill' }, fillXml(style));
  const border = fill && place(fill.xml, { tag: 'borders', item: 'border' }, borderXml(style));
  if (!font || !fill || !border) return null;
  const xf =
    `<xf numFmtId="${number.id}" fontId="${font.at}" fillId="${fill.at}" borderId="${border.at}" xfId="0" applyNumberFormat="1" applyFont="1"` +
    ` applyFill="1" applyBorder="1" applyAlignment="1" applyProtection="1">${alignmentXml(style)}<protection locked="${style.protection?.locked === false ? 0 : 1}"/></xf>`;
  return place(border.xml, { tag: 'cellXfs', item: 'xf' }, xf);
};

export const openStyles = async (pkg: Package): Promise<StyleParts> => {
  const before = pkg.has(path) ? await pkg.read(path) : '';
  let xml = before;
  return {
    formatOf(style) {
      const added = addFormat(xml, style);
      if (!added) return null;
      xml = added.xml;
      return String(added.at);
    },
    save() {
      if (xml !== before) pkg.write(path, xml);
    },
  };
};
