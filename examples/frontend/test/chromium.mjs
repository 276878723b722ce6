// A browser for the drivers: Debian's Chromium, and a watch on everything that a page complains about.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { chromium } from "playwright-core";

const PICTURES = process.env.BINHDANG_PICTURES ?? "pictures";
export const WIDE = { width: 1280, height: 900 };
export const NARROW = { width: 400, height: 860 };

/** Runs `steps(page, watch)` on a page of a new browser, which is closed whatever happens. */
export async function withPage(origin, steps) {
  const browser = await chromium.launch({
    executablePath: process.env.BINHDANG_CHROMIUM ?? "/usr/bin/chromium",
    // Without a sandbox, for in containers the tests run as root; the rest keeps Chromium from calling its maker.
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  try {
    const page = await browser.newPage({ viewport: WIDE, locale: "vi-VN" });
    page.setDefaultTimeout(30_000);
    const seen = watch(page, origin);
    try {
      await steps(page, seen);
    } catch (failure) {
      await picture(page, `failed-${process.pid}`).catch(() => undefined);
      throw failure;
    }
    seen.expectNoComplaints();
  } finally {
    await browser.close();
  }
}

/** Counts the calls of the API at `origin`, and collects what a clean page has none of. */
function watch(page, origin) {
  const complaints = [];
  const refused = [];
  let calls = [];
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("console", (message) => {
    // What the page's content security policy stops is among these. Refused requests are too: `expectRefused` holds them.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
      complaints.push(`console: ${message.text()}`);
    }
  });
  const named = (request) => `${request.method()} ${new URL(request.url()).pathname.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "{id}")}`;
  page.on("request", (request) => {
    // Preflights are the browser's, not the page's: they are not among these.
    if (request.url().startsWith(`${origin}/api/`)) calls.push(named(request));
  });
  page.on("requestfailed", (request) => {
    const failure = `${named(request)}: ${request.failure()?.errorText}`;
    // The feed of changes has no end of its own: the page ends it when its screen is left.
    if (failure !== "GET /api/v1/changes: net::ERR_ABORTED") complaints.push(failure);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) refused.push(`${response.status()} ${named(response.request())}`);
  });
  return {
    /** The calls since the last time. */
    calls: () => calls.splice(0),
    /** The refusals since the last time were these, and no others. */
    expectRefused: (...expected) => assert.deepEqual(refused.splice(0), expected),
    expectNoComplaints() {
      assert.deepEqual(complaints, []);
      assert.deepEqual(refused, []);
    },
  };
}

export async function picture(page, name) {
  await mkdir(PICTURES, { recursive: true });
  await page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true });
}

/** Takes a picture at both widths, and fails where the page itself scrolls sideways. */
export async function pictures(page, name) {
  for (const size of [WIDE, NARROW]) {
    await page.setViewportSize(size);
    await page.evaluate(() => scrollTo(0, 0));
    await picture(page, `${name}-${size.width}`);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `${name} is ${over} px too wide at ${size.width} px`);
  }
  await page.setViewportSize(WIDE);
}
