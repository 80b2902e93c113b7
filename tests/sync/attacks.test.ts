/** Files made to harm the machine or to slip something past the reader: each is refused with a sentence, or read for what it is. */

import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as XLSX from '@e965/xlsx';
import { describe, expect, test } from 'vitest';
import { listWorkbooks } from '../../scripts/sheets/folder.ts';
import { readBytesOf } from '../../scripts/sheets/read-file.ts';
import { placeFault } from '../../scripts/sheets/read-name.ts';
import { parseTab } from '../../scripts/sync/parse-tab.ts';
import { openDocumentOf, type Part, pupilRows, workbookOf, workbookParts, worksheet, zipOf } from '../helpers/attack-zip.ts';

const refusal = (bytes: Uint8Array, name = '某校.xlsx'): string => {
  const { tabs, problem } = readBytesOf(bytes, name);
  expect(tabs).toEqual([]);
  expect(problem?.message).toMatch(/^「某校.*」.*。$/);
  return problem?.code ?? 'read';
};
const message = (bytes: Uint8Array): string => readBytesOf(bytes, '某校.xlsx').problem?.message ?? '';

const pupil = { 姓名: '张三', 年级: 3, 班级: 1, 星期: [1, 2, 3, 4, 5] };
const pupils = (bytes: Uint8Array): unknown[] => {
  const { tabs, problem } = readBytesOf(bytes, '某校.xlsx');
  expect(problem).toBeUndefined();
  return tabs.flatMap((tab) => parseTab(tab).rows.map(({ values }) => values));
};

test('the workbook that all these attacks start from is an ordinary one', () => {
  expect(pupils(workbookOf())).toEqual([pupil]);
});

describe('zip bombs', () => {
  const zeros = (megabytes: number): Buffer => Buffer.alloc(megabytes * 1_000_000, 32);

  test('a part that declares its enormous size is refused before it is unpacked', () => {
    const bomb = workbookOf([worksheet(pupilRows)], [{ name: 'xl/sharedStrings.xml', content: zeros(130) }]);
    expect(bomb.length).toBeLessThan(200_000);
    expect(refusal(bomb)).toBe('unreadable/too-large');
    expect(message(bomb)).toContain('120 MB');
  });
  test('a part that is larger than it declares is refused as soon as it is', () => {
    const bomb = workbookOf([worksheet(pupilRows)], [{ name: 'xl/sharedStrings.xml', content: zeros(130), declared: { unpacked: 1000 } }]);
    expect(refusal(bomb)).toBe('unreadable/unsafe');
    expect(message(bomb)).toContain('解压后比声明的大得多');
  });
  test('many middling parts are added up', () => {
    const part = zeros(1);
    const many = Array.from({ length: 130 }, (_, index): Part => ({ name: `xl/worksheets/extra${index}.xml`, content: part }));
    expect(refusal(workbookOf([worksheet(pupilRows)], many))).toBe('unreadable/too-large');
  });
  test('a zip in a zip is not opened', () => {
    const inner = workbookOf([worksheet(pupilRows)], [{ name: 'xl/sharedStrings.xml', content: zeros(130) }]);
    expect(refusal(zipOf([{ name: 'Index.zip', content: inner }]))).toBe('unreadable/not-a-workbook');
    expect(pupils(workbookOf([worksheet(pupilRows)], [{ name: 'xl/embeddings/package1.zip', content: inner }]))).toEqual([pupil]);
  });
  test('more parts than any workbook has are refused by the list alone', () => {
    const many = Array.from({ length: 5_100 }, (_, index): Part => ({ name: `xl/media/${index}.png`, content: '' }));
    expect(refusal(workbookOf(undefined, many))).toBe('unreadable/too-large');
  });
  test('a list that counts more parts than the zip has is a damaged zip', () => {
    const zip = workbookOf();
    zip.writeUInt16LE(60, zip.length - 12);
    zip.writeUInt16LE(60, zip.length - 14);
    expect(refusal(zip)).toBe('unreadable/damaged');
  });
  test('pictures may be large: they are never unpacked', () => {
    expect(pupils(workbookOf(undefined, [{ name: 'xl/media/image1.png', content: zeros(130) }]))).toEqual([pupil]);
  });
});

describe('huge sheets', () => {
  test('a dimension of the whole sheet is only a claim', () => {
    expect(pupils(workbookOf([worksheet(pupilRows, '<dimension ref="A1:XFD1048576"/>')]))).toEqual([pupil]);
  });
  test('a million empty rows with a format are refused, and the remedy is named', () => {
    const rows = Array.from({ length: 1_048_000 }, (_, index) => `<row r="${index + 3}" s="5" customFormat="1"/>`).join('');
    const bytes = workbookOf([worksheet(pupilRows + rows)]);
    expect(refusal(bytes)).toBe('unreadable/too-large');
    expect(message(bytes)).toContain('请删去多余的行');
  });
  test('some thousand rows of empty cells with a format are nothing to refuse', () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => `<row r="${index + 3}"><c r="A${index + 3}" s="1"/><c r="D${index + 3}" s="1"/></row>`);
    expect(pupils(workbookOf([worksheet(pupilRows + rows.join(''))]))).toEqual([pupil]);
  });
  test('more cells than a county needs are refused', () => {
    const cells = '<c><v>1</v></c>'.repeat(600);
    expect(refusal(workbookOf([worksheet(`<row>${cells}</row>`.repeat(1_000))]))).toBe('unreadable/too-large');
  });
  test('one cell at the far end of the sheet does not make a million rows', () => {
    const far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>';
    expect(refusal(workbookOf([worksheet(pupilRows + far)]))).toBe('unreadable/too-large');
  });
  test('a cell at the far right of every row does not make a billion places', () => {
    const rows = Array.from({ length: 5_000 }, (_, index) => `<row r="${index + 1}"><c r="XFD${index + 1}"><v>1</v></c></row>`).join('');
    expect(refusal(workbookOf([worksheet(rows)]))).toBe('unreadable/too-large');
  });
  test('a thousand tabs are refused', () => {
    const sheet = worksheet('');
    expect(refusal(workbookOf(Array.from({ length: 1_000 }, () => sheet)))).toBe('unreadable/too-large');
  });
  test('one tab listed a thousand times is refused', () => {
    const listed = Array.from({ length: 1_000 }, (_, index) => `<sheet name="${index}" sheetId="${index + 1}" r:id="rId1"/>`).join('');
    const workbook =
      workbookParts()
        .find(({ name }) => name === 'xl/workbook.xml')
        ?.content.toString() ?? '';
    const content = workbook.replace(/<sheet .*?\/>/, listed);
    expect(refusal(workbookOf(undefined, [{ name: 'xl/workbook.xml', content }]))).toBe('unreadable/too-large');
  });
  test('merged areas without end are refused', () => {
    const merges = Array.from({ length: 60_000 }, (_, index) => `<mergeCell ref="A${index * 2 + 1}:B${index * 2 + 2}"/>`).join('');
    expect(refusal(workbookOf([worksheet(pupilRows, '', `<mergeCells>${merges}</mergeCells>`)]))).toBe('unreadable/too-large');
  });
  test('a column merged to the end of the sheet speaks for the rows that there are', () => {
    expect(pupils(workbookOf([worksheet(pupilRows, '', '<mergeCells><mergeCell ref="F1:F1048576"/></mergeCells>')]))).toEqual([pupil]);
  });
  test('an OpenDocument cell that stands for a whole sheet is refused, an empty one is not', () => {
    const cell =
      '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="16384"><text:p>1</text:p></table:table-cell>';
    const row = (content: string): string => `<table:table-row table:number-rows-repeated="1048576">${content}</table:table-row>`;
    expect(refusal(openDocumentOf(row(cell)), '某校.ods')).toBe('unreadable/too-large');
    expect(readBytesOf(openDocumentOf(row('<table:table-cell table:number-columns-repeated="16384"/>')), '某校.ods')).toMatchObject({
      tabs: [{ name: '表1', rows: [] }],
    });
  });
  test('a csv of nothing but commas, or of nothing but lines, is refused', () => {
    expect(refusal(Buffer.alloc(5_000_000, ','), '某校.csv')).toBe('unreadable/too-large');
    expect(refusal(Buffer.alloc(1_000_000, 'a\n'), '某校.csv')).toBe('unreadable/too-large');
  });
  test('a file beyond the bounds is not even opened', () => {
    expect(refusal(Buffer.alloc(40_000_001))).toBe('unreadable/too-large');
  });
});

describe('XML', () => {
  const laughs = `<!DOCTYPE lolz [<!ENTITY lol "lol">${Array.from({ length: 9 }, (_, index) => `<!ENTITY lol${index + 1} "${`&lol${index || ''};`.repeat(10)}">`).join('')}]>`;
  const file = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>';
  const sheet = (type: string, word: string): string => worksheet(pupilRows.replace('张三', word)).replace('?>', `?>${type}`);

  test('a billion laughs are refused', () => {
    expect(refusal(workbookOf([sheet(laughs, '&lol9;')]))).toBe('unreadable/unsafe');
    expect(refusal(openDocumentOf('', laughs), '某校.ods')).toBe('unreadable/unsafe');
  });
  test('an entity that fetches a file or an address is refused', () => {
    expect(refusal(workbookOf([sheet(file, '&x;')]))).toBe('unreadable/unsafe');
    expect(refusal(workbookOf(undefined, [{ name: 'xl/sharedStrings.xml', content: `${file}<sst>&x;</sst>` }]))).toBe('unreadable/unsafe');
  });
  test('the same in UTF-16 is the same', () => {
    const content = Buffer.from(`\ufeff${sheet(file, '&x;')}`, 'utf16le');
    expect(refusal(workbookOf(undefined, [{ name: 'xl/worksheets/sheet1.xml', content }]))).toBe('unreadable/unsafe');
  });
  test('a sheet in UTF-16 without any of this is read', () => {
    const content = Buffer.from(`\ufeff${worksheet(pupilRows).replace('UTF-8', 'UTF-16')}`, 'utf16le');
    expect(pupils(workbookOf(undefined, [{ name: 'xl/worksheets/sheet1.xml', content }]))).toEqual([pupil]);
  });
  test('plain XML and web pages under the name .xls are held to the same', () => {
    expect(refusal(Buffer.from(`<?xml version="1.0"?>${laughs}<Workbook/>`), '某校.xls')).toBe('unreadable/unsafe');
    expect(refusal(Buffer.from(`<!DOCTYPE html [<!ENTITY x SYSTEM "http://127.0.0.1/">]><html><table/></html>`), '某校.xls')).toBe(
      'unreadable/unsafe',
    );
  });
  test('a sheet whose tags do not close is damaged, not half read', () => {
    expect(refusal(workbookOf([worksheet(pupilRows).replace('</row></sheetData>', '</sheetData>')]))).toBe('unreadable/damaged');
    expect(refusal(workbookOf([worksheet(pupilRows).slice(0, -40)]))).toBe('unreadable/damaged');
    expect(refusal(workbookOf([worksheet(pupilRows).replace('</worksheet>', '')]))).toBe('unreadable/damaged');
  });
});

describe('names that lead astray', () => {
  test.each([
    ['../../../etc/cron.d/x', '指向文件之外'],
    ['xl/../../x.xml', '指向文件之外'],
    ['..\\..\\x.xml', '指向文件之外'],
    ['/etc/passwd', '绝对路径'],
    ['\\\\server\\share\\x', '绝对路径'],
    ['C:\\Windows\\x.xml', '绝对路径'],
    ['xl/a\nb.xml', '不正常'],
    [`xl/${'a'.repeat(600)}.xml`, '不正常'],
  ])('%j inside the zip is refused', (name, word) => {
    const bytes = workbookOf(undefined, [{ name, content: 'x' }]);
    expect(refusal(bytes)).toBe('unreadable/unsafe');
    expect(message(bytes)).toContain(word);
  });
  test('backslashes for slashes, as some programs write them, are read', () => {
    expect(pupils(zipOf(workbookParts().map((part) => ({ ...part, name: part.name.replaceAll('/', '\\') }))))).toEqual([pupil]);
  });
  test('two parts of one name are refused, whatever their case', () => {
    const twice = [...workbookParts(), { name: 'XL/Worksheets/Sheet1.xml', content: worksheet('') }];
    expect(refusal(zipOf(twice))).toBe('unreadable/unsafe');
  });
  test('a part that is listed under another name than it carries is damaged', () => {
    const parts = workbookParts().map((part) =>
      part.name.endsWith('sheet1.xml') ? { ...part, name: 'xl/x.xml', declared: { listedAs: part.name } } : part,
    );
    expect(refusal(zipOf(parts))).toBe('unreadable/damaged');
  });
  test('a message names a file in one short line, whatever its name is', () => {
    const { problem } = readBytesOf(new Uint8Array(), `报名\n表\u202e${'长'.repeat(300)}.xlsx`);
    expect(problem?.message).toMatch(/^「报名 表 长+…长+\.xlsx」是空文件/);
    expect(problem?.message.length).toBeLessThan(140);
  });
  test('a place with line breaks, unseen characters or without end is a problem of its own', () => {
    expect(placeFault('城关镇/报名表.xlsx')).toBeNull();
    expect(placeFault('报名\n表.xlsx')).toContain('看不见的字符');
    expect(placeFault('报名\u202exslx.exe')).toContain('看不见的字符');
    expect(placeFault(`${'长/'.repeat(300)}a.xlsx`)).toContain('太长');
  });
  test('links that lead out of the folder are no workbooks of the folder', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'kehou-outside-'));
    const folder = mkdtempSync(join(tmpdir(), 'kehou-folder-'));
    writeFileSync(join(outside, 'secret.xlsx'), workbookOf());
    writeFileSync(join(folder, 'own.xlsx'), workbookOf());
    mkdirSync(join(folder, 'sub'));
    symlinkSync(join(outside, 'secret.xlsx'), join(folder, 'link.xlsx'));
    symlinkSync(outside, join(folder, 'sub', 'out'));
    expect(await listWorkbooks(folder)).toEqual([join(folder, 'own.xlsx')]);
  });
});

describe('what a workbook may carry besides cells', () => {
  const formulas =
    '<row r="3"><c r="A3" t="str"><f>cmd|\'/c calc\'!A0</f><v>李四</v></c><c r="B3"><f>WEBSERVICE("http://127.0.0.1/?"&amp;A2)</f></c>' +
    '<c r="C3" t="inlineStr"><is><t>=HYPERLINK("http://127.0.0.1")</t></is></c></row>';

  test('a formula is never worked out: what was stored counts, and what was not is a problem', () => {
    const [tab] = readBytesOf(workbookOf([worksheet(pupilRows + formulas)]), 'a').tabs;
    expect(tab?.rows[2]).toEqual([
      { text: '李四', value: '李四', formula: true },
      { text: '', value: null, formula: true, error: true },
      { text: '=HYPERLINK("http://127.0.0.1")', value: '=HYPERLINK("http://127.0.0.1")' },
    ]);
    const parsed = parseTab(tab as NonNullable<typeof tab>);
    expect(parsed.problems).toContainEqual(expect.objectContaining({ cell: 'B3', code: 'formula-error/no-result' }));
    expect(JSON.stringify(parsed)).not.toMatch(/WEBSERVICE|cmd\|/);
  });
  test('a formula whose result is an empty text is a blank cell', () => {
    const rows = pupilRows.replace('</row><row', '<c r="E1" t="str"><f>IF(A1="","",A1)</f><v></v></c></row><row');
    expect(readBytesOf(workbookOf([worksheet(rows)]), 'a').tabs[0]?.rows[0]?.[4]).toBeNull();
  });
  test('macros, outside links, connections and embedded files are left where they are', () => {
    const junk = Buffer.from('not even a macro');
    const more = [
      'xl/vbaProject.bin',
      'xl/externalLinks/externalLink1.xml',
      'xl/connections.xml',
      'xl/embeddings/oleObject1.bin',
      'customXml/item1.xml',
    ];
    const bytes = workbookOf(
      undefined,
      more.map((name) => ({ name, content: junk })),
    );
    expect(pupils(bytes)).toEqual([pupil]);
    const macro = XLSX.read(workbookOf(), { type: 'buffer' });
    expect(pupils(XLSX.write(macro, { type: 'buffer', bookType: 'xlsm' }) as Buffer)).toEqual([pupil]);
  });
  test('a macro sheet of Excel 4 is no tab', () => {
    const types =
      workbookParts()
        .find(({ name }) => name === '[Content_Types].xml')
        ?.content.toString() ?? '';
    const workbook =
      workbookParts()
        .find(({ name }) => name === 'xl/workbook.xml')
        ?.content.toString() ?? '';
    const links =
      workbookParts()
        .find(({ name }) => name === 'xl/_rels/workbook.xml.rels')
        ?.content.toString() ?? '';
    const bytes = workbookOf(undefined, [
      {
        name: '[Content_Types].xml',
        content: types.replace(
          '</Types>',
          '<Override PartName="/xl/macrosheets/sheet1.xml" ContentType="application/vnd.ms-excel.macrosheet+xml"/></Types>',
        ),
      },
      { name: 'xl/workbook.xml', content: workbook.replace('</sheets>', '<sheet name="Auto_Open" sheetId="9" r:id="rId9"/></sheets>') },
      {
        name: 'xl/_rels/workbook.xml.rels',
        content: links.replace(
          '</Relationships>',
          '<Relationship Id="rId9" Type="http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet" Target="macrosheets/sheet1.xml"/></Relationships>',
        ),
      },
      {
        name: 'xl/macrosheets/sheet1.xml',
        content:
          '<xm:macrosheet xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><sheetData><row r="1"><c r="A1"><f>EXEC("calc")</f></c></row></sheetData></xm:macrosheet>',
      },
    ]);
    expect(readBytesOf(bytes, 'a').tabs.map(({ name }) => name)).toEqual(['表1']);
  });
  test('nothing is fetched: pictures, scripts and queries of a web page stay words', async () => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      response.end();
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const page = `<html><head><link rel="stylesheet" href="${address}"><script src="${address}"></script></head><table><tr><td>姓名</td><td>年级</td><td>班级</td><td>星期</td></tr><tr><td>张三<img src="${address}"></td><td>三</td><td>1</td><td>1-5</td></tr></table></html>`;
    expect(pupils(Buffer.from(page))).toEqual([pupil]);
    await new Promise((closed) => server.close(closed));
    expect(asked).toBe(0);
  });
});

describe('what SheetJS would leave out without a word', () => {
  test('a listed tab whose part is not there is damage', () => {
    expect(refusal(zipOf(workbookParts([worksheet(pupilRows), worksheet(pupilRows)]).filter(({ name }) => !name.endsWith('sheet2.xml'))))).toBe(
      'unreadable/damaged',
    );
  });
  test('words that point into a list which is not there are damage', () => {
    expect(refusal(workbookOf([worksheet('<row r="1"><c r="A1" t="s"><v>7</v></c></row>')]))).toBe('unreadable/damaged');
  });
  test('two tabs of one name are damage: only one of them would be read', () => {
    const workbook =
      workbookParts([worksheet(pupilRows), worksheet('')])
        .find(({ name }) => name === 'xl/workbook.xml')
        ?.content.toString() ?? '';
    const content = workbook.replace('表2', '表1');
    expect(refusal(workbookOf([worksheet(pupilRows), worksheet('')], [{ name: 'xl/workbook.xml', content }]))).toBe('unreadable/damaged');
  });
  test('a part whose sum is wrong is damage', () => {
    const parts = workbookParts().map((part) => (part.name.endsWith('sheet1.xml') ? { ...part, declared: { sum: 1 } } : part));
    expect(refusal(zipOf(parts))).toBe('unreadable/damaged');
  });
  test('a part with a password is said to have one', () => {
    const parts = workbookParts().map((part) => (part.name.endsWith('sheet1.xml') ? { ...part, declared: { flags: 1 } } : part));
    expect(refusal(zipOf(parts))).toBe('unreadable/encrypted');
  });
  test('a number that is none is an error, not a nought', () => {
    const [tab] = readBytesOf(workbookOf([worksheet('<row r="1"><c r="A1"><v>1e999</v></c><c r="B1"><v>abc</v></c></row>')]), 'a').tabs;
    expect(tab?.rows[0]).toMatchObject([
      { value: null, error: true },
      { value: null, error: true },
    ]);
  });
});
