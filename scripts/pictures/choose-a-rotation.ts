import { arrow, paint, picture, rectangle, text } from './drawing';
import { Rotation } from '../../src';

/** A question with its answers, or the name of the factory that fits. */
type Choice = keyof typeof Rotation | Question;

interface Question {
  readonly ask: string;
  readonly answers: Readonly<Record<string, Choice>>;
}

const DATABASE_USER: Question = {
  ask: 'May it have two names, used in turn?',
  answers: {
    'yes: no client is ever refused': 'alternatingUsers',
    'one name; MySQL, Redis, Valkey': 'dualPassword',
    'one name; other engines': {
      ask: 'May it change its own password?',
      answers: { 'yes': 'singleUser', 'no: a superuser does it': 'singleUserWithSuperuser' },
    },
  },
};

const CREDENTIAL: Question = {
  ask: 'What does it open?',
  answers: {
    'a database': {
      ask: 'Is it the administrator?',
      answers: { yes: 'singleUser', no: DATABASE_USER },
    },
    'ElastiCache, MemoryDB': 'cacheUser',
    'an LDAP directory': 'ldapUser',
    'AWS, as an IAM user': 'iamAccessKey',
    'an HTTP API, another system': {
      ask: 'Do you have a rotation function?',
      answers: { 'no: write two steps': 'steps', 'yes': 'custom' },
    },
  },
};

const FIRST: Question = {
  ask: 'Who can change the value?',
  answers: {
    'the AWS service that made it': 'managedByService',
    'Secrets Manager, at a partner': 'managedExternal',
    'whoever generates it': 'regenerate',
    'the system that it opens': CREDENTIAL,
    'a person only': 'none',
  },
};

const WIDTH = 960;
const ROW = 34;
const TOP = 24;
const INDENT = 46;
/** Where the names of the factories begin. */
const NAMES = 690;
/** Of a character, on average and rather more than less, so that no font writes beyond a box. */
const CHARACTER = 7.4;

/** A line of the picture: an answer, and what it leads to. */
interface Line {
  readonly depth: number;
  readonly answer: string;
  readonly leadsTo: Choice;
}

function linesOf({ answers }: Question, depth: number): Line[] {
  return Object.entries(answers).flatMap(([answer, leadsTo]) => [
    { depth, answer, leadsTo }, ...typeof leadsTo === 'string' ? [] : linesOf(leadsTo, depth + 1),
  ]);
}

const yOf = (row: number) => TOP + row * ROW;
const xOf = (depth: number) => 24 + depth * INDENT;

function drawQuestion(x: number, row: number, ask: string): string {
  return rectangle(x, yOf(row), Math.round(ask.length * CHARACTER) + 28, ROW - 8, { fill: 'area' })
    + text(x + 14, yOf(row) + 17.5, ask, { bold: true });
}

function drawLine({ depth, answer, leadsTo }: Line, row: number): string {
  const x = xOf(depth);
  const end = x + 8 + answer.length * CHARACTER;
  const from: [number, number] = [Math.round(end), yOf(row) + 13];
  const branch = `<path d="M${x - INDENT + 18} ${yOf(row) + 13}H${x}" stroke="${paint('line')}" fill="none"/>`;
  const leaf = typeof leadsTo === 'string';
  const to = leaf ? NAMES : Math.round(end) + 34;
  return branch + text(x + 6, yOf(row) + 17.5, answer, { colour: 'faint' }) + arrow(from, [to, yOf(row) + 13]) + (leaf
    ? rectangle(NAMES, yOf(row), WIDTH - NAMES - 24, ROW - 8, { fill: 'good-fill', stroke: 'good' })
      + text(NAMES + 14, yOf(row) + 17.5, `Rotation.${leadsTo}()`, { bold: true, colour: 'good' })
    : drawQuestion(to, row, leadsTo.ask));
}

/** The line down from a question to the last of its answers. */
function drawStem(lines: readonly Line[], index: number, depth: number): string {
  const rest = lines.slice(index + 1);
  const end = rest.findIndex((line) => line.depth < depth);
  const inside = end < 0 ? rest : rest.slice(0, end);
  const last = inside.map((line) => line.depth).lastIndexOf(depth) + index + 1;
  const x = xOf(depth) - INDENT + 18;
  return `<path d="M${x} ${yOf(index + 1) + 26}V${yOf(last + 1) + 13}" stroke="${paint('line')}" fill="none"/>`;
}

function leavesOf(choice: Choice): string[] {
  return typeof choice === 'string' ? [choice] : Object.values(choice.answers).flatMap(leavesOf);
}

/** The factories of a class that users call. */
function factoriesOf(owner: object): string[] {
  return Object.getOwnPropertyNames(owner)
    .filter((name) => !name.startsWith('_') && typeof Reflect.get(owner, name) === 'function' && name !== 'prototype');
}

/** The tree of questions that leads to each factory of `Rotation`: it fails where there is one that no answer leads to. */
export function drawChoice(): string {
  const missing = factoriesOf(Rotation).filter((name) => !leavesOf(FIRST).includes(name));
  if (missing.length > 0) {
    throw new Error(`no answer leads to Rotation.${missing.join('(), Rotation.')}(): scripts/pictures/choose-a-rotation.ts`);
  }
  const lines = linesOf(FIRST, 1);
  const stems = lines.flatMap(({ depth, leadsTo }, index) =>
    typeof leadsTo === 'string' ? [] : [drawStem(lines, index, depth + 1)]);
  return picture(
    { title: 'Which rotation', description: described(FIRST), width: WIDTH, height: yOf(lines.length + 1) + TOP - 8 },
    [
      drawStem(lines, -1, 1), ...stems, drawQuestion(24, 0, FIRST.ask),
      ...lines.map((line, index) => drawLine(line, index + 1)),
    ],
  );
}

/** The tree as sentences. */
function described(choice: Choice): string {
  return typeof choice === 'string'
    ? `Rotation.${choice}().`
    : `${choice.ask} ${Object.entries(choice.answers)
      .map(([answer, next]) => `If ${answer}: ${described(next)}`).join(' ')}`;
}
