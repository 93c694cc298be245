/*
 * Bindings as little text as possible: AWS Lambda takes 4 KB for all variables of a function, which decides how many secrets one
 * function serves. What is the same for several of them is written once.
 */

/** The JSON of `Environment.BINDINGS`. */
export interface PackedBindings {
  /** What precedes each {@link SECRET_END} in the ARN of the secret, without the colon between. Absent where there is none. */
  readonly arns?: string;
  readonly groups: readonly BindingGroup[];
}

/** Bindings that differ in few properties. */
export interface BindingGroup {
  /** Of each of these properties the texts of all bindings, encoded, with a space between two. */
  readonly each: Readonly<Record<string, string>>;
  /** The properties that are the same for all bindings. */
  readonly all: Readonly<Record<string, unknown>>;
}

/** What takes the place of `secret` where it is an ARN: the end of it, the name with the six random characters. */
export const SECRET_END = 'end';

/** Properties that are seldom the same for two secrets. */
export const OWN_PROPERTIES: readonly string[] = [SECRET_END, 'secret', 'username', 'alternateUsername', 'userId', 'userArn'];

/** What precedes the name in the ARN of a secret, without the colon before it. */
export const SECRET_ARNS = /^arn:aws[a-z-]{0,20}:secretsmanager:[a-z0-9-]{1,30}:\d{12}:secret$/;

/** A text as one of several with spaces between. */
export function encodeText(text: string): string {
  return text.replace(/[% ]/g, (character) => (character === ' ' ? '%20' : '%25'));
}

/**
 * The bindings that a value stands for.
 *
 * @throws where it has not the form that the constructs give it.
 */
export function unpackBindings({ arns, groups }: PackedBindings): Record<string, unknown>[] {
  return groups.flatMap(({ each, all }) => {
    const columns = Object.entries(each).map(([name, texts]): [string, string[]] => [name, texts.split(' ').map(decodeText)]);
    const length = columns[0]?.[1].length ?? 1;
    const fits = columns.every(([name, { length: own }]) => OWN_PROPERTIES.includes(name) && !(name in all) && own === length);
    const hasName = 'secret' in all || 'secret' in each;
    const isKnown = !(SECRET_END in each) || (SECRET_ARNS.test(arns!) && !hasName);
    if (!fits || !isKnown) {
      throw new TypeError('not bindings');
    }
    return Array.from({ length }, (_, nth) => {
      const { [SECRET_END]: end, ...own } = Object.fromEntries(columns.map(([name, texts]) => [name, texts[nth]]));
      return { ...all, ...end !== undefined && { secret: `${arns}:${end}` }, ...own };
    });
  });
}

function decodeText(text: string): string {
  return text.replace(/%(20|25)/g, (_, code) => (code === '20' ? ' ' : '%'));
}
