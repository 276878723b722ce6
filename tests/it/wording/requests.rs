//! Wrong requests of people who work with the service, in the order of a ward's year, with what they are told. What is kept in
//! `answers.txt` is to be read as a clerk would read it: does he know what to do?
//!
//! After a change that is meant: `RENEW_ANSWERS=1 tests/run -E 'test(/wrong_requests/)'`.

use super::table::Table;
use crate::house::json::{bi, text, with};
use crate::house::steps::{self, Period, Report, answer, cell, in_days, not_applicable, part};
use crate::house::{NOBODY, PLAN, TestApp, WARD};
use serde_json::{Value, json};

on_both![wrong_requests_are_answered_helpfully];

async fn wrong_requests_are_answered_helpfully(app: TestApp) {
    let mut table = Table::default();
    before_any_room(&app, &mut table).await;
    bodies(&app, &mut table).await;
    references(&app, &mut table).await;
    cells(&app, &mut table).await;
    unready(&app, &mut table).await;
    steps_of_reports(&app, &mut table).await;
    periods(&app, &mut table).await;
    handing_over(&app, &mut table).await;
    consolidation(&app, &mut table).await;
    plan(&app, &mut table).await;
    accounts(&app, &mut table).await;
    table.check(60);
}

async fn before_any_room(app: &TestApp, table: &mut Table) {
    let (public, u5) = (app.anonymous(), app.reporter("U5").await);
    table.add("Chưa đăng nhập mà xem báo cáo", &public.get("/reports").await);
    let wrong = json!({"username": "t-reporter-U5", "password": "sai-mat-khau"});
    table.add("Đăng nhập sai mật khẩu", &public.post("/auth/login", &wrong).await);
    let stale = public.call("GET", "/reports").header("Authorization", "Bearer sai").send().await;
    table.add("Mã truy cập không đúng", &stale);
    table.add("Địa chỉ không có", &public.call("GET", "/nothing").unchecked().send().await);
    table.add("Phương thức không có", &public.call("PUT", "/goals").unchecked().send().await);
    table.add("Tham số lạ", &public.get("/goals?foo=1").await);
    table.add("Giới hạn trang bằng 0", &public.get("/goals?limit=0").await);
    table.add("Giá trị lọc không có", &u5.get("/reports?status=nháp").await);
    table.add("Sắp xếp theo mục không có", &public.get("/goals?sort=mau").await);
    table.add("Con trỏ trang bịa", &public.get("/goals?cursor=abc").await);
    table.add("Hai tham số sai", &public.get("/goals?limit=x&include_total=có").await);
    let accept = public.call("GET", "/goals").header("Accept", "image/png").send().await;
    table.add("Yêu cầu định dạng không có", &accept);
    table.add("Người báo cáo tạo mục tiêu", &u5.post("/goals", &json!({})).await);
    let key = u5.call("POST", "/me/totp").header("Idempotency-Key", "có dấu cách").json(&json!({})).send().await;
    table.add("Khoá lặp lại không hợp lệ", &key);
    let origin = public.call("OPTIONS", "/goals").header("Origin", "http://localhost:5173");
    let preflight = origin.header("Access-Control-Request-Method", "GET").unchecked().send().await;
    table.add("Trang web lạ gọi từ trình duyệt", &preflight);
}

async fn bodies(app: &TestApp, table: &mut Table) {
    let by = app.coordinator().await;
    table.add("Không có nội dung", &by.call("POST", "/goals").send().await);
    table.add("JSON thiếu dấu ngoặc", &by.call("POST", "/goals").raw("application/json", "{\"code\": \"G9\",\n \"ordinal\"").send().await);
    table.add("Gửi dạng biểu mẫu", &by.call("POST", "/goals").raw("text/plain", "code=G9").send().await);
    let goal = json!({"plan": PLAN, "code": "G9", "ordinal": 9, "letter": "i", "field": bi("Khác", "Other"), "title": bi("Khác", "Other")});
    let mut short = goal.clone();
    short.as_object_mut().expect("an object").remove("title");
    table.add("Thiếu tiêu đề của mục tiêu", &by.post("/goals", &short).await);
    table.add("Mục lạ", &by.post("/goals", &with(&goal, &json!({"mau_sac": "đỏ"}))).await);
    table.add("Chữ thay cho số", &by.post("/goals", &with(&goal, &json!({"ordinal": "chín"}))).await);
    table.add("Mã có dấu cách", &by.post("/goals", &with(&goal, &json!({"code": "mục 9"}))).await);
    table.add("Nhiều lỗi một lúc", &by.post("/goals", &json!({"plan": 5, "code": "", "ordinal": 9.5, "x": 1})).await);
    table.add("Mã đã dùng", &by.post("/goals", &with(&goal, &json!({"code": "G1"}))).await);
    let path = format!("/goals/{}", text(&by.by_code("/goals", "G1").await, "id"));
    table.add("Sửa mà không có If-Match", &by.call("PATCH", &path).json(&json!({"letter": "z"})).send().await);
    let stale = by.call("PATCH", &path).if_match("\"99\"").json(&json!({"letter": "z"})).send().await;
    table.add("Sửa bản đã cũ", &stale);
    table.add("Đổi kế hoạch của mục tiêu", &by.patch(&path, &json!({"plan": "KH-KHAC"})).await);
    table.add("Xoá mục tiêu còn dùng", &by.delete(&path).await);
    let task = json!({"plan": PLAN, "code": "N9", "kind": "viec", "text": bi("Việc", "Task")});
    table.add("Loại nhiệm vụ không có", &by.post("/tasks", &task).await);
    let days = with(&task, &json!({"kind": "task", "starts_on": "2027-05-02", "due_on": "2027-05-01"}));
    table.add("Hoàn thành trước khi bắt đầu", &by.post("/tasks", &days).await);
    table.add("Ngày không có thật", &by.post("/tasks", &with(&days, &json!({"due_on": "2027-02-30"}))).await);
}

async fn references(app: &TestApp, table: &mut Table) {
    let by = app.coordinator().await;
    table.add(
        "Kế hoạch không có",
        &by.post(
            "/goals",
            &json!({"plan": "KH-9", "code": "G9", "ordinal": 9, "letter": "i",
        "field": bi("a", "a"), "title": bi("a", "a")}),
        )
        .await,
    );
    table.add("Lọc theo chỉ tiêu không có", &by.get(&format!("/tasks?plan={PLAN}&indicator=9.9")).await);
    table.add("Mã địa bàn không có", &by.get("/plans?jurisdiction=99999").await);
    table.add("Báo cáo không có", &by.get(&format!("/reports/{NOBODY}")).await);
    table.add("Dùng mã hiệu trong địa chỉ", &by.get("/units/U5").await);
    let period = steps::body(&["U5", "U99"], &["4.1", "9.9"], 600);
    table.add("Kỳ báo cáo với đơn vị và chỉ tiêu không có", &by.post("/reporting-periods", &period).await);
}

async fn cells(app: &TestApp, table: &mut Table) {
    let period = Period::ad_hoc(app, &["U5", "U7", "U1", "U2"], &["4.1", "4.2", "5.1", "5.2a", "1.1", "3.1"]).await;
    let (u5, u7, u1) = (period.report("U5").await, period.report("U7").await, period.report("U1").await);
    let (by5, by7, by1) = (u5.reporter().await, u7.reporter().await, u1.reporter().await);
    table.add("Số âm", &u5.try_fill(&by5, &[cell("4.2", -1, 100)]).await);
    table.add("Số lẻ", &u5.try_fill(&by5, &[json!({"indicator": "4.2", "numerator": 1.5, "denominator": 100})]).await);
    table.add("Tử số lớn hơn mẫu số", &u1.try_fill(&by1, &[cell("1.1", 9, 4)]).await);
    table.add("Mẫu số bằng 0", &u1.try_fill(&by1, &[cell("1.1", 0, 0)]).await);
    table.add("Chỉ tiêu của đơn vị khác", &u5.try_fill(&by5, &[cell("1.1", 1, 4)]).await);
    table.add("Chỉ tiêu không có trong kế hoạch", &u5.try_fill(&by5, &[cell("9.9", 1, 4)]).await);
    table.add("Hai dòng như nhau", &u5.try_fill(&by5, &[cell("4.1", 109, 100), cell("4.1", 110, 100)]).await);
    table.add("Xoá số liệu chưa có", &u5.try_fill(&by5, &[json!({"indicator": "4.1", "delete": true})]).await);
    table.add("Giá trị phân tổ viết bằng tiếng Việt", &u7.try_fill(&by7, &[part("5.2a", "sex", "nữ", 40, 50)]).await);
    table.add("Phân tổ không có", &u7.try_fill(&by7, &[part("5.2a", "dan_toc", "kinh", 40, 50)]).await);
    table.add("Trả lời có cho một tỷ lệ", &u7.try_fill(&by7, &[answer("5.2a", true)]).await);
    let both = with(&not_applicable("5.2a", "Trường chưa có lớp 5"), &json!({"numerator": 1, "denominator": 2}));
    table.add("Số liệu cùng lý do không áp dụng", &u7.try_fill(&by7, &[both]).await);
    let extra = |value: Value| with(&cell("3.1", 2, 1), &json!({"extra": value}));
    table.add("Thông tin bổ sung lạ", &u1.try_fill(&by1, &[extra(json!({"co_mau": 5}))]).await);
    table.add("Cỡ mẫu bằng chữ", &u1.try_fill(&by1, &[extra(json!({"sample_size": "nhiều"}))]).await);
    table.add("Quá nhiều chữ số thập phân", &u1.try_fill(&by1, &[json!({"indicator": "3.1", "numerator": 1.23456})]).await);
    table.add("Số liệu của đơn vị khác", &u5.try_fill(&app.coordinator().await, &[cell("4.1", 1, 1)]).await);
}

async fn unready(app: &TestApp, table: &mut Table) {
    let period = Period::ad_hoc(app, &["U5", "U7"], &["4.1", "4.2", "5.1", "5.2a"]).await;
    let (u5, u7) = (period.report("U5").await, period.report("U7").await);
    table.add("Gửi báo cáo trống", &u5.reporter().await.act(&u5.path, "submit", &json!({})).await);
    u5.fill(&[cell("4.1", 109, 100), json!({"indicator": "4.2", "numerator": 0})]).await;
    table.add("Gửi khi thiếu mẫu số", &u5.reporter().await.act(&u5.path, "submit", &json!({})).await);
    u7.fill(&[cell("5.2a", 90, 100), part("5.2a", "sex", "female", 40, 50), part("5.2a", "sex", "male", 45, 50)]).await;
    table.add("Gửi khi nam và nữ không cộng thành tổng", &u7.reporter().await.act(&u7.path, "submit", &json!({})).await);
    u7.fill(&[part("5.2a", "sex", "female", 95, 50)]).await;
    table.add("Gửi khi một phần lớn hơn tổng", &u7.reporter().await.act(&u7.path, "submit", &json!({})).await);
    table.add_actions("Đơn vị xem báo cáo chưa đủ số liệu:", &u7.reporter().await, &u7.path).await;
}

async fn steps_of_reports(app: &TestApp, table: &mut Table) {
    let by = app.coordinator().await;
    for (status, step) in
        [("draft", "accept"), ("submitted", "reopen"), ("returned", "accept"), ("accepted", "return"), ("consolidated", "reopen")]
    {
        let report = Report::in_status(app, status).await;
        let what = format!("Báo cáo «{status}», bước «{step}»");
        let reason = if step == "accept" { json!({}) } else { json!({"reason": "Xem lại"}) };
        table.add(&what, &by.act(&report.path, step, &reason).await);
        let unit = report.reporter().await;
        if !["draft", "returned"].contains(&status) {
            table.add(&format!("Sửa báo cáo «{status}»"), &report.try_fill(&unit, &[cell("4.1", 1, 1)]).await);
        }
        table.add_actions(&format!("Đơn vị xem báo cáo «{status}»:"), &unit, &report.path).await;
        table.add_actions(&format!("Điều phối viên xem báo cáo «{status}»:"), &by, &report.path).await;
    }
    let report = Report::in_status(app, "submitted").await;
    table.add("Trả lại mà không nêu lý do", &by.act(&report.path, "return", &json!({})).await);
    table.add("Giám sát tiếp nhận báo cáo", &app.supervisor().await.act(&report.path, "accept", &json!({})).await);
    table.add("Lượt nộp không có", &by.get(&format!("{}?revision=7", report.path)).await);
}

async fn periods(app: &TestApp, table: &mut Table) {
    let by = app.coordinator().await;
    let period = Period::ad_hoc(app, &["U5", "U6"], &["4.1", "3.3"]).await;
    table.add("Mở kỳ đang mở", &by.act(&period.path, "open", &json!({})).await);
    table.add("Đổi nhãn của kỳ đã mở", &by.patch(&period.path, &json!({"label": "DX-MOI"})).await);
    table.add("Đổi đơn vị của kỳ đã mở", &by.patch(&period.path, &json!({"units": ["U5"]})).await);
    table.add("Đổi hạn nộp không nêu lý do", &by.patch(&period.path, &json!({"due_at": in_days(40)})).await);
    table.add("Xoá kỳ đã mở", &by.delete(&period.path).await);
    let early = json!({"unit": "U5", "due_at": "2026-01-01T00:00:00Z", "reason": "Bão"});
    table.add("Gia hạn sớm hơn hạn", &by.post(&format!("{}/extensions", period.path), &early).await);
    let absent = json!({"unit": "U3", "due_at": in_days(90), "reason": "Bão"});
    table.add("Gia hạn cho đơn vị không có trong kỳ", &by.post(&format!("{}/extensions", period.path), &absent).await);
    table.add("Thêm đơn vị đã có", &by.post(&format!("{}/units", period.path), &json!({"unit": "U5"})).await);
    let report = period.report("U5").await;
    report.fill(&[cell("4.1", 109, 100)]).await;
    period.close().await;
    table.add("Gửi khi kỳ đã đóng", &report.reporter().await.act(&report.path, "submit", &json!({})).await);
    let late = json!({"unit": "U5", "due_at": in_days(90), "reason": "Bão"});
    table.add("Gia hạn khi kỳ đã đóng", &by.post(&format!("{}/extensions", period.path), &late).await);
    table.add_actions("Điều phối viên xem kỳ đã đóng:", &by, &period.path).await;
    let made = with(&steps::body(&["U5"], &["4.1"], 600), &json!({"kind": "periodic", "frequency": "annual", "label": "2030-Q1"}));
    table.add("Nhãn không hợp với tần suất", &by.post("/reporting-periods", &made).await);
    let beyond = with(&made, &json!({"label": "2029"}));
    table.add("Ngày cuối không thuộc năm của nhãn", &by.post("/reporting-periods", &beyond).await);
    table.add("Kỳ không nêu kế hoạch", &by.post("/reporting-periods", &json!({"kind": "thematic", "label": "CD"})).await);
}

async fn handing_over(app: &TestApp, table: &mut Table) {
    let by = app.coordinator().await;
    let period = Period::ad_hoc(app, &["U5", "U6"], &["4.1", "3.3"]).await;
    let (transfers, excusals) = (format!("{}/transfers", period.path), format!("{}/excusals", period.path));
    let hand = |changes: Value| with(&json!({"indicator": "4.1", "to_unit": "U6", "reason": "Sáp nhập"}), &changes);
    table.add("Chuyển giao không nêu đơn vị chuyển", &by.post(&transfers, &hand(json!({}))).await);
    table.add("Chuyển giao cho đơn vị đang phụ trách", &by.post(&transfers, &hand(json!({"from_unit": "U5", "to_unit": "U5"}))).await);
    table.add("Chuyển giao không nêu lý do", &by.post(&transfers, &json!({"indicator": "4.1", "from_unit": "U5", "to_unit": "U6"})).await);
    let report = period.deliver("U5", &[cell("4.1", 109, 100)]).await;
    table.add("Chuyển giao khi báo cáo đã tiếp nhận", &by.post(&transfers, &hand(json!({"from_unit": "U5"}))).await);
    by.post(&excusals, &json!({"unit": "U6", "reason": "Sáp nhập"})).await.with_status(201);
    table.add("Miễn báo cáo hai lần", &by.post(&excusals, &json!({"unit": "U6", "reason": "Sáp nhập"})).await);
    let u6 = period.report("U6").await;
    u6.fill(&[not_applicable("3.3", "Không có")]).await;
    table.add("Đơn vị được miễn vẫn gửi", &u6.reporter().await.act(&u6.path, "submit", &json!({})).await);
    let draft = period.consolidate().await;
    draft.approve().await;
    table.add("Mở lại báo cáo trong báo cáo tổng hợp đã duyệt", &by.act(&report.path, "reopen", &json!({"reason": "Sai"})).await);
    table.add("Chuyển giao khi báo cáo tổng hợp đã duyệt", &by.post(&transfers, &hand(json!({"from_unit": "U5"}))).await);
}

async fn consolidation(app: &TestApp, table: &mut Table) {
    let (by, leader, province) = (app.coordinator().await, app.leader().await, app.province_machine().await);
    let period = Period::ad_hoc(app, &["U5"], &["4.1"]).await;
    period.deliver("U5", &[cell("4.1", 109, 100)]).await;
    let draft = period.consolidate().await;
    let again = json!({"period": period.id});
    table.add("Lập báo cáo tổng hợp lần nữa", &by.post("/consolidated-reports", &again).await);
    table.add("Gửi báo cáo tổng hợp chưa duyệt", &draft.try_step(&by, "send", &json!({})).await);
    table.add("Điều phối viên tự duyệt", &draft.try_step(&by, "approve", &json!({})).await);
    table.add("Ghi số văn bản khi còn dự thảo", &by.patch(&draft.path, &json!({"document_number": "12/BC-UBND"})).await);
    let unneeded = json!({"resolutions": [{"indicator": "4.1", "unit": "U5", "reason": "Chọn"}]});
    table.add("Chọn nguồn cho chỉ tiêu cộng dồn", &by.patch(&draft.path, &unneeded).await);
    let report = period.report("U5").await;
    report.reopen("Nhầm").await;
    table.add("Duyệt khi số liệu đã thay đổi", &draft.try_step(&leader, "approve", &json!({})).await);
    report.submit(&[]).await;
    report.accept().await;
    draft.try_step(&by, "refresh", &json!({})).await.with_status(200);
    draft.approve().await;
    table.add("Sửa nội dung đã duyệt", &by.patch(&draft.path, &json!({"narrative": {"results": "x"}})).await);
    table.add_actions("Lãnh đạo xem báo cáo tổng hợp đã duyệt:", &leader, &draft.path).await;
    draft.try_step(&by, "send", &json!({})).await.with_status(200);
    table.add("Lập lại mà không nêu lý do", &by.post("/consolidated-reports", &again).await);
    table.add("Từ chối báo cáo đã gửi", &draft.try_step(&leader, "reject", &json!({"reason": "Sai"})).await);
    draft.try_step(&province, "acknowledge", &json!({})).await.with_status(200);
    table.add("Sở trả lại báo cáo đã tiếp nhận", &draft.try_step(&province, "return", &json!({"reason": "Sai"})).await);
    table.add_actions("Điều phối viên xem báo cáo tổng hợp đã được tiếp nhận:", &by, &draft.path).await;
    let planned = by.items("/reporting-periods", &[("plan", PLAN), ("label", "2030")]).await;
    table.add("Tổng hợp kỳ chưa mở", &by.post("/consolidated-reports", &json!({"period": planned[0]["id"]})).await);
}

async fn plan(app: &TestApp, table: &mut Table) {
    let by = app.coordinator().await;
    let path = format!("/plans/{}", text(&by.by_code("/plans", PLAN).await, "id"));
    table.add("Đưa kế hoạch về dự thảo", &by.patch(&path, &json!({"status": "draft"})).await);
    table.add("Xoá kế hoạch đang dùng", &by.delete(&path).await);
    let indicator = format!("/indicators/{}", text(&by.by_code("/indicators", "4.1").await, "id"));
    let sooner = json!({"tolerance": 1, "effective_from": 2025});
    table.add("Định nghĩa mới cho năm ngoài kế hoạch", &by.patch(&indicator, &sooner).await);
    table.add("Khoảng hợp lệ đảo ngược", &by.patch(&indicator, &json!({"valid_min": 10, "valid_max": 1})).await);
    table.add("Xoá chỉ tiêu đang dùng", &by.delete(&indicator).await);
    let unit = format!("/units/{}", text(&by.by_code("/units", "U5").await, "id"));
    table.add("Xoá đơn vị đang dùng", &by.delete(&unit).await);
    table.add("Đơn vị thuộc đơn vị không phải nhóm", &by.patch(&unit, &json!({"parent": "U1"})).await);
    let split = json!({"plan": PLAN, "code": "mau", "name": bi("Màu", "Colour"),
        "values": [{"code": "do", "name": bi("Đỏ", "Red")}, {"code": "do", "name": bi("Đỏ", "Red")}]});
    table.add("Hai giá trị phân tổ như nhau", &by.post("/disaggregations", &split).await);
    table.add_actions("Công chúng xem chỉ tiêu:", &app.anonymous(), &indicator).await;
    table.add_actions("Điều phối viên xem kế hoạch:", &by, &path).await;
    let admin = app.admin().await;
    let ward = json!({"code": "98001", "name": bi("Phường", "Ward"), "level": "commune", "kind": "province", "parent": WARD});
    table.add("Địa bàn sai loại và sai cấp trên", &admin.post("/jurisdictions", &ward).await);
}

async fn accounts(app: &TestApp, table: &mut Table) {
    let admin = app.admin().await;
    let person = |changes: Value| {
        let grant = json!({"role": "reporter", "jurisdiction": WARD, "unit": "U5"});
        with(&json!({"username": "chi.lan", "display_name": "Lan", "grants": [grant]}), &changes)
    };
    admin.post("/users", &person(json!({}))).await.with_status(201);
    table.add("Tên đăng nhập đã có", &admin.post("/users", &person(json!({}))).await);
    table.add("Tài khoản không có quyền", &admin.post("/users", &person(json!({"username": "b", "grants": []}))).await);
    let nowhere = json!([{"role": "reporter", "jurisdiction": WARD, "unit": "U99"}]);
    table.add("Quyền cho đơn vị không có", &admin.post("/users", &person(json!({"username": "c", "grants": nowhere}))).await);
    let mayor = json!([{"role": "chủ tịch", "jurisdiction": WARD}]);
    table.add("Vai trò không có", &admin.post("/users", &person(json!({"username": "d", "grants": mayor}))).await);
    let u5 = app.reporter("U5").await;
    let weak = json!({"current_password": "sai", "new_password": "123456"});
    table.add("Đổi mật khẩu quá yếu", &u5.call("PUT", "/me/password").json(&weak).send().await);
    table.add("Tắt xác thực hai bước chưa bật", &u5.call("DELETE", "/me/totp").json(&json!({"code": "123456"})).send().await);
}
