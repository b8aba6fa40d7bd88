// screen-scene.js: what the beamer shows now: what somebody has put on it by hand, else a slide of the scene that the programme
// means, by the server's clock. One stands, whatever happens; each draws itself when told.
//
// A slide is an element with data-slide. It may have `hasContent(at)`, `seconds(at)`, `draw(at)`, `measureAnew()`, `shown(at)` and
// `hidden()`, with `at` in ms; all are cheap to repeat. While the picture is frozen it is not drawn, but told `tick(at)`: then only a
// time that is counted goes on, and what was taken down leaves.

import { dress } from "wall/screen-dress"
import { ownScreen, standing } from "wall/screen-own"
import { planNow, spellAt, turnsOf } from "wall/screen-plan-page"
import { Renewal } from "wall/screen-renewal"
import { now, serverNow } from "wall/screen-time"
import { Turns } from "wall/screen-turns"

const LOOK_EVERY_MS = 1_000
const FADE_MS = 250
const BY_HAND = ["logo", "notice", "spotlight", "test"] // the first that stands comes before whatever else is shown
const LAST_RESORT = ["hint", "wall"]

const windowSize = () => `${innerWidth} ${innerHeight}`

class ScreenScene extends HTMLElement {
  #timer
  #listening
  #observer
  #renewal
  #turns = new Turns()
  #shown = null
  #kept = null // what the programme has put here last; a frozen picture stays with it
  #fits = true
  #size = "" // of the window, as everything was measured last
  #nudged = null
  #signedOff = false

  async connectedCallback() {
    this.#listening = new AbortController()
    const { signal } = this.#listening
    const on = (type, act) => document.addEventListener(type, act, { signal })
    on("live-change", () => this.#look())
    on("visibilitychange", () => document.hidden || this.#look())
    on("stream-state", ({ detail }) => detail.state === "denied" && this.#signOff())
    on("screen-signed-off", () => this.#signOff())
    this.#renewal = new Renewal(signal)
    this.#observer = new ResizeObserver(() => this.#size !== windowSize() && this.#measureAnew())
    const names = [...this.#slides()].map(({ localName }) => localName).filter((name) => name.includes("-"))
    await Promise.all([document.fonts.ready, ...names.map((name) => customElements.whenDefined(name))])
    if (signal.aborted) return
    this.#observer.observe(document.documentElement)
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS)
    this.#measureAnew()
  }

  disconnectedCallback() {
    this.#listening.abort()
    this.#observer.disconnect()
    clearInterval(this.#timer)
  }

  #slides() {
    return this.querySelectorAll(":scope > [data-slide]")
  }

  #slide(name) {
    return this.querySelector(`:scope > [data-slide="${CSS.escape(name)}"]`)
  }

  #measureAnew() {
    this.#size = windowSize()
    this.#fits = false
    for (const slide of [...this.#slides(), ...this.querySelectorAll("screen-wall")]) slide.measureAnew?.()
    this.#look()
  }

  #look() {
    if (!this.#timer) return
    this.#copyAddress()
    if (dress(ownScreen())) return this.#measureAnew()
    const [at, real] = [now(), serverNow()]
    const { scene } = spellAt(ownScreen().stands || "hall", at)
    document.body.dataset.scene = scene
    const front = this.#byHand(real) ?? this.#byProgramme(scene, at, real)
    this.#draw(front)
    if (front.slide !== this.#shown) this.#show(front)
  }

  // A frozen picture is drawn only where another size or theme asks for it, if it still could be.
  #draw({ slide, at, still = false }) {
    if (still && (this.#fits || slide.hasContent?.(at) === false)) slide.tick?.(at)
    else slide.draw?.(at)
    this.#fits = true
  }

  // A step goes by the real time, also in a rehearsal.
  #byHand(at) {
    if (this.#signedOff) return { slide: this.#slide("logo"), at }
    const known = BY_HAND.map((name) => ({ name, slide: this.#slide(name) })).filter(({ slide }) => slide)
    const full = known.filter(({ slide }) => slide.hasContent?.(at) ?? true) // asked of all: what is over clears itself
    const found = full.find(({ name }) => standing(name, at))
    return found ? { slide: found.slide, at } : null
  }

  #byProgramme(scene, at, real) {
    const asked = this.#asked(ownScreen(), scene, at)
    if (this.#kept && standing("freeze", real)) return { slide: this.#kept, at, still: true }
    const why = this.#turns.next(performance.now(), asked)
    if (why) this.#renewal.turn()
    const prompt = this.#slide("prompt")
    // Before the wall comes what the hall is being asked, now and then by the real time: a rehearsal may be in a hurry.
    const asks = this.#turns.slide === "wall" && prompt?.hasContent(real)
    this.#kept = asks ? prompt : (this.#slide(this.#turns.slide) ?? this.#slide("wall"))
    return { slide: this.#kept, at: asks ? real : at }
  }

  // What the turns have to know. A screen that was set shows the first of its slides with content; else they take turns.
  #asked(told, scene, at) {
    const has = (name) => {
      const slide = this.#slide(name)
      return slide !== null && (slide.hasContent?.(at) ?? true)
    }
    const names = turnsOf(scene)
    const first = [...names, ...LAST_RESORT].find(has) ?? "wall"
    const set = (told.view ?? "auto") !== "auto"
    const order = set || !names.some(has) ? [first] : names
    const lasts = (name) => (this.#slide(name).seconds?.(at) ?? planNow().slide_s) * 1000
    const nudged = this.#nudged !== null && (told.nudged ?? "") !== this.#nudged
    this.#nudged = told.nudged ?? ""
    return { scene: `${told.view} ${scene} ${set ? first : ""}`, order, has, lasts, nudged }
  }

  #show({ slide, at }) {
    const before = this.#shown
    this.#shown = slide
    for (const other of this.#slides()) other.toggleAttribute("data-shown", other === slide)
    if (typeof before?.hidden === "function") before.hidden() // else it is the attribute of every element
    slide.shown?.(at)
    document.dispatchEvent(new CustomEvent("screen-turn"))
    if (!before || document.hidden || matchMedia("(prefers-reduced-motion: reduce)").matches) return
    slide.animate([{ opacity: 0 }, { opacity: 1 }], { duration: FADE_MS, easing: "ease-out" })
  }

  // Nothing of the event stays on a screen that is none of its any more, but its name.
  #signOff() {
    if (this.#signedOff) return
    this.#signedOff = true
    this.#look()
    for (const slide of this.#slides()) if (slide !== this.#shown) slide.replaceChildren()
    for (const list of document.querySelectorAll("[topic=programme], [topic=stage], [topic=screen]")) list.replaceChildren()
  }

  // The rail beside the posts is what follows the event; other slides name the same address.
  #copyAddress() {
    for (const element of this.querySelectorAll("[data-copies]")) {
      const words = document.querySelector(element.dataset.copies)?.textContent.trim() ?? ""
      if (words && element.textContent !== words) element.textContent = words
    }
  }
}

customElements.define("screen-scene", ScreenScene)
