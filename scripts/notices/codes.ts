/** The codes on a letter: unguessable for the QR, short for typing. Never derived from the student. */
import { randomBytes, randomInt } from 'node:crypto';
import QRCode from 'qrcode';

/** RFC 4648 base32 in lower case: five bits a character, safe in an address. */
const base32 = 'abcdefghijklmnopqrstuvwxyz234567';
/** For eyes and fingers: no 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V. */
const typed = '34679ACDEFGHJKMNPQRTUWXY';

/** 128 random bits as 26 characters. */
export const newCode = (bytes: Uint8Array = randomBytes(16)): string => {
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  let code = '';
  for (let rest = bits << 2n, count = 0; count < 26; count += 1, rest >>= 5n) code = base32[Number(rest & 31n)] + code;
  return code;
};

/** Eight characters to type when there is no camera; printed in two groups of four. */
export const newShortCode = (pick: (below: number) => number = (below) => randomInt(below)): string =>
  Array.from({ length: 8 }, () => typed[pick(typed.length)]).join('');

export const grouped = (shortCode: string): string => `${shortCode.slice(0, 4)}-${shortCode.slice(4)}`;

/** The public address of a letter. */
export const noticeUrl = (publicUrl: string, code: string): string => `${publicUrl.replace(/\/+$/, '')}/notice/${code}`;

export interface QrPath {
  /** Modules on one side, quiet zone not counted. */
  readonly size: number;
  /** SVG path data: one run of dark modules after the other. */
  readonly path: string;
}

/** A QR as one vector path: a few kB in the PDF, sharp on any printer. */
export const qrPath = (text: string): QrPath => {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' });
  let path = '';
  for (let y = 0; y < modules.size; y += 1) {
    for (let x = 0; x < modules.size; ) {
      let run = 0;
      while (x + run < modules.size && modules.get(y, x + run)) run += 1;
      if (run > 0) path += `M${x} ${y}h${run}v1h-${run}z`;
      x += Math.max(run, 1);
    }
  }
  return { size: modules.size, path };
};
