// One attempt: what was said and done, step by step.
const KINDS = {
  message: "messages", reply: "replies", call: "tool calls", observation: "observations",
  change: "changes of solution and own tests",
};
const hiddenKinds = new Set();

async function unpack(number) {
  const packed = $(`packed-${number}`);
  if (!packed) return null;
  const bytes = Uint8Array.from(atob(packed.textContent), (each) => each.charCodeAt(0));
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(plain).text());
}

function diffBlock(text) {
  const lines = text.split("\n").map((line) => {
    const kind = { "+": "plus", "-": "minus", "@": "hunk" }[line[0]];
    return make("span", kind ? { class: kind } : {}, line);
  });
  return make("pre", { tabindex: 0 }, ...lines);
}

function textBlock(text, form) {
  if (form === "diff") return diffBlock(text);
  return make(form === "code" ? "pre" : "div", { class: "text", tabindex: 0 }, text);
}

function entryBlock(entry) {
  if (!entry.text) return make("p", { class: `kind-${entry.kind}`, "data-kind": entry.kind }, entry.title);
  const attributes = { class: `kind-${entry.kind}`, "data-kind": entry.kind, open: "" };
  return make("details", attributes, make("summary", {}, entry.title), textBlock(entry.text, entry.form));
}

function stepBlock(step) {
  const beside = [step.bill, step.at && `at ${step.at}`].filter(Boolean).join(" · ");
  const title = make("h2", {}, step.title, " ", make("small", {}, beside));
  return make("section", { class: "step" }, title, ...step.entries.map(entryBlock));
}

function aboutBlock(row) {
  const told = [row.outcome.replace("_", " "), row.category, plural(row.steps, "step"),
    `${row.tokens_text} tokens`, `cost ${row.cost_text}`, row.time_text,
    row.change && `${row.change} than the baseline`].filter(Boolean);
  const facts = row.facts.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]);
  const texts = row.texts.map(([name, value]) => make("details", name === "reason" ? { open: "" } : {},
    make("summary", {}, name), textBlock(value, "code")));
  return [
    make("p", { class: `about ${row.outcome}` }, told.join(" · ")), ...texts,
    make("details", {}, make("summary", {}, "details"), make("dl", { class: "facts" }, ...facts)),
  ];
}

function showKinds() {
  for (const node of $("steps").querySelectorAll("[data-kind]")) node.hidden = hiddenKinds.has(node.dataset.kind);
}

function makeKinds() {
  for (const [kind, name] of Object.entries(KINDS)) {
    const box = make("input", { type: "checkbox", id: `kind-${kind}`, checked: "" });
    box.addEventListener("change", () => {
      hiddenKinds[box.checked ? "delete" : "add"](kind);
      showKinds();
    });
    $("kinds").append(make("label", {}, box, ` ${name}`));
  }
}

let reading = null;

async function read(row) {
  reading = row.number;
  $("task").textContent = row.task;
  $("about").replaceChildren(...aboutBlock(row));
  $("steps").replaceChildren();
  let blocks;
  try {
    const steps = await unpack(row.number);
    blocks = steps ? steps.map(stepBlock) : [make("p", {}, `No trajectory here: ${row.absence}.`)];
  } catch (problem) {
    blocks = [make("p", { class: "error" }, `This browser cannot open the trajectory: ${problem.message}`)];
  }
  if (reading !== row.number) return; // another was opened meanwhile
  $("steps").replaceChildren(...blocks);
  showKinds();
}
