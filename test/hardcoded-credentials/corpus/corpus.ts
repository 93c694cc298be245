import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A property as templates have it, and little else. */
export interface CorpusCase {
  /** The line of the file. */
  readonly name: string;
  readonly template: Readonly<Record<string, unknown>>;
}

/** What was written with the rules, and what after them, each after what the one before has corrected. */
export type CorpusFile = `${'' | 'held-back-' | 'third-' | 'fourth-' | 'fifth-'}${'positive' | 'negative'}`;

const LETTERS: Readonly<Record<string, string>> = {
  any: 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789',
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
  letters: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
  hex: '0123456789abcdef',
  digits: '123456789',
};

/** Lines of a file: a resource or a template each. `positive`, `negative`, and of both what was written after the rules. */
export function corpus(name: CorpusFile): CorpusCase[] {
  return readFileSync(join(__dirname, `${name}.jsonl`), 'utf8').split('\n').filter((line) => line !== '').map((line) => {
    const parsed = JSON.parse(line, (_, value) => typeof value === 'string' ? expand(value) : value) as CorpusCase['template'];
    return { name: line, template: 'Type' in parsed ? { Resources: { Subject: parsed } } : parsed };
  });
}

/**
 * Characters that nobody has issued, where the file says how many: `⟦hex 32⟧`. So no file of the repository holds what looks
 * like a
 * credential. `⟦⟧` is nothing, between the parts of what would look like one; `⟦base64 …⟧` is encoded.
 */
export function expand(text: string): string {
  return text
    .replace(/⟦(any|upper|letters|hex|digits) (\d+)[^⟦⟧]*⟧/g, (marker, of: string, length: string) =>
      made(LETTERS[of], Number(length), marker))
    .replace(/⟦⟧/g, '')
    .replace(/⟦base64 ([^⟦⟧]*)⟧/g, (_, plain: string) => Buffer.from(plain).toString('base64'));
}

function made(letters: string, length: number, seed: string): string {
  let text = '';
  for (let nth = 0; text.length < length; nth++) {
    text += Array.from(createHash('sha512').update(`${seed}${nth}`).digest(), (byte) => letters[byte % letters.length]).join('');
  }
  return text.slice(0, length);
}
