import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';

/** Kept outside the secrets, so that any secret can have an entry, and weakly, so that none is kept alive. */
const functions = new WeakMap<ISecret, IFunction>();

/** Notes which function rotates a secret. A secret that is handed out under several objects needs a note for each. */
export function setRotationFunction(secret: ISecret, rotationFunction: IFunction): void {
  functions.set(secret, rotationFunction);
}

/** The function that rotates a secret, where one was noted. */
export function rotationFunctionOf(secret: ISecret): IFunction | undefined {
  return functions.get(secret);
}
