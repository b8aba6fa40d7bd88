// board-phase.js: what the page's barcamp allows now, read from what the server has drawn of it.

const lead = () => document.querySelector("[data-kind=barcamp]")

// The phase, "" on a page that does not show it.
export const phase = () => lead()?.dataset.phase ?? ""

// The proposal on stage, by its key.
export const onStage = () => lead()?.dataset.stage ?? ""

// Why `deed` is not possible now, in words; "" if it is. Who has no code yet is told so first.
export function whyNot(deed) {
  const page = document.querySelector("board-page")
  if (page && !document.getElementById("votes")) return page.dataset.stranger
  return lead()?.querySelector(`[data-refused="${deed}"]`)?.textContent ?? ""
}
