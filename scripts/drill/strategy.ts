import type { UserBinding } from '../../src/contract/database-facts';

/** How a password changes. `own`: the user changes it itself. */
export type Strategy = 'own' | UserBinding['strategy'];

const TITLES: Readonly<Record<Strategy, string>> = {
  own: 'single user',
  single: 'single user',
  alternating: 'alternating users',
  dualPassword: 'two passwords',
};

export function titleOf(strategy: Strategy): string {
  return TITLES[strategy];
}

/** Whether the former value lets in until the next rotation, so that no login may fail at any time. */
export function keepsFormer(strategy: Strategy): boolean {
  return strategy === 'alternating' || strategy === 'dualPassword';
}

/** Whether a value has to let in that an application has read, going by the labels of all versions. */
export function hasToLetIn(strategy: Strategy, versionId: string, labels: Readonly<Record<string, readonly string[]>>): boolean {
  const own = labels[versionId] ?? [];
  // What is being rotated may be the user of the former value.
  const isRotating = Object.keys(labels).some((other) => other !== versionId && labels[other].includes('AWSPENDING')
    && !labels[other].includes('AWSCURRENT'));
  return own.includes('AWSCURRENT') || (keepsFormer(strategy) && own.includes('AWSPREVIOUS') && !isRotating);
}
