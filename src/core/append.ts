/** Adds to the list of a key, in place: what is found for one key may be as much as there are secrets. */
export function append<K, V>(lists: Map<K, V[]>, key: K, ...values: V[]): void {
  const list = lists.get(key);
  if (list) {
    list.push(...values);
  } else {
    lists.set(key, values);
  }
}
