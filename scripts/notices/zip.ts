/** One zip of a school's letters, for handing over on a stick. Reads finished files; holds one letter in memory at a time. */
import { createWriteStream } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { join } from 'node:path/posix';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import JSZip from 'jszip';
import type { PlannedLetter } from './plan-run.ts';
import type { Run } from './run-types.ts';

/** Opens the file when its turn has come, not before. */
const later = (path: string): Readable =>
  Readable.from(
    (async function* () {
      yield await readFile(path);
    })(),
    { objectMode: false },
  );

/** Writes `<folder>.zip` beside the folder of the run: every letter of this run and the manifest. Letters are packed already, so they are stored as they are, sizes before them: old unpackers ask for that. */
export const zipLetters = async (run: Run, letters: readonly PlannedLetter[], manifest: string): Promise<string> => {
  const zip = new JSZip();
  const date = run.at;
  for (const { file } of letters) zip.file(file.replaceAll('\\', '/'), later(join(run.folder, file)), { date });
  zip.file(basename(manifest), later(manifest), { date });
  const path = `${run.folder}.zip`;
  const temporary = `${path}.tmp`;
  try {
    await pipeline(zip.generateNodeStream({ compression: 'STORE' }), createWriteStream(temporary, { mode: 0o600 }));
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return path;
};
