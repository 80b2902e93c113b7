/**
 * Makes the sizes of the site from the photos of published cases. Every file is drawn anew: what a camera writes into a picture
 * (place, time, device) does not survive it, and the picture stands upright.
 */
import sharp from 'sharp';
import { type Store, StoreError } from '../directus/store.ts';
import { paths } from './hrefs.ts';
import type { ShownCase } from './select.ts';
import type { SitePhoto } from './site.ts';
import type { Content, Part, SiteFolder } from './site-folder.ts';

/** Widths in pixels: a phone, a phone with a dense screen, a desktop. */
const widths = [480, 960, 1440] as const;
/** For browsers that know no WebP, and for paper and 公众号. */
const plainWidth = 960;
/** What messengers show of a page that is shared. */
const shareSize = { width: 1200, height: 630 } as const;
/** A change here makes every picture anew. */
const recipe = 'photos-1';

const isFileId = /^[0-9a-f]{8}-[0-9a-f-]{27}$/i;

interface FileFacts {
  readonly id: string;
  readonly modified_on: string | null;
  readonly filesize: number | string | null;
}

/** As many ids go into one question, and as many questions are asked at a time. */
const atOnce = 100;
const askers = 4;

/** When each file was last changed: a photo that is replaced under the same id is another one. */
const readFacts = async (store: Store, ids: readonly string[]): Promise<Map<string, FileFacts>> => {
  const found = new Map<string, FileFacts>();
  const waiting = [...ids];
  const ask = async (): Promise<void> => {
    while (waiting.length > 0) {
      const filter = encodeURIComponent(JSON.stringify({ id: { _in: waiting.splice(0, atOnce) } }));
      const rows = await store.call<FileFacts[]>('GET', `/files?fields=id,modified_on,filesize&limit=-1&filter=${filter}`);
      for (const row of rows) found.set(row.id, row);
    }
  };
  await Promise.all(Array.from({ length: askers }, ask));
  return found;
};

/** The photo as Directus keeps it; binary answers come back as the response itself. */
const fetchOriginal = async (store: Store, id: string): Promise<Uint8Array> =>
  new Uint8Array(await (await store.call<Response>('GET', `/assets/${id}`)).arrayBuffer());

/** All sizes of one photo; null where the bytes are no picture. */
export const makePhoto = async (id: string, original: Uint8Array): Promise<Part<SitePhoto> | null> => {
  const upright = sharp(original, { failOn: 'error' }).rotate();
  try {
    const plain = await upright
      .clone()
      .resize({ width: plainWidth, withoutEnlargement: true })
      .jpeg({ quality: 76, mozjpeg: true })
      .toBuffer({ resolveWithObject: true });
    const { width, height } = plain.info;
    const original = await upright.clone().toBuffer({ resolveWithObject: true });
    const used = widths.filter((one, index) => index === 0 || one <= original.info.width);
    const files = new Map<string, Content>([[paths.photo(`${id}-${plainWidth}.jpg`), plain.data]]);
    for (const one of used)
      files.set(
        paths.photo(`${id}-${one}.webp`),
        await upright.clone().resize({ width: one, withoutEnlargement: true }).webp({ quality: 72 }).toBuffer(),
      );
    files.set(
      paths.photo(`${id}-share.jpg`),
      await upright
        .clone()
        .resize({ ...shareSize, fit: 'cover' })
        .jpeg({ quality: 76, mozjpeg: true })
        .toBuffer(),
    );
    return {
      files,
      facts: { plain: `${id}-${plainWidth}.jpg`, share: `${id}-share.jpg`, scaled: used.map((one) => [`${id}-${one}.webp`, one]), width, height },
    };
  } catch {
    // Not a picture, or a torn one: a fault of the case, which says so.
    return null;
  }
};

/** True where Directus answered that there is no such picture for us: a fault of the case, not of the line. */
const isMissing = (error: unknown): boolean => error instanceof StoreError && error.code !== 'UNREACHABLE';

/** The photo in the site, taken over where it has not changed; null where it cannot be read. */
const addPhoto = async (store: Store, site: SiteFolder, facts: FileFacts): Promise<SitePhoto | null> => {
  const [name, key] = [`photo-${facts.id}`, `${recipe} ${facts.modified_on} ${facts.filesize}`];
  const kept = await site.takeOver<SitePhoto>(name, key);
  if (kept) return kept.facts;
  try {
    const made = await makePhoto(facts.id, await fetchOriginal(store, facts.id));
    return made && (await site.part(name, key, async () => made));
  } catch (error) {
    if (!isMissing(error)) throw error;
    return null;
  }
};

/**
 * Puts the photos of these cases into the site and tells which could not be read (ids). A server that cannot be reached is thrown:
 * then no site is built at all.
 */
export const collectPhotos = async (
  store: Store,
  cases: readonly ShownCase[],
  site: SiteFolder,
): Promise<{ photos: Map<string, SitePhoto>; unreadable: Set<string> }> => {
  const photos = new Map<string, SitePhoto>();
  const unreadable = new Set<string>();
  const wanted = [...new Set(cases.flatMap((item) => item.photos.map((photo) => photo.file)))];
  const facts = await readFacts(
    store,
    wanted.filter((id) => isFileId.test(id)),
  );
  const waiting = [...wanted];
  const worker = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      const known = facts.get(id);
      const photo = known ? await addPhoto(store, site, known) : null;
      if (photo) photos.set(id, photo);
      else unreadable.add(id);
    }
  };
  await Promise.all([worker(), worker()]);
  return { photos, unreadable };
};
