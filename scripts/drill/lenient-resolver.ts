import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { SynthesisedStack } from '../local-deployment/cloud-assembly';
import { TemplateResolver } from '../local-deployment/template-resolver';

/** A text in place of what is not known: which resource of which stack, and what of it. */
const UNKNOWN = /unknown:([^/"]+)\/([A-Za-z0-9]+)(?:\.([A-Za-z0-9.]+))?/;

export interface Unknown {
  readonly stackName: string;
  readonly logicalId: string;
  /** Absent for what `Ref` gives. */
  readonly attribute?: string;
}

/** What a text stands for that is not known. */
export function parseUnknown(text: string): Unknown | undefined {
  return unknownsIn(text).find(() => text.startsWith('unknown:'));
}

/** All that is not known in a text. */
export function unknownsIn(text: string): Unknown[] {
  return [...text.matchAll(new RegExp(UNKNOWN, 'g'))]
    .map(([, stackName, logicalId, attribute]) => ({ stackName, logicalId, attribute }));
}

/**
 * For apps of users, which refer to all kinds of things: what is not known here is a text that names it.
 *
 * Exports of stacks are found by their names. Of `Fn::If` it is the first branch.
 */
export class LenientResolver extends TemplateResolver {
  /** @param exported by name, of the stacks before this one; its own are added by `export()` */
  constructor(private readonly stack: SynthesisedStack, private readonly exported: Map<string, unknown>) {
    const { account, region, name: stackName } = stack;
    super({ partition: RegionInfo.get(region).partition ?? 'aws', account, region, stackName });
    Object.assign(this.functions, {
      'Fn::ImportValue': (given: unknown) => {
        const name = this.resolve<string>(given);
        return exported.get(name) ?? this.missing(name);
      },
      'Fn::If': ([, whenTrue]: unknown[]) => this.resolve(whenTrue),
    });
    for (const [name, { Default }] of Object.entries(stack.parameters ?? {})) {
      this.define(name, { ref: String(Default ?? this.missing(name)) });
    }
  }

  /** Makes what the stack exports known to those after it. */
  export(): void {
    for (const { Export, Value } of Object.values(this.stack.outputs ?? {}).filter((output) => output.Export !== undefined)) {
      this.exported.set(this.resolve<string>(Export!.Name), this.resolve(Value));
    }
  }

  protected override missing(name: string): string {
    return `unknown:${this.stack.name}/${name}`;
  }
}
