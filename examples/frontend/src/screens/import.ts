// A file of figures: tried first, which writes nothing and says what would be refused; then, if all is well, imported.
import { Unfinished, api, sentence, told, type Schemas } from "../api";
import { el, table, tell, type Child } from "../dom";
import { may } from "../session";

type Outcome = Schemas["ImportOut"];

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
// Nobody mends more at a time: what is wrong with so many rows is mostly the same.
const MOST = 50;
const COLUMNS = ["Dòng", "Cột", "Nội dung cần sửa"];

/** The place of an import; nothing for who may not. `done` is called after something was written. */
export function importer(done: () => Promise<void>): HTMLElement | null {
  if (!may("create_import")) return null;
  const outcome = el("div", { class: "import-outcome" });
  const file = el("input", { type: "file", id: "import-file", accept: `.csv,.xlsx,text/csv,${XLSX}`, change: () => outcome.replaceChildren() });
  const check = el("button", { type: "submit", class: "second" }, "Kiểm tra tệp");

  /** Sends the file as it is on the disk at this moment. */
  const step = async (chosen: File, dryRun: boolean, finished: (result: Outcome) => Promise<void>) => {
    tell("");
    check.disabled = true;
    outcome.replaceChildren(el("p", {}, dryRun ? "Đang kiểm tra…" : "Đang nhập…"));
    try {
      await finished(await send(chosen, dryRun, ({ done: rows, total }) =>
        outcome.replaceChildren(el("p", {}, `${dryRun ? "Đã kiểm tra" : "Đã nhập"} ${rows}/${total} dòng…`))));
    } catch (failure) {
      outcome.replaceChildren();
      // A file that was changed after it was chosen can no longer be read.
      tell(failure instanceof DOMException ? "Không đọc được tệp. Hãy chọn lại tệp." : sentence(failure), "failed");
    } finally {
      check.disabled = false;
    }
  };
  const tried = (chosen: File) => step(chosen, true, async (result) => {
    const write = el("button", { type: "button", click: () => void step(chosen, false, written) }, "Nhập vào báo cáo");
    outcome.replaceChildren(
      ...drawn(result, result.rejected > 0 ? `Tệp có ${result.rejected}/${result.rows} dòng cần sửa; chưa nhập dòng nào.` : sum("Tệp hợp lệ, chưa nhập.", result)),
      ...(result.rejected === 0 && result.created + result.updated > 0 ? [el("div", { class: "buttons" }, write)] : []));
  });
  const written = async (result: Outcome) => {
    // The reports may have moved on since the file was tried.
    outcome.replaceChildren(...drawn(result, result.rejected > 0 ? "Chưa nhập được dòng nào; số liệu vẫn như cũ." : sum("Đã nhập.", result)));
    if (result.rejected > 0) return;
    file.value = "";
    await done();
    tell(`Đã nhập số liệu: ${result.created} ô mới, ${result.updated} ô được sửa.`);
  };

  const submit = (event: Event) => {
    event.preventDefault();
    const chosen = file.files?.[0];
    if (chosen) void tried(chosen);
    else tell("Hãy chọn tệp CSV hoặc Excel (.xlsx).", "failed");
  };
  return el("section", { class: "import" },
    el("h2", {}, "Nhập số liệu từ tệp"),
    el("p", {}, "Tệp CSV hoặc Excel có các cột: Đơn vị báo cáo, Kỳ báo cáo, Chỉ tiêu, Tử số, Mẫu số. Tệp được kiểm tra trước; có dòng sai thì chưa nhập dòng nào."),
    el("form", { class: "buttons", submit }, el("label", { for: "import-file" }, "Tệp số liệu", file), check),
    outcome);
}

const sum = (begin: string, { rows, created, updated, unchanged }: Outcome) =>
  `${begin} Số dòng: ${rows}, trong đó thêm mới ${created}, sửa ${updated}, giữ nguyên ${unchanged}.`;

function drawn(result: Outcome, summary: string): HTMLElement[] {
  const shown = result.conflicts.slice(0, MOST);
  const further = result.conflicts.length - shown.length + result.conflicts_omitted;
  const text = (cell: string | number | null | undefined): Child => (cell === null || cell === undefined ? "–" : String(cell));
  return [
    el("p", { class: result.rejected > 0 ? "notice" : "good" }, summary),
    ...(shown.length > 0 ? [table("conflicts", "Các dòng cần sửa", COLUMNS, shown.map(({ row, column, detail }) => [text(row), text(column), detail]))] : []),
    ...(further > 0 ? [el("p", {}, `Còn ${further} chỗ khác cũng cần sửa.`)] : []),
  ];
}

/** Sends the file; a large one is worked on for a while, and asked after until it is done. */
async function send(chosen: File, dryRun: boolean, progress: (so: Schemas["ImportProgress"]) => void): Promise<Outcome> {
  const type = /\.xlsx$/i.test(chosen.name) ? XLSX : "text/csv";
  let result = told(await api.POST("/api/v1/imports", {
    // If the answer is lost on the way and the browser sends it again, it is imported once.
    // All or nothing; tried as if the good rows were enough, for then the count of refused rows is that of the bad ones.
    params: { query: { dry_run: dryRun, mode: dryRun ? "partial" : "atomic" }, header: { "Idempotency-Key": crypto.getRandomValues(new Uint32Array(4)).join("-") } },
    // The bytes as they are; the types of the document know bodies of JSON only.
    body: chosen as never,
    bodySerializer: (body: unknown) => body as File,
    headers: { "Content-Type": type },
  }));
  while (result.status === "queued" || result.status === "running") {
    if (result.progress) progress(result.progress);
    await new Promise((later) => setTimeout(later, 1000));
    result = told(await api.GET("/api/v1/imports/{id}", { params: { path: { id: result.id! } } }));
  }
  if (result.problem) throw new Unfinished(result.problem.detail);
  return result;
}
