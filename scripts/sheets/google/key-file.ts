/**
 * The JSON key of a service account, as Google Cloud hands it out.
 * No message ever repeats its content.
 */
import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { SheetFault } from '../source.ts';

export interface ServiceKey {
  /** Address of the account: what folders are shared with. */
  readonly email: string;
  readonly keyId: string | undefined;
  /** PEM. */
  readonly key: string;
  /** Where tokens are asked for. */
  readonly tokenUri: string;
}

const shape = z.object({
  type: z.literal('service_account'),
  client_email: z.string().includes('@'),
  private_key: z.string().min(1),
  private_key_id: z.string().optional(),
  token_uri: z.url(),
});

const renew = '请按 README“谷歌表格”第 3 步重新下载 JSON 密钥';

const textOf = async (path: string): Promise<string> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const gone = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new SheetFault(
      gone ? `谷歌密钥文件 ${path} 不存在;请核对 .env 里的 KEHOU_GOOGLE_CREDENTIALS` : `谷歌密钥文件 ${path} 读不了;请检查它的权限`,
    );
  }
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const isPrivateKey = (pem: string): boolean => {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
};

/** Throws SheetFault where the file is not such a key. */
export const readKeyFile = async (path: string): Promise<ServiceKey> => {
  const found = shape.safeParse(jsonOf(await textOf(path)));
  if (!found.success) throw new SheetFault(`${path} 不是服务账号的 JSON 密钥;${renew}`);
  const { client_email: email, private_key: key, private_key_id: keyId, token_uri: tokenUri } = found.data;
  if (!isPrivateKey(key)) throw new SheetFault(`${path} 里的私钥不完整;${renew}`);
  return { email, key, keyId, tokenUri };
};
