/** What a scan found that is not acknowledged, and what is acknowledged and was not found. */
export interface Comparison {
  readonly unexplained: string[];
  readonly vanished: string[];
}

export function compare(found: string[], acknowledged: string[]): Comparison {
  return {
    unexplained: found.filter((finding) => !acknowledged.includes(finding)),
    vanished: acknowledged.filter((finding) => !found.includes(finding)),
  };
}
