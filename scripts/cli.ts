/**
 * What every command shares: flags, `--help`, `--json`, exit codes, progress.
 * Never knows what a command does.
 */
import { parseArgs } from 'node:util';
import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import { paceWords } from './pace.ts';
import { sayUnsaved } from './text/file-fault.ts';

/** One flag of a command. `value` names its value in the help; without it the flag is a switch. */
export interface Option {
  readonly value?: string;
  readonly help: string;
  readonly many?: boolean;
  readonly short?: string;
}

export type Options = Readonly<Record<string, Option>>;

type ValueOf<O extends Option> = O extends { value: string } ? (O extends { many: true } ? string[] : string) : boolean;
export type Flags<O extends Options> = { readonly [K in keyof O]?: ValueOf<O[K]> };

/** What a command found out: one JSON document, and the same for people. `problems` makes the exit code 1. */
export interface Outcome {
  readonly json: unknown;
  readonly text: string;
  readonly problems?: boolean;
}

export interface Command<O extends Options> {
  readonly name: string;
  /** One sentence, Chinese first: office staff run commands too. */
  readonly summary: string;
  /** Words after the flags, as they stand in the help; absent: none are taken. */
  readonly words?: string;
  readonly options: O;
  readonly examples?: readonly string[];
  /** null: a command that ran until it was stopped, and has said everything already. */
  run(flags: Flags<O>, words: string[], progress: Progress): Promise<Outcome | null>;
}

/** Wrong flag, wrong setting, something missing on the machine: one clear message, exit code 2, no stack trace. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** Progress bars on standard error; silent where nobody watches. */
export interface Progress {
  bar(label: string, total: number): { step(count?: number): void; total(count: number): void; end(): void };
  note(line: string): void;
}

/** Bars for a terminal, plain lines for a log. */
export const terminalProgress = (quiet = false): Progress & { stop(): void } => {
  const live = process.stderr.isTTY === true && !quiet;
  const bars = live
    ? new MultiBar(
        { format: '{label} {bar} {value}/{total} {percentage}% {pace}', stream: process.stderr, hideCursor: true, clearOnComplete: false },
        Presets.shades_classic,
      )
    : null;
  return {
    bar(label, total) {
      const begun = Date.now();
      let all = total;
      const bar: SingleBar | undefined = bars?.create(total, 0, { label, pace: '' });
      let count = 0;
      return {
        step(by = 1) {
          count += by;
          bar?.update(count, { pace: paceWords(count, all, Date.now() - begun) });
        },
        total(next) {
          all = next;
          bar?.setTotal(next);
        },
        end() {
          bar?.stop();
          if (!live && !quiet) process.stderr.write(`${label}: ${count}\n`);
        },
      };
    },
    note(line) {
      if (quiet) return;
      if (bars) bars.log(`${line}\n`);
      else process.stderr.write(`${line}\n`);
    },
    stop() {
      bars?.stop();
    },
  };
};

const common = {
  help: { help: '显示用法 / show this help', short: 'h' },
  json: { help: '只输出一个 JSON 文档 / print one JSON document' },
} as const satisfies Options;

export const helpText = (command: Command<Options>): string => {
  const all: Options = { ...command.options, ...common };
  const names = Object.entries(all).map(([name, option]) => [`--${name}${option.value ? ` ${option.value}` : ''}`, option.help] as const);
  const width = Math.max(...names.map(([name]) => name.length));
  return [
    command.summary,
    '',
    `用法 / usage: npm run ${command.name} -- [flags]${command.words ? ` ${command.words}` : ''}`,
    ...names.map(([name, help]) => `  ${name.padEnd(width)}  ${help}`),
    ...(command.examples?.length ? ['', '例 / examples:', ...command.examples.map((line) => `  ${line}`)] : []),
    '',
    '退出码 / exit: 0 完成 done · 1 数据有问题 problems in the data · 2 用法或配置有误 wrong use or configuration',
  ].join('\n');
};

/** Node's own words in Chinese too: a clerk's typing error is the commonest of all. */
const wrongUse = ({ code, message }: Error & { code?: string }): string => {
  const named = /'(-[^' ]+)/.exec(message)?.[1] ?? '';
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `没有 ${named} 这个选项 / unknown option ${named}`;
  if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') return `这里不用写“${/'([^']*)'/.exec(message)?.[1] ?? ''}” / ${message}`;
  if (code !== 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') return message;
  return /argument missing/.test(message) ? `${named} 后面还要写内容 / ${named} needs a value` : `${named} 后面不用写内容 / ${named} takes no value`;
};

const parse = (command: Command<Options>, argv: readonly string[]) => {
  const all: Options = { ...command.options, ...common };
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: command.words !== undefined,
      options: Object.fromEntries(
        Object.entries(all).map(([name, option]) => [
          name,
          {
            type: option.value ? ('string' as const) : ('boolean' as const),
            ...(option.many ? { multiple: true } : {}),
            ...(option.short ? { short: option.short } : {}),
          },
        ]),
      ),
    });
  } catch (error) {
    throw new UsageError(`${wrongUse(error as Error & { code?: string })}\n用法见 / see: npm run ${command.name} -- --help`, { cause: error });
  }
};

/** Runs a command and returns its exit code: 0 done, 1 problems in the data, 2 wrong use or configuration. */
export const runCommand = async <O extends Options>(
  command: Command<O>,
  argv: readonly string[],
  out: (text: string) => void = (text) => void process.stdout.write(text),
  err: (text: string) => void = (text) => void process.stderr.write(text),
): Promise<number> => {
  let progress: ReturnType<typeof terminalProgress> | undefined;
  try {
    const { values, positionals } = parse(command as unknown as Command<Options>, argv);
    if (values.help === true) {
      out(`${helpText(command as unknown as Command<Options>)}\n`);
      return 0;
    }
    progress = terminalProgress(values.json === true);
    const outcome = await command.run(values as Flags<O>, positionals, progress);
    progress.stop();
    if (!outcome) return 0;
    out(values.json === true ? `${JSON.stringify(outcome.json, null, 2)}\n` : `${outcome.text}\n`);
    return outcome.problems ? 1 : 0;
  } catch (error) {
    progress?.stop();
    const words = error instanceof UsageError ? error.message : sayUnsaved(error);
    if (words === null) throw error;
    err(`${words}\n`);
    return 2;
  }
};

/** The last line of every command file: runs it when the file is started, does nothing when a test imports it. */
export const main = async <O extends Options>(meta: ImportMeta, command: Command<O>): Promise<void> => {
  if (!(meta as { main?: boolean }).main && process.argv[1] !== (meta as { filename?: string }).filename) return;
  process.exitCode = await runCommand(command, process.argv.slice(2));
};
