//! The one table of problem codes: code, HTTP status, title and cure in both languages. A code is stable and never
//! translated; `/problems/{code}` shows its page.

use super::Language;

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
}

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
        vi "Tham số truy vấn không hợp lệ", "Một tham số truy vấn có giá trị không dùng được. Hãy xem mục errors để biết tham số nào và giá trị nào được phép.",
        en "Invalid query parameter", "A query parameter has a value that cannot be used. The member errors says which one and what is allowed.";
    QUERY_UNKNOWN = "query.unknown" => 400,
        vi "Tham số truy vấn không có", "Truy vấn có tham số mà địa chỉ này không biết. Tham số lạ không bao giờ bị bỏ qua; hãy bỏ nó hoặc sửa tên.",
        en "Unknown query parameter", "The query has a parameter that this address does not know. Unknown parameters are never ignored: remove it or mend its name.";
    CURSOR_INVALID = "cursor.invalid" => 400,
        vi "Con trỏ trang không hợp lệ", "Con trỏ trang (cursor) không phải do dịch vụ này cấp cho truy vấn này. Hãy bắt đầu lại từ trang đầu và chỉ dùng next_cursor.",
        en "Invalid page cursor", "The cursor was not given by this service for this query. Start again at the first page and use next_cursor as it is.";
    HEADER_INVALID = "header.invalid" => 400,
        vi "Tiêu đề yêu cầu không hợp lệ", "Một tiêu đề của yêu cầu không đúng dạng. Hãy xem chi tiết, sửa tiêu đề đó rồi gửi lại.",
        en "Invalid request header", "A header of the request is not well formed. See the detail, mend that header and send the request again.";
    AUTH_REQUIRED = "auth.required" => 401,
        vi "Cần đăng nhập", "Địa chỉ này không công khai. Hãy đăng nhập tại /api/v1/auth/login hoặc lấy mã tại /oauth/token rồi gửi kèm Authorization: Bearer.",
        en "Sign-in required", "This address is not public. Sign in at /api/v1/auth/login, or get a token at /oauth/token, and send it as Authorization: Bearer.";
    TOKEN_INVALID = "token.invalid" => 401,
        vi "Mã truy cập không hợp lệ hoặc hết hạn", "Mã truy cập sai, đã hết hạn, bị thu hồi hoặc tài khoản đã bị khoá. Hãy làm mới phiên hoặc đăng nhập lại.",
        en "Invalid or expired access token", "The access token is wrong, expired or revoked, or its account is no longer active. Refresh the session or sign in again.";
    TOKEN_REUSED = "token.reused" => 401,
        vi "Mã làm mới đã dùng rồi", "Mã làm mới chỉ dùng được một lần. Vì nó được dùng lại, cả phiên này đã bị kết thúc; hãy đăng nhập lại và đổi mật khẩu nếu nghi bị lộ.",
        en "Refresh token used twice", "A refresh token can be used once. Because it was used again the whole session has been ended: sign in again, and change the password if it may have leaked.";
    LOGIN_FAILED = "login.failed" => 401,
        vi "Sai tên đăng nhập hoặc mật khẩu", "Tên đăng nhập và mật khẩu không khớp. Hãy kiểm tra bàn phím và chữ hoa, hoặc nhờ quản trị viên đặt lại mật khẩu.",
        en "Wrong user name or password", "The user name and the password do not match. Check the keyboard and capitals, or ask an administrator to reset the password.";
    ACCESS_DENIED = "access.denied" => 403,
        vi "Không có quyền thực hiện", "Vai trò của tài khoản này không được làm việc đó ở đây. Hãy nhờ quản trị viên cấp quyền, hoặc nhờ người có vai trò phù hợp.",
        en "Not permitted", "The roles of this account do not allow this here. Ask an administrator for the grant, or somebody who has the role.";
    ACCESS_RESTRICTED = "access.restricted" => 403,
        vi "Cần quyền xem số liệu hạn chế", "Báo cáo hoặc chỉ tiêu có số liệu về nạn nhân hoặc ca tử vong. Người tiếp nhận, phê duyệt hoặc bỏ hạn chế phải có phạm vi restricted:read; hãy nhờ quản trị viên cấp.",
        en "Restricted figures need a scope", "The report or the indicator holds figures about victims or deaths. Whoever accepts, approves or uncovers it must have the scope restricted:read; ask an administrator for it.";
    PASSWORD_CHANGE_REQUIRED = "password.change_required" => 403,
        vi "Phải đổi mật khẩu trước", "Tài khoản đang dùng mật khẩu một lần. Hãy đổi mật khẩu bằng PUT /api/v1/me/password rồi làm tiếp việc này.",
        en "Change the password first", "The account still has its one-time password. Change it by PUT /api/v1/me/password, then go on.";
    NOT_FOUND = "resource.not_found" => 404,
        vi "Không tìm thấy", "Không có gì ở địa chỉ này, hoặc tài khoản này không được đọc. Hãy kiểm tra lại mã id; đường dẫn chỉ nhận id, không nhận mã hiệu.",
        en "Not found", "There is nothing at this address, or this account may not read it. Check the id: a path takes the id, not the code.";
    METHOD_NOT_ALLOWED = "method.not_allowed" => 405,
        vi "Phương thức không được phép", "Địa chỉ này không nhận phương thức HTTP đó. Tiêu đề Allow của câu trả lời nêu các phương thức được nhận.",
        en "Method not allowed", "This address does not take that HTTP method. The header Allow of the answer names the methods it takes.";
    NOT_ACCEPTABLE = "media_type.not_acceptable" => 406,
        vi "Không có định dạng được yêu cầu", "Không thể trả lời bằng định dạng mà tiêu đề Accept yêu cầu. Hãy chấp nhận application/json hoặc một định dạng có trong tài liệu.",
        en "No acceptable format", "There is no answer in a format that the header Accept allows. Accept application/json or another format of the contract.";
    BODY_TOO_LARGE = "body.too_large" => 413,
        vi "Nội dung gửi lên quá lớn", "Nội dung vượt quá giới hạn của địa chỉ này. Hãy chia nhỏ thành nhiều yêu cầu, hoặc dùng cách gửi hàng loạt.",
        en "Body too large", "The body is larger than this address takes. Split it into several requests, or use a bulk operation.";
    URI_TOO_LONG = "uri.too_long" => 414,
        vi "Địa chỉ quá dài", "Địa chỉ hoặc chuỗi truy vấn dài quá giới hạn. Hãy rút ngắn các điều kiện lọc rồi gửi lại yêu cầu.",
        en "Address too long", "The address or its query string is longer than the bound. Shorten the filters and send the request again.";
    MEDIA_TYPE_UNSUPPORTED = "media_type.unsupported" => 415,
        vi "Kiểu nội dung không được nhận", "Địa chỉ này không nhận kiểu nội dung đó. Hãy gửi application/json (hoặc application/merge-patch+json với PATCH).",
        en "Unsupported media type", "This address does not take that media type. Send application/json (or application/merge-patch+json with PATCH).";
    VERSION_STALE = "version.stale" => 412,
        vi "Dữ liệu đã được người khác sửa", "Phiên bản trong If-Match không còn là phiên bản hiện tại. Hãy đọc lại, xem thay đổi của người khác rồi gửi lại với ETag mới.",
        en "Somebody changed it meanwhile", "The version in If-Match is no longer the present one. Read it again, look at what changed, and send it with the new ETag.";
    VERSION_REQUIRED = "version.required" => 428,
        vi "Thiếu tiêu đề If-Match", "Việc này cần If-Match với ETag hiện tại của tài nguyên (không nhận *), để không ghi đè lên thay đổi của người khác.",
        en "If-Match required", "This needs If-Match with the present ETag of the resource (not *), so that nobody's change is overwritten unseen.";
    TOO_MANY_REQUESTS = "rate.limited" => 429,
        vi "Quá nhiều yêu cầu", "Đã có quá nhiều yêu cầu trong thời gian ngắn. Hãy đợi số giây nêu ở Retry-After rồi thử lại.",
        en "Too many requests", "There were too many requests in a short time. Wait for the seconds that Retry-After names, then try again.";
    REQUEST_TIMEOUT = "request.timeout" => 408,
        vi "Yêu cầu gửi quá chậm", "Nội dung của yêu cầu không đến đủ trong thời gian cho phép. Hãy kiểm tra đường truyền rồi gửi lại.",
        en "Request timed out", "The body of the request did not arrive within the time allowed. Check the connection and send it again.";
    INTERNAL = "internal" => 500,
        vi "Lỗi nội bộ", "Dịch vụ gặp lỗi khi xử lý; lỗi đã được ghi lại. Hãy báo request_id cho quản trị viên; thử lại với cùng Idempotency-Key là an toàn.",
        en "Internal error", "The service failed and the failure is in its log. Tell an administrator the request_id; trying again with the same Idempotency-Key is safe.";
    DATABASE_UNAVAILABLE = "database.unavailable" => 503,
        vi "Cơ sở dữ liệu tạm thời không truy cập được", "Dịch vụ chưa liên lạc được với cơ sở dữ liệu. Hãy thử lại sau số giây nêu ở Retry-After; chưa có gì được ghi.",
        en "The database is out of reach", "The service cannot reach its database just now. Try again after the seconds in Retry-After; nothing was written.";
    DATABASE_BUSY = "database.busy" => 503,
        vi "Cơ sở dữ liệu đang bận", "Dữ liệu này đang được việc khác giữ, hoặc việc này kéo dài quá thời gian cho phép. Hãy thử lại sau số giây nêu ở Retry-After; chưa có gì được ghi.",
        en "The database is busy", "Something else holds these data just now, or it took longer than is allowed. Try again after the seconds in Retry-After; nothing was written.";
    DATABASE_FULL = "database.full" => 503,
        vi "Ổ đĩa của cơ sở dữ liệu đã đầy", "Không còn chỗ để ghi nên chưa có gì được ghi; dữ liệu đã có vẫn đọc được. Hãy báo ngay cho quản trị viên để giải phóng ổ đĩa rồi thử lại.",
        en "The database's disk is full", "There is no room to write, so nothing was written; what is there can still be read. Tell an administrator at once to make room, then try again.";
    AUDIT_UNAVAILABLE = "audit.unavailable" => 503,
        vi "Chưa ghi được nhật ký kiểm toán", "Mỗi lần xem chính xác số liệu hạn chế phải được ghi vào nhật ký; hiện chưa ghi được nên số liệu không được hiển thị. Hãy thử lại sau số giây nêu ở Retry-After.",
        en "The audit trail cannot be written", "Every exact reading of restricted figures is recorded; it cannot be just now, so nothing is shown. Try again after the seconds in Retry-After.";
    SERVER_DRAINING = "server.draining" => 503,
        vi "Máy chủ đang dừng", "Máy chủ này đang dừng và không nhận việc mới. Hãy thử lại ngay; một máy chủ khác hoặc lần khởi động sau sẽ trả lời.",
        en "The server is stopping", "This server is stopping and takes no new work. Try again: another server, or this one after its start, will answer.";
    SERVER_BUSY = "server.busy" => 503,
        vi "Máy chủ đang quá tải", "Có quá nhiều việc đang chờ nên yêu cầu này không được nhận. Hãy thử lại sau số giây nêu ở Retry-After.",
        en "The server is busy", "Too much work is waiting, so this request was not taken. Try again after the seconds in Retry-After.";

    // Bodies and their fields.
    BODY_INVALID = "body.invalid" => 422,
        vi "Nội dung không hợp lệ", "Nội dung có các trường chưa đúng; mục errors liệt kê tất cả cùng vị trí. Hãy sửa hết rồi gửi lại một lần.",
        en "Invalid content", "Some fields are not right; errors lists all of them with their places. Mend them all and send the body again.";
    FIELD_UNKNOWN = "field.unknown" => 422,
        vi "Trường không có trong tài liệu", "Trường này không có ở đây. Trường lạ không bao giờ bị bỏ qua; hãy bỏ nó hoặc sửa tên cho đúng tài liệu.",
        en "Unknown field", "There is no such field here. Unknown fields are never ignored: remove it, or mend its name after the contract.";
    FIELD_MISSING = "field.missing" => 422,
        vi "Thiếu trường bắt buộc", "Trường này bắt buộc phải có. Hãy thêm giá trị cho nó theo tài liệu của địa chỉ này.",
        en "Required field missing", "This field must be given. Add a value for it after the contract of this address.";
    FIELD_REQUIRED = "field.required" => 422,
        vi "Ở trường hợp này trường là bắt buộc", "Việc này chỉ làm được khi có trường nêu ở pointer. Hãy điền trường đó rồi gửi lại.",
        en "Field required in this case", "This can be done only with the field that the pointer names. Fill it in and send it again.";
    FIELD_TYPE = "field.type" => 422,
        vi "Sai kiểu giá trị", "Giá trị không đúng kiểu mà tài liệu yêu cầu (ví dụ chữ thay cho số, hoặc null ở chỗ bắt buộc).",
        en "Wrong type", "The value is not of the type that the contract asks for (text in place of a number, say, or null where a value is needed).";
    FIELD_VALUE = "field.value" => 422,
        vi "Giá trị không được phép", "Giá trị này không nằm trong các giá trị được phép. Hãy chọn một giá trị có trong tài liệu.",
        en "Value not allowed", "The value is not one of those allowed. Choose one that the contract names.";
    FIELD_LENGTH = "field.length" => 422,
        vi "Quá dài, quá ngắn hoặc để trống", "Nội dung của trường dài hoặc ngắn quá giới hạn. Hãy rút gọn, hoặc điền nếu đang để trống.",
        en "Too long, too short or empty", "The field is longer or shorter than its bounds. Shorten it, or fill it in if it is empty.";
    FIELD_FORMAT = "field.format" => 422,
        vi "Sai định dạng", "Giá trị không đúng dạng mà tài liệu nêu (ngày, giờ, mã hiệu, địa chỉ…). Hãy viết lại cho đúng dạng.",
        en "Wrong format", "The value does not have the form that the contract states (date, time, code, address…). Write it in that form.";
    FIELD_RANGE = "field.range" => 422,
        vi "Ngoài khoảng cho phép", "Số này nhỏ hoặc lớn hơn khoảng cho phép. Hãy kiểm tra lại đơn vị tính và giá trị.",
        en "Out of range", "The number is below or above what is allowed. Check its unit of measure and its value.";
    FIELD_CONTROL_CHARACTER = "field.control_character" => 422,
        vi "Có ký tự điều khiển", "Văn bản chứa ký tự điều khiển không nhìn thấy. Hãy xoá ký tự đó; xuống dòng chỉ được dùng trong ghi chú và phần tường thuật.",
        en "Control character", "The text holds an invisible control character. Remove it; line breaks are allowed only in notes and narrative.";
    FIELD_IMMUTABLE = "field.immutable" => 422,
        vi "Trường không sửa được", "Trường này được đặt khi tạo và không đổi về sau. Hãy tạo tài nguyên mới nếu cần giá trị khác.",
        en "Field cannot be changed", "This field is set at creation and stays as it is. Create another resource if it must differ.";
    FIELD_CONFLICT = "field.conflict" => 422,
        vi "Các trường mâu thuẫn nhau", "Giá trị của trường này không đi cùng với một trường khác. Hãy xem chi tiết và sửa một trong hai.",
        en "Fields contradict each other", "The value of this field does not go together with another one. See the detail and mend one of them.";
    VALUE_DECIMAL = "value.decimal" => 422,
        vi "Số không viết được chính xác", "Số phải có nhiều nhất 4 chữ số thập phân và nhỏ hơn 100 tỷ. Hãy làm tròn hoặc kiểm tra lại đơn vị tính.",
        en "Not an exact decimal", "A number has at most 4 fractional digits and is below 100 thousand million. Round it or check its unit of measure.";
    REFERENCE_UNKNOWN = "reference.unknown" => 422,
        vi "Tham chiếu không tồn tại", "Không có tài nguyên nào mang id hoặc mã hiệu này ở đây. Hãy kiểm tra lại mã, và kế hoạch hoặc địa bàn mà nó thuộc về.",
        en "Reference to nothing", "No resource here has this id or code. Check it, and the plan or jurisdiction to which it belongs.";
    REFERENCE_AMBIGUOUS = "reference.ambiguous" => 422,
        vi "Tham chiếu khớp nhiều tài nguyên", "Mã hiệu này có ở nhiều địa bàn hoặc kế hoạch. Hãy dùng id thay cho mã hiệu.",
        en "Reference fits several", "Several wards or plans have something with this code. Name its id in place of the code.";

    // Idempotency.
    IDEMPOTENCY_KEY_INVALID = "idempotency.key_invalid" => 400,
        vi "Idempotency-Key không hợp lệ", "Idempotency-Key phải gồm 1 đến 255 ký tự ASCII nhìn thấy được, không có khoảng trắng. Hãy dùng một UUID.",
        en "Invalid Idempotency-Key", "An Idempotency-Key has 1 to 255 visible ASCII characters and no blank. A UUID will do.";
    IDEMPOTENCY_KEY_REUSED = "idempotency.key_reused" => 422,
        vi "Idempotency-Key đã dùng cho nội dung khác", "Khoá này đã được dùng với một nội dung khác. Hãy dùng khoá mới cho yêu cầu mới; khoá cũ chỉ để gửi lại đúng yêu cầu cũ.",
        en "Idempotency-Key used for another body", "This key was used with another body. Take a new key for a new request; an old key is only for repeating the very same one.";
    IDEMPOTENCY_IN_PROGRESS = "idempotency.in_progress" => 409,
        vi "Yêu cầu cùng khoá đang được xử lý", "Một yêu cầu với cùng Idempotency-Key chưa xong. Hãy đợi vài giây rồi gửi lại với đúng khoá đó để nhận kết quả.",
        en "The same key is still running", "A request with the same Idempotency-Key has not ended yet. Wait some seconds and send it again with that key to get its answer.";

    // Resources of the plan.
    CODE_TAKEN = "code.taken" => 409,
        vi "Mã hiệu đã có", "Đã có tài nguyên mang mã hiệu này trong cùng kế hoạch hoặc địa bàn. Hãy chọn mã khác, hoặc sửa tài nguyên đang có.",
        en "Code already taken", "Something in the same plan or jurisdiction has this code already. Choose another one, or change what is there.";
    JURISDICTION_IN_USE = "jurisdiction.in_use" => 409,
        vi "Địa bàn đang được dùng", "Còn kế hoạch, đơn vị, tài khoản hoặc địa bàn con thuộc địa bàn này; members nêu số lượng. Hãy xoá hoặc chuyển chúng trước.",
        en "Jurisdiction in use", "Plans, units, accounts or lower jurisdictions still belong to it; the counts are given. Remove or move them first.";
    JURISDICTION_DISSOLVED = "jurisdiction.dissolved" => 409,
        vi "Địa bàn không còn, hoặc chưa có, vào ngày đó", "Việc giải thể địa bàn đã được ghi, hoặc kỳ báo cáo kết thúc vào ngày địa bàn không tồn tại. Các kỳ kết thúc khi địa bàn còn tồn tại vẫn báo cáo như thường; nếu ngày giải thể còn ở phía trước thì bỏ bằng cách xoá valid_until.",
        en "The jurisdiction is not there on that day", "Its dissolution is written down, or a period ends on a day on which it does not exist. Periods that end while it exists are reported as usual; while the day of the dissolution lies ahead, make valid_until null to take it back.";
    PLAN_IN_USE = "plan.in_use" => 409,
        vi "Kế hoạch đang được dùng", "Còn mục tiêu, chỉ tiêu, nhiệm vụ hoặc kỳ báo cáo thuộc kế hoạch này; số lượng được nêu kèm. Hãy xoá chúng trước.",
        en "Plan in use", "Goals, indicators, tasks or reporting periods still belong to this plan; their counts are given. Remove them first.";
    PLAN_OVERLAP = "plan.overlap" => 409,
        vi "Địa bàn đã có kế hoạch khác cho những năm này", "Mỗi năm một địa bàn chỉ có một kế hoạch đang thực hiện. Hãy đổi start_year, end_year, hoặc nêu ở replaces kế hoạch được thay thế.",
        en "Another plan holds these years", "A jurisdiction has one plan in force a year. Change start_year or end_year, or name in replaces the plan whose place this one takes.";
    GOAL_IN_USE = "goal.in_use" => 409,
        vi "Mục tiêu đang được dùng", "Còn chỉ tiêu hoặc nhiệm vụ thuộc mục tiêu này; số lượng được nêu kèm. Hãy xoá hoặc chuyển chúng trước.",
        en "Goal in use", "Indicators or tasks still belong to this goal; their counts are given. Remove or move them first.";
    PLAN_INDICATOR_IN_USE = "plan_indicator.in_use" => 409,
        vi "Chỉ tiêu in trong kế hoạch đang được dùng", "Còn chỉ tiêu đo lường thuộc chỉ tiêu này; số lượng được nêu kèm. Hãy xoá hoặc chuyển chúng trước.",
        en "Printed indicator in use", "Measured indicators still belong to it; their count is given. Remove or move them first.";
    DISAGGREGATION_IN_USE = "disaggregation.in_use" => 409,
        vi "Phân tổ đang được dùng", "Còn chỉ tiêu hoặc số liệu dùng phân tổ này; số lượng được nêu kèm. Hãy bỏ chúng, hoặc cho giá trị ngừng dùng thay vì xoá.",
        en "Disaggregation in use", "Indicators or figures use this dimension; their counts are given. Remove them, or make a value inactive in place of deleting it.";
    INDICATOR_IN_USE = "indicator.in_use" => 409,
        vi "Chỉ tiêu đang được dùng", "Còn nhiệm vụ, kỳ báo cáo hoặc số liệu của chỉ tiêu này; số lượng được nêu kèm. Số liệu đã báo cáo không bị xoá theo.",
        en "Indicator in use", "Tasks, periods or figures refer to this indicator; their counts are given. Reported figures never vanish with it.";
    AMENDMENT_IN_USE = "amendment.in_use" => 409,
        vi "Quyết định điều chỉnh đang được dùng", "Còn chỉ tiêu, mục tiêu, nhiệm vụ hoặc đơn vị được thay đổi theo quyết định này; số lượng được nêu kèm. Hãy bỏ dẫn chiếu của chúng trước.",
        en "Amendment in use", "Changes of indicators, goals, tasks or units name this amendment; their counts are given. Take it out of them first.";
    UNIT_IN_USE = "unit.in_use" => 409,
        vi "Đơn vị đang được dùng", "Còn chỉ tiêu, nhiệm vụ, báo cáo, tài khoản hoặc đơn vị thành viên của đơn vị này; số lượng được nêu kèm. Hãy cho đơn vị ngừng hoạt động thay vì xoá.",
        en "Unit in use", "Indicators, tasks, reports, accounts or member units refer to this unit; their counts are given. Make it inactive in place of deleting it.";
    UNIT_DISSOLVED = "unit.dissolved" => 409,
        vi "Đơn vị đã được cho giải thể", "Việc giải thể đã được ghi. Nếu ngày giải thể còn ở phía trước thì bỏ bằng cách xoá valid_until; sau ngày đó không đổi được nữa.",
        en "The unit is dissolved", "Its dissolution is written down. While its day lies ahead, make valid_until null to take it back; after that it stays.";
    TASK_IN_USE = "task.in_use" => 409,
        vi "Nhiệm vụ đã có cập nhật", "Nhiệm vụ này đã có lịch sử thực hiện; số lượng được nêu kèm. Hãy đặt trạng thái cancelled thay vì xoá.",
        en "Task in use", "This task has a history of updates; their count is given. Set its status to cancelled in place of deleting it.";
    PLAN_INVALID_TRANSITION = "plan.invalid_transition" => 409,
        vi "Kế hoạch không chuyển được sang trạng thái đó", "Kế hoạch đi từ draft sang active rồi closed. Mục allowed nêu các trạng thái có thể chuyển tới bây giờ.",
        en "The plan cannot take that status", "A plan goes from draft to active to closed. The member allowed names the statuses it can take now.";

    // Reporting periods and reports.
    PERIOD_IN_USE = "period.in_use" => 409,
        vi "Kỳ báo cáo đang được dùng", "Kỳ này đã có báo cáo; số lượng được nêu kèm. Kỳ đã mở không xoá được, chỉ đóng lại.",
        en "Period in use", "This period has reports already; their count is given. A period once opened is closed, not deleted.";
    PERIOD_EXISTS = "period.exists" => 409,
        vi "Kỳ báo cáo định kỳ này đã có", "Kế hoạch đã có kỳ báo cáo định kỳ với cùng tần suất và nhãn. Hãy dùng kỳ đó, hoặc tạo kỳ chuyên đề hay đột xuất.",
        en "This periodic period exists", "The plan has a periodic period of this frequency and label already. Use it, or make a thematic or ad hoc one.";
    PERIOD_INVALID_TRANSITION = "period.invalid_transition" => 409,
        vi "Không làm được ở trạng thái này của kỳ", "Kỳ báo cáo đang ở trạng thái không cho phép bước này. Mục current nêu trạng thái, mục allowed nêu các bước được phép.",
        en "Not possible in this state of the period", "The period is in a state that does not allow this step. The member current names the state, allowed the steps that are possible.";
    PERIOD_FROZEN = "period.frozen" => 409,
        vi "Kỳ báo cáo đã mở nên không sửa được mục này", "Đơn vị và chỉ tiêu của kỳ được chốt khi mở. Hãy thêm đơn vị bằng POST …/units, gia hạn bằng POST …/extensions.",
        en "The opened period fixes this", "Units and indicators of a period are fixed when it opens. Add a unit by POST …/units and time by POST …/extensions.";
    PERIOD_IMPLIED = "period.implied" => 409,
        vi "Kỳ báo cáo do chế độ báo cáo của kế hoạch đặt ra", "Kỳ này phát sinh từ chế độ báo cáo của kế hoạch nên không xoá được. Nếu không báo cáo kỳ này, hãy đóng kỳ kèm lý do.",
        en "The plan's rules imply this period", "This period follows from the plan's reporting rules and cannot be deleted. If it is not to be reported, close it for a reason.";
    PERIOD_LABEL_MISMATCH = "period.label_mismatch" => 422,
        vi "Ngày cuối không thuộc năm, quý hoặc tháng của nhãn", "Kỳ định kỳ phải kết thúc trong năm, quý hoặc tháng mà nhãn của kỳ nêu. Hãy sửa ends_on, hoặc chọn nhãn khác.",
        en "The last day lies outside the label", "A periodic period ends within the year, quarter or month that its label names. Mend ends_on, or choose another label.";
    EXTENSION_EARLIER = "extension.earlier" => 422,
        vi "Gia hạn phải sau hạn đang áp dụng", "Hạn mới không muộn hơn hạn đang áp dụng cho đơn vị. Hãy chọn thời điểm muộn hơn.",
        en "An extension gives time", "The new deadline is not after the one in force for the unit. Choose a later instant.";
    EXCUSAL_EXISTS = "excusal.exists" => 409,
        vi "Đơn vị đã được miễn báo cáo", "Đơn vị này đã được miễn báo cáo trong kỳ. Muốn đổi lý do, hãy bỏ miễn rồi miễn lại.",
        en "The unit is excused already", "This unit need not report in the period. To change the reason, take the excusal back and give it anew.";
    TRANSFER_ACCEPTED = "transfer.accepted" => 409,
        vi "Báo cáo của đơn vị chuyển giao đã được tiếp nhận", "Chỉ chuyển giao được chỉ tiêu khi báo cáo của đơn vị đang phụ trách chưa được tiếp nhận. Hãy mở lại báo cáo đó trước.",
        en "The report of the unit that hands over is accepted", "An indicator is handed over only while the report of the unit that owes it is not accepted. Reopen that report first.";
    TRANSFER_DUPLICATE = "transfer.duplicate" => 409,
        vi "Đơn vị nhận đã phải báo cáo chỉ tiêu này", "Đơn vị nhận đã có chỉ tiêu này trong kỳ. Không cần chuyển giao nữa.",
        en "The receiving unit owes it already", "The unit that is to receive the indicator owes it in this period already. There is nothing to hand over.";
    REPORT_EXCUSED = "report.excused" => 409,
        vi "Đơn vị được miễn báo cáo trong kỳ này", "Đơn vị đã được miễn báo cáo nên báo cáo chưa hoàn thành không gửi được. Nếu vẫn cần báo cáo, đề nghị Phòng Văn hoá - Xã hội bỏ miễn.",
        en "The unit is excused in this period", "The unit need not report, so an unfinished report cannot be submitted. If it is needed after all, ask the Culture and Social Affairs office to take the excusal back.";
    PLAN_CLOSED = "plan.closed" => 409,
        vi "Kế hoạch đã kết thúc", "Kế hoạch đã đóng nên không mở thêm kỳ báo cáo. Các kỳ đang mở vẫn hoàn thành được.",
        en "The plan is closed", "The plan is closed, so no further period of it opens. Those that are open can still be finished.";
    PERIOD_CLOSED = "period.closed" => 409,
        vi "Kỳ báo cáo đã đóng", "Kỳ này đã đóng nên không nhận báo cáo nữa. Hãy đề nghị Phòng Văn hoá - Xã hội mở lại kỳ báo cáo.",
        en "The period is closed", "This period is closed and takes no more reports. Ask the Culture and Social Affairs office to reopen it.";
    PERIOD_NOT_OPEN = "period.not_open" => 409,
        vi "Kỳ báo cáo chưa mở", "Việc này chỉ làm được khi kỳ báo cáo đã mở. Hãy mở kỳ trước, hoặc đợi đến ngày mở.",
        en "The period is not open", "This is possible only in a period that has been opened. Open it first, or wait for its opening day.";
    PERIOD_UNIT_EXISTS = "period.unit_exists" => 409,
        vi "Đơn vị đã có trong kỳ báo cáo", "Đơn vị này đã nằm trong kỳ và đã có báo cáo. Không cần thêm lần nữa.",
        en "The unit is in the period already", "This unit is in the period and has its report. There is no need to add it again.";
    REPORT_NOT_EDITABLE = "report.not_editable" => 409,
        vi "Báo cáo không còn sửa được", "Chỉ sửa được báo cáo ở trạng thái draft hoặc returned. Hãy rút lại báo cáo, hoặc đề nghị Phòng Văn hoá - Xã hội trả lại.",
        en "The report can no longer be edited", "Only a report in draft or returned can be edited. Withdraw it, or ask the Culture and Social Affairs office to return it.";
    REPORT_INVALID_TRANSITION = "report.invalid_transition" => 409,
        vi "Không làm được bước này với báo cáo", "Báo cáo đang ở trạng thái không cho phép bước này. Mục current nêu trạng thái, mục allowed nêu các bước được phép.",
        en "This step is not possible for the report", "The report is in a state that does not allow this step. The member current names the state, allowed the steps that are possible.";
    REPORT_NOT_READY = "report.not_ready" => 422,
        vi "Báo cáo chưa đủ để gửi", "Mục errors liệt kê tất cả những gì còn thiếu, giống như …/readiness. Hãy bổ sung rồi gửi lại.",
        en "The report is not ready", "The member errors lists everything that is still missing, just as …/readiness does. Complete it and submit again.";
    REPORT_HELD = "report.held" => 409,
        vi "Báo cáo đã nằm trong báo cáo tổng hợp được duyệt", "Không mở lại được báo cáo đã nằm trong báo cáo tổng hợp đã duyệt. Hãy trả báo cáo tổng hợp về dự thảo, hoặc lập báo cáo điều chỉnh.",
        en "An approved consolidated report holds it", "A report inside an approved consolidated report cannot be reopened. Reject that one to draft, or make a correcting one.";
    ROUND_UNKNOWN = "round.unknown" => 400,
        vi "Không có lượt nộp này", "Báo cáo chưa có lượt nộp (hoặc lần sửa đổi) mang số đó. Mục history của báo cáo nêu các lượt đã có.",
        en "No such round", "The report has no round (or revision) of that number. The member history of the report names those there are.";
    REVISION_UNKNOWN = "revision.unknown" => 400,
        vi "Không có lần lập này", "Kỳ báo cáo chưa có báo cáo tổng hợp mang số lần lập đó, hoặc bạn không được đọc. Danh sách báo cáo tổng hợp của kỳ nêu các lần đã có.",
        en "No such revision", "The period has no consolidated report of that revision that you may read. The list of the period's consolidated reports names those there are.";
    EFFECTIVE_FROM_ORDER = "effective_from.order" => 422,
        vi "Năm áp dụng sớm hơn phiên bản mới nhất", "Phiên bản mới phải áp dụng từ năm của phiên bản mới nhất trở đi. Hãy chọn năm muộn hơn.",
        en "The year lies before the newest version", "A new version holds from the newest one's year or a later one. Choose a later year.";
    INDICATOR_FROZEN = "indicator.frozen" => 409,
        vi "Định nghĩa của năm đã mở kỳ báo cáo không đổi được", "Kỳ báo cáo của năm đó đã mở nên định nghĩa được giữ nguyên. Mục first_free_year nêu năm sớm nhất còn đổi được.",
        en "The definition of an opened year stays", "A period of that year has been opened, so the definition stays as it was. The member first_free_year names the first year that is free.";
    INDICATOR_NOT_DUE = "indicator.not_due" => 422,
        vi "Đơn vị không phải báo cáo chỉ tiêu này", "Chỉ tiêu này không được giao cho đơn vị báo cáo trong kỳ này. Hãy bỏ dòng đó, hoặc đề nghị điều phối viên giao chỉ tiêu.",
        en "Indicator not due from this unit", "This unit does not owe this indicator in this period. Leave it out, or ask the coordinator to assign the indicator.";
    INDICATOR_MISSING = "indicator.missing" => 422,
        vi "Thiếu số liệu của chỉ tiêu", "Chỉ tiêu này đến hạn mà chưa có số tổng hoặc lý do không áp dụng. Hãy điền tử số, mẫu số, hoặc ghi lý do.",
        en "Indicator not reported", "The indicator is due and has neither a total nor a reason why it does not apply. Fill in its figures, or give the reason.";
    VALUE_NEGATIVE = "value.negative" => 422,
        vi "Số liệu không được âm", "Số người và số vụ việc không thể nhỏ hơn không. Hãy kiểm tra lại dấu trừ.",
        en "A figure cannot be negative", "People and cases cannot be fewer than none. Check for a stray minus sign.";
    VALUE_NOT_WHOLE = "value.not_whole" => 422,
        vi "Số liệu phải là số nguyên", "Chỉ tiêu này đếm người hoặc vụ việc nên tử số và mẫu số phải là số nguyên. Hãy bỏ phần thập phân.",
        en "A figure must be whole", "This indicator counts people or cases, so its figures are whole numbers. Remove the fraction.";
    VALUE_ABOVE_WHOLE = "value.numerator_above_denominator" => 422,
        vi "Tử số lớn hơn mẫu số", "Phần không thể lớn hơn toàn thể. Hãy kiểm tra lại hai số, có thể đã đổi chỗ cho nhau.",
        en "Numerator above denominator", "A part cannot be larger than its whole. Check both figures: they may have been swapped.";
    VALUE_MISSING_PART = "value.missing_part" => 422,
        vi "Thiếu tử số hoặc mẫu số", "Chỉ tiêu này cần cả tử số và mẫu số (hoặc câu trả lời). Hãy điền số còn thiếu.",
        en "Half of the figure is missing", "This indicator needs both its numerator and its denominator (or its answer). Fill in the missing one.";
    VALUE_ZERO_DENOMINATOR = "value.zero_denominator" => 422,
        vi "Mẫu số không được bằng không", "Với chỉ tiêu này mẫu số không thể bằng không. Hãy kiểm tra lại, hoặc ghi lý do không áp dụng.",
        en "Denominator cannot be zero", "For this indicator the denominator cannot be zero. Check it, or give a reason why the indicator does not apply.";
    VALUE_OUT_OF_RANGE = "value.out_of_range" => 422,
        vi "Kết quả ngoài khoảng hợp lệ", "Kết quả tính được nằm ngoài khoảng hợp lệ của chỉ tiêu. Hãy kiểm tra lại tử số và mẫu số.",
        en "Result out of range", "The computed result lies outside the indicator's valid range. Check the numerator and the denominator.";
    VALUE_UNEXPECTED = "value.unexpected" => 422,
        vi "Trường không dùng cho chỉ tiêu này", "Chỉ tiêu này không nhận trường đó (ví dụ mẫu số cho số đếm, câu trả lời cho tỷ lệ, hoặc số liệu cùng với lý do không áp dụng).",
        en "Not a field of this indicator", "This indicator does not take that field (a denominator for a count, an answer for a percentage, figures beside a reason of not applying).";
    DISAGGREGATION_UNKNOWN = "disaggregation.unknown" => 422,
        vi "Chỉ tiêu không có phân tổ này", "Chỉ tiêu không được phân tổ theo chiều đó, hoặc chiều đó không có giá trị này. Hãy xem disaggregations của chỉ tiêu.",
        en "No such disaggregation", "The indicator is not broken down by that dimension, or the dimension has no such value. See the indicator's disaggregations.";
    CELL_DUPLICATE = "observation.duplicate" => 422,
        vi "Số liệu trùng lặp", "Cùng một chỉ tiêu và phân tổ xuất hiện hai lần. Hãy giữ lại một dòng.",
        en "Duplicate figure", "The same indicator and disaggregation stand here twice. Keep one of them.";
    CELL_ABSENT = "observation.absent" => 422,
        vi "Không có số liệu để xoá", "Báo cáo không có số liệu cho chỉ tiêu và phân tổ này nên không xoá được. Hãy kiểm tra lại mã.",
        en "No figure to delete", "The report has no figure for this indicator and disaggregation, so it cannot be deleted. Check the codes.";
    EXTRA_UNKNOWN = "extra.unknown" => 422,
        vi "Thông tin bổ sung không có trong chỉ tiêu", "Chỉ tiêu này không có thông tin bổ sung mang tên đó. Hãy xem extra_inputs của chỉ tiêu.",
        en "No such extra input", "The indicator has no extra input of that name. See the indicator's extra_inputs.";
    EXTRA_INVALID = "extra.invalid" => 422,
        vi "Thông tin bổ sung không hợp lệ", "Giá trị của thông tin bổ sung không đúng kiểu mà chỉ tiêu quy định. Hãy xem extra_inputs của chỉ tiêu.",
        en "Invalid extra input", "The extra input is not of the type that the indicator states. See the indicator's extra_inputs.";
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
        vi "Giá trị khác thường", "Giá trị nằm ngoài khoảng thường gặp của chỉ tiêu. Hãy kiểm tra lại; nếu số liệu đúng, hãy giải thích ở phần ghi chú.",
        en "Unusual value", "The value lies outside what is usual for the indicator. Check it; if it is right, explain it in the note.";
    VALUE_JUMP = "value.jump" => 422,
        vi "Khác hẳn kỳ trước", "Số liệu khác hẳn kỳ trước. Hãy kiểm tra lại; nếu số liệu đúng, hãy giải thích ở phần ghi chú.",
        en "Quite unlike the last period", "The figure is quite unlike that of the last period. Check it; if it is right, explain it in the note.";
    RULE_BROKEN = "rule.broken" => 422,
        vi "Các số liệu không khớp nhau", "Các số liệu trong báo cáo không thoả quy tắc của kế hoạch. Hãy kiểm tra lại từng số; nếu đúng, hãy giải thích ở phần ghi chú.",
        en "Figures do not agree", "Figures of the report break a rule of the plan that ties them together. Check each; if they are right, explain it in a note.";
    NARRATIVE_MISSING = "narrative.missing" => 422,
        vi "Thiếu phần kết quả", "Đơn vị không phải báo cáo chỉ tiêu nào nên báo cáo năm phải có phần kết quả. Hãy ghi phần kết quả rồi gửi.",
        en "Results not described", "The unit owes no figure, so its annual report consists of its results in words. Write the results, then submit.";
    ANSWER_MISSING = "answer.missing" => 422,
        vi "Thiếu câu trả lời bắt buộc", "Câu hỏi này bắt buộc trả lời. Hãy trả lời rồi gửi.",
        en "A required answer is missing", "This question must be answered. Answer it, then submit.";
    ESTIMATE_USED = "value.estimate" => 422,
        vi "Số liệu ước thực hiện", "Số liệu này là số ước. Hãy cập nhật số chính thức khi có, bằng cách đề nghị mở lại báo cáo.",
        en "An estimate is used", "This figure is an estimate. Give the final one when it is known, by asking for the report to be reopened.";
    NARRATIVE_EMPTY = "narrative.empty" => 422,
        vi "Báo cáo chưa có phần lời", "Báo cáo chưa có phần lời nào (chỉ đạo, kết quả, khó khăn, kiến nghị). Báo cáo vẫn gửi được nhưng nên ghi ít nhất phần kết quả.",
        en "The report says nothing in words", "No part of the narrative is written. The report can be submitted, but say at least what the results were.";

    // Consolidated reports.
    CONSOLIDATED_EXISTS = "consolidated_report.exists" => 409,
        vi "Kỳ này đã có báo cáo tổng hợp", "Đã có báo cáo tổng hợp đang lập, đã duyệt hoặc đã gửi cho kỳ này. Hãy dùng báo cáo đó, hoặc nêu reason để lập báo cáo điều chỉnh.",
        en "The period has a consolidated report", "A consolidated report for this period is in draft, approved or sent. Use it, or give a reason to make a correcting one.";
    CONSOLIDATED_INVALID_TRANSITION = "consolidated_report.invalid_transition" => 409,
        vi "Không làm được bước này với báo cáo tổng hợp", "Báo cáo tổng hợp đang ở trạng thái không cho phép bước này. Mục current nêu trạng thái, mục allowed nêu các bước được phép.",
        en "This step is not possible for the consolidated report", "It is in a state that does not allow this step. The member current names the state, allowed the steps that are possible.";
    CONSOLIDATED_NOT_EDITABLE = "consolidated_report.not_editable" => 409,
        vi "Báo cáo tổng hợp không còn sửa được", "Chỉ sửa hoặc xoá được báo cáo tổng hợp ở dự thảo; số và ngày văn bản đặt được từ khi duyệt. Hãy từ chối duyệt để đưa về dự thảo.",
        en "The consolidated report can no longer be edited", "Only a draft can be edited or deleted; the document's number and date can be set once it is approved. Reject it back to draft first.";
    CONSOLIDATED_STALE = "consolidated_report.stale" => 409,
        vi "Báo cáo tổng hợp đã cũ so với số liệu", "Có báo cáo được tiếp nhận hoặc mở lại sau khi tổng hợp. Hãy gọi refresh để tính lại rồi mới duyệt.",
        en "The consolidated report is stale", "A report was accepted or reopened after this was computed. Refresh it first, then approve.";
    CONSOLIDATED_UNRESOLVED = "consolidated_report.unresolved" => 409,
        vi "Còn số liệu mâu thuẫn chưa chọn", "Hai đơn vị cho số liệu khác nhau của một chỉ tiêu chỉ lấy một nguồn. Hãy PATCH resolutions để chọn số của đơn vị nào.",
        en "Conflicting figures are unresolved", "Two units gave different figures for a single-source indicator. PATCH resolutions to say whose figure counts.";

    // Accounts.
    USER_IN_USE = "user.in_use" => 409,
        vi "Tài khoản đã có hoạt động", "Tài khoản đã từng thực hiện công việc nên không xoá được để giữ lịch sử. Hãy đặt active là false.",
        en "The account has acted", "The account has done something, so it is kept for the record. Set active to false in place of deleting it.";
    CLIENT_IN_USE = "client.in_use" => 409,
        vi "Tài khoản máy đã có hoạt động", "Tài khoản máy đã từng thực hiện công việc nên không xoá được. Hãy đặt active là false.",
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
        vi "Tài khoản phải còn ít nhất một quyền", "Tài khoản không có quyền nào thì không ai dưới cấp cả nước quản lý được. Hãy ghi ít nhất một quyền trong grants; muốn ngừng dùng tài khoản, hãy đặt active là false.",
        en "An account keeps at least one grant", "An account without a grant is managed by nobody below the country. Name at least one in grants; to put the account out of use, set active to false.";
    LAST_ADMIN = "user.last_admin" => 409,
        vi "Đây là quản trị viên cuối cùng", "Không thể khoá hoặc bỏ quyền quản trị viên cuối cùng còn hoạt động. Hãy cấp quyền cho người khác trước.",
        en "The last administrator", "The last active administrator cannot be disabled or lose the role. Give it to somebody else first.";

    // The second factor of signing in.
    TOTP_REQUIRED = "totp.required" => 401,
        vi "Cần mã xác thực", "Tài khoản này dùng xác thực hai bước. Hãy gửi lại kèm totp: sáu chữ số trên ứng dụng xác thực, hoặc một mã khôi phục.",
        en "Code of the second factor needed", "This account signs in with a second factor. Send totp as well: the six digits of the app, or a recovery code.";
    TOTP_INVALID = "totp.invalid" => 401,
        vi "Mã xác thực không đúng", "Mã xác thực sai, hết hạn hoặc đã dùng rồi; mỗi mã chỉ dùng một lần. Hãy đợi mã tiếp theo và kiểm tra giờ của điện thoại.",
        en "Code of the second factor wrong", "The code is wrong, too old or was used already; each is good once. Wait for the next one and check the telephone's clock.";
    TOTP_WRONG = "totp.wrong" => 422,
        vi "Mã xác thực không đúng", "Mã không khớp hoặc đã dùng rồi nên chưa có gì thay đổi. Hãy đợi mã tiếp theo trên ứng dụng và kiểm tra giờ của điện thoại.",
        en "Code wrong", "The code does not fit or was used already, so nothing was changed. Wait for the app's next one and check the telephone's clock.";
    TOTP_ENABLED = "totp.enabled" => 409,
        vi "Đã bật xác thực hai bước", "Tài khoản này đã có xác thực hai bước. Hãy bỏ cái cũ bằng DELETE /api/v1/me/totp trước khi thiết lập cái mới.",
        en "Second factor in use", "This account has a second factor already. Take it away by DELETE /api/v1/me/totp before setting up another.";
    TOTP_NOT_ENABLED = "totp.not_enabled" => 409,
        vi "Chưa có xác thực hai bước", "Tài khoản này chưa thiết lập xác thực hai bước. Hãy bắt đầu bằng POST /api/v1/me/totp rồi xác nhận bằng mã đầu tiên.",
        en "No second factor", "This account has no second factor. Begin by POST /api/v1/me/totp, then confirm it by the first code.";
    TOTP_SETUP_REQUIRED = "totp.setup_required" => 403,
        vi "Phải thiết lập xác thực hai bước", "Vai trò này phải dùng xác thực hai bước. Hãy thiết lập tại POST /api/v1/me/totp, xác nhận bằng mã đầu tiên rồi làm tiếp.",
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
            assert!(code.cure_en.split_whitespace().count() >= 8, "{} hardly explains its cure", code.code);
        }
    }
}
