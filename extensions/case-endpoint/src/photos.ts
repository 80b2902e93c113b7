/**
 * Photos of cases for people who may read cases but not the files of Directus, where letters lie too. Only pictures in the folder
 * of cases are handed out; a new one is taken as a picture, in that folder.
 */
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Knex } from 'knex';

const fileId = /^[0-9a-f]{8}-[0-9a-f-]{27}$/i;

/** Whether this is a picture in the folder of cases; other files stay closed, whatever a case says. */
export const isCasePhoto = async (database: Knex, file: string): Promise<boolean> => {
  if (!fileId.test(file)) return false;
  const stored: { folder: string | null; type: string | null } | undefined = await database('directus_files')
    .where({ id: file })
    .first('folder', 'type');
  return stored?.folder === photoFolder && (stored.type ?? '').startsWith('image/');
};

const idOf = (path: readonly string[]): string => {
  const hash = createHash('sha256').update(JSON.stringify(path)).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
};

/** The folder that `store.openFolder(['典型案例', '照片'])` opens: folders are known by the same hash of their path. */
const folderPath = ['典型案例', '照片'];
export const photoFolder = idOf(folderPath);

/** Makes the folders where they are missing. */
export const ensureFolder = async (database: Knex): Promise<void> => {
  for (const [index, name] of folderPath.entries()) {
    const id = idOf(folderPath.slice(0, index + 1));
    const row = { id, name, parent: index === 0 ? null : idOf(folderPath.slice(0, index)) };
    await database('directus_folders').insert(row).onConflict('id').ignore();
  }
};

const signatures: readonly (readonly [type: string, bytes: readonly number[]])[] = [
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/png', [0x89, 0x50, 0x4e, 0x47]],
  ['image/webp', [0x52, 0x49, 0x46, 0x46]],
];

/** The kind of picture by its first bytes; null for anything else, whatever it is called. */
export const pictureType = (bytes: Buffer): string | null => signatures.find(([, mark]) => mark.every((byte, at) => bytes[at] === byte))?.[0] ?? null;

/** All bytes of a request; null when there are more than `largest`. */
export const readBytes = async (request: Readable, largest: number): Promise<Buffer | null> => {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > largest) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
};
