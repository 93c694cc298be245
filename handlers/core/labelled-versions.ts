import { CURRENT, PENDING, type SecretDescription } from './secret-store';

type Labelled = Pick<SecretDescription, 'versions'>;

/** The version that has a label. */
export function versionWith({ versions }: Labelled, label: string): string | undefined {
  return [...versions].find(([, labels]) => labels.includes(label))?.[0];
}

/** The versions of rotations that have begun and not finished. */
export function begunVersions({ versions }: Labelled): string[] {
  return [...versions].filter(([, labels]) => labels.includes(PENDING) && !labels.includes(CURRENT))
    .map(([versionId]) => versionId);
}
