/**
 * Makes one school's spreadsheet in the Drive folder: found again or created, filled, shared, and marked as ready. Killed at any
 * point, the next run goes on where it stopped; nothing is made twice.
 */
import { plainTabs } from '../../../schema/sheets.ts';
import type { Request } from './cells.ts';
import type { GoogleClient } from './client.ts';
import { doneKey, doneValue, drawSpreadsheet, type SpreadsheetInput } from './draw-spreadsheet.ts';
import { type DriveFile, filesIn, queryText, spreadsheetType } from './drive.ts';
import { GoogleFault } from './fault.ts';

/** `appProperties`: seen only by this Cloud project. */
const properties = { school: 'kehou_school', term: 'kehou_term', shared: 'kehou_shared_with', ready: 'kehou_ready' } as const;

export type MadeState = '新建' | '续建' | '已有' | '不是系统模板';

export interface Made {
  readonly id: string;
  readonly state: MadeState;
}

/** Each step of the way looks again this often before it gives up on an outcome that stays unknown. */
const looks = 4;

const isUnsure = (error: unknown): boolean => error instanceof GoogleFault && error.kind === 'failing';

/**
 * Does a write and, where its outcome stays unknown, looks whether it was done before it does it again.
 * Throws GoogleFault of kind `failing` where that goes on.
 */
const surely = async <T>(client: GoogleClient, write: () => Promise<T>, look: () => Promise<T | null>): Promise<T> => {
  for (let round = 1; ; round += 1) {
    try {
      return await write();
    } catch (error) {
      if (!isUnsure(error) || round === looks) throw error;
      await client.clock.wait(1000 * 2 ** round);
      const found = await look();
      if (found !== null) return found;
    }
  }
};

/** The spreadsheet that was made for this school and term; else one that somebody has put there under its name. */
export const findMade = (files: readonly DriveFile[], school: string, term: string, title: string): DriveFile | null => {
  const sheets = files.filter((file) => file.mimeType === spreadsheetType);
  const ours = sheets.find((file) => file.appProperties?.[properties.school] === school && file.appProperties[properties.term] === term);
  return ours ?? sheets.find((file) => file.name === title && !file.appProperties?.[properties.school]) ?? null;
};

const createFile = (client: GoogleClient, folder: string, title: string, { school, term }: SpreadsheetInput): Promise<DriveFile> => {
  const appProperties = { [properties.school]: school.code, [properties.term]: term.id };
  const has = ` and appProperties has { key=${queryText(properties.school)} and value=${queryText(school.code)} }`;
  return surely(
    client,
    () =>
      client.write('drive', ({ drive }) =>
        drive.files.create({
          requestBody: { name: title, mimeType: spreadsheetType, parents: [folder], appProperties },
          fields: 'id,name,appProperties',
          supportsAllDrives: true,
        }),
      ),
    async () => (await filesIn(client, folder, has)).find((file) => file.appProperties?.[properties.term] === term.id) ?? null,
  );
};

interface Found {
  /** Tabs in their order. */
  readonly tabs: readonly { readonly sheetId: number; readonly title: string }[];
  readonly done: string | null;
  /** Protections of the first tab. */
  readonly protections: readonly number[];
  readonly blank: boolean;
}

const look = async (client: GoogleClient, id: string): Promise<Found> => {
  const found = await client.read('sheetsReads', ({ sheets }) =>
    sheets.spreadsheets.get({
      spreadsheetId: id,
      ranges: [],
      fields:
        'developerMetadata(metadataKey,metadataValue),sheets(properties(sheetId,title),protectedRanges(protectedRangeId),data(rowData(values(userEnteredValue))))',
    }),
  );
  const tabs = (found.sheets ?? []).map((sheet) => ({ sheetId: sheet.properties?.sheetId ?? 0, title: sheet.properties?.title ?? '' }));
  const cells = (found.sheets ?? []).flatMap((sheet) => sheet.data ?? []).flatMap((block) => block.rowData ?? []);
  return {
    tabs,
    done: found.developerMetadata?.find((one) => one.metadataKey === doneKey)?.metadataValue ?? null,
    protections: (found.sheets?.[0]?.protectedRanges ?? []).flatMap((one) => one.protectedRangeId ?? []),
    blank: tabs.length === 1 && !cells.some((row) => row.values?.some((cell) => cell.userEnteredValue)),
  };
};

/** Google advises against requests beyond 2 MB. */
const longestBody = 1_500_000;

/** Requests in batches of bearable size, in their order. */
export const inBatches = (requests: readonly Request[]): Request[][] => {
  const batches: Request[][] = [[]];
  let size = 0;
  for (const request of requests) {
    const length = Buffer.byteLength(JSON.stringify(request));
    if (size + length > longestBody && batches.at(-1)?.length) {
      batches.push([]);
      size = 0;
    }
    batches.at(-1)?.push(request);
    size += length;
  }
  return batches;
};

/** What an interrupted run has left goes first: all tabs but the first, which is blanked and drawn anew. */
const clearing = ({ tabs, protections }: Found): Request[] => {
  const [front, ...others] = tabs;
  const range = { sheetId: front?.sheetId ?? 0 };
  return [
    ...others.map(({ sheetId }) => ({ deleteSheet: { sheetId } })),
    ...protections.map((protectedRangeId) => ({ deleteProtectedRange: { protectedRangeId } })),
    { unmergeCells: { range } },
    { updateCells: { range, fields: 'userEnteredValue,userEnteredFormat,note' } },
  ];
};

/** Draws the spreadsheet, and draws it anew as long as its outcome is not known. */
const fill = async (client: GoogleClient, id: string, input: SpreadsheetInput, before: Found): Promise<void> => {
  let found = before;
  await surely(
    client,
    async () => {
      const drawn = await drawSpreadsheet(input, found.tabs[0]?.sheetId ?? 0);
      for (const requests of inBatches([...(found.blank ? [] : clearing(found)), ...drawn]))
        await client.write('sheetsWrites', ({ sheets }) =>
          sheets.spreadsheets.batchUpdate({ spreadsheetId: id, fields: 'spreadsheetId', requestBody: { requests } }),
        );
      return true;
    },
    async () => {
      found = await look(client, id);
      return found.done === null ? null : true;
    },
  );
};

const invitation = '县教育局课后服务填报表。请点开填写,填好不用另存;系统几分钟后会在每行末尾写“同步状态”和“问题说明”。';

/** Gives the school's address the right to edit. The mail that Google sends holds the link. */
const share = (client: GoogleClient, id: string, email: string): Promise<unknown> =>
  surely(
    client,
    () =>
      client.write('drive', ({ drive }) =>
        drive.permissions.create({
          fileId: id,
          supportsAllDrives: true,
          sendNotificationEmail: true,
          emailMessage: invitation,
          requestBody: { type: 'user', role: 'writer', emailAddress: email },
          fields: 'id',
        }),
      ),
    async () => {
      const found = await client.read('drive', ({ drive }) =>
        drive.permissions.list({ fileId: id, supportsAllDrives: true, fields: 'permissions(id,role,emailAddress)' }),
      );
      return found.permissions?.find((one) => one.emailAddress?.toLowerCase() === email.toLowerCase()) ?? null;
    },
  );

/** Naming the same values twice does no harm: it is simply made again. */
const mark = (client: GoogleClient, id: string, appProperties: Readonly<Record<string, string>>): Promise<unknown> =>
  client.read('drive', ({ drive }) => drive.files.update({ fileId: id, supportsAllDrives: true, requestBody: { appProperties }, fields: 'id' }));

/** Whether it was made and shared with that address by an earlier run: nothing is left to do. */
export const isReady = (file: DriveFile, email: string): boolean =>
  file.appProperties?.[properties.ready] === '1' && (file.appProperties[properties.shared] ?? '') === email;

/** `known`: what the folder already holds for this school. `email`: '' where the school has none. Throws GoogleFault. */
export const makeSpreadsheet = async (
  client: GoogleClient,
  folder: string,
  { title, email, known }: { readonly title: string; readonly email: string; readonly known: DriveFile | null },
  drawing: () => Promise<SpreadsheetInput>,
): Promise<Made> => {
  if (known?.id && isReady(known, email)) return { id: known.id, state: '已有' };
  const input = await drawing();
  const file = known ?? (await createFile(client, folder, title, input));
  const id = file.id ?? '';
  const found = await look(client, id);
  const wanted = doneValue(input.school.code, input.term.id);
  const adopted = !file.appProperties?.[properties.school];
  if (found.done !== null ? found.done !== wanted : adopted && !found.blank && !isHalfDrawn(found)) return { id, state: '不是系统模板' };
  if (found.done === null) await fill(client, id, input, found);
  if (email && file.appProperties?.[properties.shared] !== email) await share(client, id, email);
  await mark(client, id, {
    [properties.school]: input.school.code,
    [properties.term]: input.term.id,
    [properties.shared]: email,
    [properties.ready]: '1',
  });
  return { id, state: !known || (adopted && found.blank) ? '新建' : file.appProperties?.[properties.ready] === '1' ? '已有' : '续建' };
};

/** A blank spreadsheet that somebody had put there, of which an interrupted run has drawn a part. */
const isHalfDrawn = ({ tabs }: Found): boolean => tabs.some((tab) => tab.title === plainTabs.meta);
