/**
 * Drive's permissions and changes: who is let in, who has lost sight of what.
 * Mails that sharing would send are only written down.
 */
import { ApiError, invalidParameter, notEnoughRights } from '../errors.ts';
import { isTrue } from '../sheets/value-range.ts';
import type { DriveFile, Permission, Role } from '../world.ts';
import { type DriveCall, includesRemoved } from './files.ts';
import { cutTo, fileAnswer, permissionAnswer, timeText } from './resource.ts';

const roles: readonly Role[] = ['owner', 'organizer', 'fileOrganizer', 'writer', 'commenter', 'reader'];
const types = ['user', 'group', 'domain', 'anyone'] as const;

const noSuchPermission = (id: string): ApiError =>
  new ApiError(404, `Permission not found: ${id}.`, { older: { reason: 'notFound', location: 'permissionId', locationType: 'parameter' } });

const permissionOf = (file: DriveFile, id: string): Permission => {
  const permission = file.permissions.find((one) => one.id === id);
  if (!permission) throw noSuchPermission(id);
  return permission;
};

const readRole = (value: unknown): Role => {
  const role = roles.find((one) => one === value);
  if (!role) throw new ApiError(400, 'The permission role field is required.', { older: { reason: 'badRequest' } });
  return role;
};

const answer = (call: DriveCall, permission: Permission): unknown => cutTo(permissionAnswer(permission), call.query.get('fields'), 'permission');

const readNew = ({ world, body }: DriveCall): Permission => {
  const type = types.find((one) => one === body.type);
  if (!type) throw new ApiError(400, 'The permission type field is required.', { older: { reason: 'badRequest' } });
  const role = readRole(body.role);
  const email = typeof body.emailAddress === 'string' ? body.emailAddress : undefined;
  if ((type === 'user' || type === 'group') && !/^[^@\s]+@[^@\s]+$/.test(email ?? ''))
    throw new ApiError(400, 'The specified emailAddress is invalid or not applicable for the given permission type.', {
      older: { reason: 'invalid' },
    });
  const id = email ? world.permissionId(email) : type === 'anyone' ? 'anyoneWithLink' : String(body.domain ?? '');
  return { id, type, role, ...(email ? { emailAddress: email } : {}), ...(type === 'domain' ? { domain: String(body.domain ?? '') } : {}) };
};

export const createPermission = (call: DriveCall, fileId: string): unknown => {
  const { world, caller, query } = call;
  const file = world.fileFor(fileId, caller, 'writer');
  const before = world.usersOf(file);
  const permission = readNew(call);
  if (permission.role === 'owner' && !isTrue(query.get('transferOwnership')))
    throw new ApiError(403, "The transferOwnership parameter must be enabled when the permission role is 'owner'.", {
      older: { reason: 'forbidden' },
    });
  if (permission.role === 'owner') {
    if (world.roleOf(file, caller) !== 'owner') throw notEnoughRights();
    for (const one of file.permissions) if (one.role === 'owner') one.role = 'writer';
  }
  const there = file.permissions.find((one) => one.id === permission.id);
  // Sharing again with the same person changes the role that is there; a weaker one does not take rights away.
  if (there) there.role = roles.indexOf(permission.role) < roles.indexOf(there.role) ? permission.role : there.role;
  else file.permissions.push(permission);
  world.moveSight(file, before);
  const silent = query.has('sendNotificationEmail') && !isTrue(query.get('sendNotificationEmail'));
  if (permission.emailAddress && !silent) world.notices.push({ to: permission.emailAddress, fileId, message: query.get('emailMessage') ?? '' });
  return answer(call, there ?? permission);
};

export const listPermissions = ({ world, caller, query }: DriveCall, fileId: string): unknown => {
  const file = world.fileFor(fileId, caller, 'writer');
  return cutTo({ kind: 'drive#permissionList', permissions: file.permissions.map(permissionAnswer) }, query.get('fields'), 'permissionList');
};

export const getPermission = (call: DriveCall, fileId: string, id: string): unknown =>
  answer(call, permissionOf(call.world.fileFor(fileId, call.caller, 'writer'), id));

export const updatePermission = (call: DriveCall, fileId: string, id: string): unknown => {
  const file = call.world.fileFor(fileId, call.caller, 'writer');
  const permission = permissionOf(file, id);
  const role = readRole(call.body.role);
  if (permission.role === 'owner' || role === 'owner') throw notEnoughRights();
  permission.role = role;
  call.world.moveVersion(file);
  return answer(call, permission);
};

/** A person may take away the own right; everything else needs the right to share. */
export const deletePermission = ({ world, caller }: DriveCall, fileId: string, id: string): void => {
  const file = world.fileFor(fileId, caller, id === world.permissionId(caller) ? 'reader' : 'writer');
  const permission = permissionOf(file, id);
  if (permission.role === 'owner') throw notEnoughRights();
  const before = world.usersOf(file);
  file.permissions = file.permissions.filter((one) => one !== permission);
  world.moveSight(file, before);
};

export const startPageToken = ({ world, query }: DriveCall): unknown =>
  cutTo({ kind: 'drive#startPageToken', startPageToken: String(world.changes.length + 1) }, query.get('fields'), 'startPageToken');

/** Each file once, with its latest change; `removed` for what is gone and for what the caller lost sight of. */
export const listChanges = ({ world, caller, query }: DriveCall): unknown => {
  const token = Number(query.get('pageToken') ?? Number.NaN);
  const size = Number(query.get('pageSize') ?? 100);
  if (!Number.isInteger(token) || token < 1 || token > world.changes.length + 1) throw invalidParameter('pageToken');
  if (!Number.isInteger(size) || size < 1 || size > 1000) throw invalidParameter('pageSize');
  const seen = world.changes
    .map((change, index) => ({ ...change, number: index + 1 }))
    .filter(({ number, audience }) => number >= token && [...audience].some((user) => user.toLowerCase() === caller.toLowerCase()));
  const latest = new Map(seen.map((change) => [change.fileId, change]));
  const items = [...latest.values()]
    .toSorted((one, other) => one.number - other.number)
    .map((change) => {
      const file = world.files.get(change.fileId);
      const visible = file !== undefined && world.roleOf(file, caller) !== null;
      return { ...change, file: visible ? file : undefined };
    })
    .filter((change) => change.file || includesRemoved(query));
  const page = items.slice(0, size);
  const last = page.at(-1);
  const list = {
    kind: 'drive#changeList',
    ...(items.length > size && last ? { nextPageToken: String(last.number + 1) } : { newStartPageToken: String(world.changes.length + 1) }),
    changes: page.map(({ file, fileId, time }) => ({
      kind: 'drive#change',
      type: 'file',
      changeType: 'file',
      time: timeText(time),
      removed: !file,
      fileId,
      ...(file ? { file: fileAnswer(world, file, caller) } : {}),
    })),
  };
  return cutTo(list, query.get('fields'), 'changeList');
};
