/** Workbooks as they arrive after an accident: bytes flipped, files cut off, parts exchanged or lost, XML garbled, odd values in cells. */

import { unpack, zipEntries } from '../../scripts/sheets/read-zip.ts';
import { type Part, zipOf } from './attack-zip.ts';

/** Numbers from 0 to 1, the same for the same seed. */
export type Random = () => number;

export const randomFrom = (seed: number): Random => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/** A workbook to be damaged; `parts` where it is a zip. */
export interface Victim {
  readonly name: string;
  readonly bytes: Buffer;
  readonly parts: readonly Part[];
}

/** Only the first rows of each worksheet: damage does not need many, and ten thousand files are to be read. */
const shortened = (name: string, xml: string, rows: number): string => {
  if (!/worksheets\/sheet\d+\.xml$/.test(name)) return xml;
  let count = 0;
  return xml.replace(/<row\b[^>]*?(?:\/>|>[\s\S]*?<\/row>)/g, (row) => {
    count += 1;
    return count <= rows ? row : '';
  });
};

export const victimOf = (name: string, bytes: Buffer, rows = 8): Victim => {
  if (bytes[0] !== 0x50) return { name, bytes, parts: [] };
  const parts = zipEntries(bytes)
    .filter((entry) => !entry.name.endsWith('/') && !/^docProps|theme|media|\.vml$/.test(entry.name))
    .map((entry) => {
      const content = unpack(bytes, entry);
      return { name: entry.name, content: entry.name.endsWith('.xml') ? shortened(entry.name, content.toString('utf8'), rows) : content };
    });
  return { name, bytes: zipOf(parts), parts };
};

const whole = (random: Random, below: number): number => Math.floor(random() * below);
const pick = <T>(random: Random, all: readonly T[]): T => all[whole(random, all.length)] as T;

const odd = [
  '',
  ' ',
  '　',
  '#REF!',
  '-1',
  '1E+308',
  'NaN',
  '99999999999999999999',
  '同上',
  '合计',
  '姓名',
  '周八',
  '25:61',
  '2026-02-30',
  '三(99)班',
  '1.38E+10',
  '万',
  '半',
  '½',
  '١٢',
  '👨‍👩‍👧',
  '\ufffd',
  'x'.repeat(3000),
  "='x",
  '负',
  '约',
  '—',
];
const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

/** Some of the values in the cells and word lists of a part, exchanged. */
const oddValues = (random: Random, xml: string): string =>
  xml.replace(/(<(?:\w+:)?(?:v|t|p)(?:\s[^>]*)?>)([^<]*)(?=<)/g, (found, tag: string) => (random() < 0.1 ? tag + escaped(pick(random, odd)) : found));

const garbled = (random: Random, xml: string): string => {
  const at = whole(random, xml.length);
  const length = 1 + whole(random, 40);
  const piece = xml.slice(at, at + length);
  const instead = pick(random, ['', piece + piece, pick(random, odd), '<', '&', '">', '</row>', '<c/>', '\u0000', [...piece].reverse().join('')]);
  return xml.slice(0, at) + instead + xml.slice(at + length);
};

const flipped = (random: Random, bytes: Buffer): Buffer => {
  const changed = Buffer.from(bytes);
  for (let times = 1 + whole(random, 20); times > 0; times -= 1) changed[whole(random, changed.length)] = whole(random, 256);
  return changed;
};

const isText = ({ name }: Part): boolean => /\.(xml|rels)$/.test(name);
const isSheet = ({ name }: Part): boolean => /(worksheets\/sheet|sharedStrings|content).*\.xml$/.test(name);

const withPart = (
  parts: readonly Part[],
  which: (part: Part) => boolean,
  random: Random,
  change: (random: Random, xml: string) => string,
): Buffer => {
  const chosen = pick(random, parts.filter(which));
  return zipOf(parts.map((part) => (part === chosen ? { name: part.name, content: change(random, part.content.toString('utf8')) } : part)));
};

const swapped = (parts: readonly Part[], random: Random): Buffer => {
  const [first, second] = [pick(random, parts), pick(random, parts)];
  return zipOf(parts.map((part) => ({ name: part.name, content: part === first ? second.content : part === second ? first.content : part.content })));
};

const dropped = (parts: readonly Part[], random: Random): Buffer => {
  const lost = new Set([pick(random, parts), ...(random() < 0.3 ? [pick(random, parts)] : [])]);
  return zipOf(parts.filter((part) => !lost.has(part)));
};

/** One more damaged workbook. */
export const damage = ({ bytes, parts }: Victim, random: Random): Buffer => {
  const kind = parts.length === 0 ? whole(random, 2) : whole(random, 7);
  if (kind === 0) return flipped(random, bytes);
  if (kind === 1) return bytes.subarray(0, whole(random, bytes.length));
  if (kind === 2) return swapped(parts, random);
  if (kind === 3) return dropped(parts, random);
  if (kind === 4) return withPart(parts, isText, random, garbled);
  return withPart(parts, isSheet, random, oddValues);
};
