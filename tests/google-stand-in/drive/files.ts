/**
 * Drive's files: create, get, list, copy, update, delete. What a spreadsheet holds is not touched, except for its title.
 * Rights are asked for first; whoever may not see a file is told that there is none.
 */
import { ApiError, invalidParameter, notEnoughRights } from '../errors.ts';
import type { Body } from '../sheets/value-range.ts';
import { isTrue } from '../sheets/value-range.ts';
import { type DriveFile, folderType, type World } from '../world.ts';
import { parseOrder, parseQuery } from './query.ts';
import { cutTo, fileAnswer } from './resource.ts';

export interface DriveCall {
  readonly world: World;
  readonly caller: string;
  readonly query: URLSearchParams;
  readonly body: Body;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const answer = ({ world, caller, query }: DriveCall, file: DriveFile): unknown => cutTo(fileAnswer(world, file, caller), query.get('fields'), 'file');

const readParents = ({ world, caller }: DriveCall, ids: readonly string[]): string[] =>
  ids.map((id) => {
    if (id === 'root' || id === world.rootOf(caller)) return world.rootOf(caller);
    const parent = world.fileFor(id, caller, 'writer');
    if (parent.mimeType !== folderType) throw new ApiError(403, 'The specified parent is not a folder.', { older: { reason: 'parentNotAFolder' } });
    return id;
  });

const parentsOf = (body: Body): string[] | undefined => (Array.isArray(body.parents) ? body.parents.map(String) : undefined);

const setWords = (file: DriveFile, body: Body): void => {
  if (typeof body.description === 'string') file.description = body.description || undefined;
  if (typeof body.starred === 'boolean') file.starred = body.starred;
  for (const bag of ['properties', 'appProperties'] as const) {
    const words = body[bag];
    if (typeof words !== 'object' || words === null) continue;
    // null takes a property away.
    for (const [key, value] of Object.entries(words)) {
      if (value === null) delete file[bag][key];
      else file[bag][key] = String(value);
    }
  }
};

/** A spreadsheet's title is the name of its file. */
export const rename = (file: DriveFile, name: string): void => {
  file.name = name;
  if (file.book) file.book.properties.title = name;
};

export const createFile = (call: DriveCall): unknown => {
  const { world, caller, body } = call;
  const parents = readParents(call, parentsOf(body) ?? []);
  if (parents.length > 1) throw invalidParameter('parents', 'A file cannot have more than one parent.');
  const file = world.addFile(caller, {
    name: textOf(body.name) ?? 'Untitled',
    mimeType: textOf(body.mimeType) ?? 'application/octet-stream',
    parents,
  });
  setWords(file, body);
  return answer(call, file);
};

/** `alt=media`: the bytes of a file that was uploaded. */
export const downloadFile = ({ world, caller }: DriveCall, id: string): { readonly type: string; readonly bytes: Buffer } => {
  const file = world.fileFor(id, caller);
  if (!file.content)
    throw new ApiError(403, 'Only files with binary content can be downloaded. Use Export with Docs Editors files.', {
      older: { reason: 'fileNotDownloadable', location: 'alt', locationType: 'parameter' },
    });
  return { type: file.mimeType, bytes: file.content };
};

export const getFile = (call: DriveCall, id: string): unknown => answer(call, call.world.fileFor(id, call.caller));

/** A page token is the place in the list, hidden as Drive hides it. */
const readPage = (query: URLSearchParams, standard: number): { size: number; from: number } => {
  const size = Number(query.get('pageSize') ?? standard);
  const token = query.get('pageToken');
  const from = token ? Number(Buffer.from(token.replace(/^~!!~/, ''), 'base64url').toString('utf8')) : 0;
  if (!Number.isInteger(size) || size < 1 || size > 1000) throw invalidParameter('pageSize');
  if (!Number.isInteger(from)) throw invalidParameter('pageToken');
  return { size, from };
};

export const pageToken = (place: number): string => `~!!~${Buffer.from(String(place)).toString('base64url')}`;

export const listFiles = ({ world, caller, query }: DriveCall): unknown => {
  const test = query.get('q') ? parseQuery(query.get('q') as string, world, caller) : () => true;
  const { size, from } = readPage(query, 100);
  const all = [...world.files.values()]
    .filter((file) => world.roleOf(file, caller) !== null && test(file))
    .toSorted(parseOrder(query.get('orderBy')));
  const list = {
    kind: 'drive#fileList',
    ...(from + size < all.length ? { nextPageToken: pageToken(from + size) } : {}),
    incompleteSearch: false,
    files: all.slice(from, from + size).map((file) => fileAnswer(world, file, caller)),
  };
  return cutTo(list, query.get('fields'), 'fileList');
};

export const copyFile = (call: DriveCall, id: string): unknown => {
  const { world, caller, body } = call;
  const source = world.fileFor(id, caller);
  if (source.mimeType === folderType) throw new ApiError(403, 'This file cannot be copied by the user.', { older: { reason: 'cannotCopyFile' } });
  const name = textOf(body.name) ?? `Copy of ${source.name}`;
  const visibleParents = source.parents.filter(
    (parent) => world.files.has(parent) && world.roleOf(world.files.get(parent) as DriveFile, caller) !== null,
  );
  const copy = world.addFile(caller, {
    name,
    mimeType: source.mimeType,
    parents: readParents(call, parentsOf(body) ?? visibleParents),
    book: source.book && ((copyId) => ({ ...structuredClone(source.book as NonNullable<typeof source.book>), spreadsheetId: copyId })),
  });
  copy.description = source.description;
  copy.properties = { ...source.properties };
  copy.appProperties = { ...source.appProperties };
  rename(copy, name);
  setWords(copy, body);
  return answer(call, copy);
};

const moveFile = (call: DriveCall, file: DriveFile): boolean => {
  const { world, query } = call;
  const list = (name: string): string[] => (query.get(name) ?? '').split(',').filter(Boolean);
  const added = readParents(call, list('addParents'));
  const removed = list('removeParents').map((id) => (id === 'root' ? world.rootOf(call.caller) : id));
  if (!added.length && !removed.length) return false;
  const kept = file.parents.filter((id) => !removed.includes(id) && !added.includes(id));
  if (kept.length + added.length > 1) throw invalidParameter('addParents', 'Increasing the number of parents is not allowed');
  file.parents = [...kept, ...added];
  return true;
};

export const updateFile = (call: DriveCall, id: string): unknown => {
  const { world, caller, body } = call;
  const file = world.fileFor(id, caller, 'writer');
  if (parentsOf(body))
    throw new ApiError(
      403,
      'The parents field is not directly writable in update requests. Use the addParents and removeParents parameters instead.',
      { older: { reason: 'fieldNotWritable' } },
    );
  if (typeof body.trashed === 'boolean' && world.roleOf(file, caller) !== 'owner') throw notEnoughRights();
  const before = world.usersOf(file);
  const moved = moveFile(call, file);
  setWords(file, body);
  if (typeof body.trashed === 'boolean') file.trashed = body.trashed;
  const name = textOf(body.name);
  if (name !== undefined && name !== file.name) {
    rename(file, name);
    world.touch(file, caller);
  }
  if (moved) world.moveSight(file, before);
  else if (Object.keys(body).some((key) => key !== 'name')) world.moveVersion(file);
  return answer(call, file);
};

export const deleteFile = ({ world, caller }: DriveCall, id: string): void => world.remove(world.fileFor(id, caller, 'owner'));

export const about = ({ world, caller, query }: DriveCall): unknown => {
  const fields = query.get('fields');
  if (!fields)
    throw new ApiError(400, "The 'fields' parameter is required for this method.", {
      older: { reason: 'required', location: 'fields', locationType: 'parameter' },
    });
  const user = { kind: 'drive#user', displayName: caller.split('@')[0], me: true, permissionId: world.permissionId(caller), emailAddress: caller };
  return cutTo(
    { kind: 'drive#about', user, storageQuota: { limit: '16106127360', usage: '0', usageInDrive: '0', usageInDriveTrash: '0' } },
    fields,
    'about',
  );
};

export const includesRemoved = (query: URLSearchParams): boolean => !query.has('includeRemoved') || isTrue(query.get('includeRemoved'));
