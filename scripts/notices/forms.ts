/**
 * Letters that say the same but for the name share a form: it is filled into Handlebars, laid out and printed once.
 * Never holds a name; prints and stores nothing.
 */

import { type LetterText, placeMark, sharedContent } from '../../schema/press.ts';
import { placeOf } from '../../schema/vocabulary.ts';
import type { Blanks } from '../print/page-content.ts';
import { blanksOf, mayBeFilled, modelName, modelStamp, placeFits } from './blanks.ts';
import type { Facts, Student } from './facts.ts';
import { sha256 } from './files.ts';
import type { Press, Stamp } from './template.ts';

export interface Form {
  readonly key: string;
  /** The model letter, with its blanks. */
  readonly html: string;
  readonly mark: string;
  readonly blanks: Blanks;
  /** Of all words but the name. */
  readonly hash: string;
  /** For the phone, with the blanks of name and class. */
  screen(): string;
}

/** The same stamp for everybody while the content is compared: a new code alone is no new letter. */
const blankStamp: Stamp = { code: 'a'.repeat(26), shortCode: '00000000' };

/** What a kind of letter says to one student; every kind names the student and the class. */
export type Words = (student: Student) => { readonly student: { readonly name: string; readonly place: string } };

export interface FormBook {
  /**
   * The form of this student's letter, null when the letter has to be laid out on its own; and the hash of everything the family
   * reads: words, figures and layout; not the code, and not the style sheet.
   */
  entryOf(student: Student): { readonly form: Form | null; readonly contentHash: string };
  /** What the page of this letter shows; by its hash it is found again and told from a newer one. */
  textOf(student: Student, planned: { readonly form: Form | null; readonly contentHash: string }): LetterText;
  /** The letter of one student on its own. */
  letterOf(student: Student, stamp: Stamp): string;
}

export const openFormBook = (press: Press, publicUrl: string, facts: Facts, words: Words): FormBook => {
  const common = JSON.stringify(facts);
  const forms = new Map<string, Form>();
  const makeForm = (data: object, name: string): Form => {
    const key = `model-${forms.size}`;
    const stamp = modelStamp(forms.size, publicUrl);
    const html = press.letter(data, stamp);
    const hash = sha256(press.letter(data, blankStamp));
    return { key, html, mark: stamp.model.url, blanks: blanksOf(stamp, name, html), hash, screen: () => press.screen(data) };
  };
  const formOf = (student: Student): Form | null => {
    if (!mayBeFilled(student.name, common) || !mayBeFilled(student.name, JSON.stringify({ ...student, name: '' }))) return null;
    const real = words({ ...student, name: modelName(student.name) });
    const data = placeFits(real.student.place) ? { ...real, student: { ...real.student, place: placeMark } } : real;
    const said = JSON.stringify(data);
    const form = forms.get(said) ?? makeForm(data, student.name);
    forms.set(said, form);
    return form;
  };
  return {
    entryOf(student) {
      const form = formOf(student);
      return {
        form,
        contentHash: form ? sha256(sharedContent(form.hash, student.name, placeOf(student))) : sha256(press.letter(words(student), blankStamp)),
      };
    },
    textOf: (student, { form, contentHash }) =>
      form ? { hash: form.hash, html: form.screen() } : { hash: contentHash, html: press.screen(words(student)) },
    letterOf: (student, stamp) => press.letter(words(student), stamp),
  };
};
