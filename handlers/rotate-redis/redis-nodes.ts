import type { RedisNode } from './redis-node';
import { RotationError } from '../core/rotation-error';

/**
 * Throws where other servers would keep the former password: replicas, and the nodes of a cluster, have users of their own.
 *
 * A replica that is not connected now is not seen.
 */
export async function checkNodes(nodes: readonly RedisNode[]): Promise<void> {
  let hasPrimary = false;
  for (const node of nodes) {
    const facts = await node.facts();
    const others = facts.get('cluster_enabled') === '1'
      ? await node.clusterNodes() - 1
      : Number(facts.get('connected_slaves'));
    if (others >= nodes.length) {
      throw new RotationError('configuration', `the server is one of ${others + 1}, and the deployment names ${nodes.length}: `
        + 'servers do not tell each other of users, so name all of them in furtherHosts of the DatabaseTarget');
    }
    hasPrimary ||= facts.get('role') === 'master';
  }
  if (!hasPrimary) {
    throw new RotationError('configuration', 'the server is a replica, and its primary has users of its own: name the primary, '
      + 'and all its replicas in furtherHosts of the DatabaseTarget');
  }
}
