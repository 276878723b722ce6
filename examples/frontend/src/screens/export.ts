// Figures to take away. What there is to choose from is what the service's own document names.
import { API_URL, sentence, type Schemas } from "../api";
import { el, tell } from "../dom";
import { authorised } from "../session";

type Paths = Record<string, { get?: { responses: Record<string, { content?: Record<string, unknown> }> } }>;

const TABLES: [string, string][] = [
  ["/api/v1/observations", "Số liệu của các đơn vị"],
  ["/api/v1/progress", "Kết quả các chỉ tiêu"],
];
// As a spreadsheet in Vietnamese opens it: words in the first row, semicolons, decimal commas.
const FORMATS: [string, string, Record<string, string>][] = [
  ["text/csv", "CSV", { format: "csv", headers: "vi", delimiter: ";", decimal: "," }],
  ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel", { format: "xlsx" }],
];

let offered: Promise<Paths> | null = null;

/** What the service offers: asked when somebody wants something of it, for the document is large; browsers keep it for a day. */
function document(): Promise<Paths> {
  offered ??= fetch(`${API_URL}/openapi.json`)
    .then(async (answer) => {
      if (!answer.ok) throw new TypeError(String(answer.status));
      return ((await answer.json()) as { paths: Paths }).paths;
    })
    .catch((failure: unknown) => {
      offered = null;
      throw failure;
    });
  return offered;
}

/** A place that opens to the files that can be taken. With `mine` they are the caller's own view, else what everybody may read. */
export function exporter(query: { plan: string; period: string }, mine: boolean): HTMLElement {
  const choices = el("div", { class: "buttons" });
  const draw = async () => {
    const paths = await document();
    choices.replaceChildren(...TABLES.flatMap(([path, name]) => {
      const content = paths[path]?.get?.responses["200"]?.content ?? {};
      return FORMATS.filter(([type]) => type in content).map(([, format, how]) =>
        el("button", { type: "button", class: "second", click: () => void take(path, { ...query, ...how }, mine) }, `${name} (${format})`));
    }));
  };
  const place: HTMLDetailsElement = el("details", {
    class: "export",
    toggle: () => {
      if (place.open && choices.childElementCount === 0) draw().catch((failure: unknown) => tell(sentence(failure), "failed"));
    },
  }, el("summary", {}, "Tải số liệu về máy"), choices);
  return place;
}

/** Fetched rather than linked to: a link carries no token, and says nothing when it is refused. */
async function take(path: string, query: Record<string, string>, mine: boolean): Promise<void> {
  tell("");
  try {
    const request = new Request(`${API_URL}${path}?${new URLSearchParams(query)}`, { headers: { "Accept-Language": "vi" } });
    const answer = await (mine ? authorised(request) : fetch(request));
    if (!answer.ok) {
      const problem = (await answer.json().catch(() => undefined)) as Schemas["Problem"] | undefined;
      tell(problem?.detail ?? "Chưa tải được. Hãy thử lại sau.", "failed");
      return;
    }
    const name = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] ?? "so-lieu";
    const address = URL.createObjectURL(await answer.blob());
    el("a", { href: address, download: name }).click();
    // Not at once: the browser may not have begun to read it.
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    tell(`Đã tải tệp ${name}.`);
  } catch (failure) {
    tell(sentence(failure), "failed");
  }
}
