/**
 * `npm run google-stand-in`: Google Sheets and Drive, played on this machine for tests and demonstrations, until Ctrl-C.
 * Never speaks to Google; what it does is in tests/google-stand-in.
 */
import { FaultSpecError, faultKinds } from '../tests/google-stand-in/faults.ts';
import { type GoogleStandIn, startGoogleStandIn } from '../tests/google-stand-in/index.ts';
import { type Command, main, UsageError } from './cli.ts';

const options = {
  port: { value: 'N', help: '端口,0 为任意空闲端口 / port, 0 for a free one (default 0)' },
  fault: {
    value: 'KIND',
    many: true,
    help: `制造故障,可多次 / faults: ${faultKinds.join(' ')}; e.g. 429:p=0.2 lost-response:n=3,match=batchUpdate slow=500`,
  },
  seed: { value: 'N', help: '故障与编号的随机种子 / seed of ids and faults' },
  'no-quotas': { help: '不限每分钟请求数 / no limits per minute' },
} as const;

const readNumber = (text: string | undefined, name: string, most: number): number => {
  const number = Number(text ?? 0);
  if (!Number.isInteger(number) || number < 0 || number > most) throw new UsageError(`--${name} 应是 0-${most} 之间的整数,不是 ${text}`);
  return number;
};

/** Resolves with the first signal that asks us to end. */
const askedToStop = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });

const start = async (port: number, seed: number, faults: readonly string[], quotas: boolean): Promise<GoogleStandIn> => {
  try {
    return await startGoogleStandIn({ port, seed, faults, ...(quotas ? {} : { quotas: null }) });
  } catch (error) {
    if (error instanceof FaultSpecError) throw new UsageError(`--fault: ${error.message}`, { cause: error });
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new UsageError(`端口 ${port} 已被占用,请换一个 --port。`, { cause: error });
    throw error;
  }
};

const command: Command<typeof options> = {
  name: 'google-stand-in',
  summary: '本机模拟谷歌表格和云端硬盘,供测试和演示 / a local stand-in of Google Sheets v4 and Drive v3',
  options,
  examples: ['npm run google-stand-in -- --port 9090 --fault 429:p=0.2 --fault lost-response:n=3,match=batchUpdate'],
  async run(flags) {
    const stopped = askedToStop();
    const standIn = await start(
      readNumber(flags.port, 'port', 65_535),
      readNumber(flags.seed ?? '1', 'seed', 4_294_967_295),
      flags.fault ?? [],
      !flags['no-quotas'],
    );
    // The address goes out at once: whoever started us waits for this line, not for our end.
    process.stdout.write(process.argv.includes('--json') ? `${JSON.stringify({ url: standIn.url })}\n` : `${standIn.url}\n`);
    await stopped;
    await standIn.stop();
    return null;
  },
};

await main(import.meta, command);
