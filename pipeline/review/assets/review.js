// The keys of the review page, and what follows each change of it: the quote in sight, the record in focus.
"use strict";

const typing = (element) => element.matches("input:not([type=hidden]), textarea, select");

function show(quoteOnly) {
  const text = document.getElementById("text");
  const quote = text && text.querySelector(".quoted, mark");
  if (quote) {
    const above = quote.getBoundingClientRect().top - text.getBoundingClientRect().top;
    text.scrollTop += above - text.clientHeight / 3;
  }
  const current = document.querySelector(".items [aria-current=page]");
  if (current) {
    const list = current.closest(".items");
    list.scrollTop += current.getBoundingClientRect().top - list.getBoundingClientRect().top - list.clientHeight / 3;
  }
  const record = document.getElementById("record");
  if (!quoteOnly && record) {
    const refused = document.querySelector("#correct[open] #correct-reason");
    (refused || record).focus({ preventScroll: !refused });
  }
}

function press(target) {
  if (target.matches("details")) {
    target.open = true;
    const field = target.querySelector("fieldset.doubted input, fieldset.doubted textarea") || target.querySelector("fieldset input, fieldset textarea");
    field.focus();
  } else if (target.matches("input")) {
    target.focus();
  } else {
    target.click();
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && typing(event.target)) {
    event.target.blur();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target)) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (target) {
    event.preventDefault();
    press(target);
  }
});

document.addEventListener("DOMContentLoaded", () => show(true));
document.addEventListener("htmx:afterSwap", () => show(false));
