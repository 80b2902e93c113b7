/**
 * What differs from letter to letter of one model: the name, the typed code, the QR and the address behind it.
 * Decides whether a name may be filled in; a name that could change the layout gets a letter of its own.
 */
import { nameMark, placeMark } from '../../schema/press.ts';
import type { Filling } from '../print/model.ts';
import type { Blanks } from '../print/page-content.ts';
import { grouped, noticeUrl, qrCode, qrOperators } from './codes.ts';
import type { Stamp } from './template.ts';

/** Like nameMark and placeMark, a character that no letter uses: it holds the place of a code in the model. */
const codeMark = '圜';

/** A class that stands in its box in one line; a longer name is laid out with its letter. */
const longestPlace = 7;

/** Names of two to four characters of the same width fill the same blank: nearly all of them. */
const plainName = /^[\u4e00-\u9fff]{2,4}$/;

/** Whether this name may be filled in, among words (`facts`, as JSON) that may hold a mark themselves. */
export const mayBeFilled = (name: string, words: string): boolean =>
  plainName.test(name) && ![nameMark, codeMark, placeMark].some((mark) => name.includes(mark) || words.includes(mark));

/** The name that stands in the model for all names of this length. */
export const modelName = (name: string): string => nameMark.repeat([...name].length);

/** The stamp of a model: its address finds its pages again, its code and QR are blanks. */
export const modelStamp = (index: number, publicUrl: string): Stamp & { readonly model: { readonly url: string; readonly qrSize: number } } => ({
  code: '',
  shortCode: codeMark,
  model: { url: `http://print.invalid/model/${index}`, qrSize: qrCode(noticeUrl(publicUrl, 'a'.repeat(26))).size },
});

/** The place of a class is a blank where the letter shows it in a box of its own. */
export const placeFits = (place: string): boolean => [...place].length <= longestPlace;

export const blanksOf = (stamp: ReturnType<typeof modelStamp>, name: string, html: string): Blanks => ({
  texts: { [nameMark]: { pieces: [...name].length }, [codeMark]: { pieces: 1 }, ...(html.includes(placeMark) ? { [placeMark]: { pieces: 1 } } : {}) },
  square: stamp.model.qrSize,
  address: stamp.model.url,
});

export const fillingOf = (name: string, place: string, stamp: Stamp, publicUrl: string): Filling => {
  const address = noticeUrl(publicUrl, stamp.code);
  return {
    texts: { [nameMark]: [...name], [codeMark]: [grouped(stamp.shortCode)], [placeMark]: [place] },
    square: qrOperators(qrCode(address)),
    address,
  };
};

/** Every character that codes and these names and places need; the mark comes first. */
export const charactersFor = (texts: readonly string[]): string =>
  [...new Set(`${nameMark}${codeMark}${placeMark}34679ACDEFGHJKMNPQRTUWXY-${texts.join('')}`)].join('');
