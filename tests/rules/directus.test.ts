import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tables } from '../../schema/index.ts';
import { listedRules } from '../../schema/rules/catalogue.ts';
import { runCommand } from '../../scripts/cli.ts';
import { repositoryRoot } from '../../scripts/config.ts';
import { applyModel, findDifferences } from '../../scripts/directus/apply-model.ts';
import type { Store } from '../../scripts/directus/store.ts';
import { handlers } from '../../scripts/jobs/handlers.ts';
import { claimJob, runJob } from '../../scripts/jobs/worker.ts';
import { evaluateRules, type FindingLine, type RulesOptions } from '../../scripts/rules/evaluate.ts';
import { databaseKinds, startTestDirectus, type TestDirectus } from '../helpers/directus.ts';
import { drawRows } from './drawn-school.ts';

const allTables = Object.values(tables);
const code = '2141990001';
const now = { timezone: 'Asia/Shanghai', today: '2026-11-24' };
const ofTerm = { school: code, term: '2026-1' };

/** Only what is drawn: the other fields stay as the database leaves them. */
const drawn = (table: Parameters<typeof drawRows>[0], drawing: string, more: object) =>
  drawRows(table, drawing).map((row) => ({ ...Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)), ...more })) as never[];

const fillSchool = async (store: Store): Promise<void> => {
  await store.updateSettings({ county_name: '汝南县(示例)' });
  await store.createRows('terms', [{ id: '2026-1', name: '2026—2027学年上学期', starts_on: '2026-09-01', ends_on: '2027-01-22', current: true }]);
  await store.createRows('schools', [{ code, name: '柳林镇中心小学(示例)', type: '小学', township: '柳林镇', closed_on: '2026-10-31' } as never]);
  await store.createRows(
    'students',
    drawn('students', '| 行号 | 姓名 | 年级 | 班级 |\n| S甲 | 王小明 | 3 | 1 |\n| S乙 | 李小红 | 3 | 1 |', { school: code }),
  );
  await store.createRows(
    'enrolments',
    drawn(
      'enrolments',
      `| 行号 | 学生 | 状态   | 申请日     | 星期  | 班级初审 | 学校核准 |
       | E甲  | S甲  | 已通过 | 2026-09-01 | 12345 | 同意     | 同意     |
       | E乙  | S乙  | 已通过 | 2026-09-01 | 135   | 同意     | 同意     |`,
      ofTerm,
    ),
  );
  await store.createRows(
    'fees',
    drawn(
      'fees',
      `| 行号 | 学生 | 统计期  | 标准 | 应缴 | 实缴 | 状态   |
       | F甲  | S甲  | 2026-10 | 80   | 80   | 80   | 已付款 |
       | F乙  | S乙  | 2026-10 | 60   | 60   | 60   | 已付款 |`,
      ofTerm,
    ),
  );
};

describe.each(databaseKinds)('findings in a real Directus on %s', (database) => {
  let directus: TestDirectus;
  let office: Store;
  const lines: FindingLine[] = [];

  const judge = async (options: Partial<RulesOptions> = {}) => {
    lines.length = 0;
    return evaluateRules(directus.store, { ...now, onSchool: (one) => void lines.push(...one.findings), ...options });
  };
  const overcharge = async () => {
    const [finding] = await directus.store.readRows('findings', { filter: { rule: { _eq: 'R-F1' } } });
    if (!finding) throw new Error('R-F1 has found nothing');
    return finding;
  };
  const steps = (history: unknown) => (history as { to: string; by: string }[]).map((step) => `${step.to}:${step.by}`);

  beforeAll(async () => {
    directus = await startTestDirectus({ database });
    await fillSchool(directus.store);
    office = await directus.signIn(directus.users.office);
  });
  afterAll(() => directus?.stop());

  if (database === 'sqlite')
    test('the rows of a school are looked up by the school, never by the term, which would read those of all schools', () => {
      const { database: held } = directus.config;
      const file = new DatabaseSync(held.client === 'sqlite3' ? held.filename : '', { readOnly: true });
      const ofSchoolAndTerm = allTables.filter(({ fields }) => 'school' in fields && 'term' in fields);
      expect(ofSchoolAndTerm.length).toBeGreaterThan(5);
      for (const { name } of ofSchoolAndTerm) {
        const plan = file.prepare(`explain query plan select * from ${name} where school = ? and term = ? order by id`).all(code, '2026-1');
        expect(JSON.stringify(plan), name).toContain(`USING INDEX ${name}_school_index (school=?)`);
      }
      file.close();
    });

  test('an index that the model wants otherwise than the database has it is mended', async () => {
    const indexed = async () => (await directus.adminStore.call<{ schema: { is_indexed: boolean } }>('GET', '/fields/plans/term')).schema.is_indexed;
    await directus.adminStore.call('PATCH', '/fields/plans/term', { schema: { is_indexed: true } });
    expect(await indexed()).toBe(true);
    const found = await findDifferences(directus.adminStore);
    expect(found.map((one) => one.what)).toEqual(['字段 plans.term 不同:is_indexed']);
    await applyModel(directus.adminStore);
    expect(await indexed()).toBe(false);
  });

  test('the built-in rules stand in Directus, and what staff choose survives the next set-up', async () => {
    const rows = await office.readRows('rules');
    expect(rows.map((row) => row.rule).sort()).toEqual(listedRules.map((rule) => rule.id).sort());
    const yearly = rows.find((row) => row.rule === 'R-H2');
    expect(yearly).toMatchObject({ enabled: true, severity: '须', standard: '365 天', threshold: null, origin: '内置' });
    await office.updateRow('rules', yearly?.id ?? '', { threshold: 180, enabled: false });
    expect((await findDifferences(directus.adminStore)).map((one) => one.what)).toEqual([]);
    await applyModel(directus.adminStore);
    expect(await office.readRow('rules', yearly?.id ?? '')).toMatchObject({ threshold: 180, enabled: false });
  });

  test('a built-in rule keeps its name and cannot be deleted', async () => {
    const [rule] = await office.readRows('rules', { filter: { rule: { _eq: 'R-T1' } } });
    await expect(office.updateRow('rules', rule?.id ?? '', { title: '每周 3 天' })).rejects.toThrow('名称和条款不能改');
    await expect(office.deleteRows('rules', [rule?.id ?? ''])).rejects.toThrow('请取消“启用”');
  });

  test('a rule that data cannot decide cannot be switched on', async () => {
    const [rule] = await office.readRows('rules', { filter: { rule: { _eq: 'R-C2' } } });
    expect(rule).toMatchObject({ enabled: false, origin: '内置', severity: '须' });
    await expect(office.updateRow('rules', rule?.id ?? '', { enabled: true })).rejects.toThrow('R-C2 不能启用:填报表里没有作业时长');
  });

  if (database === 'sqlite')
    test('a rule of an earlier installation gets its new number, keeps what the county chose and takes its findings along', async () => {
      const { database: held } = directus.config;
      const file = new DatabaseSync(held.client === 'sqlite3' ? held.filename : '');
      file.prepare("update rules set rule = 'outlier', title = '旧名', threshold = 5 where rule = 'R-X5'").run();
      file.close();
      const finding = { id: 'FKEPT2345678', school: code, rule: 'outlier', severity: '参', cause: '2026-10', month: '2026-10', message: '旧' };
      await directus.store.createRows('findings', [{ ...finding, state: '误报', close_reason: '属实' } as never]);
      expect((await findDifferences(directus.adminStore)).map((one) => one.what)).toEqual(['规则 outlier 现编号为 R-X5']);
      await applyModel(directus.adminStore);
      const [rule] = await office.readRows('rules', { filter: { rule: { _eq: 'R-X5' } } });
      expect(rule).toMatchObject({ threshold: 5, title: expect.stringContaining('改良 z 分数') });
      expect(await office.readRow('findings', finding.id)).toMatchObject({ rule: 'R-X5', state: '误报', close_reason: '属实' });
      expect(await findDifferences(directus.adminStore)).toEqual([]);
      await office.deleteRows('findings', [finding.id]);
    });

  test('an evaluation opens findings with clause, rows and money, and a second one changes nothing', async () => {
    const first = await judge();
    expect(first).toMatchObject({ schools: 1, students: 2, found: lines.length, opened: lines.length, changed: 0 });
    expect(lines.map((line) => line.rule)).toEqual(expect.arrayContaining(['R-F1', 'R-V2', 'R-M1', 'R-M2']));
    const finding = await overcharge();
    expect(finding).toMatchObject({ school: code, severity: '禁', cause: '2026-10', month: '2026-10', state: '未办', at_stake: 20 });
    expect(finding.clause).toContain('S09 汝发改审批〔2021〕21号');
    expect(finding.rows).toEqual([{ collection: 'fees', id: 'F甲', note: '收 80 元,最多 60 元' }]);
    const second = await judge();
    expect(second).toMatchObject({ opened: 0, changed: 0, unchanged: first.found });
  });

  test('no finding holds the name of a child', async () => {
    const all = JSON.stringify(await directus.store.readRows('findings'));
    for (const name of ['王小明', '李小红']) expect(all).not.toContain(name);
  });

  test('a dry run finds the same and keeps nothing', async () => {
    const before = await directus.store.readRows('findings');
    expect((await judge({ dryRun: true })).found).toBe(before.length);
    expect(await directus.store.readRows('findings')).toEqual(before);
  });

  test('two evaluations at the same time open each cause once', async () => {
    await directus.store.deleteRows(
      'findings',
      (await directus.store.readRows('findings')).map((row) => row.id),
    );
    const [one] = await Promise.all([judge(), evaluateRules(directus.store, now)]);
    expect(await directus.store.readRows('findings')).toHaveLength(one.found);
  });

  test('a person closes a finding only with a reason, and its name is kept', async () => {
    const { id } = await overcharge();
    await expect(office.updateRow('findings', id, { state: '已办结' })).rejects.toThrow('须写办结理由');
    await expect(office.updateRow('findings', id, { state: '学校已说明' })).rejects.toThrow('须先填学校说明');
    await expect(office.updateRow('findings', id, { state: '已消除', close_reason: '没有了' })).rejects.toThrow('由系统核查后写明');
    await office.updateRow('findings', id, { state: '学校已说明', answer: '多收的本周退还' });
    await office.updateRow('findings', id, { state: '已办结', close_reason: '经批准的试点' });
    const closed = await overcharge();
    expect(closed).toMatchObject({ state: '已办结', closed_by: directus.users.office.role, close_reason: '经批准的试点' });
    expect(closed.closed_at).not.toBeNull();
    expect(steps(closed.history)).toEqual(['未办:系统', '学校已说明:基教股', '已办结:基教股']);
  });

  test('several findings are closed at once with one reason, each with its own history', async () => {
    const both = { filter: { rule: { _in: ['R-V2', 'R-M1'] } } };
    const ids = (await directus.store.readRows('findings', both)).map((one) => one.id);
    await office.updateRows('findings', ids, { state: '误报', close_reason: '学校已停办' });
    const histories = async () => (await directus.store.readRows('findings', both)).map((one) => steps(one.history));
    await expect.poll(histories).toEqual(ids.map(() => ['未办:系统', '误报:基教股']));
  });

  test('what was closed stays closed while its evidence is the same, and opens again when it changes', async () => {
    expect((await judge()).reopened).toBe(0);
    expect((await overcharge()).state).toBe('已办结');
    await directus.store.updateRow('fees', 'F乙', { rate: 90, due: 90, paid: 90 });
    expect((await judge()).reopened).toBe(1);
    const back = await overcharge();
    expect(back).toMatchObject({ state: '未办', closed_by: null, close_reason: null, at_stake: 50 });
    expect(JSON.stringify(back.history)).toContain('此前办结:经批准的试点');
  });

  test('when the school gives the money back the finding goes by itself', async () => {
    await directus.store.updateRow('fees', 'F甲', { refund: 20, refund_reason: '多收' });
    await directus.store.updateRow('fees', 'F乙', { refund: 30, refund_reason: '多收' });
    expect((await judge({ schools: [code] })).gone).toBeGreaterThan(0);
    const gone = await overcharge();
    expect(gone).toMatchObject({ state: '已消除', closed_by: '系统', close_reason: '再次核查,证据已不存在' });
    expect(steps(gone.history).at(-1)).toBe('已消除:系统');
  });

  test('staff add a rule without code; one that cannot be understood is refused in words', async () => {
    const own = {
      rule: '本县-1',
      title: '缺席多',
      severity: '须',
      table: 'fees',
      field: '标准',
      comparison: '>',
      message: '标准高于 50 元,请说明',
    } as const;
    await expect(office.createRows('rules', [{ ...own, field: '价格', value: '50' }])).rejects.toThrow('没有“价格”这一栏');
    await expect(office.createRows('rules', [{ ...own, rule: 'R-F1', value: '50' }])).rejects.toThrow('规则编号 R-F1 已有');
    await office.createRows('rules', [{ ...own, value: '50' }]);
    await judge();
    expect(lines.find((line) => line.rule === '本县-1')).toMatchObject({ severity: '须', month: '2026-10', message: '标准高于 50 元,请说明(2 行)' });
    const [row] = await office.readRows('rules', { filter: { rule: { _eq: '本县-1' } } });
    await office.deleteRows('rules', [row?.id ?? '']);
    await judge();
    const [left] = await office.readRows('findings', { filter: { rule: { _eq: '本县-1' } } });
    expect(left).toMatchObject({ state: '已消除', close_reason: '规则已停用或删除' });
  });

  test('npm run rules prints one JSON document, and ends with 1 while severe findings are open', async () => {
    const { home, port, database: held } = directus.config;
    const env = { KEHOU_HOME: home, KEHOU_PORT: String(port), ...(held.client === 'pg' ? { DATABASE_URL: held.url } : {}) };
    const failed = await promisify(execFile)(
      process.execPath,
      [join(repositoryRoot, 'scripts', 'rules.ts'), '--school', code, '--dry-run', '--json'],
      {
        env: { ...process.env, ...env },
      },
    ).then(
      () => null,
      (error: { code: number; stdout: string }) => error,
    );
    expect(failed?.code).toBe(1);
    const printed = JSON.parse(failed?.stdout ?? '') as { findings: FindingLine[]; reconciliation: { month: string }[]; severe: number };
    expect(printed.severe).toBeGreaterThan(0);
    expect(Object.keys(printed.findings[0] ?? {})).toEqual(expect.arrayContaining(['rule', 'clause', 'school', 'severity', 'message', 'rows']));
    expect(printed.reconciliation.map((row) => row.month)).toContain('2026-10');
  });

  test('the night job does the same and says in one sentence what came of it', async () => {
    const silent = { bar: () => ({ step: () => undefined, total: () => undefined, end: () => undefined }), note: () => undefined };
    const outcome = await handlers.rules({ config: directus.config, store: directus.store, progress: silent, arguments: { school: code } });
    expect(outcome.message).toMatch(/^核查 1 所:发现 \d+ 项,新开 \d+,消除 \d+,未办的禁、须 \d+ 项$/);
    expect(outcome.result).toMatchObject({ schools: 1, students: 2 });
  });

  test('the rows of a school are handed only to those who may read them', async () => {
    const asked = { school: code, term: '2026-1', since: '2026-01', columns: { students: ['grade'] } };
    expect(await directus.store.call('POST', '/kehou-rules/school', asked)).toEqual({
      students: [
        { id: 'S乙', grade: 3 },
        { id: 'S甲', grade: 3 },
      ],
    });
    const communications = await directus.signIn(directus.users.communications);
    await expect(communications.call('POST', '/kehou-rules/school', asked)).rejects.toThrow('无权查看:students');
    await expect(directus.store.call('POST', '/kehou-rules/school', { ...asked, columns: { students: ['secret'] } })).rejects.toThrow(
      'no column secret',
    );
  });

  test('what a person changes on a screen is judged again within seconds: its school, or all of them where a rule was changed', async () => {
    const { store } = directus;
    const waiting = () => store.readRows('jobs', { filter: { kind: { _eq: 'rules' }, state: { _eq: '排队' } } });
    for (const { id } of await waiting()) await store.updateRow('jobs', id, { state: '已取消' });
    await store.updateRow('fees', 'F乙', { receipt_no: '0001' });
    await office.updateSettings({ office_name: '基础教育股' });
    await office.updateRow('schools', code, { leader_phone: '13800000000' });
    expect(await waiting()).toEqual([]);
    await office.updateRow('fees', 'F乙', { due: 90, rate: 90 });
    await office.updateRow('students', 'S甲', { grade: 4 });
    expect((await waiting()).map((job) => job.arguments)).toEqual([{ schools: [code] }]);
    const job = await claimJob(store, 'a worker', ['rules']);
    expect(await runJob(directus.config, store, job as NonNullable<typeof job>, () => undefined)).toBe(true);
    expect((await overcharge()).message).toContain('2 名学生的收费超过批准标准,共多收 50 元');
    await office.createRows('safety_checks', [
      { id: 'A查', school: code, checked_on: '2026-10-12', place: '门口', item: '门卫值守与来访登记', result: '合格' },
    ]);
    await office.deleteRows('safety_checks', ['A查']);
    expect((await waiting()).map((one) => one.arguments)).toEqual([{ schools: [code] }]);
    const [yearly] = await store.readRows('rules', { filter: { rule: { _eq: 'R-H2' } } });
    await office.updateRow('rules', yearly?.id as string, { threshold: 300 });
    await office.updateRow('students', 'S甲', { grade: 3 });
    expect((await waiting()).map((one) => one.arguments)).toEqual([{}]);
  });

  test('a school that is not there is named', async () => {
    await expect(judge({ schools: ['9999999999'] })).rejects.toThrow('没有标识码为 9999999999 的学校');
    await expect(judge({ month: '2020-01' })).rejects.toThrow('没有哪个学期包含 2020-01');
  });
});

test.each([
  ['2026-13', '“2026-13”写法不对'],
  ['9998-12', '9998-12 还没有到'],
])('the month %s is wrong use', async (month, words) => {
  const { rulesCommand } = await import('../../scripts/rules.ts');
  const errors: string[] = [];
  const none = () => undefined;
  expect(await runCommand(rulesCommand, ['--month', month], none, (text) => void errors.push(text))).toBe(2);
  expect(errors.join('')).toContain(words);
});
