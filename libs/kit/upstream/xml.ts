import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser';

/** Elements in the order in which they are written; upstreams that check the order get exactly this one. */
export type XmlTree = { [element: string]: XmlNode };
export type XmlNode = string | number | boolean | undefined | XmlTree | XmlNode[];

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  suppressEmptyNode: false,
  suppressBooleanAttributes: false,
});

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: true,
  processEntities: true,
});

/** Attributes are members whose name begins with `@`. Text is escaped. */
export function buildXml(tree: XmlTree): string {
  return builder.build(tree);
}

/** Parses XML without namespace prefixes; every value is text. @throws Error when it is not XML, or has a DOCTYPE */
export function parseXml(text: string): Record<string, unknown> {
  if (text.includes('<!DOCTYPE') || text.includes('<!ENTITY')) throw new Error('XML with a DOCTYPE is refused');
  const validity = XMLValidator.validate(text);
  if (validity !== true) throw new Error(`not XML: ${validity.err.code}`);
  return parser.parse(text) as Record<string, unknown>;
}

/** Walks down parsed XML by element names; undefined where the path ends early. */
export function xmlAt(tree: unknown, ...path: string[]): unknown {
  let node = tree;
  for (const name of path) {
    if (typeof node !== 'object' || node === null) return undefined;
    node = (node as Record<string, unknown>)[name];
  }
  return node;
}

/** Whether an element is there and holds nothing: no text, no other element; attributes do not count. */
export function isEmptyXml(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return node === '';
  return Object.keys(node).every((name) => name.startsWith('@'));
}

/** The text at a path; undefined when there is none or it is empty. */
export function xmlText(tree: unknown, ...path: string[]): string | undefined {
  const node = xmlAt(tree, ...path);
  const text = typeof node === 'object' && node !== null ? (node as Record<string, unknown>)['#text'] : node;
  return typeof text === 'string' && text !== '' ? text : undefined;
}

/** The elements at a path as a list, however many there are. */
export function xmlList(tree: unknown, ...path: string[]): unknown[] {
  const node = xmlAt(tree, ...path);
  if (node === undefined || node === '') return [];
  return Array.isArray(node) ? (node as unknown[]) : [node];
}
