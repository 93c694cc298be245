import type { Leaf } from './leaves';
import { credentialName } from './property-names';
import { intrinsicOf, isObject, REFERENCE, scalarOf } from './template-text';

/** What becomes of a value that is elsewhere in the template. */
export interface Use {
  /** Whether it becomes a property that is a credential. */
  readonly ofProperty: boolean;
  /** What names it where it is used. */
  readonly key: string;
}

/** Parameters and names in maps whose values become credentials. */
export class ValuesElsewhere {
  private readonly uses = new Map<string, Use>();

  /** Notes what a text consists of, where it is a credential by its property or by its name. */
  note({ text, key, named, value }: Leaf, ofProperty: boolean): void {
    if (ofProperty || (text === REFERENCE && named && credentialName(key) !== undefined)) {
      for (const source of sourcesOf(value)) {
        this.uses.set(source, { ofProperty: ofProperty || this.uses.get(source)?.ofProperty === true, key });
      }
    }
  }

  ofParameter(logicalId: string): Use | undefined {
    return this.uses.get(logicalId);
  }

  /** A name that is known at deployment only may be any. */
  inMap(map: string, name: string): Use | undefined {
    return this.uses.get(`${map}.${name}`) ?? this.uses.get(`${map}.*`);
  }
}

const DYNAMIC_REFERENCE = /\{\{resolve:(?:[^{}]|\$\{[^{}]{0,256}\}){1,512}\}\}/g;

/** Parameters, and names in maps as `Stages.DbPassword`, whose values are part of a text: not those that tell where one is. */
function sourcesOf(value: unknown): string[] {
  const text = rendered(value);
  const known = text.includes('{{') ? text.replace(DYNAMIC_REFERENCE, '') : text;
  return Array.from(known.matchAll(/\$\{([\w.*:]{1,512})\}/g), ([, source]) => source);
}

/** A value as `Fn::Sub` has it. */
function rendered(value: unknown): string {
  if (typeof value === 'string') {
    return value;
  }
  const [name, argument] = intrinsicOf(value) ?? [];
  const parts: unknown[] = Array.isArray(argument) ? argument : [];
  switch (name) {
    case 'Ref': return `\${${scalarOf(argument)}}`;
    case 'Fn::Sub': return substituted(argument);
    case 'Fn::Join': return Array.isArray(parts[1]) ? parts[1].map(rendered).join(scalarOf(parts[0])) : rendered(parts[1]);
    case 'Fn::If': return rendered(parts[1]) + rendered(parts[2]);
    case 'Fn::Base64': return rendered(argument);
    case 'Fn::Split': return rendered(parts[1]);
    case 'Fn::Select': {
      const list: unknown = parts[1];
      return rendered(Array.isArray(list) ? list[Number(scalarOf(parts[0]))] : list);
    }
    case 'Fn::FindInMap': return `\${${scalarOf(parts[0])}.${typeof parts[2] === 'string' ? parts[2] : '*'}}`;
    // Where something is in the account or in another stack.
    default: return '';
  }
}

function substituted(argument: unknown): string {
  const [template, values] = (Array.isArray(argument) ? argument : [argument]) as unknown[];
  return scalarOf(template).replace(/\$\{([^${}]{0,256})\}/g, (all, name: string) =>
    isObject(values) && name in values ? rendered(values[name]) : name.includes('.') ? '' : all);
}
