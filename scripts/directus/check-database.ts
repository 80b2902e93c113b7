/**
 * Opens the database before Directus does, so that a fault is one clear sentence and not a crash log.
 * Changes no row in it.
 */
import { once } from 'node:events';
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import pg from 'pg';
import sqlite3 from 'sqlite3';
import { UsageError } from '../cli.ts';
import type { Database } from '../config.ts';

/** The file keeps this setting: what is written goes to a log of its own first, so that readers and the writer need not wait for each other. */
const writeAhead = 'PRAGMA journal_mode = WAL';

const openSqlite = async (filename: string): Promise<void> => {
  const database = new sqlite3.Database(filename, sqlite3.OPEN_READWRITE);
  await once(database, 'open');
  const ask = (sql: string) => new Promise<void>((resolve, reject) => database.get(sql, (error) => (error ? reject(error) : resolve())));
  try {
    await ask('SELECT count(*) FROM sqlite_master');
    await ask(writeAhead);
  } finally {
    await new Promise<void>((resolve) => database.close(() => resolve()));
  }
};

const checkSqlite = async (filename: string): Promise<void> => {
  const folder = dirname(filename);
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new UsageError(`工作文件夹 ${folder} 不能写入。请检查磁盘和权限,或用 KEHOU_HOME 换一个文件夹。`, { cause: error });
  }
  if (!existsSync(filename)) return;
  try {
    await openSqlite(filename);
  } catch (error) {
    throw new UsageError(`数据库文件 ${filename} 打不开或已损坏。请从备份恢复该文件;若不要其中的数据,把它移走后再启动。`, { cause: error });
  }
};

interface PgFault {
  readonly code?: string;
}

/** What went wrong, by PostgreSQL's and the system's own codes (never by the text of a message). */
const postgresFaults: Readonly<Record<string, string>> = {
  '28P01': '用户名或密码不对',
  '28000': '数据库服务器不允许这个用户从本机登录',
  '3D000': '服务器上没有这个名字的数据库,请先建库(createdb)',
  ECONNREFUSED: '服务器没有开,或地址、端口不对',
  ENOTFOUND: '找不到这个主机名',
  EAI_AGAIN: '找不到这个主机名',
};

const checkPostgres = async (url: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  // A connection that breaks later is reported by the query that meets it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
  } catch (error) {
    const { host, pathname } = new URL(url);
    const reason = postgresFaults[(error as PgFault).code ?? ''] ?? '服务器没有应答';
    throw new UsageError(`连不上 PostgreSQL(${host}${pathname}):${reason}。请检查 DATABASE_URL 和数据库服务器。`, { cause: error });
  } finally {
    await client.end().catch(() => undefined);
  }
};

/** Throws UsageError with one sentence when the database cannot be used; a SQLite file that is not there yet is fine. */
export const checkDatabase = (database: Database): Promise<void> =>
  database.client === 'pg' ? checkPostgres(database.url) : checkSqlite(database.filename);
