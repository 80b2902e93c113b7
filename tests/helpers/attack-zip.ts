/** Workbooks byte by byte, as an attacker or a broken program makes them: every field of the zip may lie. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface Part {
  readonly name: string;
  readonly content: string | Buffer;
  /** What the list of parts says in place of the truth. */
  readonly declared?: { readonly unpacked?: number; readonly sum?: number; readonly listedAs?: string; readonly flags?: number };
}

const numbers = (...fields: readonly (readonly [width: 2 | 4, value: number])[]): Buffer => {
  const bytes = Buffer.alloc(fields.reduce((sum, [width]) => sum + width, 0));
  fields.reduce((at, [width, value]) => bytes.writeUIntLE(value, at, width), 0);
  return bytes;
};

/** A zip of these parts, packed. */
export const zipOf = (parts: readonly Part[]): Buffer => {
  const files: Buffer[] = [];
  const list: Buffer[] = [];
  let offset = 0;
  for (const { name, content, declared = {} } of parts) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes);
    const path = Buffer.from(name);
    const listed = Buffer.from(declared.listedAs ?? name);
    const shared = (length: number): Buffer =>
      numbers(
        [2, 20],
        [2, (declared.flags ?? 0) | 0x800],
        [2, 8],
        [4, 0],
        [4, declared.sum ?? crc32(bytes)],
        [4, packed.length],
        [4, declared.unpacked ?? bytes.length],
        [2, length],
        [2, 0],
      );
    files.push(numbers([4, 0x04034b50]), shared(path.length), path, packed);
    list.push(numbers([4, 0x02014b50], [2, 20]), shared(listed.length), numbers([2, 0], [2, 0], [2, 0], [4, 0], [4, offset]), listed);
    offset += 30 + path.length + packed.length;
  }
  const directory = Buffer.concat(list);
  const end = numbers([4, 0x06054b50], [2, 0], [2, 0], [2, parts.length], [2, parts.length], [4, directory.length], [4, offset], [2, 0]);
  return Buffer.concat([...files, directory, end]);
};

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';

/** 姓名, 年级, 班级, 星期 and one pupil, as `<row>`s with their words in place. */
export const pupilRows = ['姓名|年级|班级|星期', '张三|三年级|三(1)班|周一至周五']
  .map(
    (line, row) =>
      `<row r="${row + 1}">${line
        .split('|')
        .map((word, at) => `<c r="${'ABCD'[at]}${row + 1}" t="inlineStr"><is><t>${word}</t></is></c>`)
        .join('')}</row>`,
  )
  .join('');

export const worksheet = (rows: string, before = '', after = ''): string =>
  `${declaration}<worksheet xmlns="${main}">${before}<sheetData>${rows}</sheetData>${after}</worksheet>`;

/** The parts of an .xlsx whose tabs are these worksheets; `more` replaces or adds parts. */
export const workbookParts = (sheets: readonly string[] = [worksheet(pupilRows)], more: readonly Part[] = []): Part[] => {
  const numbered = sheets.map((content, index) => ({ content, id: index + 1 }));
  const parts: Part[] = [
    {
      name: '[Content_Types].xml',
      content: `${declaration}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>${numbered.map(({ id }) => `<Override PartName="/xl/worksheets/sheet${id}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`).join('')}</Types>`,
    },
    {
      name: '_rels/.rels',
      content: `${declaration}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    },
    {
      name: 'xl/workbook.xml',
      content: `${declaration}<workbook xmlns="${main}" xmlns:r="${relations}"><sheets>${numbered.map(({ id }) => `<sheet name="表${id}" sheetId="${id}" r:id="rId${id}"/>`).join('')}</sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: `${declaration}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${numbered.map(({ id }) => `<Relationship Id="rId${id}" Type="${relations}/worksheet" Target="worksheets/sheet${id}.xml"/>`).join('')}</Relationships>`,
    },
    ...numbered.map(({ content, id }) => ({ name: `xl/worksheets/sheet${id}.xml`, content })),
  ];
  const replaced = new Set(more.map(({ name }) => name));
  return [...parts.filter(({ name }) => !replaced.has(name)), ...more];
};

/** The bytes of such a workbook. */
export const workbookOf = (sheets?: readonly string[], more?: readonly Part[]): Buffer => zipOf(workbookParts(sheets, more));

/** The bytes of an .ods whose one tab holds these `<table:table-row>`s. */
export const openDocumentOf = (rows: string, before = ''): Buffer =>
  zipOf([
    { name: 'mimetype', content: 'application/vnd.oasis.opendocument.spreadsheet' },
    { name: 'META-INF/manifest.xml', content: '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>' },
    { name: 'styles.xml', content: '<office:document-styles xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>' },
    {
      name: 'content.xml',
      content: `<?xml version="1.0" encoding="UTF-8"?>${before}<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="表1">${rows}</table:table></office:spreadsheet></office:body></office:document-content>`,
    },
  ]);
