import { buildXml, parseXml, xmlList, xmlText } from './xml';

describe('XML', () => {
  it('escapes text, and gives back what was put in', () => {
    const text = `<b>&"'</b> Nguyễn`;
    expect(xmlText(parseXml(buildXml({ a: { b: text } })), 'a', 'b')).toBe(text);
  });

  it('reads one element and several alike', () => {
    expect(xmlList(parseXml('<a><b>1</b></a>'), 'a', 'b')).toEqual(['1']);
    expect(xmlList(parseXml('<a><b>1</b><b>2</b></a>'), 'a', 'b')).toEqual(['1', '2']);
    expect(xmlList(parseXml('<a/>'), 'a', 'b')).toEqual([]);
  });
});
