// Elements without a framework. Texts become text nodes, never HTML: what the API says cannot run as a script.
export type Child = Node | string | null;
type Attributes = Record<string, string | boolean | ((event: Event) => void)>;

export function el<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** The element of the page with this id. */
export const by = (id: string): HTMLElement => document.getElementById(id)!;

/**
 * A table that CSS turns into a list of cards on a narrow screen: each cell knows its column's name, and the roles
 * are written out because `display: block` takes them away. A row of one cell is a heading over the rows after it.
 */
export function table(name: string, caption: string, columns: string[], rows: Child[][]): HTMLTableElement {
  const head = el("tr", { role: "row" }, ...columns.map((name) => el("th", { role: "columnheader", scope: "col" }, name)));
  const body = rows.map((cells) => {
    if (cells.length === 1) {
      return el("tr", { role: "row", class: "group" }, el("th", { role: "rowheader", colspan: String(columns.length) }, cells[0]!));
    }
    return el("tr", { role: "row" }, ...cells.map((cell, at) =>
      at === 0
        ? el("th", { role: "rowheader", scope: "row" }, cell)
        : el("td", { role: "cell", "data-column": columns[at]! }, el("div", {}, cell))));
  });
  return el("table", { role: "table", class: name },
    el("caption", {}, caption),
    el("thead", { role: "rowgroup" }, head),
    el("tbody", { role: "rowgroup" }, ...body));
}

/** Says something to the person, also to one who listens to the page. */
export function tell(text: string, kind: "done" | "failed" = "done"): void {
  const place = by("told");
  place.textContent = text;
  place.className = text ? kind : "";
  // Whatever had the keyboard may be gone from a screen that was drawn anew; it goes on from here.
  if (text && document.activeElement === document.body) place.focus({ preventScroll: true });
}
