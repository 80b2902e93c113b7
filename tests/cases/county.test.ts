/** The round of cases at a real Directus: photos, check, sealed marks, ranking, and what communications staff can and cannot see. */
import { mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { caseHint, casePhotos, formalCheck } from '../../schema/cases/records.ts';
import type { CaseRequest } from '../../schema/cases/request.ts';
import { sensitiveTables } from '../../schema/directus.ts';
import { type TableName, tableNames } from '../../schema/index.ts';
import { roles } from '../../schema/roles.ts';
import { workOnCases } from '../../scripts/cases.ts';
import { terminalProgress } from '../../scripts/cli.ts';
import { type Store, StoreError } from '../../scripts/directus/store.ts';
import { doCaseWork } from '../../scripts/showcase/case-work.ts';
import { templatesFolder } from '../../scripts/showcase.ts';
import { accessFaults, launchBrowser, signInAs } from '../helpers/browser.ts';
import { databaseKinds, startTestDirectus, type TestDirectus } from '../helpers/directus.ts';
import { phonePicture } from '../helpers/phone-picture.ts';

describe.each(databaseKinds)('on %s', (database) => {
  let directus: TestDirectus;
  let browser: Browser;
  let communications: Store;
  let token: string;

  const [east, west] = ['2141000001', '2141000002'];
  const secretWord = '不可外传的名字';
  const long = (seed: string, count: number): string =>
    Array.from({ length: count }, (_none, index) => `${seed}第${index + 1}步由值班教师记在本上,当天说清楚。`).join('');
  const practice = long('先分时段再排人,作业辅导与兴趣活动分开,交接签字不离人,', 12);

  const texts = {
    summary: '学校把课后两小时分成两段,先写作业后活动,孩子愿意来,家长放心。',
    background: long('留守儿童多,放学后没有去处,家长担心安全,', 3),
    practice,
    results: '参加学生现有425人,参与率85%,作业在校内基本完成。'.padEnd(60, '家长满意。'),
  };

  const run = (wanted: Parameters<typeof workOnCases>[3]) => workOnCases(directus.config, directus.store, terminalProgress(true), wanted);
  const caseRow = (id: string) => directus.adminStore.readRow('cases', id);

  beforeAll(async () => {
    [directus, browser] = await Promise.all([startTestDirectus({ database }), launchBrowser()]);
    const { store, adminStore, config } = directus;
    await adminStore.updateSettings({ case_reviewers: ['甲老师', '乙老师', '丙老师'] });
    await store.createRows('terms', [
      { id: '2026-1', name: '2026—2027 学年上学期', starts_on: '2026-09-01', ends_on: '2027-01-20', current: true } as never,
    ]);
    await store.createRows('schools', [
      { code: east, name: '东关小学(示例)', township: '城关镇', type: '小学' },
      { code: west, name: '西关小学(示例)', township: '三里店镇', type: '小学' },
    ] as never);
    const report = (school: string, month: string, participants: number) => ({
      school,
      month,
      enrolled: 500,
      participants,
      provides_service: true,
      filled_by: '填报人',
    });
    await store.createRows('monthly_reports', [
      report(east, '2026-09', 300),
      report(east, '2026-10', 425),
      report(west, '2026-09', 300),
      report(west, '2026-10', 390),
    ] as never);
    await store.createRows('sources', [{ kind: '工作簿', place: `${east}_东关小学.xlsx`, school: east, state: '正常' }] as never);
    await store.createRows('students', [{ school: east, name: secretWord, grade: 3, class_no: '1' }] as never);
    await store.createRows('staff', [{ school: east, name: secretWord, identity: '本校教师', term: '2026-1' }] as never);
    mkdirSync(join(config.sheetsDir, `${east}_东关小学`), { recursive: true });
    writeFileSync(join(config.sheetsDir, `${east}_东关小学`, '走廊.JPG'), await phonePicture());
    await store.createRows('cases', [
      {
        id: 'CASEAAAAAAAA',
        school: east,
        title: '两段课后时光',
        category: '课后服务',
        ...texts,
        photo_names: ['走廊.jpg', '没有的.jpg'],
        photo_faceless: ['走廊.jpg'],
        photo_consent: null,
      },
      {
        id: 'CASEBBBBBBBB',
        school: west,
        title: '西关的课后两小时',
        category: '课后服务',
        ...texts,
        background: long('教学点人少,开不出活动,', 4),
        results: '教师轮流值守,联系电话 １３８ 0000 1234。'.padEnd(80, '家长放心。'),
      },
    ] as never);
    const letters = await adminStore.openFolder(['通知']);
    await adminStore.uploadFile({
      id: '11111111-1111-4111-8111-111111111111',
      folder: letters,
      name: 'letter.pdf',
      title: secretWord,
      description: '',
      type: 'application/pdf',
      bytes: Buffer.from('%PDF-1.4'),
    });
    communications = await directus.signIn(directus.users.communications);
    const { email, password } = directus.users.communications;
    token = (await directus.store.call<{ access_token: string }>('POST', '/auth/login', { email, password })).access_token;
  });
  afterAll(async () => {
    await browser?.close();
    await directus?.stop();
  });

  const visit = (path: string, init: RequestInit = {}) =>
    fetch(`${directus.url}${path}`, { ...init, redirect: 'manual', headers: { authorization: `Bearer ${token}`, ...init.headers } });

  describe('the formal check', () => {
    test('a dry run tells all of it and keeps nothing', async () => {
      const { check } = await run({ check: true, dryRun: true });
      expect(check?.cases.map((line) => line.changed)).toEqual([true, true]);
      expect((await caseRow('CASEAAAAAAAA')).formal).toBeNull();
    });

    test('photos come from the folder beside the workbook, upright and without where they were taken', async () => {
      await run({ check: true, suggest: true });
      const [photo, missing] = casePhotos((await caseRow('CASEAAAAAAAA')).photos);
      expect(photo).toMatchObject({ name: '走廊.jpg', clean: true, faces: '无', width: 300, height: 400 });
      expect(missing?.fault).toContain('没有找到照片“没有的.jpg”');
      const response = await directus.adminStore.call<Response>('GET', `/assets/${photo?.file}`);
      const kept = await sharp(Buffer.from(await response.arrayBuffer())).metadata();
      expect([kept.exif, kept.orientation, kept.width, kept.height]).toEqual([undefined, undefined, 300, 400]);
    });

    test('a copied text is shown beside its original, a hidden phone number is found, a quoted figure is frozen with its source', async () => {
      const [a, b] = [await caseRow('CASEAAAAAAAA'), await caseRow('CASEBBBBBBBB')];
      const similar = formalCheck(b.formal)?.similar[0];
      expect(similar).toMatchObject({ id: 'CASEAAAAAAAA', school: east });
      expect(similar?.passages[0]?.mine).toBe(similar?.passages[0]?.theirs);
      expect(formalCheck(b.formal)?.faults.map((fault) => fault.code)).toContain('personal-number');
      expect(JSON.stringify(b.formal)).not.toContain('1234');
      expect(a.figures).toMatchObject([
        { label: '参与率', value: 85, month: '2026-10', quote: '参与率85%' },
        { label: '参加学生数', value: 425, table: 'monthly_reports', month: '2026-10' },
      ]);
      expect([a.formal_state, b.formal_state]).toEqual(['须改', '须改']);
    });

    test('checking again changes nothing', async () => {
      const { check } = await run({ check: true });
      expect(check?.cases.map((line) => line.changed)).toEqual([false, false]);
    });

    test('a school with a case is not asked; without one its figures speak for it', async () => {
      await directus.store.updateRow('cases', 'CASEBBBBBBBB', { state: '不采用' });
      const { suggest } = await run({ suggest: true });
      expect(suggest?.map((line) => [line.school, line.reason])).toEqual([
        [west, '参与率 9月以来升 18 个百分点(60% 到 78%),没有未结预警:建议约稿。'],
      ]);
      const [school] = await communications.readRows('schools', { filter: { code: { _eq: west } } });
      expect(caseHint(school?.case_hint)?.figures[1]).toMatchObject({ label: '参与率', value: 78, month: '2026-10' });
    });
  });

  interface Desk {
    readonly reviewers: readonly { readonly name: string; readonly address: string }[];
  }
  const addressOf = async (name: string): Promise<string> => {
    const { reviewers } = await communications.call<Desk>('GET', '/kehou-cases/desk');
    return new URL(reviewers.find((one) => one.name === name)?.address ?? 'http://none').pathname;
  };
  const marks = (total: number): string =>
    new URLSearchParams({
      ...Object.fromEntries([15, 15, 25, 20, 10, 15].map((weight, index) => [`mark${index}`, String((weight * total) / 100)])),
      verdict: '修改',
      advice: `把第二步写具体(${total})`,
    }).toString();
  const handIn = async (name: string, body: string) =>
    fetch(`${directus.url}${await addressOf(name)}/CASEAAAAAAAA`, {
      method: 'POST',
      redirect: 'manual',
      body,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  const totals = async (): Promise<unknown[]> =>
    (await directus.adminStore.readRows('case_reviews', { filter: { case: { _eq: 'CASEAAAAAAAA' } }, sort: ['reviewer'] })).map((row) => row.total);

  describe('reviewers', () => {
    test('nobody sees a mark until every reviewer has handed in; then all are there, and the case is ranked', async () => {
      await communications.updateRow('cases', 'CASEAAAAAAAA', { state: '评审中' });
      expect((await handIn('甲老师', marks(90))).status).toBe(303);
      expect((await handIn('乙老师', marks(70))).status).toBe(303);
      expect(await totals()).toEqual([null, null]);
      const other = await (await fetch(`${directus.url}${await addressOf('丙老师')}/CASEAAAAAAAA`)).text();
      expect(other).not.toContain('把第二步写具体');
      expect(await (await fetch(`${directus.url}${await addressOf('甲老师')}/CASEAAAAAAAA`)).text()).toContain('把第二步写具体(90)');
      for (const path of ['/items/kehou_marks', '/collections/kehou_marks']) expect((await visit(path)).status).toBe(403);
      expect((await handIn('丙老师', marks(80))).status).toBe(303);
      expect([...(await totals())].sort()).toEqual([70, 80, 90]);
    });

    test('an incomplete sheet comes back with what is missing; a wrong address tells nothing', async () => {
      await communications.updateRow('cases', 'CASEBBBBBBBB', { state: '评审中' });
      const answer = await fetch(`${directus.url}${await addressOf('甲老师')}/CASEBBBBBBBB`, {
        method: 'POST',
        body: 'mark0=16&verdict=修改',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
      expect(answer.status).toBe(422);
      expect(await answer.text()).toContain('“聚焦难点堵点”请打 0 到 15 分');
      expect((await fetch(`${directus.url}/kehou-cases/review/AAAAAAAAAAAAAAAAAAAAAA`)).status).toBe(404);
    });

    test('ranking gives a reason to each case, also to the one that may not be ranked; an earlier round stays as it was', async () => {
      const earlier = {
        id: 'CASEEEEEEEEE',
        school: west,
        title: '去年的案例',
        ...texts,
        state: '已发布',
        submitted_on: '2025-11-01',
        award: '一等奖',
      };
      await directus.store.createRows('cases', [earlier as never]);
      await directus.store.createRows('case_reviews', [{ case: earlier.id, reviewer: '甲老师', state: '已开封', total: 99 } as never]);
      const { rank } = await run({ rank: true });
      expect(rank?.cases).toMatchObject([
        { id: 'CASEAAAAAAAA', rank: null },
        { id: 'CASEBBBBBBBB', rank: null },
      ]);
      expect((await caseRow('CASEAAAAAAAA')).rank_reason).toContain('没有找到照片');
      await directus.store.updateRow('cases', 'CASEAAAAAAAA', { photo_names: ['走廊.jpg'], similar_settled: true });
      await run({ check: true });
      const again = await run({ rank: true });
      expect(again.rank?.cases[0]).toMatchObject({ id: 'CASEAAAAAAAA', rank: 1, award: '一等奖', score: { raw: 80, spread: 20 } });
      expect(again.rank?.cases[0]?.reason).toContain('分差大,建议复议');
    });
  });

  /** What the role holds; everything else is closed. */
  const granted = new Set(Object.keys(roles.find((role) => role.key === 'communications')?.permissions ?? {}));
  const closed = tableNames.filter((name) => !granted.has(name));

  describe('communications staff', () => {
    test('cases, reviews, schools, terms and activities are theirs, and nothing that is sensitive', async () => {
      expect([...granted].sort()).toEqual(['activities', 'case_reviews', 'cases', 'schools', 'terms']);
      expect(sensitiveTables.filter((name) => granted.has(name))).toEqual([]);
      for (const name of ['cases', 'case_reviews', 'schools', 'activities'] as const) await communications.readRows(name, { limit: 1 });
    });

    test.each(closed)('%s is refused by every way in', async (name: TableName) => {
      const ways = [
        `/items/${name}`,
        `/items/${name}?aggregate[count]=*`,
        `/items/${name}?aggregate[count]=*&groupBy[]=school`,
        `/items/${name}?export=csv`,
        `/items/${name}?search=${encodeURIComponent(secretWord)}`,
      ];
      for (const way of ways) expect((await visit(way)).status, way).toBe(403);
      const json = { 'content-type': 'application/json' };
      expect((await visit(`/items/${name}`, { method: 'SEARCH', headers: json, body: '{"query":{"limit":1}}' })).status).toBe(403);
      // The check of a row speaks before the permission does: 400 is a refusal too.
      expect((await visit(`/items/${name}`, { method: 'POST', headers: json, body: '{}' })).ok).toBe(false);
      const graph = await (
        await visit('/graphql', { method: 'POST', headers: json, body: JSON.stringify({ query: `{ ${name} { __typename } }` }) })
      ).json();
      expect(graph).toHaveProperty('errors');
      const exported = await visit(`/utils/export/${name}`, {
        method: 'POST',
        headers: json,
        body: JSON.stringify({ query: {}, format: 'csv', file: { title: 'x' } }),
      });
      expect([403, 204, 200].includes(exported.status)).toBe(true);
      expect(await exported.text()).not.toContain(secretWord);
    });

    test.each([
      '/items/schools?fields=students.*',
      '/items/cases?fields=school.students.*',
      '/items/activities?fields=school.students.name',
      '/items/case_reviews?fields=case.school.staff.*',
      '/items/schools?filter[students][name][_nnull]=true',
      '/items/schools?sort=students.name',
      '/items/schools?deep[students][_limit]=1&fields=*,students.*',
      '/items/schools?alias[x]=students&fields=x.name',
    ])('no relation leads from what they may read to what they may not: %s', async (path) => {
      // Directus leaves out a field that is not there for the caller, and refuses a filter or an order by it.
      const text = await (await visit(path)).text();
      expect(text).not.toContain(secretWord);
      expect(text).not.toMatch(/"(students|staff|x)":[[{]/);
    });

    test('history, files and letters stay closed; the schema tells of no closed collection', async () => {
      for (const path of [
        '/revisions?limit=-1',
        '/activity?limit=-1',
        '/files?limit=-1',
        '/folders',
        '/versions',
        '/shares',
        '/notifications',
        '/presets?limit=-1',
        '/users',
      ]) {
        expect(await (await visit(path)).text(), path).not.toContain(secretWord);
      }
      for (const path of ['/files', '/files/11111111-1111-4111-8111-111111111111', '/assets/11111111-1111-4111-8111-111111111111'])
        expect((await visit(path)).status, path).toBe(403);
      expect((await visit('/kehou-cases/photo/11111111-1111-4111-8111-111111111111')).status).toBe(404);
      expect((await visit('/revisions?filter[collection][_eq]=students')).status).toBeLessThan(500);
      const seen = (await (await visit('/collections')).json()) as { data: { collection: string }[] };
      expect(seen.data.map((one) => one.collection).filter((name) => closed.includes(name as TableName))).toEqual([]);
    });

    test('photos of cases are theirs to see and to add', async () => {
      const [photo] = casePhotos((await caseRow('CASEAAAAAAAA')).photos);
      expect((await visit(`/kehou-cases/photo/${photo?.file}?size=small`)).headers.get('content-type')).toBe('image/jpeg');
      const added = await visit('/kehou-cases/photo', {
        method: 'POST',
        headers: { 'content-type': 'image/jpeg' },
        body: new Uint8Array(await phonePicture()),
      });
      const { data } = (await added.json()) as { data: { file: string } };
      expect((await visit(`/kehou-cases/photo/${data.file}`)).status).toBe(200);
      const refused = await visit('/kehou-cases/photo', { method: 'POST', headers: { 'content-type': 'image/jpeg' }, body: '<svg onload=alert(1)>' });
      expect(refused.status).toBe(400);
      expect((await fetch(`${directus.url}/kehou-cases/photo/${data.file}`)).status).toBe(403);
      await communications.updateRow('cases', 'CASEBBBBBBBB', {
        photos: [{ file: data.file, name: '新照片.jpg', faces: '有', consent: '已同意', declared: '县局' }],
      });
      await run({ check: true });
      expect(casePhotos((await caseRow('CASEBBBBBBBB')).photos)).toMatchObject([
        { file: data.file, clean: true, width: 300, height: 400, consent: '已同意' },
      ]);
    });

    test('a write into a closed collection through a case is refused', async () => {
      const nested = communications.updateRow('cases', 'CASEAAAAAAAA', { school: { code: east, students: { create: [{ name: 'x' }] } } as never });
      await expect(nested).rejects.toBeInstanceOf(StoreError);
    });
  });

  describe('a case that changes', () => {
    const queued = () => directus.adminStore.readRows('jobs', { filter: { kind: { _eq: 'cases' }, state: { _eq: '排队' } }, fields: ['id'] });
    const settled = async () => {
      const { names_settled, similar_settled } = await caseRow('CASEBBBBBBBB');
      return [names_settled, similar_settled];
    };
    /** What was asked for so far: a change is followed after its answer, so a moment is waited. */
    const forget = async (): Promise<void> => {
      await setTimeout(500);
      const rows = await queued();
      if (rows.length > 0)
        await directus.adminStore.deleteRows(
          'jobs',
          rows.map(({ id }) => id),
        );
    };
    beforeEach(forget);

    test('is checked again by one job, however often it changed; the check itself asks for none', async () => {
      for (const lessons of ['又补了一条。', '又补了两条。']) await communications.updateRow('cases', 'CASEBBBBBBBB', { lessons });
      await vi.waitFor(async () => expect(await queued()).toHaveLength(1));
      await forget();
      const { check } = await run({ check: true });
      expect(check?.cases.some((line) => line.changed)).toBe(true);
      await communications.updateRow('cases', 'CASEBBBBBBBB', { award: '三等奖' });
      await setTimeout(500);
      expect(await queued()).toEqual([]);
      expect((await caseRow('CASEBBBBBBBB')).formal_note).toContain('须改:“成效”里有疑似手机号');
    });

    test('is looked at anew: what staff have settled holds for the text that they saw', async () => {
      await communications.updateRow('cases', 'CASEBBBBBBBB', { names_settled: true, similar_settled: true });
      expect(await settled()).toEqual([true, true]);
      await communications.updateRow('cases', 'CASEBBBBBBBB', { lessons: '换了一段话。' });
      await vi.waitFor(async () => expect(await settled()).toEqual([false, false]));
      await communications.updateRow('cases', 'CASEBBBBBBBB', { lessons: '再换一段话。', names_settled: true });
      await vi.waitFor(async () => expect(await queued()).toHaveLength(1));
      expect(await settled()).toEqual([true, false]);
    });
  });

  describe('a case on the site', () => {
    const id = 'CASEDDDDDDDD';
    const title = '晚点到家的二十分钟';
    const press = (request: CaseRequest) => doCaseWork({ store: directus.store, config: directus.config, templates: templatesFolder }, request);
    const read = (path: string) => fetch(`${directus.url}/showcase/${path}`, { headers: { 'user-agent': 'Mozilla/5.0 (Linux; Android 9)' } });
    /** Files of the site that hold these words; what the search reads is unpacked. */
    const holding = (words: string): string[] => {
      const folder = realpathSync(directus.config.folders.showcase);
      return readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((path) => {
          const bytes = readFileSync(path);
          return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).includes(words);
        });
    };

    test('is read, and counted at the case without knowing anybody', async () => {
      const [photo] = casePhotos((await caseRow('CASEAAAAAAAA')).photos);
      await directus.store.createRows('cases', [
        { id, school: east, title, category: '课后服务', ...texts, state: '通过', photos: [{ ...photo, declared: '县局' }] } as never,
      ]);
      const { result } = await press({ do: 'publish', cases: [id] });
      expect(result).toMatchObject({ published: [id], refused: [] });
      const page = await (await read(`case/${id}.html`)).text();
      expect(page).toContain(title);
      const picture = /photo\/([\w-]+-960\.jpg)/.exec(page)?.[1];
      const seen = await sharp(Buffer.from(await (await read(`photo/${picture}`)).arrayBuffer())).metadata();
      expect([seen.exif, seen.orientation, seen.width]).toEqual([undefined, undefined, 300]);
      for (let again = 0; again < 2; again += 1) await read(`case/${id}.html`);
      await communications.call('GET', '/showcase/~desk/state');
      expect((await caseRow(id)).views).toBe(3);
    });

    test('withdrawn, it is gone from pages, photos, search and feed within the same job; its count stays', async () => {
      expect(holding(title).length).toBeGreaterThan(5);
      await press({ do: 'withdraw', cases: [id], reason: '学校要求' });
      expect([holding(title), holding(id)]).toEqual([[], []]);
      expect((await read(`case/${id}.html`)).status).toBe(404);
      expect(readdirSync(realpathSync(directus.config.folders.showcase))).not.toContain('photo');
      expect(await caseRow(id)).toMatchObject({ state: '已撤回', views: 3 });
    });
  });

  describe('the screens', () => {
    let page: Page;
    test('the judging screen shows why a case cannot go out and the similar passages beside each other', async () => {
      page = await signInAs(browser, directus.url, directus.users.communications, { width: 1280, height: 1400 });
      await page.goto(`${directus.url}/admin/cockpit/cases`);
      await page.getByRole('heading', { name: '两段课后时光' }).waitFor();
      await page.getByText('看相似段落').first().click();
      expect(await page.locator('.similar mark').count()).toBeGreaterThan(0);
      expect(await accessFaults(page, '.judging')).toEqual([]);
    });

    test('“修改” asks for advice, and with it the case is sent back', async () => {
      const one = page.getByRole('article', { name: '西关的课后两小时' });
      await one.getByRole('button', { name: '修改', exact: true }).click();
      await one.getByRole('alert').waitFor();
      await one.getByLabel('意见').fill('请删去电话,写自己的做法。');
      await one.getByRole('button', { name: '修改', exact: true }).click();
      await page.getByText('《西关的课后两小时》:修改').waitFor();
      expect(await caseRow('CASEBBBBBBBB')).toMatchObject({ state: '修改', advice: '请删去电话,写自己的做法。' });
    });

    test('the form of a case shows its photos with their consent', async () => {
      await page.goto(`${directus.url}/admin/content/cases/CASEBBBBBBBB`);
      await page.locator('.case-photos img').first().waitFor();
      expect(await accessFaults(page, '.case-photos')).toEqual([]);
    });

    test("a reviewer's page can be read by everybody", async () => {
      await communications.updateRow('cases', 'CASEBBBBBBBB', { state: '评审中' });
      const paper = await (await browser.newContext({ viewport: { width: 1000, height: 900 }, bypassCSP: true })).newPage();
      await paper.goto(`${directus.url}${await addressOf('甲老师')}/CASEBBBBBBBB`);
      expect(await accessFaults(paper, 'main')).toEqual([]);
    });
  });
});
