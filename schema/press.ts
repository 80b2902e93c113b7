/**
 * What a print run and `press-endpoint` say to each other, and how the printed words of a letter are kept for its page on the phone.
 * Pure.
 */
/** Who prints or sends. */
export interface Holder {
  readonly id: string;
  readonly host: string;
  /** Tells a machine from others of the same name. */
  readonly machine: string;
  readonly pid: number;
  /** When it began, by its own clock; for people only. */
  readonly since: string;
}

export interface HoldRequest {
  /** One kind of letter of one school and term. */
  readonly place: string;
  readonly own: Holder;
  /** A holder whose end the caller has seen. */
  readonly instead: string | null;
  /** Milliseconds after which a holder that says nothing counts as dead. */
  readonly silence: number;
}

export interface Held {
  /** The caller, if it has the place. */
  readonly holder: Holder;
  /** Milliseconds since the holder was heard of. */
  readonly quiet: number;
}

/** Who has the place after this request. */
export const whoHolds = (
  { own, instead, silence }: HoldRequest,
  present: { readonly holder: Holder; readonly beat: number } | null,
  now: number,
): Held => {
  if (!present) return { holder: own, quiet: 0 };
  const quiet = now - present.beat;
  const { id } = present.holder;
  return id === own.id || id === instead || quiet > silence ? { holder: own, quiet: 0 } : { holder: present.holder, quiet };
};

/** The words of printed letters, by their hash. */
export interface LetterText {
  readonly hash: string;
  readonly html: string;
}

/** Characters of GB 2312 that no letter uses: they hold the place of the name and of the class in words that many letters share. */
export const nameMark = '囗';
export const placeMark = '圄';

/** What the hash of one letter's content is taken of, where many letters share their words. */
export const sharedContent = (wordsHash: string, name: string, place: string): string => `${wordsHash} ${name} ${place}`;

/** Shared words with this name and class filled in, both as HTML. */
export const fillShared = (html: string, name: string, place: string): string =>
  html.replace(new RegExp(`${nameMark}+`, 'gu'), () => name).replaceAll(placeMark, () => place);

/** Stands in the PDF of the letter with this code and of no other: its link to the page where it is verified. */
export const linkMark = (code: string): string => `/notice/${code})`;
