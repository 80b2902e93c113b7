/**
 * Letters for a county, a township or one school: one print run after the other, with one browser.
 * A school that cannot be printed says why and does not stop the others.
 */
import { join } from 'node:path';
import { dayIn } from '../jobs/months.ts';
import { BusyError } from './alone.ts';
import { sha256, writeWhole } from './files.ts';
import { sharedBrowser } from './press-room.ts';
import { printNotices } from './print-run.ts';
import { type Area, readSchools } from './recipients.ts';
import type { PrintDeps, PrintOptions, PrintResult } from './run-types.ts';

export interface AreaResult extends Omit<PrintResult, 'school'> {
  /** Code of the one school, or null for many. */
  readonly school: string | null;
  /** What each school's run said, files left out; empty for a single school. */
  readonly schools: readonly (Pick<PrintResult, 'school' | 'copies' | 'printed' | 'reused' | 'failed' | 'missing'> & {
    readonly manifest: string | null;
  })[];
}

const add = (results: readonly PrintResult[], of: (one: PrintResult) => number): number => results.reduce((sum, one) => sum + of(one), 0);

const summaryOf = (results: readonly PrintResult[]): AreaResult['schools'] =>
  results.map(({ school, copies, printed, reused, failed, missing, manifest }) => ({ school, copies, printed, reused, failed, missing, manifest }));

/** The manifests of all schools in one list, with their checksums of the moment. */
const writeSummary = async (folder: string, kind: string, results: readonly PrintResult[]): Promise<string> => {
  const path = join(folder, `${results[0]?.term ?? ''}_${kind}_manifest.json`);
  const schools = summaryOf(results);
  await writeWhole(path, `${JSON.stringify({ kind, term: results[0]?.term, sha256: sha256(JSON.stringify(schools)), schools }, null, 1)}\n`);
  return path;
};

const together = async (
  deps: PrintDeps,
  options: Omit<PrintOptions, 'school'>,
  results: readonly PrintResult[],
  begun: number,
): Promise<AreaResult> => {
  const at = (one: PrintResult, line: string): string => `${one.school}:${line}`;
  return {
    kind: options.kind,
    school: null,
    term: results[0]?.term ?? '',
    dryRun: options.dryRun === true,
    copies: add(results, (one) => one.copies),
    pages: add(results, (one) => one.pages),
    printed: add(results, (one) => one.printed),
    reused: add(results, (one) => one.reused),
    superseded: add(results, (one) => one.superseded),
    withdrawn: add(results, (one) => one.withdrawn),
    failed: add(results, (one) => one.failed),
    files: results.flatMap(({ files }) => files),
    classFiles: results.flatMap(({ classFiles }) => classFiles),
    zip: null,
    uploaded: add(results, (one) => one.uploaded),
    shared: results.flatMap(({ shared }) => shared),
    folder: deps.config.folders.notices,
    manifest: options.dryRun ? null : await writeSummary(deps.config.folders.notices, options.kind, results),
    missing: results.flatMap((one) => one.missing.map((line) => at(one, line))),
    advice: results.flatMap((one) => one.advice.map((line) => at(one, line))),
    failures: results.flatMap(({ failures }) => failures),
    schools: summaryOf(results),
    ms: Date.now() - begun,
  };
};

/** Prints the letters of all schools of an area. Throws UsageError for an area without schools, or a single school without recipients. */
export const printArea = async (deps: PrintDeps, area: Area, options: Omit<PrintOptions, 'school'>): Promise<AreaResult> => {
  const begun = Date.now();
  if (area.school) return { ...(await printNotices(deps, { ...options, school: area.school })), schools: [] };
  const now = (deps.now ?? (() => new Date()))();
  const codes = await readSchools(deps.store, area, dayIn(deps.config.timezone, now));
  const browser = sharedBrowser();
  const results: PrintResult[] = [];
  const busy: string[] = [];
  try {
    const print = async (school: string): Promise<PrintResult> =>
      printNotices({ ...deps, room: { ...browser, ...deps.room } }, { ...options, school, skipEmpty: true });
    /** What somebody else says who prints this school right now; null where it was printed. */
    const unlessBusy = async (school: string): Promise<string | null> => {
      try {
        results.push(await print(school));
        return null;
      } catch (error) {
        if (!(error instanceof BusyError)) throw error;
        return error.message;
      }
    };
    const later: string[] = [];
    for (const [index, school] of codes.entries()) {
      deps.progress.note(`${index + 1}/${codes.length} ${school}`);
      if ((await unlessBusy(school)) !== null) later.push(school);
    }
    // By now they may be done.
    for (const school of later) {
      const words = await unlessBusy(school);
      if (words !== null) busy.push(`${school}:${words}`);
    }
  } finally {
    await browser.close();
  }
  const all = await together(deps, options, results, begun);
  return { ...all, missing: [...all.missing, ...busy] };
};
