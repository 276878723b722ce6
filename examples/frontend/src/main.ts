// Signing in and out, and which screen is shown: the part of the address after #.
import { sentence } from "./api";
import { by, el, tell } from "./dom";
import { may, me, resume, signIn, signOut } from "./session";
import { dashboard } from "./screens/dashboard";
import { desk } from "./screens/desk";
import { form } from "./screens/form";

interface Screen {
  title: string;
  open: () => boolean;
  /** `signal` says when the screen is left: what follows changes ends with it. */
  show: (place: HTMLElement, signal: AbortSignal) => Promise<void>;
}

const SCREENS: Record<string, Screen> = {
  "#ket-qua": { title: "Kết quả", open: () => true, show: dashboard },
  "#bao-cao": { title: "Báo cáo của đơn vị", open: () => may("update_report_observations"), show: form },
  "#tiep-nhan": { title: "Tiếp nhận báo cáo", open: () => may("accept_report"), show: desk },
};

let shown = new AbortController();

async function show(): Promise<void> {
  shown.abort();
  shown = new AbortController();
  const { signal } = shown;
  const screen = SCREENS[location.hash] ?? SCREENS["#ket-qua"]!;
  tell("");
  drawHeader(screen);
  // A screen that comes late must not overwrite one that was opened meanwhile: each has a place of its own.
  const place = el("div", {}, el("p", {}, "Đang tải…"));
  by("screen").replaceChildren(place);
  if (!screen.open()) {
    place.replaceChildren(el("p", {}, me ? "Tài khoản này không có quyền mở trang." : "Hãy đăng nhập để mở trang này."));
    return;
  }
  try {
    await screen.show(place, signal);
  } catch (failure) {
    place.replaceChildren();
    tell(sentence(failure), "failed");
  }
}

function drawHeader(current: Screen): void {
  document.title = `${current.title} – Kế hoạch bình đẳng giới`;
  by("screens").replaceChildren(...Object.entries(SCREENS).filter(([, screen]) => screen.open()).map(([hash, screen]) =>
    el("a", { href: hash, ...(screen === current && { "aria-current": "page" }) }, screen.title)));
  by("account").replaceChildren(me
    ? el("div", { class: "buttons" }, el("span", {}, me.display_name), el("button", { type: "button", click: () => void leave() }, "Đăng xuất"))
    : signInForm());
}

function signInForm(): HTMLElement {
  const name = el("input", { id: "username", autocomplete: "username", autocapitalize: "none", required: true });
  const password = el("input", { id: "password", type: "password", autocomplete: "current-password", required: true });
  const enter = async (event: Event) => {
    event.preventDefault();
    try {
      await signIn(name.value.trim(), password.value);
    } catch (failure) {
      tell(sentence(failure), "failed");
      return;
    }
    go(may("accept_report") ? "#tiep-nhan" : may("update_report_observations") ? "#bao-cao" : "#ket-qua");
  };
  return el("form", { class: "buttons", submit: (event) => void enter(event) },
    el("label", { for: "username" }, "Tên đăng nhập", name),
    el("label", { for: "password" }, "Mật khẩu", password),
    el("button", { type: "submit" }, "Đăng nhập"));
}

function go(hash: string): void {
  if (location.hash === hash) void show();
  else location.hash = hash;
}

async function leave(): Promise<void> {
  // Without a network the tab forgets its session all the same.
  await signOut().catch(() => undefined);
  go("#ket-qua");
}

addEventListener("hashchange", () => void show());
addEventListener("signed-out", () => {
  shown.abort();
  drawHeader(SCREENS[location.hash] ?? SCREENS["#ket-qua"]!);
  tell("Phiên làm việc đã hết. Hãy đăng nhập lại.", "failed");
});
await resume().catch(() => undefined);
await show();
