// All attempts: searched, filtered, sorted, a page at a time.
const PAGE_ROWS = 50;
const COLUMNS = [
  { key: "task", name: "task" }, { key: "outcome", name: "outcome" }, { key: "change", name: "baseline" },
  { key: "category", name: "group" }, { key: "steps", name: "steps", number: true },
  { key: "tokens", name: "tokens", number: true, shown: "tokens_text" },
  { key: "cost", name: "cost", number: true, shown: "cost_text" },
  { key: "seconds", name: "time", number: true, shown: "time_text" },
  { key: "reason", name: "reason" },
].filter((column) => !["change", "category"].includes(column.key) || rows.some((row) => row[column.key]));
const FILTERS = ["outcome", "category", "benchmark", "change"];
const natural = new Intl.Collator("en", { numeric: true });
const table = { found: rows, sorted: null, down: false, page: 0 };

function compare(column) {
  const { key, number } = column;
  // What is unknown comes last, whichever way is up.
  if (number) return (a, b) => (a[key] === null) - (b[key] === null) || (a[key] - b[key]) * (table.down ? -1 : 1);
  return (a, b) => natural.compare(a[key], b[key]) * (table.down ? -1 : 1);
}

function search() {
  const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = FILTERS.map((key) => [key, $(key).value]).filter(([, value]) => value);
  table.found = rows.filter((row) => {
    if (!wanted.every(([key, value]) => row[key] === value)) return false;
    const text = [row.task, row.category, row.reason].join("\n").toLowerCase();
    return words.every((word) => text.includes(word));
  });
  if (table.sorted) table.found.sort(compare(table.sorted));
  table.page = 0;
  show();
}

function sortBy(column) {
  table.down = table.sorted === column ? !table.down : Boolean(column.number);
  table.sorted = column;
  search();
}

function cellText(row, column) {
  if (column.shown) return row[column.shown];
  if (column.number) return row[column.key].toLocaleString("en");
  return column.key === "outcome" ? row.outcome.replace("_", " ") : row[column.key];
}

function cellBlock(row, column) {
  const text = cellText(row, column);
  if (column.key === "task") return make("td", {}, make("a", { href: `#attempt-${row.number}` }, text));
  const coloured = ["outcome", "change"].includes(column.key) ? row[column.key] : "";
  const classes = [column.number ? "number" : "", column.key, coloured].filter(Boolean).join(" ");
  return make("td", { class: classes, "data-name": column.name }, text);
}

function rowBlock(row) {
  return make("tr", {}, ...COLUMNS.map((column) => cellBlock(row, column)));
}

function show() {
  const { found, page } = table;
  const pages = Math.max(Math.ceil(found.length / PAGE_ROWS), 1);
  $("rows").replaceChildren(...found.slice(page * PAGE_ROWS, (page + 1) * PAGE_ROWS).map(rowBlock));
  $("count").textContent = `${found.length.toLocaleString("en")} of ${rows.length.toLocaleString("en")} attempts`;
  $("page").textContent = `page ${page + 1} of ${pages}`;
  $("pages").hidden = pages === 1;
  $("previous-page").disabled = page === 0;
  $("next-page").disabled = page === pages - 1;
  for (const head of $("columns").children) {
    const sorted = table.sorted && head.dataset.key === table.sorted.key;
    head.setAttribute("aria-sort", sorted ? (table.down ? "descending" : "ascending") : "none");
    head.querySelector("span").textContent = sorted ? (table.down ? " ▼" : " ▲") : "";
  }
}

function turnPage(by) {
  table.page += by;
  show();
  $("attempts").scrollIntoView();
}

function makeColumns() {
  for (const column of COLUMNS) {
    const button = make("button", { type: "button" }, column.name, make("span", { "aria-hidden": "true" }));
    button.addEventListener("click", () => sortBy(column));
    const head = make("th", { scope: "col", "data-key": column.key, class: column.number ? "number" : "" }, button);
    $("columns").append(head);
  }
}

function makeFilters() {
  for (const key of FILTERS) {
    const values = [...new Set(rows.map((row) => row[key]).filter(Boolean))].sort(natural.compare);
    $(key).append(make("option", { value: "" }, "all"));
    for (const value of values) $(key).append(make("option", { value }, key === "outcome" ? value.replace("_", " ") : value));
    $(key).parentElement.hidden = values.length < (key === "change" ? 1 : 2);
    $(key).addEventListener("change", search);
  }
  $("search").addEventListener("input", search);
  $("filters").addEventListener("submit", (event) => event.preventDefault());
  $("previous-page").addEventListener("click", () => turnPage(-1));
  $("next-page").addEventListener("click", () => turnPage(1));
}
