/** Workbooks as other programs save them again: SheetJS always, LibreOffice where it is installed. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as XLSX from '@e965/xlsx';

const office = ['/usr/bin/soffice', '/usr/local/bin/soffice', '/Applications/LibreOffice.app/Contents/MacOS/soffice'].find(existsSync);

/** The same workbook through SheetJS, which drops styles, rules and comments. */
export const resavedBySheetJs = (bytes: Uint8Array): Buffer =>
  XLSX.write(XLSX.read(bytes, { cellNF: true, cellStyles: true }), { type: 'buffer', bookType: 'xlsx' }) as Buffer;

/** The same workbook through LibreOffice; through SheetJS where there is no LibreOffice. */
export const resavedByOffice = (bytes: Uint8Array): Buffer => {
  if (!office) return resavedBySheetJs(bytes);
  const folder = mkdtempSync(join(tmpdir(), 'kehou-office-'));
  try {
    writeFileSync(join(folder, 'a.xlsx'), bytes);
    mkdirSync(join(folder, 'out'));
    execFileSync(
      office,
      [
        `-env:UserInstallation=file://${folder}/profile`,
        '--headless',
        '--convert-to',
        'xlsx',
        '--outdir',
        join(folder, 'out'),
        join(folder, 'a.xlsx'),
      ],
      { stdio: 'ignore', timeout: 120_000 },
    );
    return readFileSync(join(folder, 'out', 'a.xlsx'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

export const hasOffice = office !== undefined;
