/** An answer in the AWS JSON protocol; `undefined` where it is not an object. */
export function parseJsonAnswer(text: string): Record<string, unknown> | undefined {
  try {
    const answer: unknown = JSON.parse(text === '' ? '{}' : text);
    return typeof answer === 'object' && answer !== null ? answer as Record<string, unknown> : undefined;
  } catch {
    return undefined;
  }
}
