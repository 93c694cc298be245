import { RegenerateStrategy } from './regenerate-strategy';
import { makeHandler } from '../make-handler';

/** Rotates secrets that work nowhere but where they are read: each rotation makes a new random value, or a new pair of keys. */
export const handler = makeHandler({ strategy: (facts) => new RegenerateStrategy(facts.valueBindings) });
