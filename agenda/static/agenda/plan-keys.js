// plan-keys.js: the staff's board by keyboard. Arrows go from cell to cell, with the card in the hand if there is one; Enter is a
// click, Escape leaves the card where it was. Of rows and piles one thing each is a stop for Tab.

import { stopIn } from "agenda/plan-layout"

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }
const STOPS = "[data-stop]:not([hidden])"

export function keys(board, signal) {
  board.addEventListener("keydown", (event) => {
    const stop = event.target.closest?.(STOPS)
    if (event.key === "Escape" && board.hand.thing && !event.target.closest("dialog")) {
      event.preventDefault()
      const { key, slot } = board.hand.thing
      board.hand.leave({ aloud: true })
      stopIn(board.tile(key, slot))?.focus()
    } else if (!stop || event.altKey || event.ctrlKey || event.metaKey) return
    else if (event.key in STEPS) {
      event.preventDefault()
      const next = beside(groupOf(board, stop), stop, STEPS[event.key])
      next?.focus()
      next?.scrollIntoView({ block: "nearest", inline: "nearest" })
    } else if (event.key === "Enter" && board.hand.thing && stop.closest("[data-locked]")) stop.click()
  }, { signal })

  board.addEventListener("focusin", ({ target }) => {
    if (!target.matches(STOPS)) return
    rove(board, target)
    if (board.hand.thing && target.matches(":focus-visible")) board.hand.aim(target, { aloud: true })
  }, { signal })
}

// The rows with their cells as lines of columns of stops; a pile is one column.
function groupOf(board, stop) {
  const pile = stop.closest("[data-list]")
  if (pile) return [...pile.querySelectorAll(STOPS)].map((one) => [[one]])
  return [...board.querySelectorAll("[data-frame] .row")].map((row) => {
    const columns = [...row.querySelectorAll(row.matches(".row--between") ? ".tile" : ".cell")]
    return columns.map((column) => [...column.querySelectorAll(STOPS)])
  }).filter((row) => row.length > 0)
}

function beside(rows, stop, [down, across]) {
  const line = rows.findIndex((row) => row.flat().includes(stop))
  if (line < 0) return null
  const column = rows[line].findIndex((stops) => stops.includes(stop))
  if (across) return rows[line][column + across]?.[0] ?? null
  const own = rows[line][column]
  const within = own[own.indexOf(stop) + down]
  if (within) return within
  const next = rows[line + down]
  const stops = next?.[Math.min(column, next.length - 1)]
  return stops?.at(down > 0 ? 0 : -1) ?? null
}

// `chosen` is where Tab comes to its group; without it each group keeps the stop it has, or gets its first. Writes only what differs:
// each write is a new look for the browser to work out.
export function rove(board, chosen = null) {
  const groups = chosen ? [chosen.closest("[data-frame], [data-list]")] : board.querySelectorAll("[data-frame], [data-list]")
  for (const group of groups) {
    const stops = [...(group?.querySelectorAll(STOPS) ?? [])]
    const active = chosen ?? stops.find((one) => one === document.activeElement) ?? stops.find((one) => one.hasAttribute("data-here")) ?? stops[0]
    for (const stop of stops) {
      const here = stop === active
      if (stop.hasAttribute("data-here") !== here) stop.toggleAttribute("data-here", here)
      if (stop.getAttribute("tabindex") !== (here ? "0" : "-1")) stop.tabIndex = here ? 0 : -1
    }
  }
}
