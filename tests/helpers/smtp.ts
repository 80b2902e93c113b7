/** A real SMTP server on this machine that keeps what it gets; whoever is called nobody is refused. */
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  readonly from: string;
  readonly to: string;
  /** As it came over the line. */
  readonly mail: string;
}

export interface PostOffice {
  /** `smtp://127.0.0.1:port` */
  readonly url: string;
  readonly received: ReceivedMail[];
  close(): Promise<void>;
}

/** `delay`: milliseconds that the server takes over each mail. */
export const openPostOffice = async (delay = 0): Promise<PostOffice> => {
  const received: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo({ address }, _session, done) {
      done(address.startsWith('nobody') ? Object.assign(new Error('no such user here'), { responseCode: 550 }) : null);
    },
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo[0]?.address ?? '', mail: Buffer.concat(parts).toString() });
        setTimeout(done, delay, null);
      });
    },
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    received,
    close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
};

const quoted = (text: string): string =>
  Buffer.from(
    text.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString();

/** The plain text of a mail. */
export const textOf = (mail: string): string => {
  const parts = mail.split(/\r\n--[^\r\n]+\r\n/);
  const part = parts.find((one) => /^Content-Type: text\/plain/m.test(one.slice(0, one.indexOf('\r\n\r\n')))) ?? '';
  const end = part.indexOf('\r\n\r\n');
  const [, encoding] = /^Content-Transfer-Encoding: (\S+)/m.exec(part.slice(0, end)) ?? [];
  const body = part.slice(end + 4);
  return encoding === 'base64' ? Buffer.from(body, 'base64').toString() : quoted(body);
};

/** The subject of a mail. */
export const subjectOf = (mail: string): string => {
  const [, folded = ''] = /^Subject: ([\s\S]*?)\r\n(?!\s)/m.exec(mail) ?? [];
  return folded
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?UTF-8\?B\?([^?]*)\?=/gi, (_all, text: string) => Buffer.from(text, 'base64').toString())
    .replace(/=\?UTF-8\?Q\?([^?]*)\?=/gi, (_all, text: string) => quoted(text.replaceAll('_', ' ')));
};
