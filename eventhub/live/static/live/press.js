// press.js: what is pressed is not drawn anew under the thumb. A tap is two moments, down and up, and the browser calls it a click only
// if the same element is there for both; so what would replace it, or stands before it and would move it, waits until the tap is over.
// Nothing waits longer than a slow tap.

const LONGEST_MS = 1000 // whoever presses longer drags, or has forgotten the finger
const CLICK_MS = 300 // after a finger has gone, for the click to come
const FAR_PX = 10

let pressed = null // { target, id, x, y }
let ending
let waiting = []

const options = { capture: true, passive: true }

addEventListener("pointerdown", ({ target, pointerId: id, clientX: x, clientY: y }) => {
  release()
  pressed = { target, id, x, y }
  ending = setTimeout(release, LONGEST_MS)
}, options)

addEventListener("pointermove", ({ pointerId, clientX, clientY }) => {
  if (pointerId === pressed?.id && Math.hypot(clientX - pressed.x, clientY - pressed.y) > FAR_PX) release()
}, options)

addEventListener("pointerup", ({ pointerId }) => {
  if (pointerId === pressed?.id) releaseIn(CLICK_MS)
}, options)

addEventListener("click", () => pressed && releaseIn(0), options) // once those who listen to it have heard it
addEventListener("pointercancel", ({ pointerId }) => pointerId === pressed?.id && release(), options)

function releaseIn(ms) {
  clearTimeout(ending)
  ending = setTimeout(release, ms)
}

function release() {
  clearTimeout(ending)
  pressed = null
  const due = waiting
  waiting = []
  for (const draw of due) draw()
}

// Calls `draw`, which may replace what stands in `element`, at once or after a tap that it could spoil; in the order in which it was asked.
export function draws(element, draw) {
  if (pressed && spoils(element)) waiting.push(draw)
  else draw()
}

// What is pressed stands in `element`, or below it.
const spoils = (element) => Boolean(element.compareDocumentPosition(pressed.target) & Node.DOCUMENT_POSITION_FOLLOWING)
