// grid-keys.js: the day grid by keyboard. Arrows move the card that has the focus, Enter places it, Escape leaves it where it was.

import { MINUTE_MS, STEP_MS, within } from "agenda/grid-scale"

const BARS_PX = 202 // as scroll-padding in grid.css
const LARGE_STEP_MS = 30 * MINUTE_MS
const TIME = { ArrowUp: -1, ArrowDown: 1 }
const ROOM = { ArrowLeft: -1, ArrowRight: 1 }

export function keys(board, signal) {
  const { hand } = board
  let byKeys = false

  board.addEventListener("keydown", (event) => {
    const card = event.target.closest?.(".card")
    if (event.key === "Escape" && hand.thing) {
      event.preventDefault()
      hand.leave({ aloud: true })
    } else if (!card || event.altKey || event.ctrlKey || event.metaKey) return
    else if (event.key in TIME || event.key in ROOM) {
      event.preventDefault()
      hand.take(card)
      byKeys = true
      step(event)
    } else if (event.key === "Enter" && byKeys && hand.holds(card)) {
      event.preventDefault()
      byKeys = false
      hand.drop()
    }
  }, { signal })

  // Whoever goes on to another card has not placed this one. A frame may draw it anew: then the focus comes back at once.
  board.addEventListener("focusout", () => {
    const { thing } = hand
    if (!byKeys || !thing) return
    setTimeout(() => {
      const card = document.activeElement?.closest?.(".card")
      if (hand.thing !== thing || (card && hand.holds(card))) return
      byKeys = false
      hand.leave({ aloud: true })
    })
  }, { signal })

  // Taller than what is free between tabs and bar, it would be left as it lies: its title under the tabs.
  board.addEventListener("focusin", ({ target }) => {
    if (target.matches(".card__open") && target.offsetHeight > innerHeight - BARS_PX) target.scrollIntoView({ block: "start", inline: "nearest" })
  }, { signal })

  function step({ key, shiftKey }) {
    const rooms = board.rooms()
    const { room, start } = hand.thing
    if (start === null) return put(rooms[0], firstFree(board))
    if (key in TIME) return put(room, within(board.scale, start + TIME[key] * (shiftKey ? LARGE_STEP_MS : STEP_MS)))
    put(rooms[Math.min(rooms.length - 1, Math.max(0, rooms.indexOf(room) + ROOM[key]))], start)
  }

  function put(room, start) {
    hand.put(room, start, { aloud: true })
    board.lane(room).querySelector(".ghost").scrollIntoView({ block: "nearest", inline: "nearest" })
  }
}

const firstFree = ({ dataset, scale }) => within(scale, Math.max(scale.from, Date.parse(dataset.opens)))
