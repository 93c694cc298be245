import { join } from 'node:path';
import { outputOf, resourceIn, type Scanner } from './scanner';

interface Match {
  readonly Filename: string;
  readonly Rule: { readonly Id: string };
  /** Keys from the root of the template, of which the second is a logical id; none where it cannot be read. */
  readonly Location: { readonly Path: (string | number)[] | null };
}

/** Its status adds up from errors (2), warnings (4) and notes (8). */
const FOUND = [2, 4, 6, 8, 10, 12, 14];

export class CfnLint implements Scanner {
  readonly tool = 'cfn-lint';

  constructor(private readonly scanners: string) {
  }

  scan(templates: string[]) {
    const matches = outputOf(join(this.scanners, 'bin/cfn-lint'), ['--format', 'json', '--', ...templates], FOUND) as Match[];
    return matches.map(({ Filename, Rule, Location }) => ({
      rule: Rule.Id,
      resource: resourceIn(Filename, String(Location.Path?.[1] ?? 'template')),
    }));
  }
}
