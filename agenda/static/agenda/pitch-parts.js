// pitch-parts.js: puts a newly drawn sheet in the place of an old one, part by part: what is the same stays, and so do the focus,
// what is open, and what is being typed.

// Parts that hold fields stay as long as they are of the same card: who types there merges what is new.
const holds = (part) => part.querySelector("[data-field], [data-new]") !== null

export function swapParts(current, next) {
  for (const name of ["version", "phase", "card"]) current.dataset[name] = next.dataset[name]
  for (const column of next.children) swapColumn(current.querySelector(`:scope > .${column.classList[0]}`), column)
}

function swapColumn(column, next) {
  const old = new Map(partsOf(column).map((part) => [part.dataset.part, part]))
  const wanted = partsOf(next).map((part) => keep(old.get(part.dataset.part), part))
  const act = column.contains(document.activeElement) ? document.activeElement.dataset.act : undefined
  // What goes, goes first: a part that stays and has the focus must not be moved.
  for (const part of partsOf(column)) if (!wanted.includes(part)) part.remove()
  let at = column.firstElementChild
  for (const part of wanted) {
    if (part === at) at = at.nextElementSibling
    else column.insertBefore(part, at)
  }
  if (act && document.activeElement === document.body) column.querySelector(`[data-act="${CSS.escape(act)}"]`)?.focus({ preventScroll: true })
}

const partsOf = (column) => [...column.querySelectorAll(":scope > [data-part]")]

// The old part if it says the same, or if somebody may be typing in it; else the new one.
function keep(old, next) {
  if (!old) return next
  if (holds(next) && old.dataset.card === next.dataset.card) {
    for (const field of next.querySelectorAll("[data-field]")) old.querySelector(`[data-field="${field.dataset.field}"]`).dataset.stored = field.defaultValue
    return old
  }
  for (const open of old.querySelectorAll("[data-keep][open]")) next.querySelector(`[data-keep="${CSS.escape(open.dataset.keep)}"]`)?.setAttribute("open", "")
  return old.isEqualNode(next) ? old : next
}
