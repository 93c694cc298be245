import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What looks for findings. */
export type Tool = 'cdk-nag' | 'cfn-lint' | 'Checkov' | 'AWS Control Tower';

/** Findings of a tool that were looked at and stay: each of the rules at each of the resources. */
interface Findings {
  readonly tool: Tool;
  readonly rules: string[];
  /** Construct paths for cdk-nag, else stack and logical id; either begins with the stack. */
  readonly resources: string[];
}

/** Why findings stay. */
export interface Acknowledgement {
  readonly reason: string;
  readonly findings: Findings[];
}

export const ACKNOWLEDGEMENTS = JSON.parse(readFileSync(join(__dirname, 'acknowledged.json'), 'utf8')) as Acknowledgement[];

/** A finding, in the form in which findings are compared. */
export function finding(rule: string, resource: string): string {
  return `${rule} at ${resource}`;
}

/** The stack of a resource. */
export function stackOf(resource: string): string {
  return resource.split('/')[0];
}

/** What a tool is to find in stacks, and nothing else. */
export function acknowledgedFindings(tool: Tool, stacks: string[]): string[] {
  return ACKNOWLEDGEMENTS.flatMap(({ findings }) => findings)
    .filter((findings) => findings.tool === tool)
    .flatMap(({ rules, resources }) =>
      resources
        .filter((resource) => stacks.includes(stackOf(resource)))
        .flatMap((resource) => rules.map((rule) => finding(rule, resource))),
    )
    .sort();
}
