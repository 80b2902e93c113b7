/**
 * Brings the photos of a case into Directus: found, cleaned, kept in a folder that nobody without an account can open.
 * A photo that is in already and has not changed is left alone; one that staff uploaded as it came from a camera is cleaned in place.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { Conventions } from '../../schema/cases/conventions.ts';
import { declaredPhotos } from '../../schema/cases/photo-names.ts';
import type { CasePhoto } from '../../schema/cases/records.ts';
import { type Store, StoreError } from '../directus/store.ts';
import { cleanPhoto } from './clean-photo.ts';
import type { CaseRow } from './material.ts';
import type { PhotoPlaces, Workbook } from './photo-places.ts';

export interface PhotoDesk {
  readonly store: Store;
  readonly places: PhotoPlaces;
  readonly conventions: Pick<Conventions, 'photoMegabytes'>;
  readonly dryRun: boolean;
}

const folderPath = ['典型案例', '照片'] as const;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const keep = async ({ store, dryRun }: PhotoDesk, row: CaseRow, photo: CasePhoto, bytes: Uint8Array): Promise<CasePhoto> => {
  const source = sha256(bytes);
  if (photo.file && photo.clean && photo.source === source) return { ...photo, fault: null };
  const made = await cleanPhoto(bytes, photo.name);
  if ('fault' in made) return { ...photo, fault: made.fault };
  const file = photo.file ?? randomUUID();
  if (!dryRun) {
    const folder = await store.openFolder(folderPath);
    const stored = { folder, name: `${file}.jpg`, title: `${row.school} ${row.id}`, description: source, type: 'image/jpeg', bytes: made.bytes };
    await store.uploadFile(photo.file ? stored : { ...stored, id: file }, photo.file ?? undefined);
  }
  return { ...photo, file, clean: true, width: made.width, height: made.height, source, fault: null };
};

/** A file of Directus as it is; null where it is gone. */
const fileBytes = async (store: Store, id: string): Promise<Uint8Array | null> => {
  try {
    const response = await store.call<Response>('GET', `/assets/${id}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    if (error instanceof StoreError && error.code !== 'UNREACHABLE') return null;
    throw error;
  }
};

const cleanUploaded = async (desk: PhotoDesk, row: CaseRow, photo: CasePhoto & { file: string }): Promise<CasePhoto> => {
  const bytes = await fileBytes(desk.store, photo.file);
  if (!bytes) return { ...photo, fault: `照片“${photo.name || photo.file}”的文件不见了,请重新上传。` };
  if (bytes.length > desk.conventions.photoMegabytes * 1_000_000)
    return { ...photo, fault: `照片“${photo.name}”超过 ${desk.conventions.photoMegabytes} MB,请压缩后重新上传。` };
  return keep(desk, row, photo, bytes);
};

const bringOne = async (desk: PhotoDesk, row: CaseRow, photo: CasePhoto, workbook: Workbook | null): Promise<CasePhoto> => {
  const named = (row.photo_names ?? []).some((name) => name.trim() === photo.name);
  if (!named || (photo.declared === '县局' && photo.file))
    return photo.file && !photo.clean ? cleanUploaded(desk, row, { ...photo, file: photo.file }) : photo;
  const found = await desk.places.find(photo.name, workbook, desk.conventions.photoMegabytes * 1_000_000);
  // A photo that is in stays in, though the school has tidied up its folder.
  if ('fault' in found) return photo.file ? photo : { ...photo, fault: found.fault };
  return keep(desk, row, photo, found.bytes);
};

/** The photos of a case as they are afterwards; equal to what is stored where nothing has changed. */
export const bringPhotos = async (desk: PhotoDesk, row: CaseRow, workbook: Workbook | null): Promise<CasePhoto[]> => {
  const photos: CasePhoto[] = [];
  for (const photo of declaredPhotos(row)) photos.push(await bringOne(desk, row, photo, workbook));
  return photos;
};
