import { acknowledgedFindings, ACKNOWLEDGEMENTS, stackOf } from './acknowledged';
import { APPS } from './apps';
import { findingsOf, RULE_PACKS, rulePack } from './rule-packs';

const apps = Object.entries(APPS).map(([name, make]) => ({ name, app: make() }));
const stacksOf = (app: typeof apps[number]['app']) => app.node.children.map(({ node }) => node.id);

test.each(apps)('$name: the rule packs find what is acknowledged and nothing else', ({ app }) => {
  expect(findingsOf(app)).toEqual(acknowledgedFindings('cdk-nag', stacksOf(app)));
});

test('every acknowledgement is of an app that is checked', () => {
  const checked = apps.flatMap(({ app }) => stacksOf(app));
  const acknowledged = ACKNOWLEDGEMENTS.flatMap(({ findings }) => findings).flatMap(({ resources }) => resources.map(stackOf));
  expect([...new Set(acknowledged)].filter((stack) => !checked.includes(stack))).toEqual([]);
});

test.each(RULE_PACKS)('%s has rules that these apps break, so that it is known to be at work', (name) => {
  const broken = apps.flatMap(({ app }) => rulePack(name, app).validateScope(app).violations);
  expect(broken).not.toEqual([]);
});
