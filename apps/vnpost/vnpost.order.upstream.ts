import { BusError, type FieldError, type Language } from '#lgsp/errors';
import { commandReference, namedFields, type Call } from '#lgsp/kit';
import { parsePhone, valueOrThrow } from '#lgsp/vietnam';
import type { VnpostConfig } from './vnpost.config';
import type { NewOrder, Party } from './vnpost.messages';
import type { PlaceCatalogue, PostalPlace } from './vnpost.places.upstream';

/**
 * Every name that VNPost gives to a field, in one place. Those of an order are read in a public client of this service;
 * those of results and status records are only derived from the names in that client, and are to be compared with the
 * contract before the first real call (docs/connectors/vnpost.md).
 */
export const wire = {
  order: {
    customerCode: 'CustomerCode',
    orderNumber: 'OrderNumber',
    codAmount: 'CODAmount',
    agencyCode: 'GovAgencyCode',
    agencyName: 'GovAgencyName',
    contents: 'SenderDesc',
    note: 'Description',
  },
  sender: {
    name: 'SenderName',
    address: 'SenderAddress',
    phone: 'SenderTel',
    email: 'SenderEmail',
    province: 'SenderProvince',
    district: 'SenderDistrict',
  },
  receiver: {
    name: 'ReceiverName',
    address: 'ReceiverAddress',
    phone: 'ReceiverTel',
    email: 'ReceiverEmail',
    province: 'ReceiverProvince',
    district: 'ReceiverDistrict',
  },
  result: { code: 'Status', message: 'Message', trackingNumber: 'ItemCode' },
  page: { size: 'pagesize', after: 'lastId', embedded: '_embedded', records: 'rh:doc', returned: '_returned' },
  record: {
    id: '_id',
    objectId: '$oid',
    orderNumber: 'OrderNumber',
    trackingNumber: 'ItemCode',
    code: 'StatusCode',
    message: 'StatusMessage',
    time: 'StatusDate',
  },
} as const;

type Message = Record<string, string | number>;

const serviceNames = {
  'collect-dossier': 'Thu gom hồ sơ tại nhà',
  'deliver-result': 'Trả hồ sơ tại nhà',
} as const satisfies Record<NewOrder['direction'], string>;

/**
 * What is in the envelope, as VNPost's staff reads it; the direction is nowhere else in an order. It holds personal data,
 * so it goes into no log and no error.
 */
export function contentsOf(order: NewOrder, dossier: string): string {
  const { procedureName, items, direction, applicantIdentityNumber } = order;
  const parts: [string, string][] = [
    ['Mã hồ sơ', dossier],
    ['Tên thủ tục', procedureName],
    ...items.map((item, index): [string, string] => [`Thành phần hồ sơ ${index + 1}`, item]),
    ['Tên dịch vụ', serviceNames[direction]],
  ];
  if (applicantIdentityNumber !== undefined) parts.push(['CMND', applicantIdentityNumber]);
  return parts.map(([label, value]) => `${label}: ${withoutSeparators(value)}`).join('||');
}

/** A bar within a value would begin another part; a line break would end the text on a printed label. */
const withoutSeparators = (value: string): string => value.replaceAll('|', '/').replace(/\s+/g, ' ').trim();

/** What of a call goes into an order. */
type OrderContext = Pick<Call, 'client' | 'dossier' | 'agency' | 'idempotencyKey' | 'language'>;

/** The whole order. @throws BusError `invalid-request` naming every place that VNPost does not know */
export function orderMessage(
  { customerCode }: Pick<VnpostConfig, 'customerCode'>,
  places: PlaceCatalogue,
  order: NewOrder,
  call: OrderContext,
): Message {
  const faults: FieldError[] = [];
  const placeOf = (party: Party, path: string): PostalPlace => {
    const place = places.find(party, path, call.language);
    if (!('rule' in place)) return place;
    faults.push(place);
    return { province: 0, district: 0 };
  };
  const sender = placeOf(order.sender, '/sender');
  const receiver = placeOf(order.receiver, '/receiver');
  if (faults.length > 0) throw new BusError('invalid-request', { errors: faults });
  return {
    [wire.order.customerCode]: customerCode,
    [wire.order.orderNumber]: commandReference(call),
    [wire.order.codAmount]: order.codAmount ?? 0,
    [wire.order.agencyCode]: call.agency ?? '',
    [wire.order.agencyName]: order.agencyName,
    ...partyMessage(wire.sender, order.sender, sender),
    [wire.order.contents]: contentsOf(order, call.dossier ?? ''),
    [wire.order.note]: order.note ?? '',
    ...partyMessage(wire.receiver, order.receiver, receiver),
  };
}

function partyMessage(names: typeof wire.sender | typeof wire.receiver, party: Party, place: PostalPlace): Message {
  return {
    [names.province]: place.province,
    [names.district]: place.district,
    [names.address]: party.address,
    [names.name]: party.name,
    [names.email]: party.email ?? '',
    [names.phone]: valueOrThrow(parsePhone(party.phone), 'internal').national,
  };
}

/** Where the caller finds what VNPost calls by its own names. */
const paths = new Map<string, string>([
  [wire.order.codAmount, '/codAmount'],
  [wire.order.agencyName, '/agencyName'],
  [wire.order.note, '/note'],
  ...(['sender', 'receiver'] as const).flatMap((side): [string, string][] => [
    [wire[side].name, `/${side}/name`],
    [wire[side].address, `/${side}/address`],
    [wire[side].phone, `/${side}/phone`],
    [wire[side].email, `/${side}/email`],
    [wire[side].province, `/${side}/provinceCode`],
    [wire[side].district, `/${side}/districtCode`],
  ]),
]);

/** The fields that a refusal names, under the caller's paths; undefined when it names none. */
export const fieldsNamed = (message: string | undefined, language: Language): FieldError[] | undefined =>
  namedFields(message, paths, language);
