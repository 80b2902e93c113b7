// The four stages of the set-up: Node 22, packages, browser and fonts, extensions.
// Asks no questions, and leaves everything it makes in the repository's git-ignored folders (and Debian's package system).
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, readFileSync, rmSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { buildExtension, extensionFolders, extensionHash } from './build-extensions.mjs';
import { canUseApt, findBrowser, fonts, hasProgram, isNewEnough, missingFonts, nodePackage, nodeProgram, ownNode } from './machine.mjs';
import { SetupError } from './stages.mjs';

/** Runs a program with its output in the log; resolves with its exit code, 127 when it cannot be started. */
const run = (log, program, args, options = {}) =>
  new Promise((resolve) => {
    const out = createWriteStream(log, { flags: 'a' });
    out.write(`\n$ ${[program, ...args].join(' ')}\n`);
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    child.stdout.pipe(out, { end: false });
    child.stderr.pipe(out, { end: false });
    const end = (code) => out.end(() => resolve(code));
    child.on('error', (error) => {
      out.write(`${error.message}\n`);
      end(127);
    });
    child.on('close', (code) => end(code ?? 1));
  });

/** npm as a program and its first arguments: the one that runs us, else the one beside this Node, else any on PATH. */
const npmCommand = (env, node) => {
  const own = env.npm_execpath;
  if (own && basename(own) === 'npm-cli.js') return [node, own];
  const beside = join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js');
  return existsSync(beside) ? [node, beside] : ['npm'];
};

const runNpm = (log, args, env, node, cwd) => {
  const [program, ...first] = npmCommand(env, node);
  return run(log, program, [...first, ...args], { cwd, env, shell: program === 'npm' && process.platform === 'win32' });
};

/** The environment of everything we start: our Node first on PATH, and its headers for native add-ons. */
export const toolEnvironment = (root, env) => {
  if (isNewEnough(process.versions.node)) return { ...env, PATH: `${dirname(process.execPath)}${delimiter}${env.PATH ?? ''}` };
  const own = ownNode(root);
  return { ...env, PATH: `${own.bin}${delimiter}${env.PATH ?? ''}`, npm_config_nodedir: own.folder };
};

const answersVersion = (program) => existsSync(program) && isNewEnough(spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout ?? '');

const nodeStage = (root, env) => {
  const own = ownNode(root);
  return {
    name: 'node22',
    label: '准备 Node 22(本机的 Node 较旧)',
    key: () => nodePackage(),
    present: () => existsSync(own.program),
    adopt: () => answersVersion(own.program),
    async run(log) {
      const prefix = join(root, '.tools', 'node22');
      rmSync(prefix, { recursive: true, force: true });
      const args = ['install', '--prefix', prefix, '--no-save', '--no-package-lock', '--no-audit', '--no-fund', `${nodePackage()}@22`];
      const code = await runNpm(log, args, env, process.execPath, root);
      if (code !== 0 || !answersVersion(own.program)) {
        throw new SetupError(
          `没有取到 Node 22(npm 包 ${nodePackage()}@22)。请检查网络或 npm 的镜像设置后重新运行;也可自行安装 Node 22.18 以上版本。`,
        );
      }
    },
  };
};

const lockfile = (root) => join(root, 'package-lock.json');

/** The lock file and the kind of Node: native add-ons built for one kind do not load in another. */
const dependenciesKey = (root, node) => {
  const abi = node === process.execPath ? process.versions.modules : 'own22';
  return createHash('sha256')
    .update(readFileSync(lockfile(root)))
    .update(`${abi}/${process.platform}/${process.arch}`)
    .digest('hex')
    .slice(0, 24);
};

/** What npm notes down at the end of a complete installation. */
const npmNotes = (root) => join(root, 'node_modules', '.package-lock.json');

/** True when npm's last installation was complete and is what the lock file asks for. */
const isInstalled = (root) => {
  if (!existsSync(npmNotes(root))) return false;
  const wanted = JSON.parse(readFileSync(lockfile(root), 'utf8')).packages;
  const found = JSON.parse(readFileSync(npmNotes(root), 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, one]) => path === '' || (found[path] ? found[path].version === one.version : Boolean(one.optional || one.peer || one.extraneous)),
  );
};

/** Native add-ons of Directus and of ours; each must load, not only be there. */
export const nativeAddons = ['sqlite3', 'argon2', 'isolated-vm'];

const loads = (root, node) => {
  const code = `for (const one of ${JSON.stringify(nativeAddons)}) await import(one)`;
  return spawnSync(node, ['--input-type=module', '-e', code], { cwd: root, stdio: 'ignore' }).status === 0;
};

const buildTools = ['python3', 'make', 'g++'];

const aptInstall = async (log, packages, env) => {
  const quiet = { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' } };
  await run(log, 'apt-get', ['update', '-qq'], quiet);
  return run(log, 'apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], quiet);
};

const dependenciesStage = (root, env) => {
  const node = nodeProgram(root);
  return {
    name: 'dependencies',
    label: '安装依赖包(第一次约几分钟)',
    key: () => dependenciesKey(root, node),
    present: () => existsSync(npmNotes(root)),
    adopt: () => isInstalled(root) && loads(root, node),
    async run(log) {
      const tools = { ...toolEnvironment(root, env), PUPPETEER_SKIP_DOWNLOAD: '1' };
      const missing = buildTools.filter((name) => !hasProgram(name, tools));
      // Without prebuilt add-ons (a machine cut off from their download site) they are compiled here.
      if (missing.length && canUseApt(env)) await aptInstall(log, missing, env);
      // Without its notes the last installation was cut off: begin anew. With them, only the differences are installed.
      if (!existsSync(npmNotes(root))) rmSync(join(root, 'node_modules'), { recursive: true, force: true });
      rmSync(npmNotes(root), { force: true });
      // Not `npm ci`: it refuses the whole lock file when a mirror lacks a package that only another platform needs.
      const code = await runNpm(log, ['install', '--no-save', '--include=dev', '--no-audit', '--no-fund', '--foreground-scripts'], tools, node, root);
      if (code === 0 && loads(root, node)) return;
      const hint =
        missing.length && !canUseApt(env)
          ? `本机缺编译工具 ${missing.join('、')},请先安装(Debian: apt-get install ${missing.join(' ')})。`
          : '请检查网络或 npm 的镜像设置、磁盘空间。';
      throw new SetupError(`依赖包没有装好(npm 退出码 ${code})。${hint}然后重新运行同一条命令,会接着做。`);
    },
  };
};

const browserStage = (root, env) => ({
  name: 'browser',
  label: '准备浏览器和中文字体(打印用)',
  key: () => ['chromium', ...fonts.map((font) => font.package)].join(' '),
  present: () => findBrowser(env) !== null,
  // Without poppler the tests cannot read what is printed; where we may not install it, nobody asks for it.
  adopt: () => findBrowser(env) !== null && missingFonts().length === 0 && (hasProgram('pdftotext', env) || !canUseApt(env)),
  async run(log) {
    if (canUseApt(env)) {
      const packages = [...(findBrowser(env) ? [] : ['chromium']), 'fontconfig', ...fonts.map((font) => font.package), 'poppler-utils'];
      await aptInstall(log, packages, env);
    }
    if (!findBrowser(env)) {
      const puppeteer = join(root, 'node_modules', 'puppeteer', 'lib', 'puppeteer', 'node', 'cli.js');
      await run(log, nodeProgram(root), [puppeteer, 'browsers', 'install', 'chrome'], { cwd: root, env: toolEnvironment(root, env) });
    }
    if (!findBrowser(env)) {
      throw new SetupError(
        '没有可用的浏览器,无法打印通知。请安装 Chromium 或 Chrome(Debian: apt-get install chromium),或用 PUPPETEER_EXECUTABLE_PATH 指明它在哪里,再重新运行。',
      );
    }
    const missing = missingFonts();
    if (missing.length) {
      throw new SetupError(
        `缺中文字体:${missing.map((font) => `${font.family}(${font.use})`).join('、')}。请管理员安装(Debian: apt-get install ${missing.map((font) => font.package).join(' ')}),再重新运行。`,
      );
    }
  },
});

const extensionStage = (root, env, folder) => ({
  name: `extension-${basename(folder)}`,
  label: `编译 Directus 扩展 ${basename(folder)}`,
  key: () => extensionHash(root, folder),
  present: () => existsSync(join(folder, 'dist')),
  async run(log) {
    rmSync(join(folder, 'dist'), { recursive: true, force: true });
    try {
      await buildExtension(nodeProgram(root), root, folder, toolEnvironment(root, env));
    } catch (error) {
      createWriteStream(log, { flags: 'a' }).end(`${error.message}\n`);
      const words = error.message.split('\n').find((line) => /error|could not|failed/i.test(line)) ?? error.message.trim().split('\n')[0];
      throw new SetupError(`扩展 ${basename(folder)} 没有编译成功:${words.trim()}`);
    }
  },
});

/** The stages that a command needs, in order. `needs`: how far the set-up has to go. */
export const stagesFor = (root, env, needs) => [
  ...(isNewEnough(process.versions.node) ? [] : [nodeStage(root, env)]),
  dependenciesStage(root, env),
  ...(needs.browser ? [browserStage(root, env)] : []),
  ...(needs.extensions ? extensionFolders(root).map((folder) => extensionStage(root, env, folder)) : []),
];
