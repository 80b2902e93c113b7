import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type PrintDeps, printNotices } from '../../scripts/notices/print-run.ts';
import { collectReplies } from '../../scripts/notices/replies.ts';
import { databaseKinds, startTestDirectus, type TestDirectus } from '../helpers/directus.ts';
import { chromium } from './desk.ts';
import { manyStudents, school, storeSchool, term } from './fixture.ts';

// A browser and a server on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

const quiet = { bar: () => ({ step() {}, total() {}, end() {} }), note() {} };
const pupils = manyStudents(6, 6);
const yes = 'read=yes&part=yes&day=1&day=3&pick_up=家长接&waiver=no&consent=yes';

describe.each(databaseKinds)('a guardian answers by phone, on %s', (database) => {
  let directus: TestDirectus;
  let deps: PrintDeps;
  const wanted = { kind: '告家长书', school: school.code };

  beforeAll(async () => {
    directus = await startTestDirectus({ database });
    const { store } = directus;
    await storeSchool(store, pupils);
    deps = { store, config: { ...directus.config, chromium, publicUrl: directus.url }, progress: quiet };
    await printNotices(deps, wanted);
  });
  afterAll(() => directus?.stop());

  const codeOf = async (index: number): Promise<string> => {
    const [copy] = await directus.store.readRows('notice_copies', { filter: { student: { _eq: pupils[index]?.id } } });
    return copy?.code ?? '';
  };
  const copyOf = async (index: number) => (await directus.store.readRows('notice_copies', { filter: { student: { _eq: pupils[index]?.id } } }))[0];
  const enrolmentOf = async (index: number) => (await directus.store.readRows('enrolments', { filter: { student: { _eq: pupils[index]?.id } } }))[0];
  const ask = async (path: string, form?: string, cookie?: string) => {
    const response = await fetch(`${directus.url}/notice/${path}`, {
      redirect: 'manual',
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
      headers: { ...(cookie ? { cookie } : {}) },
    });
    return {
      status: response.status,
      cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '',
      to: response.headers.get('location'),
      type: response.headers.get('content-type'),
      text: await response.text(),
    };
  };
  const open = async (index: number): Promise<{ code: string; cookie: string }> => {
    const code = await codeOf(index);
    const { status, cookie, to } = await ask(`${code}/open`, `tail=${pupils[index]?.guardian_phone?.slice(-4)}`);
    expect({ status, to }).toEqual({ status: 303, to: `/notice/${code}` });
    return { code, cookie };
  };

  test('without the phone nothing of the child is shown, and no page behind the door opens', async () => {
    const code = await codeOf(0);
    const page = await ask(code);
    expect(page.text).toContain('家长手机号后四位');
    expect(page.text).not.toContain(pupils[0]?.name);
    for (const path of ['letter']) expect(await ask(`${code}/${path}`)).toMatchObject({ status: 303 });
    expect(await ask(`${code}/reply`, yes)).toMatchObject({ status: 303 });
    expect(await enrolmentOf(0)).toBeUndefined();
    expect((await copyOf(0))?.read_at).toBeNull();
  });

  test('the right four digits open the letter itself and note the reading', async () => {
    const { code, cookie } = await open(0);
    const page = await ask(code, undefined, cookie);
    expect(page.text).toContain(pupils[0]?.name);
    expect(page.text).not.toContain(' checked');
    expect(Buffer.byteLength(page.text)).toBeLessThan(30_000);
    const pdf = await ask(`${code}/letter`, undefined, cookie);
    expect(pdf).toMatchObject({ status: 200, type: 'application/pdf' });
    expect(pdf.text.startsWith('%PDF-')).toBe(true);
    expect((await copyOf(0))?.read_at).not.toBeNull();
  });

  const words = (html: string): string | undefined => /<article class="letter">([\s\S]*)<\/article>/.exec(html)?.[1];

  test('the page shows the words of the letter, for a phone that opens no PDF: as printed, whatever has changed since', async () => {
    const { code, cookie } = await open(0);
    const first = words((await ask(code, undefined, cookie)).text) ?? '';
    for (const said of [`尊敬的<span class="name">${pupils[0]?.name}</span>同学家长`, '中办发〔2021〕40号', '退费', '0396-0000002', school.name])
      expect(first).toContain(said);
    // What is for paper only stays there; no mark of a blank is left; one letter names one child.
    expect(first).not.toMatch(/<svg|<a |class="slip"|公章|[囗圄圜]/);
    for (const other of pupils.slice(1)) expect(first).not.toContain(other.name);
    const { refund_rule } = await directus.store.readSettings();
    await directus.store.updateSettings({ refund_rule: '一律不退。' });
    expect(words((await ask(code, undefined, cookie)).text)).toBe(first);
    await directus.store.updateSettings({ refund_rule });
    // A child with another name by now was never written to under it: the paper and the PDF hold what was printed.
    await directus.store.updateRow('students', pupils[0]?.id as string, { name: '改名生' });
    expect(words((await ask(code, undefined, cookie)).text)).toBeUndefined();
    expect(await ask(`${code}/text`, undefined, cookie)).toMatchObject({ status: 303 });
    await directus.store.updateRow('students', pupils[0]?.id as string, { name: pupils[0]?.name as string });
    expect(words((await ask(code, undefined, cookie)).text)).toBe(first);
  });

  test('the words are behind the phone like everything else', async () => {
    expect(await ask(`${await codeOf(0)}/text`)).toMatchObject({ status: 303 });
    const { cookie } = await open(0);
    expect(await ask(`${await codeOf(1)}/text`, undefined, cookie)).toMatchObject({ status: 303 });
  });

  test('the mark of one letter opens no other', async () => {
    const { cookie } = await open(0);
    expect((await ask(await codeOf(1), undefined, cookie)).text).not.toContain(pupils[1]?.name);
  });

  test('after five wrong tries even the right digits have to wait', async () => {
    const code = await codeOf(5);
    const wrong = pupils[5]?.guardian_phone?.endsWith('0000') ? '1111' : '0000';
    for (let time = 0; time < 5; time += 1) expect((await ask(`${code}/open`, `tail=${wrong}`)).text).toContain('后四位不对');
    expect((await ask(`${code}/open`, `tail=${pupils[5]?.guardian_phone?.slice(-4)}`)).text).toContain('请过 30 分钟再试');
  });

  test('a form with gaps comes back with what was ticked, and what is missing', async () => {
    const { code, cookie } = await open(1);
    const { status, text } = await ask(`${code}/reply`, 'read=yes&part=yes&day=2', cookie);
    expect(status).toBe(422);
    expect(text).toContain('请选择接送方式。');
    expect(text.match(/ checked/g)).toHaveLength(3);
    expect(await enrolmentOf(1)).toBeUndefined();
  });

  test('the answer becomes the application of the enrolment, with time and channel; a changed one replaces it and both are kept', async () => {
    const { code, cookie } = await open(1);
    // Pressed twice, as on a slow line: one application all the same.
    for (const answer of await Promise.all([1, 2].map(() => ask(`${code}/reply`, yes, cookie)))) expect(answer).toMatchObject({ status: 303 });
    expect(await directus.store.readRows('enrolments', { filter: { student: { _eq: pupils[1]?.id } } })).toHaveLength(1);
    expect(await enrolmentOf(1)).toMatchObject({
      days: [1, 3],
      pick_up: '家长接',
      state: '待审核',
      step: '家长申请',
      step_by: '家长(手机回执)',
      consent: ['监护人已同意'],
    });
    expect((await enrolmentOf(1))?.step_at).not.toBeNull();
    expect((await ask(code, undefined, cookie)).text).toContain('自愿参加：周一、周三');
    await ask(`${code}/reply`, yes.replace('day=1', 'day=5'), cookie);
    expect(await enrolmentOf(1)).toMatchObject({ days: [3, 5] });
    await ask(`${code}/reply`, 'read=yes&part=no', cookie);
    expect(await enrolmentOf(1)).toMatchObject({ state: '中途退出', step: '退出' });
    const changes = await directus.store.call<{ channel: string; fields: Record<string, [unknown, { takesPart?: boolean }]> }[]>(
      'GET',
      `/kehou-ingest/changes/notice_copies/${(await copyOf(1))?.id}`,
    );
    expect(changes.filter(({ channel }) => channel === 'phone')).toHaveLength(3);
    expect(changes.map(({ fields }) => fields.answer?.[1].takesPart).sort()).toEqual([false, true, true]);
  });

  test('without consent to electronic data the slip is left to paper', async () => {
    const { code, cookie } = await open(2);
    await ask(`${code}/reply`, yes.replace('consent=yes', 'consent=no'), cookie);
    expect(await enrolmentOf(2)).toBeUndefined();
    expect(await copyOf(2)).toMatchObject({ answered_at: null, answer: { takesPart: true, consent: false, days: [] } });
    expect((await ask(code, undefined, cookie)).text).toContain('请交纸质回执');
  });

  test('an address for mail is kept when it is one, and deleted when it is emptied', async () => {
    const { code, cookie } = await open(3);
    expect((await ask(`${code}/mail`, 'mail=no address', cookie)).text).toContain('邮箱不对');
    await ask(`${code}/mail`, 'mail=parent@example.com', cookie);
    expect(await copyOf(3)).toMatchObject({ mail_to: 'parent@example.com', delivery: '排队' });
    // The next letter goes there too, and an address that is deleted on one letter is deleted on all.
    await printNotices(deps, { ...wanted, kind: '自愿申请表' });
    const all = () => directus.store.readRows('notice_copies', { filter: { student: { _eq: pupils[3]?.id } } });
    const shown = async () => (await all()).map(({ mail_to, delivery }) => `${mail_to} ${delivery}`);
    expect(await shown()).toEqual(Array(2).fill('parent@example.com 排队'));
    await ask(`${code}/mail`, 'mail=other@example.com', cookie);
    expect(await shown()).toEqual(Array(2).fill('other@example.com 排队'));
    await ask(`${code}/mail`, 'mail=', cookie);
    expect(await shown()).toEqual(Array(2).fill('null null'));
    const [form] = await directus.store.readRows('notices', { filter: { kind: { _eq: '自愿申请表' } } });
    await directus.store.deleteRows(
      'notice_copies',
      (await directus.store.readRows('notice_copies', { filter: { notice: { _eq: form?.id } } })).map(({ id }) => id),
    );
    await directus.store.deleteRows('notices', [form?.id as string]);
  });

  test('phone and paper meet in one list', async () => {
    const paper = { id: 'PAPER2222222', student: pupils[4]?.id as string, school: school.code, term: term.id, days: [1], state: '已通过' };
    await directus.store.createRows('enrolments', [paper]);
    expect(await collectReplies(deps, wanted)).toMatchObject({
      students: 6,
      sent: 6,
      read: 3,
      answered: 2,
      onPhone: 1,
      onPaper: 1,
      takingPart: 1,
      missing: 4,
    });
  });

  test('after the closing day an answer is neither asked for nor taken', async () => {
    const { code, cookie } = await open(3);
    const [notice] = await directus.store.readRows('notices');
    await directus.store.updateRow('notices', notice?.id as string, { dated: '2026-09-01' });
    expect((await ask(code, undefined, cookie)).text).toContain('回执已于2026年9月6日截止');
    expect(await ask(`${code}/reply`, yes, cookie)).toMatchObject({ status: 303 });
    expect((await copyOf(3))?.answer).toBeNull();
    expect(await enrolmentOf(3)).toBeUndefined();
    await directus.store.updateRow('notices', notice?.id as string, { dated: notice?.dated as string });
  });

  test('letters that are put into Directus lie in a folder of their own, once, and no visitor can open them', async () => {
    const upload = () => printNotices(deps, { ...wanted, upload: true });
    expect(await upload()).toMatchObject({ printed: 0, uploaded: 7 });
    expect((await upload()).uploaded).toBe(7);
    const folder = await directus.store.openFolder(['通知', school.name, `${term.id} 告家长书`]);
    const files = await directus.store.listFiles(folder);
    expect(files).toHaveLength(7);
    const assets = await Promise.all(files.map(({ id }) => fetch(`${directus.url}/assets/${id}`)));
    expect(assets.map(({ status }) => status)).toEqual(Array(7).fill(403));
    // Where the letters were printed on another machine, the phone gets those that were put into Directus.
    const { code, cookie } = await open(1);
    const [notice] = await directus.store.readRows('notices');
    await directus.store.updateRow('notices', notice?.id as string, { folder: '/nowhere' });
    expect(await ask(`${code}/letter`, undefined, cookie)).toMatchObject({ status: 200, type: 'application/pdf' });
    await directus.store.updateRow('notices', notice?.id as string, { folder: notice?.folder as string });
    await directus.store.updateRow('students', pupils[5]?.id as string, { name: '改名生' });
    expect(await upload()).toMatchObject({ printed: 1, superseded: 1, uploaded: 7 });
    expect(await directus.store.listFiles(folder)).toHaveLength(7);
  });

  test('a child who has left: the letter is withdrawn with the next run, and opens no more', async () => {
    const { code, cookie } = await open(0);
    await directus.store.updateRow('students', pupils[0]?.id as string, { status: '已离校' });
    expect((await ask(code, undefined, cookie)).text).not.toContain(pupils[0]?.name);
    expect(await printNotices(deps, wanted)).toMatchObject({ copies: 5, printed: 0, reused: 5, withdrawn: 1 });
    expect((await ask(code)).text).toContain('本通知已撤回');
  });
});
