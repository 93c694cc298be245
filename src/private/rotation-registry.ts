import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';

type Listener = (rotationFunction: IFunction) => void;

/** Kept outside the secrets, so that any secret can have an entry, and weakly, so that none is kept alive. */
const functions = new WeakMap<ISecret, IFunction>();
const listeners = new WeakMap<ISecret, Listener[]>();

/** Notes which function rotates a secret. A secret that is handed out under several objects needs a note for each. */
export function setRotationFunction(secret: ISecret, rotationFunction: IFunction): void {
  functions.set(secret, rotationFunction);
  listeners.get(secret)?.forEach((listener) => listener(rotationFunction));
  listeners.delete(secret);
}

/** The function that rotates a secret, where one was noted. */
export function rotationFunctionOf(secret: ISecret): IFunction | undefined {
  return functions.get(secret);
}

/** Does something with the function that rotates a secret: now, or as soon as one is noted. */
export function whenRotated(secret: ISecret, listener: Listener): void {
  const rotationFunction = functions.get(secret);
  if (rotationFunction) {
    listener(rotationFunction);
  } else {
    listeners.set(secret, [...listeners.get(secret) ?? [], listener]);
  }
}
