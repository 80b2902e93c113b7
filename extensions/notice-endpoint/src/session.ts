/** Remembers for half an hour that the guardian's phone was right for one letter. Keeps nothing: the browser carries a signed mark. */
import { createHmac, timingSafeEqual } from 'node:crypto';

const name = 'kehou_notice';
const halfAnHour = 30 * 60_000;

export interface Sessions {
  /** Value of a Set-Cookie header; without a path it is sent back for this letter only. */
  open(copyId: string, now: number): string;
  isOpen(copyId: string, cookies: string | undefined, now: number): boolean;
}

const cookieValue = (cookies: string): string | undefined =>
  cookies
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${name}=`))
    ?.slice(name.length + 1);

export const noticeSessions = (secret: string, secure: boolean): Sessions => {
  const sign = (copyId: string, until: number): string => createHmac('sha256', secret).update(`notice ${copyId} ${until}`).digest('base64url');
  return {
    open(copyId, now) {
      const until = now + halfAnHour;
      return `${name}=${until}.${sign(copyId, until)}; HttpOnly; SameSite=Strict; Max-Age=${halfAnHour / 1000}${secure ? '; Secure' : ''}`;
    },
    isOpen(copyId, cookies, now) {
      const [until, signature] = (cookieValue(cookies ?? '') ?? '').split('.');
      if (!signature || !(Number(until) > now)) return false;
      const [given, right] = [Buffer.from(signature), Buffer.from(sign(copyId, Number(until)))];
      return given.length === right.length && timingSafeEqual(given, right);
    },
  };
};
