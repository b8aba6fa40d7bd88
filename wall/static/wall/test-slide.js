// test-slide.js: the picture with which a screen is set up: what is cut off, from how far which size is read, whether phones read
// the code, and how this browser is connected. It stands while it is asked for, at most a minute, or because the screen is set so.

import { awakeNow } from "wall/awake"
import { ownScreen, standing } from "wall/screen-own"
import { offsetMs, serverNow } from "wall/screen-time"

const SIZES_VH = [11, 6.6, 4.6, 3.4]
const ARC_MINUTES = 16 // of a capital letter, for eyes that are not strained
const CAPITAL = 0.7 // of the size of the font
const TENTHS = { minimumFractionDigits: 1, maximumFractionDigits: 1 }
const PICTURE_M = 2.5 // high, until somebody has measured it

// From how many metres letters of `sizeVh` are read, on a picture of this height.
export function metresFor(sizeVh, pictureM = PICTURE_M) {
  const capitalM = (sizeVh / 100) * pictureM * CAPITAL
  return Math.floor(capitalM / Math.tan((ARC_MINUTES / 60) * (Math.PI / 180)))
}

class TestSlide extends HTMLElement {
  hasContent() {
    return ownScreen().view === "test" || standing("test", serverNow()) !== null
  }

  seconds() {
    return 60
  }

  draw() {
    const pictureM = Number(ownScreen().picture) / 100 || PICTURE_M
    const lines = SIZES_VH.map((size) => this.dataset.reads.replace("{metres}", metresFor(size, pictureM)))
    for (const [at, element] of [...this.querySelectorAll("[data-size]")].entries()) say(element, lines[at])
    say(this.querySelector("[data-called]"), ownScreen().name ?? "")
    const { state = "" } = document.querySelector("event-stream")?.dataset ?? {}
    const { lang } = document.documentElement
    const high = this.dataset.picture.replace("{metres}", pictureM.toLocaleString(lang))
    this.#fact("size", `${innerWidth} × ${innerHeight} · ${high}`)
    this.#fact("clock", this.dataset.clock.replace("{seconds}", (Math.abs(offsetMs()) / 1000).toLocaleString(lang, TENTHS)))
    this.#fact("transport", this.dataset[{ open: "socket", polling: "polling" }[state] ?? "cut"])
    this.#fact("awake", this.dataset[{ 1: "awake", 0: "refused" }[awakeNow()] ?? "unable"])
  }

  #fact(name, words) {
    say(this.querySelector(`[data-fact="${name}"]`), words)
  }
}

function say(element, words) {
  if (element.textContent !== words) element.textContent = words
}

customElements.define("test-slide", TestSlide)
