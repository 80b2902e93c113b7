/**
 * The calls to Drive: what lies in the folder, what has changed, who may write.
 * It keeps nothing and decides nothing.
 */
import type { drive_v3 } from 'googleapis/build/src/apis/drive/v3.js';
import type { GoogleClient } from './client.ts';

export type DriveFile = drive_v3.Schema$File;
export type DriveChange = drive_v3.Schema$Change;

export const spreadsheetType = 'application/vnd.google-apps.spreadsheet';

/** Folders of a whole organisation (共享云端硬盘) are only seen by those who ask for them. */
const everyDrive = { supportsAllDrives: true, includeItemsFromAllDrives: true } as const;

const fileFields = 'id,name,mimeType,parents,trashed,modifiedTime,appProperties';

/** Within `q` of files.list, quotes and backslashes are escaped with a backslash. */
export const queryText = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

/** All files that fit; names are not unique. `where` adds to the condition. */
export const filesIn = async (client: GoogleClient, folder: string, where = ''): Promise<DriveFile[]> => {
  const files: DriveFile[] = [];
  let pageToken: string | undefined;
  do {
    const page = await client.read('drive', ({ drive }) =>
      drive.files.list({
        q: `${queryText(folder)} in parents and trashed = false${where}`,
        fields: `nextPageToken,files(${fileFields})`,
        pageSize: 1000,
        corpora: 'allDrives',
        ...everyDrive,
        pageToken,
      }),
    );
    files.push(...(page.files ?? []));
    pageToken = page.nextPageToken ?? undefined;
  } while (pageToken);
  return files;
};

export const fileNamed = (client: GoogleClient, id: string): Promise<DriveFile> =>
  client.read('drive', ({ drive }) =>
    drive.files.get({ fileId: id, fields: `${fileFields},driveId,capabilities(canAddChildren,canEdit)`, supportsAllDrives: true }),
  );

export const startToken = async (client: GoogleClient): Promise<string> =>
  (await client.read('drive', ({ drive }) => drive.changes.getStartPageToken({ supportsAllDrives: true }))).startPageToken ?? '';

export interface Changes {
  readonly changes: readonly DriveChange[];
  /** To be asked with the next time. */
  readonly token: string;
}

/** Everything that changed since `token`, the latest news of each file last. */
export const changesSince = async (client: GoogleClient, token: string): Promise<Changes> => {
  const changes: DriveChange[] = [];
  let at = token;
  for (;;) {
    const pageToken = at;
    const page = await client.read('drive', ({ drive }) =>
      drive.changes.list({
        pageToken,
        pageSize: 1000,
        includeRemoved: true,
        ...everyDrive,
        fields: `nextPageToken,newStartPageToken,changes(changeType,fileId,removed,file(${fileFields}))`,
      }),
    );
    changes.push(...(page.changes ?? []));
    if (!page.nextPageToken) return { changes, token: page.newStartPageToken ?? at };
    at = page.nextPageToken;
  }
};
