/**
 * The only reader of the environment: every setting, checked at once, with the folders that follow from them.
 * Never touches the network or the database, and never repeats a secret in a message.
 */
import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { UsageError } from './cli.ts';

/** The folder that holds package.json. */
export const repositoryRoot = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

export type Database = { readonly client: 'sqlite3'; readonly filename: string } | { readonly client: 'pg'; readonly url: string };

export interface Config {
  /** Everything that belongs to one county: database, secrets, workbooks, outputs. Absolute. */
  readonly home: string;
  readonly host: string;
  readonly port: number;
  /** Where browsers and QR codes reach Directus; no slash at the end. */
  readonly publicUrl: string;
  readonly database: Database;
  readonly county: string;
  readonly timezone: string;
  /** The shared folder of the schools' workbooks. Absolute. */
  readonly sheetsDir: string;
  /** `poll`: look at the folder every few seconds, where the system's reports of changes do not reach. */
  readonly sheetsWatch: 'auto' | 'poll';
  /** Google Sheets, where schools fill in there; null where they do not. */
  readonly google: {
    /** JSON key of the service account. Absolute. */
    readonly keyFile: string;
    /** Drive folder of the schools' spreadsheets. */
    readonly folder: string;
    /** Where the Sheets and Drive APIs are; null is Google itself. */
    readonly rootUrl: string | null;
  } | null;
  /** A WebDAV folder of workbooks (Nextcloud, 坚果云); null where there is none. */
  readonly webdav: { readonly url: string; readonly user: string; readonly password: string } | null;
  /** The mail server for letters, with its password; null: no mail is sent. */
  readonly smtpUrl: string | null;
  /** A Chromium to print with; null: the set-up finds one. */
  readonly chromium: string | null;
  readonly folders: {
    readonly notices: string;
    readonly reports: string;
    readonly showcase: string;
    /** The site as it would be, for staff only. */
    readonly preview: string;
    /** Articles and briefs made from cases, for staff only. */
    readonly caseFiles: string;
    readonly logs: string;
    readonly uploads: string;
    /** Short-lived files of Directus and of the commands. */
    readonly temporary: string;
  };
  /** Keys and passwords, mode 600. */
  readonly secretsFile: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings that may come from a file named in `NAME_FILE`, as container platforms hand over secrets. */
const secretSettings = ['DATABASE_URL', 'KEHOU_SMTP_URL', 'KEHOU_WEBDAV_PASSWORD'] as const;

const isTimezone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('zh-CN', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

const isWebAddress = (value: string): boolean => URL.canParse(value) && ['http:', 'https:'].includes(new URL(value).protocol);
const isMailAddress = (value: string): boolean => URL.canParse(value) && ['smtp:', 'smtps:'].includes(new URL(value).protocol);
const isPostgresAddress = (value: string): boolean => URL.canParse(value) && ['postgres:', 'postgresql:'].includes(new URL(value).protocol);

/** One entry per setting; `.env.example` explains each, and a test holds the two together. */
export const settingsShape = z.object({
  KEHOU_HOME: z.string().default('workspace'),
  KEHOU_HOST: z
    .string()
    .regex(/^[\w.:-]+$/, '应是监听地址,如 127.0.0.1 或 0.0.0.0')
    .default('127.0.0.1'),
  KEHOU_PORT: z
    .string()
    .regex(/^\d{1,5}$/, '应是 1-65535 之间的整数')
    .transform(Number)
    .refine((port) => port >= 1 && port <= 65_535, '应是 1-65535 之间的整数')
    .default(8055),
  PUBLIC_URL: z.string().refine(isWebAddress, '应是完整网址,如 https://kehou.example.cn').optional(),
  DATABASE_URL: z.string().refine(isPostgresAddress, '应留空(用 SQLite)或形如 postgres://用户:密码@主机:5432/库名').optional(),
  KEHOU_COUNTY: z.string().max(40, '不能超过 40 个字').default('汝南县(示例)'),
  KEHOU_TIMEZONE: z.string().refine(isTimezone, '应是时区名,如 Asia/Shanghai').default('Asia/Shanghai'),
  KEHOU_SHEETS_DIR: z.string().optional(),
  KEHOU_SHEETS_WATCH: z.enum(['auto', 'poll'], '应是 auto 或 poll').default('auto'),
  KEHOU_GOOGLE_CREDENTIALS: z.string().optional(),
  KEHOU_GOOGLE_FOLDER: z
    .string()
    .regex(/^[\w-]{3,}$/, '应是云端硬盘文件夹的编号:它网址里 folders/ 后面的那一段')
    .optional(),
  KEHOU_GOOGLE_ROOT_URL: z.string().refine(isWebAddress, '应是完整网址,一般不写').optional(),
  KEHOU_WEBDAV_URL: z.string().refine(isWebAddress, '应是 WebDAV 文件夹的完整网址').optional(),
  KEHOU_WEBDAV_USER: z.string().optional(),
  KEHOU_WEBDAV_PASSWORD: z.string().optional(),
  KEHOU_SMTP_URL: z.string().refine(isMailAddress, '应形如 smtp://用户:密码@主机:587 或 smtps://用户:密码@主机:465').optional(),
  PUPPETEER_EXECUTABLE_PATH: z.string().refine(existsSync, '指的文件不存在;应是 Chromium 或 Chrome 程序的路径').optional(),
});

export const settingNames = Object.keys(settingsShape.shape);

const absolute = (path: string): string => (isAbsolute(path) ? path : resolve(repositoryRoot, path));

/** Takes secrets out of the files that `NAME_FILE` names, and says which cannot be read. */
const withSecretFiles = (env: Environment): { env: Environment; faults: string[] } => {
  const found: Record<string, string> = {};
  const faults: string[] = [];
  for (const name of secretSettings) {
    const file = env[`${name}_FILE`]?.trim();
    if (!file) continue;
    if (env[name]?.trim()) {
      faults.push(`[${name}] 与 [${name}_FILE] 只能设一个`);
      continue;
    }
    try {
      found[name] = readFileSync(absolute(file), 'utf8');
    } catch {
      faults.push(`[${name}_FILE] 指的文件读不了`);
    }
  }
  return { env: { ...env, ...found }, faults };
};

const unknownNames = (env: Environment): string[] =>
  Object.keys(env)
    .filter((name) => name.startsWith('KEHOU_') && !settingNames.includes(name))
    .map((name) => `[${name}] 没有这个设置,请检查拼写`);

/** Settings of which one alone says nothing. */
const halves = (given: Readonly<Record<string, string | undefined>>): string[] =>
  [
    ['KEHOU_GOOGLE_CREDENTIALS', 'KEHOU_GOOGLE_FOLDER'],
    ['KEHOU_GOOGLE_FOLDER', 'KEHOU_GOOGLE_CREDENTIALS'],
    ['KEHOU_GOOGLE_ROOT_URL', 'KEHOU_GOOGLE_CREDENTIALS'],
    ['KEHOU_WEBDAV_USER', 'KEHOU_WEBDAV_URL'],
    ['KEHOU_WEBDAV_PASSWORD', 'KEHOU_WEBDAV_URL'],
  ].flatMap(([name, other]) => (given[name as string] && !given[other as string] ? [`设了 [${name}] 就要设 [${other}]`] : []));

/**
 * Checks all settings and names every fault at once. An empty setting counts as not given.
 * Throws UsageError: `配置有误: [KEHOU_PORT] 应是…。见 .env.example`.
 */
export const parseConfig = (environment: Environment): Config => {
  const { env, faults } = withSecretFiles(environment);
  const given = Object.fromEntries(settingNames.flatMap((name) => (env[name]?.trim() ? [[name, env[name]?.trim()]] : [])));
  const result = settingsShape.safeParse(given);
  const all = [
    ...(result.error?.issues.map((issue) => `[${issue.path.join('.')}] ${issue.message}`) ?? []),
    ...halves(given),
    ...faults,
    ...unknownNames(env),
  ];
  if (!result.success || all.length) throw new UsageError(`配置有误: ${all.join('。')}。各项说明见 .env.example`);

  const settings = result.data;
  const home = absolute(settings.KEHOU_HOME);
  const filename = join(home, 'data.db');
  return {
    home,
    host: settings.KEHOU_HOST,
    port: settings.KEHOU_PORT,
    publicUrl: (settings.PUBLIC_URL ?? `http://localhost:${settings.KEHOU_PORT}`).replace(/\/+$/, ''),
    database: settings.DATABASE_URL ? { client: 'pg', url: settings.DATABASE_URL } : { client: 'sqlite3', filename },
    county: settings.KEHOU_COUNTY,
    timezone: settings.KEHOU_TIMEZONE,
    sheetsDir: settings.KEHOU_SHEETS_DIR ? absolute(settings.KEHOU_SHEETS_DIR) : join(home, '填报表'),
    sheetsWatch: settings.KEHOU_SHEETS_WATCH,
    google:
      settings.KEHOU_GOOGLE_CREDENTIALS && settings.KEHOU_GOOGLE_FOLDER
        ? {
            keyFile: absolute(settings.KEHOU_GOOGLE_CREDENTIALS),
            folder: settings.KEHOU_GOOGLE_FOLDER,
            rootUrl: settings.KEHOU_GOOGLE_ROOT_URL ?? null,
          }
        : null,
    webdav: settings.KEHOU_WEBDAV_URL
      ? { url: settings.KEHOU_WEBDAV_URL, user: settings.KEHOU_WEBDAV_USER ?? '', password: settings.KEHOU_WEBDAV_PASSWORD ?? '' }
      : null,
    smtpUrl: settings.KEHOU_SMTP_URL ?? null,
    chromium: settings.PUPPETEER_EXECUTABLE_PATH ?? null,
    folders: {
      notices: join(home, 'notices'),
      reports: join(home, 'reports'),
      showcase: join(home, 'showcase'),
      preview: join(home, 'showcase-preview'),
      caseFiles: join(home, '案例成品'),
      logs: join(home, 'logs'),
      uploads: join(home, 'uploads'),
      temporary: join(home, '.tmp'),
    },
    secretsFile: join(home, 'secrets.json'),
  };
};

/** Where Debian and others put a browser; a machine with none of them prints with puppeteer's own. */
const systemBrowsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'];

const loadEnvFile = (): void => {
  const file = join(repositoryRoot, '.env');
  if (existsSync(file)) process.loadEnvFile(file);
};

/** The settings of this process: `.env` in the repository root, overridden by the real environment. */
export const loadConfig = (): Config => {
  loadEnvFile();
  const config = parseConfig(process.env);
  return { ...config, chromium: config.chromium ?? systemBrowsers.find((path) => existsSync(path)) ?? null };
};

/** What a program that we start inherits: PATH, proxies, and Directus' own settings that an administrator has put in `.env`. */
export const inheritedEnvironment = (): Record<string, string> =>
  Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
