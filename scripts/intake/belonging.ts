/**
 * Whose sheet it is, and whether it is the one that counts: a school has one workbook a term, wherever it lies and whatever it is called.
 * Pure: it decides and writes nothing.
 */
import { schoolNamed } from '../sheets/folder.ts';
import type { Listing, WorkbookMeta } from '../sheets/source.ts';
import type { Desk, KnownSheet } from './desk.ts';

/** Sheets that are there in this run, over all sources, and which of them speaks for a school. */
export interface Present {
  readonly places: ReadonlySet<string>;
  /** School and term -> place of the workbook that was taken for them in this run. */
  readonly speakers: Map<string, string>;
}

/** Whose workbook a sheet is, as far as can be told without opening it. */
export const schoolOf = (desk: Desk, listing: Listing): string | null =>
  desk.known.get(listing.place)?.school ?? schoolNamed(listing.title, desk.schools);

const sameWorkbook = (known: KnownSheet, meta: WorkbookMeta): boolean =>
  known.own === '系统模板' && known.state !== '未收' && known.school === meta.school && known.term === meta.term;

/**
 * The remembered sheet that this one is under a new name or in a new place: a workbook of ours for the same school and term, or
 * the same bytes, whose old place is empty now. Null where there is none.
 */
export const movedFrom = (desk: Desk, present: Present, place: string, version: string, meta: WorkbookMeta | null): KnownSheet | null => {
  if (desk.known.has(place)) return null;
  const gone = [...desk.known.values()].filter((known) => !present.places.has(known.place));
  return gone.find((known) => (meta ? sameWorkbook(known, meta) : known.version === version)) ?? null;
};

/** The workbook that speaks for this school and term, where it is another one than `place`; null where `place` itself does. */
const otherSpeaker = (desk: Desk, present: Present, place: string, meta: WorkbookMeta): string | null => {
  const key = `${meta.school}/${meta.term}`;
  const noted = desk.schools.find((school) => school.code === meta.school)?.workbook;
  // A Google spreadsheet is noted by its link, and lies at its id.
  const made = /\/spreadsheets\/d\/([^/]+)/.exec(noted ?? '')?.[1] ?? noted;
  const known = [...desk.known.values()].find((one) => sameWorkbook(one, meta) && present.places.has(one.place))?.place;
  const speaker = present.speakers.get(key) ?? known ?? (made && present.places.has(made) ? made : place);
  present.speakers.set(key, speaker);
  return speaker === place ? null : speaker;
};

/** Why a workbook of ours is left alone as a whole; null where it is the school's workbook of this term. */
export const reasonToLeave = (desk: Desk, present: Present, place: string, meta: WorkbookMeta): string | null => {
  if (meta.term && meta.term !== desk.term)
    return `这是 ${meta.term} 学期的表,当前学期是 ${desk.term},没有收。请填本学期的工作簿;要补改上学期的数据,请基教股在 Directus 里改`;
  const speaker = otherSpeaker(desk, present, place, meta);
  return speaker === null
    ? null
    : `与“${speaker}”是同一所学校同一学期的表,只收那一份。请把要报的内容填到那一份里,再删掉这一份;若要以这一份为准,请删掉那一份`;
};
