import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';
import type { Tool } from '../../test/compliance/acknowledged';

/** A tool that reads templates. */
export interface Scanner {
  readonly tool: Tool;
  /** What it finds in templates: a rule, and the resource that breaks it as stack and logical id. */
  scan(templates: string[]): { readonly rule: string; readonly resource: string }[];
}

/**
 * Runs a scanner. Some statuses say that it found something; any other is a failure, or one that broke would have found nothing.
 */
export function outputOf(command: string, args: string[], found: number[]): unknown {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
  if (error || status === null || ![0, ...found].includes(status)) {
    throw new Error(`${basename(command)} failed with status ${status}: ${error?.message ?? ''}${stderr ?? ''}`);
  }
  return JSON.parse(stdout);
}

/** The stack of a template in a cloud assembly. */
export function stackOfTemplate(template: string): string {
  return basename(template).replace(/\.template\.json$/, '');
}

/** A resource of a template, under the name of its stack. */
export function resourceIn(template: string, logicalId: string): string {
  return `${stackOfTemplate(template)}/${logicalId}`;
}
