import type { IncomingHttpHeaders } from 'node:http';

/** A request for a user, whatever its protocol. */
export interface UserRequest {
  readonly action: 'describe' | 'modify' | 'other';
  /** As the protocol calls the action. */
  readonly name: string;
  readonly userId: string;
  readonly passwords: string[];
}

export interface DescribedUser {
  readonly userId: string;
  readonly username: string;
  readonly arn: string;
  readonly status: string;
  readonly authentication: string;
  readonly passwordCount: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** How one service says things. */
export interface UsersProtocol {
  readonly signingName: string;
  arn(userId: string): string;
  parse(headers: IncomingHttpHeaders, body: string): UserRequest;
  user(request: UserRequest, user: DescribedUser): HttpAnswer;
  error(name: string, status: number, message: string): HttpAnswer;
}

const ACCOUNT = '123456789012';
const REGION = 'eu-west-1';

/** The query protocol: forms in, XML out. */
export const elastiCacheProtocol: UsersProtocol = {
  signingName: 'elasticache',
  arn: (userId) => `arn:aws:elasticache:${REGION}:${ACCOUNT}:user:${userId}`,
  parse: (headers, body) => {
    const form = new URLSearchParams(body);
    const name = form.get('Action') ?? '';
    const valid =
      headers['content-type']?.startsWith('application/x-www-form-urlencoded') && form.get('Version') === '2015-02-02';
    const passwords = [1, 2, 3].map((n) => form.get(`Passwords.member.${n}`)).filter((password) => password !== null);
    return { action: actionOf(valid ? name : '', 'ModifyUser'), name, userId: form.get('UserId') ?? '', passwords };
  },
  user: ({ action, name }, user) => {
    const fields = `<UserId>${user.userId}</UserId><UserName>${escape(user.username)}</UserName><Status>${user.status}</Status>`
      + '<Engine>valkey</Engine>'
      + '<MinimumEngineVersion>7.2</MinimumEngineVersion><AccessString>on ~* &amp;* '
      + '+@all</AccessString><UserGroupIds><member>group</member></UserGroupIds>'
      + `<Authentication><Type>${user.authentication}</Type><PasswordCount>${user.passwordCount}</PasswordCount></Authentication>`
      + `<ARN>${user.arn}</ARN>`;
    const result = action === 'describe' ? `<Users>\n  <member>${fields}</member>\n</Users>` : fields;
    return xml(
      200,
      `<${name}Response xmlns="http://elasticache.amazonaws.com/doc/2015-02-02/">\n<${name}Result>${result}</${name}Result>\n`
        + `<ResponseMetadata><RequestId>0</RequestId></ResponseMetadata></${name}Response>`,
    );
  },
  error: (name, status, message) =>
    xml(
      status,
      '<?xml version="1.0"?>\n<ErrorResponse xmlns="http://elasticache.amazonaws.com/doc/2015-02-02/"><Error>'
        + `<Type>Sender</Type><Code>${name}</Code><Message>${escape(message)}</Message></Error><RequestId>0</RequestId>`
        + '</ErrorResponse>',
    ),
};

/** The JSON protocol, whose errors have other names. */
export const memoryDbProtocol: UsersProtocol = {
  signingName: 'memorydb',
  arn: (userId) => `arn:aws:memorydb:${REGION}:${ACCOUNT}:user/${userId}`,
  parse: (headers, body) => {
    const name = /^AmazonMemoryDB\.(\w+)$/.exec(String(headers['x-amz-target']))?.[1] ?? '';
    const input = JSON.parse(body) as { UserName?: string; AuthenticationMode?: { Type: string; Passwords: string[] } };
    const valid =
      headers['content-type'] === 'application/x-amz-json-1.1'
      && (name === 'DescribeUsers' || input.AuthenticationMode?.Type === 'password');
    return {
      action: actionOf(valid ? name : '', 'UpdateUser'),
      name,
      userId: input.UserName ?? '',
      passwords: input.AuthenticationMode?.Passwords ?? [],
    };
  },
  user: ({ action }, user) => {
    const fields = {
      Name: user.username,
      Status: user.status,
      AccessString: 'on ~* +@all',
      ACLNames: ['acl'],
      MinimumEngineVersion: '6.2',
      Authentication: { Type: user.authentication, PasswordCount: user.passwordCount },
      ARN: user.arn,
    };
    return json(200, action === 'describe' ? { Users: [fields] } : { User: fields });
  },
  error: (name, status, message) =>
    json(status, {
      __type: `${name}${name.startsWith('User') || name.startsWith('InvalidUser') ? 'Fault' : 'Exception'}`,
      message,
    }),
};

function actionOf(name: string, modify: string): UserRequest['action'] {
  return name === 'DescribeUsers' ? 'describe' : name === modify ? 'modify' : 'other';
}

function xml(status: number, body: string): HttpAnswer {
  return { status, contentType: 'text/xml', body };
}

function json(status: number, body: unknown): HttpAnswer {
  return { status, contentType: 'application/x-amz-json-1.1', body: JSON.stringify(body) };
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#x${character.charCodeAt(0).toString(16)};`);
}
