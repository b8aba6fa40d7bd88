// grid-pick.js: the day grid by tapping: a card, then where it is to go. A second tap on the same card opens time and room.

import { instantAt, MINUTE_MS } from "agenda/grid-scale"

const TAP_STEP_MS = 15 * MINUTE_MS

export function picking(board, signal) {
  const { hand } = board
  let picked = false
  let swapping = false
  const on = (name, act) => board.addEventListener(name, act, { signal })

  on("click", (event) => {
    const card = event.target.closest(".card")
    const lane = event.target.closest("[data-lane]")
    const act = event.target.closest("button")?.dataset.act
    if (card) {
      event.preventDefault()
      tapped(card, event)
    } else if (act === "exact") board.editor.open(elementOf(hand.thing))
    else if (act === "pick-swap") say("swap", (swapping = true))
    else if (act === "put-down") hand.leave({ aloud: true })
    else if (lane && picked && hand.thing) {
      hand.put(lane.dataset.lane, at(lane, event))
      picked = false
      hand.drop()
    }
  })

  // With a mouse it shows where it would stand before the tap.
  on("pointermove", (event) => {
    const lane = event.target.closest("[data-lane]")
    if (picked && hand.thing && !swapping && lane && event.pointerType === "mouse" && event.buttons === 0) hand.put(lane.dataset.lane, at(lane, event))
  })

  function tapped(card, event) {
    const { thing } = hand
    // Enter on a card, and what a screen reader calls a click, are no taps.
    if (event.detail === 0 || (thing && picked && hand.holds(card))) return board.editor.open(card)
    if (thing && swapping && thing.key && card.dataset.key) return swap(elementOf(thing), card)
    hand.take(card)
    picked = true
    swapping = false
    say("pick", Boolean(card.dataset.key))
  }

  function say(name, swaps) {
    const words = board.post.words(name, hand.thing)
    board.post.bar(words, { picked: true })
    board.querySelector("[data-act=pick-swap]").hidden = !swaps || swapping
    board.post.say(words)
  }

  function swap(one, other) {
    picked = swapping = false
    hand.leave()
    board.editor.swap(one, other)
  }

  const at = (lane, { clientY }) => instantAt(board.scale, clientY - lane.getBoundingClientRect().top - 8, TAP_STEP_MS)
  const elementOf = ({ key, session }) => (key ? board.find(key) : board.querySelector(`[data-tray] [data-session="${session}"]`))
}
