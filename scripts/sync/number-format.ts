/**
 * Tells from a spreadsheet's number format whether a number is meant as a date or as a time of day.
 * It formats nothing.
 */

export type Meaning = 'date' | 'time' | 'dateTime' | null;

const known = new Map<string, Meaning>();

const decide = (format: string): Meaning => {
  const plain = (format.split(';')[0] as string)
    .replace(/"[^"]*"/g, '')
    .replace(/\\./g, '')
    .replace(/_./g, '')
    .replace(/\[(?!(?:h+|m+|s+)\])[^\]]*\]/gi, '')
    .replace(/AM\/PM|A\/P|上午\/下午/gi, 'h')
    .toLowerCase();
  const time = /[hs]/.test(plain);
  const date = /[yd]/.test(plain) || (/m/.test(plain) && !time);
  if (/general|e\+|#|0(?!\.0*$)/.test(plain) && !date && !time) return null;
  if (date) return time ? 'dateTime' : 'date';
  return time ? 'time' : null;
};

/** `yyyy/m/d` -> date, `h:mm` -> time, `0.00` -> null. */
export const meaningOf = (format: string | undefined): Meaning => {
  if (format === undefined) return null;
  const found = known.get(format);
  if (found !== undefined) return found;
  const meaning = decide(format);
  known.set(format, meaning);
  return meaning;
};

/** Day of a serial date, in days since 1970. */
export const dayOfSerial = (serial: number, date1904: boolean): number => Math.floor(serial) + (date1904 ? 1462 : 0) - 25_569;
