import { join } from 'node:path';
import { outputOf, resourceIn, type Scanner } from './scanner';

interface Report {
  readonly name: string;
  readonly not_compliant: object[];
  readonly compliant: string[];
}

const SYSTEMS: Record<string, string> = { linux: 'ubuntu', darwin: 'macos' };
const PROCESSORS: Record<string, string> = { x64: 'x86_64', arm64: 'aarch64' };

/** The proactive controls of AWS Control Tower, which CloudFormation Guard checks. */
export class ControlTower implements Scanner {
  readonly tool = 'AWS Control Tower';
  private readonly guard: string;
  private readonly rules: string;

  /** `modules` is the directory of Node.js packages that has the rules. */
  constructor(modules: string) {
    const home = join(modules, '@cdklabs/cdk-validator-cfnguard');
    this.guard = join(
      home,
      'bin',
      SYSTEMS[process.platform] ?? process.platform,
      PROCESSORS[process.arch] ?? process.arch,
      'cfn-guard',
    );
    this.rules = join(home, 'rules/control-tower/cfn-guard');
  }

  scan(templates: string[]) {
    return this.reports(templates).flatMap(({ name, not_compliant: broken }) => broken.flatMap((rule) => {
      const text = JSON.stringify(rule);
      return logicalIds(text).map((logicalId) => ({ rule: controlOf(text), resource: resourceIn(name, logicalId) }));
    }));
  }

  /** Rules of Guard that had something to check, and found nothing to say about it. */
  passed(templates: string[]): string[] {
    return [...new Set(this.reports(templates).flatMap(({ compliant }) => compliant))];
  }

  private reports(templates: string[]): Report[] {
    const data = templates.flatMap((template) => ['--data', template]);
    return outputOf(
      this.guard,
      ['validate', '--rules', this.rules, ...data, '--structured', '--output-format', 'json', '--show-summary', 'none'],
      [19],
    ) as Report[];
  }
}

/** The control, which stands in the messages of its rule. */
function controlOf(text: string): string {
  const control = /\[(CT\.[A-Z0-9.]+)\]/.exec(text)?.[1];
  if (control === undefined) {
    throw new Error(`a rule of AWS Control Tower does not say which control it is: ${text.slice(0, 500)}`);
  }
  return control;
}

function logicalIds(text: string): string[] {
  return [...new Set([...text.matchAll(/\/Resources\/(\w+)/g)].map(([, logicalId]) => logicalId))];
}
