/** One letter of one real student to look at before anything is printed: no row, no valid code, 样张 across the page. */
import { join } from 'node:path';
import { UsageError } from '../cli.ts';
import { printPdf } from '../print/browser.ts';
import { writeWhole } from './files.ts';
import { sharedBrowser } from './press-room.ts';
import { prepareRun } from './print-run.ts';
import type { PrintDeps, PrintOptions } from './run-types.ts';
import type { Stamp } from './template.ts';

/** Leads to "no such letter": a preview that gets out is not valid. */
const noStamp: Stamp = { code: 'a'.repeat(26), shortCode: 'AAAAAAAA' };

export interface Preview {
  readonly kind: string;
  readonly school: string;
  /** 行号 of the student shown. */
  readonly student: string;
  readonly file: string;
  readonly missing: readonly string[];
}

/** Prints the letter of the first student of the scope. What is missing is said, and shows as a gap in the letter. */
export const previewNotice = async (deps: PrintDeps, options: PrintOptions): Promise<Preview> => {
  const { students, book, press, gaps, kind, facts } = await prepareRun(deps, options);
  const [student] = students;
  if (!student) throw new UsageError('这个范围里没有可以预览的在册学生:请核对年级、班级和学生行号。');
  const pages = kind.pages[press.layout];
  const html = press.document([book.letterOf(student, noStamp)], pages).replace('<body class="', '<body class="sample ');
  const browser = sharedBrowser();
  try {
    const file = join(options.out ?? deps.config.folders.notices, `预览_${facts.school.code}_${kind.name}.pdf`);
    await writeWhole(file, await printPdf(await (deps.room?.open ?? browser.open)(deps.config), html));
    return { kind: kind.name, school: facts.school.code, student: student.id, file, missing: gaps.map(({ message }) => message) };
  } finally {
    await browser.close();
  }
};
