/** Of the deployment, its pods, their service account and what they mount. */
export const NAME = 'my-custom-app';

const FOLDER = '/mnt/secrets';

/** Two pods that mount the credentials as a file, and may do nothing but run. */
export function deploymentOf(namespace: string, image: string): Record<string, unknown> {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: NAME, namespace },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: NAME } },
      template: {
        metadata: { labels: { app: NAME } },
        spec: {
          serviceAccountName: NAME,
          automountServiceAccountToken: false,
          securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
          containers: [{
            name: NAME,
            image,
            env: [{ name: 'PERSONNEL_FILE', value: `${FOLDER}/personnel.json` }],
            volumeMounts: [{ name: 'credentials', mountPath: FOLDER, readOnly: true }],
            resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
            securityContext: {
              allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] },
            },
          }],
          volumes: [{
            name: 'credentials',
            csi: { driver: 'secrets-store.csi.k8s.io', readOnly: true, volumeAttributes: { secretProviderClass: NAME } },
          }],
        },
      },
    },
  };
}
