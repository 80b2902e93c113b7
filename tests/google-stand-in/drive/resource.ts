/**
 * Files and permissions as Drive v3 answers them, and the few fields it gives when none are asked for.
 * Only reads.
 */
import { cut, parseMask } from '../sheets/mask.ts';
import { type DriveFile, folderType, type Permission, type World } from '../world.ts';
import { type AnswerKind, assertDriveMask } from './known-fields.ts';

export const timeText = (time: number): string => new Date(time).toISOString();

export const userAnswer = (world: World, email: string, caller: string) => ({
  kind: 'drive#user',
  displayName: email.split('@')[0] ?? email,
  me: email === caller,
  permissionId: world.permissionId(email),
  emailAddress: email,
});

export const permissionAnswer = (permission: Permission) => ({
  kind: 'drive#permission',
  ...permission,
  ...(permission.emailAddress ? { displayName: permission.emailAddress.split('@')[0] } : {}),
  deleted: false,
  pendingOwner: false,
});

const links = (file: DriveFile) =>
  file.book
    ? { webViewLink: `https://docs.google.com/spreadsheets/d/${file.id}/edit?usp=drivesdk` }
    : { webViewLink: `https://drive.google.com/${file.content ? `file/d/${file.id}/view?usp=drivesdk` : `drive/folders/${file.id}`}` };

export const fileAnswer = (world: World, file: DriveFile, caller: string) => {
  const role = world.roleOf(file, caller);
  const owner = world.ownerOf(file);
  const mayWrite = role !== null && !['reader', 'commenter'].includes(role);
  return {
    kind: 'drive#file',
    id: file.id,
    name: file.name,
    mimeType: file.mimeType,
    ...(file.description ? { description: file.description } : {}),
    starred: file.starred,
    trashed: file.trashed,
    explicitlyTrashed: file.trashed,
    // Folders the caller cannot see are not told.
    parents: file.parents.filter(
      (id) => id === world.rootOf(caller) || (world.files.get(id) && world.roleOf(world.files.get(id) as DriveFile, caller)),
    ),
    ...(Object.keys(file.properties).length ? { properties: file.properties } : {}),
    ...(Object.keys(file.appProperties).length ? { appProperties: file.appProperties } : {}),
    version: String(file.version),
    ...(file.content ? { size: String(file.content.length) } : {}),
    ...links(file),
    createdTime: timeText(file.createdTime),
    modifiedTime: timeText(file.modifiedTime),
    owners: [userAnswer(world, owner, caller)],
    lastModifyingUser: userAnswer(world, file.lastModifyingUser, caller),
    ownedByMe: owner === caller,
    shared: world.usersOf(file).size > 1 || file.permissions.some((one) => one.type === 'anyone'),
    capabilities: {
      canEdit: mayWrite,
      canShare: mayWrite,
      canDelete: role === 'owner',
      canTrash: role === 'owner',
      canCopy: file.mimeType !== folderType,
    },
    ...(mayWrite ? { permissions: file.permissions.map(permissionAnswer), permissionIds: file.permissions.map((one) => one.id) } : {}),
  };
};

const defaults = {
  file: 'kind,id,name,mimeType',
  fileList: 'kind,nextPageToken,incompleteSearch,files(kind,id,name,mimeType)',
  permission: 'kind,id,type,role',
  permissionList: 'kind,nextPageToken,permissions(kind,id,type,role)',
  changeList: 'kind,nextPageToken,newStartPageToken,changes(kind,removed,type,changeType,time,fileId,file(kind,id,name,mimeType))',
  startPageToken: '*',
  about: '*',
} as const satisfies Record<AnswerKind, string>;

/** An answer with the fields asked for, or those that Drive gives by itself. */
export const cutTo = (answer: unknown, fields: string | null, kind: AnswerKind): unknown => {
  const mask = parseMask(fields || defaults[kind]);
  assertDriveMask(mask, kind);
  return cut(answer, mask);
};
