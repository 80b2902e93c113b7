/**
 * The names that `fields` of Drive's calls may hold; Drive refuses a misspelt one. Deeper than these names it is not checked.
 */
import { ApiError } from '../errors.ts';
import { firstUnknown, type Names, names } from '../sheets/known-fields.ts';
import type { Mask } from '../sheets/mask.ts';

const permission = names(
  'kind id type emailAddress domain role view allowFileDiscovery displayName photoLink expirationTime teamDrivePermissionDetails permissionDetails deleted pendingOwner inheritedPermissionsDisabled',
);

const file = names(
  'kind id name mimeType description starred trashed explicitlyTrashed trashingUser trashedTime parents properties appProperties spaces version webContentLink webViewLink iconLink hasThumbnail thumbnailLink thumbnailVersion viewedByMe viewedByMeTime createdTime modifiedTime modifiedByMeTime modifiedByMe sharedWithMeTime sharingUser owners teamDriveId driveId lastModifyingUser shared ownedByMe capabilities viewersCanCopyContent copyRequiresWriterPermission writersCanShare permissionIds hasAugmentedPermissions folderColorRgb originalFilename fullFileExtension fileExtension md5Checksum sha1Checksum sha256Checksum size quotaBytesUsed headRevisionId contentHints imageMediaMetadata videoMediaMetadata isAppAuthorized exportLinks shortcutDetails contentRestrictions labelInfo linkShareMetadata resourceKey inheritedPermissionsDisabled downloadRestrictions',
  { permissions: permission },
);

const change = names('kind removed fileId time driveId type changeType teamDriveId teamDrive drive', { file });

/** By the kind of answer. */
const known = {
  file,
  fileList: names('kind nextPageToken incompleteSearch', { files: file }),
  permission,
  permissionList: names('kind nextPageToken', { permissions: permission }),
  changeList: names('kind nextPageToken newStartPageToken', { changes: change }),
  startPageToken: names('kind startPageToken'),
  about: names(
    'kind user storageQuota importFormats exportFormats maxImportSizes maxUploadSize appInstalled folderColorPalette driveThemes teamDriveThemes canCreateDrives canCreateTeamDrives',
  ),
} satisfies Record<string, Names>;

export type AnswerKind = keyof typeof known;

/** Throws 400 for a mask with a name that such an answer has not. */
export const assertDriveMask = (mask: Mask, kind: AnswerKind): void => {
  const path = firstUnknown(mask, known[kind]);
  if (!path) return;
  throw new ApiError(400, `Invalid field selection ${path.split('.').at(-1)}`, {
    older: { reason: 'invalidParameter', location: 'fields', locationType: 'parameter' },
  });
};
