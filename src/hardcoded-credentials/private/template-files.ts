import { existsSync, readFileSync } from 'fs';
import { dirname, join } from 'path';
import { RootConstruct } from 'constructs';
import { isObject, type JsonObject } from './template-text';
import { ValidationError } from '../../core/errors';

/** A template, and where it is. */
export interface Template {
  /** Empty for one that is in no file. */
  readonly path: string;
  readonly content: JsonObject;
}

/** Templates from files, with those of the stacks nested in them: each once. */
export function readTemplates(paths: readonly string[]): Template[] {
  return Array.from(new Set(paths.flatMap((path) => [path, ...nestedIn(path)])), (path) =>
    ({ path, content: parseTemplate(textOfFile(path), path) }));
}

/** A template from its text, as the AWS CDK writes it. */
export function parseTemplate(text: string, path: string): JsonObject {
  const parsed = jsonOf(text);
  if (!isObject(parsed)) {
    throw refused(path, 'not a template in JSON');
  }
  return parsed;
}

/** The templates of nested stacks are files that a stack uploads: the list of these is beside its template. */
function nestedIn(path: string): string[] {
  const list = path.replace(/\.template\.json$/, '.assets.json');
  const assets = list !== path && existsSync(list) ? jsonOf(textOfFile(list)) : undefined;
  const files = isObject(assets) && isObject(assets.files) ? Object.values(assets.files) : [];
  return files.flatMap((file) => {
    const source = isObject(file) && isObject(file.source) ? file.source.path : undefined;
    return typeof source === 'string' && source.endsWith('.nested.template.json') ? [join(dirname(path), source)] : [];
  });
}

function textOfFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw refused(path, 'not readable');
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Says nothing of the content: it may hold a credential. */
function refused(path: string, got: string): ValidationError {
  return new ValidationError({
    scope: new RootConstruct('HardcodedCredentialCheck'),
    property: path === '' ? 'template' : path,
    got,
    allowed: 'a CloudFormation template in JSON, as synthesis writes it',
    remedy: 'synthesise the app first, and check what that has written',
  });
}
