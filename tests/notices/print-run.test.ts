import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { PDFDocument, PDFName } from 'pdf-lib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PrintResult, printNotices } from '../../scripts/notices/print-run.ts';
import { type FakeStore, fakeStore } from '../helpers/fake-store.ts';
import { deskFor, fontTypesOf, infoOf, temporaryFolder, textOf } from './desk.ts';
import { manyStudents, rowsWith, school, settings, student } from './fixture.ts';

const wanted = { kind: '告家长书', school: school.code };

/** Three classes of four, one of them with hard names. */
const pupils = [
  ...manyStudents(10, 4),
  student({ name: '欧阳买买提·吐尔逊江阿不都热合曼', grade: 1, class_no: '3' }),
  student({ name: '𠮷𬭎龘', grade: 1, class_no: '3' }),
];

describe('a first run', () => {
  const folder = temporaryFolder();
  let store: FakeStore;
  let result: PrintResult;
  beforeAll(async () => {
    store = fakeStore(rowsWith(pupils), settings);
    result = await printNotices(deskFor(store, folder.path), wanted);
  });
  afterAll(() => folder.remove());
  const fileOf = (id: string) => result.files.find((file) => basename(file) === `${id}.pdf`) as string;

  test('prints one PDF per student and one set per class', () => {
    expect(result).toMatchObject({ copies: 12, printed: 12, reused: 0, superseded: 0, failed: 0, missing: [], advice: [] });
    expect(result.files).toHaveLength(12);
    expect(result.classFiles).toHaveLength(3);
    expect(result.files.every((file) => existsSync(file))).toBe(true);
  });

  test('every PDF names its own student and no other', () => {
    for (const pupil of pupils) {
      const text = textOf(fileOf(pupil.id));
      expect(text).toContain(`尊敬的${pupil.name}同学家长：`);
      for (const other of pupils) if (other !== pupil) expect(text).not.toContain(other.name);
    }
  });

  test('the letter stays on two pages, numbered from one', () => {
    for (const file of result.files) {
      expect(infoOf(file).Pages).toBe('2');
      const text = textOf(file);
      expect(text).toContain('—1—');
      expect(text).toContain('—2—');
      expect(text).not.toContain('—3—');
    }
  });

  test('every required element stands in the letter', () => {
    const text = textOf(result.files[0] as string);
    const words = [
      '课后服务告家长书',
      '您好',
      '中办发〔2021〕40号',
      '自愿、公益、安全',
      '不参加不影响正常教学安排',
      '留守儿童',
      '2026年9月7日至2027年1月15日',
      '16:30—18:30',
      '不讲新课',
      '60元/生·月',
      '汝发改审批〔2021〕21号',
      '原建档立卡',
      '财政票据',
      '退费',
      '班级初审',
      '监护人负责',
      '请假',
      '查询、更正或要求删除',
      '0396-0000002',
      '0396-0000001',
      '12315',
      '2026年9月1日',
      '沿此线裁下',
      '家长签名',
    ];
    for (const word of words) expect(text).toContain(word);
  });

  test('fonts are TrueType, in single letters and in class sets', () => {
    for (const file of [...result.files, ...result.classFiles]) expect(new Set(fontTypesOf(file))).toEqual(new Set(['CID TrueType']));
  });

  test('a PDF carries title, subject and language, and no child’s name', async () => {
    const file = fileOf((pupils[0] as { id: string }).id);
    const info = infoOf(file);
    expect(info.Title).toBe('汝南县第一小学(示例)课后服务告家长书(一年级1班)');
    expect(info.Subject).toBe('2026—2027学年上学期');
    const document = await PDFDocument.load(readFileSync(file));
    expect(String(document.catalog.get(PDFName.of('Lang')))).toContain('zh-CN');
  });

  test('no file name holds a child’s name, and nobody else may read the files', () => {
    const names = readdirSync(result.folder, { recursive: true }).map(String).join('\n');
    for (const pupil of pupils) expect(names).not.toContain(pupil.name);
    expect(statSync(result.files[0] as string).mode & 0o077).toBe(0);
  });

  test('a class set begins with the list for the slips and holds the letters of that class only', () => {
    const set = textOf(join(result.folder, '1年级1班_打印.pdf'));
    expect(set).toContain('一年级1班回执收集表');
    for (const pupil of pupils.slice(0, 4)) expect(set).toContain(`尊敬的${pupil.name}同学家长`);
    for (const pupil of pupils.slice(4)) expect(set).not.toContain(pupil.name);
    expect(infoOf(join(result.folder, '1年级1班_打印.pdf')).Pages).toBe('9');
  });

  test('the list of a class does not tell who is freed of the fee', async () => {
    const freed = pupils.filter(({ waiver_kind }) => waiver_kind);
    expect(freed.length).toBeGreaterThan(0);
    const source = await PDFDocument.load(readFileSync(join(result.folder, '1年级1班_打印.pdf')));
    const list = await PDFDocument.create();
    for (const page of await list.copyPages(source, [0])) list.addPage(page);
    const { writeFileSync } = await import('node:fs');
    const path = join(folder.path, 'list.pdf');
    writeFileSync(path, await list.save());
    expect(textOf(path)).toContain('张子子');
    expect(textOf(path)).not.toMatch(/免|脱贫|元/);
  });

  test('records and manifest agree with the files', () => {
    const manifest = JSON.parse(readFileSync(result.manifest as string, 'utf8'));
    const copies = store.rowsOf('notice_copies');
    expect(copies).toHaveLength(12);
    expect(new Set(copies.map(({ code }) => code)).size).toBe(12);
    expect(manifest.copies.map(({ code }: { code: string }) => code).sort()).toEqual(copies.map(({ code }) => code).sort());
    expect(store.rowsOf('notices')).toMatchObject([{ kind: '告家长书', state: '已印', copies: 12, pages: 24, dated: '2026-09-01' }]);
    expect(JSON.stringify(manifest)).not.toContain('张子子');
  });
});

describe('later runs', () => {
  const folder = temporaryFolder();
  let store: FakeStore;
  beforeAll(async () => {
    store = fakeStore(rowsWith(manyStudents(6, 3)), settings);
    await printNotices(deskFor(store, folder.path), wanted);
  });
  afterAll(() => folder.remove());
  const validCopies = () => store.rowsOf('notice_copies').filter(({ state }) => state === '有效');

  test('the same run once more prints nothing and writes nothing', async () => {
    const before = store.writes.length;
    const again = await printNotices({ ...deskFor(store, folder.path), now: () => new Date('2026-09-20T02:00:00Z') }, wanted);
    expect(again).toMatchObject({ copies: 6, printed: 0, reused: 6, superseded: 0 });
    expect(store.writes).toHaveLength(before);
  });

  test('a changed student gets a new letter with a new code, and the old code is replaced', async () => {
    const [pupil] = store.rowsOf('students') as { id: string; name: string }[];
    const before = validCopies();
    const old = before.find(({ student: of }) => of === pupil?.id) as { id: string; code: string };
    await store.updateRow('students', pupil?.id as string, { name: '改名生' });
    const result = await printNotices(deskFor(store, folder.path), wanted);
    expect(result).toMatchObject({ copies: 6, printed: 1, reused: 5, superseded: 1 });
    expect(store.rowsOf('notice_copies').find(({ id }) => id === old.id)?.state).toBe('已替换');
    const fresh = validCopies().find(({ student: of }) => of === pupil?.id);
    expect(fresh?.code).not.toBe(old.code);
    expect(textOf(join(result.folder, String(fresh?.file)))).toContain('尊敬的改名生同学家长');
    expect(textOf(join(result.folder, '1年级1班_打印.pdf'))).toContain('尊敬的改名生同学家长');
  });

  test('a letter that vanished from the disk is printed again under its own code', async () => {
    const [copy] = validCopies() as { id: string; code: string; file: string }[];
    const codes = validCopies().map(({ code }) => code);
    rmSync(join(folder.path, `${school.code}_${school.name}`, '2026-1_告家长书', copy?.file as string));
    const result = await printNotices(deskFor(store, folder.path), wanted);
    expect(result).toMatchObject({ printed: 1, reused: 5, superseded: 0 });
    expect(validCopies().map(({ code }) => code)).toEqual(codes);
  });

  test('a student who moves to another class leaves no letter behind in the old one', async () => {
    const pupil = store.rowsOf('students').at(-1) as { id: string; class_no: string };
    const old = validCopies().find(({ student: of }) => of === pupil.id) as { file: string };
    await store.updateRow('students', pupil.id, { class_no: '1' });
    const result = await printNotices(deskFor(store, folder.path), wanted);
    expect(result).toMatchObject({ printed: 1, superseded: 1 });
    expect(existsSync(join(result.folder, old.file))).toBe(false);
    expect(existsSync(join(result.folder, `1年级1班/${pupil.id}.pdf`))).toBe(true);
  });

  test('another folder is filled from the letters there are', async () => {
    const out = join(folder.path, 'elsewhere');
    const result = await printNotices(deskFor(store, folder.path), { ...wanted, out });
    expect(result).toMatchObject({ printed: 0, reused: 6 });
    expect(result.files.every((file) => file.startsWith(out) && existsSync(file))).toBe(true);
  });

  test('one class only leaves the others in the manifest', async () => {
    const result = await printNotices(deskFor(store, folder.path), { ...wanted, out: join(folder.path, 'elsewhere'), grade: 1, classNo: '1' });
    expect(result.copies).toBe(4);
    expect(JSON.parse(readFileSync(result.manifest as string, 'utf8')).copies).toHaveLength(6);
  });
});

describe('the other layout', () => {
  const folder = temporaryFolder();
  afterAll(() => folder.remove());

  test('at 3号 after GB/T 9704 the letter is longer, and its pages are numbered all the same', async () => {
    const store = fakeStore(rowsWith(manyStudents(3, 3)), settings);
    const result = await printNotices(deskFor(store, folder.path), { ...wanted, layout: '标准', oddStarts: true });
    const pages = Number(infoOf(result.files[0] as string).Pages);
    expect(pages).toBeGreaterThan(2);
    for (const file of result.files) {
      for (let page = 1; page <= pages; page += 1) expect(textOf(file)).toContain(`—${page}—`);
      expect(textOf(file)).not.toContain(`—${pages + 1}—`);
    }
    // The list, a blank back, then letters that each begin on a front.
    const sheet = pages + (pages % 2);
    expect(infoOf(result.classFiles[0] as string).Pages).toBe(String(2 + 2 * sheet + pages));
    const again = await printNotices(deskFor(store, folder.path), { ...wanted, oddStarts: true });
    expect(again).toMatchObject({ printed: 0, reused: 3 });
  });

  test('a letter of more than four pages is printed with all its page numbers, and the office is told how to shorten it', async () => {
    const words = `<p>根据{{依据}},说明如下。</p>${'<p>各班每天的安排由班主任在放学前向家长说明,有变化的当天通知到每一位家长,请留意。</p>'.repeat(60)}`;
    const store = fakeStore(rowsWith(manyStudents(2, 2)), { ...settings, words_parent_notice: words });
    const result = await printNotices(deskFor(store, join(folder.path, 'long')), { ...wanted, layout: '标准' });
    const pages = Number(infoOf(result.files[0] as string).Pages);
    expect(pages).toBeGreaterThan(4);
    expect(result).toMatchObject({ printed: 2, failed: 0, advice: [expect.stringContaining(`有 2 份超过 4 页(最长 ${pages} 页):可改用紧凑版式`)] });
    for (let page = 1; page <= pages; page += 1) expect(textOf(result.files[1] as string)).toContain(`—${page}—`);
  });
});
