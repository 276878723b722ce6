// The coordinating office's desk: who has handed in, what hinders, and accept or return. Two calls: the open period and how
// far its reports are. The list follows what happens elsewhere.
import { Refusal, api, ifMatch, sentence, told, type Schemas } from "../api";
import { follow } from "../changes";
import { el, table, tell, type Child } from "../dom";
import { plan } from "../plan";
import { STATUSES, clock, deadline } from "../words";
import { exporter } from "./export";
import { importer } from "./import";

type Row = Schemas["UnitCompleteness"];

const COLUMNS = ["Đơn vị", "Tình trạng", "Hạn gửi", "Còn thiếu, sai", "Cảnh báo chưa giải trình", "Ý kiến chưa xử lý", "Xử lý"];

// What the list shows changes with these.
const SHOWN: Schemas["ChangeType"][] = [
  "report.created", "report.updated", "report.extended", "report.submitted", "report.withdrawn", "report.returned", "report.accepted",
  "report.reopened", "report.consolidated", "report.released", "report_comment.created", "report_comment.resolved", "report_comment.reopened",
];

export async function desk(place: HTMLElement, signal: AbortSignal): Promise<void> {
  const { items } = told(await api.GET("/api/v1/reporting-periods", {
    params: { query: { plan, status: "open", kind: "periodic", frequency: "annual", sort: "-due_at", limit: 1 } },
  }));
  const period = items[0];
  if (!period) {
    place.replaceChildren(el("h1", {}, "Tiếp nhận báo cáo"), el("p", {}, "Chưa có kỳ báo cáo năm nào đang mở."));
    return;
  }
  const list = el("div");
  const reload = async () => {
    const state = told(await api.GET("/api/v1/reporting-periods/{id}/completeness", { params: { path: { id: period.id } } }));
    if (signal.aborted) return;
    // Whoever stands on a button of the list goes on from there, though the button is another one now.
    const name = list.contains(document.activeElement) ? document.activeElement?.getAttribute("aria-label") : null;
    list.replaceChildren(
      el("p", { class: "lead" },
        `Hạn gửi: ${deadline(period.due_at)}. Đã gửi: ${state.submitted}/${state.expected}, trong đó đã tiếp nhận ${state.accepted}, `
        + `gửi muộn ${state.late}. Chưa gửi: ${state.missing}, trong đó quá hạn ${state.overdue}. `,
        el("small", {}, `Cập nhật lúc ${clock(new Date())}.`)),
      table("desk", "Báo cáo của các đơn vị", COLUMNS, state.units.map((row) => line(row, row.name?.vi ?? row.unit.code, act))),
    );
    if (name) list.querySelector<HTMLElement>(`[aria-label="${CSS.escape(name)}"]`)?.focus({ preventScroll: true });
  };
  /** Does something with a report, says so, and shows what has become of the list. */
  const act = async (done: string, step: () => Promise<unknown>) => {
    try {
      await step();
      await reload();
      tell(done);
    } catch (failure) {
      // Somebody was faster (412), or the report has moved on (409): the list on the screen is an old one.
      if (failure instanceof Refusal && [409, 412].includes(failure.status)) await reload();
      const stale = failure instanceof Refusal && failure.status === 412;
      tell(stale ? "Báo cáo vừa được người khác cập nhật, nên chưa xử lý được. Danh sách đã tải lại; hãy xem lại rồi xử lý." : sentence(failure), "failed");
    }
  };
  // Connected before the list is read, so that nothing happens unseen in between. Several changes at once are one reading.
  let soon: number | undefined;
  await follow(SHOWN, signal, () => {
    clearTimeout(soon);
    soon = setTimeout(() => void reload().catch((failure: unknown) => tell(sentence(failure), "failed")), 300);
  });
  await reload();
  place.replaceChildren(
    el("h1", {}, `Tiếp nhận báo cáo năm ${period.label}`),
    list,
    exporter({ plan, period: period.label }, true),
    ...[importer(reload)].filter((part) => part !== null),
  );
}

type Act = (done: string, step: () => Promise<unknown>) => Promise<void>;

function line(row: Row, name: string, act: Act): Child[] {
  const count = (many: number | undefined) => (many === undefined ? "–" : many > 0 ? el("strong", {}, String(many)) : "0");
  const status = row.excused ? "Được miễn báo cáo" : row.overdue ? `${STATUSES[row.status]}, quá hạn` : row.late ? `${STATUSES[row.status]}, gửi muộn` : STATUSES[row.status];
  return [
    `${row.unit.code}. ${name}`,
    el("span", { class: `status ${row.status}` }, status),
    deadline(row.due_at),
    count(row.blockers),
    count(row.warnings),
    count(row.open_comments),
    actions(row, name, act),
  ];
}

function actions(row: Row, name: string, act: Act): Child {
  const { report, version } = row;
  if (!report || version === undefined) return "–";
  const headers = ifMatch(version);
  const accept = () => act(`Đã tiếp nhận báo cáo của ${name}.`, async () =>
    told(await api.POST("/api/v1/reports/{id}/accept", { params: { path: { id: report }, header: headers } })));
  const giveBack = (reason: string) => act(`Đã trả lại báo cáo của ${name}.`, async () =>
    told(await api.POST("/api/v1/reports/{id}/return", { params: { path: { id: report }, header: headers }, body: { reason } })));

  // What may be done, and why not, is for the service to say: the page knows no rule of its own.
  const { accept: mayAccept, return: mayReturn } = row._actions ?? {};
  const buttons: Child[] = [];
  if (mayAccept?.allowed) buttons.push(el("button", { type: "button", click: accept, "aria-label": `Tiếp nhận báo cáo của ${name}` }, "Tiếp nhận"));
  if (mayReturn?.allowed) {
    buttons.push(el("button", { type: "button", class: "second", click: () => ask(name, giveBack), "aria-label": `Trả lại báo cáo của ${name}` }, "Trả lại"));
  }
  if (buttons.length > 0) return el("div", { class: "buttons" }, ...buttons);
  // Of what waits for nobody here there is nothing to explain.
  return row.status === "submitted" && mayAccept?.reason ? el("small", {}, mayAccept.reason) : "–";
}

/** Asks why a report goes back: the unit reads this. */
function ask(name: string, done: (reason: string) => void): void {
  const reason = el("textarea", { id: "reason", required: true, rows: "4", maxlength: "2000" });
  const dialog = el("dialog", { "aria-labelledby": "ask", close: () => dialog.remove() },
    el("form", { method: "dialog", submit: () => done(reason.value) },
      el("h2", { id: "ask" }, `Trả lại báo cáo của ${name}`),
      el("label", { for: "reason" }, "Lý do trả lại, nội dung cần bổ sung"),
      reason,
      el("div", { class: "buttons" },
        el("button", { type: "submit" }, "Trả lại"),
        el("button", { type: "button", class: "second", click: () => dialog.close() }, "Huỷ"))));
  document.body.append(dialog);
  dialog.showModal();
}
