import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as XLSX from '@e965/xlsx';
import { describe, expect, test } from 'vitest';
import { csvRecords } from '../../scripts/sheets/read-csv.ts';
import { readBytesOf, readFile } from '../../scripts/sheets/read-file.ts';
import { inspectFiles } from '../../scripts/sync/inspect.ts';
import { parseTab } from '../../scripts/sync/parse-tab.ts';

const table = [
  ['姓名', '年级', '班级', '参加星期', '家长电话', '申请日'],
  ['张三', '三年级', '三(1)班', '周一至周五', 13_800_001_234, 46_266],
];
const values = { 姓名: '张三', 年级: 3, 班级: 1, 星期: [1, 2, 3, 4, 5], 监护人电话: '13800001234', 申请日: '2026-09-01' };

const book = (rows: unknown[][] = table): XLSX.WorkBook => {
  const sheet = XLSX.utils.aoa_to_sheet(rows);
  if (sheet.F2) sheet.F2.z = 'yyyy/m/d';
  const made = XLSX.utils.book_new();
  XLSX.utils.book_append_sheet(made, sheet, '学生名单');
  return made;
};

const bytesOf = (bookType: XLSX.BookType, made = book()): Uint8Array => XLSX.write(made, { type: 'buffer', bookType }) as Uint8Array;
const codeOf = (bytes: Uint8Array, name = '某校.xlsx'): string | undefined => readBytesOf(bytes, name).problem?.code;
const valuesIn = (bytes: Uint8Array): unknown => readBytesOf(bytes, 'a').tabs.map((tab) => parseTab(tab).rows.map((row) => row.values));

/** 姓名,年级,班级,参加星期 and one pupil, in GBK. */
const gbk = Buffer.from('d0d5c3fb2cc4eabcb62cb0e0bcb62cb2cebcd3d0c7c6da0ad5c5c8fd2cc8fdc4eabcb62cc8fd2831292cd6dcd2bbd6c1d6dccee5', 'hex');

describe('workbooks', () => {
  for (const kind of ['xlsx', 'xlsm', 'xlsb', 'xls', 'ods', 'fods', 'xlml', 'html'] as const)
    test(`the same list reads the same from ${kind}`, () => {
      const [rows] = valuesIn(bytesOf(kind)) as [Record<string, unknown>[]];
      // Formats that are but text keep what was shown: a serial number in html has no date format any more.
      expect({ ...rows[0], ...(kind === 'html' ? { 申请日: values.申请日 } : {}) }).toEqual(values);
    });

  test('the ending of the name does not matter, the content does', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'kehou-read-')), '报名表.xls');
    writeFileSync(path, bytesOf('xlsx'));
    return expect(readFile(path)).resolves.toMatchObject({ tabs: [{ name: '学生名单' }] });
  });

  test('an .xls older than Unicode is read in its code page', () => {
    // SheetJS cannot write Chinese into this format: letters of the same length stand in until the bytes are exchanged.
    const made = XLSX.write(
      book([
        ['XMxm', 'NJnj', 'BJbj', 'CJXQcjxq'],
        ['ZSzs', 'SNJsnj', 'SS(1)BB', 'RYYXrwab'],
      ]),
      { type: 'buffer', bookType: 'biff5' },
    ) as Buffer;
    const words: Record<string, string> = {
      XMxm: 'd0d5c3fb',
      NJnj: 'c4eabcb6',
      BJbj: 'b0e0bcb6',
      CJXQcjxq: 'b2cebcd3d0c7c6da',
      ZSzs: 'd5c5c8fd',
      SNJsnj: 'c8fdc4eabcb6',
      'SS(1)BB': 'c8fd283129b0e0',
      RYYXrwab: 'd6dcd2bbd6c1cee5',
    };
    let bytes = made.toString('latin1').replace('\x42\x00\x02\x00\xe4\x04', '\x42\x00\x02\x00\xa8\x03');
    for (const [word, hex] of Object.entries(words)) bytes = bytes.replace(word, Buffer.from(hex, 'hex').toString('latin1'));
    const [tab] = readBytesOf(Buffer.from(bytes, 'latin1'), 'a.xls').tabs;
    expect(tab?.rows.map((row) => row.map((cell) => cell?.text))).toEqual([
      ['姓名', '年级', '班级', '参加星期'],
      ['张三', '三年级', '三(1)班', '周一至五'],
    ]);
  });

  test('dates count from 1904 where the workbook says so', () => {
    const made = book([table[0] as unknown[], [...(table[1] as unknown[]).slice(0, 5), 46_266 - 1462]]);
    made.Workbook = { WBProps: { date1904: true } };
    expect(valuesIn(bytesOf('xlsx', made))).toEqual([[values]]);
  });

  test('blank rows keep their numbers, and hidden tabs are still tabs', () => {
    const made = book([[], [], ...table]);
    made.Workbook = { Sheets: [{ Hidden: 2 }] };
    const [tab] = readBytesOf(bytesOf('xlsx', made), 'a').tabs;
    expect(tab).toMatchObject({ hidden: 'very', rows: [[], [], expect.anything(), expect.anything()] });
    expect(parseTab(tab as NonNullable<typeof tab>).rows[0]?.row).toBe(4);
  });

  test('rows hidden by a filter and by hand are told apart', () => {
    const made = book([...table, ...table.slice(1)]);
    const sheet = made.Sheets.学生名单 as XLSX.WorkSheet;
    sheet['!rows'] = [{ hidden: true }, { hidden: true }];
    sheet['!autofilter'] = { ref: 'A1:F3' };
    expect(readBytesOf(bytesOf('xlsx', made), 'a').tabs[0]?.hiddenRows).toEqual({ byHand: [1], byFilter: [2] });
  });
});

describe('csv', () => {
  const expected = [[{ 姓名: '张三', 年级: 3, 班级: 1, 星期: [1, 2, 3, 4, 5] }]];
  const text = '姓名,年级,班级,参加星期\n张三,三年级,三(1),周一至周五';

  test('GBK without a mark is recognised', () => expect(valuesIn(gbk)).toEqual(expected));
  test('UTF-8 with and without a mark is recognised', () => {
    expect(valuesIn(Buffer.from(text))).toEqual(expected);
    expect(valuesIn(Buffer.from(`\ufeff${text}`))).toEqual(expected);
  });
  test('UTF-16, as “Unicode text” is saved, is recognised', () =>
    expect(valuesIn(Buffer.from(`\ufeff${text.replaceAll(',', '\t')}`, 'utf16le'))).toEqual(expected));
  test('semicolons, tabs and bars separate as commas do', () => {
    expect(csvRecords('姓名|班级|星期\n张三|302|1,3')).toEqual([
      ['姓名', '班级', '星期'],
      ['张三', '302', '1,3'],
    ]);
    expect(csvRecords('a;b;"c;d"\n1;2;3')).toEqual([
      ['a', 'b', 'c;d'],
      ['1', '2', '3'],
    ]);
    expect(csvRecords('a\tb,c\n1\t2')).toEqual([
      ['a', 'b,c'],
      ['1', '2'],
    ]);
    expect(csvRecords('sep=;\na,b;c')).toEqual([['a,b', 'c']]);
  });
  test('records are counted, not lines', () => {
    expect(csvRecords('a,"1\n2\r\n3"\r\n,\r\nb,"say ""hi"""')).toEqual([
      ['a', '1\n2\r\n3'],
      ['', ''],
      ['b', 'say "hi"'],
    ]);
  });
  test('a quote that is never closed loses nothing', () => expect(csvRecords('a,"b\nc,d')).toEqual([['a', 'b\nc,d']]));
  test('an error that was saved as text is a failed formula', () => {
    const [tab] = readBytesOf(Buffer.from(`${text}\n李四,#N/A,三(1),1-5`), 'a').tabs;
    expect(parseTab(tab as NonNullable<typeof tab>).problems.map(({ cell, code }) => [cell, code])).toEqual([['B3', 'formula-error']]);
  });
});

describe('files that are no workbook get one clear sentence', () => {
  const encrypted = (): Uint8Array => {
    const container = XLSX.CFB.utils.cfb_new();
    XLSX.CFB.utils.cfb_add(container, '/EncryptionInfo', Buffer.alloc(32));
    XLSX.CFB.utils.cfb_add(container, '/EncryptedPackage', Buffer.alloc(64));
    return XLSX.CFB.write(container, { type: 'buffer' }) as Uint8Array;
  };
  const wordFile = (): Uint8Array => {
    const zip = XLSX.CFB.utils.cfb_new();
    XLSX.CFB.utils.cfb_add(zip, '/word/document.xml', Buffer.from('<w/>'));
    return XLSX.CFB.write(zip, { type: 'buffer', fileType: 'zip' }) as Uint8Array;
  };

  test('an empty file', () => expect(codeOf(new Uint8Array())).toBe('unreadable/empty'));
  test('a picture, a PDF and a text document', () => {
    expect(codeOf(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'))).toBe('unreadable/not-a-workbook');
    expect(codeOf(Buffer.from('%PDF-1.7'))).toBe('unreadable/not-a-workbook');
    expect(codeOf(wordFile(), '方案.docx')).toBe('unreadable/not-a-workbook');
  });
  test('a workbook cut off in the middle', () => {
    const whole = bytesOf('xlsx');
    expect(codeOf(whole.subarray(0, Math.floor(whole.length / 2)))).toBe('unreadable/damaged');
  });
  test('a workbook with a password', () => expect(codeOf(encrypted())).toBe('unreadable/encrypted'));
  test('bytes without any sense', () => expect(codeOf(Uint8Array.from({ length: 300 }, (_, index) => (index * 7) % 256))).toMatch(/^unreadable/));
  test('a missing file is an answer, and the other files are read', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'kehou-read-')), 'a.csv');
    writeFileSync(path, gbk);
    const [missing, found] = await inspectFiles(['/nowhere/报名表.xlsx', path], readFile);
    expect(missing).toEqual({
      file: '/nowhere/报名表.xlsx',
      tabs: [],
      layouts: [],
      problem: { code: 'unreadable/missing', message: '没有找到文件「报名表.xlsx」。请核对文件名和所在文件夹。' },
    });
    expect(found?.tabs[0]?.rows).toHaveLength(1);
  });
});
