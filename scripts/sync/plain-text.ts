/**
 * Text as people type it, made comparable: widths, spaces, dashes and Chinese numerals.
 * It decides nothing about meaning.
 */

/** Spaces of every kind, also those that nobody sees, and what turns ✔ into a picture. */
const spaces = /(?:[\s\u00a0\u200b-\u200f\u2060\u3000\ufeff]|\ufe0e|\ufe0f)+/g;

/** Most cells hold nothing that folding would change; asking is far cheaper than folding. */
const isFolded = /^[!-~\u4e00-\u9fff、。《》“”‘’]*$/;

/** For comparing: half-width, without any space, dashes in one spelling. `１６：３０ ` -> `16:30`. */
export const fold = (text: string): string =>
  isFolded.test(text)
    ? text
    : text
        .normalize('NFKC')
        .replace(spaces, '')
        .replace(/[‐‑–—―−﹣─━]/g, '-')
        .replace(/[〜∼]/g, '~');

/** For keeping: without spaces at both ends, in composed form, never altered inside. */
export const tidy = (text: string): string =>
  text.replace(/^[\s\u00a0\u200b-\u200f\u2060\u3000\ufeff]+|[\s\u00a0\u200b-\u200f\u2060\u3000\ufeff]+$/g, '').normalize('NFC');

/** `—`, `-`, `/` alone mean that nothing is to be said. Expects folded text. */
export const meansBlank = (folded: string): boolean => /^(-*|\/+|\\+)$/.test(folded);

const digits: Readonly<Record<string, number>> = {
  〇: 0,
  零: 0,
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
  壹: 1,
  贰: 2,
  叁: 3,
  肆: 4,
  伍: 5,
  陆: 6,
  柒: 7,
  捌: 8,
  玖: 9,
};
const powers: Readonly<Record<string, number>> = { 十: 10, 拾: 10, 百: 100, 佰: 100, 千: 1000, 仟: 1000 };

/** The characters of a Chinese numeral, for regular expressions. */
export const numeral = '〇零一二两三四五六七八九十百千万壹贰叁肆伍陆柒捌玖拾佰仟';

/** 一百二 is a hundred and twenty to people and a hundred and two to a machine: it is neither here. */
const cutShort = /[百佰千仟万][一二两三四五六七八九壹贰叁肆伍陆柒捌玖]$/;

/** `二十五` -> 25, `一千二百` -> 1200, `二〇二六` -> 2026; null when it is no numeral, or one that leaves a doubt. */
export const chineseNumber = (text: string): number | null => {
  const characters = [...text];
  if (characters.length === 0 || cutShort.test(text) || characters.some((character) => !numeral.includes(character))) return null;
  if (characters.every((character) => character in digits)) {
    return characters.length === 1 || characters.length === 4 ? Number(characters.map((character) => digits[character]).join('')) : null;
  }
  let total = 0;
  let section = 0;
  let pending: number | null = null;
  for (const character of characters) {
    const digit = digits[character];
    if (digit !== undefined) {
      if (pending !== null && pending !== 0) return null;
      pending = digit;
    } else if (character === '万') {
      total += (section + (pending ?? 0)) * 10_000;
      section = 0;
      pending = null;
    } else {
      section += (pending ?? 1) * (powers[character] as number);
      pending = null;
    }
  }
  return total + section + (pending ?? 0);
};

/** The apostrophe that makes a number a text in a spreadsheet, where somebody's export has made it part of the text. */
export const withoutApostrophe = (text: string): string => text.replace(/^\s*['’‘`´＇](?=\d)/, '');

/** Digits or a Chinese numeral; null when neither. */
export const wholeNumber = (text: string): number | null => (/^\d+$/.test(text) ? Number(text) : chineseNumber(text));

/** Cuts a cell that lists several things: 、 , ， ; ； / | line breaks; spaces only where nothing else separates. */
export const splitList = (text: string): string[] => {
  const cut = (separators: RegExp): string[] =>
    text
      .split(separators)
      .map(tidy)
      .filter((word) => word !== '');
  const words = cut(/[、,，;；/／|｜\n\r+＋]+/);
  return words.length > 1 ? words : cut(/[\s\u3000]+/);
};

/** Address of a cell: row from 1, column from 0. `address(12, 3)` -> `D12`. */
export const address = (row: number, column: number): string => `${columnName(column)}${row}`;

export const columnName = (column: number): string => {
  let name = '';
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) name = String.fromCharCode(65 + ((rest - 1) % 26)) + name;
  return name;
};
