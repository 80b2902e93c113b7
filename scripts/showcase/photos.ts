/**
 * Fetches the photos of published cases from Directus, in the two sizes of the site.
 * Directus scales them and leaves out what cameras write into a picture (place, time, device).
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Store, StoreError } from '../directus/store.ts';
import { paths } from './hrefs.ts';
import type { ShownCase } from './select.ts';
import type { SitePhoto } from './site.ts';

const widths = { small: 480, large: 960 } as const;
const isFileId = /^[0-9a-f]{8}-[0-9a-f-]{27}$/i;

/** Size of a JPEG in pixels, from its frame header; null where the bytes are no JPEG. */
export const jpegSize = (bytes: Uint8Array): { width: number; height: number } | null => {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  while (at + 9 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] as number;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    at += 2 + view.getUint16(at + 2);
  }
  return null;
};

const fetchScaled = async (store: Store, id: string, width: number): Promise<Uint8Array> => {
  // Binary answers come back as the response itself.
  const response = await store.call<Response>('GET', `/assets/${id}?width=${width}&fit=inside&withoutEnlargement=true&format=jpg&quality=74`);
  return new Uint8Array(await response.arrayBuffer());
};

const fetchPhoto = async (store: Store, id: string, folder: string): Promise<SitePhoto | null> => {
  const small = await fetchScaled(store, id, widths.small);
  const large = await fetchScaled(store, id, widths.large);
  const size = jpegSize(large);
  if (!size || !jpegSize(small)) return null;
  const photo = { small: `${id}-${widths.small}.jpg`, large: `${id}-${widths.large}.jpg`, ...size };
  await Promise.all([writeFile(join(folder, paths.photo(photo.small)), small), writeFile(join(folder, paths.photo(photo.large)), large)]);
  return photo;
};

/** True where Directus answered that there is no such picture for us: a fault of the case, not of the line. */
const isMissing = (error: unknown): boolean => error instanceof StoreError && error.code !== 'UNREACHABLE';

/**
 * Writes the photos below `folder` and tells which could not be read (ids). A server that cannot be reached is thrown:
 * then no site is built at all.
 */
export const collectPhotos = async (
  store: Store,
  cases: readonly ShownCase[],
  folder: string,
): Promise<{ photos: Map<string, SitePhoto>; unreadable: Set<string> }> => {
  const photos = new Map<string, SitePhoto>();
  const unreadable = new Set<string>();
  const wanted = [...new Set(cases.flatMap((item) => item.photos))];
  if (wanted.length > 0) await mkdir(join(folder, 'photo'), { recursive: true });
  for (const id of wanted) {
    try {
      const photo = isFileId.test(id) ? await fetchPhoto(store, id, folder) : null;
      if (photo) photos.set(id, photo);
      else unreadable.add(id);
    } catch (error) {
      if (!isMissing(error)) throw error;
      unreadable.add(id);
    }
  }
  return { photos, unreadable };
};
