/** Swagger UI speaks English only: its own words in Vietnamese. What comes from the document is left as it is. */
const words = {
  Authorize: 'Xác thực',
  Logout: 'Thoát',
  Close: 'Đóng',
  'Available authorizations': 'Các cách xác thực',
  Authorized: 'Đã xác thực',
  'Token URL:': 'Địa chỉ cấp mã:',
  'Flow:': 'Luồng:',
  'Name:': 'Tên:',
  'In:': 'Vị trí:',
  'Value:': 'Giá trị:',
  'Username:': 'Mã phần mềm:',
  'Password:': 'Khóa:',
  'client_id:': 'Mã phần mềm (client_id):',
  'client_secret:': 'Khóa (client_secret):',
  Servers: 'Máy chủ',
  'Filter by tag or path': 'Lọc theo hệ thống hoặc địa chỉ',
  'Scopes are used to grant an application different levels of access to data on behalf of the end user. Each API may declare one or more scopes.':
    'Quyền gọi dịch vụ do người vận hành cấp cho từng phần mềm.',
  'API requires the following scopes. Select which ones you want to grant to Swagger UI.': '',
  'Apply credentials': 'Dùng khóa này',
  'Apply given OAuth2 credentials': 'Lấy mã truy cập bằng khóa này',
  'Remove authorization': 'Bỏ xác thực',
  'authorization button unlocked': 'chưa xác thực',
  'authorization button locked': 'đã xác thực',
  'Copy path to clipboard': 'Chép địa chỉ',
  'Copy code to clipboard': 'Chép nội dung',
  'Copy cURL command to clipboard': 'Chép lệnh curl',
  'Request content type': 'Kiểu nội dung gửi',
  'Media Type': 'Kiểu nội dung',
  'Edit Value': 'Sửa nội dung',
  'Try it out': 'Gọi thử',
  Cancel: 'Hủy',
  Reset: 'Đặt lại',
  Execute: 'Gửi',
  Clear: 'Xóa',
  Parameters: 'Tham số',
  'No parameters': 'Không có tham số',
  Name: 'Tên',
  Description: 'Mô tả',
  required: 'bắt buộc',
  'Request body': 'Nội dung gửi',
  Responses: 'Phản hồi',
  Response: 'Phản hồi',
  'Server response': 'Phản hồi của máy chủ',
  'Response body': 'Nội dung phản hồi',
  'Response headers': 'Tiêu đề phản hồi',
  'Request URL': 'Địa chỉ gọi',
  'Request duration': 'Thời gian',
  Code: 'Mã',
  Details: 'Chi tiết',
  Links: 'Liên kết',
  'No links': 'Không có liên kết',
  'Media type': 'Kiểu nội dung',
  'Response content type': 'Kiểu phản hồi',
  Controls: 'Quyết định tiêu đề',
  'header.': '',
  'Example Value': 'Ví dụ',
  Examples: 'Ví dụ',
  'Examples:': 'Ví dụ:',
  Example: 'Ví dụ',
  Schema: 'Cấu trúc',
  Schemas: 'Các cấu trúc',
  'Headers:': 'Tiêu đề:',
  Type: 'Kiểu',
  Download: 'Tải về',
  'Expand all': 'Mở tất cả',
  'Collapse all': 'Đóng tất cả',
  'Loading...': 'Đang gửi …',
  'Warning: Deprecated': 'Không nên dùng nữa',
  Errors: 'Lỗi',
  'Required field is not provided': 'Chưa nhập trường bắt buộc',
};

/** Where words of the document, of an answer or of a person stand. */
const foreign =
  '.renderedMarkdown, .opblock-summary-path, .opblock-summary-description, .opblock-tag, pre, code, textarea, .json-schema-2020-12';
const attributes = ['placeholder', 'aria-label', 'title'];

function translateText(node) {
  const word = words[node.data.trim()];
  if (word !== undefined && !node.parentElement?.closest(foreign))
    node.data = node.data.replace(node.data.trim(), word);
}

function translateBelow(root) {
  if (root.nodeType === Node.TEXT_NODE) return translateText(root);
  if (root.nodeType !== Node.ELEMENT_NODE) return undefined;
  for (const element of [root, ...root.querySelectorAll('*')]) {
    for (const name of attributes) {
      const word = words[element.getAttribute(name) ?? ''];
      if (word && !element.closest(foreign)) element.setAttribute(name, word);
    }
  }
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) translateText(texts.currentNode);
  return undefined;
}

/** Keeps everything below an element in the language of the page, whatever is drawn there later. */
export function translate(root, language) {
  if (language !== 'vi') return;
  new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === 'characterData') translateText(target);
      else for (const node of addedNodes) translateBelow(node);
    }
  }).observe(root, { childList: true, characterData: true, subtree: true });
}
