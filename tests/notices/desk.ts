/** What the printing tests share: a folder of their own, the machine's Chromium, and poppler's eyes on a PDF. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../scripts/config.ts';
import type { Store } from '../../scripts/directus/store.ts';
import type { PrintDeps } from '../../scripts/notices/print-run.ts';

export const chromium = loadConfig().chromium;

export const temporaryFolder = (): { path: string; remove(): void } => {
  const path = mkdtempSync(join(tmpdir(), 'kehou-notices-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};

/** Everything a print run needs, printing four letters at a time. */
export const deskFor = (store: Store, folder: string, room: PrintDeps['room'] = {}): PrintDeps => ({
  store,
  config: { chromium, publicUrl: 'https://kehou.example', timezone: 'Asia/Shanghai', folders: { notices: folder } },
  progress: { bar: () => ({ step() {}, total() {}, end() {} }), note() {} },
  now: () => new Date('2026-09-01T02:00:00Z'),
  room: { batchSize: 4, ...room },
});

/** The words of a PDF without any white space: where a line breaks does not matter. */
export const textOf = (path: string): string => execFileSync('pdftotext', ['-enc', 'UTF-8', path, '-'], { encoding: 'utf8' }).replace(/\s/g, '');

/** Types of the fonts in a PDF, e.g. `CID TrueType`. */
export const fontTypesOf = (path: string): string[] =>
  execFileSync('pdffonts', [path], { encoding: 'utf8' })
    .split('\n')
    .slice(2)
    .filter((line) => line !== '')
    .map((line) => line.slice(37, 55).trim());

export const infoOf = (path: string): Record<string, string> =>
  Object.fromEntries(
    execFileSync('pdfinfo', [path], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes(':'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  );
