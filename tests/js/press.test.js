import { el, equal, later, ok, test, until } from "harness"
import "live/event-stream"
import "live/live-list"

const line = (text, version) => ({ topic: "wall", key: "a", version, order: 1, html: `<p data-key="a" data-version="${version}" data-order="1"><button>${text}</button></p>` })
const pointer = (type, target, at = {}) => target.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerId: 7, clientX: 5, clientY: 5, ...at }))

class Socket extends EventTarget {
  readyState = 1
  constructor() {
    super()
    Socket.last = this
  }
  send() {}
  close() {}
  brings(...items) {
    const [from, upto] = [Socket.seq, (Socket.seq += 1)]
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify({ t: "frame", g: "shared", from, upto: `${upto}.a`, items }) }))
  }
}

// A list that follows a stream, with one line in it; what is tapped in it is written down.
async function following() {
  globalThis.WebSocket = Socket
  Socket.last = null
  Socket.seq = 1
  const list = el("live-list", { topic: "wall" })
  const taps = []
  list.addEventListener("click", ({ target }) => taps.push(target.textContent))
  list.reset([line("alt", 1)])
  document.body.append(list, el("event-stream", { slug: "nord", topics: "wall", cursor: "1.a" }))
  await until(() => Socket.last)
  return { list, taps, button: () => list.querySelector("button") }
}

test("a line that is pressed stays until the tap on it was heard, and then is as it is now", async () => {
  const { taps, button } = await following()
  const pressed = button()

  pointer("pointerdown", pressed)
  Socket.last.brings(line("neu", 5))
  Socket.last.brings(line("ganz neu", 6))
  ok(pressed.isConnected, "the pressed button")
  pointer("pointerup", pressed)
  pressed.click()

  equal(taps, ["alt"])
  await until(() => button().textContent === "ganz neu")
  ok(!pressed.isConnected, "drawn anew")
})

test("what stands above the thumb moves nothing under it", async () => {
  const { button } = await following()
  document.body.append(el("button", { id: "below" }))
  const below = document.getElementById("below")

  pointer("pointerdown", below)
  Socket.last.brings(line("neu", 5))
  equal(button().textContent, "alt")
  pointer("pointerup", below)
  below.click()

  await until(() => button().textContent === "neu")
})

test("what stands below the thumb is drawn at once", async () => {
  const { button } = await following()
  const before = button()
  document.body.prepend(el("button", { id: "other" }))

  pointer("pointerdown", document.getElementById("other"))
  Socket.last.brings(line("neu", 5))

  equal(button().textContent, "neu")
  ok(!before.isConnected, "without a press the button under a thumb is another one")
  pointer("pointercancel", document.getElementById("other"))
})

test("whoever drags or scrolls holds nothing back", async () => {
  for (const [type, at] of [["pointermove", { clientX: 40 }], ["pointercancel", {}]]) {
    document.body.replaceChildren()
    const { button } = await following()

    pointer("pointerdown", button())
    Socket.last.brings(line("neu", 5))
    equal(button().textContent, "alt")
    pointer(type, button(), at)

    equal(button().textContent, "neu", type)
  }
})

test("a finger that goes without a click lets go as well", async () => {
  const { button } = await following()

  pointer("pointerdown", button())
  Socket.last.brings(line("neu", 5))
  pointer("pointerup", button())

  await until(() => button().textContent === "neu")
  await later()
})
