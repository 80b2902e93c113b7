/**
 * Reads the plain text of a case: paragraphs, the official heading levels 一、 and (一), and what must not be published.
 * Never produces HTML: the templates escape whatever stands here.
 */
import { cleanText } from '../text/clean.ts';
import { typeset } from '../text/typeset.ts';

/** One piece of a text. `lead` is a heading that runs on in its own paragraph: 「(一)健全机制。学校成立……」. */
export type Block =
  | { readonly kind: 'heading'; readonly level: 3 | 4; readonly text: string }
  | { readonly kind: 'paragraph'; readonly lead: string; readonly text: string };

const majorMark = /^[一二三四五六七八九十]{1,3}、/;
const minorMark = /^[(\uff08][一二三四五六七八九十]{1,3}[)\uff09]/;
const sentenceEnd = /[。、.!?;:,\uff01\uff1f\uff1b\uff1a\uff0c]$/;
/** Longer than this is a sentence, not a heading (GB/T 9704 prints 28 characters to a line). */
const longestHeading = 42;

/** Splits a numbered line into its heading and what follows it in the same paragraph. */
const splitLead = (line: string): { lead: string; text: string } => {
  const stop = line.indexOf('。');
  const runsOn = stop > 0 && stop < longestHeading && stop < line.length - 1;
  return runsOn ? { lead: line.slice(0, stop + 1), text: line.slice(stop + 1).trim() } : { lead: '', text: line };
};

/** The text of a case as it is printed: nothing invisible, Chinese marks. */
export const printedText = (text: string | null | undefined): string => typeset(cleanText(text));

/** Cuts a printed text into headings and paragraphs; every line break of the school starts a new paragraph. */
export const toBlocks = (text: string): Block[] => {
  const blocks: Block[] = [];
  let major = false;
  for (const raw of text.split('\n')) {
    // Schools indent by hand with blanks; the page indents by style.
    const line = raw.trim();
    if (line === '') continue;
    const marked = majorMark.test(line) ? 'major' : minorMark.test(line) ? 'minor' : null;
    if (marked !== null && line.length <= longestHeading && !line.includes('。') && !sentenceEnd.test(line)) {
      if (marked === 'major') major = true;
      // Without a 一、 above it, (一) is the first level here: heading levels must not be skipped.
      blocks.push({ kind: 'heading', level: marked === 'minor' && major ? 4 : 3, text: line });
    } else {
      blocks.push({ kind: 'paragraph', ...(marked === null ? { lead: '', text: line } : splitLead(line)) });
    }
  }
  return blocks;
};

/** The beginning of a printed text in one line, cut at a full stop where one is near, for cards and feeds. */
export const excerpt = (text: string, length: number): string => {
  // No character takes more than two units; more than that much of the text is not looked at.
  const line = text
    .slice(0, length * 4)
    .replaceAll(/\s+/g, ' ')
    .trim();
  const characters = [...line];
  if (characters.length <= length && text.length <= length * 4) return line;
  const head = characters.slice(0, length).join('');
  const stop = head.lastIndexOf('。');
  return stop > head.length * 0.6 ? head.slice(0, stop + 1) : `${head.replace(/[、;:,\uff0c\uff1b\uff1a\s]+$/, '')}……`;
};
