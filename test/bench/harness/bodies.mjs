/** Bodies of calls, of any size. */

/** A citizen to verify: about the smallest body that real calls have. */
const citizen = { identityNumber: '031190000016', fullName: 'Nguyễn Thị Mẫu', birthDate: '1990-02-14' };

export const smallBody = JSON.stringify(citizen);

/** The same with as many documents of a dossier as fill the size: many short fields, as real bodies have. @param {number} bytes */
export function bodyOf(bytes) {
  const documents = [];
  for (let number = 1; Buffer.byteLength(JSON.stringify({ ...citizen, documents })) < bytes; number++) {
    documents.push({
      number,
      code: `GT-${String(number).padStart(5, '0')}`,
      title: 'Giấy tờ mẫu',
      issuedOn: '2026-01-15',
      original: number % 2 === 0,
      pages: (number % 7) + 1,
    });
  }
  return JSON.stringify({ ...citizen, documents });
}
