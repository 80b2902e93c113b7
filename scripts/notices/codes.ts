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

/** A QR as runs of dark modules: column, row, length. Vectors stay sharp on any printer. */
export interface QrRuns {
  /** Modules on one side, quiet zone not counted. */
  readonly size: number;
  readonly runs: readonly (readonly [x: number, y: number, length: number])[];
}

export const qrCode = (text: string): QrRuns => {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' });
  const runs: [number, number, number][] = [];
  for (let y = 0; y < modules.size; y += 1) {
    for (let x = 0; x < modules.size; ) {
      let length = 0;
      while (x + length < modules.size && modules.get(y, x + length)) length += 1;
      if (length > 0) runs.push([x, y, length]);
      x += Math.max(length, 1);
    }
  }
  return { size: modules.size, runs };
};

/** As the data of an SVG path. */
export const qrPath = ({ runs }: QrRuns): string => runs.map(([x, y, length]) => `M${x} ${y}h${length}v1h-${length}z`).join('');

/** As drawing operators of a PDF. */
export const qrOperators = ({ runs }: QrRuns): string => `${runs.map(([x, y, length]) => `${x} ${y} ${length} 1 re`).join('\n')}\nf\n`;
