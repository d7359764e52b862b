import { vietnameseSyllables } from '../../apps/cli/new/read/vietnamese.syllables';

/** Names that outside systems use on their wires, told from names of ours by what they are made of. */

/** Names of other systems that are made of English words. */
const english = new Set(['idReceivedDec', 'CustomerCode', 'SenderDesc', 'isUpdating', 'declareTypeId', 'isLastest']);

/** Names in the code of a file that are an outside system's; prose in comments and texts does not count. */
export function upstreamNamesIn(code: string): string[] {
  const withoutComments = code.replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, '');
  const withoutProse = withoutComments.replaceAll(/'((?:[^'\\\n]|\\.)*)'|`[^`]*`/g, (_, text: string | undefined) =>
    text !== undefined && /^[\w.-]+$/.test(text) ? text : '',
  );
  const names = new Set(withoutProse.match(/[A-Za-z_]\w*/g));
  return [...names].filter(isUpstreamName);
}

function isUpstreamName(name: string): boolean {
  if (english.has(name)) return true;
  const parts = name.split(/_|(?<=[a-z0-9])(?=[A-Z])/).filter(Boolean);
  return parts.length > 1 && parts.every((part) => vietnameseSyllables.has(part.toLowerCase()));
}
