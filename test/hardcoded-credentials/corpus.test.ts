import { corpus, type CorpusCase, type CorpusFile } from './corpus/corpus';
import { HardcodedCredentialCheck } from '../../src';

const check = new HardcodedCredentialCheck();

function findingsIn({ template }: CorpusCase) {
  return check.findInTemplate(JSON.stringify(template));
}

/** Shown whether it passes or not: how good the rules are is a number. */
function report(line: string): void {
  process.stdout.write(`${line}\n`);
}

describe.each([
  { kind: 'the corpus', positive: corpus('positive'), negative: corpus('negative') },
  { kind: 'what was written after the rules', positive: corpus('held-back-positive'), negative: corpus('held-back-negative') },
  { kind: 'what was written after those', positive: corpus('third-positive'), negative: corpus('third-negative') },
  { kind: 'the fourth', positive: corpus('fourth-positive'), negative: corpus('fourth-negative') },
  { kind: 'the fifth', positive: corpus('fifth-positive'), negative: corpus('fifth-negative') },
])('of $kind', ({ kind, positive, negative }) => {
  test('all credentials are found; 95 % are promised', () => {
    const missed = positive.filter((each) => findingsIn(each).length === 0);
    report(`${kind}: ${positive.length - missed.length} of ${positive.length} credentials found`);
    expect(missed.map(({ name }) => name)).toEqual([]);
  });

  test('nothing else is reported; 1 % is promised', () => {
    const reported = negative.filter((each) => findingsIn(each).length > 0);
    report(`${kind}: ${reported.length} of ${negative.length} other properties reported`);
    expect(reported.map(({ name }) => name)).toEqual([]);
  });
});

test('the corpus is large, and no line is there twice', () => {
  const [positive, negative] = [corpus('positive'), corpus('negative')];
  expect(positive.length).toBeGreaterThanOrEqual(60);
  expect(negative.length).toBeGreaterThanOrEqual(300);
  const lines = [...positive, ...negative, ...['held-back', 'third', 'fourth', 'fifth'].flatMap((set) =>
    [...corpus(`${set}-positive` as CorpusFile), ...corpus(`${set}-negative` as CorpusFile)])].map(({ name }) => name);
  expect(lines.filter((line, index) => lines.indexOf(line) !== index)).toEqual([]);
});

test('no report holds a value, or a part of one', () => {
  const values = [
    'hunter22', 'Tr0ub4dor', 'BlueWhale77', 'opensesame', 'changeme', 'supersecret', 'keyboard cat', 'R1verbank', 'Quartz-41',
  ];
  const found = ['', 'held-back-', 'third-', 'fourth-', 'fifth-'].flatMap((set) => corpus(`${set}positive` as CorpusFile)).flatMap((each) => {
    const literals = JSON.stringify(each.template).match(/[A-Za-z0-9+/]{12,}/g) ?? [];
    const made = literals.filter((text) => !each.name.includes(text));
    return findingsIn(each).map((finding) => ({ text: JSON.stringify(finding), made }));
  });
  expect(found.length).toBeGreaterThan(1300);
  expect(found.filter(({ text }) => values.some((value) => text.includes(value))).map(({ text }) => text)).toEqual([]);
  expect(found.filter(({ text, made }) => made.some((value) => text.includes(value.slice(0, 8))))).toEqual([]);
});
