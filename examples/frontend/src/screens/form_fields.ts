// How an item of the form, and its fields, look.
import type { Schemas } from "../api";
import { isFigure, key, stored, type Cell, type Input } from "../cells";
import { by, el, table, type Child } from "../dom";
import { amount, yesNo } from "../words";

/** What was typed into fields, by their ids. */
export type Typed = Map<string, string>;

export function drawItem(item: Schemas["FormItem"], cells: Cell[], typed: Typed, editable: boolean): HTMLElement {
  const { indicator, previous } = item;
  const [total] = cells;
  const figures = item.inputs.filter(isFigure);
  const before = previous && (previous.answer !== null ? yesNo(previous.answer) : previous.value !== null ? amount(previous.value, indicator.unit_of_measure) : null);
  const cell = (of: Cell, input: Input) => field(of, input, `${input.label}: ${of.name}`, typed, editable);
  return el("fieldset", {},
    el("legend", {}, `${indicator.code}. ${indicator.name}`),
    el("p", {}, `Theo kế hoạch: ${indicator.statement}`, before ? el("span", { class: "before" }, ` Kỳ trước (${previous.label}): ${before}.`) : null),
    ...[...item.blockers, ...item.warnings].map(({ detail }) => el("p", { class: "notice" }, detail)),
    table("inputs", `Số liệu chỉ tiêu ${indicator.code}`, ["", ...figures.map(labelOf)], cells.map((of) => [of.name, ...figures.map((input) => cell(of, input))])),
    ...total!.inputs.filter((input) => !isFigure(input)).map((input) =>
      el("div", { class: "field" }, el("label", { for: key(total!, input.field) }, labelOf(input)), field(total!, input, null, typed, editable))),
  );
}

const labelOf = (input: Input) => input.label + (input.unit_of_measure ? ` (${input.unit_of_measure})` : "") + (input.required ? " *" : "");

/** A field with what was typed, else with what is saved. In a table its column and row name it; elsewhere a label does. */
function field(cell: Cell, input: Input, name: string | null, typed: Typed, editable: boolean): Child {
  const id = key(cell, input.field);
  const saved = stored(cell, input.field);
  const value = typed.get(id) ?? saved;
  const shared = {
    id, disabled: !editable, ...(name && { "aria-label": name }),
    input: (event: Event) => {
      const { value: now } = event.target as HTMLInputElement;
      if (now === saved) typed.delete(id);
      else typed.set(id, now);
    },
  };
  if (input.type === "boolean" || input.type === "enum") {
    const choices: [string, string][] = input.type === "boolean" ? [["true", "Có"], ["false", "Không"]] : (input.values ?? []).map((choice) => [choice, choice]);
    return el("select", shared, ...[["", "–"] as [string, string], ...choices].map(([code, text]) => el("option", { value: code, selected: code === value }, text)));
  }
  // Not type="number": browsers then take `1.240` for one and a bit, and drop a decimal comma without a word.
  return el("input", { ...shared, value, type: "text", autocomplete: "off", ...(input.type === "number" && { class: "number", inputmode: input.integer ? "numeric" : "decimal" }) });
}

export function drawNarrative(texts: Schemas["FormText"][], typed: Typed, editable: boolean): HTMLElement {
  return el("fieldset", {},
    el("legend", {}, "Phần thuyết minh"),
    ...texts.map(({ field: name, label, text, required }) => {
      const id = `narrative.${name}`;
      const area = el("textarea", { id, rows: "3", disabled: !editable, input: () => typed.set(id, area.value) }, typed.get(id) ?? text ?? "");
      return el("div", { class: "field" }, el("label", { for: id }, label + (required ? " *" : "")), area);
    }));
}

/** Says beside a field what is wrong with it, also to those who hear the page. */
export function faultAt(id: string, detail: string): void {
  const input = by(id);
  const fault = el("p", { class: "fault", id: `${id}-fault` }, detail);
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", fault.id);
  input.after(fault);
  if (document.querySelector(".fault") === fault) input.focus();
}

export function clearFaults(): void {
  document.querySelectorAll(".fault").forEach((fault) => fault.remove());
  document.querySelectorAll("[aria-invalid]").forEach((input) => {
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
  });
}
