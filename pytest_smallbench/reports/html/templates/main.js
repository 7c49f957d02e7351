// Which of the two views is shown (the address says it), and the keys.
let scrolled = 0;

function follow() {
  const named = /^#attempt-(\d+)$/.exec(location.hash);
  const row = named && rows[Number(named[1])];
  const wasReading = reading;
  if (row && wasReading === null) scrolled = window.scrollY;
  $("overview").hidden = Boolean(row);
  $("reader").hidden = !row;
  if (row) {
    read(row);
    walkState(row.number);
    $("task").focus();
    window.scrollTo(0, 0);
  } else if (wasReading !== null) {
    reading = null;
    window.scrollTo(0, scrolled);
    const link = document.querySelector(`a[href="#attempt-${wasReading}"]`);
    if (link) link.focus();
  }
}

function place(number) {
  return table.found.findIndex((row) => row.number === number);
}

function walkState(number) {
  const at = place(number);
  $("previous").disabled = at <= 0;
  $("next").disabled = at < 0 || at === table.found.length - 1;
  $("place").textContent = at < 0 ? "" : `${at + 1} of ${table.found.length}`;
}

function walk(by) {
  const at = place(reading);
  const row = at < 0 ? undefined : table.found[at + by];
  if (row) location.replace(`#attempt-${row.number}`);
}

function back() {
  location.hash = "#attempts";
}

function walkRows(event) {
  const links = [...$("rows").querySelectorAll("a")];
  const at = links.indexOf(document.activeElement);
  const to = links[at + (event.key === "ArrowDown" ? 1 : -1)];
  if (at < 0 || !to) return;
  event.preventDefault();
  to.focus();
}

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = ["INPUT", "SELECT"].includes(event.target.tagName) && event.target.type !== "checkbox";
  if (reading !== null) {
    if (event.key === "Escape") back();
    else if (event.key === "n") walk(1);
    else if (event.key === "p") walk(-1);
  } else if (event.key.startsWith("Arrow") && !typing) walkRows(event);
  else if (event.key === "/" && !typing) {
    event.preventDefault();
    $("search").focus();
  }
}

makeColumns();
makeFilters();
makeKinds();
show();
$("back").addEventListener("click", back);
$("previous").addEventListener("click", () => walk(-1));
$("next").addEventListener("click", () => walk(1));
addEventListener("hashchange", follow);
addEventListener("keydown", press);
follow();
document.documentElement.dataset.ready = String(Math.round(performance.now()));
