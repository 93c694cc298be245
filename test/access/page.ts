import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Group, Row } from './row';
import { TABLE } from './table';
import { COMMERCIAL, deployed } from './verdicts';

/** The page of grants and rails. */
export const PAGE = join(__dirname, '../../docs/access.md');

const PART = /(<!-- (policy|table): (.*) -->\n)[^]*?(<!-- end -->)/g;

/** The page with what it shows of templates, and of the table, as they are now. */
export function accessPage(): string {
  return readFileSync(PAGE, 'utf8').replace(PART, (_, begin: string, kind: string, what: string, end: string) =>
    `${begin}\n${kind === 'policy' ? policyOf(what) : tableOf(what)}\n${end}`);
}

/** The statements of a policy: all, or those of an effect. */
function policyOf(what: string): string {
  const [path, property, effect] = what.split(' ');
  const { Statement } = deployed('scenario', COMMERCIAL).at(path).properties[property] as { Statement: { Effect: string }[] };
  const shown = Statement.filter(({ Effect }) => effect === undefined || Effect === effect);
  return `\`\`\`json\n${JSON.stringify(shown, undefined, 2)}\n\`\`\`\n`;
}

function tableOf(about: string): string {
  const rows = groupOf(about).rows.map(lineOf);
  return `| who | does | to | with | is |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
}

function groupOf(about: string): Group {
  const group = TABLE.find((candidate) => candidate.about === about);
  if (!group) {
    throw new Error(`the table has no group '${about}'`);
  }
  return group;
}

function lineOf([principal, action, resource, context, verdict]: Row): string {
  const keys = Object.entries(context).map(([key, value]) => value === undefined ? `no \`${key}\`` : `\`${key}\`: ${textOf(value)}`);
  return `| ${[`\`${principal}\``, `\`${action}\``, `\`${resource}\``, keys.join(', '), verdict].join(' | ')} |`;
}

function textOf(value: string): string {
  const [, reference] = /^(?:@|id:)(.*)$/.exec(value) ?? [];
  return reference === undefined ? `\`${value}\`` : `that of \`${reference}\``;
}
