import { credentialName } from './property-names';
import { isCredential, looksMade } from './values';

/** A name and its value, where they are not beside each other with a sign between. */
interface PairRule {
  readonly hint: RegExp;
  readonly form: RegExp;
  readonly holds: (value: string) => boolean;
}

const PAIRS: readonly PairRule[] = [
  {
    // <add key="…" value="…"/>
    hint: /value/,
    form: new RegExp(
      String.raw`\b(?:name|key)\s{0,3}=\s{0,3}\\{0,2}["'](?<name>[^"'\\]{1,100})\\{0,2}["']\s{1,10}(?:\w{1,20}=["'][^"']{0,60}["']\s{1,5})?`
        + String.raw`value\s{0,3}=\s{0,3}\\{0,2}["'](?<value>[^"'\\]{1,1024})`,
      'gi',
    ),
    holds: () => true,
  },
  {
    // - name: … value: … in YAML, ParameterKey=…,ParameterValue=… on a command line
    hint: /value/i,
    form: new RegExp(
      String.raw`\b(?:name|key|variable|option|parameterkey|optionname)["']?\s?[:=]\s?["']?(?<name>[\w./-]{1,100})["']?\s{0,2}[,;\n]?[\s,]{0,40}`
        + String.raw`["']?(?:parameter|option)?value["']?\s?[:=]\s?["']?(?<value>[^\s"',;]{2,512})`,
      'gi',
    ),
    holds: () => true,
  },
  {
    // <property name="…">…, <name>…</name><value>…, <key>…</key><string>…, <Password><Value>…
    hint: /<\w/,
    form: new RegExp(
      String.raw`(?:\bname="|<(?:name|key)>|<)(?<name>[\w.-]{3,100})(?:"[^<>"]{0,60}>|</(?:name|key)>\s{0,60}<(?:value|string)>|>\s{0,60}<value>)`
        + String.raw`\s{0,60}(?<value>[^<>\s]{2,512})`,
      'gi',
    ),
    holds: () => true,
  },
  {
    // echo … > /etc/app/api_key
    hint: />|\btee\b/,
    form: new RegExp(String.raw`\b(?:echo|printf)\s(?:-n\s|'%s'\s)?["']?(?<value>[^\s"';|<>$\x60]{4,256})["']?\s{0,3}(?:>{1,2}|\|\s{0,3}(?:sudo\s)?tee(?:\s-a)?\s)`
      + String.raw`\s{0,3}["']?(?:[\w.~-]{0,60}/){0,12}(?<name>[\w.-]{3,100})(?![\w./-])`, 'g'),
    holds: () => true,
  },
  {
    // --name … --value …, and of PowerShell -Name … -Value …
    hint: /-value/i,
    form: /-(?:name|key)[ =]["']?(?<name>[\w./-]{1,200})["']?\s[^\n|;]{0,200}?-value[ =]["']?(?<value>[^\s"']{2,512})/gi,
    holds: () => true,
  },
  {
    // reg add … /v NAME /t REG_SZ /d VALUE
    hint: /\breg\b/i,
    form: new RegExp(String.raw`\breg\s{1,3}add\s[^\n|;]{0,300}?/v\s{1,3}["']?(?<name>[\w-]{1,100})["']?\s[^\n|;]{0,100}?`
      + String.raw`/d\s{1,3}["']?(?<value>[^\s"'/]{2,256})`, 'gi'),
    holds: () => true,
  },
  {
    // What a shell or a framework takes where a variable is not set.
    hint: /\$\{[\w.]+:/,
    form: /\$\{(?<name>[\w.]{1,100}):[-=]?(?<value>[^${}?+\s]{2,256})\}/g,
    holds: () => true,
  },
  {
    // setx NAME value, ENV NAME value, config set name value
    hint: /\b(?:setx?|setenv|ENV)\s/,
    form: /\b(?:setx?|setenv|ENV)\s{1,3}(?:-\w{1,10}\s{1,3})?(?<name>[\w.\-/]{1,100})\s{1,3}["']?(?<value>[^\s"';|<>]{4,256})/g,
    holds: (value) => looksMade(value, 6),
  },
  {
    // Lines of files, and statements, that have a name, a blank and a value.
    hint: /[\n;{]/,
    form: new RegExp(String.raw`(?:^|[\n;{])[ \t]{0,20}(?:[\w@.-]{1,40}[ \t]{1,3}){0,3}?(?<name>[\w.-]{3,100})[ \t]{1,8}["']?(?<value>[^\s"';|<>$]{6,256})["']?;?[ \t]{0,3}(?=[\n;}]|$)`, 'g'),
    holds: (value) => looksMade(value, 6) && !/[()[\]{}]/.test(value),
  },
  {
    hint: /\benv:/i,
    form: /\benv:(?<name>\w{1,100})["']?\s{1,3}(?:-Value\s{1,3})?["'](?<value>[^\s"']{2,256})["']/gi,
    holds: () => true,
  },
];

/** The name of a credential whose value a text has elsewhere than after a sign: in XML, as a default, as an argument. */
export function pairIn(text: string): string | undefined {
  for (const { hint, form, holds } of PAIRS) {
    for (const { groups } of hint.test(text) ? text.matchAll(form) : []) {
      const { name, value } = groups!;
      const kind = credentialName(name);
      if (kind && isCredential(kind, value) && holds(value)) {
        return name;
      }
    }
  }
  return undefined;
}
