import type { FastifyRequest } from 'fastify';
import type { StandInContext } from '../stand-in';
import { wso2Fault } from '../wso2.tokens';

/** The partner of whom the header `lgspaccesstoken` tells. */
export const partnerOf = ({ secret }: StandInContext): Record<string, string> => ({
  AccessKey: 'haiphong',
  SecretKey: secret('partner-secret'),
  AppName: 'lgsp',
  PartnerCode: '000.00.00.H24',
  PartnerCodeCus: '000.00.00.H24',
});

/** The header is optional, but a wrong one is refused: the body of the 401, or undefined. */
export function partnerRefusal({ headers }: FastifyRequest, context: StandInContext): object | undefined {
  const partner = headers['lgspaccesstoken'];
  const believed = Buffer.from(JSON.stringify(partnerOf(context))).toString('base64');
  return partner === undefined || partner === believed ? undefined : wso2Fault(900_901, 'Invalid Credentials');
}
