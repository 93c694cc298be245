import * as fc from 'fast-check';
import { XmlElement } from '../../../handlers/aws/xml-element';

test('reads names, text and what is in it', () => {
  const document = XmlElement.parse(
    '<?xml version="1.0" encoding="UTF-8"?>\n<A xmlns="http://x" a.b="c">\n<B>1</B><B>2</B><C><D>x</D></C><E/><F g="h" /></A>\n',
  )!;
  expect(document.name).toBe('A');
  expect(document.children.map(({ name, text }) => [name, text]))
    .toEqual([['B', '1'], ['B', '2'], ['C', ''], ['E', ''], ['F', '']]);
  expect([document.find('C', 'D')?.text, document.find('B')?.text, document.find('D'), document.find('X', 'Y')])
    .toEqual(['x', '1', undefined, undefined]);
});

test.each([
  ['&amp;&lt;&gt;&quot;&apos;', '&<>"\''], ['&#65;&#x42;&#x1F600;', 'AB\u{1F600}'], ['&amp;lt;', '&lt;'], ['&other;', '&other;'],
  ['&#9999999;', '&#9999999;'],
])('%s stands for %j', (written, text) => {
  expect(XmlElement.parse(`<a>${written}</a>`)?.text).toBe(text);
});

test.each([
  '', 'text', '<a>', '</a>', '<a></b>', '<a/></a>', '<a></a/>', '<a/><b/>', 'x<a/>', '<a/>x', '<a b=c/>', '<a><!-- x --></a>',
  '<a><![CDATA[x]]></a>',
  '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', '<a><?b c?></a>', '<a', '<1/>',
  '<a>'.repeat(40) + '</a>'.repeat(40), '{}',
])('%j is no answer', (text) => {
  expect(XmlElement.parse(text)).toBeUndefined();
});

test('whatever a text is, it is read back', () => {
  const escape = (text: string): string => text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
    expect(XmlElement.parse(`<a><b>${escape(text)}</b></a>`)?.find('b')?.text ?? '').toBe(text);
  }));
});

test('whatever comes, it ends soon, with a document or none', () => {
  const piece = fc.constantFrom('<a>', '</a>', '<b/>', '<', '>', '&', '&#', ';', '"', ' x="', '<?', '!', 'x');
  fc.assert(fc.property(fc.array(piece, { maxLength: 200 }), (pieces) => {
    const startedAt = process.cpuUsage();
    const document = XmlElement.parse(pieces.join(''));
    expect(document === undefined || ['a', 'b'].includes(document.name)).toBe(true);
    // Of the processor: a busy machine takes longer.
    expect(process.cpuUsage(startedAt).user).toBeLessThan(500_000);
  }));
});
