/**
 * 行号: the id of a row in every table that sheets feed. Short enough to read aloud, and never mistaken for a number,
 * a date or a formula by a spreadsheet; the last character checks the others, so a damaged id is noticed.
 */

/**
 * No vowels and no 0/1/I/O/E: no words, no look-alikes, nothing like `7E30`. 29 characters, a prime number, so that
 * the check below notices every single wrong character and every two that changed places.
 */
const alphabet = '23456789BCDFGHJKLMNPQRSTVWXYZ';
const letters = alphabet.slice(8);
const bodyLength = 11;

const checkCharacter = (body: string): string => {
  let sum = 0;
  for (let place = 0; place < body.length; place += 1) sum += (place + 1) * alphabet.indexOf(body[place] as string);
  return alphabet[sum % alphabet.length] as string;
};

/** Random bytes drawn for many ids at once: asking the system for each id costs more than the id. */
const pool = new Uint8Array(4096);
let drawn = pool.length;
const fromPool = (count: number): Uint8Array => {
  if (drawn + count > pool.length) {
    crypto.getRandomValues(pool);
    drawn = 0;
  }
  drawn += count;
  return pool.subarray(drawn - count, drawn);
};

/** Makes a new 行号 from random bytes (`crypto.getRandomValues` everywhere; tests hand in their own). */
export const newRowId = (random: (count: number) => Uint8Array = fromPool): string => {
  const bytes = random(bodyLength);
  let body = letters[(bytes[0] as number) % letters.length] as string;
  for (const byte of bytes.subarray(1)) body += alphabet[byte % alphabet.length];
  return body + checkCharacter(body);
};

/** Whether the text is an undamaged 行号. */
export const isRowId = (text: string): boolean =>
  /^[2-9BCDFGHJ-NP-TV-Z]{12}$/.test(text) && checkCharacter(text.slice(0, bodyLength)) === text[bodyLength];
