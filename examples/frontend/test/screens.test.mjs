// Drives the three screens as people would, against a service with demonstration data (BINHDANG_API) that allows the
// origin http://localhost:$BINHDANG_FRONTEND_PORT.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { pictures, withPage } from "./chromium.mjs";
import { serve } from "./serve.mjs";

const api = process.env.BINHDANG_API ?? "http://127.0.0.1:8080";
const port = Number(process.env.BINHDANG_FRONTEND_PORT ?? 5173);
const home = `http://localhost:${port}/`;
const PASSWORD = "so-lieu-minh-hoa";
const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

let server;
before(async () => (server = await serve(new URL("../dist/", import.meta.url), port)));
after(() => server.close());

const told = (page) => page.locator("#told");

async function signIn(page, username, password = PASSWORD) {
  await page.getByLabel("Tên đăng nhập").fill(username);
  await page.keyboard.press("Tab");
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
}

/** What is downloaded by a click. */
async function downloaded(page, button) {
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
}

/** The same as somebody else at another desk: straight to the API. */
async function ask(method, path, token, body, headers = {}) {
  const answer = await fetch(api + path, {
    method,
    headers: { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }), ...headers },
    body: body && JSON.stringify(body),
  });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer;
}

test("everybody reads what was published, in two calls", () => withPage(api, async (page, watch) => {
  await page.goto(home);
  await page.getByRole("heading", { name: "Kết quả thực hiện năm 2026" }).waitFor();
  assert.deepEqual(watch.calls(), ["GET /api/v1/progress", "GET /api/v1/plans/{id}/outline"]);
  assert.equal(await page.getByRole("heading", { level: 2 }).count(), 6);
  assert.equal(await page.locator("tr.group").count(), 18);
  const row = (code) => page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: new RegExp(`^${code.replace(".", "\\.")}\\. `) }) });
  const text = async (code) => (await row(code).innerText()).replace(/\s+/g, " ");
  assert.match(await text("1.1"), /60,53% từ 70% trở lên Chưa đạt – 1\/1/);
  assert.match(await text("3.2a"), /Không công bố: số nhỏ.*Không công bố/);
  assert.match(await text("5.2b"), /Nữ: 98,82% Nam: 98,88% 4\/4/);
  assert.match(await text("5.1"), /Có Có Đạt/);
  assert.match(await text("6.4"), /90% số tháng duy trì 100% số tháng Chưa đạt/);
  await pictures(page, "dashboard");

  // Figures are offered as what the service's document names.
  await page.getByText("Tải số liệu về máy").click();
  const csv = page.getByRole("button", { name: "Số liệu của các đơn vị (CSV)" });
  await csv.waitFor();
  const { paths } = await (await fetch(`${api}/openapi.json`)).json();
  const named = ["/api/v1/observations", "/api/v1/progress"].flatMap((path) =>
    Object.keys(paths[path].get.responses[200].content).filter((type) => type === "text/csv" || type === XLSX));
  assert.equal(await page.locator(".export button").count(), named.length);
  await pictures(page, "dashboard-export");
  const file = await downloaded(page, csv);
  assert.equal(file.name, "observations.csv");
  assert.match(file.text, /^\uFEFFMã số liệu;Kế hoạch;/);
  assert.match(file.text, /;2026;5\.2b;.*;"98,8/);
  await told(page).filter({ hasText: "Đã tải tệp observations.csv." }).waitFor();

  // A service whose document names a workbook as well.
  await page.route("**/openapi.json", (route) => route.fulfill({
    json: { paths: { "/api/v1/observations": { get: { responses: { 200: { content: { "text/csv": {}, [XLSX]: {} } } } } } } },
    headers: { "Access-Control-Allow-Origin": new URL(home).origin },
  }), { times: 1 });
  await page.route("**/api/v1/observations?*format=xlsx", (route) => route.fulfill({
    status: 200, contentType: XLSX, body: "a workbook",
    headers: { "Access-Control-Allow-Origin": new URL(home).origin, "Access-Control-Expose-Headers": "Content-Disposition", "Content-Disposition": 'attachment; filename="observations.xlsx"' },
  }), { times: 1 });
  await page.reload();
  await page.getByText("Tải số liệu về máy").click();
  const workbook = await downloaded(page, page.getByRole("button", { name: "Số liệu của các đơn vị (Excel)" }));
  assert.deepEqual(workbook, { name: "observations.xlsx", text: "a workbook" });
}));

test("a school fills in, corrects and submits its form", () => withPage(api, async (page, watch) => {
  await page.goto(home);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await signIn(page, "thcs", "sai-mat-khau");
  await told(page).filter({ hasText: /mật khẩu/i }).waitFor();
  watch.expectRefused("401 POST /api/v1/auth/login");
  await pictures(page, "sign-in-refused");

  watch.calls();
  await signIn(page, "thcs");
  await page.getByRole("heading", { name: "Báo cáo năm 2027" }).waitFor();
  assert.deepEqual(watch.calls().slice(2), ["GET /api/v1/reports", "GET /api/v1/reports/{id}/form"]);
  await pictures(page, "form");

  const item = (code) => page.getByRole("group", { name: new RegExp(`^${code.replace(".", "\\.")}\\. `) });
  const graduates = (part) => item("5.2b").getByLabel(new RegExp(`^Số học sinh tốt nghiệp.*: ${part}$`));
  const intake = (part) => item("5.2b").getByLabel(new RegExp(`^Số học sinh lớp 6.*: ${part}$`));
  const save = page.getByRole("button", { name: "Lưu" });
  const saved = async () => {
    await save.click();
    await told(page).filter({ hasText: "Đã lưu báo cáo." }).waitFor();
  };

  // What is no number the page says itself; what breaks a rule the service says, and the page puts it beside the field.
  await intake("Tổng số").fill("1.780");
  await save.click();
  await item("5.2b").getByText("không có dấu phân cách hàng nghìn").waitFor();
  await intake("Tổng số").fill("178");
  await graduates("Tổng số").fill("176");
  await graduates("Nữ").fill("86,5");
  await intake("Nữ").fill("87");
  await save.click();
  await item("5.2b").locator(".fault").waitFor();
  watch.expectRefused("422 PATCH /api/v1/reports/{id}/observations");
  assert.equal(await item("5.2b").locator(".fault").count(), 1);
  assert.match(await item("5.2b").locator(".fault").innerText(), /86,5/);
  assert.equal(await graduates("Nữ").getAttribute("aria-invalid"), "true");
  assert.ok(await graduates("Nữ").evaluate((field) => field === document.activeElement));
  await pictures(page, "form-fault");

  await graduates("Nữ").fill("86");
  await item("5.2a").getByLabel(/^Lý do không áp dụng/).fill("Trường không có cấp tiểu học.");
  watch.calls();
  await saved();
  assert.deepEqual(watch.calls(), ["PATCH /api/v1/reports/{id}/observations", "GET /api/v1/reports/{id}/form"]);

  // A reload signs nobody out, and shows what was saved.
  await page.reload();
  await page.getByRole("heading", { name: "Báo cáo năm 2027" }).waitFor();
  assert.deepEqual(watch.calls(), ["POST /api/v1/auth/refresh", "GET /api/v1/me", "GET /api/v1/reports", "GET /api/v1/reports/{id}/form"]);
  assert.equal(await graduates("Nữ").inputValue(), "86");

  // Somebody else writes meanwhile: nothing is overwritten, what was typed is still there.
  const { access_token } = await (await ask("POST", "/api/v1/auth/login", null, { username: "thcs", password: PASSWORD })).json();
  const mine = await (await ask("GET", "/api/v1/reports?unit=U7.4&sort=-due_at&limit=1", access_token)).json();
  const { id, version } = mine.items[0];
  await ask("PATCH", `/api/v1/reports/${id}`, access_token, { narrative: { direction: "Nhà trường đưa chỉ tiêu vào kế hoạch năm học." } }, { "If-Match": `"${version}"` });
  const results = page.getByLabel("Kết quả đạt được");
  await results.fill("Nội dung về giới được đưa vào giảng dạy.");
  await save.click();
  await told(page).filter({ hasText: "vừa được người khác sửa" }).waitFor();
  watch.expectRefused("412 PATCH /api/v1/reports/{id}");
  assert.equal(await results.inputValue(), "Nội dung về giới được đưa vào giảng dạy.");
  assert.equal(await page.getByLabel("Công tác chỉ đạo").inputValue(), "Nhà trường đưa chỉ tiêu vào kế hoạch năm học.");
  await pictures(page, "form-stale");

  // An access token that no longer counts is renewed once, without a word.
  await page.route("**/api/v1/reports/*", (route) => route.continue({ headers: { ...route.request().headers(), authorization: "Bearer spent" } }), { times: 1 });
  watch.calls();
  await saved();
  watch.expectRefused("401 PATCH /api/v1/reports/{id}");
  assert.deepEqual(watch.calls().slice(0, 3), ["PATCH /api/v1/reports/{id}", "POST /api/v1/auth/refresh", "PATCH /api/v1/reports/{id}"]);

  // A busy service says when to come back.
  await page.route("**/submit", (route) => route.fulfill({
    status: 503,
    headers: { "Retry-After": "7", "Access-Control-Allow-Origin": new URL(home).origin, "Access-Control-Expose-Headers": "Retry-After" },
  }), { times: 1 });
  const submit = page.getByRole("button", { name: "Gửi báo cáo" });
  await submit.click();
  await told(page).filter({ hasText: "Thử lại sau 7 giây." }).waitFor();
  watch.expectRefused("503 POST /api/v1/reports/{id}/submit");

  await submit.click();
  await told(page).filter({ hasText: "Đã gửi báo cáo" }).waitFor();
  assert.equal(await submit.count(), 0);
  assert.ok(await page.getByLabel("Kết quả đạt được").isDisabled());
  await pictures(page, "form-submitted");

  await page.getByRole("button", { name: "Đăng xuất" }).click();
  await page.getByLabel("Tên đăng nhập").waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
}));

test("the coordinating office accepts and returns from its desk, which follows what happens elsewhere", () => withPage(api, async (page, watch) => {
  await page.goto(home);
  await page.getByRole("heading", { level: 1 }).waitFor();
  watch.calls();
  await signIn(page, "vhxh");
  await page.getByRole("heading", { name: "Tiếp nhận báo cáo năm 2027" }).waitFor();
  assert.deepEqual(watch.calls().slice(2), ["GET /api/v1/reporting-periods", "GET /api/v1/changes", "GET /api/v1/reporting-periods/{id}/completeness"]);
  await pictures(page, "desk");

  await page.getByRole("button", { name: "Tiếp nhận báo cáo của Trường Trung học cơ sở" }).click();
  await told(page).filter({ hasText: "Đã tiếp nhận báo cáo của Trường Trung học cơ sở" }).waitFor();
  await page.getByRole("button", { name: /^Trả lại báo cáo của Văn phòng/ }).click();
  await page.getByLabel(/^Lý do trả lại/).waitFor();
  await pictures(page, "desk-return");
  await page.keyboard.type("Đề nghị bổ sung số dự thảo văn bản đã thẩm định.");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await told(page).filter({ hasText: "Đã trả lại báo cáo của Văn phòng" }).waitFor();
  const row = page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: /^U3\. / }) });
  assert.match(await row.innerText(), /Bị trả lại/);
  await pictures(page, "desk-done");

  // A colleague was faster, by less than it takes to be told.
  const { access_token } = await (await ask("POST", "/api/v1/auth/login", null, { username: "vhxh", password: PASSWORD })).json();
  const latest = async (unit) => (await (await ask("GET", `/api/v1/reports?unit=${unit}&sort=-due_at&limit=1`, access_token)).json()).items[0];
  const { id, version } = await latest("U8");
  await page.route("**/api/v1/reports/*/accept", async (route) => {
    await ask("POST", `/api/v1/reports/${id}/accept`, access_token, undefined, { "If-Match": `"${version}"` });
    await route.continue();
  }, { times: 1 });
  await page.getByRole("button", { name: /^Tiếp nhận báo cáo của U.* ban Mặt trận/ }).click();
  await told(page).filter({ hasText: "Danh sách đã tải lại" }).waitFor();
  watch.expectRefused("412 POST /api/v1/reports/{id}/accept");
  await page.getByRole("row").filter({ hasText: /U8\. .*Đã tiếp nhận/ }).waitFor();

  // A colleague accepts and gives back: the list says so by itself, and the keyboard stays where it was.
  const police = page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: /^U6\. / }) });
  await police.filter({ hasText: "Đã gửi" }).waitFor();
  await page.getByRole("button", { name: /^Trả lại báo cáo của Công an/ }).focus();
  const u1 = await latest("U1");
  await ask("POST", `/api/v1/reports/${u1.id}/reopen`, access_token, { reason: "Đề nghị cập nhật số chính thức." }, { "If-Match": `"${u1.version}"` });
  await page.getByRole("row").filter({ hasText: /^U1\. .*Bị trả lại/ }).waitFor();
  assert.match(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), /^Trả lại báo cáo của Công an/);

  // The stream was cut off: it is taken up again, and nothing is missed meanwhile.
  watch.calls();
  const u6 = await latest("U6");
  await page.context().setOffline(true);
  await ask("POST", `/api/v1/reports/${u6.id}/accept`, access_token, undefined, { "If-Match": `"${u6.version}"` });
  await page.context().setOffline(false);
  await police.filter({ hasText: "Đã tiếp nhận" }).waitFor();
}));

test("the coordinating office tries a file, is told what to mend, and imports it", () => withPage(api, async (page, watch) => {
  await page.goto(home);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await signIn(page, "vhxh");
  await page.getByRole("heading", { name: "Nhập số liệu từ tệp" }).waitFor();
  const file = (name, ...rows) => page.getByLabel("Tệp số liệu").setInputFiles({
    name, mimeType: "text/csv", buffer: Buffer.from(`\uFEFF${["Đơn vị báo cáo;Kỳ báo cáo;Chỉ tiêu;Tử số;Mẫu số", ...rows].join("\r\n")}\r\n`),
  });
  const check = page.getByRole("button", { name: "Kiểm tra tệp" });
  const write = page.getByRole("button", { name: "Nhập vào báo cáo" });
  const outcome = page.locator(".import-outcome");
  const { access_token } = await (await ask("POST", "/api/v1/auth/login", null, { username: "vhxh", password: PASSWORD })).json();
  const numerator = async () => {
    const { id } = (await (await ask("GET", "/api/v1/reports?unit=U1&sort=-due_at&limit=1", access_token)).json()).items[0];
    const { observations } = await (await ask("GET", `/api/v1/reports/${id}`, access_token)).json();
    return observations.find(({ indicator, disaggregation }) => indicator.code === "1.1" && Object.keys(disaggregation).length === 0).numerator;
  };

  await check.click();
  await told(page).filter({ hasText: "Hãy chọn tệp" }).waitFor();

  const before = await numerator();
  await file("so-lieu.csv", "U1;2027;1.1;26;38", "U1;2027;5.3;1.490;3050", "U5;2027;3.2a;1;2");
  await check.click();
  await outcome.getByText("Tệp có 2/3 dòng cần sửa; chưa nhập dòng nào.").waitFor();
  const refused = await outcome.locator("tbody tr").allInnerTexts();
  assert.match(refused[0].replace(/\s+/g, " "), /^3 Tử số «1\.490»/);
  assert.match(refused[1].replace(/\s+/g, " "), /^4 Đơn vị báo cáo /);
  assert.equal(refused.length, 2);
  assert.equal(await write.count(), 0);
  await pictures(page, "import-refused");

  // Another file, another outcome: what was said of the first is gone with it.
  await file("so-lieu.csv", "U1;2027;1.1;26;38", "U1;2027;5.4b;1;6");
  assert.equal(await outcome.innerText(), "");
  await check.click();
  await outcome.getByText("Tệp hợp lệ, chưa nhập. Số dòng: 2, trong đó thêm mới 0, sửa").waitFor();
  assert.equal(await numerator(), before);
  await pictures(page, "import-tried");
  await write.click();
  await told(page).filter({ hasText: "Đã nhập số liệu" }).waitFor();
  assert.equal(await numerator(), 26);
  await pictures(page, "import-done");

  // A workbook, of another unit.
  await page.getByLabel("Tệp số liệu").setInputFiles(fileURLToPath(new URL("../../../tests/it/files/words.xlsx", import.meta.url)));
  await check.click();
  await outcome.getByText("Tệp có 2/2 dòng cần sửa; chưa nhập dòng nào.").waitFor();

  // A file that is none.
  await page.getByLabel("Tệp số liệu").setInputFiles({ name: "so-lieu.xlsx", mimeType: XLSX, buffer: Buffer.from("no workbook") });
  await check.click();
  await told(page).filter({ hasText: /Excel|tệp/i }).waitFor();
  watch.expectRefused("422 POST /api/v1/imports");

  // More than a thousand rows are worked on for a while.
  await file("nhieu.csv", ...Array.from({ length: 1200 }, () => "U1;2027;1.1;26"));
  await check.click();
  await outcome.getByText(/^Tệp có \d+\/1200 dòng cần sửa/).waitFor();
  assert.equal(await outcome.locator("tbody tr").count(), 50);
  await outcome.getByText(/^Còn \d+ chỗ khác cũng cần sửa\.$/).waitFor();

  // What the office itself may read, before it is published.
  await page.getByText("Tải số liệu về máy").click();
  const taken = await downloaded(page, page.getByRole("button", { name: "Số liệu của các đơn vị (CSV)" }));
  assert.match(taken.text, /;U6;2027;3\.2a;/);
}));
