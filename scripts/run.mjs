// The launcher behind every `npm run NAME`: makes sure that what NAME needs is set up, then runs scripts/NAME.ts with Node 22.
// Plain JavaScript without dependencies, for any Node from 18 on; it never decides what a command does.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeProgram } from './setup/machine.mjs';
import { runStages, SetupError } from './setup/stages.mjs';
import { stagesFor, toolEnvironment } from './setup/steps.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** How much of the set-up each command needs; a command that is not named here needs the packages only. */
const everything = { browser: true, extensions: true };
const server = { browser: false, extensions: true };
const packages = { browser: false, extensions: false };
const needs = {
  setup: everything,
  start: everything,
  demo: everything,
  test: everything,
  check: everything,
  notices: everything,
  report: everything,
  showcase: everything,
  screenshots: everything,
  bench: everything,
  jobs: everything,
  schema: server,
  sync: server,
  rules: server,
  arrange: server,
  inspect: everything,
  sheets: server,
};

/** The doctor looks at what is there; it must not install what it is asked about. */
const missingForDoctor = (name, stages, args) => {
  const missing = stages.filter((stage) => !stage.present()).map((stage) => (stage.name === 'node22' ? 'Node 22' : '依赖包'));
  if (name !== 'doctor' || !missing.length) return false;
  const items = missing.map((what) => ({ name: what, ok: false, needed: true, found: '没有', mend: 'npm run setup' }));
  process.stdout.write(
    args.includes('--json')
      ? `${JSON.stringify({ ok: false, items }, null, 2)}\n`
      : `${missing.map((what) => `✗ ${what}:没有。运行 npm run setup`).join('\n')}\n`,
  );
  process.exitCode = 1;
  return true;
};

const prepare = async (name, args) => {
  const stages = stagesFor(root, process.env, needs[name] ?? packages);
  if (name === 'doctor') return !missingForDoctor(name, stages, args);
  const ready = await runStages(join(root, '.tools'), stages);
  const quiet = args.includes('--json') || process.env.npm_config_loglevel === 'silent';
  if (ready && !quiet && name !== 'setup') process.stderr.write('准备工作都已完成,直接运行。\n');
  return true;
};

const runCommand = (name, args) =>
  new Promise((resolve, reject) => {
    const child = spawn(nodeProgram(root), ['--disable-warning=ExperimentalWarning', join(root, 'scripts', `${name}.ts`), ...args], {
      stdio: 'inherit',
      env: toolEnvironment(root, process.env),
    });
    for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    // A terminal sends Ctrl-C to the command itself as well; it decides, and we wait for its end.
    process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });

const main = async ([name, ...args]) => {
  if (!name || !/^[a-z-]+$/.test(name) || !existsSync(join(root, 'scripts', `${name}.ts`))) {
    process.stderr.write(`没有 ${name ?? '(空)'} 这个命令。所有命令见 package.json 或 README.md。\n`);
    return 2;
  }
  return (await prepare(name, args)) ? runCommand(name, args) : 1;
};

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
