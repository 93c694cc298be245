import { makeActionsHandler } from './make-actions-handler';

/** Has the consumers of secrets take up new versions. */
export const handler = makeActionsHandler();
