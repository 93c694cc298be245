import { serviceError } from './service-error';
import { JsonRequests, type JsonService } from '../aws/json-requests';
import { QueryRequests } from '../aws/query-requests';
import { serviceEndpoint } from '../aws/service-endpoint';
import { SignedRequests, type SignedRequestsOptions } from '../aws/signed-requests';

/** How services are reached. */
export interface ServicesOptions extends SignedRequestsOptions {
  /** URL instead of the public endpoint of each service: for tests. */
  readonly endpoint?: string;
}

type JsonFacts = Pick<JsonService, 'name' | 'signingName' | 'targetPrefix' | 'version'>;

/** The services that the function calls: each is connected to once, when it is first asked for. */
export class Services {
  private readonly made = new Map<string, unknown>();

  constructor(readonly options: ServicesOptions) {}

  get ecs(): JsonRequests {
    return this.json({
      name: 'Amazon ECS', signingName: 'ecs', targetPrefix: 'AmazonEC2ContainerServiceV20141113', version: '1.1',
    });
  }

  get systemsManager(): JsonRequests {
    return this.json({ name: 'AWS Systems Manager', signingName: 'ssm', targetPrefix: 'AmazonSSM', version: '1.1' });
  }

  get stepFunctions(): JsonRequests {
    return this.json({ name: 'AWS Step Functions', signingName: 'states', targetPrefix: 'AWSStepFunctions', version: '1.0' });
  }

  get queues(): JsonRequests {
    return this.json({ name: 'Amazon SQS', signingName: 'sqs', targetPrefix: 'AmazonSQS', version: '1.0' });
  }

  get secretsManager(): JsonRequests {
    return this.json({
      name: 'Secrets Manager', signingName: 'secretsmanager', targetPrefix: 'secretsmanager', version: '1.1',
    });
  }

  get autoScaling(): QueryRequests {
    const name = 'Amazon EC2 Auto Scaling';
    return this.once(name, () => new QueryRequests({
      name,
      signingName: 'autoscaling',
      url: this.urlOf(name, 'autoscaling'),
      version: '2011-01-01',
      errorOf: (action, status, code) => serviceError(name, action, status, code),
    }, this.options));
  }

  get lambda(): SignedRequests {
    return this.signed('AWS Lambda', 'lambda');
  }

  get eks(): SignedRequests {
    return this.signed('Amazon EKS', 'eks');
  }

  private signed(name: string, signingName: string): SignedRequests {
    return this.once(name, () => new SignedRequests({ name, signingName, url: this.urlOf(name, signingName) }, this.options));
  }

  private json(facts: JsonFacts): JsonRequests {
    const { name, signingName } = facts;
    return this.once(name, () => new JsonRequests({
      ...facts,
      url: this.urlOf(name, signingName),
      errorOf: (action, status, code) => serviceError(name, action, status, code),
    }, this.options));
  }

  private urlOf(name: string, prefix: string): URL {
    const { region, endpoint } = this.options;
    return serviceEndpoint({ name, prefix, region, endpoint });
  }

  private once<T>(name: string, make: () => T): T {
    const known = this.made.get(name) as T | undefined ?? make();
    this.made.set(name, known);
    return known;
  }
}
