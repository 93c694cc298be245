import { readFileSync } from 'fs';
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
  const templates: Template[] = [];
  const left = [...paths];
  const seen = new Set<string>();
  for (let path = left.shift(); path !== undefined; path = left.shift()) {
    if (!seen.has(path)) {
      seen.add(path);
      const content = parseTemplate(textOfFile(path), path);
      templates.push({ path, content });
      left.push(...nestedIn(content).map((file) => join(dirname(path!), file)));
    }
  }
  return templates;
}

/** A template from its text, as the AWS CDK writes it. */
export function parseTemplate(text: string, path: string): JsonObject {
  const parsed = jsonOf(text);
  if (!isObject(parsed)) {
    throw refused(path, 'not a template in JSON');
  }
  return parsed;
}

function nestedIn(template: JsonObject): string[] {
  const resources = isObject(template.Resources) ? Object.values(template.Resources) : [];
  return resources.flatMap((resource) => {
    const nested = isObject(resource) && resource.Type === 'AWS::CloudFormation::Stack' && isObject(resource.Metadata);
    const file = nested ? (resource.Metadata as JsonObject)['aws:asset:path'] : undefined;
    return typeof file === 'string' && file.endsWith('.json') ? [file] : [];
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
