// Filters and sorts the tables of claims, and moves the focus to what is opened. The page reads well without it.
"use strict";

const form = document.getElementById("filter");
const tables = [...document.querySelectorAll("table.claims")];
const rows = tables.flatMap((table) => [...table.tBodies[0].rows]);
const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));

function filter() {
  const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
  const keys = ["study", "verdict", "measured"].filter((key) => form.elements[key].value);
  for (const row of rows) {
    const fits = keys.every((key) => row.dataset[key] === form.elements[key].value);
    row.hidden = !(fits && words.every((word) => texts.get(row).includes(word)));
  }
  const shown = rows.filter((row) => !row.hidden).length;
  form.querySelector("output").value = `${shown} of ${rows.length} claims`;
}

const ORDER = ["reproduced", "not reproduced", "inconclusive"];
const KEYS = {
  verdict: (row) => ORDER.indexOf(row.dataset.verdict),
  name: (row) => row.dataset.name.toLowerCase(),
  distance: (row) => (row.dataset.distance === "" ? Infinity : Number(row.dataset.distance)),
};

function sort(table, header) {
  const direction = header.getAttribute("aria-sort") === "ascending" ? -1 : 1;
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
  const key = KEYS[header.dataset.sort];
  const compare = (one, two) => {
    const [a, b] = [key(one), key(two)];
    if (a === b) return one.dataset.order - two.dataset.order;
    return a < b ? -direction : direction;
  };
  table.tBodies[0].append(...[...table.tBodies[0].rows].sort(compare));
}

for (const table of tables) {
  for (const header of table.querySelectorAll("th[data-sort]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    button.addEventListener("click", () => sort(table, header));
    header.append(button);
  }
}

for (const part of document.querySelectorAll(".bar a")) {
  part.addEventListener("click", () => {
    form.reset();
    form.elements.study.value = part.dataset.study;
    form.elements.verdict.value = part.dataset.verdict;
    filter();
  });
}

function target() {
  return document.getElementById(decodeURIComponent(location.hash.slice(1)));
}

let opener = null;
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#claim-']");
  if (link) opener = link;
});
window.addEventListener("hashchange", () => {
  const here = target();
  if (here && here.tabIndex === -1) here.focus({ preventScroll: here.classList.contains("panel") });
});
document.addEventListener("keydown", (event) => {
  const open = document.querySelector(".panel:target");
  if (event.key === "Escape" && open) {
    open.querySelector(".close").click();
    if (opener) opener.focus({ preventScroll: true });
  } else if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) {
    event.preventDefault();
    form.elements.text.focus();
  }
});

form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(filter));
form.hidden = false;
filter();
