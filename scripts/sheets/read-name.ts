/**
 * File names that come from outside, made fit for messages and for the list of sheets.
 * It renames nothing on disk.
 */

/** Characters that nobody sees, or that turn the line around them: line breaks, controls, marks of direction. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;
const longestShown = 80;

/** A name as one short line. The end stays: it says what kind of file it is. */
export const shownName = (name: string): string => {
  const line = [...name.replace(unseen, ' ').trim()];
  return line.length > longestShown ? `${line.slice(0, longestShown - 20).join('')}…${line.slice(-19).join('')}` : line.join('');
};

/** Longest place that `sources` holds. */
const longestPlace = 500;

/** Why a file cannot be taken under its name, in Chinese; null where the name is fine. The name is not opened. */
export const placeFault = (place: string): string | null => {
  unseen.lastIndex = 0;
  if (unseen.test(place)) return `文件名里有换行或看不见的字符:「${shownName(place)}」。请改名后再同步。`;
  if ([...place].length > longestPlace) return `文件名连同文件夹太长(超过 ${longestPlace} 个字):「${shownName(place)}」。请缩短后再同步。`;
  return null;
};
