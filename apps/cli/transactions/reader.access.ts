import type { Settings } from '../settings';

/** Who reads the book through the gateway: the operator, who sees all, where one is set; else the client, who sees its own. */
export function readerHeaders(settings: Settings): Record<string, string> {
  return { authorization: `ApiKey ${settings.find('LGSP_OPERATOR_SECRET') ?? settings.get('LGSP_CLIENT_SECRET')}` };
}
