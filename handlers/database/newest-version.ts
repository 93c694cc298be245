import type { VersionSummary } from '../core/secret-store';

/** How many versions are read, at the most, to find one. */
const MAXIMUM_READ = 10;

/** The newest version that fits: many have no value, or one for another user. */
export async function newestOf<T>(
  versions: readonly VersionSummary[],
  read: (versionId: string) => Promise<T | undefined>,
): Promise<T | undefined> {
  const newestFirst = [...versions].sort((one, other) => other.createdAt - one.createdAt);
  for (const { versionId } of newestFirst.slice(0, MAXIMUM_READ)) {
    const found = await read(versionId);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}
