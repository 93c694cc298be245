const TOKEN = /<(\/?)([A-Za-z][\w.-]*)(?:\s+[\w:.-]+="[^"<]*")*\s*(\/?)>|([^<]+)/y;
const DECLARATION = /^\s*<\?xml [^?<>]*\?>/;
const ENTITY = /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9A-Fa-f]{1,6}));/g;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const DEEPEST = 32;
const HIGHEST_CODE_POINT = 0x10ffff;

/**
 * An element of the XML that query APIs of AWS answer with: names, text and nothing else.
 *
 * Document types, comments, other instructions and CDATA are not part of it, nor are entities that a document declares.
 */
export class XmlElement {
  /** `undefined` where the text is not such a document. */
  static parse(text: string): XmlElement | undefined {
    const document = new XmlElement('');
    const open = [document];
    const body = text.replace(DECLARATION, '');
    for (let position = 0; position < body.length; position = TOKEN.lastIndex) {
      TOKEN.lastIndex = position;
      const token = TOKEN.exec(body);
      if (token === null || !take(token, open)) {
        return undefined;
      }
    }
    return open.length === 1 && document.children.length === 1 && document.text.trim() === '' ? document.children[0] : undefined;
  }

  text = '';
  readonly children: XmlElement[] = [];

  constructor(readonly name: string) {}

  /** The first element on the way down by these names. */
  find(...names: string[]): XmlElement | undefined {
    return names.reduce<XmlElement | undefined>((found, name) => found?.children.find((child) => child.name === name), this);
  }
}

/** Takes a token in; false where it does not belong there. */
function take([, closing, name, empty, text]: RegExpExecArray, open: XmlElement[]): boolean {
  const parent = open[open.length - 1];
  if (text !== undefined) {
    parent.text += text.replace(ENTITY, decoded);
    return true;
  }
  if (closing !== '') {
    return empty === '' && open.pop()!.name === name && open.length > 0;
  }
  const element = new XmlElement(name);
  parent.children.push(element);
  if (empty === '') {
    open.push(element);
  }
  return open.length <= DEEPEST;
}

function decoded(
  entity: string,
  named: string | undefined,
  decimal: string | undefined,
  hexadecimal: string | undefined,
): string {
  if (named !== undefined) {
    return NAMED[named];
  }
  const codePoint = decimal === undefined ? parseInt(hexadecimal!, 16) : Number(decimal);
  return codePoint <= HIGHEST_CODE_POINT ? String.fromCodePoint(codePoint) : entity;
}
