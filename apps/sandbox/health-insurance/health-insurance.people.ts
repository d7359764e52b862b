/** One insured person; dates `yyyyMMdd`, or the year alone. */
export interface InsuredRecord {
  number: string;
  name: string;
  birthDate: string;
  /** 1 male, 2 female, 3 other. */
  sex: 1 | 2 | 3;
  relation: string;
}

/** Of the examples of the documentation: invented, as everybody here. */
export const household: { code: string; address: string; commune: string; members: readonly InsuredRecord[] } = {
  code: '3111329016',
  address: 'Số 1 đường Lạch Tray',
  commune: '11329',
  members: [
    { number: '3188000017', name: 'Trần Văn Thử', birthDate: '1988', sex: 1, relation: 'Chủ hộ' },
    { number: '3196000016', name: 'Nguyễn Thị Mẫu', birthDate: '19900214', sex: 2, relation: 'Vợ' },
    { number: '', name: 'Trần Minh Mới', birthDate: '20261120', sex: 1, relation: 'Con' },
  ],
};

/** Two people with one name and one birth year. */
export const namesakes: readonly InsuredRecord[] = [
  { number: '3158000021', name: 'Phạm Thị Trùng', birthDate: '1958', sex: 2, relation: 'Chủ hộ' },
  { number: '3158000022', name: 'Phạm Thị Trùng', birthDate: '1958', sex: 2, relation: 'Vợ' },
];
