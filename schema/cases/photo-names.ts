/**
 * Brings together what a school's sheet says about its photos and what is known of them already. Pure.
 */
import type { Row } from '../fields.ts';
import type { cases } from '../tables/cases.ts';
import { type CasePhoto, casePhotos, unknownPhoto } from './records.ts';

export type DeclaredPhotos = Pick<Row<typeof cases>, 'photo_names' | 'photo_consent' | 'photo_consented' | 'photo_faceless' | 'photos'>;

const bare = (name: string): string => name.normalize('NFC').trim().toLowerCase();
const holds = (names: readonly string[] | null, name: string): boolean => (names ?? []).some((one) => bare(one) === bare(name));

const declared = (photo: CasePhoto, row: DeclaredPhotos): CasePhoto => {
  if (photo.declared === '县局' || !holds(row.photo_names, photo.name)) return photo;
  const agreed = row.photo_consent === true || holds(row.photo_consented, photo.name);
  const refused = row.photo_consent === false;
  return { ...photo, faces: holds(row.photo_faceless, photo.name) ? '无' : '不清楚', consent: agreed ? '已同意' : refused ? '未取得' : '不清楚' };
};

/**
 * The photos of a case as the sheet and the bureau have them by now: names that are new come in without a file, names that are gone from
 * the sheet go, what the bureau uploaded or declared stays.
 */
export const declaredPhotos = (row: DeclaredPhotos): CasePhoto[] => {
  const known = casePhotos(row.photos);
  const names = [...new Map((row.photo_names ?? []).filter((name) => name.trim() !== '').map((name) => [bare(name), name.trim()])).values()];
  const kept = known.filter((photo) => photo.declared === '县局' || photo.name === '' || holds(names, photo.name));
  const fresh = names.filter((name) => !kept.some((photo) => bare(photo.name) === bare(name))).map((name) => unknownPhoto({ name }));
  return [...kept, ...fresh].map((photo) => declared(photo, row));
};
