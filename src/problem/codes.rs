//! The one table of problem codes: code, HTTP status, title and cure in both languages. A code is stable and never
//! translated; `/problems/{code}` shows its page.

use super::{Language, Said, said};

/// One kind of problem.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// The stable name.
    pub code: &'static str,
    /// The HTTP status of a problem of this kind; of a field error, the status of the problem that holds it.
    pub status: u16,
    /// What is wrong, in Vietnamese.
    pub title_vi: &'static str,
    /// What is wrong, in English.
    pub title_en: &'static str,
    /// What to do about it, in Vietnamese.
    pub cure_vi: &'static str,
    /// What to do about it, in English.
    pub cure_en: &'static str,
}

impl Code {
    /// The title in one language.
    #[must_use]
    pub fn title(&self, language: Language) -> &'static str {
        match language {
            Language::Vi => self.title_vi,
            Language::En => self.title_en,
        }
    }

    /// What to do about it, where there is nothing more exact to say.
    #[must_use]
    pub fn cure(&self) -> Said {
        said(self.cure_vi, self.cure_en)
    }
}

/// What is said of a single value by the document alone, which does not know whose value it is.
pub(super) const OF_VALUES: &[&Code] =
    &[FIELD_TYPE, FIELD_VALUE, FIELD_LENGTH, FIELD_FORMAT, FIELD_RANGE, FIELD_CONTROL_CHARACTER, VALUE_DECIMAL];

/// The code of this name.
#[must_use]
pub fn find(code: &str) -> Option<&'static Code> {
    ALL.iter().copied().find(|c| c.code == code)
}

macro_rules! problems {
    ($($name:ident = $code:literal => $status:literal,
        vi $title_vi:literal, $cure_vi:literal,
        en $title_en:literal, $cure_en:literal;)*) => {
        $(#[doc = concat!("`", $code, "`: ", $title_en)]
        pub const $name: &Code = &Code {
            code: $code, status: $status,
            title_vi: $title_vi, title_en: $title_en, cure_vi: $cure_vi, cure_en: $cure_en,
        };)*

        /// Every code, in the order of this file.
        pub const ALL: &[&Code] = &[$($name),*];
    };
}

problems! {
    // The request itself.
    JSON_MALFORMED = "json.malformed" => 400,
        vi "JSON không đúng cú pháp", "Nội dung gửi lên không phải là JSON hợp lệ. Hãy xem dòng và cột được nêu, sửa lại rồi gửi lại.",
        en "Malformed JSON", "The body is not valid JSON. Look at the line and column named, mend it and send it again.";
    QUERY_INVALID = "query.invalid" => 400,
        vi "Tham số truy vấn không hợp lệ", "Một tham số trên địa chỉ có giá trị không dùng được. Danh sách «errors» nêu từng tham số và giá trị được phép.",
        en "Invalid query parameter", "A query parameter has a value that cannot be used. The member errors says which one and what is allowed.";
    QUERY_UNKNOWN = "query.unknown" => 400,
        vi "Tham số truy vấn không có", "Địa chỉ có tham số mà dịch vụ không biết. Tham số lạ không bao giờ bị bỏ qua; hãy bỏ nó hoặc sửa tên.",
        en "Unknown query parameter", "The query has a parameter that this address does not know. Unknown parameters are never ignored: remove it or mend its name.";
    CURSOR_INVALID = "cursor.invalid" => 400,
        vi "Con trỏ trang không hợp lệ", "Con trỏ trang («cursor») không phải do dịch vụ này cấp cho danh sách này. Hãy bắt đầu lại từ trang đầu rồi dùng nguyên giá trị «next_cursor» của trang trước.",
        en "Invalid page cursor", "The cursor was not given by this service for this query. Start again at the first page and use next_cursor as it is.";
    CURSOR_EXPIRED = "cursor.expired" => 410,
        vi "Con trỏ đã hết hạn", "Thay đổi được giữ 400 ngày; những thay đổi ngay sau con trỏ này không còn nữa. Hãy lấy con trỏ mới với «after=now», đọc lại toàn bộ dữ liệu cần giữ, rồi theo dõi tiếp từ con trỏ đó.",
        en "The cursor has expired", "Changes are kept for 400 days, and those behind this cursor are gone. Take a new cursor by after=now, read all the data anew, then follow from that cursor.";
    HEADER_INVALID = "header.invalid" => 400,
        vi "Header của yêu cầu không hợp lệ", "Một dòng header của yêu cầu không đúng dạng. Hãy kiểm tra phần mềm gửi yêu cầu, sửa header đó rồi gửi lại.",
        en "Invalid request header", "A header of the request is not well formed. Look at what sends the request, mend that header and send it again.";
    AUTH_REQUIRED = "auth.required" => 401,
        vi "Cần đăng nhập", "Việc này cần đăng nhập. Hãy đăng nhập («POST /api/v1/auth/login»; với phần mềm là «POST /oauth/token») rồi gửi kèm mã truy cập trong header «Authorization: Bearer».",
        en "Sign-in required", "This address is not public. Sign in at /api/v1/auth/login, or get a token at /oauth/token, and send it as Authorization: Bearer.";
    TOKEN_INVALID = "token.invalid" => 401,
        vi "Mã truy cập không hợp lệ hoặc hết hạn", "Mã truy cập sai, đã hết hạn, bị thu hồi, hoặc tài khoản đã bị khoá. Hãy làm mới phiên hoặc đăng nhập lại.",
        en "Invalid or expired access token", "The access token is wrong, expired or revoked, or its account is no longer active. Refresh the session or sign in again.";
    TOKEN_REUSED = "token.reused" => 401,
        vi "Mã làm mới đã dùng rồi", "Mã làm mới này đã dùng rồi; mỗi mã chỉ dùng được một lần nên cả phiên đã bị kết thúc. Hãy đăng nhập lại, và đổi mật khẩu nếu nghi bị lộ.",
        en "Refresh token used twice", "A refresh token can be used once. Because it was used again the whole session has been ended: sign in again, and change the password if it may have leaked.";
    LOGIN_FAILED = "login.failed" => 401,
        vi "Sai tên đăng nhập hoặc mật khẩu", "Tên đăng nhập và mật khẩu không khớp. Hãy kiểm tra bàn phím và chữ hoa, hoặc nhờ quản trị viên đặt lại mật khẩu.",
        en "Wrong user name or password", "The user name and the password do not match. Check the keyboard and capitals, or ask an administrator to reset the password.";
    ACCESS_DENIED = "access.denied" => 403,
        vi "Không có quyền thực hiện", "Vai trò của tài khoản này không được làm việc đó ở đây. Hãy nhờ người có vai trò phù hợp làm, hoặc nhờ quản trị viên cấp vai trò.",
        en "Not permitted", "The roles of this account do not allow this here. Ask an administrator for the grant, or somebody who has the role.";
    ACCESS_RESTRICTED = "access.restricted" => 403,
        vi "Cần quyền xem số liệu hạn chế", "Có số liệu hạn chế (về nạn nhân, người gây bạo lực hoặc ca tử vong). Muốn tiếp nhận, phê duyệt hoặc bỏ hạn chế phải có quyền xem số liệu hạn chế («restricted:read»); hãy nhờ quản trị viên cấp quyền đó, hoặc để người đã có quyền làm.",
        en "Restricted figures need a scope", "There are restricted figures in it, about victims, perpetrators or deaths. Whoever accepts, approves or uncovers them must have the scope restricted:read: ask an administrator for it, or let somebody do it who has it.";
    PASSWORD_CHANGE_REQUIRED = "password.change_required" => 403,
        vi "Phải đổi mật khẩu trước", "Tài khoản còn dùng mật khẩu một lần. Hãy đổi mật khẩu («PUT /api/v1/me/password») rồi làm tiếp việc này.",
        en "Change the password first", "The account still has its one-time password. Change it by PUT /api/v1/me/password, then go on.";
    NOT_FOUND = "resource.not_found" => 404,
        vi "Không tìm thấy", "Không có gì ở địa chỉ này, hoặc tài khoản này không được xem. Hãy kiểm tra lại địa chỉ; trong địa chỉ phải dùng «id», không dùng mã hiệu.",
        en "Not found", "There is nothing at this address, or this account may not read it. Check the id: a path takes the id, not the code.";
    METHOD_NOT_ALLOWED = "method.not_allowed" => 405,
        vi "Phương thức không được phép", "Địa chỉ này không nhận phương thức HTTP đó. Header «Allow» của câu trả lời nêu các phương thức được nhận.",
        en "Method not allowed", "This address does not take that HTTP method. The header Allow of the answer names the methods it takes.";
    NOT_ACCEPTABLE = "media_type.not_acceptable" => 406,
        vi "Không có định dạng được yêu cầu", "Không trả lời được bằng định dạng mà header «Accept» yêu cầu. Hãy yêu cầu «application/json» hoặc một định dạng có trong tài liệu của địa chỉ này.",
        en "No acceptable format", "There is no answer in a format that the header Accept allows. Accept application/json or another format of the contract.";
    SDMX_NOT_IMPLEMENTED = "sdmx.not_implemented" => 501,
        vi "Chưa hỗ trợ phần này của chuẩn SDMX", "Chuẩn SDMX có phần này nhưng dịch vụ chưa cung cấp. Hãy dùng cấu trúc («dataflow», «datastructure», «conceptscheme», «codelist», «agencyscheme»), số liệu («data») hoặc phần cho biết có số liệu nào («availability»).",
        en "This part of SDMX is not provided", "The SDMX standard has this, and this service does not give it. Use structures (dataflow, datastructure, conceptscheme, codelist, agencyscheme), data, or availability.";
    BODY_TOO_LARGE = "body.too_large" => 413,
        vi "Nội dung gửi lên quá lớn", "Nội dung gửi lên vượt quá giới hạn của địa chỉ này. Hãy chia thành nhiều yêu cầu nhỏ hơn.",
        en "Body too large", "The body is larger than this address takes. Split it into several smaller requests.";
    URI_TOO_LONG = "uri.too_long" => 414,
        vi "Địa chỉ quá dài", "Địa chỉ cùng các tham số dài quá giới hạn. Hãy bớt hoặc rút ngắn các điều kiện lọc rồi gửi lại yêu cầu.",
        en "Address too long", "The address or its query string is longer than the bound. Shorten the filters and send the request again.";
    MEDIA_TYPE_UNSUPPORTED = "media_type.unsupported" => 415,
        vi "Kiểu nội dung không được nhận", "Địa chỉ này không nhận kiểu nội dung đó. Hãy gửi «application/json» với header «Content-Type» tương ứng (với «PATCH» có thể dùng «application/merge-patch+json»).",
        en "Unsupported media type", "This address does not take that media type. Send application/json (or application/merge-patch+json with PATCH).";
    VERSION_STALE = "version.stale" => 412,
        vi "Dữ liệu đã được người khác sửa", "Dữ liệu đã thay đổi từ lần đọc trước, nên chưa có gì được ghi. Hãy tải lại, xem người khác đã sửa gì, rồi làm lại trên bản mới.",
        en "Somebody changed it meanwhile", "It has changed since it was read, so nothing was written. Read it again, look at what changed, then do it again on the new version.";
    VERSION_REQUIRED = "version.required" => 428,
        vi "Thiếu header «If-Match»", "Việc này cần header «If-Match» với «ETag» của lần đọc gần nhất (không nhận *), để không ghi đè lên thay đổi của người khác. Hãy đọc lại rồi gửi kèm.",
        en "If-Match required", "This needs If-Match with the present ETag of the resource (not *), so that nobody's change is overwritten unseen.";
    TOO_MANY_REQUESTS = "rate.limited" => 429,
        vi "Quá nhiều yêu cầu", "Đã gửi quá nhiều yêu cầu trong thời gian ngắn. Hãy đợi số giây nêu ở header «Retry-After» rồi thử lại.",
        en "Too many requests", "There were too many requests in a short time. Wait for the seconds that Retry-After names, then try again.";
    REQUEST_TIMEOUT = "request.timeout" => 408,
        vi "Yêu cầu gửi quá chậm", "Nội dung của yêu cầu không đến đủ trong thời gian cho phép. Hãy kiểm tra đường truyền rồi gửi lại.",
        en "Request timed out", "The body of the request did not arrive within the time allowed. Check the connection and send it again.";
    IMPORT_UNREADABLE = "import.unreadable" => 422,
        vi "Tệp không đọc được", "Tệp nhập không đọc được. Hãy mở tệp bằng bảng tính, lưu lại ở dạng «.xlsx» hoặc «CSV UTF-8» rồi gửi lại.",
        en "The file cannot be read", "The file cannot be read. Open it in a spreadsheet, save it as .xlsx or as \"CSV UTF-8\" and send it again.";
    IMPORT_HEADER = "import.header" => 422,
        vi "Hàng tiêu đề chưa đúng", "Hàng đầu tiên của tệp phải nêu tên các cột: đơn vị, kỳ báo cáo, chỉ tiêu và các cột số liệu. Hãy sửa hàng tiêu đề rồi gửi lại.",
        en "The header row is not right", "The first row of the file must name the columns: unit, period, indicator and those of the figures. Mend it and send the file again.";
    NUMBER_AMBIGUOUS = "number.ambiguous" => 422,
        vi "Số có thể hiểu theo hai cách", "Dấu chấm hoặc phẩy trong số có thể là phân cách hàng nghìn hoặc phần thập phân. Hãy ghi số không có dấu phân cách hàng nghìn.",
        en "The number can be read in two ways", "The mark in the number may group thousands or begin its fraction. Write the number without grouping thousands.";
    IMPORT_INTERRUPTED = "import.interrupted" => 503,
        vi "Việc nhập bị ngắt", "Việc nhập bị ngắt trước khi xong. Hãy xem số hàng đã ghi rồi gửi lại tệp: hàng đã ghi sẽ được tính là không đổi.",
        en "The import was interrupted", "The import broke off before its end. Look at how many rows were written and send the file again: those count as unchanged.";
    IMPORT_OVER = "import.over" => 409,
        vi "Việc nhập đã kết thúc", "Việc nhập này đã kết thúc nên không dừng được nữa. Hãy xem kết quả của nó.",
        en "The import is over", "This import is over, so it cannot be stopped any more. Read what became of it.";
    IMPORT_TOO_MANY = "import.too_many" => 429,
        vi "Đang có quá nhiều việc nhập", "Tài khoản này đang có nhiều việc nhập chưa xong. Hãy đợi một việc kết thúc, hoặc dừng bớt, rồi gửi lại.",
        en "Too many imports at once", "This account has several imports that are not over. Wait for one of them to end, or cancel one, and send it again.";
    WEBHOOK_ADDRESS = "webhook.address" => 422,
        vi "Địa chỉ nhận không dùng được", "Địa chỉ này thuộc máy chủ hoặc mạng nội bộ nên không gửi tới được. Hãy nêu địa chỉ công khai, hoặc nhờ quản trị máy chủ đặt «BINHDANG_WEBHOOK_ALLOW_PRIVATE».",
        en "No address to send to", "This address is one of this machine or of a private network. Give a public one, or have the operator set BINHDANG_WEBHOOK_ALLOW_PRIVATE.";
    WEBHOOK_TOO_MANY = "webhook.too_many" => 409,
        vi "Quá nhiều địa chỉ nhận", "Đơn vị hành chính này đã có 20 địa chỉ nhận thông báo. Hãy xoá bớt, hoặc dùng lại một địa chỉ đang có.",
        en "Too many webhooks", "This administrative unit has 20 webhooks. Delete one, or change one that is there.";
    INTERNAL = "internal" => 500,
        vi "Lỗi nội bộ", "Dịch vụ gặp lỗi khi xử lý; lỗi đã được ghi lại. Hãy báo mã yêu cầu («request_id») cho quản trị viên. Gửi lại với cùng «Idempotency-Key» là an toàn.",
        en "Internal error", "The service failed and the failure is in its log. Tell an administrator the request_id; trying again with the same Idempotency-Key is safe.";
    DATABASE_UNAVAILABLE = "database.unavailable" => 503,
        vi "Cơ sở dữ liệu tạm thời không truy cập được", "Dịch vụ chưa liên lạc được với cơ sở dữ liệu. Hãy thử lại sau số giây nêu ở header «Retry-After»; chưa có gì được ghi.",
        en "The database is out of reach", "The service cannot reach its database just now. Try again after the seconds in Retry-After; nothing was written.";
    DATABASE_BUSY = "database.busy" => 503,
        vi "Cơ sở dữ liệu đang bận", "Dữ liệu này đang được việc khác giữ, hoặc việc này kéo dài quá thời gian cho phép. Hãy thử lại sau số giây nêu ở header «Retry-After»; chưa có gì được ghi.",
        en "The database is busy", "Something else holds these data just now, or it took longer than is allowed. Try again after the seconds in Retry-After; nothing was written.";
    DATABASE_FULL = "database.full" => 503,
        vi "Ổ đĩa của cơ sở dữ liệu đã đầy", "Không còn chỗ để ghi nên chưa có gì được ghi; dữ liệu đã có vẫn đọc được. Hãy báo ngay cho quản trị viên để giải phóng ổ đĩa rồi thử lại.",
        en "The database's disk is full", "There is no room to write, so nothing was written; what is there can still be read. Tell an administrator at once to make room, then try again.";
    AUDIT_UNAVAILABLE = "audit.unavailable" => 503,
        vi "Chưa ghi được nhật ký kiểm toán", "Mỗi lần xem chính xác số liệu hạn chế phải được ghi vào nhật ký; hiện chưa ghi được nên số liệu không được hiển thị. Hãy thử lại sau số giây nêu ở header «Retry-After».",
        en "The audit trail cannot be written", "Every exact reading of restricted figures is recorded; it cannot be just now, so nothing is shown. Try again after the seconds in Retry-After.";
    SERVER_DRAINING = "server.draining" => 503,
        vi "Máy chủ đang dừng", "Máy chủ này đang dừng và không nhận việc mới. Hãy thử lại ngay; một máy chủ khác hoặc lần khởi động sau sẽ trả lời.",
        en "The server is stopping", "This server is stopping and takes no new work. Try again: another server, or this one after its start, will answer.";
    SERVER_BUSY = "server.busy" => 503,
        vi "Máy chủ đang quá tải", "Có quá nhiều việc đang chờ nên yêu cầu này không được nhận. Hãy thử lại sau số giây nêu ở header «Retry-After».",
        en "The server is busy", "Too much work is waiting, so this request was not taken. Try again after the seconds in Retry-After.";

    // Bodies and their fields.
    BODY_INVALID = "body.invalid" => 422,
        vi "Nội dung không hợp lệ", "Có nhiều mục chưa đúng; danh sách «errors» nêu từng mục, vị trí và cách sửa. Hãy sửa hết rồi gửi lại một lần.",
        en "Invalid content", "Several members are not right; errors lists each with its place and its cure. Mend them all and send the body again.";
    FIELD_UNKNOWN = "field.unknown" => 422,
        vi "Mục không có trong tài liệu", "Ở đây không có mục này. Mục lạ không bao giờ bị bỏ qua; hãy bỏ nó hoặc sửa tên cho đúng tài liệu.",
        en "Unknown field", "There is no such field here. Unknown fields are never ignored: remove it, or mend its name after the contract.";
    FIELD_MISSING = "field.missing" => 422,
        vi "Thiếu mục bắt buộc", "Mục này bắt buộc phải có. Hãy điền giá trị cho mục này theo tài liệu của địa chỉ rồi gửi lại.",
        en "Required field missing", "This field must be given. Add a value for it after the contract of this address.";
    FIELD_REQUIRED = "field.required" => 422,
        vi "Trường hợp này cần thêm thông tin", "Việc này chỉ làm được khi có thêm mục nêu ở «pointer». Hãy điền mục đó rồi gửi lại.",
        en "More is needed in this case", "This can be done only with the field that the pointer names. Fill it in and send it again.";
    FIELD_TYPE = "field.type" => 422,
        vi "Sai kiểu giá trị", "Giá trị không đúng kiểu mà tài liệu yêu cầu (ví dụ chữ thay cho số, hoặc để trống ở chỗ bắt buộc). Hãy viết lại cho đúng kiểu.",
        en "Wrong type", "The value is not of the type that the contract asks for (text in place of a number, say, or null where a value is needed). Write it in that type.";
    FIELD_VALUE = "field.value" => 422,
        vi "Giá trị không được phép", "Giá trị này không nằm trong các giá trị được phép. Hãy chọn một giá trị có trong tài liệu.",
        en "Value not allowed", "The value is not one of those allowed. Choose one that the contract names.";
    FIELD_LENGTH = "field.length" => 422,
        vi "Quá dài, quá ngắn hoặc để trống", "Nội dung dài hoặc ngắn quá giới hạn. Hãy rút gọn, hoặc điền nếu đang để trống.",
        en "Too long, too short or empty", "The field is longer or shorter than its bounds. Shorten it, or fill it in if it is empty.";
    FIELD_FORMAT = "field.format" => 422,
        vi "Sai định dạng", "Giá trị không đúng dạng mà tài liệu nêu (ngày, giờ, mã hiệu, địa chỉ…). Hãy viết lại cho đúng dạng.",
        en "Wrong format", "The value does not have the form that the contract states (date, time, code, address…). Write it in that form.";
    FIELD_RANGE = "field.range" => 422,
        vi "Ngoài khoảng cho phép", "Số này nhỏ hoặc lớn hơn khoảng cho phép. Hãy kiểm tra lại đơn vị tính và giá trị.",
        en "Out of range", "The number is below or above what is allowed. Check its unit of measure and its value.";
    FIELD_CONTROL_CHARACTER = "field.control_character" => 422,
        vi "Có ký tự điều khiển", "Văn bản chứa ký tự điều khiển không nhìn thấy. Hãy xoá ký tự đó; xuống dòng chỉ được dùng trong ghi chú và phần thuyết minh.",
        en "Control character", "The text holds an invisible control character. Remove it; line breaks are allowed only in notes and narrative.";
    FIELD_IMMUTABLE = "field.immutable" => 422,
        vi "Mục không sửa được", "Mục này được đặt khi tạo và không đổi về sau. Hãy giữ giá trị cũ, hoặc tạo bản ghi mới nếu cần giá trị khác.",
        en "Field cannot be changed", "This is set at creation and stays as it is. Leave the former value, or create another one if it must differ.";
    FIELD_CONFLICT = "field.conflict" => 422,
        vi "Các mục mâu thuẫn nhau", "Giá trị của mục này không đi cùng với một mục khác. Hãy đối chiếu rồi sửa một trong hai.",
        en "Fields contradict each other", "The value of this field does not go together with another one. Compare the two and mend one of them.";
    VALUE_DECIMAL = "value.decimal" => 422,
        vi "Số không viết được chính xác", "Số phải có nhiều nhất 4 chữ số thập phân và nhỏ hơn 100 tỷ. Hãy làm tròn hoặc kiểm tra lại đơn vị tính.",
        en "Not an exact decimal", "A number has at most 4 fractional digits and is below 100 thousand million. Round it or check its unit of measure.";
    REFERENCE_UNKNOWN = "reference.unknown" => 422,
        vi "Không tìm thấy đối tượng được nêu", "Không có đối tượng nào mang mã hiệu hoặc «id» này ở đây, hoặc đối tượng vừa bị xoá. Hãy kiểm tra lại mã, và kế hoạch hoặc địa bàn mà nó thuộc về.",
        en "Reference to nothing", "Nothing here has this id or code, or it was deleted just now. Check it, and the plan or jurisdiction to which it belongs.";
    REFERENCE_AMBIGUOUS = "reference.ambiguous" => 422,
        vi "Mã hiệu chỉ nhiều đối tượng", "Mã hiệu này có ở nhiều địa bàn hoặc kế hoạch. Hãy nêu rõ kế hoạch hoặc địa bàn, hoặc dùng «id» thay cho mã hiệu.",
        en "Reference fits several", "Several wards or plans have something with this code. Name its id in place of the code.";

    // Idempotency.
    IDEMPOTENCY_KEY_INVALID = "idempotency.key_invalid" => 400,
        vi "Khoá «Idempotency-Key» không hợp lệ", "Header «Idempotency-Key» phải gồm 1 đến 255 ký tự ASCII nhìn thấy được, không có khoảng trắng. Hãy dùng một mã ngẫu nhiên (UUID).",
        en "Invalid Idempotency-Key", "An Idempotency-Key has 1 to 255 visible ASCII characters and no blank. A UUID will do.";
    IDEMPOTENCY_KEY_REUSED = "idempotency.key_reused" => 422,
        vi "Khoá «Idempotency-Key» đã dùng cho nội dung khác", "Khoá này đã được dùng với một nội dung khác. Hãy dùng khoá mới cho yêu cầu mới; khoá cũ chỉ để gửi lại đúng yêu cầu cũ.",
        en "Idempotency-Key used for another body", "This key was used with another body. Take a new key for a new request; an old key is only for repeating the very same one.";
    IDEMPOTENCY_IN_PROGRESS = "idempotency.in_progress" => 409,
        vi "Yêu cầu cùng khoá đang được xử lý", "Một yêu cầu với cùng khoá chưa xử lý xong. Hãy đợi vài giây rồi gửi lại với đúng khoá đó để nhận kết quả.",
        en "The same key is still running", "A request with the same Idempotency-Key has not ended yet. Wait some seconds and send it again with that key to get its answer.";

    // Resources of the plan.
    CODE_TAKEN = "code.taken" => 409,
        vi "Mã hiệu đã có", "Mã hiệu này đã được dùng trong cùng kế hoạch hoặc địa bàn. Hãy chọn mã khác, hoặc sửa bản ghi đang mang mã này.",
        en "Code already taken", "Something in the same plan or jurisdiction has this code. Choose another one, or change what has it.";
    JURISDICTION_IN_USE = "jurisdiction.in_use" => 409,
        vi "Địa bàn đang được dùng", "Hãy xoá chúng hoặc chuyển chúng sang địa bàn khác trước; một địa bàn đã sáp nhập thì cho giải thể thay vì xoá.",
        en "Jurisdiction in use", "Remove them or move them to another jurisdiction first; one that was merged is dissolved in place of being deleted.";
    JURISDICTION_DISSOLVED = "jurisdiction.dissolved" => 409,
        vi "Địa bàn không còn, hoặc chưa có, vào ngày đó", "Việc giải thể địa bàn đã được ghi, hoặc kỳ báo cáo kết thúc vào ngày địa bàn không tồn tại. Các kỳ kết thúc khi địa bàn còn tồn tại vẫn báo cáo như thường; nếu ngày giải thể còn ở phía trước thì bỏ bằng cách xoá ngày cuối («valid_until»).",
        en "The jurisdiction is not there on that day", "Its dissolution is written down, or a period ends on a day on which it does not exist. Periods that end while it exists are reported as usual; while the day of the dissolution lies ahead, make valid_until null to take it back.";
    PLAN_IN_USE = "plan.in_use" => 409,
        vi "Kế hoạch đang được dùng", "Hãy xoá chúng trước. Kế hoạch đã có kỳ báo cáo thì không xoá mà đóng lại; các năm đã mở kỳ báo cáo phải còn trong kế hoạch.",
        en "Plan in use", "Remove them first. A plan of which periods were opened is closed in place of being deleted, and keeps the years of those periods.";
    PLAN_OVERLAP = "plan.overlap" => 409,
        vi "Địa bàn đã có kế hoạch khác cho những năm này", "Mỗi năm một địa bàn chỉ có một kế hoạch đang thực hiện. Hãy đổi năm đầu hoặc năm cuối, hoặc nêu kế hoạch được thay thế («replaces»).",
        en "Another plan holds these years", "A jurisdiction has one plan in force a year. Change start_year or end_year, or name in replaces the plan whose place this one takes.";
    GOAL_IN_USE = "goal.in_use" => 409,
        vi "Mục tiêu đang được dùng", "Hãy chuyển chúng sang mục tiêu khác, hoặc xoá chúng trước.",
        en "Goal in use", "Move them to another goal first, or delete them before this one.";
    PLAN_INDICATOR_IN_USE = "plan_indicator.in_use" => 409,
        vi "Chỉ tiêu in trong kế hoạch đang được dùng", "Hãy chuyển chúng sang chỉ tiêu in khác, hoặc xoá chúng trước.",
        en "Printed indicator in use", "Move them to another printed indicator first, or delete them before this one.";
    DISAGGREGATION_IN_USE = "disaggregation.in_use" => 409,
        vi "Phân tổ đang được dùng", "Hãy cho giá trị ngừng dùng («active» là «false») thay vì xoá; muốn xoá cả phân tổ thì bỏ nó khỏi các chỉ tiêu và xoá số liệu đó trước.",
        en "Disaggregation in use", "Make a value inactive in place of deleting it; to delete the whole dimension, take it out of the indicators and delete those figures first.";
    INDICATOR_IN_USE = "indicator.in_use" => 409,
        vi "Chỉ tiêu đang được dùng", "Số liệu đã báo cáo được giữ cùng chỉ tiêu: hãy cho chỉ tiêu kết thúc bằng năm cuối («last_year»), hoặc lập chỉ tiêu mới nối tiếp chỉ tiêu này («continues»).",
        en "Indicator in use", "Reported figures stay with their indicator: end it by its last_year, or make a new one that continues it.";
    AMENDMENT_IN_USE = "amendment.in_use" => 409,
        vi "Quyết định điều chỉnh đang được dùng", "Hãy bỏ dẫn chiếu đến quyết định này ở những nơi đó trước.",
        en "Amendment in use", "Take the amendment out of what names it first, then delete it.";
    UNIT_IN_USE = "unit.in_use" => 409,
        vi "Đơn vị đang được dùng", "Hãy cho đơn vị ngừng hoạt động («active» là «false») hoặc giải thể, thay vì xoá.",
        en "Unit in use", "Make the unit inactive, or dissolve it, in place of deleting it.";
    UNIT_DISSOLVED = "unit.dissolved" => 409,
        vi "Đơn vị đã được cho giải thể", "Việc giải thể đơn vị đã được ghi. Nếu ngày giải thể còn ở phía trước thì bỏ bằng cách xoá ngày cuối («valid_until»); sau ngày đó không đổi được nữa.",
        en "The unit is dissolved", "Its dissolution is written down. While its day lies ahead, make valid_until null to take it back; after that it stays.";
    TASK_IN_USE = "task.in_use" => 409,
        vi "Nhiệm vụ đã có cập nhật", "Lịch sử thực hiện được giữ lại: hãy đặt trạng thái đã huỷ («cancelled») thay vì xoá nhiệm vụ.",
        en "Task in use", "The history of a task is kept: set its status to cancelled in place of deleting it.";
    PLAN_INVALID_TRANSITION = "plan.invalid_transition" => 409,
        vi "Kế hoạch không chuyển được sang trạng thái đó", "Kế hoạch đi từ dự thảo sang đang thực hiện rồi đóng, theo đúng thứ tự đó. Hãy chọn bước tiếp theo của trạng thái hiện nay.",
        en "The plan cannot take that status", "A plan goes from draft to active to closed, in this order. Choose the step that follows its present status.";

    // Reporting periods and reports.
    PERIOD_IN_USE = "period.in_use" => 409,
        vi "Kỳ báo cáo đang được dùng", "Kỳ đã mở không xoá được; nếu không báo cáo nữa thì đóng kỳ lại.",
        en "Period in use", "A period once opened is not deleted: close it if it is not to be reported any more.";
    PERIOD_EXISTS = "period.exists" => 409,
        vi "Kỳ báo cáo định kỳ này đã có", "Kế hoạch đã có kỳ báo cáo định kỳ với tần suất và nhãn này. Hãy dùng kỳ đó, hoặc tạo kỳ chuyên đề hay đột xuất.",
        en "This periodic period exists", "The plan has a periodic period of this frequency and label already. Use it, or make a thematic or ad hoc one.";
    PERIOD_INVALID_TRANSITION = "period.invalid_transition" => 409,
        vi "Không làm được ở trạng thái này của kỳ", "Kỳ báo cáo đi từ chưa mở sang đang mở rồi đóng; kỳ đã đóng mở lại được. Hãy chọn bước đi được từ trạng thái hiện nay.",
        en "Not possible in this state of the period", "A period goes from planned to open to closed, and a closed one can be reopened. Choose a step that its present state allows.";
    PERIOD_FROZEN = "period.frozen" => 409,
        vi "Kỳ báo cáo đã mở nên không sửa được mục này", "Những gì kỳ hỏi, hỏi ai và về thời gian nào được chốt khi mở kỳ. Có thể thêm đơn vị, chuyển giao chỉ tiêu, miễn báo cáo hoặc gia hạn; muốn khác hẳn thì lập kỳ mới.",
        en "The opened period fixes this", "What a period asks, whom, and about which days, is fixed when it opens. Units can be added or excused, indicators handed over, time given; for anything else make another period.";
    PERIOD_IMPLIED = "period.implied" => 409,
        vi "Kỳ báo cáo do chế độ báo cáo của kế hoạch đặt ra", "Kỳ này phát sinh từ chế độ báo cáo của kế hoạch nên không xoá được. Nếu không báo cáo kỳ này, hãy đóng kỳ và nêu lý do.",
        en "The plan's rules imply this period", "This period follows from the plan's reporting rules and cannot be deleted. If it is not to be reported, close it for a reason.";
    PERIOD_LABEL_MISMATCH = "period.label_mismatch" => 422,
        vi "Ngày cuối không thuộc năm, quý hoặc tháng của nhãn", "Kỳ định kỳ phải kết thúc trong năm, quý hoặc tháng mà nhãn của kỳ nêu. Hãy sửa ngày cuối («ends_on»), hoặc chọn nhãn khác.",
        en "The last day lies outside the label", "A periodic period ends within the year, quarter or month that its label names. Mend ends_on, or choose another label.";
    EXTENSION_EARLIER = "extension.earlier" => 422,
        vi "Gia hạn phải sau hạn đang áp dụng", "Hạn mới không muộn hơn hạn đang áp dụng cho đơn vị. Hãy chọn thời điểm muộn hơn.",
        en "An extension gives time", "The new deadline is not after the one in force for the unit. Choose a later instant.";
    EXCUSAL_EXISTS = "excusal.exists" => 409,
        vi "Đơn vị đã được miễn báo cáo", "Đơn vị này đang được miễn báo cáo trong kỳ, không cần miễn lần nữa. Muốn đổi lý do, hãy bỏ miễn rồi miễn lại.",
        en "The unit is excused already", "This unit need not report in the period. To change the reason, take the excusal back and give it anew.";
    TRANSFER_ACCEPTED = "transfer.accepted" => 409,
        vi "Báo cáo của đơn vị chuyển giao đã được tiếp nhận", "Chỉ chuyển giao được chỉ tiêu khi báo cáo của đơn vị đang phụ trách chưa được tiếp nhận. Hãy mở lại báo cáo đó trước.",
        en "The report of the unit that hands over is accepted", "An indicator is handed over only while the report of the unit that owes it is not accepted. Reopen that report first.";
    TRANSFER_DUPLICATE = "transfer.duplicate" => 409,
        vi "Đơn vị nhận đã phải báo cáo chỉ tiêu này", "Đơn vị nhận đã có chỉ tiêu này trong kỳ. Không cần chuyển giao nữa.",
        en "The receiving unit owes it already", "The unit that is to receive the indicator owes it in this period already. There is nothing to hand over.";
    REPORT_EXCUSED = "report.excused" => 409,
        vi "Đơn vị được miễn báo cáo trong kỳ này", "Đơn vị đã được miễn báo cáo nên báo cáo chưa hoàn thành không gửi được. Nếu vẫn cần báo cáo, điều phối viên (Phòng Văn hoá - Xã hội) bỏ miễn cho đơn vị.",
        en "The unit is excused in this period", "The unit need not report, so an unfinished report cannot be submitted. If it is needed after all, the coordinator (Culture and Social Affairs office) takes the excusal back.";
    PLAN_CLOSED = "plan.closed" => 409,
        vi "Kế hoạch đã kết thúc", "Kế hoạch đã đóng nên không mở thêm kỳ báo cáo. Các kỳ đang mở vẫn hoàn thành được; kỳ mới thuộc kế hoạch tiếp theo.",
        en "The plan is closed", "The plan is closed, so no further period of it opens. Those that are open can still be finished; a new period belongs to the plan that follows.";
    PERIOD_CLOSED = "period.closed" => 409,
        vi "Kỳ báo cáo đã đóng", "Kỳ này đã đóng nên không nhận thêm gì. Điều phối viên (Phòng Văn hoá - Xã hội) mở lại được kỳ báo cáo.",
        en "The period is closed", "This period is closed and takes nothing more. The coordinator (Culture and Social Affairs office) can reopen it.";
    PERIOD_NOT_OPEN = "period.not_open" => 409,
        vi "Kỳ báo cáo chưa mở", "Việc này chỉ làm được khi kỳ báo cáo đang mở. Điều phối viên (Phòng Văn hoá - Xã hội) mở kỳ được ngay, hoặc đợi đến ngày mở.",
        en "The period is not open", "This is possible only in an open period. The coordinator (Culture and Social Affairs office) can open it now, or wait for its opening day.";
    PERIOD_UNIT_EXISTS = "period.unit_exists" => 409,
        vi "Đơn vị đã có trong kỳ báo cáo", "Đơn vị này đã nằm trong kỳ rồi, không cần thêm lần nữa. Muốn giao thêm chỉ tiêu cho đơn vị, hãy chuyển giao chỉ tiêu.",
        en "The unit is in the period already", "This unit is in the period, there is no need to add it again. To charge it with an indicator more, hand the indicator over.";
    REPORT_NOT_EDITABLE = "report.not_editable" => 409,
        vi "Báo cáo không còn sửa được", "Chỉ sửa được báo cáo khi còn là bản nháp hoặc đang được trả lại. Báo cáo đã gửi thì đơn vị rút lại, hoặc điều phối viên (Phòng Văn hoá - Xã hội) trả lại; báo cáo đã tiếp nhận thì điều phối viên mở lại.",
        en "The report can no longer be edited", "A report can be edited while it is a draft or was returned. One that was submitted is withdrawn by its unit or returned by the coordinator; one that was accepted is reopened by the coordinator.";
    REPORT_INVALID_TRANSITION = "report.invalid_transition" => 409,
        vi "Không làm được bước này với báo cáo", "Mỗi bước chỉ làm được từ một số trạng thái: nháp và bị trả lại thì gửi; đã gửi thì rút lại, trả lại hoặc tiếp nhận; đã tiếp nhận thì mở lại. Hãy chọn bước đi được từ trạng thái hiện nay.",
        en "This step is not possible for the report", "Each step is possible from some states only: a draft or a returned report is submitted; a submitted one is withdrawn, returned or accepted; an accepted one is reopened. Choose a step that the present state allows.";
    REPORT_NOT_READY = "report.not_ready" => 422,
        vi "Báo cáo chưa đủ để gửi", "Báo cáo còn thiếu hoặc sai một số mục; danh sách «errors» nêu từng mục và cách bổ sung. Hãy bổ sung hết rồi gửi lại.",
        en "The report is not ready", "Some of the report is missing or wrong; errors lists each with its cure. Complete it and submit again.";
    REPORT_HELD = "report.held" => 409,
        vi "Báo cáo đã nằm trong báo cáo tổng hợp được duyệt", "Không mở lại được báo cáo đã nằm trong báo cáo tổng hợp đã duyệt. Hãy để lãnh đạo trả báo cáo tổng hợp về dự thảo; nếu đã gửi thì lập báo cáo tổng hợp điều chỉnh trước.",
        en "An approved consolidated report holds it", "A report inside an approved consolidated report cannot be reopened. Let the leader reject that one to draft; if it was sent, draw up a correcting one first.";
    ROUND_UNKNOWN = "round.unknown" => 400,
        vi "Không có lượt nộp này", "Báo cáo chưa có lượt nộp (hoặc lần sửa đổi) mang số đó. Hãy chọn một lượt có trong lịch sử («history») của báo cáo.",
        en "No such round", "The report has no round (or revision) of that number. The member history of the report names those there are.";
    REVISION_UNKNOWN = "revision.unknown" => 400,
        vi "Không có lần lập này", "Kỳ báo cáo chưa có báo cáo tổng hợp mang số lần lập đó, hoặc bạn không được đọc. Hãy chọn một lần lập có trong danh sách báo cáo tổng hợp của kỳ.",
        en "No such revision", "The period has no consolidated report of that revision that you may read. The list of the period's consolidated reports names those there are.";
    EFFECTIVE_FROM_ORDER = "effective_from.order" => 422,
        vi "Năm áp dụng sớm hơn định nghĩa mới nhất", "Định nghĩa mới phải áp dụng từ năm của định nghĩa mới nhất trở đi. Hãy chọn năm muộn hơn.",
        en "The year lies before the newest version", "A new version holds from the newest one's year or a later one. Choose a later year.";
    INDICATOR_FROZEN = "indicator.frozen" => 409,
        vi "Định nghĩa của năm đã mở kỳ báo cáo không đổi được", "Kỳ báo cáo của năm đó đã mở nên định nghĩa được giữ nguyên. Hãy chọn năm áp dụng («effective_from») là năm chưa mở kỳ báo cáo.",
        en "The definition of an opened year stays", "A period of that year has been opened, so the definition stays as it was. Choose an effective_from of which no period was opened.";
    INDICATOR_NOT_DUE = "indicator.not_due" => 422,
        vi "Đơn vị không phải báo cáo chỉ tiêu này", "Chỉ tiêu này không được giao cho đơn vị báo cáo trong kỳ này. Hãy bỏ dòng đó, hoặc để điều phối viên (Phòng Văn hoá - Xã hội) chuyển giao chỉ tiêu cho đơn vị.",
        en "Indicator not due from this unit", "This unit does not owe this indicator in this period. Leave it out, or ask the coordinator to assign the indicator.";
    INDICATOR_MISSING = "indicator.missing" => 422,
        vi "Thiếu số liệu của chỉ tiêu", "Chỉ tiêu này đến hạn mà chưa có số tổng hoặc lý do không áp dụng. Hãy điền số liệu, hoặc ghi lý do không áp dụng.",
        en "Indicator not reported", "The indicator is due and has neither a total nor a reason why it does not apply. Fill in its figures, or give the reason.";
    VALUE_NEGATIVE = "value.negative" => 422,
        vi "Số liệu không được âm", "Số người và số vụ việc không thể nhỏ hơn 0. Hãy kiểm tra lại dấu trừ.",
        en "A figure cannot be negative", "People and cases cannot be fewer than none. Check for a stray minus sign.";
    VALUE_NOT_WHOLE = "value.not_whole" => 422,
        vi "Số liệu phải là số nguyên", "Chỉ tiêu này đếm người hoặc vụ việc nên tử số và mẫu số phải là số nguyên. Hãy bỏ phần thập phân.",
        en "A figure must be whole", "This indicator counts people or cases, so its figures are whole numbers. Remove the fraction.";
    VALUE_ABOVE_WHOLE = "value.numerator_above_denominator" => 422,
        vi "Tử số lớn hơn mẫu số", "Tử số không thể lớn hơn mẫu số. Hãy kiểm tra lại hai số, có thể đã đổi chỗ cho nhau.",
        en "Numerator above denominator", "A part cannot be larger than its whole. Check both figures: they may have been swapped.";
    VALUE_MISSING_PART = "value.missing_part" => 422,
        vi "Thiếu tử số hoặc mẫu số", "Chỉ tiêu này cần cả tử số và mẫu số (hoặc câu trả lời). Hãy điền số còn thiếu.",
        en "Half of the figure is missing", "This indicator needs both its numerator and its denominator (or its answer). Fill in the missing one.";
    VALUE_ZERO_DENOMINATOR = "value.zero_denominator" => 422,
        vi "Mẫu số không được bằng 0", "Với chỉ tiêu này mẫu số không thể bằng 0. Hãy kiểm tra lại, hoặc ghi lý do không áp dụng.",
        en "Denominator cannot be zero", "For this indicator the denominator cannot be zero. Check it, or give a reason why the indicator does not apply.";
    VALUE_OUT_OF_RANGE = "value.out_of_range" => 422,
        vi "Kết quả ngoài khoảng hợp lệ", "Kết quả tính được nằm ngoài khoảng hợp lệ của chỉ tiêu. Hãy kiểm tra lại tử số và mẫu số.",
        en "Result out of range", "The computed result lies outside the indicator's valid range. Check the numerator and the denominator.";
    VALUE_UNEXPECTED = "value.unexpected" => 422,
        vi "Số liệu không dùng ở đây", "Chỉ tiêu này không nhận số liệu đó (ví dụ mẫu số cho số đếm, câu trả lời cho tỷ lệ, hoặc số liệu cùng với lý do không áp dụng). Hãy bỏ số liệu đó.",
        en "Not to be given here", "The indicator does not take this (a denominator for a count, an answer for a percentage, figures beside a reason of not applying). Leave it out.";
    DISAGGREGATION_UNKNOWN = "disaggregation.unknown" => 422,
        vi "Phân tổ không dùng được", "Chỉ tiêu không có phân tổ này, hoặc phân tổ không có giá trị này. Hãy dùng các phân tổ và giá trị mà chỉ tiêu có.",
        en "Breakdown not known", "The indicator has no such dimension, or the dimension no such value. Use those that the indicator has.";
    CELL_DUPLICATE = "observation.duplicate" => 422,
        vi "Số liệu trùng lặp", "Cùng một chỉ tiêu và phân tổ xuất hiện hai lần. Hãy giữ lại một dòng.",
        en "Duplicate figure", "The same indicator and disaggregation stand here twice. Keep one of them.";
    CELL_ABSENT = "observation.absent" => 422,
        vi "Không có số liệu để xoá", "Báo cáo không có số liệu cho chỉ tiêu và phân tổ này nên không xoá được. Hãy kiểm tra lại mã.",
        en "No figure to delete", "The report has no figure for this indicator and disaggregation, so it cannot be deleted. Check the codes.";
    EXTRA_UNKNOWN = "extra.unknown" => 422,
        vi "Thông tin bổ sung không có trong chỉ tiêu", "Chỉ tiêu này không có thông tin bổ sung mang tên đó. Hãy bỏ nó, hoặc dùng tên mà chỉ tiêu quy định.",
        en "No such extra input", "The indicator has no extra input of that name. Leave it out, or use a name that the indicator has.";
    EXTRA_INVALID = "extra.invalid" => 422,
        vi "Thông tin bổ sung không hợp lệ", "Giá trị của thông tin bổ sung không đúng kiểu mà chỉ tiêu quy định. Hãy viết lại cho đúng kiểu.",
        en "Invalid extra input", "The extra input is not of the type that the indicator states. Write it in that type.";
    PARTS_NOT_TOTAL = "parts.not_total" => 422,
        vi "Các phần không cộng bằng tổng", "Tổng các phần của phân tổ khác với số tổng. Hãy kiểm tra lại các phần, hoặc số tổng.",
        en "Parts do not add up to the total", "The parts of the disaggregation do not add up to the total. Check the parts, or the total.";
    PARTS_MISSING = "parts.missing" => 422,
        vi "Chưa có số liệu phân tổ", "Chỉ tiêu này nên có số liệu theo phân tổ được yêu cầu. Báo cáo vẫn gửi được nhưng hãy bổ sung nếu có.",
        en "Expected breakdown missing", "The indicator should be broken down by this dimension. The report can be submitted, but add the parts if you have them.";
    PARTS_ABOVE_TOTAL = "parts.above_total" => 422,
        vi "Phần lớn hơn tổng", "Số của một phần lớn hơn số tổng của chỉ tiêu. Hãy kiểm tra lại phần đó, hoặc số tổng.",
        en "A part is above its total", "A part counts more than the total of the indicator. Check the part, or the total.";
    PARTS_WITHOUT_TOTAL = "parts.without_total" => 422,
        vi "Có số liệu phân tổ bên cạnh tổng không áp dụng", "Số tổng được ghi là không áp dụng mà vẫn có số liệu phân tổ. Hãy xoá các phần, hoặc ghi số tổng.",
        en "Parts beside a total that does not apply", "The total is said not to apply, and yet there are parts. Delete the parts, or give the total.";
    VALUE_IMPLAUSIBLE = "value.implausible" => 422,
        vi "Giá trị khác thường", "Giá trị nằm ngoài khoảng thường gặp của chỉ tiêu. Hãy kiểm tra lại; nếu số liệu đúng, hãy giải thích trong ghi chú của số liệu; báo cáo vẫn gửi được.",
        en "Unusual value", "The value lies outside what is usual for the indicator. Check it; if it is right, explain it in the note.";
    VALUE_JUMP = "value.jump" => 422,
        vi "Khác hẳn kỳ trước", "Số liệu khác hẳn kỳ trước. Hãy kiểm tra lại; nếu số liệu đúng, hãy giải thích trong ghi chú của số liệu; báo cáo vẫn gửi được.",
        en "Quite unlike the last period", "The figure is quite unlike that of the last period. Check it; if it is right, explain it in the note.";
    RULE_BROKEN = "rule.broken" => 422,
        vi "Các số liệu không khớp nhau", "Các số liệu trong báo cáo không thoả quy tắc của kế hoạch. Hãy kiểm tra lại từng số; nếu đúng, hãy giải thích trong ghi chú của số liệu; báo cáo vẫn gửi được.",
        en "Figures do not agree", "Figures of the report break a rule of the plan that ties them together. Check each; if they are right, explain it in a note.";
    NARRATIVE_MISSING = "narrative.missing" => 422,
        vi "Thiếu phần kết quả", "Đơn vị không phải báo cáo chỉ tiêu nào nên báo cáo năm phải có phần kết quả thực hiện. Hãy viết phần kết quả («results») rồi gửi.",
        en "Results not described", "The unit owes no figure, so its annual report consists of its results in words. Write the results, then submit.";
    ANSWER_MISSING = "answer.missing" => 422,
        vi "Thiếu câu trả lời bắt buộc", "Câu hỏi này bắt buộc trả lời. Hãy trả lời rồi gửi.",
        en "A required answer is missing", "This question must be answered. Answer it, then submit.";
    ESTIMATE_USED = "value.estimate" => 422,
        vi "Số liệu ước thực hiện", "Số liệu này là số ước thực hiện, vẫn gửi được. Khi có số chính thức, hãy sửa lại; báo cáo đã tiếp nhận thì điều phối viên mở lại trước.",
        en "An estimate is used", "This figure is an estimate, and can be submitted. Give the final one when it is known; an accepted report is first reopened by the coordinator.";
    NARRATIVE_EMPTY = "narrative.empty" => 422,
        vi "Báo cáo chưa có phần thuyết minh", "Báo cáo chưa có phần thuyết minh (chỉ đạo, kết quả, khó khăn, kiến nghị). Báo cáo vẫn gửi được nhưng nên viết ít nhất phần kết quả.",
        en "The report says nothing in words", "No part of the narrative is written. The report can be submitted, but say at least what the results were.";

    // Consolidated reports.
    CONSOLIDATED_EXISTS = "consolidated_report.exists" => 409,
        vi "Kỳ này đã có báo cáo tổng hợp", "Kỳ này đã có báo cáo tổng hợp đang lập, đã duyệt hoặc đã gửi. Hãy dùng báo cáo đó; nếu đã gửi thì lập báo cáo điều chỉnh và nêu lý do («reason»).",
        en "The period has a consolidated report", "A consolidated report for this period is in draft, approved or sent. Use it, or give a reason to make a correcting one.";
    CONSOLIDATED_INVALID_TRANSITION = "consolidated_report.invalid_transition" => 409,
        vi "Không làm được bước này với báo cáo tổng hợp", "Dự thảo thì tính lại, phê duyệt hoặc từ chối; đã duyệt thì gửi hoặc từ chối; đã gửi thì Sở Nội vụ tiếp nhận hoặc trả lại. Hãy chọn bước đi được từ trạng thái hiện nay.",
        en "This step is not possible for the consolidated report", "A draft is refreshed, approved or rejected; an approved one is sent or rejected; a sent one is acknowledged or returned by the province. Choose a step that the present state allows.";
    CONSOLIDATED_NOT_EDITABLE = "consolidated_report.not_editable" => 409,
        vi "Báo cáo tổng hợp không còn sửa được", "Nội dung chỉ sửa hoặc xoá được khi là dự thảo; số và ngày văn bản chỉ ghi được từ khi đã duyệt.",
        en "The consolidated report can no longer be edited", "The content can be edited or deleted in a draft only; the number and date of the document can be set once it is approved.";
    CONSOLIDATED_STALE = "consolidated_report.stale" => 409,
        vi "Báo cáo tổng hợp đã cũ so với số liệu", "Sau khi tổng hợp đã có báo cáo được tiếp nhận hoặc mở lại, hoặc thay đổi về đơn vị phải báo cáo. Điều phối viên (Phòng Văn hoá - Xã hội) tính lại rồi mới duyệt được.",
        en "The consolidated report is stale", "Since this was computed a report was accepted or reopened, or it was changed who reports. The coordinator refreshes it first, then it can be approved.";
    CONSOLIDATED_UNRESOLVED = "consolidated_report.unresolved" => 409,
        vi "Chưa chọn lấy số liệu của đơn vị nào", "Nhiều đơn vị cho số liệu của một chỉ tiêu chỉ lấy một nguồn. Hãy chọn lấy số liệu của đơn vị nào («resolutions») và nêu lý do.",
        en "It is not decided whose figure counts", "Several units gave figures for a single-source indicator. Say in resolutions whose figure counts, and why.";

    // Accounts.
    USER_IN_USE = "user.in_use" => 409,
        vi "Tài khoản đã có hoạt động", "Tài khoản đã từng hoạt động nên được giữ lại trong lịch sử. Hãy ngừng dùng tài khoản («active» là «false») thay vì xoá.",
        en "The account has acted", "The account has done something, so it is kept for the record. Set active to false in place of deleting it.";
    CLIENT_IN_USE = "client.in_use" => 409,
        vi "Tài khoản phần mềm đã có hoạt động", "Tài khoản phần mềm đã từng hoạt động nên được giữ lại trong lịch sử. Hãy ngừng dùng tài khoản («active» là «false») thay vì xoá.",
        en "The client has acted", "The client has done something, so it is kept for the record. Set active to false in place of deleting it.";
    USERNAME_TAKEN = "user.username_taken" => 409,
        vi "Tên đăng nhập đã có", "Đã có người dùng mang tên đăng nhập này. Hãy chọn tên khác.",
        en "User name already taken", "Another user has this user name. Choose a different one for this account.";
    PASSWORD_WEAK = "password.weak" => 422,
        vi "Mật khẩu quá yếu", "Mật khẩu cần ít nhất 12 ký tự, không nằm trong danh sách mật khẩu phổ biến và không chứa tên đăng nhập. Hãy dùng một câu dài dễ nhớ.",
        en "Password too weak", "A password has at least 12 characters, is not a common one and does not hold the user name. A long phrase is easy to remember.";
    PASSWORD_WRONG = "password.wrong" => 422,
        vi "Mật khẩu hiện tại không đúng", "Mật khẩu hiện tại không khớp nên chưa đổi. Hãy nhập lại mật khẩu đang dùng.",
        en "Present password wrong", "The present password does not match, so nothing was changed. Enter the password that is in use.";
    GRANT_REQUIRED = "grant.required" => 422,
        vi "Tài khoản phải còn ít nhất một quyền", "Tài khoản không có quyền nào thì không ai quản lý được. Hãy ghi ít nhất một quyền («grants»); muốn ngừng dùng tài khoản, hãy đặt «active» là «false».",
        en "An account keeps at least one grant", "An account without a grant is managed by nobody below the country. Name at least one in grants; to put the account out of use, set active to false.";
    LAST_ADMIN = "user.last_admin" => 409,
        vi "Đây là quản trị viên cuối cùng", "Không thể khoá hoặc bỏ quyền quản trị viên cuối cùng còn hoạt động. Hãy cấp quyền cho người khác trước.",
        en "The last administrator", "The last active administrator cannot be disabled or lose the role. Give it to somebody else first.";

    // The second factor of signing in.
    TOTP_REQUIRED = "totp.required" => 401,
        vi "Cần mã xác thực", "Tài khoản này dùng xác thực hai bước. Hãy đăng nhập lại kèm mã («totp»): sáu chữ số trên ứng dụng xác thực, hoặc một mã khôi phục.",
        en "Code of the second factor needed", "This account signs in with a second factor. Send totp as well: the six digits of the app, or a recovery code.";
    TOTP_INVALID = "totp.invalid" => 401,
        vi "Mã xác thực không đúng", "Mã xác thực sai, hết hạn hoặc đã dùng rồi; mỗi mã chỉ dùng một lần. Hãy đợi mã tiếp theo và kiểm tra giờ của điện thoại.",
        en "Code of the second factor wrong", "The code is wrong, too old or was used already; each is good once. Wait for the next one and check the telephone's clock.";
    TOTP_WRONG = "totp.wrong" => 422,
        vi "Mã xác thực không đúng", "Mã không khớp hoặc đã dùng rồi nên chưa có gì thay đổi. Hãy đợi mã tiếp theo trên ứng dụng và kiểm tra giờ của điện thoại.",
        en "Code wrong", "The code does not fit or was used already, so nothing was changed. Wait for the app's next one and check the telephone's clock.";
    TOTP_ENABLED = "totp.enabled" => 409,
        vi "Đã bật xác thực hai bước", "Tài khoản này đang dùng xác thực hai bước. Hãy tắt («DELETE /api/v1/me/totp») trước khi thiết lập lại.",
        en "Second factor in use", "This account has a second factor already. Take it away by DELETE /api/v1/me/totp before setting up another.";
    TOTP_NOT_ENABLED = "totp.not_enabled" => 409,
        vi "Chưa có xác thực hai bước", "Tài khoản này chưa thiết lập xác thực hai bước. Hãy bắt đầu thiết lập («POST /api/v1/me/totp») rồi xác nhận bằng mã đầu tiên.",
        en "No second factor", "This account has no second factor. Begin by POST /api/v1/me/totp, then confirm it by the first code.";
    TOTP_SETUP_REQUIRED = "totp.setup_required" => 403,
        vi "Phải thiết lập xác thực hai bước", "Vai trò này phải dùng xác thực hai bước. Hãy thiết lập («POST /api/v1/me/totp»), xác nhận bằng mã đầu tiên rồi làm tiếp.",
        en "Set up the second factor first", "This role must sign in with a second factor. Set it up at POST /api/v1/me/totp, confirm it by the first code, then go on.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_are_unique_and_told_in_both_languages() {
        let mut seen = HashSet::new();
        for code in ALL {
            assert!(seen.insert(code.code), "{} stands twice", code.code);
            assert!((400..600).contains(&code.status), "{}", code.code);
            for text in [code.title_vi, code.title_en, code.cure_vi, code.cure_en] {
                assert!(!text.is_empty(), "{} lacks a text", code.code);
            }
            assert!(!code.cure_vi.is_ascii(), "{} has no Vietnamese cure", code.code);
            let same = |title: &str, cure: &str| title.trim_end_matches('.') == cure.trim_end_matches('.');
            assert!(!same(code.title_vi, code.cure_vi) && !same(code.title_en, code.cure_en), "{} repeats its title", code.code);
            assert!(code.cure_en.split_whitespace().count() >= 8, "{} hardly explains its cure", code.code);
        }
    }
}
