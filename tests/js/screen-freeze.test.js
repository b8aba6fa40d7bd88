import { el, equal, later, ok, test, until } from "harness"
import "wall/door-slide"
import "wall/screen-scene"

const TURNS = { break: ["wall", "hint"] }

// A slide that counts how often it was drawn for anything but another size.
class DrawnSlide extends HTMLElement {
  drawn = 0
  resized = false

  measureAnew() {
    this.resized = true
  }

  seconds() {
    return 1
  }

  draw() {
    if (!this.resized) this.drawn += 1
    this.resized = false
  }
}
customElements.define("drawn-slide", DrawnSlide)

const shown = () => document.querySelector("[data-slide][data-shown]")?.dataset.slide
const look = () => document.querySelector("#standing").dispatchEvent(new CustomEvent("live-change", { bubbles: true }))
const slides = (...names) => names.map((name) => el("drawn-slide", { "data-slide": name }))

// Without a plan every moment is a break.
async function screen(...children) {
  const own = el("data", { "data-screen": "k", "data-view": "auto", "data-room": "r", "data-turns": JSON.stringify(TURNS) })
  if (!document.querySelector("#standing")) document.body.append(el("div", { id: "standing" }))
  document.body.append(el("screen-scene", {}, ...children, el("div", { topic: "screen" }, own)))
  await until(shown)
  return own
}

// These steps stand, and no others.
function stand(...steps) {
  document.querySelector("#standing").replaceChildren(...steps.map((step) => el("p", { "data-step": step })))
  look()
}

test("a frozen picture stays while turns pass and the programme goes on, and then it catches up", async () => {
  const [wall, hint] = slides("wall", "hint")
  const own = await screen(wall, hint)
  equal(shown(), "wall")
  stand("freeze")
  const { drawn } = wall

  own.dataset.turns = JSON.stringify({ break: ["hint"] })
  own.dataset.nudged = "1"
  look()
  own.dataset.view = "board"
  look()
  await later(2_200) // more than two looks
  equal([shown(), wall.drawn], ["wall", drawn])

  own.dataset.view = "auto"
  stand()
  equal(shown(), "hint")
})

test("what is put up by hand comes before a frozen picture, which is there again afterwards", async () => {
  const own = await screen(...slides("wall", "hint", "logo"))
  stand("freeze", "logo")
  equal(shown(), "logo")

  own.dataset.turns = JSON.stringify({ break: ["hint"] })
  stand("freeze")
  equal(shown(), "wall")
  stand()
  equal(shown(), "hint")
})

test("a page that is opened while the picture is frozen shows one, and that stays", async () => {
  document.body.append(el("div", { id: "standing" }, el("p", { "data-step": "freeze" })))
  const own = await screen(...slides("wall", "hint"))

  own.dataset.turns = JSON.stringify({ break: ["hint"] })
  look()

  equal(shown(), "wall")
})

test("time that is counted goes on in a frozen picture, and nothing else does", async () => {
  const door = el("door-slide", { "data-slide": "wall", zone: "UTC", "data-until": "until {time}", "data-minute": "1 left", "data-minutes": "{minutes} left" }, el("div", { "data-page": "" }))
  const programme = el("div", { topic: "programme" }, slot("Keynote"))
  const change = () => programme.dispatchEvent(new CustomEvent("live-change", { bubbles: true }))
  document.body.append(programme)
  change()
  await screen(door)
  const said = () => door.querySelector(".door__main").textContent
  const over = () => Number.parseFloat(door.style.getPropertyValue("--over"))
  ok(said().includes("Keynote") && said().includes("1 left"))
  stand("freeze")
  const before = over()

  programme.replaceChildren(slot("Another"))
  change()
  await until(() => over() > before)
  ok(said().includes("Keynote"))
  await until(() => !said().includes("left")) // it is over: no minute is left
  ok(said().includes("Keynote"))

  stand()
  ok(!said().includes("Keynote"))
})

// It began twelve seconds ago and lasts for four more.
function slot(title) {
  const [start, end] = [-12, 4].map((seconds) => new Date(Date.now() + seconds * 1000).toISOString())
  return el("article", { class: "slot", "data-key": "s", "data-order": "1", "data-start": start, "data-end": end, "data-kind": "talk", "data-room": "r" }, el("h3", { class: "slot__title" }, title))
}
