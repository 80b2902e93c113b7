/**
 * Chinese punctuation for what is printed or published.
 * Changes marks only, never a word or a figure.
 */

const fullWidth: Readonly<Record<string, string>> = { ',': '\uff0c', ';': '\uff1b', ':': '\uff1a', '?': '\uff1f', '!': '\uff01' };
const han = '\\p{Script=Han}';
/** Marks that follow a Chinese character, a closing mark, or a figure with a Chinese character behind it: 「98%,其中」 but not 「1,200」. */
const halfWidthMark = new RegExp(`(?<=[${han}\u201d\u2019\u300b\u3011\uff09)])[,;:?!]|(?<=[A-Za-z0-9%])[,;?!](?=[${han}\u201c\u300a])`, 'gu');
/** A pair of half-width brackets that holds Chinese, or comes right after it. */
const halfWidthPair = new RegExp(`\\(([^()\\n]*[${han}][^()\\n]*)\\)|(?<=[${han}])\\(([^()\\n]*)\\)`, 'gu');

/**
 * Chinese punctuation as it is printed: what was typed half-width in Chinese text becomes full-width (GB/T 15834).
 * Letters, figures, times (16:30) and addresses keep their own marks.
 */
export const typeset = (text: string): string => {
  if (!/[,;:?!(]/.test(text)) return text;
  return text
    .replaceAll(halfWidthPair, (_, holding: string | undefined, after: string | undefined) => `\uff08${holding ?? after ?? ''}\uff09`)
    .replaceAll(halfWidthMark, (mark) => fullWidth[mark] ?? mark);
};
