// Drives the service's own page, Swagger UI with its sign-in form, as somebody who tries the API with a school's account.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pictures, withPage } from "../../examples/frontend/test/chromium.mjs";

const api = process.env.BINHDANG_API ?? "http://127.0.0.1:8080";
const PASSWORD = "so-lieu-minh-hoa";

/** Opens an operation of reports. */
async function operation(page, id) {
  const tag = page.locator("#operations-tag-Reports");
  if ((await tag.getAttribute("data-is-open")) === "false") await tag.click();
  const block = page.locator(`#operations-Reports-${id}`);
  await block.waitFor();
  if (!(await block.getAttribute("class")).includes("is-open")) await block.locator(".opblock-summary-control").click();
  await block.locator(".execute").waitFor();
  return {
    fill: (name, value) => block.locator(`tr[data-param-name="${name}"] input`).fill(value),
    write: (body) => block.locator("textarea.body-param__text").fill(JSON.stringify(body)),
    /** Sends it; answers the status and the body. */
    async execute() {
      // An answer of the time before would be taken for this one.
      if (await block.locator(".btn-clear").count()) await block.locator(".btn-clear").click();
      await block.locator(".execute").click();
      const live = block.locator(".live-responses-table");
      await live.waitFor();
      const status = Number.parseInt(await live.locator("tbody .response-col_status").first().innerText(), 10);
      return { status, body: JSON.parse(await live.locator(".highlight-code pre").first().textContent()), block };
    },
    close: () => block.locator(".opblock-summary-control").click(),
  };
}

test("Swagger UI signs in, reads, writes, submits and signs out", () => withPage(api, async (page, watch) => {
  await page.goto(api);
  assert.equal(new URL(page.url()).pathname, "/docs/");
  await page.locator(".opblock-tag").first().waitFor();
  await pictures(page, "docs");

  const signIn = async (password) => {
    await page.getByLabel("Tên đăng nhập").fill("tieuhoc1");
    await page.getByLabel("Mật khẩu").fill(password);
    await page.getByRole("button", { name: "Đăng nhập" }).click();
  };
  await signIn("sai-mat-khau");
  await page.locator("#told").filter({ hasText: "không khớp" }).waitFor();
  watch.expectRefused("401 POST /api/v1/auth/login");
  await signIn(PASSWORD);
  const who = page.locator("#who");
  await who.filter({ hasText: "Trường Tiểu học 1" }).waitFor();

  const list = await operation(page, "list_reports");
  await list.fill("plan", "KH-BDG-DN-2026-2030");
  await list.fill("period", "2027");
  // Nothing else is filled in beforehand.
  const reports = await list.execute();
  assert.equal(reports.status, 200);
  const { id, unit, status } = reports.body.items[0];
  assert.deepEqual([unit.code, status], ["U7.2", "returned"]);
  await list.close();

  const form = await operation(page, "find_report_form");
  await form.fill("id", id);
  const drawn = await form.execute();
  assert.equal(drawn.status, 200);
  await form.close();

  const patch = await operation(page, "update_report_observations");
  await patch.fill("id", id);
  await patch.fill("If-Match", `"${drawn.body.report.version}"`);
  const cells = (girls) => ({ observations: [
    { indicator: "5.2a", numerator: 203, denominator: 205 },
    { indicator: "5.2a", disaggregation: { sex: "male" }, numerator: 104, denominator: 105 },
    { indicator: "5.2a", disaggregation: { sex: "female" }, numerator: girls, denominator: 100 },
  ] });
  await patch.write(cells(-99));
  const refused = await patch.execute();
  assert.deepEqual([refused.status, refused.body.errors[0].pointer], [422, "/observations/2/numerator"]);
  watch.expectRefused("422 PATCH /api/v1/reports/{id}/observations");
  await patch.write(cells(99));
  const written = await patch.execute();
  assert.equal(written.status, 200);
  await pictures(page, "docs-patch");
  await patch.close();

  const submit = await operation(page, "submit_report");
  await submit.fill("id", id);
  // The header of the answer before is on the page; whoever tries the API copies the number from it.
  await submit.fill("If-Match", `"${drawn.body.report.version + 1}"`);
  const submitted = await submit.execute();
  assert.deepEqual([submitted.status, submitted.body.status], [200, "submitted"]);

  await page.reload();
  await who.filter({ hasText: "Trường Tiểu học 1" }).waitFor();
  const again = await operation(page, "find_report");
  await again.fill("id", id);
  assert.equal((await again.execute()).body.status, "submitted");

  await page.getByRole("button", { name: "Đăng xuất" }).click();
  await page.getByLabel("Tên đăng nhập").waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  assert.equal((await again.execute()).status, 401);
  watch.expectRefused("401 GET /api/v1/reports/{id}");
}));
