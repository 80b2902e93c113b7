/**
 * The county to measure with: invented, from a seed, the same on every machine.
 */
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BureauRows, sampleDay } from '../../county/county.ts';
import { writeCounty } from '../../county/write.ts';
import { openPackage } from '../../sheets/xlsx-package.ts';
import type { BenchContext } from './bar.ts';

export interface Sample {
  readonly bureau: BureauRows;
  /** Folder of the filled-in workbooks. */
  readonly workbooks: string;
  /** File names in order. */
  readonly names: readonly string[];
}

export interface SampleSize {
  readonly schools: number;
  readonly students: number;
}

/** Drawn once for each size. */
export const sampleCounty = async ({ folder, progress }: BenchContext, { schools, students }: SampleSize): Promise<Sample> => {
  const out = join(folder, `county-${schools}-${students}`);
  if (!existsSync(join(out, 'county.json'))) {
    const bar = progress.bar(`生成示例县(${schools} 所学校、${students} 名学生)`, schools);
    await writeCounty({ schools, students, seed: 3, today: sampleDay, out, step: () => bar.step() });
    bar.end();
  }
  const bureau = JSON.parse(readFileSync(join(out, 'county.json'), 'utf8')) as BureauRows;
  const workbooks = join(out, 'workbooks');
  return { bureau, workbooks, names: (await readdir(workbooks)).sort() };
};

/** Puts workbooks into the shared folder. */
export const handIn = async (sample: Sample, folder: string, names: readonly string[] = sample.names): Promise<void> => {
  for (const name of names) await copyFile(join(sample.workbooks, name), join(folder, name));
};

/** Saves every workbook again with the same content and other bytes, as an editor does that was opened and closed. */
export const saveAgain = async (folder: string, names: readonly string[], mark: string): Promise<void> => {
  const path = 'docProps/core.xml';
  for (const name of names) {
    const book = await openPackage(await readFile(join(folder, name)));
    book.write(
      path,
      (await book.read(path)).replace(
        /(<cp:category>[^<]*<\/cp:category>)?<\/cp:coreProperties>/,
        `<cp:category>${mark}</cp:category></cp:coreProperties>`,
      ),
    );
    await writeFile(join(folder, name), await book.bytes());
  }
};
