import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';

type Template = { readonly Resources?: Record<string, { readonly DependsOn?: string | string[] }> };

/** Resources of an assembly's templates, nested ones too, that wait for themselves: CloudFormation refuses such a template. */
export function circlesIn(assembly: CloudAssembly): string[] {
  return readdirSync(assembly.directory).filter((file) => file.endsWith('.template.json'))
    .flatMap((file) => circlesOf(JSON.parse(readFileSync(join(assembly.directory, file), 'utf8'))));
}

function circlesOf({ Resources = {} }: Template): string[] {
  const targets = new Map(Object.entries(Resources).map(([id, resource]) => [
    id, [...referencesIn(resource), resource.DependsOn ?? []].flat().filter((target) => target in Resources),
  ]));
  const reaches = (id: string, goal: string, seen = new Set<string>()): boolean => targets.get(id)!.some((next) =>
    next === goal || (!seen.has(next) && reaches(next, goal, seen.add(next))));
  return [...targets.keys()].filter((id) => reaches(id, id));
}

function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, content]) =>
    key === 'Ref' ? [content as string] : key === 'Fn::GetAtt' ? [(content as string[])[0]] : referencesIn(content));
}
