import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { extensionLayersModule, layersOfTheCdk } from '../../scripts/refresh-extension-layers';
import { EXTENSION_LAYERS_DATE } from '../../src/delivery/private/extension-layers';
import { LISTED_LAYERS } from '../../src/delivery/private/usual-extension-layer';
import { messageOf } from '../support/scenario';

const NAME = 'AWS-Parameters-and-Secrets-Lambda-Extension';
const IRELAND = `arn:aws:lambda:eu-west-1:111111111111:layer:${NAME}:12`;
const IRELAND_ARM64 = `arn:aws:lambda:eu-west-1:111111111111:layer:${NAME}-Arm64:11`;
const BEIJING = `arn:aws-cn:lambda:cn-north-1:022222222222:layer:${NAME}:9`;
/** In a Region that no AWS CDK knows. */
const NEW = `arn:aws:lambda:xx-north-7:333333333333:layer:${NAME}:1`;
const CDK = { 'eu-west-1': { account: '111111111111', x8664: '11', arm64: '11' } };

const dayOf = (iso: string): string =>
  new Date(iso).toLocaleDateString('en-US', { timeZone: 'UTC', year: 'numeric', month: 'long', day: 'numeric' });
const markdown = (arns: string[], day = 'July 28, 2026'): string =>
  `Last updated: ${day}\n\n| Region | ARN |\n| --- | --- |\n${arns.map((arn) => `| Somewhere (There) | \`${arn}\` |\n`).join('')}`;
const html = (arns: string[]): string => `<p>Last updated: July 28, 2026</p><table>${arns.map((arn) =>
  `<tr><td>Somewhere</td><td tabindex="-1"><code class="code">${arn}</code></td></tr>`).join('')}</table>`;

describe('the table of layers', () => {
  test('is what the command makes from a page that lists the same', () => {
    const arns = Object.entries(LISTED_LAYERS).flatMap(([region, { account, x8664, arm64 }]) => {
      const layer = `arn:${RegionInfo.get(region).partition}:lambda:${region}:${account}:layer:${NAME}`;
      return [`${layer}:${x8664}`, ...arm64 === undefined ? [] : [`${layer}-Arm64:${arm64}`]];
    });
    expect(extensionLayersModule(markdown(arns, dayOf(EXTENSION_LAYERS_DATE))))
      .toBe(readFileSync(join(__dirname, '../../src/delivery/private/extension-layers.ts'), 'utf8'));
  });

  test.each([['Markdown', markdown], ['HTML', html]])('is made from %s, with its day and in the order of Regions', (_, page) => {
    const source = extensionLayersModule(page([NEW, IRELAND, BEIJING, IRELAND_ARM64]), [['the AWS CDK', CDK]]);
    expect(source).toContain("EXTENSION_LAYERS_DATE = '2026-07-28';");
    expect(source).toContain('`\ncn-north-1 022222222222 9\neu-west-1 111111111111 12 11\nxx-north-7 333333333333 1\n`;\n');
  });

  test('has the older day, where the two tables of the page were not updated together', () => {
    const page = `${markdown([IRELAND])}${markdown([IRELAND_ARM64], 'June 5, 2026')}`;
    expect(extensionLayersModule(page, [])).toContain("'2026-06-05'");
  });

  test.each<[string, string[], string]>([
    ['a wrong account', [IRELAND.replace('1111:layer', '1112:layer')],
      'eu-west-1: account is 111111111112 on the page, and 111111111111 in the AWS CDK'],
    ['two accounts in one Region', [IRELAND, IRELAND_ARM64.replace('1111:layer', '1112:layer')],
      'eu-west-1: there are layers of two accounts, 111111111111 and 111111111112'],
    ['an older version', [IRELAND.replace(':12', ':10'), IRELAND_ARM64],
      'eu-west-1: x8664 is 10 on the page, and 11 in the AWS CDK'],
    ['a missing architecture', [IRELAND], 'eu-west-1: the page has no layer for arm64, and the AWS CDK has: is the copy whole?'],
    ['a missing Region', [BEIJING], 'eu-west-1: the page has no layer for account, and the AWS CDK has: is the copy whole?'],
    ['a Region with arm64 only', [IRELAND, IRELAND_ARM64, NEW.replace(':1', '-Arm64:1')],
      'xx-north-7: the page has no layer for x86_64'],
  ])('is not made from a page with %s', (_, arns, message) => {
    const text = messageOf(() => extensionLayersModule(markdown(arns), [['the AWS CDK', CDK]]));
    expect(text).toContain(message);
    expect(text).not.toContain('\n');
  });

  test.each([
    ['an account of 11 digits', IRELAND.replace('111111111111', '11111111111')],
    ['another layer', IRELAND.replace(NAME, 'Another-Extension')],
    ['no version', IRELAND.replace(/:12$/, '')],
    ['the partition of another Region', BEIJING.replace('aws-cn', 'aws')],
    ['a partition that a new Region may not be in', NEW.replace('arn:aws', 'arn:aws-xx')],
    ['another service', IRELAND.replace(':lambda:', ':lamda:')],
  ])('is not made from a page with an ARN that has %s', (_, arn) => {
    expect(() => extensionLayersModule(markdown([IRELAND, IRELAND_ARM64, arn]), []))
      .toThrow(`this is not an ARN of the extension's layer in the partition of its Region: ${arn}`);
  });

  test('is not made from a page without a day, such as a translated one', () => {
    expect(() => extensionLayersModule(markdown([IRELAND]).replace('Last updated', 'Zuletzt aktualisiert'), []))
      .toThrow('the page does not say when its tables were last updated');
  });

  test('is compared with what the AWS CDK and the table in use have', () => {
    expect(layersOfTheCdk()['eu-west-1'].account).toBe(LISTED_LAYERS['eu-west-1'].account);
    expect(() => extensionLayersModule(markdown([IRELAND, IRELAND_ARM64]))).toThrow(/in the AWS CDK|the AWS CDK has/);
  });
});
