const UNQUALIFIED_PARTS = 7;

/** The ARN of a function without version or alias. */
export function unqualified(functionArn: string): string {
  return functionArn.split(':').slice(0, UNQUALIFIED_PARTS).join(':');
}

export function isSameFunction(one: string, other: string): boolean {
  return unqualified(one) === unqualified(other);
}
