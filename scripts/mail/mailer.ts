/**
 * Sends mail over the county's SMTP server: letters to families, reminders to schools, the digest. The only code that knows nodemailer.
 * Never decides whether something is to be sent.
 */
import { Readable } from 'node:stream';
import nodemailer from 'nodemailer';

export interface Attachment {
  readonly filename: string;
  readonly content: Uint8Array;
  /** `application/pdf`. */
  readonly contentType: string;
}

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** `<id@kehou>`: the same mail bears the same, so that a receiver can tell a second copy. */
  readonly messageId: string;
  readonly replyTo?: string;
  readonly attachments?: readonly Attachment[];
}

export interface Mailer {
  /** The server's own words. Throws where it refuses, UnclearError where nobody can tell. */
  send(mail: Mail): Promise<string>;
  close(): void;
}

/** The line broke while a mail was handed over: nobody knows whether the server has taken it. */
export class UnclearError extends Error {
  override name = 'UnclearError';
}

/** Content that the mailer reads only when the server has asked for the mail itself. */
const readOnce = (content: Uint8Array | string, onItsWay: { begun: boolean }): Readable =>
  Readable.from(
    (function* () {
      onItsWay.begun = true;
      yield Buffer.from(content as string);
    })(),
    { objectMode: false },
  );

/** A mailer over SMTP. `url` is `smtp://user:password@host:port` or `smtps://…`. */
export const openMailer = (url: string, from: string): Mailer => {
  const transport = nodemailer.createTransport({ url, pool: true, maxConnections: 2, connectionTimeout: 20_000, socketTimeout: 60_000 } as never, {
    from,
  });
  return {
    async send({ text, attachments = [], ...mail }) {
      const onItsWay = { begun: false };
      try {
        const answer = await transport.sendMail({
          ...mail,
          text: attachments.length ? text : readOnce(text, onItsWay),
          attachments: attachments.map((one) => ({ ...one, content: readOnce(one.content, onItsWay) })),
          // Nothing in a mail makes the mailer open a file or an address.
          disableFileAccess: true,
          disableUrlAccess: true,
        });
        return String((answer as { response?: string }).response ?? '');
      } catch (error) {
        // A server that has refused has said so with a number; silence after the first byte says nothing.
        const refused = (error as { responseCode?: number }).responseCode !== undefined;
        if (!onItsWay.begun || refused) throw error;
        throw new UnclearError((error as Error).message, { cause: error });
      }
    },
    close: () => transport.close(),
  };
};

/** The county's mailer; null where no server or no sender is set. */
export const countyMailer = (config: { readonly smtpUrl: string | null }, settings: { readonly mail_from?: string | null }): Mailer | null =>
  config.smtpUrl && settings.mail_from ? openMailer(config.smtpUrl, settings.mail_from) : null;
