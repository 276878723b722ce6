// A unit's form. Two calls: its latest report, and all that draws the form of it.
import { Refusal, api, ifMatch, sentence, told, type Schemas } from "../api";
import { cellsOf, key, parsed, stored, toSend, type Cell } from "../cells";
import { el, tell } from "../dom";
import { plan } from "../plan";
import { me } from "../session";
import { STATUSES, deadline, periodName } from "../words";
import { clearFaults, drawItem, drawNarrative, faultAt, type Typed } from "./form_fields";

export async function form(place: HTMLElement): Promise<void> {
  const unit = me?.grants.find((grant) => grant.role === "reporter" && grant.unit)?.unit?.id;
  const { items } = told(await api.GET("/api/v1/reports", { params: { query: { plan, unit, sort: "-due_at", limit: 20 } } }));
  const report = items.find(({ status }) => status === "draft" || status === "returned") ?? items[0];
  if (!report) {
    place.replaceChildren(el("h1", {}, "Báo cáo của đơn vị"), el("p", {}, "Đơn vị chưa có báo cáo nào phải lập."));
    return;
  }
  await new Form(place, report.id).load();
}

class Form {
  private now!: Schemas["ReportForm"];
  private cells: Cell[] = [];
  /** What was typed and is not saved yet, by the id of its field: it outlives a reload of the form. */
  private readonly typed: Typed = new Map();

  constructor(private readonly place: HTMLElement, private readonly id: string) {}

  async load(): Promise<void> {
    this.now = told(await api.GET("/api/v1/reports/{id}/form", { params: { path: { id: this.id } } }));
    this.draw();
  }

  private draw(): void {
    const { report, period, unit, items, blockers, warnings } = this.now;
    const update = report._actions["update"];
    const editable = update?.allowed ?? false;
    const drawn = items.map((item, at) => ({ item, cells: cellsOf(item), id: `item${at}` }));
    this.cells = drawn.flatMap(({ cells }) => cells);
    this.place.replaceChildren(
      el("h1", {}, `Báo cáo ${periodName(period.label)}`),
      el("p", { class: "lead" }, `${unit.name}. Hạn gửi: ${deadline(report.due_at)}. `, el("span", { class: `status ${report.status}` }, STATUSES[report.status])),
      el("form", { novalidate: true, submit: (event) => { event.preventDefault(); void this.attempt(() => this.save("Đã lưu báo cáo.")); } },
        ...drawn.map(({ item, cells }) => drawItem(item, cells, this.typed, editable)),
        drawNarrative(this.now.narrative, this.typed, editable),
        ...[...blockers, ...warnings].map(({ detail }) => el("p", { class: "notice" }, detail)),
        editable
          ? el("div", { class: "buttons" },
            el("button", { type: "submit" }, "Lưu"),
            el("button", { type: "button", class: "second", click: () => void this.attempt(() => this.submit()) }, "Gửi báo cáo"))
          : el("p", { class: "notice" }, update?.reason ?? "")),
    );
  }

  /** Does a step; what goes wrong is told in the service's own words. */
  private async attempt(step: () => Promise<void>): Promise<void> {
    tell("");
    try {
      await step();
    } catch (failure) {
      if (failure instanceof Refusal && failure.status === 412) {
        await this.load();
        tell("Báo cáo vừa được người khác sửa, nên chưa lưu được. Trang đã tải lại; những ô anh/chị vừa nhập vẫn còn. Hãy xem lại rồi lưu.", "failed");
      } else {
        tell(sentence(failure), "failed");
      }
    }
  }

  /** Sends the cells that were changed, each whole, and the texts; then the form is read anew, with what is still missing. */
  private async save(done: string): Promise<void> {
    clearFaults();
    const value = (cell: Cell) => (field: string) => this.typed.get(key(cell, field)) ?? stored(cell, field);
    const changed = this.cells.filter((cell) => cell.inputs.some(({ field }) => value(cell)(field).trim() !== stored(cell, field)));
    const noNumbers = changed.flatMap((cell) => cell.inputs.filter((input) => parsed(input, value(cell)(input.field)) === undefined).map(({ field }) => key(cell, field)));
    if (noNumbers.length > 0) {
      noNumbers.forEach((id) => faultAt(id, "Hãy ghi một số, không có dấu phân cách hàng nghìn, ví dụ 1240 hoặc 3,5."));
      tell("Có ô chưa đúng, chưa lưu được.", "failed");
      return;
    }
    let version = this.now.report.version;
    if (changed.length > 0) {
      const sent = await api.PATCH("/api/v1/reports/{id}/observations", {
        params: { path: { id: this.id }, header: ifMatch(version) },
        body: { observations: changed.map((cell) => toSend(cell, value(cell))) },
      });
      this.showFaults(sent.error as Schemas["Problem"] | undefined, changed);
      told(sent);
      // The answer's ETag is of the new version, for the next write: `"<version>-<hash>"`.
      version = Number.parseInt(sent.response.headers.get("ETag")!.slice(1), 10);
    }
    const narrative = Object.fromEntries(this.now.narrative.flatMap(({ field }) => {
      const text = this.typed.get(`narrative.${field}`);
      return text === undefined ? [] : [[field, text.trim() || null]];
    }));
    if (Object.keys(narrative).length > 0) {
      told(await api.PATCH("/api/v1/reports/{id}", { params: { path: { id: this.id }, header: ifMatch(version) }, body: { narrative } }));
    }
    this.typed.clear();
    await this.load();
    tell(done);
  }

  /** Puts each fault beside its field: `/observations/3/numerator` points into what was sent. */
  private showFaults(problem: Schemas["Problem"] | undefined, sent: Cell[]): void {
    for (const { pointer, detail } of problem?.errors ?? []) {
      const [, , index, ...path] = pointer.split("/");
      const cell = sent[Number(index)];
      if (!cell) continue;
      const field = cell.inputs.find((input) => input.field === path.join(".")) ?? cell.inputs[0]!;
      faultAt(key(cell, field.field), detail);
    }
  }

  private async submit(): Promise<void> {
    if (this.typed.size > 0) await this.save("");
    if (this.typed.size > 0) return;
    told(await api.POST("/api/v1/reports/{id}/submit", { params: { path: { id: this.id }, header: ifMatch(this.now.report.version) } }));
    await this.load();
    tell("Đã gửi báo cáo cho Phòng Văn hoá - Xã hội.");
  }
}
