/**
 * Answers for a workbook of the school's own: a second file beside it, `…-反馈.xlsx`, with the list of problems.
 * It never touches the school's file, and copies nothing from it but the cells that are wrong.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import ExcelJS from 'exceljs';
import { listed, listedWords, summaryWords } from './answer-words.ts';
import { replaceFile } from './replace-file.ts';
import type { Answers } from './source.ts';
import type { AnswerResult } from './workbook-answers.ts';
import { companionPath } from './workbook-answers.ts';
import { redated } from './workbook-finish.ts';
import { listHeaders, noProblems } from './workbook-instructions.ts';
import { colours, fontName, headerStyle } from './workbook-styles.ts';

const widths = [8, 18, 10, 20, 26, 76];
const font = { name: fontName, size: 10, color: { argb: colours.ink } };

const lineHeight = 14;

/** How many lines a text takes in a column of this width: a Chinese character is as wide as two of the others. */
const linesOf = (words: string, width: number): number => {
  const wide = [...words].reduce((sum, character) => sum + (character > '\u2e7f' ? 2 : 1), 0);
  return Math.ceil(wide / (width - 2));
};

/** The bytes of the companion of a file named `name`. The same answers give the same bytes. */
export const companionBytes = async (name: string, answers: Answers): Promise<Buffer> => {
  const workbook = new ExcelJS.Workbook();
  workbook.created = workbook.modified = new Date(Date.UTC(2020, 0, 1));
  workbook.creator = workbook.lastModifiedBy = 'Kehou';
  const sheet = workbook.addWorksheet('问题清单', {
    views: [{ state: 'frozen', ySplit: 4 }],
    pageSetup: { paperSize: 9, orientation: 'landscape', fitToPage: true, fitToHeight: 0 },
  });
  widths.forEach((width, index) => {
    sheet.getColumn(index + 1).width = width;
  });
  const lines = [
    `“${name}”的收取情况`,
    answers.refusal ?? summaryWords(answers.tabs, answers.deadline).replace('见本页最下面的“问题清单”', '见下表'),
    '请在原来的表格里改,改好保存即可;本文件由系统生成,改它没有用。',
  ];
  lines.forEach((words, index) => {
    sheet.mergeCells(index + 1, 1, index + 1, widths.length);
    const cell = sheet.getCell(index + 1, 1);
    cell.value = words;
    cell.font = { ...font, size: index === 0 ? 14 : 10, bold: index === 0 };
    // A refusal is a sentence of two lines, and merged cells do not grow by themselves.
    if (index !== 1 || !answers.refusal) return;
    cell.alignment = { wrapText: true, vertical: 'middle' };
    cell.font = { ...font, size: 12, bold: true };
    sheet.getRow(2).height = 18 * linesOf(answers.refusal, widths.reduce((sum, width) => sum + width, 0) / 1.2);
  });
  listHeaders.forEach((header, index) => {
    const cell = sheet.getCell(4, index + 1);
    cell.value = header;
    cell.style = headerStyle(colours.systemHeader);
  });
  const problems = listed(answers.tabs);
  const rows = problems.map((problem, index) => [index + 1, problem.tab, problem.cell, problem.header, problem.value, listedWords(problem)]);
  for (const values of rows.length > 0 || answers.refusal ? rows : [['', noProblems]]) {
    const row = sheet.addRow(values);
    row.font = font;
    row.alignment = { vertical: 'top', wrapText: true };
    row.height = lineHeight * Math.max(1, ...values.map((value, at) => linesOf(String(value ?? ''), widths[at] ?? 10)));
    row.numFmt = '@';
  }
  return redated(new Uint8Array(await workbook.xlsx.writeBuffer({ zip: { compression: 'STORE' } } as never)));
};

/**
 * What the companion of a file named `name` is to hold, `before` being what it holds now (null: there is none). Without problems
 * and without a refusal none is begun; one that is there says so. `unchanged`: it says all this already.
 */
export const companionContent = async (name: string, answers: Answers, before: Uint8Array | null): Promise<Buffer | 'unchanged'> => {
  if (!before && !answers.refusal && listed(answers.tabs).length === 0) return 'unchanged';
  const bytes = await companionBytes(name, answers);
  return before && bytes.equals(before) ? 'unchanged' : bytes;
};

/** Writes the companion of the school's file at `path`. */
export const writeCompanion = async (path: string, answers: Answers): Promise<AnswerResult> => {
  const target = companionPath(path);
  const content = await companionContent(basename(path), answers, existsSync(target) ? await readFile(target) : null);
  return content === 'unchanged' ? { written: false, reason: content } : replaceFile(target, content);
};
