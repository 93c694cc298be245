import { join } from 'node:path';
import { outputOf, resourceIn, type Scanner } from './scanner';

interface Report {
  readonly results: {
    readonly failed_checks: { readonly check_id: string; readonly resource: string; readonly file_abs_path: string }[];
  };
  readonly summary: { readonly passed: number; readonly parsing_errors: number };
}

export class Checkov implements Scanner {
  readonly tool = 'Checkov';

  constructor(private readonly scanners: string) {
  }

  scan(templates: string[]) {
    const files = templates.flatMap((template) => ['--file', template]);
    const { results, summary } = outputOf(join(this.scanners, 'bin/checkov'),
      [...files, '--framework', 'cloudformation', '--skip-download', '--compact', '--quiet', '--output', 'json'], [1]) as Report;
    if (summary.parsing_errors > 0 || summary.passed === 0) {
      throw new Error(`Checkov could not read the templates: ${JSON.stringify(summary)}`);
    }
    // A resource is named by type and logical id.
    return results.failed_checks.map(({ check_id: rule, resource, file_abs_path: file }) => ({
      rule,
      resource: resourceIn(file, resource.split('.')[1]),
    }));
  }
}
