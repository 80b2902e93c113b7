/**
 * The keys, tokens and passwords of one county's Directus, made at random on the first run and kept in one file, mode 600.
 * Never a fixed default, never written anywhere else.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../cli.ts';

const signInShape = z.object({ role: z.string(), email: z.string(), password: z.string().min(12) });
const secretsShape = z.object({
  key: z.string().min(32),
  secret: z.string().min(32),
  adminToken: z.string().min(32),
  serviceToken: z.string().min(32),
  signIn: z.object({ admin: signInShape, office: signInShape, communications: signInShape }),
});

export type SignIn = z.infer<typeof signInShape>;
export type Secrets = z.infer<typeof secretsShape>;

/** No look-alikes: people copy these from a screen by hand. */
const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const newPassword = (): string =>
  Array.from({ length: 4 }, () => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('')).join('-');
const newToken = (): string => randomBytes(32).toString('base64url');

const newSecrets = (): Secrets => ({
  key: newToken(),
  secret: newToken(),
  adminToken: newToken(),
  serviceToken: newToken(),
  signIn: {
    admin: { role: '管理员', email: 'admin@kehou.example.com', password: newPassword() },
    office: { role: '基教股', email: 'jijiao@kehou.example.com', password: newPassword() },
    communications: { role: '宣传', email: 'xuanchuan@kehou.example.com', password: newPassword() },
  },
});

/** Reads the secrets of a workspace. Throws UsageError when the file is damaged; null when there is none yet. */
export const readSecrets = (file: string): Secrets | null => {
  if (!existsSync(file)) return null;
  try {
    return secretsShape.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new UsageError(`密钥文件 ${file} 读不了或内容不完整。请从备份恢复它;没有它,无法进入原来的数据库。`, { cause: error });
  }
};

/** True when nobody but the owner can read the file (always on Windows, which has no such mode). */
export const isPrivate = (file: string): boolean => process.platform === 'win32' || (statSync(file).mode & 0o077) === 0;

/** The workspace's secrets, made on the first call; `fresh` tells that they have to be shown to the person once. */
export const ensureSecrets = (file: string): { secrets: Secrets; fresh: boolean } => {
  const found = readSecrets(file);
  if (found) {
    if (!isPrivate(file)) chmodSync(file, 0o600);
    return { secrets: found, fresh: false };
  }
  const secrets = newSecrets();
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(draft, file);
  return { secrets, fresh: true };
};
