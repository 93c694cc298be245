import { RegenerateStrategy } from './regenerate-strategy';
import { makeHandler } from '../make-handler';

/** Rotates secrets that no other system has to know: each rotation makes a new random value, or a new pair of keys. */
export const handler = makeHandler({ strategy: (facts) => new RegenerateStrategy(facts.valueBindings) });
