/** Rotates by hand what the partner has: for the apps of test/languages, which never run it. */
export const handler = async (event) => {
  throw new Error(`${event.Step} is the partner's`);
};
