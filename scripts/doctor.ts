/**
 * `npm run doctor`: what this machine and workspace have, what is missing, and the command that mends it.
 * It looks and changes nothing.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, statfsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Command, main } from './cli.ts';
import { type Config, inheritedEnvironment, loadConfig, repositoryRoot } from './config.ts';
import { isPortFree } from './directus/process.ts';
import { isPrivate } from './directus/secrets.ts';
import { findRunning, workspaceState } from './directus/server.ts';
import { extensionFolders, extensionHash } from './setup/build-extensions.mjs';
import { findBrowser, hasProgram, isNewEnough, missingFonts } from './setup/machine.mjs';
import { nativeAddons } from './setup/steps.mjs';
import { SheetFault } from './sheets/source.ts';

/** One thing that was looked at. `needed` false: only some people need it. */
export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly needed: boolean;
  /** What is there, or what is wrong. */
  readonly found: string;
  /** The command or step that mends it; absent where nothing is to be done. */
  readonly mend?: string;
}

const setup = 'npm run setup';

const finding = (name: string, ok: boolean, found: string, mend: string, needed = true): Finding => ({
  name,
  ok,
  needed,
  found,
  ...(ok ? {} : { mend }),
});

const node = (): Finding => finding('Node', isNewEnough(process.versions.node), `${process.versions.node}(需要 22.18 以上)`, setup);

/** Native add-ons are loaded in a process of their own: a broken one can end its process. */
const addons = (): Finding[] =>
  nativeAddons.map((name) => {
    const result = spawnSync(process.execPath, ['--input-type=module', '-e', `await import('${name}')`], { cwd: repositoryRoot, stdio: 'ignore' });
    return finding(`本机组件 ${name}`, result.status === 0, result.status === 0 ? '能用' : '装不进来', `删掉 node_modules 后运行 ${setup}`);
  });

const packages = (): Finding => {
  const require = createRequire(join(repositoryRoot, 'package.json'));
  const wanted = Object.keys(
    (JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as { dependencies: Record<string, string> }).dependencies,
  );
  const missing = wanted.filter((name) => !(require.resolve.paths(name) ?? []).some((folder) => existsSync(join(folder, name, 'package.json'))));
  return finding('依赖包', missing.length === 0, missing.length ? `缺 ${missing.join('、')}` : '齐全', setup);
};

const browser = (config: Config): Finding => {
  const found = config.chromium ?? findBrowser(inheritedEnvironment());
  return finding('Chromium', found !== null, found ?? '没有', `${setup}(Debian 也可 apt-get install chromium)`);
};

const fonts = (): Finding => {
  const missing = missingFonts();
  const words = missing.map((font) => `${font.family}(${font.use})`).join('、');
  return finding(
    '中文字体(TrueType)',
    missing.length === 0,
    missing.length ? `缺 ${words}` : '齐全',
    `apt-get install ${missing.map((font) => font.package).join(' ')}`,
  );
};

const stampOf = (name: string): string | null => {
  const file = join(repositoryRoot, '.tools', 'stamps', name);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
};

const extensions = (): Finding => {
  const stale = extensionFolders(repositoryRoot).filter((folder) => {
    const name = folder.split(/[\\/]/).at(-1) as string;
    return !existsSync(join(folder, 'dist')) || stampOf(`extension-${name}`) !== extensionHash(repositoryRoot, folder);
  });
  return finding('Directus 扩展', stale.length === 0, stale.length ? `要重新编译 ${stale.length} 个` : '都已编译', setup);
};

const workspace = async (config: Config): Promise<Finding[]> => {
  const state = workspaceState(config);
  const running = await findRunning(config);
  const portFree = running !== null || (await isPortFree(config.host, config.port));
  return [
    finding(
      '数据库',
      state.bootstrapped,
      state.bootstrapped ? (config.database.client === 'pg' ? 'PostgreSQL' : config.database.filename) : '还没有建立',
      setup,
    ),
    finding('数据模型', state.prepared, state.prepared ? '已套用' : '没有套用,或模型有更新', `${setup}(细节:npm run schema -- --check --live)`),
    finding(
      '密钥文件',
      existsSync(config.secretsFile) && isPrivate(config.secretsFile),
      !existsSync(config.secretsFile) ? '还没有' : isPrivate(config.secretsFile) ? '只有本人可读' : '别人也能读',
      existsSync(config.secretsFile) ? `chmod 600 ${config.secretsFile}` : setup,
    ),
    finding(
      '端口',
      portFree,
      running ? `正在运行:${running}` : portFree ? `${config.port} 空闲` : `${config.port} 被别的程序占用`,
      '关掉那个程序,或在 .env 里改 KEHOU_PORT',
    ),
  ];
};

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

const disk = (config: Config): Finding => {
  const folder = existsSync(config.home) ? config.home : dirname(config.home);
  const { bavail, bsize } = statfsSync(existsSync(folder) ? folder : repositoryRoot);
  return finding('磁盘空间', bavail * bsize > 2e9, `剩 ${gigabytes(bavail * bsize)}`, '至少留出 2 GB');
};

const optional = (): Finding[] =>
  [
    ['soffice', 'LibreOffice(测试用它重存工作簿)', 'apt-get install libreoffice-calc-nogui'],
    ['pdftotext', 'poppler(测试用它读 PDF)', 'apt-get install poppler-utils'],
  ].map(([program, name, mend]) => {
    const there = hasProgram(program as string, inheritedEnvironment());
    return finding(name as string, there, there ? '有' : '没有', mend as string, false);
  });

const mayWrite = (folder: string): boolean => {
  try {
    accessSync(folder, constants.R_OK | constants.W_OK);
    return true;
  } catch (error) {
    // Made with the first workbook.
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
};

/** The shared folder and WebDAV, looked at as the sync looks at them. */
const handIn = async (config: Config): Promise<Finding[]> => {
  const { sheetSources } = await import('./sheets/sources.ts');
  const looked = sheetSources(config).filter((source) => source.kind !== '谷歌表格');
  return Promise.all(
    looked.map(async (source) => {
      const name = source.kind === '网盘' ? '网盘(WebDAV)' : '填报表文件夹';
      try {
        const sheets = await source.list(new Map());
        const may = source.kind === '网盘' || mayWrite(config.sheetsDir);
        return finding(name, may, may ? `${source.where}(${sheets.length} 份)` : '不能写', `让运行本系统的账号对 ${config.sheetsDir} 有读写权限`);
      } catch (error) {
        if (!(error instanceof SheetFault)) throw error;
        return finding(name, false, '连不上', error.message);
      }
    }),
  );
};

/** Only where Google Sheets are set up: it takes a few calls to Google. */
const google = async (config: Config): Promise<Finding[]> => {
  if (!config.google) return [];
  const { examineGoogle } = await import('./sheets/google/examine.ts');
  return (await examineGoogle(config.google)).map(({ name, found, wrong }) => finding(name, wrong === null, found, wrong ?? ''));
};

/** Looks at everything, in the order in which things build on each other. */
export const examine = async (config: Config): Promise<Finding[]> => [
  node(),
  packages(),
  ...addons(),
  browser(config),
  fonts(),
  extensions(),
  ...(await workspace(config)),
  disk(config),
  ...(await handIn(config)),
  ...(await google(config)),
  ...optional(),
];

const mark = (one: Finding): string => (one.ok ? '✓' : one.needed ? '✗' : '–');

const options = {} as const;

export const doctorCommand: Command<typeof options> = {
  name: 'doctor',
  summary: '体检:有什么、缺什么、用哪条命令补 / what is there, what is missing, what mends it',
  options,
  async run() {
    const items = await examine(loadConfig());
    const ill = items.filter((one) => one.needed && !one.ok);
    const lines = items.map((one) => `${mark(one)} ${one.name}:${one.found}${one.mend ? `。补法:${one.mend}` : ''}`);
    return {
      json: { ok: ill.length === 0, items },
      text: [...lines, '', ill.length ? `有 ${ill.length} 项要补。` : '一切就绪。'].join('\n'),
      problems: ill.length > 0,
    };
  },
};

await main(import.meta, doctorCommand);
