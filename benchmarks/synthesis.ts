import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { median, type Result, result } from './result';

const FOLDER = join(__dirname, 'synthesis');
const VARIANTS = ['ours', 'plain', 'lean'] as const;
type Name = typeof VARIANTS[number];

/** A number of secrets, the most in one stack, and what our processor time may be of that of the constructs of the AWS CDK. */
interface Size {
  readonly secrets: number;
  readonly most: number;
  readonly bar: number;
}

const SIZES: readonly Size[] = [
  { secrets: 1, most: 80, bar: 1.05 },
  { secrets: 80, most: 80, bar: 0.9 },
  { secrets: 600, most: 80, bar: 0.85 },
  { secrets: 1000, most: 80, bar: 0.85 },
];
const LEAN = 1.3;
const BAR_OF_GROWTH = 1.1;
/** Milliseconds. */
const BAR_OF_LOADING = 40;

interface Cost {
  readonly milliseconds: number;
  readonly kibibytes: number;
}

/** Synthesis with the newest AWS CDK, by turns, each in a process of its own: processor time and memory. */
export function measureSynthesis(rounds: number): Result[] {
  const directory = mkdtempSync(join(tmpdir(), 'synthesis-'));
  try {
    // What translates them while they run would be measured as well.
    buildSync({
      absWorkingDir: FOLDER,
      entryPoints: readdirSync(FOLDER).filter((name) => name.endsWith('.ts')),
      outdir: directory,
      format: 'cjs',
      platform: 'node',
    });
    const costs = SIZES.map((size) => ({ ...size, costs: costsOf(size, rounds, directory) }));
    const times = costs.map(({ costs: { ours } }) => ours.milliseconds);
    const [, , some, more] = SIZES;
    const growth = times[3] / more.secrets / (times[2] / some.secrets);
    return [
      ...costs.flatMap(({ secrets, bar, costs: { ours, plain, lean } }) => [
        result(`synthesis of ${secrets}: processor time, ms`, ours.milliseconds),
        result(`synthesis of ${secrets}: processor time, share of constructs by hand`, ours.milliseconds / plain.milliseconds, bar),
        result(`synthesis of ${secrets}: processor time, share of resources by hand`, ours.milliseconds / lean.milliseconds, LEAN),
        result(`synthesis of ${secrets}: memory, share of constructs by hand`, ours.kibibytes / plain.kibibytes, 1),
      ]),
      result('loading beside a VPC, a database and a secret: processor time, ms', loading(directory, rounds), BAR_OF_LOADING),
      result('synthesis: processor time a secret, 1000 to 600', growth, BAR_OF_GROWTH),
    ];
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function costsOf({ secrets, most }: Size, rounds: number, directory: string): Record<Name, Cost> {
  const all: Record<Name, Cost[]> = { ours: [], plain: [], lean: [] };
  for (let round = 0; round < rounds; round++) {
    for (const variant of VARIANTS) {
      all[variant].push(costOf(directory, 'synthesise', variant, String(secrets), String(most), join(directory, 'out')));
    }
  }
  const middle = (costs: Cost[]): Cost => ({
    milliseconds: median(costs.map(({ milliseconds }) => milliseconds)),
    kibibytes: median(costs.map(({ kibibytes }) => kibibytes)),
  });
  return { ours: middle(all.ours), plain: middle(all.plain), lean: middle(all.lean) };
}

function loading(directory: string, rounds: number): number {
  return median(Array.from({ length: rounds }, () => costOf(directory, 'load').milliseconds));
}

/** What a program says that it took. */
function costOf(directory: string, program: string, ...options: string[]): Cost {
  const written = execFileSync(
    process.execPath,
    ['--require', join(FOLDER, 'newest-cdk.cjs'), join(directory, `${program}.js`), ...options],
    {
      cwd: join(__dirname, '..'),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, CDK_VALIDATION: 'false' },
    },
  );
  return JSON.parse(written) as Cost;
}
