/** What each test file imports, directly or through others. */
export function reachOfTests(): Map<string, Set<string>>;
