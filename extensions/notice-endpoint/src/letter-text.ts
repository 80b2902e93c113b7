/**
 * The words of a letter as they were printed, for phones that open no PDF. The print run has kept them, with every value escaped and what
 * staff wrote cleaned (scripts/notices); here a name is filled in, and a long letter is cut into pages. Never shows words that were not printed.
 */
import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { fillShared, sharedContent } from '../../../schema/press.ts';
import { placeOf } from '../../../schema/vocabulary.ts';
import { escaped } from './html.ts';
import type { OpenLetter } from './letter.ts';

/** As HTML, or null: printed before words were kept, or for a name or class that the child has no more, which only the PDF shows. */
export const readText = async (database: Knex, { textHash, contentHash, studentName, grade, classNo }: OpenLetter): Promise<string | null> => {
  if (!textHash) return null;
  const row: { html: string } | undefined = await database('kehou_letter_texts').where({ hash: textHash }).first('html');
  if (!row) return null;
  if (textHash === contentHash) return row.html;
  const place = placeOf({ grade, class_no: classNo });
  const content = createHash('sha256')
    .update(sharedContent(textHash, studentName, place))
    .digest('hex');
  return content === contentHash ? fillShared(row.html, escaped(studentName), escaped(place)) : null;
};

const single = new Set(['br', 'col', 'hr', 'img']);

/** The paragraphs, headings and tables of a letter, one after the other. */
const blocksOf = (html: string): string[] => {
  const blocks: string[] = [];
  let [depth, from] = [0, 0];
  for (const { 0: tag, 1: end, 2: name, index } of html.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
    if (single.has(name as string)) continue;
    depth += end ? -1 : 1;
    if (depth > 0) continue;
    blocks.push(html.slice(from, index + tag.length));
    from = index + tag.length;
  }
  return [...blocks, html.slice(from)].filter((block) => block.trim() !== '');
};

const isHeading = (block: string): boolean => /^\s*<h\d/.test(block);

/** A letter in parts of at most so many bytes; a heading stays with what follows it. A block that is longer by itself is left to the PDF. */
export const textParts = (html: string, most: number): string[] => {
  const parts: string[] = [];
  let part = '';
  const add = (block: string): void => {
    if (part && Buffer.byteLength(part) + Buffer.byteLength(block) > most) {
      parts.push(part);
      part = '';
    }
    part += block;
  };
  let heading = '';
  for (const block of blocksOf(html)) {
    if (isHeading(block)) {
      heading += block;
      continue;
    }
    add(heading + (Buffer.byteLength(heading + block) > most ? '<p>（这一段太长，请打开PDF或看纸质通知。）</p>' : block));
    heading = '';
  }
  if (heading) add(heading);
  return part ? [...parts, part] : parts;
};
