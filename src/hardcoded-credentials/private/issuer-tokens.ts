/** The form in which an issuer makes its credentials. */
export interface IssuerToken {
  /** Whose credential it is, as people call it. */
  readonly issuer: string;
  /** How it begins, or what else every one of them has: most texts have nothing of the kind, and are not looked at further. */
  readonly hint: string;
  readonly form: RegExp;
}

const token = (issuer: string, hint: string, form: RegExp): IssuerToken => ({ issuer, hint, form: new RegExp(form, `${form.flags}g`) });

/**
 * Forms that issuers document or that their products check, in November 2026. A form is here only if its letters alone say
 * whose it
 * is: what looks like any random text is found by its name instead.
 */
export const ISSUER_TOKENS: readonly IssuerToken[] = [
  token('an AWS access key id', 'A[KS]IA|ABIA|ACCA', /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b/),
  token('an Amazon Bedrock API key', 'ABSK', /\bABSK[A-Za-z0-9+/]{40,}={0,2}/),
  token('a GitHub token', 'gh[pousr]_', /\bgh[pousr]_[A-Za-z0-9]{36,255}\b/),
  token('a GitHub fine-grained token', 'github_pat_', /\bgithub_pat_[A-Za-z0-9_]{22,255}\b/),
  token('a GitLab token', 'gl[a-z]{2,5}-', /\bgl(?:pat|dt|rt|cbt|ptt|ft|imt|soat|agent|oas|ffct)-[\w-]{20,255}/),
  token('a GitLab runner registration token', 'GR1348941', /\bGR1348941[\w-]{20,}/),
  token('a Bitbucket or Atlassian token', 'ATATT3x|ATCTT3x|ATBB', /\bAT(?:ATT3x|CTT3x|BB)[A-Za-z0-9_=-]{20,}/),
  token('a Slack token', 'xox[abeoprs]-', /\bxox[abeoprs]-(?:\d-)?[A-Za-z0-9-]{10,250}/),
  token('a Slack app token', 'xapp-', /\bxapp-\d-[A-Z0-9]{5,30}-\d{5,30}-[a-z0-9]{10,}/i),
  token('a Slack webhook', 'hooks\\.slack', /hooks\.slack(?:-gov)?\.com\/[a-z]{8,9}\/[A-Z0-9]{6,}\/[A-Za-z0-9/]{12,}/),
  token('a Discord webhook', 'discord', /discord(?:app)?\.com\/api(?:\/v\d+)?\/webhooks\/\d{15,21}\/[\w-]{50,}/),
  token('a Microsoft Teams webhook', 'webhookb2', /office\.com\/webhookb2\/[\w@-]{30,}\/IncomingWebhook\/[a-z0-9]{20,}/i),
  token('a Google Chat webhook', '/spaces/', /googleapis\.com\/v1\/spaces\/[\w/-]{1,80}\?key=[\w-]{1,80}&token=[\w%-]{9,}/),
  token('a Zapier webhook', 'hooks\\.zapier', /hooks\.zapier\.com\/hooks\/catch\/\d+\/\w{6,}/),
  token('a Discord bot token', '\\.[\\w-]{6}\\.[\\w-]{27}', /\b[MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27,38}\b/),
  token('a Telegram bot token', ':AA', /\b\d{8,10}:AA[A-Za-z0-9_-]{32,33}\b/),
  token('a Stripe key', '[rs]k_(?:live|test|prod)_', /\b[rs]k_(?:live|test|prod)_[A-Za-z0-9]{10,247}\b/),
  token('a Stripe webhook secret', 'whsec_', /\bwhsec_[A-Za-z0-9+/=]{20,}/),
  token('a SendGrid key', 'SG\\.', /\bSG\.[\w-]{16,32}\.[\w-]{32,64}/),
  token('a Mailgun key', 'key-', /\bkey-[0-9a-f]{32}\b/),
  token('a Mailchimp key', '-us\\d', /\b[0-9a-f]{32}-us\d{1,2}\b/),
  token('a Brevo key', 'xkeysib-', /\bxkeysib-[0-9a-f]{64}-\w{16}\b/),
  token('a Twilio key', 'SK[0-9a-f]{8}', /\bSK[0-9a-f]{32}\b/),
  token('an npm token', 'npm_', /\bnpm_[A-Za-z0-9]{36}\b/),
  token('a PyPI token', 'pypi-', /\bpypi-AgE[A-Za-z0-9_-]{50,}/),
  token('a RubyGems key', 'rubygems_', /\brubygems_[0-9a-f]{48}\b/),
  token('a crates.io token', 'cio[A-Za-z0-9]{32}', /\bcio[A-Za-z0-9]{32}\b/),
  token('a Docker Hub token', 'dckr_', /\bdckr_(?:pat|oat)_[\w-]{24,}/),
  token('a Google API key', 'AIza', /\bAIza[\w-]{35}(?![\w-])/),
  token('a Google OAuth secret', 'GOCSPX-', /\bGOCSPX-[\w-]{20,}/),
  token('a Google access token', 'ya29\\.', /\bya29\.[\w-]{20,}/),
  token('an Azure storage or bus key', 'Key=', /\b(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{30,}={0,2}/),
  token('an Azure client secret', 'Q~', /\b[\w~.-]{3}\dQ~[\w~.-]{31,34}/),
  token('a DigitalOcean token', 'do[oprt]_v1_', /\bdo[oprt]_v1_[0-9a-f]{64}\b/),
  token('a Heroku key', 'HRKU-', /\bHRKU-[\w-]{36,}/),
  token('a Databricks token', 'dapi', /\bdapi[0-9a-f]{32}(?:-\d+)?\b/),
  token('a Datadog key', 'dd(?:ap|p|w)_', /\bdd(?:ap|p|w)_[A-Za-z0-9]{34,40}\b/),
  token('a New Relic key', 'NRAK-', /\bNRAK-[A-Z0-9]{27}\b/),
  token('a New Relic ingest key', 'NRJS-|NRI[IQ]-|NRAL', /\b(?:NRJS-[a-f0-9]{19}|[0-9a-f]{36}NRAL|NRI[IQ]-[\w-]{32})\b/),
  token('a Grafana token', 'gl(?:sa|c)_', /\bgl(?:sa_[A-Za-z0-9]{32}_[0-9a-f]{8}|c_[A-Za-z0-9+/=]{32,})/),
  token('a Dynatrace token', 'dt0[a-z]\\d\\d', /\bdt0[a-z]\d\d\.[A-Z0-9]{24}\.[A-Z0-9]{64}\b/),
  token('a Sentry token', 'sntr[yu]', /\bsntr(?:ys_eyJ[\w+/=-]{40,}|yu_[0-9a-f]{64})/),
  token('an Anthropic key', 'sk-ant-', /\bsk-ant-[A-Za-z0-9]{2,10}-[\w-]{20,}/),
  token('an OpenAI key', 'sk-[A-Za-z0-9]', /\bsk-(?:proj|svcacct|admin|None)-[\w-]{20,}|\bsk-[A-Za-z0-9]{32,64}\b/),
  token('an OpenRouter key', 'sk-or-', /\bsk-or-v1-[0-9a-f]{40,}/),
  token('a Hugging Face token', 'hf_', /\bhf_[A-Za-z]{34}\b/),
  token('a Replicate token', 'r8_', /\br8_[A-Za-z0-9]{37}\b/),
  token('a Groq key', 'gsk_', /\bgsk_[A-Za-z0-9]{40,}\b/),
  token('an xAI key', 'xai-', /\bxai-[A-Za-z0-9]{60,}/),
  token('a Perplexity key', 'pplx-', /\bpplx-[A-Za-z0-9]{40,}/),
  token('a HashiCorp Vault token', 'hv[brs]\\.', /\bhv[brs]\.[\w-]{24,}/),
  token('a Terraform Cloud token', '\\.atlasv1\\.', /\b[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,}/),
  token('a Pulumi token', 'pul-', /\bpul-[0-9a-f]{40}\b/),
  token('a Doppler token', 'dp\\.[a-z]{2,5}\\.', /\bdp\.(?:pt|st|ct|sa|scim|audit)\.(?:[\w-]{2,35}\.)?[A-Za-z0-9]{40,44}\b/),
  token('an age key', 'AGE-', /\bAGE-SECRET-KEY-1[A-Z0-9]{58}\b/),
  token('a 1Password token', 'ops_', /\bops_eyJ[\w+/=-]{100,}/),
  token('a Shopify token', 'shp[a-z]{2}_', /\bshp(?:at|ca|pa|ss|ua)_[0-9a-fA-F]{32}\b/),
  token('a Square token', 'sq0[a-z]{3}-', /\bsq0(?:atp|csp|idp)-[\w-]{22,43}/),
  token('a Square access token', 'EAAA', /\bEAAA[\w-]{60}\b/),
  token('a PayPal Braintree token', 'access_token\\$', /\baccess_token\$(?:production|sandbox)\$\w{16}\$[0-9a-f]{32}\b/),
  token('a Facebook token', 'EAA[A-Za-z0-9]{80}', /\bEAA[A-Za-z0-9]{80,}\b/),
  token('a Linear key', 'lin_', /\blin_(?:api|oauth)_[A-Za-z0-9]{32,}\b/),
  token('a Notion token', 'ntn_', /\bntn_[A-Za-z0-9]{40,}\b/),
  token('an Airtable token', 'pat[A-Za-z0-9]{14}\\.', /\bpat[A-Za-z0-9]{14}\.[0-9a-f]{64}\b/),
  token('a Figma token', 'fig[dou]_', /\bfig[dou]_[\w-]{40,}/),
  token('a Postman key', 'PMAK-', /\bPMAK-[0-9a-f]{24}-[0-9a-f]{34}\b/),
  token('a Snyk token', 'snyk_', /\bsnyk_[a-z]{3}\.[\w-]{8,}\.[\w.-]{20,}/),
  token('a SonarQube token', 'sq[upa]_', /\bsq[upa]_[0-9a-f]{40}\b/),
  token('a PlanetScale credential', 'pscale_', /\bpscale_(?:pw|tkn|oauth)_[\w=.-]{32,64}/),
  token('a Supabase key', 'sb(?:p|_secret)_', /\bsb(?:p_[0-9a-f]{40}|_secret_[\w-]{20,})/),
  token('a Contentful token', 'CFPAT-', /\bCFPAT-[\w-]{43}/),
  token('a PagerDuty integration', 'pagerduty', /events\.pagerduty\.com\/integration\/[0-9a-f]{32}\b/),
  token('a Tailscale key', 'tskey-', /\btskey-[a-z]+-[A-Za-z0-9]+-[A-Za-z0-9]{16,}/),
  token('a Fly.io token', 'FlyV1', /\bFlyV1 fm\d_[\w+/=,]{40,}/),
  token('a Buildkite token', 'bk(?:ua|at|pt)?_', /\bbk(?:ua|at|pt)?_[a-f0-9]{40}\b/),
  token('a Cloudflare origin key', 'v1\\.0-', /\bv1\.0-[0-9a-f]{24}-[0-9a-f]{146}\b/),
  token('a JSON Web Token', 'eyJ', /(?<![\w-])eyJ[\w-]{10,4096}\.eyJ[\w-]{10,8192}\.[\w-]{20,}/),
  token('a private key', 'PRIVATE KEY', new RegExp(
    String.raw`-----BEGIN (?:[A-Z0-9]{1,12} ){0,2}PRIVATE KEY(?: BLOCK)?-----(?:\\{1,4}[nr]|\s){0,20}[^-]{0,200}?[A-Za-z0-9+/]{20}`,
  )),
  token('a PuTTY private key', 'PuTTY-User-Key-File', /PuTTY-User-Key-File-\d: [\s\S]{0,2000}?Private-Lines: \d/),
];

const ANY = new RegExp(ISSUER_TOKENS.map(({ hint }) => hint).join('|'));
const SHORTEST = 16;
/** What is made for documentation and tests: the word, or one character again and again. */
const FOR_DOCUMENTATION = /EXAMPLE|(.)\1{7}/;

/** Whose credential a text holds. */
export function issuerOf(text: string): string | undefined {
  if (text.length < SHORTEST || !ANY.test(text)) {
    return undefined;
  }
  const isReal = ([found]: RegExpMatchArray): boolean => !FOR_DOCUMENTATION.test(found);
  return ISSUER_TOKENS.find(({ form }) => Array.from(text.matchAll(form)).some(isReal))?.issuer;
}
