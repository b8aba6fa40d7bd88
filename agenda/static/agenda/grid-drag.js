// grid-drag.js: cards dragged on a board. A mouse drags at once; a finger rests on the card first, so that a page still scrolls.
// The board says which elements are cards (`drags`), what a card over something shows (`over`), and what scrolls (`scrolls`).

const FAR_PX = 6
const REST_MS = 350
const EDGE_PX = 56
const SCROLL_PX = 10

export function dragging(board, signal) {
  const { hand } = board
  let held = null // { card, x, y, grip, id, timer, active }
  let rolling = 0

  board.addEventListener("pointerdown", (event) => {
    const card = event.target.closest(board.drags)
    if (!card || event.button !== 0 || held) return
    const { clientX: x, clientY: y, pointerId: id, pointerType } = event
    const grip = card.dataset.key ? y - card.getBoundingClientRect().top : 12
    held = { card, x, y, grip, id, active: false, mouse: pointerType === "mouse" }
    if (!held.mouse) held.timer = setTimeout(begin, REST_MS)
  }, { signal })

  addEventListener("pointermove", (event) => {
    if (event.pointerId !== held?.id) return
    const far = Math.hypot(event.clientX - held.x, event.clientY - held.y) > FAR_PX
    if (!held.active && far) {
      if (!held.mouse) return forget() // it scrolls
      begin()
    }
    if (!held?.active) return
    Object.assign(held, { x: event.clientX, y: event.clientY })
    show()
  }, { signal })

  addEventListener("pointerup", ({ pointerId }) => {
    if (pointerId !== held?.id) return
    const { active } = held
    forget()
    if (!active) return
    swallowClick()
    hand.drop()
  }, { signal })

  addEventListener("pointercancel", ({ pointerId }) => pointerId === held?.id && stop(), { signal })
  addEventListener("keydown", ({ key }) => key === "Escape" && held?.active && stop(), { signal })
  board.addEventListener("dragstart", (event) => event.preventDefault(), { signal })
  board.addEventListener("contextmenu", (event) => held && !held.mouse && event.preventDefault(), { signal })
  board.addEventListener("touchmove", (event) => held?.active && event.preventDefault(), { signal, passive: false })

  function begin() {
    held.active = true
    hand.take(held.card)
    board.post.bar("")
    board.toggleAttribute("data-dragging", true)
    roll()
  }

  function show() {
    const under = document.elementFromPoint(held.x, held.y)
    if (under) board.over(under, held)
  }

  // Near an edge the page goes along.
  function roll() {
    if (!held?.active) return
    const [frame, columns] = board.scrolls()
    const { left, right, top, bottom } = frame.getBoundingClientRect()
    const { x, y } = held
    const inside = left < x && x < right
    const down = y > Math.min(innerHeight, bottom) - EDGE_PX ? SCROLL_PX : y < Math.max(0, top) + EDGE_PX ? -SCROLL_PX : 0
    const across = x > right - EDGE_PX / 2 ? SCROLL_PX : x < left + EDGE_PX / 2 ? -SCROLL_PX : 0
    if (inside && (down || across)) {
      frame.scrollBy(across, down)
      columns.scrollBy(across, 0)
      if (frame.scrollHeight <= frame.clientHeight) scrollBy(0, down)
      show()
    }
    rolling = requestAnimationFrame(roll)
  }

  // What the browser calls a click when a drag ends is none.
  function swallowClick() {
    const swallow = (click) => click.stopPropagation() ?? click.preventDefault()
    addEventListener("click", swallow, { capture: true, once: true })
    setTimeout(() => removeEventListener("click", swallow, { capture: true }), 50)
  }

  function stop() {
    const { active } = held
    forget()
    if (active) hand.leave({ aloud: true })
  }

  function forget() {
    clearTimeout(held?.timer)
    cancelAnimationFrame(rolling)
    board.removeAttribute("data-dragging")
    held = null
  }
}
