/**
 * Looks whether Google is set up as it must be: the key, the two APIs, the folder and its rights. It changes nothing.
 */
import { statSync } from 'node:fs';
import type { GoogleSourceSettings } from '../google-source.ts';
import { SheetFault } from '../source.ts';
import { type GoogleClient, openGoogle } from './client.ts';
import type { Clock } from './clock.ts';
import { GoogleFault } from './fault.ts';
import { sentenceOf } from './fault-words.ts';
import { openFolder } from './listing.ts';

/** One thing that was looked at; `wrong` says what is amiss and what mends it. */
export interface GoogleFinding {
  readonly name: string;
  readonly found: string;
  readonly wrong: string | null;
}

/** Only where the system knows such rights. */
const readableByOthers = (path: string): boolean => process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0;

const keyFinding = (path: string, account: string): GoogleFinding => ({
  name: '谷歌密钥',
  found: account,
  wrong: readableByOthers(path) ? `密钥文件别人也能读:chmod 600 ${path}` : null,
});

const folderFinding = async (client: GoogleClient, folder: string): Promise<GoogleFinding> => {
  const found = await openFolder(client, folder);
  const may = (found.capabilities?.canAddChildren ?? found.capabilities?.canEdit) !== false;
  const wrong = may ? null : `没有权限在文件夹里新建表格;请在云端硬盘里把它共享给 ${client.account},权限选“编辑者”`;
  return { name: '谷歌云端硬盘文件夹', found: `${found.name ?? folder}${found.driveId ? '(共享云端硬盘)' : ''}`, wrong };
};

/** A spreadsheet that does not exist is asked for: "not found" is the answer of an API that is on. */
const sheetsFinding = async (client: GoogleClient, folder: string): Promise<GoogleFinding> => {
  const name = 'Google Sheets API';
  try {
    await client.read('sheetsReads', ({ sheets }) => sheets.spreadsheets.get({ spreadsheetId: folder, fields: 'spreadsheetId' }));
  } catch (error) {
    if (!(error instanceof GoogleFault)) throw error;
    const answered = ['missing', 'request', 'denied'].includes(error.kind);
    if (!answered) return { name, found: '不能用', wrong: sentenceOf(error, { title: 'Google Sheets API', account: client.account }) };
  }
  return { name, found: '能用', wrong: null };
};

/** Ends with the first thing that is amiss: what comes after needs what comes before. */
export const examineGoogle = async (settings: GoogleSourceSettings, clock?: Clock): Promise<GoogleFinding[]> => {
  const findings: GoogleFinding[] = [];
  try {
    const client = await openGoogle(settings, clock);
    findings.push(keyFinding(settings.keyFile, client.account));
    findings.push(await folderFinding(client, settings.folder));
    findings.push(await sheetsFinding(client, settings.folder));
  } catch (error) {
    if (!(error instanceof SheetFault)) throw error;
    findings.push({ name: findings.length === 0 ? '谷歌密钥' : '谷歌云端硬盘文件夹', found: '不能用', wrong: error.message });
  }
  return findings;
};
