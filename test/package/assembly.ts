import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Documentation of a type or a member, as jsii keeps it. */
interface Docs { readonly summary?: string; readonly default?: string; readonly example?: string }

/** What the tests look at of a member. */
export interface Member {
  readonly name: string;
  readonly docs?: Docs;
  readonly optional?: boolean;
  readonly type?: unknown;
  readonly returns?: { readonly type: unknown };
  readonly parameters?: readonly Member[];
  readonly static?: boolean;
  readonly abstract?: boolean;
  readonly overrides?: string;
}

/** What the tests look at of a type. */
export interface Type {
  readonly name: string;
  readonly kind: string;
  readonly datatype?: boolean;
  readonly abstract?: boolean;
  readonly initializer?: { readonly parameters?: readonly Member[]; readonly protected?: boolean };
  readonly interfaces?: readonly string[];
  readonly docs?: Docs;
  readonly properties?: readonly Member[];
  readonly methods?: readonly Member[];
}

/** The public types, from the assembly that the build made. */
export function publicTypes(): Type[] {
  const root = join(__dirname, '..', '..');
  const pointer = JSON.parse(readFileSync(join(root, '.jsii'), 'utf8')) as { filename?: string; types?: Record<string, Type> };
  const assembly = pointer.filename === undefined
    ? pointer
    : JSON.parse(gunzipSync(readFileSync(join(root, pointer.filename))).toString('utf8')) as { types: Record<string, Type> };
  return Object.values(assembly.types!);
}
