import { type Place, TemplateResolver } from '../../scripts/local-deployment/template-resolver';

/** Replaces the intrinsic functions of a stack's template, those that refer to other stacks too. */
export class StackResolver extends TemplateResolver {
  constructor(place: Place, exported: ReadonlyMap<string, unknown>) {
    super(place);
    Object.assign(this.functions, {
      'Fn::ImportValue': (name: unknown) => found(exported, this.resolve<string>(name)),
    });
  }
}

function found(exported: ReadonlyMap<string, unknown>, name: string): unknown {
  if (!exported.has(name)) {
    throw new Error(`no stack that is deployed before exports ${name}`);
  }
  return exported.get(name);
}
