/** Syllables of Vietnamese as the systems write them without marks. One alone may be English; several in one name are not. */
export const vietnameseSyllables = new Set(
  (
    'anh ban bao bo can cap chi cho chu co cong cu dan danh dia dien do doanh doi don dong du dung duoc gia giao giay gioi ' +
    'gui han hanh he hen hien hieu ho hoan hoc hon hop hoso huyen ket khai khoan ky lien lieu linh loai loi luc ly ma mau moi ' +
    'muc nam nganh ngay nghiep nguoi nhan nhap noi nop phap phi phieu phuong qua quan quoc quyet sinh so sach tai tao ten thai ' +
    'than thanh thay thiet thoai thoi thong thu thua thuc tich tiep tin tinh to toan trang trinh tru truc tu tuc tuong van vi viec ' +
    'vu xa xac xu'
  ).split(' '),
);
